"""Restoring, in the one order that keeps what is erased erased: re-erase first, then look whether this is what was
signed, and serve nothing before.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from eventsourcing.persistence import OperationalError

from awards.application.desk import Desk
from awards.application.erasures import finish
from awards.ledger.backup import Backup, Manifest
from awards.ledger.key_backup import restore_keys
from awards.ledger.keys import KeyStore
from awards.ledger.restoring import list_again, restore
from awards.projections.catch_up import Projector
from awards.service import has_tables, open_ledger, open_publisher
from awards.settings import InvalidSetting, Settings


def restore_log(settings: Settings, file: Path, at: datetime, service_role: str | None = None) -> Manifest:
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
        manifest = restore(settings.database_url, backup, keys.tombstones(), at, service_role)
    _erase_again(settings, at)
    with closing(open_ledger(settings, create=False)) as ledger:
        open_publisher(settings, ledger)
    return manifest


def restore_key_store(settings: Settings, file: Path, at: datetime) -> int:
    """Restore a backup of the key store, and destroy again what the log, if it is there, says is erased."""
    count = restore_keys(settings.keys_url, settings.key_file, file)
    try:
        open_ledger(settings, create=False).close()
    except OperationalError:
        return count
    _erase_again(settings, at)
    return count


def erase_again(desk: Desk, at: datetime) -> int:
    """Destroy what the log or the key store says is erased, wherever it came back; gives how many keys that named."""
    list_again(desk.ledger, desk.keys, at)
    return finish(desk)


def _erase_again(settings: Settings, at: datetime) -> None:
    with (
        closing(open_ledger(settings, create=False)) as ledger,
        closing(KeyStore(settings.keys_url, settings.key_file)) as keys,
        closing(Projector(ledger, keys, settings.database_url)) as projector,
    ):
        erase_again(Desk(ledger, keys, projector), at)
