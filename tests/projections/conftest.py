"""A log to tell a history into, and read models of it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.projections.catch_up import Projector
from tests.projections.histories import History


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
