"""Restoring the log from a backup, into a database that has none; and finding what came back that is erased.

Keys are never restored with the log, and what was erased stays erased, however old the backup is. No value is restored
of which the key store has a tombstone. Whatever the tombstones or the restored log say is erased is listed for
destruction (`erasing`) in the transaction that restores the rest, so that whoever opens the database next, after a
crash or not, carries it out before anything else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice

from eventsourcing.persistence import OperationalError

from awards.ledger import erasing
from awards.ledger.backup import EVENTS, TABLES, Backup, Manifest
from awards.ledger.copying import Row, Tables, filling
from awards.ledger.database import LOG_TABLES, is_sqlite, migrate, open_recorder
from awards.ledger.keys import KeyStore, Pair
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Entry

MANY = 10_000
"""Rows inserted or read at a time."""

EVENT = ("notification_id", "originator_id", "originator_version", "topic", "state")
LEAF = ("idx", "stream", "version", "hash", "edition", "time_max")


class NotEmpty(Exception):
    """The database holds events already."""


def restore(
    url: str, backup: Backup, gone: Collection[Pair], at: datetime, service_role: str | None = None
) -> Manifest:
    """Restore a backup that was checked; what is not there of the database is made, which takes its owner.

    `gone`: what the key store has tombstones of. Raises `NotEmpty`, and then nothing is changed.
    """
    manifest = backup.manifest
    if is_sqlite(url) or not _is_set_up(url):
        migrate(url, None, service_role)
    with filling(url) as target:
        for table in LOG_TABLES:
            if next(target.rows(table, ["1"], "1"), None):
                raise NotEmpty("this database holds a log already; a backup is restored into an empty one")
        if ("origin", manifest.origin) not in target.rows("meta", ["name", "value"], "name"):
            target.run("UPDATE meta SET value = ? WHERE name = 'origin'", [manifest.origin])
        recorded = _fill_log(target, backup.entries())
        for table in TABLES:
            target.run(f"DELETE FROM {table}")  # noqa: S608  # the row that setting up the database made
            columns = backup.columns(table)
            rows = backup.rows(table)
            target.fill(table, columns, _kept(columns, rows, gone) if table == "sealed" else rows)
        for statement in erasing.note({*gone, *recorded}, at):
            target.run(*statement)
    return manifest


def _is_set_up(url: str) -> bool:
    """Whether the tables are there: then the role of the service will do, if the log has its origin already."""
    try:
        open_recorder(url).close()
    except OperationalError:
        return False
    return True


def _fill_log(target: Tables, entries: Iterator[Entry]) -> set[Pair]:
    """Events and leaves, which are made of the events, with the greatest time so far; gives what they say is erased."""
    index, latest = 0, ""
    gone: set[Pair] = set()
    while some := list(islice(entries, MANY)):
        events, leaves = [], []
        for entry in some:
            stored, stream, latest = entry.stored, entry.stream, max(latest, entry.time)
            version = stored.originator_version
            events.append((index + 1, stream.hex, version, stored.topic, stored.state))
            leaves.append((index, str(stream), version, entry.hash, entry.edition, latest))
            gone |= erasing.pairs_of(stored.topic, str(stream), stored.state)
            index += 1
        target.fill(EVENTS, EVENT, events)
        target.fill("leaves", LEAF, leaves)
    return gone


def _kept(columns: list[str], rows: Iterator[Row], gone: Collection[Pair]) -> Iterator[Row]:
    """The sealed values that are about nobody who is erased."""
    of, cls = columns.index("subjects"), columns.index("class")
    for row in rows:
        if not any((id, row[cls]) in gone for id in json.loads(row[of])):
            yield row


def list_again(ledger: Ledger, keys: KeyStore, at: datetime) -> None:
    """List for destruction (`erasing`) what is erased by the log and not by the key store, or by the key store and is
    still in the database: where one of the two was put back by other means than `restore`.
    """
    gone = keys.tombstones()
    todo = {pair for one in erasing.recorded(ledger) for pair in one.pairs} - gone
    if gone:
        for ids, cls in _sealed(ledger):
            todo |= {(id, cls) for id in ids} & gone
    ledger.write(*erasing.note(todo, at))


def _sealed(ledger: Ledger) -> Iterator[tuple[list[str], str]]:
    """Whom each sealed value is about, and its class: read once, however many are erased."""
    after = ""
    sql = "SELECT digest, subjects, class FROM sealed WHERE digest > ? ORDER BY digest LIMIT ?"
    while rows := ledger.rows(sql, [after, MANY]):
        for row in rows:
            yield json.loads(row["subjects"]), row["class"]
        after = rows[-1]["digest"]
