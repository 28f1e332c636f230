"""`awards mail` and `awards serve` as an operator meets them: real processes, a real mail server."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.application.house import ONE_STAGE, open_service
from tests.mail.conftest import MailHouse
from tests.mail.server import Behaviour, MailServer
from tests.test_cli import AWARDS, Operator, clean

CANARY = "nadia.canary@example.org"


@pytest.fixture
def operator(tmp_path: Path, database_url: str, keys_url: str) -> Operator:
    """At a shell where somebody waits to be invited."""
    key_file = tmp_path / "awards.key"
    service = open_service(database_url, keys_url, key_file)
    house = MailHouse(service)
    house.at = datetime.now(UTC)
    edition = house.app.editions.plan(house.by(house.secretary), house.award, "2026", ONE_STAGE)
    house.writes_to(house.member(edition, "nominator", "Nadia"), CANARY)
    service.close()
    variables = {
        "AWARDS_DATABASE_URL": database_url,
        "AWARDS_KEYS": keys_url,
        "AWARDS_KEY_FILE": str(key_file),
        "AWARDS_BASE_URL": "https://awards.example.org",
        "AWARDS_MAIL_FROM": "Awards <awards@example.org>",
        "AWARDS_PORT": "0",
    }
    return Operator(tmp_path, variables)


def until(true: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_mail_is_off_unless_a_server_is_set(operator: Operator) -> None:
    assert operator.refused("mail") == "Error: no mail server is set: see AWARDS_SMTP"


def test_one_run_sends_what_is_due_and_tells_what_is_not_sent_without_addresses(
    operator: Operator, mail: MailServer
) -> None:
    operator.variables["AWARDS_SMTP"] = f"smtp://127.0.0.1:{mail.address}"
    mail.behaviour.strangers = (CANARY,)
    assert operator.run("mail").stdout == "sent 0, to be tried again 0, given up 1\n"
    listed = operator.run("mail", "--list").stdout
    assert "failed role due" in listed
    assert "1 tries: 550 5.1.1" in listed
    assert "canary" not in listed
    mail.behaviour.strangers = ()
    assert operator.run("mail", "--retry").stdout == "1 to be tried anew\nsent 1, to be tried again 0, given up 0\n"
    assert [got.recipients for got in mail.got] == [[CANARY]]
    assert operator.run("mail", "--list").stdout == ""


def test_a_mail_server_that_is_not_there_is_told_in_one_line(operator: Operator) -> None:
    with MailServer() as gone:
        port = gone.address
    line = operator.refused("mail", AWARDS_SMTP=f"smtp://awards:hunter2@127.0.0.1:{port}")
    assert line == "Error: the mail server cannot be reached: Connection refused"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_server_sends_mail_in_the_background_and_stops_though_the_mail_server_hangs(
    operator: Operator, mail: MailServer
) -> None:
    environment = {**clean(), **operator.variables, "AWARDS_SMTP": f"smtp://127.0.0.1:{mail.address}"}
    mail.behaviour = Behaviour(hang=True)
    with subprocess.Popen([*AWARDS, "serve"], env=environment, stderr=subprocess.PIPE, text=True) as served:
        until(lambda: mail.handler.asked)
        started = time.monotonic()
        served.send_signal(signal.SIGTERM)
        assert served.wait(timeout=60) == 0
        assert time.monotonic() - started < 40
        assert mail.handler.asked == 1
        assert served.stderr is not None
        assert "canary" not in served.stderr.read()
