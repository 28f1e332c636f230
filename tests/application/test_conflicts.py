"""Conflicts over time: the declaration before the file, the file before the score, recusals before any assignment, and
who lifts one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.rules import policy_version
from tests.application.guards import assert_sound, at_once, is_id
from tests.application.house import ONE_STAGE, House, outcome
from tests.domain.cases import RULES
from tests.soak import rounds

POLICY = {"en": "Who served with a nominee declares it."}
WITH_POLICY = ONE_STAGE | {"conflict_policy": POLICY}
VERSION = policy_version(WITH_POLICY)


class Case:
    """An edition under review with one nomination and a panel."""

    def __init__(self, house: House, rules: dict[str, Any] = WITH_POLICY, label: str = "2026") -> None:
        self.house, self.app = house, house.app
        self.edition = house.edition(rules, label)
        self.nominator = house.member(self.edition, "nominator", "Nadia")
        self.nomination = house.eligible(self.edition, self.nominator, "Irina")
        seats = {"rosa": "reviewer", "ravi": "reviewer", "chair": "chair", "deputy": "deputy"}
        self.people = {name: house.member(self.edition, role, name.title()) for name, role in seats.items()}
        house.reviewing(self.edition)

    def by(self, who: str) -> Any:
        return self.house.by(self.house.secretary if who == "secretary" else self.people[who])

    def id(self, who: str) -> str:
        return str(self.people[who].participant)

    def assign(self, who: str) -> str:
        return self.house.assign(self.edition, self.nomination, self.people[who])

    def ready(self, who: str) -> str:
        """Assigned, declared and opened."""
        review = self.assign(who)
        self.app.conflicts.declare_none(self.by(who), review)
        self.app.conflicts.open_file(self.by(who), review)
        return review

    def declare(self, who: str, code: str = "family_tie") -> str:
        return self.app.conflicts.declare(self.by(who), self.edition, "panel", self.nomination, code, "Her brother.")

    def recuse(self, by: str, who: str) -> str:
        return self.app.conflicts.recuse(self.by(by), self.edition, "panel", self.nomination, self.id(who), "same_unit")

    def lift(self, by: str, review: str) -> str:
        return self.app.conflicts.reinstate(self.by(by), review, "mistaken", "Another person of the same name.")

    def close(self) -> None:
        self.app.editions.close_reviewing(self.by("chair"), self.edition, "panel")

    def propose(self, who: str = "chair") -> str:
        return self.app.decisions.propose(self.by(who), self.edition, "main")

    def topics(self, since: int = 0) -> list[str]:
        return self.house.topics()[since:]


@pytest.fixture
def case(house: House) -> Case:
    return Case(house)


# --- declared, opened, scored: in this order


def test_with_a_policy_the_declaration_comes_before_the_file_and_the_file_before_the_score(case: Case) -> None:
    review, before = case.assign("rosa"), len(case.house.topics())
    with pytest.raises(no.DeclarationMissing):
        case.app.conflicts.open_file(case.by("rosa"), review)
    with pytest.raises(no.DeclarationMissing):
        case.house.score(case.people["rosa"], review)
    case.app.conflicts.declare_none(case.by("rosa"), review)
    with pytest.raises(no.FileNotOpened):
        case.house.score(case.people["rosa"], review)
    case.app.conflicts.open_file(case.by("rosa"), review)
    case.house.score(case.people["rosa"], review)
    case.house.score(case.people["rosa"], review, impact=5, reach=5)
    told = ["review.no_conflict_declared", "nomination.file_opened", "review.submitted", "review.revised"]
    assert case.topics(before) == told
    [declared] = case.house.events("review.no_conflict_declared")
    [opened] = case.house.events("nomination.file_opened")
    assert (declared.policy, opened.reviewer) == (VERSION, case.id("rosa"))


def test_a_file_opened_again_is_the_same_answer_and_no_event(case: Case) -> None:
    review = case.ready("rosa")
    before = case.house.counts()
    assert case.app.conflicts.open_file(case.by("rosa"), review) == case.nomination
    answers = at_once([partial(case.app.conflicts.open_file, case.by("rosa"), review)] * 3)
    assert (answers, case.house.counts()) == ([case.nomination] * 3, before)


def test_a_file_opened_by_many_at_once_is_opened_once_by_each(case: Case) -> None:
    reviews = {who: case.assign(who) for who in ("rosa", "ravi", "chair")}
    for who, review in reviews.items():
        case.app.conflicts.declare_none(case.by(who), review)
    opening = [partial(case.app.conflicts.open_file, case.by(who), review) for who, review in reviews.items()]
    assert at_once(opening * 2) == [case.nomination] * 6
    opened = [event.reviewer for event in case.house.events("nomination.file_opened")]
    assert sorted(opened) == sorted(case.id(who) for who in reviews)


def test_nobody_opens_anothers_file_or_declares_for_another(case: Case) -> None:
    review = case.assign("rosa")
    for act in (case.app.conflicts.declare_none, case.app.conflicts.open_file):
        answers = [outcome(partial(act, case.by(who), review)) for who in ("ravi", "chair", "secretary")]
        assert answers == ["not_found", "forbidden", "forbidden"]


def test_without_a_policy_nothing_is_asked_and_nothing_can_be_declared_against(house: House) -> None:
    case = Case(house, ONE_STAGE)
    review = case.assign("rosa")
    with pytest.raises(no.NoConflictPolicy):
        case.app.conflicts.declare_none(case.by("rosa"), review)
    case.house.score(case.people["rosa"], review)
    case.declare("ravi")
    [declared] = house.events("review.conflict_declared")
    assert declared.policy is None


def test_a_declared_conflict_cites_the_policy_and_ends_what_was_declared_before(case: Case) -> None:
    review = case.ready("rosa")
    case.app.reviews.declare_conflict(case.by("rosa"), review, "family_tie")
    [declared] = case.house.events("review.conflict_declared")
    assert declared.policy == VERSION
    case.lift("secretary", review)
    with pytest.raises(no.DeclarationMissing):
        case.house.score(case.people["rosa"], review)
    case.app.conflicts.declare_none(case.by("rosa"), review)
    case.house.score(case.people["rosa"], review)


def test_a_chair_who_reviews_nothing_declares_and_opens_the_file(case: Case) -> None:
    declared = case.app.conflicts.clear(case.by("chair"), case.edition, "panel", case.nomination)
    case.app.conflicts.open_file(case.by("chair"), declared)
    with pytest.raises(no.AlreadyDeclared):
        case.app.conflicts.clear(case.by("chair"), case.edition, "panel", case.nomination)
    assert case.assign("chair") == declared
    case.house.score(case.people["chair"], declared)


def test_whoever_lost_the_seat_opens_no_file(case: Case) -> None:
    review = case.ready("rosa")
    case.app.editions.discharge(case.by("secretary"), case.edition, "panel", case.id("rosa"), "moved")
    for act in (case.app.conflicts.open_file, case.app.conflicts.declare_none):
        assert outcome(partial(act, case.by("rosa"), review)) == "not_found"


# --- recusals without an assignment


@pytest.mark.parametrize("who", ["chair", "deputy", "rosa"])
def test_whoever_has_a_seat_declares_a_conflict_before_anything_is_assigned(case: Case, who: str) -> None:
    review = case.declare(who)
    with pytest.raises(no.AlreadyRecused):
        case.assign(who)
    with pytest.raises(no.AlreadyRecused):
        case.declare(who)
    assert is_id(review)
    assert case.topics()[-2:] == ["review.conflict_declared", "review.recused"]
    assert_sound(case.house)


def test_a_chair_who_declared_a_conflict_leaves_the_nomination_to_the_deputy(case: Case) -> None:
    case.declare("chair")
    with pytest.raises(no.NotFound):
        case.app.reviews.assign(case.by("chair"), case.edition, "panel", case.nomination, case.id("rosa"))
    with pytest.raises(no.NotFound):
        case.recuse("chair", "rosa")
    case.app.reviews.assign(case.by("deputy"), case.edition, "panel", case.nomination, case.id("rosa"))


@pytest.mark.parametrize("by", ["secretary", "chair", "deputy"])
def test_who_runs_the_panel_keeps_somebody_off_before_anything_is_assigned(case: Case, by: str) -> None:
    review = case.recuse(by, "rosa")
    with pytest.raises(no.AlreadyRecused):
        case.assign("rosa")
    with pytest.raises(no.ReviewEnded):
        case.house.score(case.people["rosa"], review)


def test_who_does_not_run_the_panel_keeps_nobody_off(case: Case) -> None:
    for who in ("rosa", "ravi"):
        with pytest.raises(no.NotAllowed):
            case.recuse(who, "chair")
    with pytest.raises(no.NotAllowed):
        case.declare("secretary")


def test_only_who_has_a_seat_is_recused(case: Case) -> None:
    somebody = str(case.nominator.participant)
    with pytest.raises(no.NotOnPanel):
        case.app.conflicts.recuse(case.by("chair"), case.edition, "panel", case.nomination, somebody, "same_unit")


def test_a_recusal_of_what_is_assigned_ends_the_assignment(case: Case) -> None:
    assigned = {who: case.assign(who) for who in ("rosa", "ravi")}
    assert (case.declare("rosa"), case.recuse("chair", "ravi")) == (assigned["rosa"], assigned["ravi"])


def test_a_recusal_names_a_nomination_of_the_edition(case: Case) -> None:
    other = Case(case.house, label="2027")
    with pytest.raises(no.NotFound):
        case.app.conflicts.declare(case.by("rosa"), case.edition, "panel", other.nomination, "family_tie")


# --- reinstatement


def test_a_finished_review_counts_again(case: Case) -> None:
    review = case.ready("rosa")
    case.house.score(case.people["rosa"], review)
    case.recuse("chair", "rosa")
    case.close()
    with pytest.raises(no.NothingToDecide):
        case.propose()
    case.lift("deputy", review)
    case.propose()
    [proposed] = case.house.events("decision.proposed")
    assert proposed.winners == [case.nomination]


def test_who_was_never_assigned_may_be_after_the_recusal_is_lifted(case: Case) -> None:
    review = case.declare("rosa")
    case.lift("chair", review)
    assert case.assign("rosa") == review


@pytest.mark.parametrize("by", ["rosa", "ravi"])
def test_a_reviewer_lifts_nothing(case: Case, by: str) -> None:
    review = case.declare("rosa")
    with pytest.raises(no.NotFound):
        case.lift(by, review)
    assert case.topics()[-1] == "review.recused"


def test_no_chair_lifts_a_chairs_recusal(case: Case) -> None:
    review = case.recuse("deputy", "chair")
    with pytest.raises(no.NotFound):  # she may not read the nomination: to her it is not there
        case.lift("chair", review)
    case.lift("deputy", review)


def test_no_chair_of_another_stage_lifts_a_chairs_recusal(house: House) -> None:
    case = Case(house, RULES | {"consent": "informed"})
    final = house.member(case.edition, "chair", "Clara", "final")
    review = case.declare("chair")
    with pytest.raises(no.NotAllowed):
        case.app.conflicts.reinstate(house.by(final), review, "mistaken")
    case.lift("secretary", review)


def test_a_deputy_who_is_recused_as_well_lifts_nothing(case: Case) -> None:
    review = case.declare("rosa")
    own = case.declare("deputy")
    for recusal in (review, own):
        with pytest.raises(no.NotFound):
            case.lift("deputy", recusal)


def test_nobody_who_has_a_part_in_the_nomination_is_reinstated(house: House) -> None:
    case = Case(house)
    case.app.editions.appoint(
        case.by("secretary"), case.edition, "panel", "member", participant=case.nominator.participant
    )
    review = case.app.conflicts.recuse(
        case.by("secretary"), case.edition, "panel", case.nomination, str(case.nominator.participant), "nominated"
    )
    with pytest.raises(no.ReviewerHasInterest):
        case.lift("secretary", review)


def test_once_something_is_proposed_a_recusal_stays_and_a_late_conflict_is_recorded_all_the_same(case: Case) -> None:
    reviews = {who: case.ready(who) for who in ("rosa", "ravi")}
    for who, review in reviews.items():
        case.house.score(case.people[who], review)
    case.recuse("chair", "ravi")
    case.close()
    case.propose()
    with pytest.raises(no.AlreadyProposed):
        case.lift("deputy", reviews["ravi"])
    case.declare("rosa")
    assert case.topics()[-1] == "review.recused"


def test_only_a_recusal_is_lifted(case: Case) -> None:
    with pytest.raises(no.NotRecused):
        case.lift("chair", case.assign("rosa"))


# --- a recusal at another stage


def test_a_recusal_at_the_second_stage_takes_a_finished_review_of_the_first_out_of_the_count(house: House) -> None:
    case = Case(house, RULES | {"consent": "informed"})
    review = case.assign("rosa")
    house.score(case.people["rosa"], review)
    case.close()
    final = house.member(case.edition, "deputy", "Fatou", "final")
    seat = {"participant": case.people["rosa"].participant}
    case.app.editions.appoint(case.by("secretary"), case.edition, "final", "member", **seat)
    assert ranked(case, "panel") == [case.nomination]
    where = (case.edition, "final", case.nomination)
    recusal = case.app.conflicts.recuse(house.by(final), *where, case.id("rosa"), "family_tie")
    assert ranked(case, "panel") == []
    case.lift("secretary", recusal)
    assert ranked(case, "panel") == [case.nomination]


def ranked(case: Case, stage: str) -> list[str]:
    ranking = case.app.reading.standing(case.by("secretary"), case.edition, stage, "main")["ranking"]
    return [entry["nomination"] for entry in ranking["entries"]]


# --- races


@pytest.mark.soak
def test_a_decision_never_counts_a_score_whose_recusal_came_first(house: House) -> None:
    for number in range(rounds(3, 60)):
        case = Case(house, label=str(number))
        review = case.ready("rosa")
        house.score(case.people["rosa"], review)
        case.close()
        declare = partial(case.app.reviews.declare_conflict, case.by("rosa"), review, "family_tie")
        declared, proposed = at_once([declare, case.propose])
        assert declared == review
        [recused] = house.events("review.recused", case.edition)
        decisions = house.events("decision.proposed", case.edition)
        if is_id(proposed):
            assert decisions[0].position < recused.position
            assert decisions[0].winners == [case.nomination]
        else:
            assert (proposed, decisions) == ("nothing_to_decide", [])
    assert_sound(house)


@pytest.mark.soak
def test_a_reviewer_is_reinstated_once_and_assigned_only_afterwards(house: House) -> None:
    for number in range(rounds(3, 60)):
        case = Case(house, label=str(number))
        review = case.recuse("secretary", "rosa")
        lift = [partial(case.lift, by, review) for by in ("secretary", "chair", "deputy")]
        assigned, *lifted = at_once([partial(case.assign, "rosa"), *lift])
        assert sorted(lifted) == sorted([review, "not_recused", "not_recused"])
        assert assigned in (review, "already_recused")
        events: list[Any] = house.service.ledger.events_of(_uuid(review))
        topics = [event.TOPIC for event in events]
        assert topics == ["review.recused", "review.reinstated", *["review.assigned"] * (assigned == review)]
    assert_sound(house)


@pytest.mark.soak
def test_somebody_is_assigned_or_recused_first_and_never_scores_after_the_recusal(house: House) -> None:
    for number in range(rounds(2, 40)):
        case = Case(house, ONE_STAGE, label=str(number))
        assigned, recused = at_once([partial(case.assign, "rosa"), partial(case.declare, "rosa")])
        assert recused == str(house.events("review.recused", case.edition)[0].originator_id)
        assert assigned in (recused, "already_recused")
        assert outcome(partial(house.score, case.people["rosa"], recused)) == "review_ended"


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)
