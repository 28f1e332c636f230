"""Two pasts of an edition side by side: what is different, as far as the reader may see either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from awards.access import Place
from awards.application import sight
from awards.application.desk import Arrival
from awards.application.looking import Look
from awards.application.reading import Reading
from awards.domain import refusals as no
from awards.projections import decisions, editions, nominations

View = dict[str, Any]
Facts = dict[tuple[tuple[str, str], ...], View]
"""What is told of something, by what it is: `what`, and as far as they matter `stage`, `category`, `nomination`."""

EVERY = 1_000_000


class Comparing(Reading):
    """What changed between two moments."""

    def differences(
        self, arrival: Arrival, edition: str, earlier: int | datetime, later: int | datetime | None = None
    ) -> View:
        """The phase, nominations, shortlists, standings and decisions of an edition that are other `later` (now)."""
        place = self._in_edition("history.read", arrival.caller, edition)
        now = self._facts(replace(arrival, as_of=arrival.at if later is None else later), place)
        try:
            before = self._facts(replace(arrival, as_of=earlier), place)
        except no.NotFound:
            before = {}
        return {"edition": edition, "changes": list(_changes(before, now))}

    def _facts(self, arrival: Arrival, place: Place) -> Facts:
        with self._looking(arrival, place) as look:
            found = (*self._of_edition(look, place), *_of_nominations(look, place), *_of_decisions(look, place))
        return {tuple(what.items()): told for what, told in found}

    def _of_edition(self, look: Look, place: Place) -> Iterator[tuple[View, View]]:
        key = _key(place)
        view = editions.find(look.rows, key, look.now)
        if view is None:
            return
        seen = self._edition_seen(look, view)
        yield {"what": "edition"}, {"phase": seen["phase"]}
        for made in seen["shortlists"]:
            named = {"what": "shortlist", "stage": made["stage"], "category": made["category"]}
            yield named, {"nominations": made["nominations"]}
        rules = seen.get("rules", {"stages": (), "categories": ()})
        for stage in rules["stages"]:
            for category in rules["categories"]:
                yield from self._of_standing(look, key, stage["id"], category["id"])

    def _of_standing(self, look: Look, edition: str, stage: str, category: str) -> Iterator[tuple[View, View]]:
        try:
            ranking = self._standing(look, edition, stage, category)[0]["ranking"]
        except no.Refusal:
            return  # not shown, or not to be written down
        for entry in (*ranking["entries"], *ranking["unranked"]):
            named = {"what": "standing", "stage": stage, "category": category, "nomination": entry["nomination"]}
            yield named, {name: value for name, value in entry.items() if name != "nomination"}


def _of_nominations(look: Look, place: Place) -> Iterator[tuple[View, View]]:
    def status(view: View) -> View | None:
        seen = sight.nomination_view(look.reader, view)
        return seen and {name: seen[name] for name in ("category", "id", "status")}

    for one in nominations.find_all(look.rows, _key(place), limit=EVERY, seen=status).items:
        named = {"what": "nomination", "category": one["category"], "nomination": one["id"]}
        yield named, {"status": one["status"]}


def _of_decisions(look: Look, place: Place) -> Iterator[tuple[View, View]]:
    for view in decisions.find_all(look.rows, _key(place), limit=EVERY).items:
        seen = sight.decision_view(look.reader, view)
        told: View = {name: seen[name] for name in ("phase", "outcome") if name in seen}
        for part in ("winners", "runners_up"):
            if part in seen:
                told[part] = [one.get("nomination", one.get("participant")) for one in seen[part]]
        yield {"what": "decision", "category": seen["category"]}, told


def _key(place: Place) -> str:
    assert place.edition is not None  # noqa: S101 - so asked
    return place.edition.key


def _changes(before: Facts, after: Facts) -> Iterator[View]:
    for key in sorted(before.keys() | after.keys()):
        told = {name: facts[key] for name, facts in (("before", before), ("after", after)) if key in facts}
        if before.get(key) != after.get(key):
            yield {**dict(key), **told}
