"""Decision: the outcome of one category of an edition, and what happens to it afterwards.

What takes two people is two events: proposed by one, approved by another. A decision names method, version and
parameters, the log it rests on (`basis`: size and root) and a digest over every stream of the edition at that basis;
see docs/judging.md. Winners are `{participant, kind, nomination?, attributes: {name, …: sealed}, citation?: sealed}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self, cast
from uuid import UUID

from awards.domain import balloting
from awards.domain import refusals as no
from awards.domain.balloting import Ballot
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act, derived_id, instant, moment

Sealed = dict[str, Any]
Winner = dict[str, Any]

UNPROPOSED = ("", "returned")
"""Phases in which nothing is proposed: the stream began with a ballot, or the last proposal was sent back."""


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

    # Deciding.

    @classmethod
    def propose(cls, act: Act, edition: str, category: str, count: dict[str, Any]) -> Self:
        """Propose what the count says (the fields of `Proposed`); another person approves it."""
        if count["outcome"] == "awarded" and not count["winners"]:
            raise no.NothingToDecide
        stream = cls.id_of(edition, category)
        return cls._begin(cls.Proposed, act, stream, edition=edition, category=category, **count)

    def propose_anew(self, act: Act, count: dict[str, Any]) -> None:
        """Propose in a stream that there is: after a ballot, or after a proposal was returned."""
        self.require_unproposed()
        if count["outcome"] == "awarded" and not count["winners"]:
            raise no.NothingToDecide
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

    def announce(
        self, act: Act, winners: list[Winner], runners_up: list[Winner], embargo: datetime | None = None
    ) -> None:
        """Make the winners public, at once or when the embargo ends."""
        self.require_approved()
        if embargo is not None and embargo <= act.at:
            raise no.EmbargoNotLater
        if sorted(winner["nomination"] for winner in winners) != sorted(self.chosen):
            raise no.CitationMissing
        self._record(
            self.Announced,
            act,
            winners=winners,
            runners_up=runners_up,
            embargo=instant(embargo) if embargo else None,
        )

    def confer(self, act: Act, conferral: dict[str, Any], winners: list[str] | None = None) -> None:
        """Record the giving of the award (the other fields of `Conferred`) to all winners, or to those named."""
        self._require_public(act.at)
        given = sorted(self.winners) if winners is None else winners
        for winner in given:
            self._require_winner(winner)
            if winner in self.conferred:
                raise no.AlreadyConferred
        self._record(self.Conferred, act, winners=given, **conferral)

    def correct(self, act: Act, correction: dict[str, Any]) -> None:
        """State what stands and what another source says (the fields of `Corrected`); nothing is overwritten."""
        self.winner_meant(correction.get("winner"))
        self._record(self.Corrected, act, **correction)

    def propose_revocation(self, act: Act, winner: str, code: str, text: Sealed | None = None) -> None:
        """Propose to take the award away from a winner."""
        self.winner_meant(winner)
        if winner in self.revocations:
            raise no.RevocationAlreadyProposed
        self._record(self.RevocationProposed, act, winner=winner, code=code, text=text)

    def revoke(self, act: Act, winner: str, person: frozenset[str] = frozenset()) -> None:
        """The second person agrees: the award is taken away, its history stays. `person`: all ids of who acts."""
        self.winner_meant(winner)
        if winner not in self.revocations:
            raise no.RevocationNotProposed
        if self.revocations[winner] in {act.by, *person}:
            raise no.SecondPersonNeeded
        self._record(self.Revoked, act, winner=winner)

    def winner_meant(self, winner: str | None, *, personal: bool = False) -> str | None:
        """Whom a change to what is announced is about; what is personal is about one winner, named unless alone."""
        if self.phase != "announced":
            raise no.NotAnnounced
        if winner is None and personal:
            if len(self.winners) > 1:
                raise no.WinnerMissing
            (winner,) = self.winners
        if winner is not None:
            self._require_winner(winner)
        return winner

    def require_unproposed(self) -> None:
        """Refuse what needs that nothing is proposed: nothing was yet, or the last proposal was sent back."""
        if self.phase not in UNPROPOSED:
            raise no.AlreadyProposed if self.phase == "proposed" else no.AlreadyDecided

    def require_approved(self) -> None:
        """Refuse what needs a decision that is approved and not yet announced."""
        if self.phase == "announced":
            raise no.AlreadyAnnounced
        if self.phase != "approved":
            raise no.NotApproved

    def _require_proposed(self) -> None:
        if self.phase in UNPROPOSED:
            raise no.NotProposed
        if self.phase != "proposed":
            raise no.AlreadyDecided

    def _require_second_person(self, act: Act, person: frozenset[str]) -> None:
        self._require_proposed()
        if self.proposer in {act.by, *person}:
            raise no.SecondPersonNeeded

    def _require_public(self, at: datetime) -> None:
        if self.phase != "announced":
            raise no.NotAnnounced
        if self.embargo is not None and at < self.embargo:
            raise no.EmbargoNotOver

    def _require_winner(self, winner: str) -> None:
        if winner not in self.winners:
            raise no.NoSuchWinner
        if winner in self.revoked:
            raise no.AlreadyRevoked

    # Applying.

    def _on_proposed(self, event: Proposed) -> None:
        self._start(event.edition, event.category)
        self.phase = "proposed"
        self.outcome = event.outcome
        self.proposer = event.actor.get("id", event.actor["kind"])
        self.chosen, self.next_ranked = tuple(event.winners), tuple(event.runners_up)
        self.code = event.code
        self.text = event.text

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
        self.phase = ""
        self.embargo: datetime | None = None
        self.chosen = self.next_ranked = cast("tuple[str, ...]", ())
        self.winners: dict[str, Winner] = {}
        self.conferred: set[str] = set()
        self.revocations: dict[str, str] = {}
        self.revoked: set[str] = set()

    def _on_returned(self, _event: Returned) -> None:
        self.phase = "returned"

    def _on_approved(self, _event: Approved) -> None:
        self.phase = "approved"

    def _on_withheld(self, _event: Withheld) -> None:
        self.phase = "withheld"

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
