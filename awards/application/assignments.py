"""Assigning by rule: a plan that is only shown, and the recording of one, whole or not at all.

Every pair of a plan is recorded by the guards that a single assignment passes, in one transaction. Whoever is kept off
a nomination plans without it: neither is it among the pairs, nor do its reviews show in anybody's load.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from awards.access import require
from awards.application.assigning import INTEREST, RECUSED, Given, Pair, plan
from awards.application.desk import Arrival, command
from awards.application.interests import closed_to, persons
from awards.application.reading import Reading
from awards.application.reviews import give
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.review import NOTHING, Review
from awards.domain.rules import previous_stage, require_category, stage_of
from awards.domain.values import Act
from awards.projections import assignments as ground
from awards.projections.assignments import Eligible
from awards.projections.rows import Rows

EXPECTED, IN, VOIDED = "assigned", "submitted", "voided"
"""Statuses of reviews: still to come; in; void, as under the other id of somebody who turned out to have two."""


class AssignmentCommands(Reading):
    """What whoever assigns does by rule."""

    def plan(
        self,
        arrival: Arrival,
        edition: str,
        stage: str,
        reviews: int,
        category: str | None = None,
        seats: Collection[str] = ("member", "chair", "deputy"),
    ) -> dict[str, Any]:
        """The pairs that bring every nomination of the stage (and category) to so many reviews; records nothing."""
        found = self._stream(Edition, edition)
        place = replace(self._place(arrival.caller, edition=found), stage=stage)
        require("review.assign", place)
        found.require_run()
        stage_of(found.rules, stage)
        if category is not None:
            require_category(found.rules, category)
        seated = found.seats_at(stage)
        panel = _persons(found, [who for who, seat in sorted(seated.items()) if seat in seats])
        with self.desk.projector.reading() as rows:
            closed = self._reader(rows, place, arrival.at).barred
            field = [case for case in ground.eligible(rows, edition) if case.id not in closed]
            reviews_there = ground.reviews(rows, edition)
            basis = self._assigned(rows, edition, reviews_there, closed)
        known = [row for row in reviews_there if row.nomination not in closed]
        asked = [case.id for case in _entered(found, stage, field) if category in (None, case.category)]
        given = list(_given(known, stage, panel, seated, {case.id for case in field}))
        members = set(panel.values())
        planned = plan(asked, members, given, dict(_barred(found, members, field, known)), reviews)
        return {
            "edition": edition,
            "stage": stage,
            "reviews": reviews,
            "basis": basis,
            "assignments": [{"nomination": nomination, "reviewer": who} for nomination, who in planned.pairs],
            "panel": [
                {"participant": who, "before": before, "after": planned.after[who]}
                for who, before in planned.before.items()
            ],
        }

    @command("review.assign")
    def record(
        self,
        work: Work,
        edition: str,
        stage: str,
        assignments: Sequence[Mapping[str, str]],
        basis: int | None = None,
    ) -> str:
        """Assign all these pairs, or none of them; with `basis`, only while that is all that is assigned."""
        found = work.edition(edition)
        act = work.act(edition=found, stage=stage)
        if basis is not None:
            self._require_basis(work, act, found, {pair["nomination"] for pair in assignments}, basis)
        for pair in assignments:
            try:
                give(work, act, found, stage, pair["nomination"], pair["reviewer"])
            except no.Refusal as refusal:
                about = f"nomination {pair['nomination']}, reviewer {pair['reviewer']}"
                raise type(refusal)(f"{refusal} ({about}; nothing is recorded)") from None
        return edition

    def recorded(self, edition: str, stage: str, assignments: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """What was recorded: the pairs with the ids of their reviews."""
        made = [
            {**pair, "review": str(Review.id_of(stage, pair["nomination"], pair["reviewer"]))} for pair in assignments
        ]
        return {"edition": edition, "stage": stage, "assignments": made}

    def _require_basis(self, work: Work, act: Act, edition: Edition, asked: Collection[str], basis: int) -> None:
        """Refuse a plan that another one has overtaken: both may be possible, and give twice what was asked for."""
        with work.ground(edition) as rows:
            closed = closed_to(rows, edition, edition.person(act.by))
            there = self._assigned(rows, edition.key, ground.reviews(rows, edition.key), closed)
        if basis != there and closed.isdisjoint(asked):  # what is closed to her is refused as what is not there
            raise no.PlanOutdated

    def _assigned(self, rows: Rows, edition: str, known: Iterable[Any], closed: Collection[str]) -> int:
        """How often anything was assigned in the edition, but for what is closed to who asks: she learns nothing."""
        sql = "SELECT count(*) AS n FROM leaves JOIN stored_events ON notification_id = idx + 1"
        sql += " WHERE topic = ? AND idx < ?"
        asked = (Review.Assigned.TOPIC, rows.position)
        hidden = [UUID(row.id).hex for row in known if row.nomination in closed]
        of_hidden = (self.desk.ledger.rows(f"{sql} AND originator_id = ?", (*asked, one)) for one in hidden)
        whole = self.desk.ledger.rows(f"{sql} AND edition = ?", (*asked, edition))
        return int(whole[0]["n"]) - sum(int(found[0]["n"]) for found in of_hidden)


def _entered(edition: Edition, stage: str, field: Iterable[Eligible]) -> Iterator[Eligible]:
    """The nominations of the stage: all that are eligible, later those on the shortlist of the stage before."""
    before = previous_stage(edition.rules, stage)
    for case in field:
        if before is None or case.id in edition.shortlists.get((before, case.category), ()):
            yield case


def _persons(edition: Edition, panel: Iterable[str]) -> dict[str, str]:
    """Every id of whoever is on the panel -> the one to plan for: a person with two seats reviews a nomination once."""
    found: dict[str, str] = {}
    for who in panel:
        found.update(dict.fromkeys(edition.person(who), who) if who not in found else {})
    return found


def _given(
    known: Iterable[Any], stage: str, panel: Mapping[str, str], seated: Collection[str], field: Collection[str]
) -> Iterator[Given]:
    """The reviews of the stage: one that is in counts for ever, one to come while its reviewer can still give it."""
    for row in known:
        who = panel.get(row.reviewer, row.reviewer)
        gone = row.status == NOTHING or (row.status == VOIDED and who != row.reviewer)
        if row.stage == stage and not gone:
            to_come = row.status == EXPECTED and row.reviewer in seated and row.nomination in field
            yield Given(row.nomination, who, row.status == IN or to_come)


def _barred(
    edition: Edition, members: Collection[str], field: Iterable[Eligible], known: Iterable[Any]
) -> Iterator[tuple[Pair, str]]:
    """The pairs that would be refused: of whoever has a part in the nomination or is recused, at whatever stage."""
    for case in field:
        yield from (((case.id, who), INTEREST) for who in persons(edition, case.parts).intersection(members))
    for row in known:
        if row.status == "recused":
            same_person = edition.person(row.reviewer).intersection(members)
            yield from (((row.nomination, who), RECUSED) for who in same_person)
