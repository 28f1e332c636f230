"""A decision: proposed by one, approved by another, announced, conferred, corrected, revoked by two."""

from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.values import derived_id, instant
from tests.domain.story import (
    APPROVER,
    CHAIR,
    DECISION,
    EDITION,
    NOMINATION,
    NOMINEE,
    OTHER,
    RIVAL,
    act,
    day,
    given,
    happened,
    sealed,
    state_after,
)

COUNT: dict[str, Any] = {
    "stage": "panel",
    "outcome": "awarded",
    "method": {"name": "weighted-rubric-mean", "version": 1, "parameters": {}},
    "basis": {"size": 40, "root": "ab" * 32},
    "inputs": {"count": 12, "sha256": "cd" * 32},
    "decided_by": "none",
    "winners": [NOMINATION],
    "runners_up": [RIVAL],
}
WITHHOLDING = COUNT | {"outcome": "withheld", "winners": [], "code": "none_suitable", "text": sealed("why", CHAIR)}
CHAIRING, APPROVING = act(CHAIR, "chair"), act(APPROVER, "approver")


def public(mark: str) -> dict[str, Any]:
    return sealed(mark, cls="public")


WINNER = {
    "participant": NOMINEE,
    "kind": "person",
    "nomination": NOMINATION,
    "attributes": {"name": public("name")},
    "citation": public("citation"),
}
SECOND = {"participant": OTHER, "kind": "person", "nomination": RIVAL, "attributes": {"name": public("other")}}
PAST = {"participant": NOMINEE, "kind": "person", "attributes": {"name": public("name")}}
JOINT = {"participant": OTHER, "kind": "person", "attributes": {"name": public("other")}}

PROPOSED = happened(Decision.Proposed, CHAIRING, category="main", **COUNT)
WITHHOLDING_PROPOSED = happened(Decision.Proposed, CHAIRING, category="main", **WITHHOLDING)
APPROVED = happened(Decision.Approved, APPROVING)
WITHHELD = happened(Decision.Withheld, APPROVING, code="none_suitable", text=WITHHOLDING["text"])
ANNOUNCED = happened(Decision.Announced, winners=[WINNER], runners_up=[SECOND])
EMBARGO = day(8)
EMBARGOED = happened(Decision.Announced, winners=[WINNER], runners_up=[SECOND], embargo=instant(EMBARGO))
HONOURED = happened(Decision.HonourRecorded, category="main", winner=PAST, sources=["un-2019"])
HONOURED_TOO = happened(Decision.HonourRecorded, category="main", winner=JOINT, sources=["un-2019"])
CONFERRAL: dict[str, Any] = {"occasion": {"en": "Ministerial"}, "date": "2026-05-29"}
CONFERRED = happened(Decision.Conferred, winners=[NOMINEE], **CONFERRAL)
REVOCATION = happened(Decision.RevocationProposed, CHAIRING, winner=NOMINEE, code="fraud")
REVOKED = happened(Decision.Revoked, APPROVING, winner=NOMINEE)
PUBLIC = (PROPOSED, APPROVED, ANNOUNCED)


# --- proposing and approving


def propose(count: dict[str, Any]) -> Decision:
    return Decision.propose(CHAIRING, EDITION, "main", count)


def test_proposing_begins_a_decision_with_all_that_it_rests_on() -> None:
    decision = given().when(lambda: propose(COUNT)).then(PROPOSED)
    assert (decision.proposer, decision.chosen, decision.next_ranked) == (CHAIR, (NOMINATION,), (RIVAL,))


def test_edition_and_category_give_the_id() -> None:
    assert Decision.id_of(EDITION, "main") == derived_id("decision", EDITION, "main")
    assert str(Decision.id_of(EDITION, "main")) == DECISION != str(Decision.id_of(EDITION, "youth"))


def test_withholding_may_be_proposed_and_an_award_to_nobody_may_not() -> None:
    given().when(lambda: propose(WITHHOLDING)).then(WITHHOLDING_PROPOSED)
    given().when(lambda: propose(COUNT | {"winners": []})).refused(no.NothingToDecide)


def test_a_second_person_approves_what_was_proposed() -> None:
    assert given(PROPOSED).when(lambda it: it.approve(APPROVING)).then(APPROVED).phase == "approved"
    withheld = given(WITHHOLDING_PROPOSED).when(lambda it: it.approve(APPROVING)).then(WITHHELD)
    assert withheld.phase == "withheld"


@pytest.mark.parametrize("proposed", [PROPOSED, WITHHOLDING_PROPOSED])
def test_who_proposed_does_not_approve_in_whatever_role(proposed: Any) -> None:
    given(proposed).when(lambda it: it.approve(act(CHAIR, "approver"))).refused(no.SecondPersonNeeded)


@pytest.mark.parametrize("past", [(PROPOSED, APPROVED), (WITHHOLDING_PROPOSED, WITHHELD), PUBLIC, (HONOURED,)], ids=len)
def test_a_category_is_decided_once(past: Any) -> None:
    given(*past).when(lambda it: it.approve(APPROVING)).refused(no.AlreadyDecided)


# --- announcing


def test_announcing_makes_the_winners_public() -> None:
    announced = given(PROPOSED, APPROVED).when(lambda it: it.announce(act(), [WINNER], [SECOND])).then(ANNOUNCED)
    assert (announced.winners, announced.embargo) == ({NOMINEE: WINNER}, None)


def test_an_embargo_ends_later_than_now() -> None:
    approved = given(PROPOSED, APPROVED)
    announced = approved.when(lambda it: it.announce(act(), [WINNER], [SECOND], EMBARGO)).then(EMBARGOED)
    assert announced.embargo == EMBARGO
    approved.when(lambda it: it.announce(act(), [WINNER], [], day(2))).refused(no.EmbargoNotLater)
    approved.when(lambda it: it.announce(act(), [WINNER], [], day(1))).refused(no.EmbargoNotLater)


@pytest.mark.parametrize("winners", [[], [SECOND], [WINNER, WINNER], [WINNER, SECOND]], ids=len)
def test_exactly_the_winners_decided_upon_are_announced(winners: Any) -> None:
    given(PROPOSED, APPROVED).when(lambda it: it.announce(act(), winners, [])).refused(no.CitationMissing)


def test_only_an_approved_decision_is_announced_and_once() -> None:
    given(PROPOSED).when(lambda it: it.announce(act(), [WINNER], [])).refused(no.NotApproved)
    given(WITHHOLDING_PROPOSED, WITHHELD).when(lambda it: it.announce(act(), [], [])).refused(no.NotApproved)
    given(*PUBLIC).when(lambda it: it.announce(act(), [WINNER], [])).refused(no.AlreadyAnnounced)
    given(HONOURED).when(lambda it: it.announce(act(), [], [])).refused(no.AlreadyAnnounced)


# --- past winners from sources


def test_past_winners_are_recorded_from_sources_joint_ones_too() -> None:
    first = given().when(lambda: Decision.record_honour(act(), EDITION, "main", PAST, ["un-2019"])).then(HONOURED)
    assert (first.winners, first.from_sources) == ({NOMINEE: PAST}, True)
    second = given(HONOURED).when(lambda it: it.record_joint_honour(act(), JOINT, ["un-2019"])).then(HONOURED_TOO)
    assert second.winners == {NOMINEE: PAST, OTHER: JOINT}


@pytest.mark.parametrize("past", [(PROPOSED,), PUBLIC], ids=len)
def test_a_decision_taken_here_gets_no_winner_from_sources(past: Any) -> None:
    given(*past).when(lambda it: it.record_joint_honour(act(), JOINT, ["x"])).refused(no.AlreadyProposed)


# --- conferring


def test_the_award_is_conferred_on_all_winners_or_on_those_named() -> None:
    given(*PUBLIC).when(lambda it: it.confer(act(), CONFERRAL)).then(CONFERRED)
    joint = given(HONOURED, HONOURED_TOO)
    joint.when(lambda it: it.confer(act(), CONFERRAL)).then(
        happened(Decision.Conferred, winners=[NOMINEE, OTHER], **CONFERRAL)
    )
    details = CONFERRAL | {"place": "Vancouver", "date_certainty": "inferred", "place_certainty": "inferred"}
    details |= {"presented_by": [{"participant": CHAIR, "name": public("presenter")}]}
    joint.when(lambda it: it.confer(act(), details, [OTHER])).then(
        happened(Decision.Conferred, winners=[OTHER], **details)
    )


def test_each_winner_receives_it_once() -> None:
    given(*PUBLIC, CONFERRED).when(lambda it: it.confer(act(), CONFERRAL)).refused(no.AlreadyConferred)
    one = given(HONOURED, HONOURED_TOO, CONFERRED)
    one.when(lambda it: it.confer(act(), CONFERRAL, [NOMINEE])).refused(no.AlreadyConferred)
    one.when(lambda it: it.confer(act(), CONFERRAL, [OTHER])).then(
        happened(Decision.Conferred, winners=[OTHER], **CONFERRAL)
    )


def test_nothing_is_conferred_before_it_is_public() -> None:
    given(PROPOSED, APPROVED).when(lambda it: it.confer(act(), CONFERRAL)).refused(no.NotAnnounced)
    embargoed = given(PROPOSED, APPROVED, EMBARGOED)
    embargoed.when(lambda it: it.confer(act(), CONFERRAL)).refused(no.EmbargoNotOver)
    over = act(at=EMBARGO)
    embargoed.when(lambda it: it.confer(over, CONFERRAL)).then(
        happened(Decision.Conferred, over, winners=[NOMINEE], **CONFERRAL)
    )


# --- correcting and revoking


@pytest.mark.parametrize("winner", [None, NOMINEE])
def test_a_correction_keeps_both_values(winner: str | None) -> None:
    stated: dict[str, Any] = {
        "field": "year",
        "standing": "2019",
        "rival": "2018",
        "sources": ["un-2019"],
        "winner": winner,
    }
    given(HONOURED).when(lambda it: it.correct(act(), stated)).then(happened(Decision.Corrected, **stated))


def test_what_is_personal_is_about_one_winner() -> None:
    assert state_after((HONOURED,)).winner_meant(None, personal=True) == NOMINEE
    joint = state_after((HONOURED, HONOURED_TOO))
    assert [joint.winner_meant(OTHER, personal=True), joint.winner_meant(None)] == [OTHER, None]
    given(HONOURED, HONOURED_TOO).when(lambda it: it.winner_meant(None, personal=True)).refused(no.WinnerMissing)


def revocation(it: Decision) -> None:
    it.propose_revocation(CHAIRING, NOMINEE, "fraud")


def test_two_people_take_an_award_away() -> None:
    text = public("why")
    given(*PUBLIC).when(lambda it: it.propose_revocation(CHAIRING, NOMINEE, "fraud", text)).then(
        happened(Decision.RevocationProposed, CHAIRING, winner=NOMINEE, code="fraud", text=text)
    )
    revoked = given(*PUBLIC, REVOCATION).when(lambda it: it.revoke(APPROVING, NOMINEE)).then(REVOKED)
    assert (revoked.revoked, revoked.winners) == ({NOMINEE}, {NOMINEE: WINNER})


def test_one_person_does_not() -> None:
    given(*PUBLIC, REVOCATION).when(lambda it: it.revoke(CHAIRING, NOMINEE)).refused(no.SecondPersonNeeded)
    given(*PUBLIC).when(lambda it: it.revoke(APPROVING, NOMINEE)).refused(no.RevocationNotProposed)
    given(*PUBLIC, REVOCATION).when(revocation).refused(no.RevocationAlreadyProposed)


AFTERWARDS = {
    "confer": lambda it, winner: it.confer(act(), CONFERRAL, [winner]),
    "correct": lambda it, winner: it.correct(act(), {"field": "rank", "sources": [], "winner": winner}),
    "propose_revocation": lambda it, winner: it.propose_revocation(CHAIRING, winner, "fraud"),
    "revoke": lambda it, winner: it.revoke(APPROVING, winner),
}


@pytest.mark.parametrize("name", AFTERWARDS)
def test_what_comes_afterwards_needs_a_winner_who_was_announced_and_still_is(name: str) -> None:
    command = AFTERWARDS[name]
    given(PROPOSED, APPROVED).when(lambda it: command(it, NOMINEE)).refused(no.NotAnnounced)
    given(*PUBLIC).when(lambda it: command(it, OTHER)).refused(no.NoSuchWinner)
    given(*PUBLIC, REVOCATION, REVOKED).when(lambda it: command(it, NOMINEE)).refused(no.AlreadyRevoked)


# --- sent back, and whole persons

RETURNED = happened(Decision.Returned, APPROVING, code="reasons-unclear", text=sealed("text", APPROVER))


def test_the_second_person_sends_a_proposal_back_and_it_is_proposed_anew() -> None:
    back = given(PROPOSED).when(lambda it: it.send_back(APPROVING, "reasons-unclear", sealed("text", APPROVER)))
    assert back.then(RETURNED).phase == "returned"
    anew = given(PROPOSED, RETURNED).when(lambda it: it.propose_anew(CHAIRING, WITHHOLDING))
    assert anew.then(WITHHOLDING_PROPOSED).outcome == "withheld"


@pytest.mark.parametrize("command", [Decision.approve, lambda it, *more: it.send_back(more[0], "x", None, *more[1:])])
def test_the_second_person_is_another_under_all_ids(command: Any) -> None:
    given(PROPOSED).when(lambda it: command(it, CHAIRING)).refused(no.SecondPersonNeeded)
    same = frozenset({CHAIR, APPROVER})
    given(PROPOSED).when(lambda it: command(it, APPROVING, same)).refused(no.SecondPersonNeeded)


def test_what_was_returned_is_neither_approved_nor_returned_again() -> None:
    returned = given(PROPOSED, RETURNED)
    returned.when(lambda it: it.approve(APPROVING)).refused(no.NotProposed)
    returned.when(lambda it: it.send_back(APPROVING, "x")).refused(no.NotProposed)
    given(PROPOSED, APPROVED).when(lambda it: it.send_back(APPROVING, "x")).refused(no.AlreadyDecided)


def test_only_what_was_returned_is_proposed_anew() -> None:
    given(PROPOSED).when(lambda it: it.propose_anew(CHAIRING, COUNT)).refused(no.AlreadyProposed)
    given(PROPOSED, APPROVED).when(lambda it: it.propose_anew(CHAIRING, COUNT)).refused(no.AlreadyDecided)
    nothing = COUNT | {"winners": []}
    given(PROPOSED, RETURNED).when(lambda it: it.propose_anew(CHAIRING, nothing)).refused(no.NothingToDecide)


def test_a_proposal_lapses_with_its_ground_whoever_records_that() -> None:
    lapsed = happened(Decision.Returned, CHAIRING, code="linked")
    given(PROPOSED).when(lambda it: it.lapse(CHAIRING, "linked")).then(lapsed)
    given(PROPOSED, APPROVED).when(lambda it: it.lapse(CHAIRING, "linked")).refused(no.AlreadyDecided)
    given(PROPOSED, RETURNED).when(lambda it: it.lapse(CHAIRING, "linked")).refused(no.NotProposed)


def test_the_second_person_of_a_revocation_is_another_under_all_ids() -> None:
    asked = happened(Decision.RevocationProposed, CHAIRING, winner=WINNER["participant"], code="fraud")
    same = frozenset({CHAIR, APPROVER})
    given(*PUBLIC, asked).when(lambda it: it.revoke(APPROVING, WINNER["participant"], same)).refused(
        no.SecondPersonNeeded
    )
