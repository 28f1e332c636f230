"""Fixtures: a body whose people have addresses, a real mail server, and a courier between the two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from awards.access import Caller
from awards.app import Service
from awards.ledger.beside import subject_of
from awards.ledger.contacts import choose, put_contact
from awards.mail.codes import Codes
from awards.mail.courier import Courier
from awards.mail.mime import Stationery
from awards.mail.smtp import MailServer as Address
from tests import set_up
from tests.application.house import House, open_service
from tests.conftest import NewDatabase
from tests.mail.server import MailServer

STATIONERY = Stationery("Awards <awards@example.org>", "https://awards.example.org", b"s" * 32)


class MailHouse(House):
    """A house that knows how to reach its people."""

    def writes_to(self, who: Caller | str, email: str, language: str | None = None) -> str:
        """Keep an address of a caller or participant; gives the subject."""
        subject = self.subject(who)
        put_contact(self.service.ledger, self.service.keys, subject, email, language)
        return subject

    def subject(self, who: Caller | str) -> str:
        """The subject behind a caller or a participant."""
        if isinstance(who, Caller) and who.subject:
            return who.subject
        found = subject_of(self.service.ledger.rows, str(who.participant if isinstance(who, Caller) else who))
        assert found is not None
        return found

    def wants(self, who: Caller | str, *kinds: str, language: str = "en") -> None:
        """Keep what somebody chose."""
        self.service.ledger.write(choose(self.subject(who), kinds, language))

    def courier(self, port: int) -> Courier:
        """A courier whose clock is the house's."""
        server = replace(Address.from_url(f"smtp://127.0.0.1:{port}"), step_seconds=5.0, accept_seconds=2.0)
        return Courier(self.app.desk, Codes(self.app), server, STATIONERY, lambda: self.at)


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """The URL of an empty log with its read models."""
    return new_database("awards", set_up.log_and_views)


@pytest.fixture
def keys_url(new_database: NewDatabase) -> str:
    """The URL of an empty key store."""
    return new_database("keys", set_up.keys)


@pytest.fixture
def service(database_url: str, keys_url: str, tmp_path: Path) -> Iterator[Service]:
    opened = open_service(database_url, keys_url, tmp_path / "awards.key")
    yield opened
    opened.close()


@pytest.fixture
def house(service: Service) -> MailHouse:
    return MailHouse(service)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def courier(house: MailHouse, mail: MailServer) -> Courier:
    return house.courier(mail.address)
