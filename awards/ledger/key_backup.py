"""The backup of the key store: the wrapped keys and the tombstones, without the key file that unwraps them.

Keys have backups of their own, and short ones: while one exists, whoever has it and the key file opens what was erased
since. Restoring one never revives what is erased: a tombstone wins over a key, whichever of the two is the newer.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from awards.ledger.backup import BackupInvalid
from awards.ledger.copying import reading
from awards.ledger.files import new_private
from awards.ledger.key_tables import open_key_tables
from awards.ledger.keys import WrongKeyFile, fingerprint_of

KEYS = ("id", "class", "wrapped", "erased_at")

_ADD = (
    "INSERT INTO keys (id, class, wrapped, erased_at) VALUES (?, ?, ?, ?) ON CONFLICT (id, class) "
    "DO UPDATE SET wrapped = NULL, erased_at = excluded.erased_at "
    "WHERE excluded.wrapped IS NULL AND keys.erased_at IS NULL"
)


def write_key_backup(url: str, path: Path) -> int:
    """Copy the key store into a file that must not be there yet; gives how many keys and tombstones."""
    with new_private(path) as draft, reading(url) as source, closing(sqlite3.connect(draft)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        target.execute("CREATE TABLE key_backup (fingerprint TEXT NOT NULL)")
        target.execute("CREATE TABLE keys (id, class, wrapped, erased_at, PRIMARY KEY (id, class))")
        target.executemany("INSERT INTO key_backup VALUES (?)", source.rows("key_store", ["fingerprint"], "one"))
        target.executemany("INSERT INTO keys VALUES (?, ?, ?, ?)", source.rows("keys", KEYS, "id, class"))
        [(count,)] = target.execute("SELECT count(*) FROM keys")
        target.commit()
    return int(count)


def restore_keys(url: str, key_file: Path, path: Path) -> int:
    """Add what a backup has to a key store, which is made where there is none; gives how many rows the backup has.

    Raises `WrongKeyFile` unless the key file is the one they were wrapped by, and `BackupInvalid`.
    """
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as source:
        try:
            [(fingerprint,)] = source.execute("SELECT fingerprint FROM key_backup")
            rows = source.execute("SELECT id, class, wrapped, erased_at FROM keys").fetchall()
        except (sqlite3.Error, ValueError) as problem:
            raise BackupInvalid(f"{path} is not a backup of a key store: {problem}") from None
    if fingerprint_of(key_file) != fingerprint:
        raise WrongKeyFile(f"the keys in this backup were wrapped by another key file than {key_file}")
    with closing(open_key_tables(url)) as tables:
        known = tables.rows("SELECT fingerprint FROM key_store")
        if known and known != [(fingerprint,)]:
            raise WrongKeyFile("the keys in this store were wrapped by another key file than those of the backup")
        tables.write(
            (
                "INSERT INTO key_store (one, fingerprint, erasures) VALUES (1, ?, 0) ON CONFLICT DO NOTHING",
                [(fingerprint,)],
            ),
            (_ADD, rows),
            ("UPDATE key_store SET erasures = erasures + ?", [(1,)]),
        )
        tables.scrub()
    return len(rows)
