"""Fixtures every test may use: fresh, empty databases of both kinds.

A test that asks for `database_url` or `keys_url` runs once on SQLite and once on PostgreSQL; the server starts with the
first test that needs it. For one kind only: `@pytest.mark.parametrize("database_kind", ["postgres"])`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from tests.memory import memory_folder
from tests.postgres import PostgresServer
from tests.soak import rounds

# No deadline: a busy machine is no failure.
settings.register_profile("awards", deadline=None, max_examples=rounds(100, 2_000))
settings.load_profile("awards")

# Where pytest makes `tmp_path`, unless told otherwise: nobody reads a test's files after it.
if memory := memory_folder():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))

NewDatabase = Callable[[str], str]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run, without fsync."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Runs the test once per kind of database."""
    return str(request.param)


@pytest.fixture
def new_database(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    """Call it with a short name for the URL of one more empty database of the kind under test."""
    with ExitStack() as clean_up:

        def create(name: str) -> str:
            if database_kind == "sqlite":
                return f"sqlite:///{tmp_path / name}.db"
            server: PostgresServer = request.getfixturevalue("postgres_server")
            url = server.create_database(name)
            clean_up.callback(server.drop_database, url)
            return url

        yield create


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """The URL of an empty database, on SQLite and on PostgreSQL."""
    return new_database("awards")


@pytest.fixture
def keys_url(new_database: NewDatabase) -> str:
    """The URL of a second empty database, of the same kind as `database_url`."""
    return new_database("keys")
