"""Guessing passwords and codes at a real service of several processes: counted together, forgotten by no restart, told
to who watches, and never with what was guessed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from awards.ledger.tokens import new_token
from awards.limits import RATES
from tests.api.client import Answer, Client
from tests.races.installation import Installation

LOGIN, PASSWORD = "ada@nowhere.int", "hunter2-but-longer"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def limited(installation: Installation) -> Installation:
    """With the limits of a service for real."""
    installation.environment["AWARDS_LIMITS"] = "1"
    return installation


def guess(client: Client, login: str = LOGIN) -> Answer:
    body = urlencode({"login": login, "password": PASSWORD}).encode()
    return client.send("POST", "/sign-in", body, headers=FORM)


def watched(folder: Path) -> list[dict[str, Any]]:
    """Every line of the servers' logs; each is JSON, except the one that says where a server listens."""
    text = "".join(log.read_text() for log in sorted(folder.glob("server-*.log")))
    assert PASSWORD not in text
    assert LOGIN not in text
    assert "awd_" not in text
    return [json.loads(line) for line in text.splitlines() if not line.startswith("listening on ")]


def test_a_login_is_guessed_at_by_all_processes_together(limited: Installation, tmp_path: Path) -> None:
    servers = [limited.serve() for _ in range(2)]
    burst = RATES["login"].burst
    spellings = (LOGIN, LOGIN.upper(), LOGIN.replace("a", "ａ"))  # one login to us: by NFKC, in any case
    answers = [guess(servers[turn % 2].client, spellings[turn % 3]) for turn in range(burst + 4)]
    assert [answer.status for answer in answers] == [403] * burst + [429] * 4
    assert all(0 < int(answer.headers["retry-after"]) <= 60 for answer in answers[burst:])
    servers[0].client.close()
    servers[0].kill()
    again = limited.serve()
    assert guess(again.client).status == 429
    assert guess(again.client, "somebody.else@nowhere.int").status == 403
    for server in (servers[1], again):
        server.stop()
    lines = watched(tmp_path)
    codes = [line["code"] for line in lines]
    assert sorted(codes) == ["sign_in_failed"] * (burst + 1) + ["too_many_requests"] * 5
    assert {(line["event"], line["route"], line["method"], line["address"]) for line in lines} == {
        ("refused", "/sign-in", "POST", "127.0.0.1")
    }


def test_codes_are_guessed_at_by_all_processes_together(limited: Installation, tmp_path: Path) -> None:
    servers = [limited.serve() for _ in range(2)]
    burst = RATES["token"].burst
    answers = [servers[turn % 2].client.post("tokens", {"code": new_token()[0]}) for turn in range(burst + 10)]
    statuses = [answer.status for answer in answers]
    assert statuses[:burst] == [422] * burst
    assert 429 in statuses[burst:]
    assert answers[statuses.index(429)].problem == (429, "too_many_requests")
    for server in servers:
        server.stop()
    assert {line["code"] for line in watched(tmp_path)} == {"code_not_valid", "too_many_requests"}
