"""Fixtures every test may use: fresh, empty databases of both kinds.

A test that asks for `database_url` or `keys_url` runs once on SQLite and once on PostgreSQL; the server starts with the
first test that needs it. For one kind only: `@pytest.mark.parametrize("database_kind", ["postgres"])`.

Where tests need more than an empty database to begin with, it is made once and copied: `new_database(name, set_up)`.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

from awards.ledger.database import sqlite_path
from tests.memory import memory_folder
from tests.postgres import PostgresServer
from tests.soak import rounds

# No deadline: a busy machine is no failure.
settings.register_profile("awards", deadline=None, max_examples=rounds(100, 2_000))
settings.load_profile("awards")

# Where pytest makes `tmp_path`, unless told otherwise: nobody reads a test's files after it.
if memory := memory_folder():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))

SetUp = Callable[[str], None]
"""Sets up the empty database at a URL and leaves nothing of it open."""


class NewDatabase(Protocol):
    def __call__(self, name: str, set_up: SetUp | None = None) -> str:
        """The URL of one more database, empty or as `set_up` makes one; its name only begins with `name`."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run, without fsync."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Runs the test once per kind of database."""
    return str(request.param)


@pytest.fixture(scope="session")
def template_of(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str, SetUp], str]:
    """The database of a kind that `set_up` made, once a process."""

    @cache
    def make(kind: str, set_up: SetUp) -> str:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'database.db'}"
        else:
            url = request.getfixturevalue("postgres_server").create_database("template")
        set_up(url)
        return url

    return make


@pytest.fixture
def new_database(
    database_kind: str,
    tmp_path: Path,
    template_of: Callable[[str, SetUp], str],
    request: pytest.FixtureRequest,
) -> Iterator[NewDatabase]:
    """Makes databases of the kind under test."""
    with ExitStack() as clean_up:

        def create(name: str, set_up: SetUp | None = None) -> str:
            template = template_of(database_kind, set_up) if set_up else None
            if database_kind == "sqlite":
                path = tmp_path / f"{name}.db"
                if template:
                    shutil.copy(sqlite_path(template), path)
                return f"sqlite:///{path}"
            server: PostgresServer = request.getfixturevalue("postgres_server")
            url = server.create_database(name, template=template or "template0")
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
