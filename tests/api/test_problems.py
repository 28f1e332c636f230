"""Every error is a problem with a stable code; what happened inside stays inside."""

from __future__ import annotations

import logging
from typing import ClassVar

import pytest
from flask import Flask
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, ServiceUnavailable

from awards import problems
from awards.domain.refusals import Busy, CallClosed, Invalid, KeyReused, NotAllowed, NotFound, Refusal, Stale, TooLong
from awards.problems import TRANSPORT, Problem, about, status_of


class Unclassified(Refusal):
    """A refusal of no family."""

    code: ClassVar[str] = "unclassified"


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    problems.install(app)
    return app


def raising(app: Flask, error: Exception, rule: str = "/api/it") -> None:
    def view() -> str:
        raise error

    app.add_url_rule(rule, "it", view)


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (NotAllowed(), 403, "forbidden"),
        (NotFound(), 404, "not_found"),
        (CallClosed(), 409, "call_closed"),
        (Unclassified(), 409, "unclassified"),
        (Stale(), 412, "stale"),
        (Invalid(), 422, "invalid"),
        (TooLong(), 422, "event_too_long"),
        (KeyReused(), 422, "idempotency_key_reused"),
        (Busy(), 503, "too_busy"),
    ],
)
def test_a_refusal_is_answered_by_its_family(app: Flask, refusal: Refusal, status: int, code: str) -> None:
    raising(app, refusal)
    answer = app.test_client().get("/api/it")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": f"/api/docs#problem-{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": str(refusal),
        "code": code,
    }


def test_a_transport_problem_and_a_refusal_of_one_code_have_one_status() -> None:
    known = problems._refusals()
    for code in set(known) & set(TRANSPORT):
        assert problems.refusal_status(known[code]) == TRANSPORT[code][0], code


def test_every_code_is_explained_and_no_other_is_known() -> None:
    for code in [*TRANSPORT, *problems._refusals()]:
        assert 400 <= status_of(code) < 600
        assert about(code).endswith(".")
    with pytest.raises(KeyError):
        status_of("no_such_code")


def test_errors_of_a_schema_are_listed_by_pointer(app: Flask) -> None:
    raising(app, ValidationError({"a/b": {0: {"~": ["wrong"]}}, "_schema": ["at all"]}))
    answer = app.test_client().get("/api/it").get_json()
    assert answer["code"] == "invalid_body"
    assert answer["errors"] == [
        {"field": "", "code": "invalid", "message": "at all"},
        {"field": "/a~1b/0/~0", "code": "invalid", "message": "wrong"},
    ]


def test_of_very_many_errors_the_first_are_listed(app: Flask) -> None:
    raising(app, ValidationError({"items": {place: ["wrong"] for place in reversed(range(1234))}}))
    answer = app.test_client().get("/api/it").get_json()
    assert [error["field"] for error in answer["errors"]] == [f"/items/{place}" for place in range(50)]
    assert answer["detail"].endswith(" The first 50 of 1,234 errors are listed.")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (BadRequest("with\nwhat was sent"), 400, "bad_request"),
        (RequestEntityTooLarge(), 413, "body_too_large"),
        (ServiceUnavailable(), 503, "too_busy"),
        (Problem("unauthenticated"), 401, "unauthenticated"),
        (Problem("bad_cursor"), 422, "bad_cursor"),
    ],
)
def test_errors_of_the_transport_have_codes(app: Flask, error: Exception, status: int, code: str) -> None:
    raising(app, error)
    answer = app.test_client().get("/api/it")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert "sent" not in answer.text


def test_headers_that_a_status_asks_for_are_there(app: Flask) -> None:
    client = app.test_client()
    raising(app, Problem("unauthenticated"))
    assert client.get("/api/it").headers["WWW-Authenticate"] == 'Bearer realm="awards"'
    assert set(client.post("/api/it").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.get("/api/it").headers["Cache-Control"] == "no-store"


def test_the_unexpected_is_logged_under_a_reference_and_not_told(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    raising(app, RuntimeError("the secret name"))
    with caplog.at_level(logging.ERROR, "awards.problems"):
        answer = app.test_client().get("/api/it")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    reference = answer.get_json()["detail"].split("Reference: ")[1]
    assert "the secret name" not in answer.text
    [record] = caplog.records
    assert reference in record.getMessage()
    assert record.exc_info
    assert str(record.exc_info[1]) == "the secret name"


def test_outside_the_api_errors_are_plain_pages(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    raising(app, RuntimeError("the secret name"), "/page")
    missing, broken = app.test_client().get("/nowhere"), app.test_client().get("/page")
    assert (missing.status_code, missing.mimetype) == (404, "text/html")
    assert (broken.status_code, broken.mimetype) == (500, "text/html")
    assert "the secret name" not in broken.text
    assert app.test_client().get("/api/nowhere").get_json()["code"] == "not_found"
