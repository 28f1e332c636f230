"""A backup of the log: one file, the same for both kinds of database, so that one may be restored as the other.

It is an SQLite database with the events and the tables beside the log as they were at one moment, and a manifest.
What is not in it: leaves, which are made anew from the events; read models, in which names stand in clear; sessions and
the state of rate limits, which are nothing to go back to; and every key. So without the key store and the key file of
today nobody reads a name in it, and whoever is erased later is erased in it too.

    manifest (name, value)           format, schema, origin, size, root, taken
    contents (name, rows, sha256)    of each table: how many rows, and the SHA-256 over them
    <table>                          the columns of the table in the database, sorted by name

The SHA-256 of a table is over its rows in the order of the file, each as a JSON list with a line feed after it, binary
values as {"hex": …}. Size and root are those of the tree over the events.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from awards.domain.values import instant
from awards.ledger.copying import Row, Tables, reading
from awards.ledger.database import OTHER_TABLES, SCHEMA
from awards.ledger.files import new_private
from awards.ledger.ledger import Broken
from awards.ledger.recorders import Entry, entries_of
from awards.ledger.tree import Frontier

FORMAT = "1"
EVENTS = "stored_events"
LEFT_OUT = frozenset({"sessions", "limits"})
TABLES = tuple(table for table in OTHER_TABLES if table not in LEFT_OUT)
"""The tables beside the log that are copied."""


class BackupInvalid(Exception):
    """The file is not a backup, or not as it was written."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: the log it is of, and how much of it; `taken`: when, as the log writes times."""

    origin: str
    size: int
    root: str
    taken: str
    schema: str = SCHEMA
    format: str = FORMAT


def write_backup(url: str, path: Path, at: datetime) -> Manifest:
    """Copy the database into a file that must not be there yet; others may go on writing meanwhile.

    Raises `Broken` when the events are not those the leaves were made of, and `FileExistsError`.
    """
    with new_private(path) as draft, reading(url) as source, closing(sqlite3.connect(draft)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")  # the file is synced whole, before it gets its name
        target.execute("CREATE TABLE manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        target.execute("CREATE TABLE contents (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, sha256 TEXT NOT NULL)")
        manifest = _log(source, target, at)
        for table in TABLES:
            columns = source.columns(table)
            _write(target, table, columns, source.rows(table, columns, ", ".join(columns)))
        target.executemany("INSERT INTO manifest VALUES (?, ?)", [(k, str(v)) for k, v in vars(manifest).items()])
        target.commit()
    return manifest


def _log(source: Tables, target: sqlite3.Connection, at: datetime) -> Manifest:
    """Copy the events, and see that they give the leaves they have."""
    meta: dict[str, str] = dict(source.rows("meta", ["name", "value"], "name"))
    columns, frontier = source.columns(EVENTS), Frontier()

    def events() -> Iterator[Row]:
        for row in source.rows(EVENTS, columns, "notification_id"):
            frontier.append(entry_of(columns, row, meta["origin"]).hash)
            yield row

    _write(target, EVENTS, columns, events())
    told = Frontier()
    for (leaf,) in source.rows("leaves", ["hash"], "idx"):
        told.append(bytes(leaf))
    if (told.size, told.root()) != (frontier.size, frontier.root()):
        raise Broken("the events do not give the leaves of this log, and are not backed up: see `awards replay`")
    return Manifest(meta["origin"], frontier.size, frontier.root().hex(), instant(at), meta["schema"])


def entry_of(columns: Sequence[str], row: Row, origin: str) -> Entry:
    """A row of the events with its leaf hash."""
    told = dict(zip(columns, row, strict=True))
    state = told["state"].encode() if isinstance(told["state"], str) else bytes(told["state"])
    stored = StoredEvent(UUID(told["originator_id"]), told["originator_version"], told["topic"], state)
    [entry] = entries_of([stored], origin)
    return entry


def _write(target: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterator[Row]) -> None:
    digest, count = hashlib.sha256(), 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in rows:
            digest.update(_canonical(row))
            count += 1
            yield row

    target.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
    marks = ", ".join("?" * len(columns))
    target.executemany(f"INSERT INTO {table} VALUES ({marks})", counted())  # noqa: S608
    target.execute("INSERT INTO contents VALUES (?, ?, ?)", (table, count, digest.hexdigest()))


def _canonical(row: Row) -> bytes:
    told = [{"hex": bytes(value).hex()} if isinstance(value, bytes | memoryview) else value for value in row]
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


class Backup:
    """An open backup file, checked against its manifest before anything of it is used."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
            self._contents = {name: (n, sha) for name, n, sha in self._file.execute("SELECT * FROM contents")}
            told = dict(self._file.execute("SELECT name, value FROM manifest"))
            self.manifest = Manifest(**{**told, "size": int(told["size"])})
        except (sqlite3.Error, KeyError, TypeError, ValueError) as problem:
            raise BackupInvalid(f"{path} is not a backup of a log: {problem}") from None
        if (self.manifest.format, self.manifest.schema) != (FORMAT, SCHEMA):
            found = f"format {self.manifest.format}, tables {self.manifest.schema}"
            raise BackupInvalid(f"{path} is of another version ({found}) than this program ({FORMAT}, {SCHEMA})")

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def columns(self, table: str) -> list[str]:
        """The columns of a table, as they stand in the file."""
        return [row[1] for row in self._file.execute(f"PRAGMA table_info({table})")]

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table, as they stand in the file."""
        yield from self._file.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608

    def check(self) -> None:
        """Read everything once; raises `BackupInvalid` where it is not what the manifest says."""
        if set(self._contents) != {EVENTS, *TABLES}:
            raise BackupInvalid("the backup has other tables than a backup has")
        try:
            for table, told in self._contents.items():
                digest, count = hashlib.sha256(), 0
                for row in self.rows(table):
                    digest.update(_canonical(row))
                    count += 1
                if (count, digest.hexdigest()) != told:
                    raise BackupInvalid(f"the table {table} of the backup is not as it was written")
        except sqlite3.Error as problem:
            raise BackupInvalid(f"the backup is damaged: {problem}") from None
        frontier = Frontier()
        for entry in self.entries():
            frontier.append(entry.hash)
        if (frontier.size, frontier.root().hex()) != (self.manifest.size, self.manifest.root):
            raise BackupInvalid("the events of the backup do not give the root its manifest says")

    def entries(self) -> Iterator[Entry]:
        """The events in order, each with its leaf hash."""
        columns: list[Any] = self.columns(EVENTS)
        return (entry_of(columns, row, self.manifest.origin) for row in self.rows(EVENTS))
