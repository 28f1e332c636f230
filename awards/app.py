"""The composition root: the only module that knows every other. It opens the stores and puts the service together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from flask import Flask

from awards.api import create_api
from awards.application.application import Application
from awards.application.desk import Desk
from awards.ledger.database import is_sqlite, migrate
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from awards.projections.catch_up import Projector
from awards.settings import Settings
from awards.web import create_pages


@dataclass(frozen=True)
class Service:
    """The open stores and the application on top of them."""

    settings: Settings
    ledger: Ledger
    keys: KeyStore
    projector: Projector
    application: Application

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open everything; an embedded database is set up on the way, a PostgreSQL one by `awards migrate`."""
        if is_sqlite(settings.database_url):
            migrate(settings.database_url, settings.origin)
        ledger = Ledger.open(settings.database_url)
        keys = KeyStore(settings.keys_url, settings.key_file)
        projector = Projector(ledger, keys, settings.database_url)
        return cls(settings, ledger, keys, projector, Application(Desk(ledger, keys, projector)))

    def close(self) -> None:
        """Close every connection."""
        self.projector.close()
        self.keys.close()
        self.ledger.close()


def create_app(service: Service) -> Flask:
    """The WSGI application of an open service."""
    app = Flask("awards", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = service.settings.max_body
    create_api(app, service.application, service.keys, service.settings)
    create_pages(app, service.settings)
    return app
