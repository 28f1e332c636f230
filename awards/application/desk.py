"""The desk: where a command is taken, tried, and recorded in one transaction, or refused with nothing recorded."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from awards.access import Caller
from awards.application.streams import Streams
from awards.application.work import Rehearsal, Work
from awards.domain import refusals as no
from awards.ledger.beside import find_answer, forget_answers
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from awards.ledger.mapper import LineTooLong
from awards.ledger.recorders import Duplicate, Moved
from awards.projections.catch_up import Projector

TRIES = 12
SWEEP = timedelta(hours=1)
"""How often a process drops the records of requests that are a day old."""


@dataclass(frozen=True, slots=True)
class Once:
    """A request to be carried out once: HMACs of its Idempotency-Key and of its body, and the status it answers."""

    key: str
    body: str
    status: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What reached the service: from whom, when (UTC), and under which Idempotency-Key, if any.

    `as_of`: as of when a read asks, a number of events of the log or a moment; None: as things stand.
    `recorded`: the index in the log of the last event of each command that was carried out for it.
    """

    caller: Caller
    at: datetime
    once: Once | None = None
    as_of: int | datetime | None = None
    recorded: list[int] = field(default_factory=list, compare=False, repr=False)


T = TypeVar("T")


class Desk:
    """Holds what commands and reads need, and carries commands out."""

    def __init__(self, ledger: Ledger, keys: KeyStore, projector: Projector) -> None:
        self.ledger = ledger
        self.keys = keys
        self.projector = projector
        self.streams = Streams(ledger)
        self.may_read: Callable[[Arrival, str, str], bool] = lambda arrival, noun, resource: True
        self._sweep_after: datetime | None = None

    def carry_out(self, permission: str, arrival: Arrival, decide: Callable[[Work], str]) -> str:
        """Decide and record, again while other commands move what was read; gives the id of the resource."""
        for _ in range(TRIES):
            if arrival.once and (done := self._answered(arrival.once, arrival.at)):
                return done
            work = Work(self, permission, arrival.caller, arrival.at)
            resource = self._decided(work, arrival, decide)
            try:
                self._record(work, arrival, resource)
            except Moved:
                pass  # look again: only a resource that is no longer at the version the caller read is stale
            except Duplicate:
                # The same request or the same newcomer was recorded at this moment, or a key is used again after its
                # record expired: look again.
                self.ledger.write(forget_answers(arrival.at))
            except LineTooLong:
                raise no.TooLong from None
            else:
                return resource
        raise no.Busy

    def rehearse(self, permission: str, arrival: Arrival, decide: Callable[[Work], T]) -> T:
        """Decide as `carry_out` does, and record nothing."""
        return decide(Rehearsal(self, permission, arrival.caller, arrival.at))

    def _decided(self, work: Work, arrival: Arrival, decide: Callable[[Work], str]) -> str:
        """Decide. What somebody may not do to what she may not read is refused as if it were not there."""
        try:
            return decide(work)
        except no.NotAllowed:
            if all(self.may_read(arrival, noun, resource) for noun, resource in work.named):
                raise
        raise no.NotFound

    def _record(self, work: Work, arrival: Arrival, resource: str) -> None:
        if arrival.once:
            self._sweep(arrival.at)
            work.answer(arrival.once.key, arrival.once.body, arrival.once.status, resource)
        if work.records():
            events = work.events()
            position = self.ledger.append(events, work.alongside())
            if events:
                arrival.recorded.append(position - 1)
            self.streams.keep(work.changed())

    def _sweep(self, at: datetime) -> None:
        if self._sweep_after is None or at >= self._sweep_after:
            self._sweep_after = at + SWEEP
            self.ledger.write(forget_answers(at))

    def _answered(self, once: Once, at: datetime) -> str | None:
        row = find_answer(self.ledger.rows, once.key, at)
        if row is None:
            return None
        if row["body"] != once.body:
            raise no.KeyReused
        return str(row["resource"])


class HasDesk(Protocol):
    """A family of commands."""

    desk: Desk


S = TypeVar("S", bound=HasDesk)
P = ParamSpec("P")


def command(
    permission: str,
) -> Callable[[Callable[Concatenate[S, Work, P], str]], Callable[Concatenate[S, Arrival, P], str]]:
    """Make a method that decides with a `Work` into a command that is called with an `Arrival`."""

    def decorate(decide: Callable[Concatenate[S, Work, P], str]) -> Callable[Concatenate[S, Arrival, P], str]:
        @functools.wraps(decide)
        def carried_out(self: S, arrival: Arrival, *args: P.args, **kwargs: P.kwargs) -> str:
            return self.desk.carry_out(permission, arrival, lambda work: decide(self, work, *args, **kwargs))

        vars(carried_out)["permission"] = permission
        return cast("Callable[Concatenate[S, Arrival, P], str]", carried_out)

    return decorate


class Commands:
    """The base of the families: one file a noun."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
