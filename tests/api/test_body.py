"""What the JSON reader takes, and under which code it refuses the rest."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from awards.api.body import parse
from awards.problems import Problem
from tests.api.sample import Notes, make

NOTES = "/api/v1/books/x/notes"
GARBAGE = make().test_client()
HEADERS = {"Authorization": "Bearer secretariat", "Content-Type": "application/json"}


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def client(notes: Notes) -> FlaskClient:
    return make(notes).test_client()


def nfc(part: Any) -> Any:
    if isinstance(part, str):
        return unicodedata.normalize("NFC", part)
    if isinstance(part, list):
        return [nfc(item) for item in part]
    if isinstance(part, dict):
        return {nfc(name): nfc(item) for name, item in part.items()}
    return part


def status(data: bytes) -> int | None:
    try:
        parse(data)
    except Problem as problem:
        return problem.status
    return None


def problem(data: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        parse(data)
    return caught.value


def refused(data: bytes) -> str:
    return problem(data).code


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a":1}}',
        b"{'a':1}",
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
        '{"a":1}'.encode("utf-16"),
        b"NaN",
        b'{"a":NaN}',
        b'{"a":[Infinity]}',
        b'{"a":-Infinity}',
        b'{"a":' + b"9" * 33 + b"}",
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\x00"}',
        b'{"a":"line\nbreak"}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":["\\udc00\\ud800"]}',
        b'{"a":' * 32 + b"[]" + b"}" * 32,
        b"[" * 33 + b"]" * 33,
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_malformed_bodies_are_refused(data: bytes) -> None:
    assert refused(data) == "malformed_json"


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":[{"a":1,"c":{},"a":{}}]}',
        b'{"a":1,"\\u0061":2}',
        '{"é":1,"e\u0301":2}'.encode(),
    ],
)
def test_a_member_named_twice_is_refused(data: bytes) -> None:
    assert refused(data) == "duplicate_key"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "The body is empty."),
        (b" \r\n", "The body is empty."),
        ('{"é": "'.encode() + b'\xff"}', "The body is not UTF-8 after 8 bytes."),
        (b'{"a": 1,\n "b": }', "The body stops being JSON at line 2, column 7."),
        (b'{"a": 1}}', "The body stops being JSON at line 1, column 9."),
        (b"[" * 100_000, "The body is nested deeper than 32 levels."),
        (b"[" * 33 + b"]" * 33, "The body is nested deeper than 32 levels."),
        (b'{"a":{"b":1,"c":2,"b":3}}', "An object of the body names the member “b” twice."),
        (b'{"%s":1,"%s":2}' % ((b"x" * 999,) * 2), f"An object of the body names the member “{'x' * 80}” twice."),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(data: bytes, told: str) -> None:
    assert str(problem(data)) == told


def test_32_levels_are_read_and_brackets_within_strings_do_not_count() -> None:
    assert parse(b"[" * 32 + b"]" * 32)
    assert parse(b'{"a":"' + b"[" * 100 + b'"}') == {"a": "[" * 100}


def test_strings_and_names_come_in_nfc() -> None:
    assert parse('{"e\u0301":["e\u0301",{"a":"\\u0065\\u0301"}]}'.encode()) == {"é": ["é", {"a": "é"}]}
    assert parse('{"a":"\\n\u0303"}'.encode()) == {"a": "\n\u0303"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text().map(nfc), inner),
        max_leaves=20,
    )
)
def test_any_json_is_read_as_it_was_meant(value: Any) -> None:
    for ascii_only in (True, False):
        assert parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == nfc(value)


@given(st.binary(max_size=200) | st.text(alphabet='[]{}:,"\\u0123dDeE+-.trufalsn \n', max_size=60).map(str.encode))
def test_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    assert status(data) in (None, 400)


@given(
    data=st.binary(max_size=100) | st.recursive(st.text(), st.lists).map(lambda value: json.dumps(value).encode()),
    content_type=st.sampled_from(["application/json", "text/plain", "application/json; charset=utf-8", ""]),
)
def test_garbage_is_answered_with_a_4xx_problem(data: bytes, content_type: str) -> None:
    answer = GARBAGE.post(NOTES, data=data, headers={**HEADERS, "Content-Type": content_type})
    assert 400 <= answer.status_code < 500
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/plain", None),
        ("", None),
        ("application/json; charset=latin-1", None),
        ("application/jsonp", None),
        ("application/x-www-form-urlencoded", None),
        ("application/json", "gzip"),
    ],
)
def test_another_content_type_is_refused_before_the_body_is_read(
    client: FlaskClient, content_type: str, encoding: str | None
) -> None:
    headers = {**HEADERS, "Content-Type": content_type} | ({"Content-Encoding": encoding} if encoding else {})
    answer = client.post(NOTES, data=b"{" * 10_000_000, headers=headers)
    assert (answer.status_code, answer.json and answer.json["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON", 'application/json; charset="UTF-8"'])
def test_json_may_be_announced_in_any_case_and_with_its_only_charset(client: FlaskClient, content_type: str) -> None:
    answer = client.post(NOTES, data=b'{"title":{"en":"a"}}', headers={**HEADERS, "Content-Type": content_type})
    assert answer.status_code == 201


def test_a_body_of_10_mb_is_refused(client: FlaskClient) -> None:
    answer = client.post(NOTES, data=b'{"text":"' + b"x" * 10_000_000 + b'"}', headers=HEADERS)
    assert (answer.status_code, answer.json and answer.json["code"]) == (413, "body_too_large")


def test_the_longest_body_that_is_read_is_as_long_as_said(client: FlaskClient) -> None:
    longest = 256 * 1024
    assert client.post(NOTES, data=b'{"title":{"en":"a"}}'.ljust(longest), headers=HEADERS).status_code == 201
    answer = client.post(NOTES, data=b'{"title":{"en":"a"}}'.ljust(longest + 1), headers=HEADERS)
    assert (answer.status_code, answer.get_json()["detail"]) == (413, "The body must be at most 262,144 bytes.")


def test_an_act_without_a_body_takes_none_or_an_empty_object(client: FlaskClient, notes: Notes) -> None:
    note = client.post(NOTES, json={"title": {"en": "a"}}, headers=HEADERS).get_json()["id"]
    act = f"/api/v1/notes/{note}/finish"
    token = {"Authorization": HEADERS["Authorization"]}
    assert client.post(act, headers=token).status_code == 204
    assert client.post(act, headers=HEADERS, data=b"{}").status_code == 204
    assert client.post(act, headers=HEADERS, data=b'{"done":false}').get_json()["code"] == "invalid_body"
    assert client.post(act, headers=token, data=b"done=1").get_json()["code"] == "unsupported_media_type"
