"""Whole tables out of a database and into one, on both kinds: what a backup and its restoring are made of.

Each opens a connection of its own, so that it holds up nobody: a reader sees one moment of the database however long it
takes (SQLite by its write-ahead log, PostgreSQL by REPEATABLE READ), and a filler stores everything or nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol
from urllib.parse import quote
from uuid import UUID

from awards.ledger.database import is_sqlite, sqlite_path

WAIT = 30
"""Seconds anybody waits for a lock."""

BATCH = 500
"""Rows fetched at a time."""

Row = tuple[Any, ...]


class Tables(Protocol):
    """The tables of one database, at one moment or within one transaction. Names are our own, never a client's."""

    def columns(self, table: str) -> list[str]:
        """The columns of a table, by name."""

    def rows(self, table: str, columns: Sequence[str], order: str) -> Iterator[Row]:
        """Every row of a table, fetched as it is asked for; a UUID as 32 hexadecimal digits."""

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert rows."""

    def run(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Run a statement with `?` for each parameter."""


@contextmanager
def reading(url: str) -> Iterator[Tables]:
    """The tables as they are at one moment."""
    if is_sqlite(url):
        with closing(_sqlite(url, "ro")) as connection:
            connection.execute("BEGIN")
            yield SQLiteCopy(connection)
        return
    import psycopg  # noqa: PLC0415  # an extra

    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield PostgresCopy(connection)


@contextmanager
def filling(url: str) -> Iterator[Tables]:
    """One transaction that keeps every writer out; rolled back on any exception."""
    if is_sqlite(url):
        with closing(_sqlite(url, "rw")) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            yield SQLiteCopy(connection)
            connection.execute("COMMIT")
        return
    import psycopg  # noqa: PLC0415  # an extra

    from awards.ledger.postgres_recorder import LOCK  # noqa: PLC0415

    with psycopg.connect(url, options=f"-c lock_timeout={WAIT}s") as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        yield PostgresCopy(connection)


def _sqlite(url: str, mode: str) -> sqlite3.Connection:
    uri = f"file:{quote(sqlite_path(url))}?mode={mode}"
    return sqlite3.connect(uri, timeout=WAIT, isolation_level=None, uri=True)


class SQLiteCopy:
    """On SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def columns(self, table: str) -> list[str]:
        return sorted(row[1] for row in self._connection.execute(f"PRAGMA table_info({table})"))

    def rows(self, table: str, columns: Sequence[str], order: str) -> Iterator[Row]:
        yield from self._connection.execute(_select(table, columns, order))

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        self._connection.executemany(sql, rows)

    def run(self, sql: str, params: Sequence[Any] = ()) -> None:
        self._connection.execute(sql, params)


class PostgresCopy:
    """On PostgreSQL."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def columns(self, table: str) -> list[str]:
        described = self._connection.execute(f"SELECT * FROM {table} LIMIT 0").description  # noqa: S608
        return sorted(column.name for column in described)

    def rows(self, table: str, columns: Sequence[str], order: str) -> Iterator[Row]:
        with self._connection.cursor(f"copy_{table}") as cursor:
            cursor.itersize = BATCH
            for row in cursor.execute(_select(table, columns, order)):
                yield tuple(value.hex if isinstance(value, UUID) else value for value in row)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(row)

    def run(self, sql: str, params: Sequence[Any] = ()) -> None:
        self._connection.execute(sql.replace("?", "%s"), params)


def _select(table: str, columns: Sequence[str], order: str) -> str:
    return f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"  # noqa: S608
