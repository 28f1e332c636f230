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
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import UniqueViolation
from psycopg.rows import dict_row, tuple_row
from psycopg.sql import SQL, Identifier

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

MANY = 50
"""Rows beside the log that are inserted by one statement."""

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_LOCK = f"SELECT pg_advisory_xact_lock({LOCK})"
_GUARD = """
    SELECT awards_refuse(%s) WHERE %s <> coalesce(
        (SELECT max(originator_version) FROM stored_events WHERE originator_id = %s), 0)"""
_LATER = "SELECT awards_refuse(%s) WHERE EXISTS (SELECT FROM leaves WHERE edition = %s AND idx > %s)"
_TAKING_PART = "SELECT awards_refuse(%s) WHERE %s <> (SELECT count(*) FROM participants WHERE subject = %s)"
_APPEND = """
    WITH entry (stream, version, topic, state, hash, edition, moment) AS (
        VALUES (%s::uuid, %s::bigint, %s::text, %s::bytea, %s::bytea, %s::text, %s::text)
    ), fresh AS (
        SELECT entry.*, greatest(moment COLLATE "C", head.time_max) AS time_max,
               CASE WHEN version = 1 + coalesce(
                        (SELECT max(originator_version) FROM stored_events WHERE originator_id = stream), 0)
                    THEN 1 + coalesce(head.idx, -1) ELSE awards_refuse(stream) END AS idx
        FROM entry LEFT JOIN (SELECT idx, time_max FROM leaves ORDER BY idx DESC LIMIT 1) AS head ON true
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
        _answers(given)
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
        own = {entry.stream for entry in entries}  # each is checked as its event is inserted
        expected = expected_versions(stored_events, alongside)
        guards = {stream: version for stream, version in expected.items() if stream not in own}
        try:
            return self._append(entries, guards, alongside)
        except ConnectionLost:
            if not entries:
                raise
            self.datastore.pool.check()  # its other connections may be as dead
        try:
            return self._append(entries, guards, alongside)
        except (Moved, Duplicate):
            if positions := self._positions(entries):
                return positions
            raise

    def _append(self, entries: Sequence[Entry], guards: Mapping[UUID, int], alongside: Alongside) -> list[int]:
        with self.datastore.get_connection() as connection, _named_errors(connection):
            appended, other = connection.cursor(row_factory=tuple_row), connection.cursor(row_factory=tuple_row)
            with connection.pipeline():
                other.execute(_BEGIN, prepare=True)
                other.execute(_LOCK, prepare=True)
                for stream, version in guards.items():
                    other.execute(_GUARD, (stream, version, stream), prepare=True)
                for edition, last in alongside.editions_at.items():
                    other.execute(_LATER, (edition, edition, last), prepare=True)
                for subject, editions in alongside.taking_part.items():
                    other.execute(_TAKING_PART, (subject, editions, subject), prepare=True)
                for entry in entries:
                    appended.execute(_APPEND, _values(entry), prepare=True)
                for table, rows in alongside.rows:
                    for some in (rows[place : place + MANY] for place in range(0, len(rows), MANY)):
                        columns = tuple(some[0])
                        values = [row[column] for row in some for column in columns]
                        other.execute(_insert(table, columns, len(some)), values, prepare=True)
                for sql, params in alongside.statements:
                    other.execute(_native(sql), params, prepare=True)
                other.execute("COMMIT", prepare=True)
            # Results are read only here: leaving the pipeline has synchronised once, and raised what went wrong.
            if not entries:
                return []
            ((last,),) = appended.fetchall()
            return list(range(last - len(entries) + 2, last + 2))

    def _positions(self, entries: Sequence[Entry]) -> list[int]:
        """Return the positions of these very events, if they are stored."""
        keys = [(entry.stream, entry.stored.originator_version, entry.stored.state) for entry in entries]
        return [row["notification_id"] for key in keys for row in self.read(_FIND, key)]

    def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query, each a dict by column; asked again when the connection had been lost."""
        try:
            return self._read(sql, params)
        except ConnectionLost:
            self.datastore.pool.check()
            return self._read(sql, params)

    def _read(self, sql: str, params: Sequence[Any]) -> list[Row]:
        with self.datastore.get_connection() as connection, _named_errors(connection), connection.cursor() as cursor:
            return cursor.execute(_native(sql), params, prepare=True).fetchall()

    def write(self, statements: Iterable[Statement]) -> int:
        """Run the statements in one transaction of their own; return how many rows they touched."""
        with self.datastore.get_connection() as connection, connection.transaction(), connection.cursor() as cursor:
            return sum(cursor.execute(_native(sql), params).rowcount for sql, params in statements)

    def scrub(self, tables: Sequence[str]) -> None:
        """Rewrite these tables. The server's WAL goes as it recycles its segments, which is not for us to hasten."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            connection.autocommit = True
            try:
                cursor.execute("VACUUM sealed")  # holds what nobody has a key for any more
                for table in tables:
                    cursor.execute(SQL("VACUUM (FULL) {}").format(Identifier(table)))
            finally:
                connection.autocommit = False

    def close(self) -> None:
        """Close all connections."""
        self.datastore.close()


class ConnectionLost(OperationalError):
    """The connection broke before the answer came."""


def _answers(parameters: dict[str, Any]) -> None:
    """Fail at once, with the server's own words, where the pool would keep trying."""
    try:
        psycopg.connect(**{"connect_timeout": 10, **parameters}).close()
    except psycopg.Error as error:
        raise OperationalError(str(error)) from error


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


def _values(entry: Entry) -> tuple[Any, ...]:
    stored = entry.stored
    return (
        entry.stream,
        stored.originator_version,
        stored.topic,
        stored.state,
        entry.hash,
        entry.edition,
        entry.time,
    )


@lru_cache
def _insert(table: str, columns: tuple[str, ...], count: int) -> bytes:
    """An INSERT of so many rows; bytes, because the driver parses those once."""
    names = SQL(", ").join(map(Identifier, columns))
    row = SQL("({})").format(SQL(", ").join(SQL("%s") for _ in columns))
    rows = SQL(", ").join(row for _ in range(count))
    return SQL("INSERT INTO {} ({}) VALUES {}").format(Identifier(table), names, rows).as_bytes()


@lru_cache
def _native(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()
