"""A review: assigned, scored, scored anew, declined, ended by recusal."""

from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.review import Review
from awards.domain.values import derived_id
from tests.domain.cases import PANEL
from tests.domain.story import (
    CHAIR,
    EDITION,
    NOMINATION,
    NOMINATOR,
    NOMINEE,
    OTHER,
    REVIEW,
    REVIEWER,
    SECRETARY,
    act,
    given,
    happened,
    sealed,
)

OWN = act(REVIEWER, "reviewer")
POLICY, NEWER = "5a" * 32, "6b" * 32
ABOUT: dict[str, Any] = {"stage": "panel", "nomination": NOMINATION, "reviewer": REVIEWER}
SCORES, BETTER = {"impact": 1, "reach": 5}, {"impact": 5, "reach": 5}
COMMENT, TEXT = sealed("comment"), sealed("text", REVIEWER)
ASSIGNED = happened(Review.Assigned, stage="panel", nomination=NOMINATION, reviewer=REVIEWER)
SUBMITTED = happened(Review.Submitted, OWN, scores=SCORES, comment=COMMENT)
DECLINED = happened(Review.ReviewerDeclined, OWN, code="no_time")
RECUSED = happened(Review.Recused, how="imposed", code="same_unit")
CLEAR = happened(Review.NoConflictDeclared, OWN, policy=POLICY)
CONFLICT = happened(Review.ConflictDeclared, OWN, code="same_unit")
KEPT_OFF = happened(Review.Recused, how="imposed", code="same_unit", **ABOUT)
LIFTED = happened(Review.Reinstated, code="mistaken")
HERSELF, NO_PART = frozenset({REVIEWER}), frozenset[str]()


def assign(reviewer: str = REVIEWER) -> Any:
    return Review.assign(act(), EDITION, "panel", NOMINATION, reviewer, frozenset({NOMINATOR, NOMINEE}))


def test_assigning_begins_a_review() -> None:
    given().when(assign).then(ASSIGNED)


def test_stage_nomination_and_reviewer_give_the_id() -> None:
    assert Review.id_of("panel", NOMINATION, REVIEWER) == derived_id("review", "panel", NOMINATION, REVIEWER)
    others = {str(Review.id_of("final", NOMINATION, REVIEWER)), str(Review.id_of("panel", NOMINATION, OTHER))}
    assert REVIEW not in others


@pytest.mark.parametrize("interested", [NOMINATOR, NOMINEE])
def test_nobody_with_a_part_in_a_nomination_reviews_it(interested: str) -> None:
    given().when(lambda: assign(interested)).refused(no.ReviewerHasInterest)


def test_scoring_and_scoring_anew() -> None:
    scored = given(ASSIGNED).when(lambda it: it.submit(OWN, PANEL, SCORES, COMMENT)).then(SUBMITTED)
    assert scored.scores == SCORES
    again = given(ASSIGNED, SUBMITTED).when(lambda it: it.revise(OWN, PANEL, BETTER))
    assert again.then(happened(Review.Revised, OWN, scores=BETTER)).scores == BETTER


def test_scores_are_given_once_and_revised_afterwards() -> None:
    given(ASSIGNED, SUBMITTED).when(lambda it: it.submit(OWN, PANEL, SCORES)).refused(no.AlreadySubmitted)
    given(ASSIGNED).when(lambda it: it.revise(OWN, PANEL, SCORES)).refused(no.NotYetSubmitted)


@pytest.mark.parametrize("scores", [{}, {"impact": 1}, {"impact": 1, "reach": 1, "style": 1}])
def test_every_criterion_gets_exactly_one_score(scores: dict[str, int]) -> None:
    given(ASSIGNED).when(lambda it: it.submit(OWN, PANEL, scores)).refused(no.ScoresIncomplete)
    given(ASSIGNED, SUBMITTED).when(lambda it: it.revise(OWN, PANEL, scores)).refused(no.ScoresIncomplete)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_scores_keep_to_the_scale(score: int) -> None:
    scores, detail = {"impact": 3, "reach": score}, "Scores go from 1 to 5."
    given(ASSIGNED).when(lambda it: it.submit(OWN, PANEL, scores)).refused(no.ScoreOutOfScale, detail)
    given(ASSIGNED, SUBMITTED).when(lambda it: it.revise(OWN, PANEL, scores)).refused(no.ScoreOutOfScale, detail)


def test_declining_an_assignment() -> None:
    assert given(ASSIGNED).when(lambda it: it.decline(OWN, "no_time")).then(DECLINED).ended == "declined"
    given(ASSIGNED, SUBMITTED).when(lambda it: it.decline(OWN, "no_time")).refused(no.AlreadySubmitted)


@pytest.mark.parametrize("past", [(ASSIGNED,), (ASSIGNED, SUBMITTED), (ASSIGNED, DECLINED)])
def test_a_declared_conflict_recuses_whatever_came_before(past: Any) -> None:
    declared = (
        given(*past)
        .when(lambda it: it.declare_conflict(OWN, "same_unit", TEXT))
        .then(
            happened(Review.ConflictDeclared, OWN, code="same_unit", text=TEXT),
            happened(Review.Recused, OWN, how="declared", code="same_unit"),
        )
    )
    assert declared.ended == "recused"


@pytest.mark.parametrize("past", [(ASSIGNED,), (ASSIGNED, SUBMITTED), (ASSIGNED, DECLINED)])
def test_a_recusal_may_be_imposed(past: Any) -> None:
    recused = given(*past).when(lambda it: it.recuse(act(), "same_unit", TEXT))
    assert recused.then(happened(Review.Recused, how="imposed", code="same_unit", text=TEXT)).ended == "recused"


def test_one_is_recused_once() -> None:
    given(ASSIGNED, RECUSED).when(lambda it: it.recuse(act(), "same_unit")).refused(no.AlreadyRecused)
    given(ASSIGNED, RECUSED).when(lambda it: it.declare_conflict(OWN, "same_unit")).refused(no.AlreadyRecused)


@pytest.mark.parametrize("end", [DECLINED, RECUSED])
def test_after_the_end_nothing_is_scored_or_declined(end: Any) -> None:
    ended = given(ASSIGNED, end)
    ended.when(lambda it: it.submit(OWN, PANEL, SCORES)).refused(no.ReviewEnded)
    ended.when(lambda it: it.revise(OWN, PANEL, SCORES)).refused(no.ReviewEnded)
    ended.when(lambda it: it.decline(OWN, "no_time")).refused(no.ReviewEnded)
    given(ASSIGNED, SUBMITTED, end).when(lambda it: it.revise(OWN, PANEL, SCORES)).refused(no.ReviewEnded)


# --- declarations, by the version of the policy


def test_no_conflict_is_declared_once_under_each_version_of_the_policy() -> None:
    clear = given(ASSIGNED).when(lambda it: it.declare_no_conflict(OWN, POLICY)).then(CLEAR)
    clear.require_declared(POLICY)
    given(ASSIGNED, CLEAR).when(lambda it: it.declare_no_conflict(OWN, POLICY)).refused(no.AlreadyDeclared)
    again = happened(Review.NoConflictDeclared, OWN, policy=NEWER)
    given(ASSIGNED, CLEAR).when(lambda it: it.declare_no_conflict(OWN, NEWER)).then(again)


def test_without_a_policy_there_is_nothing_to_declare_against() -> None:
    given(ASSIGNED).when(lambda it: it.declare_no_conflict(OWN, None)).refused(no.NoConflictPolicy)
    given(ASSIGNED).when(lambda it: it.require_declared(None)).then()


@pytest.mark.parametrize("past", [(ASSIGNED,), (ASSIGNED, CLEAR), (ASSIGNED, CLEAR, CONFLICT, RECUSED, LIFTED)])
def test_what_needs_a_declaration_needs_it_under_the_present_policy(past: Any) -> None:
    given(*past).when(lambda it: it.require_declared(NEWER)).refused(no.DeclarationMissing)


def test_a_recusal_that_others_imposed_leaves_the_declaration_of_no_conflict() -> None:
    given(ASSIGNED, CLEAR, RECUSED, LIFTED).when(lambda it: it.require_declared(POLICY)).then()


@pytest.mark.parametrize("end", [DECLINED, RECUSED])
def test_nobody_declares_no_conflict_after_the_end(end: Any) -> None:
    given(ASSIGNED, end).when(lambda it: it.declare_no_conflict(OWN, POLICY)).refused(no.ReviewEnded)


# --- recusals without an assignment


def test_a_conflict_may_be_declared_before_anything_is_assigned() -> None:
    begun = given().when(lambda: Review.begin_with_conflict(OWN, EDITION, ABOUT, "same_unit", TEXT, POLICY))
    declared = happened(Review.ConflictDeclared, OWN, code="same_unit", text=TEXT, policy=POLICY, **ABOUT)
    recused = begun.then(declared, happened(Review.Recused, OWN, how="declared", code="same_unit"))
    assert (recused.ended, recused.reviewer, recused.key) == ("recused", REVIEWER, REVIEW)


def test_somebody_may_be_kept_off_before_anything_is_assigned() -> None:
    begun = given().when(lambda: Review.begin_recused(act(), EDITION, ABOUT, "same_unit")).then(KEPT_OFF)
    assert (begun.ended, begun.scores) == ("recused", None)
    given(KEPT_OFF).when(lambda it: it.assign_anew(act(), NO_PART)).refused(no.AlreadyRecused)
    given(KEPT_OFF).when(lambda it: it.declare_conflict(OWN, "same_unit")).refused(no.AlreadyRecused)


# --- reinstatement


@pytest.mark.parametrize("past", [(ASSIGNED,), (ASSIGNED, SUBMITTED), (ASSIGNED, DECLINED)])
def test_a_lifted_recusal_leaves_the_review_as_it_stood(past: Any) -> None:
    before = given(*past).when(lambda it: it.require_declared(None)).then()
    lifted = given(*past, RECUSED).when(lambda it: it.reinstate(act(), HERSELF, NO_PART, "mistaken", TEXT))
    after = lifted.then(happened(Review.Reinstated, code="mistaken", text=TEXT))
    assert (after.ended, after.scores) == (before.ended, before.scores)


def test_where_nothing_was_assigned_it_may_be_assigned_after_the_recusal_is_lifted() -> None:
    gone = given(KEPT_OFF).when(lambda it: it.reinstate(act(), HERSELF, NO_PART, "mistaken")).then(LIFTED)
    assert gone.ended == "lifted"
    given(KEPT_OFF, LIFTED).when(lambda it: it.submit(OWN, PANEL, SCORES)).refused(no.ReviewEnded)
    assert given(KEPT_OFF, LIFTED).when(lambda it: it.assign_anew(act(), NO_PART)).then(ASSIGNED).ended is None
    given(KEPT_OFF, LIFTED).when(lambda it: it.assign_anew(act(), HERSELF)).refused(no.ReviewerHasInterest)
    given(ASSIGNED).when(lambda it: it.assign_anew(act(), NO_PART)).refused(no.AlreadyAssigned)
    given(ASSIGNED, RECUSED, LIFTED).when(lambda it: it.assign_anew(act(), NO_PART)).refused(no.AlreadyAssigned)


@pytest.mark.parametrize("past", [(ASSIGNED,), (ASSIGNED, RECUSED, LIFTED), (ASSIGNED, DECLINED)])
def test_only_a_recusal_is_lifted(past: Any) -> None:
    given(*past).when(lambda it: it.reinstate(act(), HERSELF, NO_PART, "mistaken")).refused(no.NotRecused)


@pytest.mark.parametrize("by", [REVIEWER, OTHER])
def test_nobody_lifts_a_recusal_of_their_own_under_any_id(by: str) -> None:
    person = frozenset({REVIEWER, OTHER})
    again = given(ASSIGNED, RECUSED).when(lambda it: it.reinstate(act(by), person, NO_PART, "mistaken"))
    again.refused(no.OwnRecusal)


def test_no_chair_lifts_the_recusal_of_a_chair() -> None:
    def lift(by: str, role: str) -> Any:
        return lambda it: it.reinstate(act(by, role), HERSELF, NO_PART, "mistaken", chairs=True)

    recused = given(ASSIGNED, RECUSED)
    recused.when(lift(CHAIR, "chair")).refused(no.OwnRecusal)
    recused.when(lift(OTHER, "deputy")).then(happened(Review.Reinstated, act(OTHER, "deputy"), code="mistaken"))
    recused.when(lift(SECRETARY, "secretariat")).then(LIFTED)


def test_nobody_with_a_part_in_the_nomination_is_reinstated() -> None:
    person, interested = frozenset({REVIEWER, OTHER}), frozenset({NOMINATOR, OTHER})
    back = given(ASSIGNED, RECUSED).when(lambda it: it.reinstate(act(), person, interested, "mistaken"))
    back.refused(no.ReviewerHasInterest)


def test_a_review_may_be_recused_and_lifted_again_and_again() -> None:
    past = (ASSIGNED, SUBMITTED, RECUSED, LIFTED)
    assert given(*past).when(lambda it: it.recuse(act(), "same_unit")).then(RECUSED).ended == "recused"
    back = given(*past, RECUSED).when(lambda it: it.reinstate(act(), HERSELF, NO_PART, "mistaken")).then(LIFTED)
    assert (back.ended, back.scores) == (None, SCORES)


def test_who_reviews_nothing_may_declare_no_conflict_and_be_assigned_later() -> None:
    begun = given().when(lambda: Review.begin_clear(OWN, EDITION, ABOUT, POLICY))
    clear = happened(Review.NoConflictDeclared, OWN, policy=POLICY, **ABOUT)
    assert begun.then(clear).ended == "lifted"
    given().when(lambda: Review.begin_clear(OWN, EDITION, ABOUT, None)).refused(no.NoConflictPolicy)
    given(clear).when(lambda it: it.submit(OWN, PANEL, SCORES)).refused(no.ReviewEnded)
    given(clear).when(lambda it: it.declare_no_conflict(OWN, POLICY)).refused(no.AlreadyDeclared)
    assigned = given(clear).when(lambda it: it.assign_anew(act(), NO_PART)).then(ASSIGNED)
    assert (assigned.ended, assigned.no_conflict) == (None, POLICY)
