"""Restoring, in the one order that keeps what is erased erased: re-erase first, then look whether this is what was
signed, and serve nothing before.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from eventsourcing.persistence import OperationalError

from awards.ledger.backup import Backup, Manifest
from awards.ledger.key_backup import restore_keys
from awards.ledger.keys import KeyStore
from awards.ledger.restoring import restore
from awards.service import has_tables, open_ledger, open_publisher
from awards.settings import InvalidSetting, Settings


def restore_log(settings: Settings, file: Path, service_role: str | None = None) -> Manifest:
    """Restore a backup of the log, without what is erased; raises `LogRefused` when it is not what was signed last.

    Even then the database is restored and re-erased: what to do is up to whoever restored it.
    """
    if not has_tables(settings.keys_url):
        raise OperationalError(
            "there is no key store where AWARDS_KEYS says, and the log is of no use without: "
            "restore it first, by `awards restore --keys`"
        )
    with closing(Backup(file)) as backup, closing(KeyStore(settings.keys_url, settings.key_file)) as keys:
        backup.check()
        if settings.origin not in (None, backup.manifest.origin):
            raise InvalidSetting("AWARDS_ORIGIN", f"is {settings.origin}, but this log is {backup.manifest.origin}")
        manifest = restore(settings.database_url, backup, keys.tombstones(), service_role)
    _finish_erasures(settings)
    with closing(open_ledger(settings, create=False)) as ledger:
        open_publisher(settings, ledger)
    return manifest


def restore_key_store(settings: Settings, file: Path) -> int:
    """Restore a backup of the key store, and destroy again what the log, if it is there, says is erased."""
    count = restore_keys(settings.keys_url, settings.key_file, file)
    try:
        open_ledger(settings, create=False).close()
    except OperationalError:
        return count
    _finish_erasures(settings)
    return count


def _finish_erasures(settings: Settings) -> None:
    """Destroy what the log says is erased and the key store still has."""
