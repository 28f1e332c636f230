"""`awards mail` is killed with SIGKILL while it sends: nothing is lost, and what comes twice is accounted for."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from awards.app import Service
from awards.domain.values import instant
from awards.mail.outbox import Message
from tests.application.house import ONE_STAGE, open_service
from tests.mail.conftest import STATIONERY, MailHouse
from tests.soak import rounds

ROOT = Path(__file__).parents[2]
AWARDS = [sys.executable, "-c", "from awards.cli import main; main()"]
PEOPLE = 25


class Post:
    """An installation on real databases, its mail server in a process of its own, and `awards mail` in others."""

    def __init__(self, folder: Path, database_url: str, keys_url: str) -> None:
        self._accepted = folder / "accepted"
        self._accepted.touch()
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWARDS_")},
            "PYTHONPATH": str(ROOT),
            "AWARDS_DATABASE_URL": database_url,
            "AWARDS_KEYS": keys_url,
            "AWARDS_KEY_FILE": str(folder / "awards.key"),
            "AWARDS_MAIL_FROM": STATIONERY.sender,
            "AWARDS_BASE_URL": STATIONERY.base_url,
        }

    @contextmanager
    def open(self) -> Iterator[None]:
        """The mail server runs."""
        command = [sys.executable, "-m", "tests.mail.server", str(self._accepted)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
            assert server.stdout is not None
            self._environment["AWARDS_SMTP"] = f"smtp://127.0.0.1:{int(server.stdout.readline())}"
            try:
                yield
            finally:
                server.terminate()

    def start(self) -> subprocess.Popen[str]:
        """`awards mail` begins."""
        return subprocess.Popen(
            [*AWARDS, "mail"], env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def accepted(self) -> list[tuple[str, str]]:
        """Message-ID and recipient of every letter the mail server said it took."""
        return [(line.split()[0], line.split()[1]) for line in self._accepted.read_text().splitlines()]


@pytest.fixture
def post(tmp_path: Path, database_url: str, keys_url: str) -> Iterator[Post]:
    post = Post(tmp_path, database_url, keys_url)
    with post.open():
        yield post


@pytest.fixture
def service(post: Post, database_url: str, keys_url: str, tmp_path: Path) -> Iterator[Service]:
    opened = open_service(database_url, keys_url, tmp_path / "awards.key")
    yield opened
    opened.close()


def invite(house: MailHouse, edition: str, number: int) -> set[str]:
    """Let people in; gives their addresses."""
    addresses = {f"n{number}-{one}@example.org" for one in range(PEOPLE)}
    house.at = datetime.now(UTC)
    for address in addresses:
        house.writes_to(house.member(edition, "nominator", address), address)
    return addresses


def undone(service: Service) -> set[str]:
    """The rows that are taken and neither sent nor settled: whose process died with them."""
    sql = "SELECT cause, recipient FROM outbox WHERE state = 'waiting' AND tries > 0 AND next_try > ?"
    rows = service.ledger.rows(sql, [instant(datetime.now(UTC))])
    return {f"{row['cause']} {row['recipient']}" for row in rows}


def let_leases_end(service: Service) -> None:
    """Time passes."""
    now = instant(datetime.now(UTC))
    service.ledger.write(("UPDATE outbox SET next_try = ? WHERE state = 'waiting' AND next_try > ?", [now, now]))


@pytest.mark.soak
def test_nothing_is_lost_and_only_what_a_process_died_with_may_come_twice(post: Post, service: Service) -> None:
    house = MailHouse(service)
    house.at = datetime.now(UTC)
    edition = house.app.editions.plan(house.by(house.secretary), house.award, "2026", ONE_STAGE)
    moments = random.Random(2026)
    wanted: set[str] = set()
    died_with: Counter[str] = Counter()
    for number in range(rounds(4, 40)):
        wanted |= invite(house, edition, number)
        before = len(post.accepted())
        sender = post.start()
        deadline = time.monotonic() + 60
        while len(post.accepted()) == before and sender.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(moments.uniform(0.0, 0.4))
        sender.kill()
        sender.communicate()
        died_with.update(undone(service))
        assert len(undone(service)) <= 1
        let_leases_end(service)
    last = post.start()
    told, errors = last.communicate(timeout=120)
    assert last.returncode == 0, errors
    assert told.startswith("sent ")

    (left,) = service.ledger.rows("SELECT count(*) AS n FROM outbox WHERE state IN ('waiting', 'failed')")
    assert left["n"] == 0
    accepted = Counter(post.accepted())
    assert {address for _, address in accepted} == wanted
    assert len({message_id for message_id, _ in accepted}) == len(wanted)
    again = accepted.total() - len(wanted)
    assert again <= died_with.total()
    allowed = {id_of(service, row) for row in died_with}
    assert {message_id for (message_id, _), times in accepted.items() if times > 1} <= allowed


def id_of(service: Service, row: str) -> str:
    """The Message-ID of a row."""
    cause, recipient = row.split()
    message = Message(cause=cause, recipient=recipient, kind="role", due=datetime.now(UTC), facts={})
    return replace(STATIONERY, secret=service.keys.secret("mail")).message_id(message)
