"""Whatever arrives: a problem with a stable code and not half an event, or text that is kept and does nothing."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.api.client import Client
from tests.api.play import STAGE, STATEMENT, Facts, Play

NOMINATION: Facts = {"nominee": {"name": "Suman Gawani"}, "statement": STATEMENT, "on_behalf_of": "Chidi"}
RAW = b'{"nominee": {"name": "Suman Gawani"}, "statement": "%s"}'


def nominee(**facts: Any) -> Facts:
    return {**NOMINATION, "nominee": {"name": "Suman Gawani", **facts}}


@pytest.fixture
def path(play: Play) -> str:
    """Where a good nomination would be taken."""
    return f"editions/{play.open()['id']}/nominations"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", (400, "malformed_json")),
        (b'{"nominee": ', (400, "malformed_json")),
        (b"\xff\xfe{}", (400, "malformed_json")),
        (b'{"statement": NaN}', (400, "malformed_json")),
        (b'{"statement": 1e999}', (422, "invalid_body")),
        (b'{"statement": ' + b"9" * 5_000 + b"}", (400, "malformed_json")),
        (b'{"statement": "a", "statement": "b"}', (400, "duplicate_key")),
        (b'{"nominee": {"name": "a", "name": "b"}, "statement": "c"}', (400, "duplicate_key")),
        (b"[" * 100_000 + b"]" * 100_000, (400, "malformed_json")),
        (b'{"a":' * 33 + b"1" + b"}" * 33, (400, "malformed_json")),
        (RAW % rb"half a pair \ud83d", (400, "malformed_json")),
        (RAW % rb"\u0000", (422, "invalid_body")),
        (b" " * 10_000_000, (413, "body_too_large")),
        (b"null", (422, "invalid_body")),
        (b"[]", (422, "invalid_body")),
    ],
)
def test_what_is_no_good_json_is_refused(
    play: Play, api: Client, path: str, body: bytes, problem: tuple[int, str]
) -> None:
    size = play.events()
    assert api.post(path, body, play.secretariat).problem == problem
    assert play.events() == size


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/json; charset=latin-1", ""])
def test_another_content_type_is_refused(play: Play, api: Client, path: str, content_type: str) -> None:
    body = json.dumps(NOMINATION).encode()
    answer = api.post(path, body, play.secretariat, Content_Type=content_type)
    assert answer.problem == (415, "unsupported_media_type")


def test_a_compressed_body_is_refused(play: Play, api: Client, path: str) -> None:
    answer = api.post(path, NOMINATION, play.secretariat, Content_Encoding="gzip")
    assert answer.problem == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"/nominee": "required", "/statement": "required"}),
        ({**NOMINATION, "likes": 3}, {"/likes": "unknown"}),
        ({**NOMINATION, "id": str(uuid.uuid4()), "status": "eligible"}, {"/id": "unknown", "/status": "unknown"}),
        ({**NOMINATION, "nominee": []}, {"/nominee": "wrong_type"}),
        ({**NOMINATION, "statement": None}, {"/statement": "null"}),
        ({**NOMINATION, "statement": 7}, {"/statement": "wrong_type"}),
        ({**NOMINATION, "statement": ""}, {"/statement": "empty"}),
        ({**NOMINATION, "statement": " \n\t "}, {"/statement": "empty"}),
        ({**NOMINATION, "statement": "x" * 20_001}, {"/statement": "too_long"}),
        ({**NOMINATION, "statement": "bell \x07"}, {"/statement": "control_character"}),
        ({**NOMINATION, "statement": "next line \x85"}, {"/statement": "control_character"}),
        ({**NOMINATION, "statement": "not XML \uffff"}, {"/statement": "unusable_character"}),
        ({**NOMINATION, "category": "Main Category"}, {"/category": "malformed"}),
        (nominee(name="x" * 201), {"/nominee/name": "too_long"}),
        (nominee(name="over\u202eturned"), {"/nominee/name": "reordering_character"}),
        (nominee(name="two\nlines"), {"/nominee/name": "control_character"}),
        (nominee(country="XX"), {"/nominee/country": "no_such_country"}),
        (nominee(country="in"), {"/nominee/country": "malformed"}),
        (nominee(kind="robot"), {"/nominee/kind": "not_a_choice"}),
        (nominee(participant="me"), {"/nominee/participant": "malformed"}),
        (nominee(participant=str(uuid.uuid4()).upper()), {"/nominee/participant": "malformed"}),
        (nominee(kind="team", members=[{"name": "A"}] * 51), {"/nominee/members": "too_many"}),
        (nominee(kind="team", members=[{"name": ""}]), {"/nominee/members/0/name": "empty"}),
    ],
)
def test_a_nomination_that_does_not_fit_is_refused_and_told_why(
    play: Play, api: Client, path: str, body: Facts, wrong: dict[str, str]
) -> None:
    size = play.events()
    answer = api.post(path, body, play.secretariat)
    assert answer.problem == (422, "invalid_body")
    assert answer.wrong == wrong
    assert play.events() == size


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({**NOMINATION, "category": "unheard-of"}, (422, "unknown_category")),
        (nominee(kind="person", members=[{"name": "A"}]), (422, "nominee_kind_mismatch")),
        (nominee(participant=str(uuid.uuid4())), (404, "not_found")),
    ],
)
def test_a_nomination_that_contradicts_the_rules_is_refused(
    play: Play, api: Client, path: str, body: Facts, problem: tuple[int, str]
) -> None:
    size = play.events()
    assert api.post(path, body, play.secretariat).problem == problem
    assert play.events() == size


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> & <b>bold</b>",
        '=HYPERLINK("http://evil.example")',
        "'; DROP TABLE nominations; --",
        "{{ 7 * 7 }} ${7*7} %s %(x)s",
        "../../etc/passwd",
        "Ünïcödé, 漢字, עברית, \U0001f3c5, e\u0301",
    ],
)
def test_text_is_kept_as_it_is(play: Play, api: Client, path: str, text: str) -> None:
    made = api.post(path, {"nominee": {"name": text}, "statement": text, "on_behalf_of": text}, play.secretariat)
    assert made.status == 201
    assert made.json["nominee"]["name"] == made.json["statement"] == text.replace("e\u0301", "é")
    assert made.headers["content-type"] == "application/json"
    assert made.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("opens", "closes", "zone", "wrong"),
    [
        ("2026-02-30T00:00:00Z", "2126-01-01T00:00:00Z", "UTC", {"/opens": "no_such_time"}),
        ("2026-01-01", "2126-01-01T00:00:00Z", "UTC", {"/opens": "malformed"}),
        ("2026-01-01T00:00:00", "2126-01-01T24:00:00Z", "UTC", {"/opens": "malformed", "/closes": "malformed"}),
        (
            "0001-01-01T00:00:00+23:00",
            "9999-12-31T23:59:59-23:00",
            "UTC",
            {"/opens": "no_such_time", "/closes": "no_such_time"},
        ),
        ("2026-01-01T00:00:00Z", "2126-01-01T00:00:00Z", "Mars/Olympus", {"/zone": "no_such_zone"}),
    ],
)
def test_a_time_that_does_not_exist_is_refused(
    play: Play, api: Client, opens: str, closes: str, zone: str, wrong: dict[str, str]
) -> None:
    edition = play.edition()
    body = {"opens": opens, "closes": closes, "zone": zone}
    answer = api.post(f"editions/{edition['id']}/open-call", body, play.secretariat)
    assert answer.problem == (422, "invalid_body")
    assert answer.wrong == wrong


@pytest.mark.parametrize("since", ["2019-02-30", "2019-13", "19", "2019-5-1", "0000", 2019])
def test_a_date_that_does_not_exist_is_refused(play: Play, api: Client, since: Any) -> None:
    body = {"slug": "dated", "name": {"en": "Dated"}, "awarding_body": {"en": "The Office"}, "since": since}
    answer = api.post("awards", body, play.secretariat)
    assert answer.problem == (422, "invalid_body")
    assert list(answer.wrong) == ["/since"]


@pytest.mark.parametrize(
    ("rules", "problem", "where"),
    [
        ({"stages": []}, (422, "invalid_body"), ["/rules/stages"]),
        ({"stages": [STAGE] * 11}, (422, "invalid_body"), ["/rules/stages"]),
        ({"stages": [{**STAGE, "rubric": []}]}, (422, "invalid_body"), ["/rules/stages/0/rubric"]),
        ({"stages": [{**STAGE, "quorum": 1.0}]}, (422, "invalid_body"), ["/rules/stages/0/quorum"]),
        ({"stages": [{**STAGE, "quorum": True}]}, (422, "invalid_body"), ["/rules/stages/0/quorum"]),
        ({"stages": [STAGE], "runners_up": 21}, (422, "invalid_body"), ["/rules/runners_up"]),
        ({"stages": [STAGE], "conflict_policy": {"EN": "x"}}, (422, "invalid_body"), ["/rules/conflict_policy/EN"]),
        ({"stages": [STAGE, STAGE]}, (422, "invalid_rules"), None),
        ({"stages": [{**STAGE, "scale": {"lowest": 5, "highest": 1}}]}, (422, "invalid_rules"), None),
        ({"stages": [{**STAGE, "method": {"name": "coin", "version": 1}}]}, (422, "unknown_method"), None),
        (
            {"stages": [STAGE], "conflict_policy": dict.fromkeys("aa bb cc dd ee ff gg".split(), "x" * 8_000)},
            (201, ""),
            None,
        ),
        (
            {"stages": [STAGE], "conflict_policy": dict.fromkeys("aa bb cc".split(), "漢" * 8_000)},
            (422, "event_too_long"),
            None,
        ),
    ],
)
def test_rules_no_edition_could_be_run_by_are_refused(
    play: Play, api: Client, rules: Facts, problem: tuple[int, str], where: list[str] | None
) -> None:
    award, size = play.award(), play.events()
    answer = api.post(f"awards/{award['slug']}/editions", {"label": "2026", "rules": rules}, play.secretariat)
    if problem[0] == 201:
        assert answer.status == 201
        return
    assert answer.problem == problem
    assert where is None or list(answer.wrong) == where
    assert play.events() <= size + 1


@pytest.mark.parametrize(
    "path",
    [
        "editions/{id}",
        "nominations/{id}",
        "reviews/{id}",
        "decisions/{id}",
        "winners/{id}",
        "editions/{id}/nominations",
        "editions/{id}/history",
        "nominations/not-an-id",
        "nominations/{id}%00",
        "awards/%27",
        "nothing",
        "editions//{id}",
    ],
)
def test_what_does_not_exist_is_not_found(play: Play, api: Client, path: str) -> None:
    assert api.get(path.format(id=uuid.uuid4()), play.secretariat).problem == (404, "not_found")


def test_an_id_of_another_kind_is_not_found(play: Play, api: Client) -> None:
    edition = play.open()
    nomination = play.submit(edition, play.secretariat)
    for path in (f"editions/{nomination['id']}", f"nominations/{edition['id']}", f"reviews/{edition['award']}"):
        assert api.get(path, play.secretariat).problem == (404, "not_found")


def test_another_method_is_refused(play: Play, api: Client) -> None:
    answer = api.send("DELETE", f"awards/{play.award()['slug']}", token=play.secretariat)
    assert answer.problem == (405, "method_not_allowed")
    assert {"GET", "PUT"} <= set(answer.headers["allow"].replace(" ", "").split(","))


@pytest.mark.parametrize("said", ["Basic YTpi", "Bearer", "Bearer ", "Bearer a b", "Bearer awd_ü"])
def test_an_authorization_that_is_none_is_refused(api: Client, said: str) -> None:
    answer = api.get(f"editions/{uuid.uuid4()}", Authorization=said)
    assert answer.problem == (401, "unauthenticated")


@pytest.mark.parametrize("who", [{}, {"name": "Ama", "participant": "6f1d9a52-2b0e-4c39-9c55-6a1f0c7a1e77"}])
@pytest.mark.parametrize(("act", "as_what"), [("enter", {"role": "auditor"}), ("appoint", {"stage": "panel"})])
def test_somebody_is_a_participant_there_is_or_a_new_one_by_name(
    play: Play, api: Client, act: str, as_what: Facts, who: Facts
) -> None:
    edition, size = play.edition(), play.events()
    answer = api.post(f"editions/{edition['id']}/{act}", as_what | who, play.secretariat)
    assert (answer.problem, answer.wrong) == ((422, "invalid_body"), {"/name": "one_of"})
    assert play.events() == size


def test_two_sources_have_two_keys(play: Play, api: Client) -> None:
    award, source = play.award(), {"key": "gazette", "title": "The Gazette"}
    answer = api.post(
        f"awards/{award['id']}/past-editions", {"label": "1999", "sources": [source, source]}, play.secretariat
    )
    assert (answer.problem, answer.wrong) == ((422, "invalid_body"), {"/sources": "duplicate"})
