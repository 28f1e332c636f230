"""Decision: the outcome of one category of an edition, and what happens to it afterwards.

What takes two people is two events: proposed by one, approved by another. A decision names method, version and
parameters, the log it rests on (`basis`: size and root) and a digest over every stream of the edition at that basis;
see docs/judging.md. What the rule gave is in `computed`, what people propose in `winners` and `runners_up`; where the
two differ, `override` says why. Winners of an announcement are `{participant, kind, nomination?, attributes: {name, …:
sealed}, citation?: sealed}`. Dissent is in `dissenting`, appeals are in `appealing`, what follows in `giving`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self, cast
from uuid import UUID

from awards.domain import appealing, balloting, dissenting, giving, proposing
from awards.domain import refusals as no
from awards.domain.balloting import Ballot
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act, derived_id, moment

Sealed = dict[str, Any]
Winner = dict[str, Any]

UNPROPOSED = ("", "returned", "reopened")
"""Phases in which nothing is proposed: the stream began with a ballot, the last proposal was sent back, or its decision
was reopened."""


class Decision(Stream):
    """One outcome an edition and category; its id is derived from the two."""

    TOPIC = "decision"

    class Event(StreamEvent):
        pass

    # The events, as they stand on disk.

    class Proposed(Event, FirstEvent):
        TOPIC = "decision.proposed"
        category: str
        stage: str
        outcome: str
        method: dict[str, Any]
        basis: dict[str, Any]
        inputs: dict[str, Any]
        decided_by: str
        winners: list[str]
        runners_up: list[str]
        code: str | None = None
        text: Sealed | None = None
        seed: str | None = None
        computed: dict[str, Any] | None = None
        override: dict[str, Any] | None = None
        cross_checks: list[dict[str, Any]] | None = None
        cross_check: dict[str, Any] | None = None

    class HonourRecorded(Event, FirstEvent):
        TOPIC = "decision.honour_recorded"
        category: str
        winner: Winner
        sources: list[str]

    class BallotOpened(Event, FirstEvent):
        TOPIC = "decision.ballot_opened"
        ballot: str
        category: str
        stage: str
        purpose: str
        method: dict[str, Any]
        options: list[str]
        voters: list[str]
        quorum: int
        secret: bool
        text: Sealed | None = None

    class VoteCast(Event):
        TOPIC = "decision.vote_cast"
        ballot: str
        voter: str
        ranking: list[list[str]] | None = None
        abstained: bool | None = None
        choice: Sealed | None = None

    class BallotClosed(Event):
        TOPIC = "decision.ballot_closed"
        ballot: str
        counted: int
        abstained: int | None = None
        left_out: list[dict[str, str]] | None = None
        result: dict[str, Any] | None = None
        code: str | None = None

    class Returned(Event):
        TOPIC = "decision.returned"
        code: str
        text: Sealed | None = None

    class Approved(Event):
        TOPIC = "decision.approved"

    class Withheld(Event):
        TOPIC = "decision.withheld"
        code: str
        text: Sealed | None = None

    class DissentRecorded(Event):
        TOPIC = "decision.dissent_recorded"
        text: Sealed

    class Appealed(Event):
        TOPIC = "decision.appealed"
        code: str
        text: Sealed | None = None

    class AppealDecided(Event):
        TOPIC = "decision.appeal_decided"
        outcome: str
        code: str
        text: Sealed | None = None

    class Reopened(Event):
        TOPIC = "decision.reopened"
        code: str

    class Announced(Event):
        TOPIC = "decision.announced"
        winners: list[Winner]
        runners_up: list[Winner]
        embargo: str | None = None

    class Conferred(Event):
        TOPIC = "decision.conferred"
        winners: list[str]
        occasion: dict[str, str]
        date: str
        place: str | None = None
        presented_by: list[dict[str, Any]] | None = None
        date_certainty: str | None = None
        place_certainty: str | None = None

    class Corrected(Event):
        TOPIC = "decision.corrected"
        field: str
        standing: Any
        rival: Any
        sources: list[str]
        winner: str | None = None
        reading: Sealed | None = None

    class RevocationProposed(Event):
        TOPIC = "decision.revocation_proposed"
        winner: str
        code: str
        text: Sealed | None = None

    class Revoked(Event):
        TOPIC = "decision.revoked"
        winner: str

    @staticmethod
    def id_of(edition: str, category: str) -> UUID:
        """The decision's id, derived from edition and category."""
        return derived_id("decision", edition, category)

    # Ballots: methods that stand in a file of their own.

    ballots = cast("Mapping[str, Ballot]", MappingProxyType({}))

    begin_ballot = classmethod(balloting.begin_ballot)
    open_ballot = balloting.open_ballot
    cast_vote = balloting.cast_vote
    close_ballot = balloting.close_ballot
    ballot_of = balloting.ballot_of
    require_ballot_open = balloting.require_ballot_open

    _on_ballot_opened = balloting.on_ballot_opened
    _on_vote_cast = balloting.on_vote_cast
    _on_ballot_closed = balloting.on_ballot_closed

    # Dissent, appeals, and what follows: methods that stand in files of their own.

    record_dissent = dissenting.record_dissent

    appeal = appealing.appeal_decision
    decide_appeal = appealing.decide_appeal_of_decision
    require_no_appeal = appealing.require_no_appeal

    announce = giving.announce
    confer = giving.confer
    correct = giving.correct
    propose_revocation = giving.propose_revocation
    revoke = giving.revoke
    winner_meant = giving.winner_meant
    require_approved = giving.require_approved

    # Deciding.

    @classmethod
    def propose(cls, act: Act, edition: str, category: str, count: dict[str, Any]) -> Self:
        """Propose what the count says (the fields of `Proposed`); another person approves it."""
        proposing.require_reasoned(count)
        stream = cls.id_of(edition, category)
        return cls._begin(cls.Proposed, act, stream, edition=edition, category=category, **count)

    def propose_anew(self, act: Act, count: dict[str, Any]) -> None:
        """Propose in a stream that there is: after a ballot, a proposal that was returned, or a decision reopened."""
        self.require_unproposed()
        proposing.require_reasoned(count)
        self._record(self.Proposed, act, category=self.category, **count)

    @classmethod
    def record_honour(cls, act: Act, edition: str, category: str, winner: Winner, sources: list[str]) -> Self:
        """Record a past winner from sources."""
        stream = cls.id_of(edition, category)
        return cls._begin(
            cls.HonourRecorded, act, stream, edition=edition, category=category, winner=winner, sources=sources
        )

    def record_joint_honour(self, act: Act, winner: Winner, sources: list[str]) -> None:
        """Record a further winner of the same past edition and category."""
        if not self.from_sources:
            raise no.AlreadyProposed
        self._record(self.HonourRecorded, act, category=self.category, winner=winner, sources=sources)

    def approve(self, act: Act, person: frozenset[str] = frozenset()) -> None:
        """The second person agrees: the award is given, or withheld, as proposed. `person`: all ids of who acts."""
        self._require_second_person(act, person)
        if self.outcome == "awarded":
            self._record(self.Approved, act)
        else:
            self._record(self.Withheld, act, code=self.code, text=self.text)

    def send_back(self, act: Act, code: str, text: Sealed | None = None, person: frozenset[str] = frozenset()) -> None:
        """The second person disagrees: it may be proposed anew, and the ground may change until then."""
        self._require_second_person(act, person)
        self._record(self.Returned, act, code=code, text=text)

    def lapse(self, act: Act, code: str) -> None:
        """A proposal goes back because what it rests on turned out otherwise, whoever records that."""
        self._require_proposed()
        self._record(self.Returned, act, code=code)

    def require_unproposed(self) -> None:
        """Refuse what needs that nothing is proposed: nothing was yet, or the last proposal was sent back."""
        if self.phase not in UNPROPOSED:
            raise no.AlreadyProposed if self.phase == "proposed" else no.AlreadyDecided

    def _require_proposed(self) -> None:
        if self.phase in UNPROPOSED:
            raise no.NotProposed
        if self.phase != "proposed":
            raise no.AlreadyDecided

    @property
    def departs(self) -> str | None:
        """How it departs from what was computed, in one word, or None."""
        return proposing.departure(self.computed, self.outcome, self.chosen, self.next_ranked)

    def _require_second_person(self, act: Act, person: frozenset[str]) -> None:
        self._require_proposed()
        if self.proposer in {act.by, *person}:
            raise no.SecondPersonNeeded

    # Applying.

    def _on_proposed(self, event: Proposed) -> None:
        self._start(event.edition, event.category)
        self.phase = "proposed"
        self.outcome = event.outcome
        self.proposer = event.actor.get("id", event.actor["kind"])
        self.chosen, self.next_ranked = tuple(event.winners), tuple(event.runners_up)
        self.code = event.code
        self.text = event.text
        self.computed = event.computed
        self.override = event.override
        self.cross_checks = event.cross_checks

    def _on_honour_recorded(self, event: HonourRecorded) -> None:
        if event.originator_version == self.INITIAL_VERSION:
            self._start(event.edition, event.category)
        self.phase = "announced"
        self.from_sources = True
        self.winners[event.winner["participant"]] = event.winner

    def _start(self, edition: str | None, category: str) -> None:
        self.edition = edition
        self.category = category
        self.from_sources = False
        self.phase = self.proposer = ""
        self.embargo: datetime | None = None
        self.chosen = self.next_ranked = cast("tuple[str, ...]", ())
        self.winners: dict[str, Winner] = {}
        self.conferred: set[str] = set()
        self.revocations: dict[str, str] = {}
        self.revoked: set[str] = set()
        self.computed = self.override = cast("dict[str, Any] | None", None)
        self.cross_checks = cast("list[dict[str, Any]] | None", None)
        self.approver: str | None = None
        self.dissenters: set[str] = set()
        self.appellants = self.ever_appealed = frozenset[str]()

    def _on_returned(self, _event: Returned) -> None:
        self.phase = "returned"

    def _on_approved(self, event: Approved) -> None:
        self.phase = "approved"
        self.approver = event.actor.get("id", event.actor["kind"])

    def _on_withheld(self, event: Withheld) -> None:
        self.phase = "withheld"
        self.approver = event.actor.get("id", event.actor["kind"])

    def _on_dissent_recorded(self, event: DissentRecorded) -> None:
        self.dissenters.add(event.actor.get("id", event.actor["kind"]))

    def _on_appealed(self, event: Appealed) -> None:
        self.appellants = appealing.behind(event.actor)
        self.ever_appealed |= {appealing.principal(event.actor)}

    def _on_appeal_decided(self, _event: AppealDecided) -> None:
        self.appellants = frozenset()

    def _on_reopened(self, _event: Reopened) -> None:
        self.phase = "reopened"

    def _on_announced(self, event: Announced) -> None:
        self.phase = "announced"
        self.embargo = moment(event.embargo) if event.embargo else None
        self.winners = {winner["participant"]: winner for winner in event.winners}

    def _on_conferred(self, event: Conferred) -> None:
        self.conferred.update(event.winners)

    def _on_corrected(self, _event: Corrected) -> None:
        pass

    def _on_revocation_proposed(self, event: RevocationProposed) -> None:
        self.revocations[event.winner] = event.actor.get("id", event.actor["kind"])

    def _on_revoked(self, event: Revoked) -> None:
        self.revoked.add(event.winner)
