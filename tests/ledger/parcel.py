"""A small stream for tests of the log: what is tested there does not depend on the domain."""

import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.ledger.database import migrate
from awards.ledger.ledger import Ledger

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, UTC)


class Parcel(Stream):
    """Something that is sent and weighed."""

    TOPIC = "parcel"

    class Event(StreamEvent):
        pass

    class Sent(Event, FirstEvent):
        TOPIC = "parcel.sent"
        contents: list[str]
        note: str | None = None

    class Weighed(Event):
        TOPIC = "parcel.weighed"
        grams: int
        scale: str = "kitchen"

    class Stamped(Event):
        TOPIC = "parcel.stamped"
        class_version = 3
        country: str
        price: dict[str, Any]

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["country"] = state.pop("land")

        @staticmethod
        def upcast_v2_v3(state: dict[str, Any]) -> None:
            state["price"] = {"minor": state.pop("cents"), "currency": "CHF"}

    def _on_sent(self, event: Sent) -> None:
        self.contents = event.contents


def stamp(**more: Any) -> dict[str, Any]:
    """The fields every event carries."""
    return {
        "timestamp": AT,
        "actor": {"kind": "participant", "id": str(uuid.uuid4()), "role": "nominator"},
        "correlation": str(uuid.uuid4()),
        "nonce": uuid.uuid4().hex,
        **more,
    }


def sent(stream: UUID | None = None, **more: Any) -> Any:
    """The first event of a parcel."""
    fields = {"contents": ["Nüsse", "a book"], **stamp(**more)}
    stream = stream or uuid.uuid4()
    kind: Any = Parcel.Sent
    return kind(originator_id=stream, originator_version=1, originator_topic="parcel", **fields)


def weighed(stream: UUID, version: int, **more: Any) -> Any:
    """A later event of a parcel."""
    kind: Any = Parcel.Weighed
    return kind(originator_id=stream, originator_version=version, grams=version, **stamp(**more))


def new_ledger(url: str) -> Ledger:
    """A ledger in an empty database."""
    migrate(url, origin="log.example")
    return Ledger.open(url)
