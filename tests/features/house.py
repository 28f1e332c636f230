"""An installation of the service for the features: a database and a server, shared by all scenarios of a driver."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.domain.values import moment
from awards.ledger.database import migrate
from awards.server import serving
from awards.settings import Settings
from tests.verifier.histories import findings_in


@dataclass
class House:
    """An open service, its server, and what the operator does at the command line."""

    service: Service
    port: int
    secretariat: str
    """The bearer token of a secretariat for all awards."""
    clean_up: ExitStack

    @classmethod
    def open(cls, database_url: str, keys_url: str, folder: Path) -> Self:
        """Set everything up and listen on a free port."""
        migrate(database_url)
        environment = {
            "AWARDS_LIMITS": "0",
            "AWARDS_DATABASE_URL": database_url,
            "AWARDS_KEYS": keys_url,
            "AWARDS_KEY_FILE": str(folder / "awards.key"),
            "AWARDS_PORT": "0",
            "AWARDS_THREADS": "4",
        }
        with ExitStack() as clean_up:
            service = Service.open(Settings.from_environment(environment))
            clean_up.callback(service.close)
            people = service.application.people
            who = people.register(operator(), "Secretariat", "secretariat")
            token = people.issue_token(operator(), who, "secretariat")
            _, port = clean_up.enter_context(serving(service))
            return cls(service, port, token, clean_up.pop_all())

    def close(self) -> None:
        """Stop the server and close the stores; the verifier finds nothing in any history that was played."""
        with self.clean_up:
            assert findings_in(self.service) == []

    def token(self, edition: str, participant: str, role: str) -> str:
        """A bearer token for a role in an edition."""
        return self.service.application.people.issue_edition_token(operator(), edition, participant, role)

    def link(self, nomination: str, role: str) -> str:
        """A link for the nominee or for an endorser."""
        return self.service.application.people.issue_link(operator(), nomination, role)

    def position(self) -> int:
        """How long the log is."""
        return self.service.ledger.position()

    def latest(self) -> datetime:
        """The latest time in the log."""
        (row,) = self.service.ledger.rows("SELECT max(time_max) AS latest FROM leaves")
        return moment(row["latest"])


def operator() -> Arrival:
    """The operator, now."""
    return Arrival(OPERATOR, datetime.now(UTC))
