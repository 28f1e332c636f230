"""A ballot: opened, answered, answered anew, closed and counted."""

from __future__ import annotations

from typing import Any

import pytest

from awards.domain import balloting
from awards.domain import refusals as no
from awards.domain.balloting import (
    Ballot,
    BallotClosed,
    BallotStillOpen,
    InvalidOptions,
    InvalidVote,
    NobodyToVote,
    NotAVoter,
    QuorumOutOfReach,
)
from awards.domain.decision import Decision
from awards.domain.judging import NO_AWARD, UnknownMethod
from tests.domain.story import (
    CHAIR,
    EDITION,
    NOMINATION,
    OTHER,
    REVIEWER,
    RIVAL,
    SECRETARY,
    act,
    given,
    happened,
    sealed,
    state_after,
    who,
)
from tests.domain.test_decision import APPROVED, CHAIRING, COUNT, PROPOSED

BALLOT, SECOND = who(0x31), who(0x32)
VOTERS = [REVIEWER, OTHER, CHAIR]
QUESTION: dict[str, Any] = {
    "ballot": BALLOT,
    "stage": "panel",
    "purpose": "question",
    "method": {"name": "majority", "version": 1},
    "options": ["yes", "no"],
    "voters": VOTERS,
    "quorum": 2,
    "secret": False,
    "text": None,
}
RUN_OFF = QUESTION | {"ballot": SECOND, "purpose": "run-off-vote", "options": [NOMINATION, RIVAL]}
OPENED = happened(Decision.BallotOpened, CHAIRING, category="main", **QUESTION)
SECRET = happened(Decision.BallotOpened, CHAIRING, category="main", **(QUESTION | {"secret": True}))
VOTING, VOTING_TOO = act(REVIEWER, "reviewer"), act(OTHER, "reviewer")
YES, NO, ABSTAINED = {"ranking": [["yes"]]}, {"ranking": [["no"]]}, {"abstained": True}
CHOICE, CHOICE_TOO = ({"choice": sealed(mark, BALLOT, cls="ballot")} for mark in ("one", "two"))


def cast(by: Any, voter: str, vote: dict[str, Any]) -> Any:
    return happened(Decision.VoteCast, by, ballot=BALLOT, voter=voter, **vote)


ROSA, OLLE = cast(VOTING, REVIEWER, YES), cast(VOTING_TOO, OTHER, NO)
CLOSED = happened(Decision.BallotClosed, CHAIRING, ballot=BALLOT, counted=1, code="quorum_missed")
TWO_YES: dict[str, Any] = {
    "method": "majority",
    "version": 1,
    "ballots": 2,
    "order": [["yes"], ["no"]],
    "found": {"yes": {"votes": 2}, "no": {"votes": 0}},
    "steps": {"votes": 2, "blank": 0, "reached": "yes"},
}


def close(decision: Decision, left_out: dict[str, str] | None = None, opened: dict[str, Any] | None = None) -> None:
    decision.close_ballot(CHAIRING, BALLOT, left_out or {}, opened or {})


# --- opening


def test_a_ballot_may_be_what_a_decision_begins_with() -> None:
    decision = given().when(lambda: Decision.begin_ballot(CHAIRING, EDITION, "main", QUESTION)).then(OPENED)
    assert (decision.edition, decision.category, decision.phase) == (EDITION, "main", "")
    assert decision.id == Decision.id_of(EDITION, "main")


def test_there_may_be_many_ballots_before_and_after_a_proposal() -> None:
    again = QUESTION | {"ballot": SECOND}
    for history in ((OPENED,), (OPENED, CLOSED), (PROPOSED,), (PROPOSED, APPROVED)):
        given(*history).when(lambda decision: decision.open_ballot(CHAIRING, again)).then(
            happened(Decision.BallotOpened, CHAIRING, category="main", **again)
        )


def test_proposing_after_a_ballot_keeps_it() -> None:
    decision = given(OPENED).when(lambda decision: decision.propose_anew(CHAIRING, COUNT)).then(PROPOSED)
    assert (decision.phase, [*decision.ballots]) == ("proposed", [BALLOT])


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"options": ["yes"]}, InvalidOptions),
        ({"options": ["yes", "yes"]}, InvalidOptions),
        ({"options": ["yes", "no", "no-award"]}, InvalidOptions),
        ({"options": ["yes", NOMINATION]}, InvalidOptions),
        ({"method": {"name": "weighted-rubric-mean", "version": 1}}, UnknownMethod),
        ({"method": {"name": "majority", "version": 2}}, UnknownMethod),
        ({"voters": []}, NobodyToVote),
        ({"quorum": 0}, QuorumOutOfReach),
        ({"quorum": 4}, QuorumOutOfReach),
    ],
)
def test_a_question_that_cannot_be_asked(wrong: dict[str, Any], refusal: type[no.Refusal]) -> None:
    question = QUESTION | wrong
    given().when(lambda: Decision.begin_ballot(CHAIRING, EDITION, "main", question)).refused(refusal)
    given(PROPOSED).when(lambda decision: decision.open_ballot(CHAIRING, question)).refused(refusal)


def test_a_tie_is_voted_on_once_at_a_time_and_before_anything_is_proposed() -> None:
    running = happened(Decision.BallotOpened, CHAIRING, category="main", **RUN_OFF)
    ended = happened(Decision.BallotClosed, CHAIRING, ballot=SECOND, counted=0, code="quorum_missed")
    third = RUN_OFF | {"ballot": who(0x33)}
    open_third = lambda decision: decision.open_ballot(CHAIRING, third)  # noqa: E731
    given(OPENED, running).when(open_third).refused(BallotStillOpen)
    given(PROPOSED).when(open_third).refused(no.AlreadyProposed)
    given(PROPOSED, APPROVED).when(open_third).refused(no.AlreadyDecided)
    given(OPENED, running, ended).when(open_third).then(
        happened(Decision.BallotOpened, CHAIRING, category="main", **third)
    )


@pytest.mark.parametrize(
    ("purpose", "method", "detail"),
    [
        ("question", {"name": "stv"}, "A vote by stv needs the parameter seats: how many are elected, 1 to 20."),
        ("question", {"name": "majority", "seats": 2}, "A vote by majority has no parameter seats."),
        ("run-off-vote", {"name": "stv", "seats": 2}, "A vote on a tie for the first place fills one seat."),
    ],
)
def test_seats_belong_to_a_question_by_stv(purpose: str, method: dict[str, Any], detail: str) -> None:
    question = RUN_OFF | {"purpose": purpose, "method": {**method, "version": 1}}
    given(OPENED).when(lambda decision: decision.open_ballot(CHAIRING, question)).refused(no.InvalidRules, detail)


@pytest.mark.parametrize(("purpose", "seats"), [("question", 2), ("run-off-vote", 1)])
def test_how_many_seats_a_ballot_fills_is_fixed_as_it_opens(purpose: str, seats: int) -> None:
    question = RUN_OFF | {"purpose": purpose, "method": {"name": "stv", "version": 1, "seats": seats}}
    opened = happened(Decision.BallotOpened, CHAIRING, category="main", **question)
    given(OPENED).when(lambda decision: decision.open_ballot(CHAIRING, question)).then(opened)


def test_a_casting_vote_is_the_chairs_or_the_deputys_and_other_votes_are_all_theirs_who_may_judge() -> None:
    seats = {"r": "member", "c": "chair", "d": "deputy"}
    conflicted: dict[tuple[str, ...], list[str]] = {(): ["c"], ("c",): ["d"], ("d",): ["c"], ("c", "d"): []}
    for out, voters in conflicted.items():
        assert balloting.electors("casting-vote", seats, lambda one, out=out: one not in out) == voters  # type: ignore[misc]
    assert balloting.electors("casting-vote", {"r": "member", "d": "deputy"}, lambda one: True) == ["d"]
    assert balloting.electors("run-off-vote", seats, lambda one: one != "c") == ["d", "r"]


# --- voting


def test_the_last_vote_of_each_counts() -> None:
    decision: Any = state_after(
        (
            OPENED,
            ROSA,
            OLLE,
            cast(VOTING, REVIEWER, NO),
        )
    )
    assert decision.ballots[BALLOT].votes == {OTHER: NO, REVIEWER: NO}


@pytest.mark.parametrize("vote", [YES, ABSTAINED, CHOICE])
def test_a_voter_votes(vote: dict[str, Any]) -> None:
    given(OPENED).when(lambda decision: decision.cast_vote(VOTING, BALLOT, REVIEWER, vote)).then(
        cast(VOTING, REVIEWER, vote)
    )


def test_who_is_no_voter_has_no_vote() -> None:
    vote = lambda decision: decision.cast_vote(act(), BALLOT, SECRETARY, YES)  # noqa: E731
    given(OPENED).when(vote).refused(NotAVoter)


def test_nothing_lands_after_the_close_nor_in_a_ballot_that_is_not_there() -> None:
    for happens in (lambda decision: decision.cast_vote(VOTING, BALLOT, REVIEWER, YES), close):
        given(OPENED, ROSA, CLOSED).when(happens).refused(BallotClosed)
        given(PROPOSED).when(happens).refused(no.NotFound)


@pytest.mark.parametrize(
    "choice",
    [
        {},
        YES | ABSTAINED,
        {"ranking": []},
        {"ranking": [[]]},
        {"ranking": [["yes"], ["yes"]]},
        {"ranking": [["maybe"]]},
    ],
)
def test_what_is_no_answer(choice: dict[str, Any]) -> None:
    with pytest.raises(InvalidVote):
        balloting.check_choice(state_after((OPENED,)).ballots[BALLOT], choice)


# --- counting


def test_closing_counts_the_votes_and_records_the_working() -> None:
    result = happened(Decision.BallotClosed, CHAIRING, ballot=BALLOT, counted=3, abstained=1, result=TWO_YES)
    votes = (ROSA, cast(VOTING_TOO, OTHER, YES), cast(CHAIRING, CHAIR, ABSTAINED))
    given(OPENED, *votes).when(close).then(result)


def test_short_of_the_quorum_there_is_no_result() -> None:
    given(OPENED, ROSA).when(close).then(CLOSED)


def test_a_vote_that_is_left_out_counts_nowhere_and_is_named() -> None:
    left_out = {REVIEWER: "recused", CHAIR: "recused"}
    out = [{"voter": REVIEWER, "code": "recused"}]
    told = happened(Decision.BallotClosed, CHAIRING, ballot=BALLOT, counted=1, left_out=out, code="quorum_missed")
    given(OPENED, ROSA, OLLE).when(lambda decision: close(decision, left_out)).then(told)


def test_a_secret_ballot_is_counted_by_what_was_opened() -> None:
    votes = (cast(VOTING, REVIEWER, CHOICE), cast(VOTING_TOO, OTHER, CHOICE_TOO))
    result = happened(Decision.BallotClosed, CHAIRING, ballot=BALLOT, counted=2, abstained=0, result=TWO_YES)
    given(SECRET, *votes).when(lambda decision: close(decision, {}, {REVIEWER: YES, OTHER: YES})).then(result)
    assert state_after(
        (
            SECRET,
            *votes,
        )
    ).ballots[BALLOT].sealed == [CHOICE["choice"], CHOICE_TOO["choice"]]


def test_an_open_ballot_is_recounted_from_its_events_alone() -> None:
    decision: Any = state_after(
        (
            OPENED,
            ROSA,
            OLLE,
        )
    )
    ballot: Ballot = decision.ballots[BALLOT]
    told = balloting.tally(ballot, [*ballot.votes.values()])
    close(decision)
    [closed] = decision.collect_events()
    assert (told["counted"], told["abstained"], told["result"]) == (closed.counted, closed.abstained, closed.result)


def test_no_award_has_the_last_word_in_a_vote_of_the_panel() -> None:
    """One leads in every round, and more of the panel would rather give it to nobody."""
    options = (NOMINATION, RIVAL, OTHER, NO_AWARD)
    method = {"name": "instant-runoff", "version": 1}
    ballot = Ballot(BALLOT, "panel", "question", method, options, (REVIEWER,), 1, secret=False)
    first = [NOMINATION] * 4 + [RIVAL] * 3 + [OTHER] * 2
    told = balloting.tally(ballot, [{"ranking": [[one], ["no-award"]]} for one in first])["result"]
    assert told["order"][:2] == [["no-award"], [NOMINATION]]
    assert told["steps"]["against_no_award"] == {NOMINATION: [4, 5]}
