"""Appeals: of a ruling, which the appeal reverses; of a decision, which it reopens as long as nothing is announced."""

from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.appealing import AlreadyAppealed, AppealOpen, NoAppealOpen, NothingToAppeal, OwnAppeal
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from tests.domain.cases import CALL_OPENED, PLANNED
from tests.domain.story import (
    APPROVER,
    CHAIR,
    NOMINATOR,
    NOMINEE,
    OTHER,
    REVIEWER,
    SECRETARY,
    act,
    day,
    given,
    happened,
    sealed,
    state_after,
)
from tests.domain.test_decision import (
    ANNOUNCED,
    APPROVED,
    APPROVING,
    CHAIRING,
    COUNT,
    PROPOSED,
    SECOND,
    WINNER,
    WITHHELD,
    WITHHOLDING_PROPOSED,
)
from tests.domain.test_nomination import ACCEPTED, ELIGIBLE, INELIGIBLE, SUBMITTED, WITHDRAWN

TEXT = sealed("why")
NOMINATING, JUDGING = act(NOMINATOR, "nominator"), act(APPROVER, "approver")
CONTESTED = happened(Nomination.RulingAppealed, NOMINATING, code="misread", text=TEXT)
UPHELD = happened(Nomination.AppealDecided, JUDGING, outcome="upheld", code="misread")
DISMISSED = happened(Nomination.AppealDecided, JUDGING, outcome="dismissed", code="as-ruled")
OPEN = (SUBMITTED, INELIGIBLE, CONTESTED)


# --- of a ruling


def test_a_ruling_of_ineligibility_is_appealed_and_stands_meanwhile() -> None:
    ruled = given(SUBMITTED, INELIGIBLE)
    assert ruled.when(lambda it: it.appeal(NOMINATING, "misread", TEXT)).then(CONTESTED).ruling == "ineligible"


@pytest.mark.parametrize("past", [(SUBMITTED,), (SUBMITTED, ELIGIBLE), (*OPEN, UPHELD)], ids=len)
def test_without_such_a_ruling_there_is_nothing_to_appeal(past: Any) -> None:
    given(*past).when(lambda it: it.appeal(NOMINATING, "misread")).refused(NothingToAppeal)


def test_one_ruling_is_appealed_once() -> None:
    given(*OPEN).when(lambda it: it.appeal(act(NOMINEE, "nominee"), "misread")).refused(AppealOpen)
    given(*OPEN, DISMISSED).when(lambda it: it.appeal(NOMINATING, "misread")).refused(AlreadyAppealed)
    given(SUBMITTED, INELIGIBLE, WITHDRAWN).when(lambda it: it.appeal(NOMINATING, "x")).refused(no.NominationWithdrawn)


def test_an_upheld_appeal_reverses_the_ruling_by_itself() -> None:
    upheld = given(*OPEN).when(lambda it: it.decide_appeal(JUDGING, "upheld", "misread", "informed")).then(UPHELD)
    assert (upheld.ruling, upheld.in_play()) == ("eligible", True)
    dismissed = given(*OPEN).when(lambda it: it.decide_appeal(JUDGING, "dismissed", "as-ruled", "required"))
    assert dismissed.then(DISMISSED).ruling == "ineligible"


def test_nobody_becomes_eligible_without_the_consent_that_the_rules_require() -> None:
    given(*OPEN).when(lambda it: it.decide_appeal(JUDGING, "upheld", "misread", "required")).refused(no.ConsentMissing)
    given(*OPEN, ACCEPTED).when(lambda it: it.decide_appeal(JUDGING, "upheld", "misread", "required")).then(UPHELD)


@pytest.mark.parametrize("outcome", ["upheld", "dismissed"])
@pytest.mark.parametrize("judge", [SECRETARY, NOMINATOR], ids=["who ruled", "who appealed"])
def test_neither_who_ruled_nor_who_appealed_decides_it(outcome: str, judge: str) -> None:
    own, other = act(judge, "approver"), act(OTHER, "approver")
    given(*OPEN).when(lambda it: it.decide_appeal(own, outcome, "x", "informed")).refused(OwnAppeal)
    ids = frozenset({OTHER, judge})
    given(*OPEN).when(lambda it: it.decide_appeal(other, outcome, "x", "informed", person=ids)).refused(OwnAppeal)


def test_an_appeal_is_decided_once() -> None:
    past = given(SUBMITTED, INELIGIBLE)
    past.when(lambda it: it.decide_appeal(JUDGING, "upheld", "x", "informed")).refused(NoAppealOpen)
    past = given(*OPEN, DISMISSED)
    past.when(lambda it: it.decide_appeal(JUDGING, "upheld", "x", "informed")).refused(NoAppealOpen)


def test_what_came_back_while_no_stage_was_open_has_come_before_no_panel() -> None:
    def closed(stage: str, number: int) -> Any:
        return happened(Edition.ReviewingClosed, act(at=day(number)), stage=stage)

    edition = state_after((PLANNED, CALL_OPENED, closed("panel", 21), closed("final", 23)))
    assert edition.closed_since(day(20))
    assert not edition.closed_since(day(22))
    assert not state_after((PLANNED, CALL_OPENED, closed("panel", 21))).closed_since(day(20))


# --- of a decision

OBJECTING = act(REVIEWER, "reviewer")
APPEALED = happened(Decision.Appealed, OBJECTING, code="not-weighed", text=TEXT)
ANOTHER = act(OTHER, "approver")
DECIDED = {
    "approved": (PROPOSED, APPROVED),
    "withheld": (WITHHOLDING_PROPOSED, WITHHELD),
    "announced": (PROPOSED, APPROVED, ANNOUNCED),
}
decided = pytest.mark.parametrize("past", DECIDED.values(), ids=list(DECIDED))


def ruled(outcome: str, by: Any = ANOTHER) -> Any:
    return happened(Decision.AppealDecided, by, outcome=outcome, code="so")


def reopened(by: Any = ANOTHER) -> Any:
    return happened(Decision.Reopened, by, code="so")


@decided
def test_what_two_people_decided_can_be_appealed(past: Any) -> None:
    phase = state_after(past).phase
    appealed = given(*past).when(lambda it: it.appeal(OBJECTING, "not-weighed", TEXT)).then(APPEALED)
    assert appealed.phase == phase


@pytest.mark.parametrize("past", [(PROPOSED,), (PROPOSED, happened(Decision.Returned, APPROVING, code="no"))], ids=len)
def test_a_proposal_is_sent_back_not_appealed(past: Any) -> None:
    given(*past).when(lambda it: it.appeal(OBJECTING, "not-weighed")).refused(no.NotApproved)


def test_one_appeal_is_open_at_a_time_and_a_person_appeals_once() -> None:
    past = DECIDED["approved"]
    given(*past, APPEALED).when(lambda it: it.appeal(act(OTHER, "reviewer"), "x")).refused(AppealOpen)
    over = (*past, APPEALED, ruled("dismissed"))
    given(*over).when(lambda it: it.appeal(OBJECTING, "x")).refused(AlreadyAppealed)
    linked = frozenset({OTHER, REVIEWER})
    given(*over).when(lambda it: it.appeal(act(OTHER, "reviewer"), "x", person=linked)).refused(AlreadyAppealed)
    other = act(OTHER, "reviewer")
    given(*over).when(lambda it: it.appeal(other, "x")).then(happened(Decision.Appealed, other, code="x"))


@pytest.mark.parametrize("phase", ["approved", "withheld"])
def test_upheld_before_the_announcement_the_decision_is_reopened(phase: str) -> None:
    past = given(*DECIDED[phase], APPEALED)
    decision = past.when(lambda it: it.decide_appeal(ANOTHER, "upheld", "so")).then(ruled("upheld"), reopened())
    assert decision.phase == "reopened"
    anew = given(*DECIDED[phase], APPEALED, ruled("upheld"), reopened())
    anew.when(lambda it: it.propose_anew(CHAIRING, COUNT)).then(PROPOSED)
    anew.when(lambda it: it.approve(APPROVING)).refused(no.NotProposed)
    anew.when(lambda it: it.announce(act(), [WINNER], [])).refused(no.NotApproved)


def test_upheld_after_the_announcement_it_stands_until_it_is_corrected_or_revoked() -> None:
    past = given(*DECIDED["announced"], APPEALED)
    assert past.when(lambda it: it.decide_appeal(ANOTHER, "upheld", "so")).then(ruled("upheld")).phase == "announced"


@decided
def test_a_dismissed_appeal_changes_nothing(past: Any) -> None:
    phase = state_after(past).phase
    dismissed = given(*past, APPEALED).when(lambda it: it.decide_appeal(ANOTHER, "dismissed", "so"))
    assert dismissed.then(ruled("dismissed")).phase == phase


def test_who_approved_may_take_it_back_when_somebody_appeals_but_not_dismiss_the_appeal() -> None:
    past = given(*DECIDED["approved"], APPEALED)
    past.when(lambda it: it.decide_appeal(APPROVING, "dismissed", "so")).refused(OwnAppeal)
    past.when(lambda it: it.decide_appeal(act(CHAIR, "approver"), "dismissed", "so")).refused(OwnAppeal)
    past.when(lambda it: it.decide_appeal(APPROVING, "upheld", "so")).then(
        ruled("upheld", APPROVING), reopened(APPROVING)
    )


@pytest.mark.parametrize("outcome", ["upheld", "dismissed"])
def test_who_appealed_or_entered_it_for_another_does_not_decide_it(outcome: str) -> None:
    past = DECIDED["approved"]
    judge = act(REVIEWER, "approver")
    given(*past, APPEALED).when(lambda it: it.decide_appeal(judge, outcome, "so")).refused(OwnAppeal)
    written = act(SECRETARY)
    written = type(written)(
        {**written.actor, "on_behalf_of": NOMINATOR}, written.at, written.correlation, nonce=written.nonce
    )
    entered = happened(Decision.Appealed, written, code="not-weighed")
    for one in (SECRETARY, NOMINATOR):
        clerk = act(one, "approver")
        given(*past, entered).when(lambda it, by=clerk: it.decide_appeal(by, outcome, "so")).refused(OwnAppeal)


def test_nothing_is_announced_over_an_open_appeal() -> None:
    past = (PROPOSED, APPROVED, APPEALED)
    given(*past).when(lambda it: it.announce(act(), [WINNER], [SECOND])).refused(AppealOpen)
    given(*past, ruled("dismissed")).when(lambda it: it.announce(act(), [WINNER], [SECOND])).then(ANNOUNCED)


def test_there_must_be_an_appeal_to_decide() -> None:
    given(*DECIDED["approved"]).when(lambda it: it.decide_appeal(ANOTHER, "upheld", "so")).refused(NoAppealOpen)
