"""Importing: nominations and reviews of an edition that was run elsewhere or on paper, many in one transaction.

The operator imports, on behalf of those who nominated, stood and reviewed; the log says both. Every line passes the
rules that a single command passes, by the same functions, and is refused by the same refusals: nominations arrive while
the call is open, reviews while reviewing is, by who sits on the stage's panel and has no part in the nomination.

A line is recorded together with the mark of its reference (`awards.ledger.imported`), and one whose mark is there is
passed over: what was cut short goes on where it ended, and no line is recorded twice, however often or from where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from awards.application.desk import Arrival, command
from awards.application.nominations import put_forward, rule_on
from awards.application.reviews import give, give_scores
from awards.application.standpoint import Standpoint
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.rules import policy_version
from awards.ledger import imported
from awards.ledger.imported import Marks
from awards.projections import editions

NOMINATION, REVIEW = "nomination", "review"

Facts = Mapping[str, Any]
Refused = tuple[int, no.Refusal]
"""The place of a line among those that were asked about, and why it cannot be recorded."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to record: the mark of its reference, that of all it says, and what it says."""

    reference: str
    mark: str
    facts: Facts


class ImportCommands(Standpoint):
    """What the operator brings in by files."""

    @cached_property
    def _secret(self) -> bytes:
        return self.desk.keys.secret("import")

    # What is there already.

    def marks(self, edition: str) -> Marks:
        """What writes the marks of an edition's lines."""
        return Marks(self._secret, edition)

    def recorded(self, arrival: Arrival, edition: str, references: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Of these references those that were imported: reference -> {line, stream}."""
        self._in_edition("nomination.import", arrival.caller, edition)
        return imported.find(self.desk.ledger.rows, edition, references)

    def nominations_there(self, arrival: Arrival, edition: str, ids: Iterable[str]) -> set[str]:
        """Which of these are ids of nominations of the edition."""
        self._in_edition("review.import", arrival.caller, edition)
        found = self.desk.streams.get_many(UUID(one) for one in ids)
        return {case.key for case in found.values() if isinstance(case, Nomination) and case.edition == edition}

    def stage(self, arrival: Arrival, edition: str, stage: str | None) -> str:
        """The stage that is meant: where there is one only, it need not be said."""
        found = self._in_edition("review.import", arrival.caller, edition).edition
        assert found is not None  # noqa: S101 - so asked
        found.require_run()
        stages = [one["id"] for one in found.rules["stages"]]
        if stage not in stages and (stage, len(stages)) != (None, 1):
            raise no.UnknownStage(f"Say which stage the reviews are of: {', '.join(stages)}.")
        return stage or stages[0]

    def panel(self, arrival: Arrival, edition: str, stage: str) -> dict[str, str | None]:
        """Who sits at a stage: every id and every name -> the id; None for a name that two have."""
        place = self._in_edition("review.import", arrival.caller, edition)
        assert place.edition is not None  # noqa: S101 - so asked
        seated = place.edition.seats_at(stage)
        with self.desk.projector.reading() as rows:
            view = editions.find(rows, edition, arrival.at) or {}
        named = {
            (one["name"], one["participant"])
            for one in (*view.get("panel", ()), *view.get("roles", ()))
            if one["participant"] in seated and one.get("name", "erased") != "erased"
        }
        found: dict[str, str | None] = {}
        for name, who in sorted(named):
            found[name] = None if name in found else who
        return found | {who: who for who in seated}

    # Looking first.

    def refused_nominations(self, arrival: Arrival, edition: str, lines: Sequence[Facts]) -> list[Refused]:
        """The lines that cannot be recorded as things stand."""
        return self.desk.rehearse("nomination.import", arrival, lambda work: _nominations(work, edition, lines))

    def refused_reviews(
        self, arrival: Arrival, edition: str, stage: str, lines: Sequence[Facts], newcomers: Iterable[str] = ()
    ) -> list[Refused]:
        """The same for reviews, if the `newcomers`, by name, were on the panel."""

        def decide(work: Work) -> list[Refused]:
            seats = {name: _appoint(work, edition, stage, name) for name in newcomers}
            told = [{**facts, "reviewer": seats.get(facts["reviewer"], facts["reviewer"])} for facts in lines]
            return _reviews(work, edition, stage, told)

        return self.desk.rehearse("review.import", arrival, decide)

    # Recording.

    @command("nomination.import")
    def import_nominations(self, work: Work, edition: str, lines: Sequence[Line]) -> str:
        """Record all these nominations, with their answers and rulings, or none; passes over what was imported."""
        todo = self._todo(work, edition, lines)
        work.expect_newcomers(sum(2 + len(line.facts.get("members", ())) for line in todo))
        _all_or_none(_nominations(work, edition, [line.facts for line in todo], self._noted(work, edition, todo)))
        return edition

    @command("review.import")
    def import_reviews(self, work: Work, edition: str, stage: str, lines: Sequence[Line]) -> str:
        """Record all these reviews, or none; assigns what is not assigned, passes over what was imported."""
        todo = self._todo(work, edition, lines)
        facts = [line.facts for line in todo]
        _all_or_none(_reviews(work, edition, stage, facts, self._noted(work, edition, todo)))
        return edition

    @command("review.import")
    def import_reviewer(self, work: Work, edition: str, stage: str, name: str) -> str:
        """Seat a reviewer of a file, who is new, on the stage's panel; gives the participant's id."""
        return _appoint(work, edition, stage, name)

    def _todo(self, work: Work, edition: str, lines: Sequence[Line]) -> list[Line]:
        known = imported.find(self.desk.ledger.rows, edition, [line.reference for line in lines])
        return [line for line in lines if line.reference not in known]

    def _noted(self, work: Work, edition: str, lines: Sequence[Line]) -> Callable[[int, str], None]:
        """Writes the row of a line beside its events."""

        def note(place: int, stream: str) -> None:
            line = lines[place]
            row = {"edition": edition, "reference": line.reference, "line": line.mark, "stream": stream}
            work.add_row("imported", row)

        return note


def _all_or_none(refused: list[Refused]) -> None:
    for _, refusal in refused:
        raise refusal


def _each(
    work: Work,
    lines: Sequence[Facts],
    decide: Callable[[Facts], str],
    note: Callable[[int, str], None] | None,
) -> list[Refused]:
    """Decide line by line, each an act of its own in the log; `note` is told the stream of each."""
    refused: list[Refused] = []
    for place, facts in enumerate(lines):
        work.next_of_many()
        try:
            stream = decide(facts)
        except no.Refusal as refusal:
            refused.append((place, refusal))
        else:
            if note:
                note(place, stream)
    return refused


def _nominations(
    work: Work, edition: str, lines: Sequence[Facts], note: Callable[[int, str], None] | None = None
) -> list[Refused]:
    found = work.edition(edition)
    work.act(edition=found)  # who may not import is told so once, not by every line

    def decide(facts: Facts) -> str:
        nominator = work.newcomer(edition)
        name = work.seal("name", facts["nominator"], [nominator])
        act = work.act(edition=found, on_behalf_of=nominator)
        nominee = {**facts, "members": [{"name": one} for one in facts.get("members", ())]}
        case = put_forward(work, act, found, facts["category"], nominee, facts["statement"], nominator, name)
        if "answer" in facts:
            _answer(work, found, case, facts)
        if "outcome" in facts:
            rule_on(work, work.act(edition=found, nomination=case), found, case, facts)
        work.settle(case)
        return case.key

    return _each(work, lines, decide, note)


def _answer(work: Work, edition: Edition, case: Nomination, facts: Facts) -> None:
    act = work.act(edition=edition, nomination=case, on_behalf_of=case.nominee["participant"])
    if facts["answer"] == "accepted":
        case.accept(act, edition.rules["consent"])
    else:
        work.require_unproposed(edition, case.category)
        case.decline(act, edition.rules["consent"], work.seal_text("text", facts.get("answer_text"), case.nominees))


def _reviews(
    work: Work, edition: str, stage: str, lines: Sequence[Facts], note: Callable[[int, str], None] | None = None
) -> list[Refused]:
    found = work.edition(edition)
    work.act(edition=found, stage=stage)
    _read_ahead(work, found, stage, lines)
    policy = policy_version(found.rules) if found.rules else None

    def decide(facts: Facts) -> str:
        reviewer = facts["reviewer"]
        review = _assigned(work, found, stage, facts["nomination"], reviewer)
        act = work.act(edition=found, stage=stage, on_behalf_of=reviewer)
        if facts.get("no_conflict"):
            if review.no_conflict != policy or policy is None:
                review.declare_no_conflict(act, policy)
            work.settle(review)
            _open_file(work, act, review)
        give_scores(work, act, found, review, facts["scores"], facts.get("comment"))
        work.settle(review)
        return review.key

    return _each(work, lines, decide, note)


def _read_ahead(work: Work, edition: Edition, stage: str, lines: Sequence[Facts]) -> None:
    """Everything the lines ask for, in few queries."""
    pairs = [(facts["nomination"], facts["reviewer"]) for facts in lines]
    stages = [one["id"] for one in edition.rules["stages"]] if edition.rules else [stage]
    reviews = [
        Review.id_of(at, nomination, one) for nomination, who in pairs for one in edition.person(who) for at in stages
    ]
    work.find_many([*(UUID(nomination) for nomination, _ in pairs), *reviews])
    cases = (work.find(Nomination, UUID(nomination)) for nomination, _ in pairs)
    work.expect_values_about(case.nominees for case in cases if case)


def _assigned(work: Work, edition: Edition, stage: str, nomination: str, reviewer: str) -> Review:
    """The reviewer's assignment: the one there is, or given now."""
    there = work.find(Review, Review.id_of(stage, nomination, reviewer))
    if there is None or there.ended is not None:
        give(work, work.act(edition=edition, stage=stage), edition, stage, nomination, reviewer)
    return work.review(str(Review.id_of(stage, nomination, reviewer)))


def _open_file(work: Work, act: Any, review: Review) -> None:
    case = work.nomination(review.nomination)
    if review.reviewer not in case.opened:
        case.open_file(act, review.reviewer)
        work.settle(case)


def _appoint(work: Work, edition: str, stage: str, name: str) -> str:
    found = work.edition(edition)
    who = work.newcomer(edition)
    found.appoint(work.act(edition=found), stage, who, "member", work.seal("name", name, [who]))
    return who
