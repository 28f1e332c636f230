"""The log on PostgreSQL.

An append is one round trip: a pipeline from BEGIN to COMMIT in which an advisory lock orders the writers, a refused
guard raises in the database, and the place in the log is taken from its last leaf. No writer holds the lock while it
waits for the network, and a client that dies mid-way leaves nothing behind. The library's own `insert_events` is
replaced whole: it would raise a refusal only after the commit.

READ COMMITTED is asked for by name, because every statement after the lock must see what was committed before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row, tuple_row
from psycopg.sql import SQL, Composed, Identifier

from awards.ledger.recorders import (
    NOTHING,
    Alongside,
    Duplicate,
    Entry,
    Moved,
    Row,
    Statement,
    entries_of,
    expected_versions,
)

LOCK = int.from_bytes(b"awards")
"""Key of the advisory lock that every writer of the log takes."""

REFUSED = "AW001"
"""SQLSTATE raised by the function `awards_refuse`, with the stream that moved as its message."""

WAIT = 30
"""Seconds a writer waits for its turn, and anybody for a connection."""

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_LOCK = f"SELECT pg_advisory_xact_lock({LOCK})"
_GUARD = """
    SELECT awards_refuse(guard.stream::text) FROM unnest(%s::uuid[], %s::bigint[]) AS guard (stream, version)
    WHERE guard.version <> coalesce(
        (SELECT max(originator_version) FROM stored_events WHERE originator_id = guard.stream), 0)"""
_LATER = "SELECT awards_refuse(%s::text) WHERE EXISTS (SELECT FROM leaves WHERE edition = %s AND idx > %s)"
_APPEND = """
    WITH head AS (
        SELECT coalesce(max(idx), -1) AS idx,
               coalesce((SELECT time_max FROM leaves ORDER BY idx DESC LIMIT 1), '') AS time_max FROM leaves
    ), fresh AS (
        SELECT stream, version, topic, state, hash, edition,
               head.idx + place AS idx, greatest(head.time_max, latest COLLATE "C") AS time_max
        FROM head, unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::bytea[], %s::text[], %s::text[])
             WITH ORDINALITY AS entry (stream, version, topic, state, hash, edition, latest, place)
    ), events AS (
        INSERT INTO stored_events (originator_id, originator_version, topic, state, notification_id)
        SELECT stream, version, topic, state, idx + 1 FROM fresh
    )
    INSERT INTO leaves (idx, stream, version, hash, edition, time_max)
    SELECT idx, stream, version, hash, edition, time_max FROM fresh RETURNING idx"""
_FIND = "SELECT notification_id FROM stored_events WHERE originator_id = ? AND originator_version = ? AND state = ?"


class PostgresLogDatastore(PostgresDatastore):
    """Connections to one database, by a libpq URL with any of its parameters."""

    def __init__(self, url: str, *, most: int = 16) -> None:
        super().__init__("", "", "", "", "", pool_size=1, max_overflow=most - 1, connect_timeout=WAIT)
        given = conninfo_to_dict(url)
        options = f"{given.pop('options', '')} -c lock_timeout={WAIT}s"
        self.pool.kwargs = {**given, "options": options, "row_factory": dict_row}


class PostgresLogRecorder(PostgresApplicationRecorder):
    """Appends events with their leaves, guards and rows in one transaction."""

    def __init__(self, datastore: PostgresDatastore, origin: str) -> None:
        if datastore.enable_db_functions:
            raise RuntimeError("database functions of the library skip the lock that orders the log")
        super().__init__(datastore)
        self.origin = origin

    def insert_events(  # type: ignore[override]  # the library takes any keyword
        self, stored_events: Sequence[StoredEvent], *, alongside: Alongside = NOTHING
    ) -> Sequence[int]:
        """Append; return each event's position. Raises `Moved` or `Duplicate` with nothing stored.

        When the connection is lost, nobody can say whether the commit took place. The append is then sent once more: if
        the first was stored, the second is refused, and the nonce in the events tells that what is there is ours. If it
        fails again, `OperationalError` or `InterfaceError` leaves the outcome open.
        """
        entries = entries_of(stored_events, self.origin)
        expected = expected_versions(stored_events, alongside)
        try:
            return self._append(entries, expected, alongside)
        except ConnectionLost:
            self.datastore.pool.check()  # its other connections may be as dead
        try:
            return self._append(entries, expected, alongside)
        except (Moved, Duplicate):
            if positions := self._positions(entries):
                return positions
            raise

    def _append(self, entries: Sequence[Entry], expected: Mapping[UUID, int], alongside: Alongside) -> list[int]:
        with self.datastore.get_connection() as connection, _named_errors(connection):
            appended, other = connection.cursor(row_factory=tuple_row), connection.cursor(row_factory=tuple_row)
            with connection.pipeline():
                other.execute(_BEGIN, prepare=True)
                other.execute(_LOCK, prepare=True)
                if expected:
                    other.execute(_GUARD, (list(expected), list(expected.values())), prepare=True)
                if alongside.edition_at:
                    edition, index = alongside.edition_at
                    other.execute(_LATER, (edition, edition, index), prepare=True)
                if entries:
                    appended.execute(_APPEND, _columns(entries), prepare=True)
                for table, rows in alongside.rows:
                    for row in rows:
                        other.execute(_insert(table, *row), tuple(row.values()), prepare=True)
                other.execute("COMMIT", prepare=True)
            # Results are read only here: leaving the pipeline has synchronised once, and raised what went wrong.
            return [index + 1 for (index,) in appended.fetchall()] if entries else []

    def _positions(self, entries: Sequence[Entry]) -> list[int]:
        """Return the positions of these very events, if they are stored."""
        keys = [(entry.stream, entry.stored.originator_version, entry.stored.state) for entry in entries]
        return [row["notification_id"] for key in keys for row in self.read(_FIND, key)]

    def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query, each a dict by column."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            return cursor.execute(_native(sql), params, prepare=True).fetchall()

    def write(self, statements: Iterable[Statement]) -> int:
        """Run the statements in one transaction of their own; return how many rows they touched."""
        with self.datastore.get_connection() as connection, connection.transaction(), connection.cursor() as cursor:
            return sum(cursor.execute(_native(sql), params).rowcount for sql, params in statements)

    def close(self) -> None:
        """Close all connections."""
        self.datastore.close()


class ConnectionLost(OperationalError):
    """The connection broke while an append was under way."""


@contextmanager
def _named_errors(connection: psycopg.Connection[Any]) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate == REFUSED:
            raise Moved(str(error.diag.message_primary)) from error
        if isinstance(error, UniqueViolation):
            raise Duplicate(str(error.diag.table_name)) from error
        if connection.closed:
            raise ConnectionLost(str(error)) from error
        raise


def _columns(entries: Sequence[Entry]) -> tuple[list[Any], ...]:
    stored = [entry.stored for entry in entries]
    return (
        [entry.stream for entry in entries],
        [event.originator_version for event in stored],
        [event.topic for event in stored],
        [event.state for event in stored],
        [entry.hash for entry in entries],
        [entry.edition for entry in entries],
        list(accumulate((entry.time for entry in entries), max)),
    )


@lru_cache
def _insert(table: str, *columns: str) -> Composed:
    names = SQL(", ").join(map(Identifier, columns))
    values = SQL(", ").join(SQL("%s") for _ in columns)
    return SQL("INSERT INTO {} ({}) VALUES ({})").format(Identifier(table), names, values)


@lru_cache
def _native(sql: str) -> SQL:
    return SQL(sql.replace("%", "%%").replace("?", "%s"))  # our own text
