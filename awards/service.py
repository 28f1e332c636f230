"""The stores and the application on top of them, opened together: all a command needs, and no web framework with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from eventsourcing.persistence import OperationalError

from awards.application.application import Application
from awards.application.desk import Desk
from awards.application.erasures import finish
from awards.ledger.database import is_sqlite, migrate, sqlite_path
from awards.ledger.heads import HeadStore
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from awards.ledger.log_keys import LogKeys
from awards.ledger.publisher import Publisher
from awards.limits import Limits
from awards.projections.catch_up import Projector
from awards.settings import InvalidSetting, Settings


@dataclass(frozen=True)
class Service:
    """The open stores and the application on top of them."""

    settings: Settings
    ledger: Ledger
    keys: KeyStore
    projector: Projector
    application: Application
    limits: Limits
    publisher: Publisher | None

    @classmethod
    def open(cls, settings: Settings, *, create: bool = True) -> Self:
        """Open everything; an embedded database is set up on the way, a PostgreSQL one by `awards migrate`.

        Without `create` nothing is made: what is not there is an `OperationalError`. An erasure that was recorded and
        not carried out to its end is finished first.
        """
        ledger = open_ledger(settings, create=create)
        try:
            publisher = open_publisher(settings, ledger)
            if not create and not has_tables(settings.keys_url):
                raise OperationalError("there is no key store where AWARDS_KEYS says, and this command makes none")
        except BaseException:
            ledger.close()
            raise
        keys = KeyStore(settings.keys_url, settings.key_file)
        projector = Projector(ledger, keys, settings.database_url)
        limits = Limits(ledger, keys.secret("limits"), settings.limits)
        application = Application(Desk(ledger, keys, projector), publisher)
        finish(application.desk)
        return cls(settings, ledger, keys, projector, application, limits, publisher)

    def close(self) -> None:
        """Close every connection."""
        self.projector.close()
        self.keys.close()
        self.ledger.close()


def open_ledger(settings: Settings, *, create: bool) -> Ledger:
    """Open the log alone. Without `create`, one that is not there is an `OperationalError`, and nothing is made."""
    if is_sqlite(settings.database_url):
        path = sqlite_path(settings.database_url)
        if create:
            _set_up(settings)
        elif not Path(path).is_file():
            raise OperationalError(f"there is no database {path}: go where it is, or name it by AWARDS_DATABASE_URL")
    ledger = Ledger.open(settings.database_url)
    if settings.origin not in (None, ledger.origin):
        ledger.close()
        raise InvalidSetting("AWARDS_ORIGIN", f"is {settings.origin}, but this log is {ledger.origin}")
    return ledger


def open_publisher(settings: Settings, ledger: Ledger) -> Publisher | None:
    """Who publishes the log, where there is a checkpoint store; `LogRefused` if the database is not what is signed."""
    if settings.log_store is None or settings.log_key is None:
        return None
    publisher = Publisher(ledger, HeadStore(settings.log_store), LogKeys(settings.log_key, ledger.origin))
    publisher.check()
    return publisher


def _set_up(settings: Settings) -> None:
    try:
        migrate(settings.database_url, settings.origin)
    except ValueError as problem:
        raise InvalidSetting("AWARDS_ORIGIN", f"is {settings.origin}, but {problem}") from None


def has_tables(keys_url: str) -> bool:
    """Whether a key store was ever made there; opening one makes it."""
    if is_sqlite(keys_url):
        return Path(sqlite_path(keys_url)).is_file()
    import psycopg  # noqa: PLC0415  # an extra

    with psycopg.connect(keys_url) as connection:
        return connection.execute("SELECT to_regclass('key_store')").fetchone() != (None,)
