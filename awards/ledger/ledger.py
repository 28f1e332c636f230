"""The ledger: the one door to the log for the application, the projections and the publisher.

Positions count events: position n is the log's first n events, and the event whose leaf has index n - 1 ends it.
Leaves are numbered from 0.
"""

from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import Any
from uuid import UUID

from eventsourcing.domain import Aggregate, DomainEventProtocol
from eventsourcing.persistence import Notification, StoredEvent

from awards.ledger.database import open_recorder
from awards.ledger.mapper import LogMapper, line
from awards.ledger.recorders import NOTHING, Alongside, LogRecorder, Row, Statement, entries_of
from awards.ledger.tree import Frontier

BATCH = 1000
"""Rows read at a time when the log is walked."""

_POSITION_AT = """
    WITH RECURSIVE halving (low, high) AS (
        SELECT CAST(0 AS bigint), CAST(coalesce(max(idx) + 1, 0) AS bigint) FROM leaves
        UNION ALL
        SELECT CASE WHEN time_max <= ? THEN idx + 1 ELSE low END, CASE WHEN time_max <= ? THEN high ELSE idx END
        FROM halving JOIN leaves ON idx = (low + high) / 2 WHERE low < high
    )
    SELECT low AS position FROM halving WHERE low = high"""
MANY = 500
"""Streams asked for at a time."""

_ABOUT = """
    SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state
        FROM leaves l JOIN stored_events e ON e.notification_id = l.idx + 1
        WHERE l.idx >= ? AND l.idx < ? AND l.edition = ?
    UNION ALL
    SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state
        FROM stored_events e WHERE e.notification_id > ? AND e.notification_id <= ? AND e.originator_id = ?
    ORDER BY notification_id"""

_DECIDING = """
    SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state
        FROM leaves l JOIN stored_events e ON e.notification_id = l.idx + 1
        WHERE l.edition = ? AND l.idx > ? AND l.idx < ?
        AND (e.topic LIKE ? OR e.topic IN ('edition.planned', 'edition.recorded'))
        ORDER BY l.idx LIMIT ?"""

_OF_MANY = "SELECT originator_id, originator_version, topic, state FROM stored_events WHERE originator_id IN"

Event = DomainEventProtocol[UUID]


class Broken(Exception):
    """The log contradicts itself: a stored event does not give its leaf, or there is a gap."""


class Ledger:
    """An open log: append to it, read it, hash it."""

    def __init__(self, recorder: LogRecorder, origin: str) -> None:
        self.recorder = recorder
        self.origin = origin
        self.mapper = LogMapper()
        self._frontier = Frontier()
        self._frontier_lock = Lock()

    @classmethod
    def open(cls, url: str) -> "Ledger":
        """Open a migrated database."""
        recorder = open_recorder(url)
        return cls(recorder, recorder.origin)

    def close(self) -> None:
        """Close all connections."""
        self.recorder.close()

    # Writing.

    def append(self, recorded: Iterable[Aggregate | Event], alongside: Alongside = NOTHING) -> int:
        """Record events, or what aggregates have pending, in this order, in one transaction; return the new position.

        Raises `Moved`, `Duplicate`, `NotCanonical` or `LineTooLong`, and then nothing was stored.
        """
        events: list[Event] = []
        for item in recorded:
            events += item.collect_events() if isinstance(item, Aggregate) else [item]
        stored = [self.mapper.to_stored_event(event) for event in events]
        positions = self.recorder.insert_events(stored, alongside=alongside)
        return positions[-1] if positions else self.position()

    def write(self, *statements: Statement) -> int:
        """Change tables beside the log, in one transaction; return how many rows were touched."""
        return self.recorder.write(statements)

    def scrub(self, tables: Sequence[str]) -> None:
        """Leave nothing of the deleted rows of these tables in the files of the database."""
        self.recorder.scrub(tables)

    # Reading.

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Query tables beside the log; `?` stands for a parameter on both databases."""
        return self.recorder.read(sql, params)

    def events_of(self, stream: UUID, after: int = 0) -> list[Event]:
        """Return the events of a stream with a version above `after`."""
        return [self.mapper.to_domain_event(stored) for stored in self.recorder.select_events(stream, gt=after)]

    def events_of_many(self, streams: Sequence[UUID]) -> dict[UUID, list[Event]]:
        """Return the events of these streams, in one query per 500; a stream without any is an empty list."""
        found: dict[UUID, list[Event]] = {stream: [] for stream in streams}
        for start in range(0, len(streams), MANY):
            some = [stream.hex for stream in streams[start : start + MANY]]
            sql = f"{_OF_MANY} ({','.join('?' * len(some))}) ORDER BY originator_version"
            for row in self.rows(sql, some):
                stream = UUID(str(row["originator_id"]))
                stored = StoredEvent(stream, row["originator_version"], row["topic"], bytes(row["state"]))
                found[stream].append(self.mapper.to_domain_event(stored))
        return found

    def streams_naming(self, streams: Sequence[UUID], ids: Iterable[str]) -> set[UUID]:
        """Return those of these streams with an event in which any of these ids stands."""
        wanted = [id.encode() for id in ids]
        found = set()
        for start in range(0, len(streams), MANY):
            some = [stream.hex for stream in streams[start : start + MANY]]
            for row in self.rows(f"{_OF_MANY} ({','.join('?' * len(some))})", some):
                state = bytes(row["state"])
                if any(id in state for id in wanted):
                    found.add(UUID(str(row["originator_id"])))
        return found

    def position(self) -> int:
        """Return the number of events in the log."""
        (row,) = self.recorder.read("SELECT max(idx) AS idx FROM leaves")
        return 0 if row["idx"] is None else int(row["idx"]) + 1

    def position_of(self, stream: UUID, version: int) -> int:
        """Return the position that an event of a stream ends; the stream has it."""
        sql = "SELECT notification_id FROM stored_events WHERE originator_id = ? AND originator_version = ?"
        (row,) = self.rows(sql, (stream.hex, version))
        return int(row["notification_id"])

    def position_at(self, moment: str) -> int:
        """Return how long the longest prefix of the log is that has no time later than a moment (as the log writes it).

        Leaves keep the greatest time so far, which never falls: halving finds the place in one query.
        """
        (row,) = self.rows(_POSITION_AT, (moment, moment))
        return int(row["position"])

    def time_at(self, position: int) -> str:
        """Return the greatest time among the log's first `position` events, of which there is at least one."""
        (row,) = self.rows("SELECT time_max FROM leaves WHERE idx = ?", (position - 1,))
        return str(row["time_max"])

    def notifications(self, after: int, limit: int = BATCH) -> Sequence[Notification]:
        """Return the stored events after a position; the `id` of each is its own position."""
        return self.recorder.select_notifications(after, limit, inclusive_of_start=False)

    def edition_streams(self, edition: str, size: int) -> list[tuple[str, int]]:
        """Return every stream of an edition and its version among the log's first `size` events, sorted by stream."""
        sql = "SELECT stream, max(version) AS version FROM leaves WHERE edition = ? AND idx < ? GROUP BY stream"
        return sorted((str(row["stream"]), int(row["version"])) for row in self.rows(sql, (edition, size)))

    def last_leaf_of(self, edition: str) -> int:
        """Return the index of an edition's last leaf, -1 for none."""
        (row,) = self.rows("SELECT max(idx) AS idx FROM leaves WHERE edition = ?", (edition,))
        return -1 if row["idx"] is None else int(row["idx"])

    def leaves(self, start: int, stop: int) -> list[tuple[bytes, str | None]]:
        """Return the stored leaf hashes and their editions from `start` up to but without `stop`; raises `Broken` at a
        gap.
        """
        found = [(leaf["hash"], leaf["edition"]) for leaf in self._leaves(start, "idx, hash, edition", stop)]
        if len(found) < stop - start:
            raise Broken(f"of {stop} leaves, {start + len(found)} are there")
        return found

    def events_about(self, edition: str, award: str, start: int, stop: int) -> Iterator[Notification]:
        """Yield the stored events of an edition, and of its award, of the leaves from `start` up to but without `stop`;
        no other is read.
        """
        about = (start, stop, edition, start, stop, UUID(award).hex)
        yield from map(_notification, self.rows(_ABOUT, about))

    def deciding_events(self, edition: str, stop: int) -> Iterator[Notification]:
        """Yield the first event of an edition and those of its decisions, of the leaves before `stop`."""
        after = -1
        while found := self.rows(_DECIDING, (edition, after, stop, "decision.%", BATCH)):
            yield from map(_notification, found)
            after = found[-1]["notification_id"] - 1

    # The tree.

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the lines of `events.jsonl` of the leaves from `start` up to but without `stop`."""
        for notification in self._events(start, stop):
            yield line(notification, self.origin)

    def basis(self) -> tuple[int, str]:
        """Return size and root (hexadecimal) of the tree over all leaves recorded by now."""
        with self._frontier_lock:
            frontier = self._frontier
            for leaf in self._leaves(frontier.size, "idx, hash"):
                frontier.append(leaf["hash"])
            return frontier.size, frontier.root().hex()

    def check(self) -> tuple[int, str]:
        """Make every leaf anew from its event; return size and root, or raise `Broken` where one differs."""
        leaves_end, events_end = "SELECT max(idx) + 1 FROM leaves", "SELECT max(notification_id) FROM stored_events"
        ends = f"SELECT ({leaves_end}) AS leaves, ({events_end}) AS events"  # our own text
        (end,) = self.rows(ends)  # one statement, so that an append is seen whole or not at all
        if end["leaves"] != end["events"]:
            raise Broken(f"the log ends with event {end['events']}, its leaves with leaf {end['leaves']}")
        frontier = Frontier()
        for leaf in self.leaf_hashes(0, end["events"] or 0):
            frontier.append(leaf)
        return frontier.size, frontier.root().hex()

    def leaf_hashes(self, start: int, stop: int) -> Iterator[bytes]:
        """Make the leaves from `start` up to but without `stop` anew from their events; raises `Broken` where one
        differs from the stored leaf, or is not there.
        """
        leaves, latest = self._leaves(max(0, start - 1), "*", stop), ""
        if start:
            latest = (next(leaves, None) or {}).get("time_max", "")
        for event in self._events(start, stop):
            (entry,) = entries_of([event], self.origin)
            latest = max(latest, entry.time)
            made = (entry.stream, event.originator_version, entry.hash, entry.edition, latest)
            if (leaf := next(leaves, None)) is None or made != _columns(leaf):
                raise Broken(f"the event at position {start + 1} is not the one its leaf was made of")
            yield entry.hash
            start += 1
        if start < stop:
            raise Broken(f"of {stop} events, {start} are there")

    def _events(self, start: int, stop: int | None) -> Iterator[Notification]:
        while batch := self.recorder.select_notifications(start + 1, BATCH, stop):
            yield from batch
            start = batch[-1].id

    def _leaves(self, start: int, columns: str, stop: int = 2**63 - 1) -> Iterator[Row]:
        """Yield the leaves from `start` up to but without `stop`; raises `Broken` at a gap."""
        sql = f"SELECT {columns} FROM leaves WHERE idx >= ? AND idx < ? ORDER BY idx LIMIT ?"  # noqa: S608  # our names
        while batch := self.rows(sql, (start, stop, BATCH)):
            for row in batch:
                if row["idx"] != start:
                    raise Broken(f"leaf {start} is missing")
                start += 1
                yield row


def _notification(row: Row) -> Notification:
    stream = UUID(str(row["originator_id"]))
    return Notification(stream, row["originator_version"], row["topic"], bytes(row["state"]), id=row["notification_id"])


def _columns(leaf: Row) -> tuple[Any, ...]:
    return UUID(str(leaf["stream"])), leaf["version"], leaf["hash"], leaf["edition"], leaf["time_max"]
