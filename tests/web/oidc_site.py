"""The service with an OpenID provider, its people, and what the tests of signing in elsewhere ask of it."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from awards import server
from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.ledger.database import migrate
from awards.settings import Settings
from awards.web.oidc_texts import TEXTS
from awards.web.sessions import COOKIE as SESSION
from tests.web.canaille_server import CLIENT_ID, CLIENT_SECRET
from tests.web.visitor import Visitor

ROOT = Path(__file__).parent.parent.parent
PROVIDER_NAME = "Example ID"


def free_port() -> int:
    """A port nobody listens at: the provider is told of it before the service begins."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Site:
    """A running service; `url` is where, without a slash at its end."""

    def __init__(self, service: Service, url: str, clean_up: ExitStack) -> None:
        self.service, self.url = service, url
        self.app = service.application
        self._clean_up = clean_up

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def person(self, name: str = "Ada") -> str:
        """Somebody registered with a role; gives the subject."""
        return self.app.people.register(Arrival(OPERATOR, self.now), name, "approver")

    def code(self, subject: str) -> str:
        """A one-time code for somebody."""
        return self.app.accounts.new_code(subject, self.now, self.now + timedelta(days=1))

    def deactivate(self, subject: str) -> None:
        self.app.people.deactivate(Arrival(OPERATOR, self.now), subject, "left")

    def visitor(self) -> Visitor:
        """Somebody new with a browser."""
        visitor = Visitor(self.url)
        self._clean_up.callback(visitor.close)
        return visitor

    def signed_in(self, visitor: Visitor) -> str | None:
        """Whose session the visitor's browser has, by the subject."""
        session = visitor.cookie(SESSION)
        account = self.app.accounts.signed_in(session, self.now) if session else None
        return account.subject if account else None

    def sessions(self) -> int:
        """How many sessions there are."""
        return len(self.service.ledger.rows("SELECT hash FROM sessions"))

    def forget(self) -> None:
        """Attach nobody, and end every session."""
        self.service.ledger.write(("DELETE FROM identities", []), ("DELETE FROM sessions", []))

    def identities(self) -> list[tuple[str, str]]:
        """Who is attached: sub and subject."""
        return [(row["sub"], row["subject"]) for row in self.service.ledger.rows("SELECT * FROM identities")]


def embedded(folder: Path) -> tuple[str, str]:
    """The addresses of two SQLite databases."""
    return f"sqlite:///{folder / 'awards.db'}", f"sqlite:///{folder / 'keys.db'}"


def says(key: str, language: str = "en") -> str:
    """What a page of signing in elsewhere says."""
    return TEXTS[language][key].format(name=PROVIDER_NAME)


@contextmanager
def site(folder: Path, urls: tuple[str, str], port: int, provider: dict[str, str], **more: str) -> Iterator[Site]:
    """The service at a port, on these databases."""
    environ = {
        "AWARDS_DATABASE_URL": urls[0],
        "AWARDS_KEYS": urls[1],
        "AWARDS_KEY_FILE": str(folder / "keys.key"),
        "AWARDS_PORT": str(port),
        "AWARDS_BASE_URL": f"http://127.0.0.1:{port}",
        "AWARDS_LIMITS": "0",
        "AWARDS_OIDC_NAME": PROVIDER_NAME,
        **{f"AWARDS_OIDC_{name}": value for name, value in provider.items()},
        **more,
    }
    settings = Settings.from_environment(environ)
    migrate(settings.database_url)
    with ExitStack() as clean_up:
        service = clean_up.enter_context(closing(Service.open(settings)))
        clean_up.enter_context(server.serving(service))
        yield Site(service, environ["AWARDS_BASE_URL"], clean_up)


@contextmanager
def beside_canaille(folder: Path, urls: tuple[str, str], host: str = "127.0.0.1") -> Iterator[Site]:
    """The service, known by a name of this machine, beside a real provider on 127.0.0.1."""
    port = free_port()
    address = f"http://{host}:{port}"
    command = [sys.executable, "-m", "tests.web.canaille_server", f"{address}/sign-in/oidc/callback"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            issuer = process.stdout.readline().strip()
            known = {"ISSUER": issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET}
            with site(folder, urls, port, known, AWARDS_BASE_URL=address) as house:
                yield house
        finally:
            process.terminate()


def text_of(database: Path) -> bytes:
    """All that an SQLite database and its write-ahead log hold."""
    with closing(sqlite3.connect(database)) as connection:
        return "\n".join(connection.iterdump()).encode() + database.read_bytes()
