"""Fixtures: the service on an empty database of either kind, and a body that uses it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.app import Service
from tests.application.house import House, open_service


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "awards.key"


@pytest.fixture
def service(database_url: str, keys_url: str, key_file: Path) -> Iterator[Service]:
    """The service, opened."""
    opened = open_service(database_url, keys_url, key_file)
    yield opened
    opened.close()


@pytest.fixture
def house(service: Service) -> House:
    """A body with its staff and its award."""
    return House(service)
