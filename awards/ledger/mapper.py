"""From events to the bytes of the log and back, and the line an event makes in `events.jsonl`.

The stored state is the canonical JSON of an event's fields: without those that are None, with `time` for the
library's `timestamp`, and without `originator_topic`, which the part of the topic before the dot tells again. A line
is CloudEvents 1.0 JSON put together around the stored bytes, which are never encoded a second time.
"""

import json
import re
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any
from uuid import UUID

from eventsourcing.domain import AggregateCreated, AggregateEvent, DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from awards.domain.values import instant, moment
from awards.ledger.canonical import canonical

LINE_LIMIT = 65_535
"""Bytes of a line at most: entries of a tile carry a length of 16 bits (C2SP tlog-tiles)."""

_PLAIN = re.compile(r"[\w:.-]+", re.ASCII)  # needs no escape in a JSON string
_ABSENT = frozenset({"originator_id", "originator_version", "originator_topic", "timestamp"})

State = dict[str, Any]


class LineTooLong(ValueError):
    """The event does not fit a line: long text is to be sealed, a long list to be a digest."""


class UnknownTopic(ValueError):
    """No event of this name is known to the program."""


class LogMapper(Mapper[UUID]):
    """Converts events of the domain to stored events, byte for byte as the log keeps them."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())
        self._shapes: dict[str, _Shape] = {}

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Return the event as it is stored; raises `NotCanonical` for a value the log does not hold."""
        shape = self._shape(getattr(type(domain_event), "TOPIC", ""))
        state: State = {"time": instant(domain_event.timestamp)}  # type: ignore[attr-defined]
        for name, value in vars(domain_event).items():
            if name not in _ABSENT and not (value is None and name in shape.nullable):
                state[name] = value
        if shape.version > 1:
            state["class_version"] = shape.version
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, shape.topic, canonical(state))

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """Return the event that was stored, in the newest shape of its class."""
        try:
            shape = self._shapes[stored_event.topic]
        except KeyError:
            shape = self._shape(stored_event.topic)
        state: State = {**shape.blank, **json.loads(stored_event.state)}
        if shape.version > 1:
            shape.upcast(state)
        state["originator_id"] = stored_event.originator_id
        state["originator_version"] = stored_event.originator_version
        state["timestamp"] = moment(state.pop("time"))
        event = object.__new__(shape.event_class)
        object.__setattr__(event, "__dict__", state)  # as the library does: the dataclass is frozen
        return event

    def _shape(self, topic: str) -> "_Shape":
        if topic not in self._shapes:
            self._shapes[topic] = _Shape(topic)
        return self._shapes[topic]


class _Shape:
    """What is known of an event's class, worked out once."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.event_class = event_class = _class_of(topic)
        self.version: int = getattr(event_class, "class_version", 1)
        members = {member.name: member for member in fields(event_class) if member.name not in _ABSENT}
        self.nullable = frozenset(name for name, member in members.items() if member.default in (None, MISSING))
        # A field left out of the state is its default, else None; a required one that is never None is always there.
        self.blank: State = {
            name: None if member.default is MISSING else member.default for name, member in members.items()
        }
        if issubclass(event_class, AggregateCreated):
            self.blank["originator_topic"] = topic.partition(".")[0]

    def upcast(self, state: State) -> None:
        """Bring a state of an older shape to the newest, by the `upcast_vX_vY` methods of the class."""
        for version in range(state.pop("class_version", 1), self.version):
            step: Callable[[State], None] = getattr(self.event_class, f"upcast_v{version}_v{version + 1}")
            step(state)


def _class_of(topic: str) -> type[AggregateEvent]:
    """The class that declares this topic; the library's own look-up would import a module of that name."""
    found: list[type[AggregateEvent]] = [AggregateEvent]
    for event_class in found:  # grows while it is walked
        if vars(event_class).get("TOPIC") == topic:
            return event_class
        found += event_class.__subclasses__()
    raise UnknownTopic(f"no event {topic!r} is known")


def line(stored: StoredEvent, origin: str, state: State | None = None) -> bytes:
    """Return the line of an event in `events.jsonl`, without its newline; its hash is the event's leaf.

    `state` spares decoding the stored state a second time.
    """
    state = state or json.loads(stored.state)
    subject = state.get("edition") or state.get("award")
    about = f'"subject":{_text(subject)},' if subject else ""
    text = (
        f',"id":"{stored.originator_id}/{stored.originator_version}","source":{_text(origin)},"specversion":"1.0",'
        f'{about}"time":{_text(state["time"])},"type":"{stored.topic}.v{state.get("class_version", 1)}"}}'
    )
    whole = b'{"data":' + stored.state + text.encode()
    if len(whole) > LINE_LIMIT:
        raise LineTooLong(f"{stored.topic} makes a line of {len(whole)} bytes, the log holds {LINE_LIMIT}")
    return whole


def _text(value: str) -> str:
    return f'"{value}"' if _PLAIN.fullmatch(value) else canonical(value).decode()
