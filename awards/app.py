"""The composition root: the only module that knows every other. It opens the stores and puts the service together."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from eventsourcing.persistence import OperationalError
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from awards.api import create_api
from awards.application.application import Application
from awards.application.desk import Desk
from awards.hardening import harden
from awards.ledger.database import is_sqlite, migrate, sqlite_path
from awards.ledger.heads import HeadStore
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from awards.ledger.log_keys import LogKeys
from awards.ledger.publisher import Publisher
from awards.limits import Limits
from awards.mail.codes import Codes
from awards.mail.courier import Courier
from awards.mail.mime import Stationery
from awards.mail.smtp import MailServer
from awards.production import require_ready
from awards.projections.catch_up import Projector
from awards.settings import InvalidSetting, Settings
from awards.web import Pages, create_pages
from awards.web.accounts import Doors, add_accounts


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

        Without `create` nothing is made: what is not there is an `OperationalError`.
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


def open_courier(service: Service) -> Courier | None:
    """Who sends the mail, if a mail server is set."""
    settings = service.settings
    if settings.smtp_url is None:
        return None
    stationery = Stationery(str(settings.mail_from), str(settings.base_url), service.keys.secret("mail"))
    server = MailServer.from_url(settings.smtp_url)
    return Courier(service.application.desk, Codes(service.application), server, stationery)


def mailing(service: Service) -> AbstractContextManager[None]:
    """Send mail in the background while the block runs, if a mail server is set."""
    courier = open_courier(service)
    return courier.working() if courier else nullcontext()


def create_app(service: Service) -> Flask:
    """The WSGI application of an open service."""
    require_ready(service.settings)  # under another server than that of `awards serve` too
    app = Flask("awards", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = service.settings.max_body
    if proxies := service.settings.proxies:
        # Only where a client is: what it asked for is said by AWARDS_BASE_URL, not by a header.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    create_api(app, service.application, service.keys, service.settings, service.limits)
    pages = create_pages(app, service.settings)
    add_accounts(app, pages, Doors(service.application, service.limits, lambda: datetime.now(UTC)))
    if service.settings.oidc_issuer:
        _create_oidc(app, service, pages)
    app.wsgi_app = harden(app.wsgi_app, service.settings.base_url)  # type: ignore[method-assign]
    return app


def _create_oidc(app: Flask, service: Service, pages: Pages) -> None:
    """Add the way in through the OpenID provider, whose libraries are an extra."""
    from awards.web.oidc import CALLBACK, House, add_oidc  # noqa: PLC0415
    from awards.web.provider import Provider  # noqa: PLC0415

    settings = service.settings
    redirect_uri = f"{settings.base_url}{CALLBACK}"
    provider = Provider(
        str(settings.oidc_issuer), str(settings.oidc_client_id), str(settings.oidc_client_secret), redirect_uri
    )
    house = House(
        identities=service.application.identities,
        pages=pages,
        secret=service.keys.secret("oidc"),
        clock=lambda: datetime.now(UTC),
        wait=lambda now: service.limits.take("sign_in", request.remote_addr or "", now),
    )
    pages.provider = settings.oidc_name
    add_oidc(app, provider, str(settings.oidc_name), house)
