"""Fixtures: the service on an empty database of either kind, and a body that uses it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.app import Service
from tests import set_up
from tests.application.house import House, open_service
from tests.conftest import NewDatabase
from tests.verifier.histories import findings_in


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """The URL of an empty log with its read models."""
    return new_database("awards", set_up.log_and_views)


@pytest.fixture
def keys_url(new_database: NewDatabase) -> str:
    """The URL of an empty key store."""
    return new_database("keys", set_up.keys)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "awards.key"


@pytest.fixture
def service(database_url: str, keys_url: str, key_file: Path) -> Iterator[Service]:
    """The service, opened; the verifier finds nothing in the histories of any test."""
    opened = open_service(database_url, keys_url, key_file)
    yield opened
    found = findings_in(opened)
    opened.close()
    assert found == []


@pytest.fixture
def house(service: Service) -> House:
    """A body with its staff and its award."""
    return House(service)
