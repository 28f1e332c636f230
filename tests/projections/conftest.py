"""A log to tell a history into, and read models of it, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from awards.projections import roll
from awards.projections.catch_up import Projector
from awards.projections.tables import View
from tests import set_up
from tests.conftest import NewDatabase
from tests.projections.histories import History


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """The URL of an empty log with its read models."""
    return new_database("awards", set_up.log_and_views)


@pytest.fixture
def keys_url(new_database: NewDatabase) -> str:
    """The URL of an empty key store."""
    return new_database("keys", set_up.keys)


@pytest.fixture
def history(database_url: str, keys_url: str, tmp_path: Path) -> Iterator[History]:
    told = History.begin(database_url, keys_url, tmp_path)
    yield told
    told.close()


@pytest.fixture
def projector(history: History, database_url: str) -> Iterator[Projector]:
    opened = Projector(history.ledger, history.keys, database_url)
    yield opened
    opened.close()


@pytest.fixture
def public(history: History, projector: Projector) -> Callable[..., list[View]]:
    """The roll as the public sees it now, or later."""

    def look(later: timedelta = timedelta(), **filters: Any) -> list[View]:
        with projector.reading() as rows:
            return roll.find_all(rows, history.now + later, **filters).items

    return look
