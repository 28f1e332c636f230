"""A review: assigned, scored, scored anew, declined, ended by recusal."""

from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.review import Review
from awards.domain.values import derived_id
from tests.domain.cases import PANEL
from tests.domain.story import (
    EDITION,
    NOMINATION,
    NOMINATOR,
    NOMINEE,
    OTHER,
    REVIEW,
    REVIEWER,
    act,
    given,
    happened,
    sealed,
)

OWN = act(REVIEWER, "reviewer")
SCORES, BETTER = {"impact": 1, "reach": 5}, {"impact": 5, "reach": 5}
COMMENT, TEXT = sealed("comment"), sealed("text", REVIEWER)
ASSIGNED = happened(Review.Assigned, stage="panel", nomination=NOMINATION, reviewer=REVIEWER)
SUBMITTED = happened(Review.Submitted, OWN, scores=SCORES, comment=COMMENT)
DECLINED = happened(Review.ReviewerDeclined, OWN, code="no_time")
RECUSED = happened(Review.Recused, how="imposed", code="same_unit")


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
