"""The key store's database: SQLite or PostgreSQL behind two calls, since keys need reading and one kind of write.

`keys` has a row an id and class; an erased one stays as a tombstone (`wrapped` NULL), so that "erased" never looks like
"not yet there". `key_store` remembers which key file wrapped them, and counts erasures, so that caches can tell.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol

from awards.ledger.files import make_private
from awards.ledger.key_file import KeyStoreError

WAIT = 30
"""Seconds anybody waits for a lock or a connection."""

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS keys (
        id TEXT NOT NULL, class TEXT NOT NULL, wrapped {blob}, erased_at TEXT,
        PRIMARY KEY (id, class), CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))){tail}""",
    """CREATE TABLE IF NOT EXISTS key_store (
        one INTEGER PRIMARY KEY CHECK (one = 1), fingerprint TEXT NOT NULL, erasures INTEGER NOT NULL)""",
)
SCHEMA_LOCK = 0x6B657973
"""Serialises the creation of the tables on PostgreSQL, where IF NOT EXISTS alone is no guard against a race."""

Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Sequence[Any]]]
"""SQL with `?` placeholders and the rows of parameters to run it with."""


class KeyTables(Protocol):
    """What the key store asks of a database; statements use `?` placeholders."""

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Read."""

    def write(self, *statements: Statement) -> None:
        """Run the statements in one transaction, durable on return."""

    def scrub(self) -> None:
        """Drop the superseded copies of rows that were overwritten."""

    def close(self) -> None:
        """Let the database go."""


class SQLiteTables:
    """One connection, used by one thread at a time: keys are cached, so it is seldom asked."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        make_private(path)
        self._connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            self._use_wal()
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.execute("BEGIN IMMEDIATE")
            for statement in SCHEMA:
                self._connection.execute(statement.format(blob="BLOB", tail=" WITHOUT ROWID"))
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.close()
            raise

    def _use_wal(self) -> None:
        # Two processes that switch a new file at once get "locked" at once, whatever the timeout says.
        for attempt in range(200):
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if attempt == 199:
                    raise
                time.sleep(0.01)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        with self._lock:
            return self._connection.execute(sql, params).fetchall()

    def write(self, *statements: Statement) -> None:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for sql, many in statements:
                    self._connection.executemany(sql, many)
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def scrub(self) -> None:
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class PostgresTables:
    """A small pool of connections; a broken one is replaced before it is used."""

    def __init__(self, url: str) -> None:
        # The driver is an optional extra, not there on an installation that uses SQLite.
        import psycopg  # noqa: PLC0415
        from psycopg_pool import ConnectionPool  # noqa: PLC0415

        given = psycopg.conninfo.conninfo_to_dict(url)
        # Connected by hand once: a server that cannot be reached says why at once, where a pool goes on trying.
        with psycopg.connect(url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
            for statement in SCHEMA:
                connection.execute(statement.format(blob="BYTEA", tail=""))
        self._pool = ConnectionPool(
            url,
            min_size=1,
            max_size=4,
            open=True,
            timeout=WAIT,
            check=ConnectionPool.check_connection,
            kwargs={"autocommit": True, "options": f"{given.get('options', '')} -c lock_timeout={WAIT}s"},
        )

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        with self._pool.connection() as connection:
            return connection.execute(sql.replace("?", "%s"), params).fetchall()

    def write(self, *statements: Statement) -> None:
        with self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            for sql, many in statements:
                cursor.executemany(sql.replace("?", "%s"), many)

    def scrub(self) -> None:
        with self._pool.connection() as connection:
            connection.execute("VACUUM (FULL) keys")  # a plain one leaves the bytes in the pages

    def close(self) -> None:
        self._pool.close()


def open_key_tables(url: str) -> KeyTables:
    """Open `sqlite:///path` or `postgresql://…` and create what is missing."""
    if url.startswith("sqlite:///"):
        return SQLiteTables(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresTables(url)
    raise KeyStoreError("the key store's address must begin with sqlite:/// or postgresql://")
