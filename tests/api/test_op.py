"""What a declaration gives: the route, its checks, its answer, and the document that describes both."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from werkzeug.test import TestResponse

from awards.api.op import Operations
from awards.api.paging import Cursors
from awards.problems import Problem
from tests.api.sample import SECRET, Author, Note, Notes, make

TOKEN = {"Authorization": "Bearer secretariat"}
ADD = "/api/v1/books/x/notes"
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def app(notes: Notes) -> Flask:
    return make(notes)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def add(client: FlaskClient, title: str = "A note", **more: Any) -> TestResponse:
    return client.post(ADD, json={"title": {"en": title}, **more}, headers=TOKEN)


def outcome(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


# --- what comes in


def test_what_is_made_is_shown_at_its_location(client: FlaskClient) -> None:
    made = add(client, kind="idea", authors=[{"name": "Ada"}])
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1/notes/{made.get_json()['id']}"
    found = client.get(made.headers["Location"], headers=TOKEN)
    assert found.data == made.data
    assert found.headers["ETag"] == made.headers["ETag"]
    assert found.get_json() == {
        "title": {"en": "A note"},
        "kind": "idea",
        "authors": [{"name": "Ada"}],
        "id": made.get_json()["id"],
    }


def test_every_error_of_a_body_is_listed_by_pointer_and_code(client: FlaskClient) -> None:
    body = {
        "title": {"EN": "x", "fr": "\u202eevil"},
        "id": NOBODY,
        "weight": 101,
        "done": "true",
        "authors": [{"name": "Ada"}, {"country": "XX", "admin": True}],
    }
    answer = client.post(ADD, json=body, headers=TOKEN)
    assert outcome(answer) == (422, "invalid_body")
    assert {(error["field"], error["code"]) for error in answer.get_json()["errors"]} == {
        ("/title/EN", "bad_name"),
        ("/title/fr", "reordering_character"),
        ("/id", "unknown"),
        ("/weight", "out_of_range"),
        ("/done", "wrong_type"),
        ("/authors/1/name", "required"),
        ("/authors/1/country", "no_such_country"),
        ("/authors/1/admin", "unknown"),
    }


@pytest.mark.parametrize("body", [[], "text", 1, True, None])
def test_a_body_that_is_no_object_is_refused(client: FlaskClient, body: Any) -> None:
    answer = client.post(ADD, data=json.dumps(body), headers=TOKEN, content_type="application/json")
    assert outcome(answer) == (422, "invalid_body")
    assert answer.get_json()["errors"] == [{"field": "", "code": "wrong_type", "message": "This must be an object."}]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer unknown", "Basic secretariat", "Bearer a b", "Bearer é"])
def test_without_a_valid_token_nothing_is_read(client: FlaskClient, notes: Notes, header: str) -> None:
    answer = client.post(ADD, data=b"{", headers={"Authorization": header.encode().decode("latin-1")})
    assert outcome(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not notes.kept


def test_refusals_of_the_application_pass_through(client: FlaskClient) -> None:
    body = {"title": {"en": "x"}}
    assert outcome(client.post("/api/v1/books/closed/notes", json=body, headers=TOKEN)) == (409, "call_closed")
    assert outcome(client.post(ADD, json=body, headers={"Authorization": "Bearer nominator"})) == (403, "forbidden")


@pytest.mark.parametrize(
    "path",
    [
        f"notes/{NOBODY}",
        f"notes/{NOBODY.replace('-', '')}",
        f"notes/{NOBODY[:-1]}A",
        "notes/1",
        "notes/%00",
        "notes/..%2f",
        "notes/",
        "books//notes",
        "nothing",
    ],
)
def test_what_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert outcome(client.get(f"/api/v1/{path}", headers=TOKEN)) == (404, "not_found")


@pytest.mark.parametrize("book", ["x" * 65, "-", "A", "", "%20", "x%2Fy"])
def test_nothing_is_made_where_nothing_is(client: FlaskClient, book: str) -> None:
    answer = client.post(f"/api/v1/books/{book}/notes", json={"title": {"en": "x"}}, headers=TOKEN)
    assert outcome(answer) == (404, "not_found")


def test_another_method_is_refused_with_those_there_are(client: FlaskClient) -> None:
    answer = client.delete(ADD, headers=TOKEN)
    assert outcome(answer) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize("query", ["kind=idea&kind=idea", "kind=other", "colour=red", "limit=0", "limit=201"])
def test_queries_are_strict(client: FlaskClient, query: str) -> None:
    assert outcome(client.get(f"/api/v1/notes?{query}", headers=TOKEN)) == (422, "invalid_query")


@pytest.mark.parametrize("limit", ["05", "5e1", "+5", " 5", "٥", "1.0", "", "9" * 5000])
def test_a_number_in_a_query_has_one_spelling(client: FlaskClient, limit: str) -> None:
    answer = client.get("/api/v1/notes", query_string={"limit": limit}, headers=TOKEN)
    assert outcome(answer) == (422, "invalid_query")


def test_an_operation_without_parameters_takes_none(client: FlaskClient, notes: Notes) -> None:
    assert outcome(client.post(f"{ADD}?a=1", json={"title": {"en": "x"}}, headers=TOKEN)) == (422, "invalid_query")
    assert not notes.kept


# --- once


def test_a_repeated_key_is_told_to_the_application(client: FlaskClient, notes: Notes) -> None:
    keyed = {**TOKEN, "Idempotency-Key": "first"}
    answers = [client.post(ADD, json={"title": {"en": "x"}}, headers=keyed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    client.post(ADD, json={"title": {"en": "x"}}, headers={**TOKEN, "Idempotency-Key": "second"})
    client.post("/api/v1/books/y/notes", json={"title": {"en": "x"}}, headers=keyed)
    assert len(notes.kept) == 3
    assert len(notes.answered) == 3


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "é"])
def test_a_key_that_cannot_be_one_is_refused(client: FlaskClient, notes: Notes, key: str) -> None:
    keyed = {**TOKEN, "Idempotency-Key": key.encode().decode("latin-1")}
    assert outcome(client.post(ADD, json={"title": {"en": "x"}}, headers=keyed)) == (400, "invalid_header")
    assert not notes.kept


# --- what is replaced


def test_a_replace_needs_the_etag_that_was_read(client: FlaskClient) -> None:
    made = add(client)
    path, etag, body = made.headers["Location"], made.headers["ETag"], {"title": {"en": "Another"}}

    def replace(**headers: str) -> TestResponse:
        return client.put(path, json=body, headers={**TOKEN, **headers})

    assert outcome(replace()) == (428, "precondition_required")
    assert outcome(replace(**{"If-Match": ""})) == (428, "precondition_required")
    for stale in ('"other"', f"W/{etag}", "other"):
        assert outcome(replace(**{"If-Match": stale})) == (412, "stale")
    replaced = replace(**{"If-Match": f'"other", {etag}'})
    assert replaced.status_code == 200
    assert replaced.headers["ETag"] == client.get(path, headers=TOKEN).headers["ETag"] != etag
    assert outcome(replace(**{"If-Match": etag})) == (412, "stale")
    assert replace(**{"If-Match": "*"}).status_code == 200


def test_a_replace_of_nothing_is_not_found(client: FlaskClient) -> None:
    answer = client.put(f"/api/v1/notes/{NOBODY}", json={"title": {"en": "x"}}, headers={**TOKEN, "If-Match": "*"})
    assert outcome(answer) == (404, "not_found")


def test_an_etag_depends_on_the_secret_and_on_what_is_shown(client: FlaskClient) -> None:
    first, second = add(client), add(client, "Another note")
    assert re.fullmatch(r'"[A-Za-z0-9_-]{22}"', first.headers["ETag"])
    assert first.headers["ETag"] != second.headers["ETag"]


def test_what_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    made = add(client)
    for tags in (made.headers["ETag"], f'"x", W/{made.headers["ETag"]}', "*"):
        answer = client.get(made.headers["Location"], headers={**TOKEN, "If-None-Match": tags})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == made.headers["ETag"]
    assert client.get(made.headers["Location"], headers={**TOKEN, "If-None-Match": '"x"'}).status_code == 200


# --- lists


def test_a_list_is_walked_page_by_page(client: FlaskClient, notes: Notes) -> None:
    for number in range(7):
        add(client, f"Note {number}", kind="idea" if number % 2 else "task")
    path, seen, pages = "/api/v1/notes?limit=2&kind=task", [], 0
    while path:
        answer = client.get(path, headers=TOKEN)
        seen += [item["id"] for item in answer.get_json()["items"]]
        pages += 1
        assert len(answer.get_json()["items"]) <= 2
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("Link", ""))
        assert bool(link) == ("next" in answer.get_json())
        path = link[1] if link else ""
    assert pages == 2
    assert seen == [note["id"] for note in notes.kept.values() if note["kind"] == "task"]


@pytest.mark.parametrize("cursor", ["AAAA", "%", "é", "a" * 400, "AAAAAAAAAAAAAAAAAAAAAAAA", "=" * 8])
def test_a_cursor_that_we_did_not_issue_is_refused(client: FlaskClient, cursor: str) -> None:
    answer = client.get("/api/v1/notes", query_string={"cursor": cursor}, headers=TOKEN)
    assert outcome(answer) == (422, "bad_cursor")


@given(st.recursive(st.integers() | st.text(), st.lists) | st.dictionaries(st.text(), st.integers()))
def test_a_cursor_says_what_it_was_told_to_its_own_list_only(place: Any) -> None:
    cursor = Cursors(SECRET, "one").write(place)
    assert re.fullmatch("[A-Za-z0-9_-]+", cursor)
    assert Cursors(SECRET, "one").read(cursor) == place
    assert Cursors(SECRET, "one").write(place) == cursor
    for other in (Cursors(SECRET, "two"), Cursors(b"t" * 32, "one")):
        with pytest.raises(Problem):
            other.read(cursor)


def test_a_cursor_does_not_tell_the_position_it_stands_for() -> None:
    one, next_to_it = (Cursors(SECRET, "one").write([1234567890 + step]) for step in (0, 1))
    told = [base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)) for cursor in (one, next_to_it)]
    assert all(b"123456789" not in one for one in told)
    assert told[0][-6:] != told[1][-6:]


# --- what is public


def test_committee_answers_are_never_stored_and_public_ones_are_for_any_origin(client: FlaskClient) -> None:
    made = add(client)
    private = client.get(made.headers["Location"], headers=TOKEN)
    public = client.get(f"/api/v1/board/{made.get_json()['id']}")
    assert private.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in private.headers
    assert public.headers["Cache-Control"] == "public, max-age=60"
    assert public.headers["Access-Control-Allow-Origin"] == "*"


def test_what_goes_wrong_in_public_is_for_any_origin_too(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    for path, expected in (
        (f"/api/v1/board/{NOBODY}", (404, "not_found")),
        ("/api/v1/board?x=1", (422, "invalid_query")),
        ("/api/v1/broken", (500, "internal_error")),
    ):
        answer = client.get(path)
        assert outcome(answer) == expected
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_browser_that_asks_first_is_told_yes(client: FlaskClient) -> None:
    answer = client.options("/api/v1/board", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "Access-Control-Allow-Origin" not in client.options("/api/v1/notes").headers


def test_head_answers_as_get_without_the_body(client: FlaskClient) -> None:
    add(client)
    head, get = client.head("/api/v1/board"), client.get("/api/v1/board")
    assert head.data == b""
    assert dict(head.headers) == dict(get.headers)


def test_the_format_and_the_language_are_negotiated(client: FlaskClient) -> None:
    def ask(**headers: str) -> TestResponse:
        return client.get("/api/v1/board", headers={name.replace("_", "-"): value for name, value in headers.items()})

    assert ask().mimetype == ask(Accept="*/*").mimetype == "application/json"
    assert ask(Accept="text/csv, application/json;q=0.5").mimetype == "text/csv"
    assert outcome(ask(Accept="image/png")) == (406, "not_acceptable")
    assert ask(Accept_Language="fr-CH, en;q=0.5").headers["Content-Language"] == "fr"
    assert ask(Accept_Language="de").headers["Content-Language"] == "en"
    assert ask().headers["Vary"] == "Accept, Accept-Language"


def test_kept_answers_live_as_long_as_the_standing_is_equal(client: FlaskClient, notes: Notes) -> None:
    def ask(query: str = "", **headers: str) -> TestResponse:
        return client.get("/api/v1/board" + query, headers=headers)

    assert [ask().data for _ in range(3)] == [b'{"items":[]}'] * 3
    assert notes.rendered == 1
    assert ask(Accept="text/csv").mimetype == "text/csv"
    ask("?limit=3")
    assert notes.rendered == 3
    assert outcome(ask("?limit=x")) == outcome(ask("?limit=x")) == (422, "invalid_query")
    etag = ask().headers["ETag"]
    assert ask(**{"If-None-Match": etag}).status_code == 304
    add(client)
    assert len(ask().get_json()["items"]) == 1
    assert ask(**{"If-None-Match": etag}).status_code == 200
    assert ask().headers["Cache-Control"] == "public, max-age=7"


def test_not_more_answers_are_kept_than_a_few(client: FlaskClient, notes: Notes) -> None:
    for number in range(300):
        client.get("/api/v1/board", headers={"Accept": f"application/json, text/x{number}"})
    assert notes.rendered == 300
    client.get("/api/v1/board", headers={"Accept": "application/json, text/x299"})
    assert notes.rendered == 300


# --- declaring


def test_a_view_that_takes_something_else_is_refused_when_it_is_declared() -> None:
    group = Operations("Wrong")
    with pytest.raises(TypeError, match="show takes other arguments than declared"):

        @group.get("/things/<id:thing>", out=Note())
        def show(app: Notes, arrival: Any) -> None: ...


def test_a_code_that_nothing_has_is_refused_when_it_is_declared() -> None:
    group = Operations("Wrong")
    with pytest.raises(KeyError, match="no_such_code"):

        @group.get("/things", out=Author(), errors=("no_such_code",))
        def show(app: Notes, arrival: Any) -> None: ...


# --- the document


def test_the_document_is_valid_and_says_what_was_declared(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/openapi.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    openapi.from_dict(answer.get_json()).validate()
    operation = answer.get_json()["paths"]["/api/v1/notes/{note}"]["put"]
    assert operation["operationId"] == "replace_note"
    assert operation["security"] == [{"token": []}]
    assert [(each["name"], each["in"], each["required"]) for each in operation["parameters"]] == [
        ("note", "path", True),
        ("If-Match", "header", True),
    ]
    assert set(operation["responses"]) == {
        *("200", "204", "400", "401", "403", "404", "411", "412", "413", "415", "422", "428", "429", "503"),
    }
    assert "content" not in operation["responses"].pop("204")
    for status, response in operation["responses"].items():
        assert list(response["content"]) == ["application/json" if status == "200" else "application/problem+json"]
    add_note = answer.get_json()["paths"]["/api/v1/books/{book}/notes"]["post"]
    assert add_note["summary"] == "Add a note"
    assert add_note["description"] == "The book `closed` is closed."
    refused = add_note["responses"]["409"]["content"]["application/problem+json"]["schema"]
    assert refused["allOf"][1] == {"properties": {"code": {"enum": ["call_closed"]}}}


def test_the_shapes_of_the_document_are_those_of_the_fields(client: FlaskClient) -> None:
    shapes = client.get("/api/openapi.json").get_json()["components"]["schemas"]
    shape = shapes["NewNote"]
    assert shape["additionalProperties"] is False
    assert shape["required"] == ["title"]
    assert shape["description"] == "A note to keep."
    assert shape["properties"]["authors"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Author"},
        "minItems": 0,
        "maxItems": 3,
    }
    assert shape["properties"]["weight"] == {"type": "integer", "minimum": 0, "maximum": 100}
    assert shape["properties"]["title"]["additionalProperties"]["maxLength"] == 60
    assert len(shapes["Author"]["properties"]["country"]["enum"]) == 249


def test_the_page_shows_every_operation_and_code_without_a_script(client: FlaskClient) -> None:
    answer = client.get("/api/docs")
    found = client.get("/api/openapi.json").get_json()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script|style=|\son[a-z]+=|http-equiv|https?://(?!peacekeeping)", answer.text)
    for item in found["paths"].values():
        for operation in item.values():
            assert f'id="{operation["operationId"]}"' in answer.text
    shown = re.findall(r'<p class="address">.*?<code>(.*?)</code></p>', answer.text)
    assert {path.replace("<wbr>", "") for path in shown} == set(found["paths"])  # so that it can be copied
    anchors = set(re.findall(r' id="([^"]+)"', answer.text))
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= anchors
    assert {"problem-call_closed", "problem-internal_error", "shape-NewNote"} <= anchors
    style = re.search(r'href="\.\.(/static/awards\.css)"', answer.text)
    assert style
    with client.get(style[1]) as sheet:
        assert sheet.mimetype == "text/css"


def test_document_and_page_are_not_sent_twice(client: FlaskClient) -> None:
    for path in ("/api/openapi.json", "/api/docs"):
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


fuzzed = openapi.from_wsgi("/api/openapi.json", make()).exclude(operation_id="break_down")


@fuzzed.parametrize()
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_answered_as_the_document_says(case: Case) -> None:
    case.headers.update(TOKEN)
    case.call_and_validate(
        checks=[
            not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_headers_conformance,
            checks.response_schema_conformance,
            checks.negative_data_rejection,
            checks.unsupported_method,
        ]
    )
