"""A real server for the tests of the API: cheroot on a free port, on each kind of database, for the whole run.

Tests share it and make awards and editions of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from awards import server
from awards.app import Service
from awards.ledger.database import migrate
from awards.settings import Settings
from tests.api.client import Client
from tests.api.play import Play
from tests.postgres import PostgresServer


@contextmanager
def served(settings: Settings) -> Iterator[tuple[Service, Client, str]]:
    """The service behind its server, a client, and the address."""
    migrate(settings.database_url)
    service = Service.open(settings)
    try:
        with server.serving(service) as (host, port), closing(Client(host, port)) as client:
            yield service, client, f"http://{host}:{port}"
    finally:
        service.close()


@contextmanager
def serving(settings: Settings) -> Iterator[Play]:
    """The same, with somebody to play with."""
    with served(settings) as (service, client, _):
        yield Play(client, service)


@contextmanager
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A service of its own on the kind of database that the fixture's parameter names."""
    folder = tmp_path_factory.mktemp("api")
    environ = {
        "AWARDS_PORT": "0",
        "AWARDS_KEY_FILE": str(folder / "keys.key"),
        "AWARDS_THREADS": "24",
        "AWARDS_LIMITS": "0",
    }
    if request.param == "sqlite":
        environ["AWARDS_DATABASE_URL"] = f"sqlite:///{folder / 'awards.db'}"
        with serving(Settings.from_environment(environ)) as play:
            yield play
        return
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    urls = [postgres.create_database(name) for name in ("api", "api_keys")]
    environ |= {"AWARDS_DATABASE_URL": urls[0], "AWARDS_KEYS": urls[1]}
    try:
        with serving(Settings.from_environment(environ)) as play:
            yield play
    finally:
        for url in urls:
            postgres.drop_database(url)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def play(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A running service with its secretariat, once on SQLite and once on PostgreSQL."""
    with running(request, tmp_path_factory) as play:
        yield play


@pytest.fixture
def api(play: Play) -> Client:
    """The client of the running service."""
    return play.api
