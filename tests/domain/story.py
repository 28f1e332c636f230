"""Rules told as events in, events or a refusal out: `given(...).when(...).then(...)`; no store, no mocks.

Everybody and everything has a fixed id, and nonces are fixed, so that what happened is compared whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest

from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.refusals import Refusal
from awards.domain.review import Review
from awards.domain.stream import FirstEvent, StreamEvent
from awards.domain.values import Act
from awards.ledger.mapper import LogMapper

MAPPER = LogMapper()
NONCE, CORRELATION = "0f" * 16, "5b0d3e3f-9c0e-4a4b-8f0e-2f6c1f1d9a10"


def who(number: int) -> str:
    """The id of somebody."""
    return f"{number:08x}-0000-4000-8000-000000000000"


SECRETARY, NOMINATOR, NOMINEE, REVIEWER, OTHER, CHAIR, APPROVER, ENDORSER = (who(number) for number in range(1, 9))
NOMINATION, RIVAL, SUBJECT = who(0x11), who(0x12), who(0x21)
AWARD = str(Award.id_of("gender-advocate"))
EDITION = str(Edition.id_of(AWARD, "2026"))
REVIEW = str(Review.id_of("panel", NOMINATION, REVIEWER))
DECISION = str(Decision.id_of(EDITION, "main"))
STREAMS = {
    "award": AWARD,
    "edition": EDITION,
    "nomination": NOMINATION,
    "review": REVIEW,
    "decision": DECISION,
    "subject": SUBJECT,
}
HOMES: dict[str, dict[str, str]] = {"award": {"award": AWARD}, "subject": {}}


def day(number: int, hour: int = 12) -> datetime:
    """A moment in March 2026."""
    return datetime(2026, 3, number, hour, tzinfo=UTC)


def act(by: str = SECRETARY, role: str = "secretariat", at: datetime | None = None) -> Act:
    """Somebody acts, on the second day unless told otherwise."""
    return Act({"kind": "participant", "id": by, "role": role}, at or day(2), CORRELATION, nonce=lambda: NONCE)


def sealed(mark: str, *of: str, cls: str = "case") -> dict[str, Any]:
    """A reference to a sealed value that nobody opens."""
    return {"sd": mark.ljust(43, "A"), "of": list(of) or [NOMINEE], "class": cls}


@dataclass(frozen=True)
class Happened:
    """An event without its place in the stream."""

    event_class: type[StreamEvent]
    act: Act
    fields: dict[str, Any] = field(default_factory=dict)

    def at(self, version: int) -> StreamEvent:
        """The whole event, as the log gives it back."""
        kind = cast("str", self.event_class.TOPIC).partition(".")[0]  # type: ignore[attr-defined]
        first = {"originator_topic": kind} if issubclass(self.event_class, FirstEvent) else {}
        home = HOMES.get(kind, {"edition": EDITION})
        make = cast("Callable[..., StreamEvent]", self.event_class)
        place = {"originator_id": UUID(STREAMS[kind]), "originator_version": version}
        return make(**place, **first, **self.act.stamp(), **home, **self.fields)


def happened(event_class: type[StreamEvent], acted: Act | None = None, **fields: Any) -> Happened:
    """That this happened; by the secretariat on the second day unless told otherwise."""
    return Happened(event_class, acted or act(), fields)


def state_after(events: tuple[Happened, ...]) -> Any:
    """The aggregate after these events, each of which has been through the log's bytes."""
    aggregate: Any = None
    for version, event in enumerate(events, start=1):
        whole: Any = MAPPER.to_domain_event(MAPPER.to_stored_event(event.at(version)))
        assert whole == event.at(version)
        aggregate = whole.mutate(aggregate)
    return aggregate


class Outcome:
    """What came of a command."""

    def __init__(self, past: int, attempt: Callable[[], Any], aggregate: Any) -> None:
        self._past = past
        self._attempt = attempt
        self._aggregate = aggregate

    def then(self, *events: Happened) -> Any:
        """Exactly these events, field by field, and nothing else; gives the aggregate."""
        begun = self._attempt()
        aggregate = self._aggregate or begun
        assert list(aggregate.collect_events()) == [
            event.at(version) for version, event in enumerate(events, start=self._past + 1)
        ]
        return aggregate

    def refused(self, refusal: type[Refusal], detail: str | None = None) -> None:
        """Exactly this refusal, and no trace of the attempt."""
        before = dict(vars(self._aggregate.fork())) if self._aggregate else {}
        with pytest.raises(Refusal) as raised:
            self._attempt()
        assert type(raised.value) is refusal
        assert str(raised.value) == (detail or refusal.message)
        assert (vars(self._aggregate) if self._aggregate else {}) == before


class Given:
    """A stream with a past."""

    def __init__(self, events: tuple[Happened, ...]) -> None:
        self._events = events

    def when(self, command: Callable[..., Any]) -> Outcome:
        """A command is tried: on the aggregate, or to begin one when nothing happened."""
        if not self._events:
            return Outcome(0, command, None)
        aggregate = state_after(self._events)
        return Outcome(len(self._events), lambda: command(aggregate), aggregate)


def given(*events: Happened) -> Given:
    """These events, in this order, are in the log."""
    return Given(events)
