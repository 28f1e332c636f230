"""Ballots: questions put to a panel, and what its members answered.

Methods of `Decision`. Voters, quorum and the method of the count are fixed as a ballot is opened. Every voter has one
vote, the last one counts, and nothing lands after the close. An abstention counts towards the quorum and prefers
nothing. A choice in a secret ballot is sealed under the ballot: whoever closes it brings what the application opened
for the count, and the event of the close holds what came out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from awards.domain import refusals as no
from awards.domain.judging import NO_AWARD, preferences
from awards.domain.values import Act

if TYPE_CHECKING:
    from awards.domain.decision import Decision

QUESTION, RUN_OFF, CASTING_VOTE = "question", "run-off-vote", "casting-vote"
PURPOSES = (QUESTION, RUN_OFF, CASTING_VOTE)
"""What a ballot is for: any question, or one of the two rungs of the ladder at which people settle a tie."""

YES, NO = "yes", "no"
WORDS = frozenset({YES, NO, NO_AWARD})
"""Options that are no nominations."""

QUORUM_MISSED = "quorum_missed"
RECUSED, SAME_PERSON = "recused", "same_person"
"""Why a vote is left out: its voter may not judge what the ballot is about, or has a later vote under another id."""

Vote = Mapping[str, Any]
"""`{ranking: [[option, …], …]}`, best first; or `{abstained: true}`; or, in a secret ballot, `{choice: sealed}`."""


class BallotClosed(no.OutOfOrder):
    code = "ballot_closed"
    message = "The ballot is closed."


class BallotStillOpen(no.OutOfOrder):
    code = "ballot_still_open"
    message = "A ballot on this tie is open; close it first."


class NotAVoter(no.NotAllowed):
    code = "not_a_voter"
    message = "You have no vote in this ballot."


class NobodyToVote(no.OutOfOrder):
    code = "nobody_to_vote"
    message = "Nobody on the panel may vote on this."


class NoOpenTie(no.OutOfOrder):
    code = "no_open_tie"
    message = "The standing has no tie at the first place that waits for this vote."


class RunOffNeeded(no.OutOfOrder):
    code = "run_off_needed"
    message = "Nominations tie for the first place: the ladder asks for a run-off vote."


class CastingVoteNeeded(no.OutOfOrder):
    code = "casting_vote_needed"
    message = "Nominations tie for the first place: the ladder asks for the casting vote."


class InvalidOptions(no.Invalid):
    code = "invalid_options"
    message = "A ballot is about nominations, with no-award if wanted, or about yes and no."


class QuorumOutOfReach(no.Invalid):
    code = "quorum_out_of_reach"
    message = "The quorum is more than there are voters."


class InvalidVote(no.Invalid):
    code = "invalid_vote"
    message = "A vote either abstains or ranks options of the ballot, each of them once at most."


@dataclass(frozen=True, slots=True)
class Ballot:
    """A question as it stands: who may answer, who has, and what came out."""

    id: str
    stage: str
    purpose: str
    method: Mapping[str, Any]
    options: tuple[str, ...]
    voters: tuple[str, ...]
    quorum: int
    secret: bool
    votes: Mapping[str, Vote] = field(default_factory=dict)
    """By voter, the one who voted last standing last."""

    closed: bool = False

    @property
    def nominations(self) -> tuple[str, ...]:
        """The nominations among the options; where there are none, it is about the whole category."""
        return nominations_in(self.options)

    @property
    def sealed(self) -> list[Mapping[str, Any]]:
        """The references to the secret choices."""
        return [vote["choice"] for vote in self.votes.values() if "choice" in vote]


def nominations_in(options: Iterable[str]) -> tuple[str, ...]:
    """The options that are nominations."""
    return tuple(option for option in options if option not in WORDS)


def electors(purpose: str, seats: Mapping[str, str], may_judge: Callable[[str], bool]) -> list[str]:
    """Who of a panel (participant -> seat) votes: all who may judge what it is about; in a casting vote the chair, or
    the deputy where the chair may not.
    """
    free = {one: seat for one, seat in seats.items() if may_judge(one)}
    if purpose != CASTING_VOTE:
        return sorted(free)
    leading = (one for leads in ("chair", "deputy") for one in sorted(free) if free[one] == leads)
    return [*leading][:1]


# Deciding.


def begin_ballot(cls: type[Decision], act: Act, edition: str, category: str, question: dict[str, Any]) -> Decision:
    """Put a question (the fields of `BallotOpened`) to the panel before anything is proposed."""
    _check_question(question)
    stream = cls.id_of(edition, category)
    return cls._begin(cls.BallotOpened, act, stream, edition=edition, category=category, **question)


def open_ballot(decision: Decision, act: Act, question: dict[str, Any]) -> None:
    """Put one more question to the panel."""
    _check_question(question)
    if question["purpose"] != QUESTION:
        decision.require_unproposed()
        if any(_settles(ballot, question) and not ballot.closed for ballot in decision.ballots.values()):
            raise BallotStillOpen
    decision._record(decision.BallotOpened, act, category=decision.category, **question)


def cast_vote(decision: Decision, act: Act, ballot: str, voter: str, vote: Vote) -> None:
    """Answer, or answer anew; `vote` as it is to be recorded, its choice checked by `check_choice`."""
    found = decision.require_ballot_open(ballot)
    if voter not in found.voters:
        raise NotAVoter
    decision._record(decision.VoteCast, act, ballot=ballot, voter=voter, **vote)


def close_ballot(
    decision: Decision, act: Act, ballot: str, left_out: Mapping[str, str], opened: Mapping[str, Vote]
) -> None:
    """End the ballot and count: without the votes of those `left_out`, for a code each; `opened`: the secret votes."""
    found = decision.require_ballot_open(ballot)
    out = [{"voter": voter, "code": code} for voter, code in sorted(left_out.items()) if voter in found.votes]
    told: dict[str, Any] = {"left_out": out or None}
    votes = [opened[voter] if found.secret else vote for voter, vote in found.votes.items() if voter not in left_out]
    decision._record(decision.BallotClosed, act, ballot=ballot, **told, **tally(found, votes))


def tally(ballot: Ballot, votes: Sequence[Vote]) -> dict[str, Any]:
    """What the votes that count make: how many there are, and the outcome, unless they are too few."""
    if len(votes) < ballot.quorum:
        return {"counted": len(votes), "code": QUORUM_MISSED}
    rankings = sorted(vote["ranking"] for vote in votes if "ranking" in vote)
    outcome = preferences.count(ballot.method, ballot.options, rankings)
    return {"counted": len(votes), "abstained": len(votes) - len(rankings), "result": outcome.as_data()}


def check_choice(ballot: Ballot, choice: Vote) -> None:
    """Refuse what is no answer to the question, or none that its method could count."""
    ranking = choice.get("ranking")
    if (ranking is None) == (not choice.get("abstained")):
        raise InvalidVote
    if ranking is None:
        return
    named = [option for group in ranking for option in group]
    if not named or not all(ranking) or len({*named}) < len(named) or not {*named}.issubset(ballot.options):
        raise InvalidVote
    preferences.count(ballot.method, ballot.options, [ranking])


# Guards and predicates.


def ballot_of(decision: Decision, ballot: str) -> Ballot:
    """One ballot."""
    if ballot not in decision.ballots:
        raise no.NotFound
    return decision.ballots[ballot]


def require_ballot_open(decision: Decision, ballot: str) -> Ballot:
    """Refuse what needs a ballot that is not over."""
    found = decision.ballot_of(ballot)
    if found.closed:
        raise BallotClosed
    return found


def _settles(ballot: Ballot, question: Mapping[str, Any]) -> bool:
    same = (ballot.stage, ballot.purpose) == (question["stage"], question["purpose"])
    return same and {*ballot.options} == {*question["options"]}


def _check_question(question: Mapping[str, Any]) -> None:
    options: Sequence[str] = question["options"]
    offered = {*options}
    if len(offered) < max(2, len(options)) or ({YES, NO} & offered and offered != {YES, NO}):
        raise InvalidOptions
    preferences.count(question["method"], options, [])
    if question["purpose"] != QUESTION and question["method"].get("seats", 1) != 1:
        raise no.InvalidRules("A vote on a tie for the first place fills one seat.")
    if not question["voters"]:
        raise NobodyToVote
    if not 1 <= question["quorum"] <= len(question["voters"]):
        raise QuorumOutOfReach


# Applying.


def on_ballot_opened(decision: Decision, event: Decision.BallotOpened) -> None:
    if event.originator_version == decision.INITIAL_VERSION:
        decision._start(event.edition, event.category)
    ballot = Ballot(
        event.ballot,
        event.stage,
        event.purpose,
        event.method,
        tuple(event.options),
        tuple(event.voters),
        event.quorum,
        event.secret,
    )
    decision.ballots = {**decision.ballots, ballot.id: ballot}


def on_vote_cast(decision: Decision, event: Decision.VoteCast) -> None:
    told = {"ranking": event.ranking, "abstained": event.abstained, "choice": event.choice}
    vote = {name: value for name, value in told.items() if value is not None}
    known = decision.ballots.get(event.ballot)
    others = {voter: cast for voter, cast in known.votes.items() if voter != event.voter} if known else {}
    _change(decision, event.ballot, votes={**others, event.voter: vote})


def on_ballot_closed(decision: Decision, event: Decision.BallotClosed) -> None:
    _change(decision, event.ballot, closed=True)


def _change(decision: Decision, ballot: str, **changed: Any) -> None:
    """Change what is known of a ballot; it runs on any history, so of one that is not known nothing follows."""
    if ballot not in decision.ballots:
        return
    decision.ballots = {**decision.ballots, ballot: replace(decision.ballots[ballot], **changed)}
