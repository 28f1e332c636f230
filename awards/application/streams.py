"""Aggregates in memory, brought up to date on every use.

What `get` gives is shared between threads and must not be changed: a command takes a `fork`. Nothing here can make a
command rest on an old state, because every stream it read is expected unmoved when it records.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, cast
from uuid import UUID

from awards.domain.stream import Stream
from awards.ledger.ledger import Ledger

KEPT = 2_000


class Streams:
    """The latest state of streams, the most recently used kept."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._kept: OrderedDict[UUID, Stream] = OrderedDict()
        self._lock = Lock()

    def get(self, stream: UUID) -> Stream | None:
        """The state after the last event of the stream; None when it has none."""
        known = self._kept.get(stream)
        return self._moved_on(known, self._ledger.events_of(stream, known.version if known else 0))

    def get_many(self, streams: Iterable[UUID]) -> dict[UUID, Stream | None]:
        """The same for many, in few queries."""
        found: dict[UUID, Stream | None] = {}
        for stream, events in self._ledger.events_of_many(list(dict.fromkeys(streams))).items():
            known = self._kept.get(stream)
            later = [event for event in events if known is None or event.originator_version > known.version]
            found[stream] = self._moved_on(known, later)
        return found

    def _moved_on(self, known: Stream | None, events: Sequence[Any]) -> Stream | None:
        """The state after these events, kept; `known` itself is shared and stays as it is."""
        if not events:
            return known
        latest: Any = known.fork() if known else None
        for event in events:
            latest = event.mutate(latest)
        found = cast("Stream", latest)
        self.keep([found])
        return found

    def kept(self, stream: UUID) -> Stream | None:
        """The state that this process last saw or recorded, without looking for later events."""
        return self._kept.get(stream) or self.get(stream)

    def keep(self, aggregates: Iterable[Stream]) -> None:
        """Remember states that are recorded."""
        with self._lock:
            for aggregate in aggregates:
                known = self._kept.get(aggregate.id)
                if known is None or known.version < aggregate.version:
                    self._kept[aggregate.id] = aggregate
                self._kept.move_to_end(aggregate.id)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
