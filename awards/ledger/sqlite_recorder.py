"""The log on SQLite.

A write begins with BEGIN IMMEDIATE, so that guards are read and the place in the log is taken under the write lock;
threads queue in the process rather than poll the file. WAL with synchronous=FULL: a commit is on disk when it
returns.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any, cast
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import Notification, OperationalError, PersistenceError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteConnection, SQLiteConnectionPool, SQLiteDatastore

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

WAIT = 30
"""Seconds a writer waits for its turn, and anybody for a connection."""

VERSIONS = 2**63 - 1
"""More events than a stream can have."""

PRAGMAS = (
    *("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "recursive_triggers = ON"),
    # A checkpoint syncs the file once more: after 40 MB of WAL rather than after 4. 16 MB of pages stay in memory.
    *("wal_autocheckpoint = 10000", "cache_size = -16000"),
)

_HEAD = "SELECT idx, time_max FROM leaves ORDER BY idx DESC LIMIT 1"
_VERSION = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
_LATER = "SELECT 1 FROM leaves WHERE edition = ? AND idx > ? LIMIT 1"
_TAKING_PART = "SELECT count(*) FROM participants WHERE subject = ?"
_EVENTS = (
    "SELECT originator_version, topic, state FROM stored_events"
    " WHERE originator_id = ? AND originator_version > ? AND originator_version <= ? ORDER BY originator_version"
)
_EVENT = "INSERT INTO stored_events VALUES (?, ?, ?, ?, ?)"
_LEAF = "INSERT INTO leaves VALUES (?, ?, ?, ?, ?, ?)"
_NOTIFICATIONS = "SELECT * FROM stored_events WHERE notification_id >= ?"


class SQLiteLogPool(SQLiteConnectionPool):
    """Connections with every pragma the log depends on; the library's keep one prepared statement each."""

    def _create_connection(self) -> SQLiteConnection:
        try:
            connection = sqlite3.connect(
                self.db_name, timeout=WAIT, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.Error as error:
            raise _named(error) from error
        connection.row_factory = sqlite3.Row
        return SQLiteConnection(connection, max_age=self.max_age)


class SQLiteLogDatastore(SQLiteDatastore):
    """Connections to one database file, enough for the threads of a server."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.pool = SQLiteLogPool(db_name=path, lock_timeout=WAIT, pool_size=32, max_overflow=16, pool_timeout=WAIT)


class SQLiteLogRecorder(SQLiteApplicationRecorder):
    """Appends events with their leaves, guards and rows in one transaction."""

    def __init__(self, datastore: SQLiteDatastore, origin: str) -> None:
        super().__init__(datastore)
        self.origin = origin
        self._turn = Lock()

    def insert_events(  # type: ignore[override]  # the library takes any keyword
        self, stored_events: Sequence[StoredEvent], *, alongside: Alongside = NOTHING
    ) -> Sequence[int]:
        """Append; return each event's position. Raises `Moved` or `Duplicate` with nothing stored."""
        entries = entries_of(stored_events, self.origin)
        expected = expected_versions(stored_events, alongside)
        with self.writing() as cursor:
            _check(cursor, expected, alongside)
            positions = _append(cursor, entries)
            for table, rows in alongside.rows:
                _insert_rows(cursor, table, rows)
            for statement, params in alongside.statements:
                with _unique("a table beside the log"):
                    cursor.execute(statement, params)
        return positions

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of a stream, in order of version."""
        stream = UUID(str(originator_id))
        bounds = (stream.hex, gt or 0, VERSIONS if lte is None else lte, -1 if limit is None else limit)
        found = self._fetch(f"{_EVENTS} {'DESC' if desc else 'ASC'} LIMIT ?", bounds)
        return [StoredEvent(stream, *row) for row in found]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events in the order of the log; `id` is the position."""
        sql, params = _NOTIFICATIONS, [(start or 0) + (not inclusive_of_start)]
        if stop is not None:
            sql, params = sql + " AND notification_id <= ?", [*params, stop]
        if topics:
            sql, params = f"{sql} AND topic IN ({','.join('?' * len(topics))})", [*params, *topics]  # type: ignore[list-item]
        found = self._fetch(f"{sql} ORDER BY notification_id LIMIT ?", [*params, limit])
        return [Notification(UUID(row[1]), row[2], row[3], row[4], id=row[0]) for row in found]

    def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query, each a dict by column."""
        return [dict(row) for row in self._fetch(sql, params)]

    def write(self, statements: Iterable[Statement]) -> int:
        """Run the statements in one transaction of their own; return how many rows they touched."""
        with self.writing() as cursor:
            return sum(cursor.execute(sql, params).rowcount for sql, params in statements)

    def scrub(self, tables: Sequence[str]) -> None:
        """Rewrite the whole file and empty the WAL, which waits for whoever still reads what was there before."""
        with self._turn:
            connection = self.datastore.pool.get_connection()
            try:
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM")
                    _empty_wal(cursor)
            except sqlite3.Error as error:
                raise _named(error) from error
            finally:
                self.datastore.pool.put_connection(connection)

    def close(self) -> None:
        """Close all connections."""
        self.datastore.close()

    def _fetch(self, sql: str, params: Sequence[Any]) -> list[Any]:
        connection = self.datastore.pool.get_connection()
        try:
            with connection.cursor() as cursor:
                return cursor.execute(sql, params).fetchall()
        except sqlite3.Error as error:
            raise _named(error) from error
        finally:
            self.datastore.pool.put_connection(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        """A transaction that holds the write lock from its first statement; rolled back on any exception."""
        if not self._turn.acquire(timeout=WAIT):
            raise OperationalError("timed out waiting to write")
        try:
            connection = self.datastore.pool.get_connection()  # not as a "writer": one that waits there stops readers
            try:
                with connection.cursor() as cursor:
                    cursor.execute("BEGIN IMMEDIATE")
                    yield cursor
                    cursor.execute("COMMIT")
            except BaseException as error:
                connection.rollback()
                if isinstance(error, sqlite3.Error):
                    raise _named(error) from error
                raise
            finally:
                self.datastore.pool.put_connection(connection)
        finally:
            self._turn.release()


def _empty_wal(cursor: sqlite3.Cursor) -> None:
    """Bring the WAL into the file and cut it to nothing; `OperationalError` if a reader holds it for too long."""
    end = time.monotonic() + WAIT
    while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() >= end:
            raise sqlite3.OperationalError("somebody has been reading for too long to empty the WAL")
        time.sleep(0.05)


def _check(cursor: sqlite3.Cursor, expected: dict[UUID, int], alongside: Alongside) -> None:
    for stream, version in expected.items():
        if (cursor.execute(_VERSION, (stream.hex,)).fetchone()[0] or 0) != version:
            raise Moved(stream)
    for edition, last in alongside.editions_at.items():
        if cursor.execute(_LATER, (edition, last)).fetchone():
            raise Moved(edition)
    for subject, editions in alongside.taking_part.items():
        if cursor.execute(_TAKING_PART, (subject,)).fetchone()[0] != editions:
            raise Moved(subject)


def _append(cursor: sqlite3.Cursor, entries: Sequence[Entry]) -> list[int]:
    index, latest = cursor.execute(_HEAD).fetchone() or (-1, "")
    positions: list[int] = []
    for entry in entries:
        index, latest = index + 1, max(latest, entry.time)
        stream, version = entry.stream, entry.stored.originator_version
        cursor.execute(_EVENT, (index + 1, stream.hex, version, entry.stored.topic, entry.stored.state))
        cursor.execute(_LEAF, (index, str(stream), version, entry.hash, entry.edition, latest))
        positions.append(index + 1)
    return positions


def _insert_rows(cursor: sqlite3.Cursor, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    columns = tuple(rows[0])
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # our own names
    with _unique(table):
        cursor.executemany(sql, [tuple(row[column] for column in columns) for row in rows])


@contextmanager
def _unique(table: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE):
            raise Duplicate(table) from error
        raise


def _named(error: sqlite3.Error) -> PersistenceError:
    """The library's exception of the same name, after PEP 249."""
    raised = cast("type[PersistenceError]", getattr(persistence, type(error).__name__, PersistenceError))
    return raised(str(error))
