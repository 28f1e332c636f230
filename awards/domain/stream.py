"""The base of all aggregates: how an event is recorded and how it is applied.

Names on disk are a contract: the `TOPIC` of an event (`nomination.ruled_eligible`) is stored for ever, and the part
after the dot names the method that applies it (`_on_ruled_eligible`). Decide may refuse, apply may not: public methods
check and call `_record`; `_on_*` methods only assign, because they run again on every replay. A field that is None is
not stored.
"""

from __future__ import annotations

import copy
from dataclasses import field
from typing import Any, Self, cast
from uuid import UUID

from eventsourcing.domain import Aggregate, AggregateCreated, AggregateEvent

from awards.domain.values import Act


class StreamEvent(AggregateEvent):
    """What every event carries besides its own fields; `timestamp` is stored as `time`."""

    actor: dict[str, str]
    correlation: str
    nonce: str
    causation: str | None = field(default=None, kw_only=True)
    award: str | None = field(default=None, kw_only=True)
    edition: str | None = field(default=None, kw_only=True)

    def apply(self, aggregate: Any) -> None:
        """Hand the event to the method that bears its name."""
        getattr(aggregate, "_on_" + self.TOPIC.partition(".")[2])(self)  # type: ignore[attr-defined]


class FirstEvent(StreamEvent, AggregateCreated):
    """An event that begins a stream; it may also come again later in it."""

    def mutate(self, aggregate: Any) -> Any:
        """Build the aggregate, or go on with the one there is."""
        return super().mutate(None) if aggregate is None else StreamEvent.mutate(self, aggregate)


class Stream(Aggregate):
    """An aggregate whose attributes are immutable values, or flat containers of them (see `fork`)."""

    # No annotations here: the library would make the class a dataclass.
    edition = cast("str | None", None)
    award = cast("str | None", None)

    @classmethod
    def _begin(cls, event_class: type[FirstEvent], act: Act, stream: UUID, **fields: Any) -> Self:
        return cls._create(event_class, id=stream, **act.stamp(), **fields)

    def _record(self, event_class: type[StreamEvent], act: Act, **fields: Any) -> None:
        home = {"edition": self.edition} if self.edition else {"award": self.award}
        if issubclass(event_class, FirstEvent):
            fields["originator_topic"] = vars(type(self))["TOPIC"]
        self.trigger_event(event_class, **act.stamp(), **home, **fields)

    def fork(self) -> Self:
        """A copy that may be changed without touching this one: containers are copied one level deep."""
        twin = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict | list | set):
                setattr(twin, name, value.copy())
        return twin

    @property
    def key(self) -> str:
        """The stream's id as text."""
        return str(self.id)


# The library gives every aggregate a `Created` event; ours begin with events of their own names.
del Stream.Created
