"""The past of an edition: its own events up to a place in the log, in read models that were empty before.

The handlers, tables and queries are those of the present, so there is no second answer to any question, and what a past
costs depends on the edition, not on the log. A past never changes, so the last few are kept, in memory only. Like every
read model it holds sealed values as references: they are opened when shown, and what was erased since is `erased`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Notification
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from awards.projections.moving import decoded, move_all
from awards.projections.opening import OpenAll
from awards.projections.rows import Log, Rows
from awards.projections.tables import METADATA
from awards.projections.work import Work

MOST_PASTS = 8
MOST_EVENTS = 100_000
"""How much is kept: so many pasts, and so many events in all, unless one past alone has more."""

_MEMORY = create_engine("sqlite://", poolclass=NullPool, connect_args={"check_same_thread": False})
"""Every connection is an empty database of its own, which ends with it."""

_ENDS = """
    SELECT (SELECT max(idx) FROM leaves WHERE edition = ? AND idx < ?) AS last,
           (SELECT max(originator_version) FROM stored_events
            WHERE originator_id = ? AND notification_id <= ?) AS award"""
_SELECT = "SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state FROM "
_AWARD = _SELECT + "stored_events e WHERE e.originator_id = ? AND e.originator_version <= ?"
_EDITION = (
    _SELECT + "leaves l JOIN stored_events e ON e.notification_id = l.idx + 1"
    " WHERE l.edition = ? AND l.idx > ? AND l.idx <= ? ORDER BY l.idx LIMIT ?"
)
PAGE = 1_000
"""Events read at a time: by a limit, so that no database thinks of reading the whole log instead."""


@cache
def _schema() -> list[str]:
    """What makes the tables and their indexes, put into words once."""
    made: list[ExecutableDDLElement] = [CreateTable(table) for table in METADATA.sorted_tables]
    made += [CreateIndex(index) for table in METADATA.sorted_tables for index in table.indexes]
    return [str(statement.compile(_MEMORY)) for statement in made]


class Past:
    """An edition and its award as they were; one reader at a time."""

    def __init__(self, edition: str, award: str, last: int, award_version: int) -> None:
        self._asked = (edition, award, last, award_version)
        self._connection: Connection | None = None
        self._kept: dict[Any, tuple[int, Any]] = {}
        self.size = 0
        self.turn = Lock()

    def rows(self, log: Log, open_all: OpenAll) -> Rows:
        """Its read models, made when they are first asked for."""
        if self._connection is None:
            self._connection = self._made(log)
        position = self._asked[2] + 1
        return Rows(self._connection, position, 0, log, open_all, self._kept)

    def _made(self, log: Log) -> Connection:
        work = Work()
        events = decoded(log.mapper, _events(log, *self._asked))
        move_all(work, events)
        connection = _MEMORY.connect()
        for statement in _schema():
            connection.exec_driver_sql(statement)
        work.write(connection)
        connection.commit()
        self.size = len(events)
        return connection

    def close(self) -> None:
        """End it, once nobody reads it."""
        with self.turn:
            if self._connection is not None:
                self._connection.close()
                self._connection, self.size = None, 0


class Pasts:
    """The pasts that were asked for lately. Safe to share between threads."""

    def __init__(self, log: Log, open_all: OpenAll) -> None:
        self._log = log
        self._open_all = open_all
        self._kept: OrderedDict[tuple[str, int, int], Past] = OrderedDict()
        self._turn = Lock()

    @contextmanager
    def reading(self, edition: str, award: str, position: int) -> Iterator[Rows | None]:
        """The read models of an edition as of a position; None where it did not exist yet."""
        ends = self._ends(edition, award, position)
        if ends is None:
            yield None
            return
        past = self._past(edition, award, *ends)
        try:
            with past.turn:
                yield past.rows(self._log, self._open_all)
        finally:
            self._let_go(past)

    def clear(self) -> None:
        """Keep nothing."""
        with self._turn:
            gone = list(self._kept.values())
            self._kept.clear()
        for past in gone:
            past.close()

    def _ends(self, edition: str, award: str, position: int) -> tuple[int, int] | None:
        """The last leaf of the edition up to a position, and the version of the award there."""
        (row,) = self._log.rows(_ENDS, (edition, position, UUID(award).hex, position))
        return None if row["last"] is None else (int(row["last"]), int(row["award"] or 0))

    def _past(self, edition: str, award: str, last: int, award_version: int) -> Past:
        key = (edition, last, award_version)
        with self._turn:
            past = self._kept.setdefault(key, Past(edition, award, last, award_version))
            self._kept.move_to_end(key)
        return past

    def _let_go(self, read: Past) -> None:
        """Forget what was not asked for the longest while there is too much; what was read now stays, if it may."""
        with self._turn:
            gone = []
            while len(self._kept) > MOST_PASTS or sum(past.size for past in self._kept.values()) > MOST_EVENTS:
                key = next(iter(self._kept))
                if self._kept[key] is read:
                    break
                gone.append(self._kept.pop(key))
            if read not in self._kept.values():
                gone.append(read)  # it was forgotten while it was read
        for past in gone:
            past.close()


def _events(log: Log, edition: str, award: str, last: int, award_version: int) -> Iterator[Notification]:
    """The award's events and then the edition's; of these alone is anything read."""
    yield from _stored(log.rows(_AWARD + " ORDER BY e.originator_version", (UUID(award).hex, award_version)))
    after = -1
    while found := log.rows(_EDITION, (edition, after, last, PAGE)):
        yield from _stored(found)
        after = found[-1]["notification_id"] - 1


def _stored(found: Sequence[dict[str, Any]]) -> Iterator[Notification]:
    for row in found:
        stream = UUID(str(row["originator_id"]))
        yield Notification(
            stream, row["originator_version"], row["topic"], bytes(row["state"]), id=row["notification_id"]
        )
