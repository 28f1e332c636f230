"""Fixtures: a small log that is published, and three witnesses who know its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from awards.ledger.ledger import Ledger
from awards.ledger.publisher import Publisher
from tests.anchoring.witness import Witness, watching
from tests.ledger.parcel import new_ledger
from tests.ledger.signing import add, publisher_of


@pytest.fixture
def database_kind() -> str:
    """What is asked of outsiders does not depend on the database: SQLite, unless a test says otherwise."""
    return "sqlite"


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """A log of three events."""
    opened = new_ledger(database_url)
    add(opened, 3)
    yield opened
    opened.close()


@pytest.fixture
def publisher(ledger: Ledger, tmp_path: Path) -> Publisher:
    """Who publishes it."""
    return publisher_of(ledger, tmp_path)


@pytest.fixture
def witnesses(publisher: Publisher, tmp_path: Path) -> Iterator[list[Witness]]:
    """Three of them, each with its own storage."""
    with ExitStack() as stack:
        vkeys = publisher.vkeys()
        names = ("w1.example/a", "w2.example", "w3.example")
        yield [stack.enter_context(watching(name, tmp_path / f"w{n}.json", vkeys)) for n, name in enumerate(names)]
