"""Golden lines: for every event a line as it was once written. They are never changed, only added to.

`<aggregate>.jsonl` holds lines of `events.jsonl`, `leaves.txt` their leaf hashes. A new event, or a new shape of one,
adds a line with all its fields; a line that no longer reads, or reads otherwise, means that real logs would not either.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
import rfc8785
from eventsourcing.persistence import StoredEvent

import awards.domain
from awards.domain.stream import Stream, StreamEvent
from awards.ledger.mapper import LogMapper, line
from awards.ledger.tree import leaf_hash
from tests.golden.names import CLEAR

HERE = Path(__file__).parent
MAPPER = LogMapper()
ORIGIN = "log.example/awards"
EVERY_EVENT_HAS = {"actor", "time", "correlation", "nonce"}
EVERY_EVENT_MAY_HAVE = {"causation", "award", "edition", "class_version"}
DIGEST = re.compile("[A-Za-z0-9_-]{43}")
PAST = {"cast", "known", "left", "withdrawn", "withheld"}

LINES: list[bytes] = [text for file in sorted(HERE.glob("*.jsonl")) for text in file.read_bytes().splitlines()]
HASHES = [row.split("  ") for row in (HERE / "leaves.txt").read_text("ascii").splitlines()]
each_line = pytest.mark.parametrize("text", LINES, ids=[json.loads(text)["type"] for text in LINES])


def event_classes() -> Iterator[type[StreamEvent]]:
    """The events of the domain, found through its aggregates."""
    for module in pkgutil.iter_modules(awards.domain.__path__, "awards.domain."):
        for found in vars(importlib.import_module(module.name)).values():
            if isinstance(found, type) and issubclass(found, Stream) and found.__module__ == module.name:
                yield from (event for event in vars(found).values() if "TOPIC" in getattr(event, "__dict__", ()))


def name_of(event_class: Any) -> str:
    return f"{event_class.TOPIC}.v{getattr(event_class, 'class_version', 1)}"


CLASSES = {name_of(event_class): event_class for event_class in event_classes()}


def stored(text: bytes) -> StoredEvent:
    """What the database held when the line was written."""
    whole = json.loads(text)
    stream, version = whole["id"].split("/")
    topic = whole["type"].rpartition(".")[0]
    return StoredEvent(
        UUID(stream), int(version), topic, text[len(b'{"data":') : text.index(b',"id":"' + stream.encode())]
    )


def state(text: bytes) -> dict[str, Any]:
    return json.loads(text)["data"]


# --- every event has its line, every line its hash


def test_the_names_of_events_are_frozen() -> None:
    assert sorted(CLASSES) == sorted(CLEAR)


def test_every_event_has_a_golden_line_and_every_line_a_known_event() -> None:
    assert {json.loads(text)["type"] for text in LINES} == CLASSES.keys()


@pytest.mark.parametrize("name", CLEAR)
def test_a_name_says_what_happened(name: str) -> None:
    aggregate, happened, _ = name.split(".")
    assert any(word.endswith("ed") or word in PAST for word in happened.split("_"))
    assert CLASSES[name].__qualname__ == f"{aggregate.title()}.{happened.title().replace('_', '')}"


def test_every_event_class_is_applied_by_the_method_of_its_name() -> None:
    for name, event_class in CLASSES.items():
        aggregate = importlib.import_module(event_class.__module__)
        owner = getattr(aggregate, event_class.__qualname__.partition(".")[0])
        assert callable(vars(owner)[f"_on_{name.split('.')[1]}"])


def test_leaf_hashes_are_those_once_written() -> None:
    by_hand = {json.loads(text)["id"]: hashlib.sha256(b"\0" + text).hexdigest() for text in LINES}
    assert {leaf_id: leaf for leaf, _, leaf_id in HASHES} == by_hand
    assert {leaf_id: name for _, name, leaf_id in HASHES} == {json.loads(t)["id"]: json.loads(t)["type"] for t in LINES}
    assert [leaf_hash(text).hex() for text in LINES] == [by_hand[json.loads(text)["id"]] for text in LINES]


# --- what a line says


@each_line
def test_a_line_is_canonical_cloudevents_around_the_stored_bytes(text: bytes) -> None:
    whole = json.loads(text)
    assert rfc8785.dumps(whole) == text
    subject = {"subject": found} if (found := whole["data"].get("edition") or whole["data"].get("award")) else {}
    assert {name: value for name, value in whole.items() if name not in ("data", "id", "type")} == {
        "source": ORIGIN,
        "specversion": "1.0",
        "time": whole["data"]["time"],
        **subject,
    }
    assert line(stored(text), ORIGIN) == text


@each_line
def test_a_line_reads_into_its_event_and_writes_the_same_bytes_again(text: bytes) -> None:
    event = MAPPER.to_domain_event(stored(text))
    assert type(event) is CLASSES[json.loads(text)["type"]]
    assert MAPPER.to_stored_event(event) == stored(text)


def test_the_lines_are_histories_that_apply() -> None:
    states: dict[UUID, Any] = {}
    for text in LINES:
        event: Any = MAPPER.to_domain_event(stored(text))
        states[event.originator_id] = event.mutate(states.get(event.originator_id))
    assert sorted({type(aggregate).__name__ for aggregate in states.values()}) == sorted(
        {event_class.__qualname__.partition(".")[0] for event_class in CLASSES.values()}
    )
    assert sum(aggregate.version for aggregate in states.values()) == len(LINES)


@each_line
def test_an_event_says_who_when_in_answer_to_what_and_where(text: bytes) -> None:
    told = state(text)
    assert told.keys() >= EVERY_EVENT_HAS
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", told["time"])
    assert re.fullmatch("[0-9a-f]{32}", told["nonce"])
    for name in ("correlation", "causation", "award", "edition"):
        assert str(UUID(told[name])) == told[name] if name in told else name != "correlation"
    assert told["actor"].keys() - {"on_behalf_of"} == (
        {"kind", "role"} if told["actor"]["kind"] in ("operator", "system") else {"kind", "role", "id"}
    )
    homes = {"award": {"award"}, "subject": set[str]()}
    home = homes.get(json.loads(text)["type"].partition(".")[0], {"edition"})
    assert told.keys() & {"award", "edition"} == home


@each_line
def test_a_state_holds_every_field_by_its_type_and_no_null_or_float(text: bytes) -> None:
    told, event_class = state(text), CLASSES[json.loads(text)["type"]]
    assert not [value for value in values(told) if value is None or isinstance(value, float)]
    hints = get_type_hints(event_class)
    declared = {member.name for member in fields(event_class)} - {"originator_topic"}
    assert told.keys() - {"time", "class_version"} <= declared
    assert [name for name in told.keys() & hints.keys() if not fits(told[name], hints[name])] == []


def test_some_line_shows_each_field_there_is() -> None:
    shown: dict[str, set[str]] = {name: set() for name in CLASSES}
    for text in LINES:
        shown[json.loads(text)["type"]] |= state(text).keys()
    common = EVERY_EVENT_HAS | EVERY_EVENT_MAY_HAVE
    inner = {"originator_id", "originator_version", "originator_topic", "timestamp"}
    for name, event_class in CLASSES.items():
        assert {member.name for member in fields(event_class)} - common - inner == shown[name] - common


# --- nothing personal in clear


def test_only_these_fields_stand_in_clear() -> None:
    clear: dict[str, set[str]] = {name: set() for name in CLASSES}
    for text in LINES:
        own = {name: value for name, value in state(text).items() if name not in EVERY_EVENT_HAS | EVERY_EVENT_MAY_HAVE}
        clear[json.loads(text)["type"]] |= set(paths(own))
    assert clear == {name: set(allowed.split()) for name, allowed in CLEAR.items()}


@each_line
def test_what_is_sealed_is_a_digest_about_somebody_of_a_class(text: bytes) -> None:
    for reference in references(state(text)):
        assert reference.keys() == {"sd", "of", "class"}
        assert DIGEST.fullmatch(reference["sd"])
        assert reference["of"] == sorted({str(UUID(one)) for one in reference["of"]}) != []
        assert reference["class"] in {"case", "public", "account", "ballot"}


def values(told: Any) -> Iterator[Any]:
    yield told
    for part in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from values(part)


def references(told: Any) -> Iterator[dict[str, Any]]:
    return (value for value in values(told) if isinstance(value, dict) and "sd" in value)


def paths(told: Any, path: str = "") -> Iterator[str]:
    """The paths of all values that are not sealed; languages and criteria as `*`."""
    if isinstance(told, list):
        for part in told:
            yield from paths(part, f"{path}[]")
    elif not isinstance(told, dict):
        yield path
    elif "sd" not in told:
        by_language = all(re.fullmatch("[a-z]{2}", name) for name in told) and "id" not in told
        for name, part in told.items():
            inner = "*" if by_language or path == "scores" else name
            yield from paths(part, f"{path}.{inner}" if path else inner)


def fits(value: Any, hint: Any) -> bool:
    """Whether a JSON value is of a field's type."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, UnionType):
        return any(fits(value, one) for one in inner if one is not NoneType)
    if origin is list:
        return isinstance(value, list) and all(fits(part, inner[0]) for part in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(key, inner[0]) and fits(value[key], inner[1]) for key in value)
    return type(value) is hint
