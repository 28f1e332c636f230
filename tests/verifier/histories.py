"""Real histories for the verifier: the lines of a running service as its `History` takes them, and what it tells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from awards.app import Service
from awards.ledger.sealed import ERASED, from_table, open_all
from awards.verifier import Event, Finding, History


def lines_of(service: Service) -> list[dict[str, Any]]:
    """The log as CloudEvents, leaf by leaf."""
    return [json.loads(line) for line in service.ledger.lines()]


def opened_in(service: Service, lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The secret choices of the log, by digest, as an auditor has them when the ballots are closed."""
    choices = [line["data"]["choice"] for line in lines if "choice" in line["data"]]
    values = open_all(from_table(service.ledger.rows), choices, service.keys)
    return {digest: value for digest, value in values.items() if value is not ERASED}


def event_of(index: int, line: Mapping[str, Any], opened: Mapping[str, Any]) -> Event:
    """One line as `History` takes it."""
    stream, _, version = line["id"].partition("/")
    topic = line["type"].rpartition(".v")[0]
    choice = line["data"].get("choice")
    sealed = choice["sd"] if isinstance(choice, Mapping) and "sd" in choice else ""
    told = {sealed: opened[sealed]} if sealed in opened else {}
    return Event(index, stream, int(version), topic, line["time"], line["data"], told)


def editions_in(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """The editions of a log in the order in which they began."""
    return list(dict.fromkeys(line["data"]["edition"] for line in lines if "edition" in line["data"]))


def history_of(lines: Iterable[Mapping[str, Any]], edition: str, opened: Mapping[str, Any]) -> list[Event]:
    """The lines of an edition, and those of its award."""
    there = list(enumerate(lines))
    award = next((line["data"].get("of_award") for _, line in there if line["data"].get("edition") == edition), None)
    mine = [
        (i, line) for i, line in there if edition == line["data"].get("edition") or award == line["data"].get("award")
    ]
    return [event_of(index, line, opened) for index, line in mine]


def told_of(events: Iterable[Event], edition: str, *, whole: bool = True) -> list[Finding]:
    """What the verifier finds in a history."""
    history = History(edition, whole)
    found = [finding for event in events for finding in history.take(event)]
    return [*found, *history.end()]


def findings_in(service: Service) -> list[Finding]:
    """What the verifier finds in all editions of a log."""
    lines = lines_of(service)
    opened = opened_in(service, lines)
    found = []
    for edition in editions_in(lines):
        found += told_of(history_of(lines, edition, opened), edition)
    return found
