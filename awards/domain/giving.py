"""What happens to an award once it is decided: announced, conferred, corrected, revoked.

Methods of `Decision`. Nothing that was said is overwritten: a correction stands beside it, and a revocation takes two.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from awards.domain import refusals as no
from awards.domain.values import Act, instant

if TYPE_CHECKING:
    from awards.domain.decision import Decision

Sealed = dict[str, Any]
Winner = dict[str, Any]


def announce(
    decision: Decision, act: Act, winners: list[Winner], runners_up: list[Winner], embargo: datetime | None = None
) -> None:
    """Make the winners public, at once or when the embargo ends."""
    decision.require_approved()
    decision.require_no_appeal()
    if embargo is not None and embargo <= act.at:
        raise no.EmbargoNotLater
    if sorted(winner["nomination"] for winner in winners) != sorted(decision.chosen):
        raise no.CitationMissing
    decision._record(
        decision.Announced,
        act,
        winners=winners,
        runners_up=runners_up,
        embargo=instant(embargo) if embargo else None,
    )


def confer(decision: Decision, act: Act, conferral: dict[str, Any], winners: list[str] | None = None) -> None:
    """Record the giving of the award (the other fields of `Conferred`) to all winners, or to those named."""
    _require_public(decision, act.at)
    given = sorted(decision.winners) if winners is None else winners
    for winner in given:
        _require_winner(decision, winner)
        if winner in decision.conferred:
            raise no.AlreadyConferred
    decision._record(decision.Conferred, act, winners=given, **conferral)


def correct(decision: Decision, act: Act, correction: dict[str, Any]) -> None:
    """State what stands and what another source says (the fields of `Corrected`); nothing is overwritten."""
    decision.winner_meant(correction.get("winner"))
    decision._record(decision.Corrected, act, **correction)


def propose_revocation(decision: Decision, act: Act, winner: str, code: str, text: Sealed | None = None) -> None:
    """Propose to take the award away from a winner."""
    decision.winner_meant(winner)
    if winner in decision.revocations:
        raise no.RevocationAlreadyProposed
    decision._record(decision.RevocationProposed, act, winner=winner, code=code, text=text)


def revoke(decision: Decision, act: Act, winner: str, person: frozenset[str] = frozenset()) -> None:
    """The second person agrees: the award is taken away, its history stays. `person`: all ids of who acts."""
    decision.winner_meant(winner)
    if winner not in decision.revocations:
        raise no.RevocationNotProposed
    if decision.revocations[winner] in {act.by, *person}:
        raise no.SecondPersonNeeded
    decision._record(decision.Revoked, act, winner=winner)


def winner_meant(decision: Decision, winner: str | None, *, personal: bool = False) -> str | None:
    """Whom a change to what is announced is about; what is personal is about one winner, named unless alone."""
    if decision.phase != "announced":
        raise no.NotAnnounced
    if winner is None and personal:
        if len(decision.winners) > 1:
            raise no.WinnerMissing
        (winner,) = decision.winners
    if winner is not None:
        _require_winner(decision, winner)
    return winner


def require_approved(decision: Decision) -> None:
    """Refuse what needs a decision that is approved and not yet announced."""
    if decision.phase == "announced":
        raise no.AlreadyAnnounced
    if decision.phase != "approved":
        raise no.NotApproved


def _require_public(decision: Decision, at: datetime) -> None:
    if decision.phase != "announced":
        raise no.NotAnnounced
    if decision.embargo is not None and at < decision.embargo:
        raise no.EmbargoNotOver


def _require_winner(decision: Decision, winner: str) -> None:
    if winner not in decision.winners:
        raise no.NoSuchWinner
    if winner in decision.revoked:
        raise no.AlreadyRevoked
