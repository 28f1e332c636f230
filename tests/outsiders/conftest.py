"""Fixtures: a service over real HTTP whose log is made just as long as a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.ledger.notes import Head
from awards.settings import Settings
from tests.api.client import Client
from tests.api.conftest import served
from tests.api.play import now
from tests.ledger.signing import add


class House:
    """A running service on SQLite, with its address, an auditor's token, and what it published so far."""

    def __init__(self, service: Service, client: Client, url: str, folder: Path) -> None:
        self.service = service
        self.client = client
        self.url = url
        self.folder = folder
        self.people = service.application.people

    def grow(self, size: int) -> Head:
        """Record events until there are so many; publishes, and keeps the checkpoint as a file of that name."""
        ledger = self.service.ledger
        add(ledger, size - ledger.position())
        assert ledger.position() == size
        note = self.client.get("/log/checkpoint").data
        (self.folder / str(size)).write_bytes(note)
        return Head.read(note.decode().partition("\n\n")[0] + "\n")

    def auditor(self) -> str:
        """The token of an auditor of every award."""
        arrival = Arrival(OPERATOR, now())
        return self.people.issue_token(arrival, self.people.register(arrival, "Ann", "auditor"), "auditor")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with an empty log, for a module of tests to let grow."""
    folder = tmp_path_factory.mktemp("outsiders")
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{folder / 'awards.db'}", "AWARDS_PORT": "0", "AWARDS_LIMITS": "0"}
    with served(Settings.from_environment(environ)) as (service, client, address):
        yield House(service, client, f"{address}/log", folder)
