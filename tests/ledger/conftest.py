"""Fixtures for tests of the log."""

from collections.abc import Iterator

import pytest

from awards.ledger.ledger import Ledger
from tests.ledger.parcel import new_ledger


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """An empty log, on SQLite and on PostgreSQL."""
    opened = new_ledger(database_url)
    yield opened
    opened.close()
