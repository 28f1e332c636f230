"""Restoring the log from a backup, into a database that has none; and the key store from a backup of its own.

Keys are never restored with the log, and what was erased stays erased, in whatever order the two are restored and
however old they are. Of the log: what the tombstones of the key store say is erased is left out, within the transaction
that restores the rest, so that it is in the database at no moment; what the restored log itself says is erased is
finished right afterwards (`erasing`). Of the keys: one that has a tombstone, in the store or in the backup, stays dead.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from eventsourcing.persistence import OperationalError

from awards.ledger.backup import EVENTS, TABLES, Backup, Manifest
from awards.ledger.copying import Row, Tables, filling
from awards.ledger.database import LOG_TABLES, is_sqlite, migrate, open_recorder
from awards.ledger.gone import forget
from awards.ledger.recorders import Entry

MANY = 10_000
"""Events inserted at a time."""

EVENT = ("notification_id", "originator_id", "originator_version", "topic", "state")
LEAF = ("idx", "stream", "version", "hash", "edition", "time_max")

Erased = Mapping[str, Collection[str]]
"""The classes of which an id is erased, by id."""


class NotEmpty(Exception):
    """The database holds events already."""


def restore(url: str, backup: Backup, erased: Erased, service_role: str | None = None) -> Manifest:
    """Restore a backup that was checked; what is not there of the database is made, which takes its owner.

    `erased`: what the key store has tombstones of. Raises `NotEmpty`, and then nothing is changed.
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
        _fill_log(target, backup.entries())
        for table in TABLES:
            target.run(f"DELETE FROM {table}")  # noqa: S608  # the row that setting up the database made
            columns = backup.columns(table)
            rows = backup.rows(table)
            target.fill(table, columns, _kept(columns, rows, erased) if table == "sealed" else rows)
        for id, classes in erased.items():
            for statement in forget(id, classes):
                target.run(*statement)
    return manifest


def _is_set_up(url: str) -> bool:
    """Whether the tables are there: then the role of the service will do, if the log has its origin already."""
    try:
        open_recorder(url).close()
    except OperationalError:
        return False
    return True


def _fill_log(target: Tables, entries: Iterator[Entry]) -> None:
    """Events and leaves; the leaves are made of the events, with the greatest time so far."""
    index, latest = 0, ""
    while some := list(islice(entries, MANY)):
        events, leaves = [], []
        for entry in some:
            stored, stream, latest = entry.stored, entry.stream, max(latest, entry.time)
            version = stored.originator_version
            events.append((index + 1, stream.hex, version, stored.topic, stored.state))
            leaves.append((index, str(stream), version, entry.hash, entry.edition, latest))
            index += 1
        target.fill(EVENTS, EVENT, events)
        target.fill("leaves", LEAF, leaves)


def _kept(columns: list[str], rows: Iterator[Row], erased: Erased) -> Iterator[Row]:
    """The sealed values that are about nobody who is erased."""
    of, cls = columns.index("subjects"), columns.index("class")
    for row in rows:
        if not any(row[cls] in erased.get(id, ()) for id in json.loads(row[of])):
            yield row
