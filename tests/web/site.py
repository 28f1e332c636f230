"""A running service for the tests of the pages, and a client that behaves like a browser without a script."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from awards import server
from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.ledger.database import migrate
from awards.ledger.tokens import CODE_LIFE
from awards.settings import Settings

COOKIE = "__Host-awards"


@dataclass
class Site:
    """A service behind its server."""

    service: Service
    host: str
    port: int

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def registered(self, name: str = "Ada", role: str = "auditor") -> str:
        return self.service.application.people.register(self.by_operator(), name, role)

    def code(self, subject: str) -> str:
        return self.service.application.accounts.new_code(subject, now(), now() + CODE_LIFE)

    def by_operator(self) -> Arrival:
        return Arrival(OPERATOR, now())


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def running(folder: Path, **environ: str) -> Iterator[Site]:
    """A service of its own on SQLite."""
    url = f"sqlite:///{folder / 'awards.db'}"
    migrate(url)
    named = {"AWARDS_PORT": "0", "AWARDS_DATABASE_URL": url, "AWARDS_THREADS": "4", **environ}
    service = Service.open(Settings.from_environment(named))
    try:
        with server.serving(service) as (host, port):
            yield Site(service, host, port)
    finally:
        service.close()


@dataclass
class Answer:
    """What came back; `cookies`: every Set-Cookie header as it stands."""

    status: int
    headers: Mapping[str, str]
    cookies: list[str]
    text: str


@dataclass
class Visitor:
    """Keeps its cookie and says where its forms come from."""

    site: Site
    session: str | None = None
    headers: dict[str, str] = field(default_factory=lambda: {"Sec-Fetch-Site": "same-origin"})

    def get(self, path: str, **headers: str) -> Answer:
        return self._send("GET", path, None, headers)

    def post(self, path: str, **form: str) -> Answer:
        return self._send("POST", path, urlencode(form), self.headers)

    def send(self, path: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Send a form with other headers than a browser's."""
        return self._send("POST", path, urlencode(form), headers)

    def _send(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            said["Content-Type"] = "application/x-www-form-urlencoded"
        if self.session is not None:
            said["Cookie"] = f"{COOKIE}={self.session}"
        connection = http.client.HTTPConnection(self.site.host, self.site.port, timeout=30)
        try:
            connection.request(method, path, body, said)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        cookies = response.headers.get_all("Set-Cookie") or []
        self._keep(cookies)
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, cookies, text)

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if name == COOKIE:
                self.session = value or None
