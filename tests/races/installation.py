"""What an operator does: `awards migrate`, `awards subject register`, `awards serve`, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.api.client import Client

AWARDS = Path(sys.executable).with_name("awards")
START_SECONDS = 60
STAGE = {
    "id": "review",
    "name": {"en": "Review"},
    "rubric": [{"id": "impact", "name": {"en": "Impact"}, "weight": 1}],
    "scale": {"lowest": 1, "highest": 5},
    "ties": ["joint-winners"],
}


class ServerProcess:
    """`awards serve` on a free port."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with log.open("wb") as errors:
            self._process = subprocess.Popen([AWARDS, "serve"], env=environment, stdout=errors, stderr=errors)
        self.client = Client("127.0.0.1", self._port(log))

    def _port(self, log: Path) -> int:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            for line in log.read_text().splitlines(keepends=True):
                if line.startswith("listening on ") and line.endswith("/\n"):
                    return int(line.rstrip("/\n").rpartition(":")[2])
            time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"the server did not start:\n{log.read_text()}")

    def kill(self) -> None:
        """SIGKILL: no time for anything."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """SIGTERM, as whoever runs a service does it; it must end well."""
        self.client.close()
        if self._process.poll() is None:
            self._process.terminate()
            assert self._process.wait(timeout=30) == 0


class Installation:
    """A database with its key store, a secretariat, and the servers on it."""

    def __init__(self, database_url: str, keys_url: str, folder: Path) -> None:
        self.database_url = database_url
        self._folder = folder
        self._servers: list[ServerProcess] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWARDS_")},
            "AWARDS_DATABASE_URL": database_url,
            "AWARDS_KEYS": keys_url,
            "AWARDS_KEY_FILE": str(folder / "awards.key"),
            "AWARDS_PORT": "0",
            "AWARDS_LIMITS": "0",
        }
        self.cli("migrate")
        self.secretariat = told(self.cli("subject", "register", "Secretariat"))["token"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.client.close()
            server.kill()

    def cli(self, *arguments: str) -> str:
        """What a command of `awards` prints; it must end well."""
        done = subprocess.run(
            [AWARDS, *arguments], env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"awards {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def serve(self) -> ServerProcess:
        """Start a server."""
        server = ServerProcess(self.environment, self._folder / f"server-{len(self._servers)}.log")
        self._servers.append(server)
        return server

    def award(self, client: Client, slug: str) -> None:
        """Establish an award."""
        texts = {"name": {"en": "Prize"}, "awarding_body": {"en": "Body"}}
        self.act(client, "awards", {"slug": slug, **texts})

    def edition(self, client: Client, award: str, label: str) -> str:
        """An edition whose call is open; gives its id."""
        edition = str(
            self.act(client, f"awards/{award}/editions", {"label": label, "rules": {"stages": [STAGE]}})["id"]
        )
        now = datetime.now(UTC)
        call = {"opens": now.isoformat(), "closes": (now + timedelta(days=1)).isoformat(), "zone": "UTC"}
        self.act(client, f"editions/{edition}/open-call", call)
        return edition

    def nominator(self, edition: str) -> str:
        """The token of a nominator of the edition."""
        return told(self.cli("subject", "enter", edition, "nominator", "Nominator"))["token"]

    def act(self, client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the secretariat does."""
        answer = client.post(path, body, self.secretariat)
        assert answer.status in (200, 201), answer
        return dict(answer.json)

    def items(self, client: Client, path: str) -> list[dict[str, Any]]:
        """All pages of a list, as the secretariat reads it."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = client.get(f"{path}?limit=200{cursor}", self.secretariat)
            assert page.status == 200, page
            found += page.json["items"]
            if "next" not in page.json:
                return found
            cursor = f"&cursor={page.json['next']}"


def told(printed: str) -> dict[str, str]:
    """The facts a command printed, a line each."""
    return dict(line.split(" ", 1) for line in printed.splitlines())


def nomination(marker: str) -> dict[str, Any]:
    """A nomination that can be told from all others."""
    return {"nominee": {"name": f"Nominee {marker}", "country": "GH"}, "statement": marker}
