"""The out-of-rank report: which decisions of an award departed from what was computed, and why.

The rule decides and people may override, with a reason and a second person; so how often they did, and whether a reason
is on file, is what an overseer asks first. It is worked out from the decisions as the reader sees them: a decision that
she does not see, or not what it rests on, is neither listed nor counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from awards.access import allows, require
from awards.application import sight
from awards.application.desk import Arrival
from awards.application.touching import Touching
from awards.domain import refusals as no
from awards.domain.appealing import DECIDED
from awards.domain.edition import Edition
from awards.projections import awards, decisions, editions
from awards.projections.editions import year_of
from awards.projections.rows import Rows

View = dict[str, Any]
CATEGORIES = 1_000
"""More than an edition has."""

TOLD = ("category", "outcome", "method", "decided_by", "computed", "departs", "proposer", "approver")


class OutOfRank(Touching):
    """What an overseer of the awards asks."""

    def out_of_rank(self, arrival: Arrival, award: str, year: int | None = None) -> View:
        """The decisions of an award, by its id or slug, that departed from the ranking, and of how many; in a year."""
        with self.desk.projector.reading() as rows:
            found = awards.find(rows, award) or awards.find_by_slug(rows, award)
            if found is None:
                raise no.NotFound
            require("award.out_of_rank", self._place(arrival.caller, award=found["id"]))
            known = [self._stream(Edition, one) for one in editions.of_award(rows, found["id"])]
            asked = [one for one in known if year in (None, year_of(one.label))]
            decided = [view for edition in asked for view in self._decided(rows, arrival, edition)]
        listed = [_item(view) for view in decided if "departs" in view]
        return {
            "award": found["id"],
            "decisions": len(decided),
            "departed": len(listed),
            "without_reason": sum("code" not in one for one in listed),
            "departures": listed,
        }

    def _decided(self, rows: Rows, arrival: Arrival, edition: Edition) -> Iterator[View]:
        """What was decided in an edition, by count, as far as the reader sees that."""
        place = self._place(arrival.caller, edition=edition)
        if edition.rules is None or not allows("decision.read", place):
            return
        reader = self._reader(rows, place, arrival.at)
        for view in decisions.find_all(rows, edition.key, limit=CATEGORIES).items:
            seen = sight.decision_view(reader, view) if view["phase"] in DECIDED else {}
            if "computed" in seen:
                yield seen | {"label": edition.label}


def _item(view: View) -> View:
    """A departure: what was computed, what was decided instead, by whom and why."""
    told = {name: view[name] for name in TOLD if name in view}
    reason = view.get("override") or {name: view[name] for name in ("code", "text") if name in view}
    named = {part: [one["nomination"] for one in view[part]] for part in ("winners", "runners_up")}
    return {"decision": view["id"], "edition": view["edition"], "label": view["label"], **told, **named, **reason}
