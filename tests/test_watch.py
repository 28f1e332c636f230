"""Refused acts and sign-ins are logged: who, what and from where, and nothing that must stay secret."""

from __future__ import annotations

import json
import logging
import socket
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from awards import server, watch
from awards.access import OPERATOR
from awards.app import Service, create_app
from awards.application.desk import Arrival
from awards.ledger.tokens import new_token
from awards.settings import Settings
from tests.api.sample import Twice, make

ADD = "/api/v1/books/x/notes"
SECRETS = {
    "Authorization": "Bearer awd_secretToken",
    "Cookie": "__Host-session=secretCookie",
    "Idempotency-Key": "secretKey",
    "User-Agent": "secretAgent",
}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "awards.refused")
    return caplog


def told(lines: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What the lines say, without the time."""
    found = [json.loads(record.getMessage()) for record in lines.records if record.name == "awards.refused"]
    for facts in found:
        assert datetime.fromisoformat(facts.pop("time")).tzinfo
    return found


def test_who_is_nobody_is_told_by_address(lines: pytest.LogCaptureFixture) -> None:
    client = make().test_client()
    client.post(f"{ADD}?secret=query", json={"secret": "body"}, headers=SECRETS)
    [line] = told(lines)
    assert line == {
        "event": "refused",
        "code": "unauthenticated",
        "method": "POST",
        "route": "/api/v1/books/<slug:book>/notes",
        "kind": "anybody",
        "address": "127.0.0.1",
    }
    assert "secret" not in lines.text


def test_who_is_known_is_told_by_role_and_id(lines: pytest.LogCaptureFixture) -> None:
    make().test_client().post(ADD, json={"title": {"en": "x"}}, headers={"Authorization": "Bearer nominator"})
    [line] = told(lines)
    assert (line["code"], line["kind"], line["role"], line["id"]) == ("forbidden", "subject", "nominator", "bo")


def test_who_asks_too_often_is_told(lines: pytest.LogCaptureFixture) -> None:
    client = make(limits=Twice()).test_client()
    for _ in range(3):
        client.post(ADD, json={"title": {"en": "x"}}, headers={"Authorization": "Bearer secretariat"})
    [line] = told(lines)
    assert (line["code"], line["id"]) == ("too_many_requests", "ada")


def test_what_is_done_is_not_told(lines: pytest.LogCaptureFixture) -> None:
    client = make().test_client()
    client.post(ADD, json={"title": {"en": "x"}}, headers={"Authorization": "Bearer secretariat"})
    client.get("/api/v1/books/none/notes", headers={"Authorization": "Bearer secretariat"})
    client.post(ADD, json={"wrong": 1}, headers={"Authorization": "Bearer secretariat"})
    assert told(lines) == []


def test_sign_ins_are_told(lines: pytest.LogCaptureFixture) -> None:
    with Flask("x").test_request_context("/", method="POST"):
        watch.signed_in("ada", "password")
        watch.refused("wrong_password")
        watch.signed_out("ada")
    events = [(line["event"], line["code"], line.get("id")) for line in told(lines)]
    assert events == [
        ("signed_in", "password", "ada"),
        ("refused", "wrong_password", None),
        ("signed_out", "asked", "ada"),
    ]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, ["203.0.113.7"], "127.0.0.1"),
        (1, ["203.0.113.7"], "203.0.113.7"),
        (1, ["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
        (1, ["6.6.6.6", "203.0.113.7"], "203.0.113.7"),
        (2, ["6.6.6.6, 203.0.113.7, 10.0.0.1"], "203.0.113.7"),
        (2, ["6.6.6.6, 203.0.113.7", "10.0.0.1"], "203.0.113.7"),
        (2, ["203.0.113.7"], "127.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_of_as_many_proxies_as_there_are(
    lines: pytest.LogCaptureFixture, tmp_path: Path, proxies: int, forwarded: list[str], address: str
) -> None:
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{tmp_path / 'awards.db'}", "AWARDS_PORT": "0"}
    settings = Settings.from_environment({**environ, "AWARDS_PROXIES": str(proxies)})
    with closing(Service.open(settings)) as service, server.serving(service) as place:
        said = [f"X-Forwarded-For: {value}" for value in forwarded]
        with socket.create_connection(place, timeout=30) as connection:
            head = ["GET /api/v1/editions HTTP/1.1", "Host: x", "Connection: close", "X_Forwarded_For: 6.6.6.6", *said]
            connection.sendall("\r\n".join([*head, "", ""]).encode())
            while connection.recv(65536):
                pass
    assert told(lines)[0]["address"] == address


@pytest.mark.parametrize("forged", ["\n", "\r\n", "\x1b[2J", "\u2028", "\x85", "\x00", '"}\n{"event": "signed_in"'])
def test_nobody_writes_a_line_of_her_own(lines: pytest.LogCaptureFixture, forged: str) -> None:
    with Flask("x").test_request_context("/", method="POST", environ_base={"REMOTE_ADDR": f"1.2.3.4{forged}"}):
        watch.refused("unauthenticated", reason=forged + "x" * 10_000)
    [record] = lines.records
    text = record.getMessage()
    assert text.isascii()
    assert text.isprintable()
    assert len(text) < 2000
    [line] = told(lines)
    assert line["address"] == f"1.2.3.4{forged}"


def test_every_other_record_is_one_line_too() -> None:
    formatter = watch.Lines()
    try:
        raise RuntimeError("first\nsecond")
    except RuntimeError:
        record = logging.LogRecord("awards.x", logging.ERROR, __file__, 1, "at %s", ("a\nb",), sys.exc_info())
    line = formatter.format(record)
    assert line.isprintable()
    facts = json.loads(line)
    assert (facts["level"], facts["logger"], facts["message"]) == ("error", "awards.x", "at a\nb")
    assert "RuntimeError: first\nsecond" in facts["traceback"]


def test_whose_token_was_used_that_is_good_no_longer_is_told(lines: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{tmp_path / 'awards.db'}", "AWARDS_PORT": "0"}
    with closing(Service.open(Settings.from_environment(environ))) as service:
        people, client = service.application.people, create_app(service).test_client()
        now = datetime.now(UTC)
        act, before = Arrival(OPERATOR, now), Arrival(OPERATOR, now - timedelta(days=300))
        who = people.register(act, "Ada", "secretariat")
        revoked = people.issue_token(act, who, "secretariat")
        people.revoke_token(act, revoked)
        expired = people.issue_token(before, who, "secretariat", "*", now - timedelta(days=1))
        for token in (revoked, expired, revoked[:-1] + "?", "awd_nothing"):
            answer = client.get("/api/v1/editions", headers={"Authorization": f"Bearer {token}"})
            assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated")
    found = [(line["code"], line["kind"], line.get("role"), line.get("id")) for line in told(lines)]
    assert found == [
        ("unauthenticated", "revoked", "secretariat", who),
        ("unauthenticated", "expired", "secretariat", who),
        *[("unauthenticated", "anybody", None, None)] * 2,
    ]
    assert "awd_" not in lines.text


def test_a_code_that_is_not_valid_is_told(lines: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{tmp_path / 'awards.db'}", "AWARDS_PORT": "0"}
    with closing(Service.open(Settings.from_environment(environ))) as service:
        client = create_app(service).test_client()
        answer = client.post("/api/v1/tokens", json={"code": new_token()[0]})
    assert answer.get_json()["code"] == "code_not_valid"
    assert [(line["code"], line["kind"]) for line in told(lines)] == [("code_not_valid", "anybody")]
