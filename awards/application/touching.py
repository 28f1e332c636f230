"""What conflicts of interest touch, as a reader may know it: the report on them, and the marks in the history.

The facts are in `projections.conflicts`. Here stands what is shown of them, by the same rules as everything else:
nothing of what is closed to the reader, an act only to who sees it in the history, scores and rankings only to who sees
those.
Affiliations lead to proposals, never to a recusal: that is for a person to declare or to impose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from awards.application import hindsight
from awards.application.desk import Arrival
from awards.application.readers import Of, Reader, sees
from awards.application.standpoint import Standpoint
from awards.domain.edition import Edition
from awards.ledger import affiliations
from awards.projections import conflicts
from awards.projections.conflicts import Conflict, Mark
from awards.projections.rows import Rows

View = dict[str, Any]
Marks = dict[str, list[Mark]]


class Touching(Standpoint):
    """Which recusals there are, which might have to be, and what they touch."""

    def conflicts(self, arrival: Arrival, edition: str) -> View:
        """Every recusal with what it touches, and those that a common organisation proposes."""
        place = self._in_edition("conflicts.read", arrival.caller, edition)
        assert place.edition is not None  # noqa: S101 - so asked
        with self.desk.projector.reading() as rows:
            reader = self._reader(rows, place, arrival.at)
            found = conflicts.find_all(rows, edition, place.edition.person)
            shown = [self._conflict(rows, reader, one, found) for one in found if _shows(reader, one)]
            proposed = list(self._proposed(rows, reader, place.edition, found))
        return {"edition": edition, "conflicts": shown, "proposed": proposed}

    def _marks(self, rows: Rows, reader: Reader) -> Marks:
        """The recusals that this reader is told of, by each id of whose acts they touch."""
        edition = reader.place.edition
        if edition is None or edition.rules is None:
            return {}
        found = conflicts.marks(rows, edition.key, edition.person)
        return {one: [mark for mark in by if self._told(reader, mark.item)] for one, by in found.items()}

    def _touched_by(self, reader: Reader, marks: Marks, item: View) -> View | None:
        """An item of the history as this reader sees it, if at all, with the later recusals that touch it."""
        seen = self._told(reader, item)
        actor = item["actor"]
        known = [*marks.get(actor.get("id"), ()), *marks.get(actor.get("on_behalf_of"), ())]
        if seen is None or not known:
            return seen
        of, _ = self._about(item)
        by = [mark.review for mark in known if mark.touches(item, of.category, of.nomination)]
        return seen | {"touched_by": by} if by else seen

    def _told(self, reader: Reader, item: View) -> View | None:
        if reader.whole:
            return item
        if hindsight.waits(reader, item):
            return None
        return hindsight.item_view(reader, item, *self._about(item))

    def _conflict(self, rows: Rows, reader: Reader, conflict: Conflict, found: list[Conflict]) -> View:
        """A recusal and what it touches, as far as this reader sees it."""
        recused = conflict.recused
        view: View = {
            name: getattr(conflict, name) for name in ("review", "stage", "nomination", "category", "reviewer")
        }
        view |= {"how": recused["how"], "code": recused["code"], "time": recused["time"]}
        if conflict.declared and "policy" in conflict.declared:
            view["policy"] = conflict.declared["policy"]
        if conflict.cleared:
            view["declared_before"] = {name: conflict.cleared[name] for name in ("policy", "time")}
        if conflict.lifted:
            view["reinstated"] = {name: conflict.lifted[name] for name in ("code", "time")}
        if told := self._told(reader, recused):
            view["actor"] = told["actor"]
        touched = (self._told(reader, item) for item in conflict.touched)
        view["touched"] = [item for item in touched if item is not None]
        view["scores"] = [_scores(reader, conflict, one) for one in conflict.scores]
        out = frozenset(one for one, category in reader.barred.items() if category == conflict.category)
        edition = reader.place.edition
        outcomes = conflicts.outcomes(rows, edition.key, conflict, found, out) if edition else []
        view["outcomes"] = [one for one in outcomes if _shows_outcome(reader, one)]
        return view

    def _proposed(self, rows: Rows, reader: Reader, edition: Edition, found: list[Conflict]) -> Iterator[View]:
        """Whoever sits and shares an organisation with who is put forward or puts forward, and is not recused yet."""
        members, name = affiliations.in_edition(self.desk.ledger.rows, edition.key, self.desk.keys)
        if not members or edition.rules is None:
            return
        settled = {(one.nomination, participant) for one in found for participant in one.ids}
        seats = sorted({who for _, who in edition.panel})
        for view in conflicts.in_play(rows, edition.key):
            parts = [(relation, who) for relation, who in _parts(view) if _shows_part(reader, relation, view)]
            interested = {one for _, participant in _parts(view) for one in edition.person(participant)}
            for reviewer in seats if view["id"] not in reader.barred else ():
                if reviewer in interested or (view["id"], reviewer) in settled:
                    continue
                for relation, participant in parts:
                    if common := _shared(members, edition, reviewer, participant):
                        told: View = {"relation": relation, "participant": participant}
                        told["organisations"] = sorted(map(name, common))
                        yield {"reviewer": reviewer, "nomination": view["id"], **told}


def _shows(reader: Reader, conflict: Conflict) -> bool:
    of = Of(conflict.category, conflict.nomination, conflict.stage)
    return conflict.nomination not in reader.barred and sees(reader, "reviewers", of)


def _scores(reader: Reader, conflict: Conflict, given: View) -> View:
    of = Of(conflict.category, conflict.nomination, given["stage"])
    return dict(given) if sees(reader, "scores", of) else {name: given[name] for name in ("review", "stage")}


def _shows_outcome(reader: Reader, outcome: View) -> bool:
    """Rankings with and without a reviewer tell her scores: to a panel not before reviewing is closed."""
    of = Of(outcome["category"], None, outcome["stage"])
    open_to_panel = not reader.seats or reader.closed(of)
    return open_to_panel and sees(reader, "standing", of) and sees(reader, "scores", of)


def _parts(view: View) -> Iterator[tuple[str, str]]:
    nominee = view["nominee"]
    yield "nominee", nominee["participant"]
    yield from (("member", member["participant"]) for member in nominee.get("members", ()))
    yield "nominator", view["nominator"]


def _shared(members: dict[str, set[str]], edition: Edition, one: str, other: str) -> set[str]:
    first, second = (
        {organisation for who in edition.person(participant) for organisation in members.get(who, ())}
        for participant in (one, other)
    )
    return first & second


def _shows_part(reader: Reader, relation: str, view: View) -> bool:
    of = Of(view["category"], view["id"])
    aspect = "nominator" if relation == "nominator" else "nominee"
    return sees(reader, aspect, of) and sees(reader, "reviewers", of)
