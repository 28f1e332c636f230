"""The roll of honour over HTTP: public, in four formats, cacheable, and never early."""

from __future__ import annotations

import csv
import io
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.client import Answer, Client
from tests.api.play import Facts, Play

ATOM = "{http://www.w3.org/2005/Atom}"


def eventually(read: Callable[[], Any], expected: Any) -> Any:
    """What a public read shows once it is, or has the length, `expected`: it may be a second old."""
    ends = time.monotonic() + 8
    while True:
        found = read()
        if expected in (found, len(found) if isinstance(found, (list, str)) else None):
            return found
        assert time.monotonic() < ends, found
        time.sleep(0.05)


@pytest.fixture
def award(play: Play, api: Client) -> Facts:
    """An award with three past editions, one of them shared by two."""
    award = play.award(name={"en": "Advocate of the Year", "fr": "Prix de l'année"})
    play.recorded(award, "2018", name="Marcia Andrade Braga", country="BR", rank="Commander", mission="MINUSCA")
    first = play.recorded(award, "2019", name="Suman Gawani", country="IN", mission="UNMISS")
    play.honour({"id": first["edition"]}, name="Carla Monteiro", country="BR", citation={"en": "For her courage."})
    play.recorded(award, "2020", name="Steplyne Nyaboga", country="KE", citation={"fr": "Pour sa constance."})
    eventually(lambda: api.get(f"winners?award={award['slug']}").json["items"], 4)
    return award


def roll(api: Client, award: Facts, more: str = "", **headers: str) -> Answer:
    answer = api.get(f"winners?award={award['slug']}{more}", **headers)
    assert answer.status == 200, answer.text
    return answer


def names(answer: Answer) -> list[str]:
    return [winner["name"] for winner in answer.json["items"]]


def test_lists_the_latest_first_with_every_language(api: Client, award: Facts) -> None:
    answer = roll(api, award)
    assert names(answer) == ["Steplyne Nyaboga", "Carla Monteiro", "Suman Gawani", "Marcia Andrade Braga"]
    latest = answer.json["items"][0]
    assert latest == {
        "id": latest["id"],
        "award": award["slug"],
        "award_name": {"en": "Advocate of the Year", "fr": "Prix de l'année"},
        "edition": "2020",
        "edition_id": latest["edition_id"],
        "year": 2020,
        "category": "main",
        "placing": "winner",
        "kind": "person",
        "name": "Steplyne Nyaboga",
        "country": "KE",
        "citation": {"fr": "Pour sa constance."},
        "sources": [{"key": "gazette", "title": "The Gazette, 29 May 2019"}],
        "corrections": [],
        "revoked": False,
        "announced": latest["announced"],
        "updated": latest["announced"],
    }
    assert api.get(f"winners/{latest['id']}").json == latest


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("&year=2019", ["Carla Monteiro", "Suman Gawani"]),
        ("&country=BR", ["Carla Monteiro", "Marcia Andrade Braga"]),
        ("&country=BR&year=2018", ["Marcia Andrade Braga"]),
        ("&q=CONSTANCE", ["Steplyne Nyaboga"]),
        ("&q=minusca", ["Marcia Andrade Braga"]),
        ("&q=%25", []),
        ("&q=%27%20OR%201%3D1", []),
        ("&placing=runner_up", []),
        ("&placing=any&year=2018", ["Marcia Andrade Braga"]),
    ],
)
def test_is_searched(api: Client, award: Facts, query: str, expected: list[str]) -> None:
    assert names(roll(api, award, query)) == expected


@pytest.mark.parametrize("query", ["year=MMXIX", "year=0", "country=Brazil", "placing=third", "format=pdf", "q="])
def test_a_search_that_does_not_fit_is_refused_to_any_origin(api: Client, query: str) -> None:
    answer = api.get(f"winners?{query}")
    assert answer.problem == (422, "invalid_query")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_comes_in_pages_in_every_format(api: Client, award: Facts) -> None:
    for media in ("json", "csv", "jsonld", "atom"):
        seen, path = 0, f"/api/v1/winners?award={award['slug']}&format={media}&limit=3"
        while path:
            page = api.get(path)
            seen += page.text.count("Marcia") + page.text.count("Suman") + page.text.count("Steplyne")
            path = page.headers.get("link", "").partition(">")[0].lstrip("<")
        assert seen == 3, media


@pytest.mark.parametrize(
    ("headers", "more", "content_type"),
    [
        ({}, "", "application/json"),
        ({"Accept": "*/*"}, "", "application/json"),
        ({"Accept": "text/csv"}, "", "text/csv"),
        ({"Accept": "application/ld+json;q=0.9, application/json;q=0.2"}, "", "application/ld+json"),
        ({"Accept": "application/*;q=0.5, application/atom+xml"}, "", "application/atom+xml"),
        ({"Accept": "application/json"}, "&format=csv", "text/csv"),
        ({}, "&format=atom", "application/atom+xml"),
    ],
)
def test_the_format_is_negotiated(
    api: Client, award: Facts, headers: dict[str, str], more: str, content_type: str
) -> None:
    answer = roll(api, award, more, **headers)
    assert answer.headers["content-type"].partition(";")[0] == content_type
    assert answer.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/json;q=0"])
def test_a_format_there_is_not_is_refused(api: Client, accept: str) -> None:
    assert api.get("winners", Accept=accept).problem == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("accepted", "language", "award_name", "citation"),
    [
        ("fr", "fr", "Prix de l'année", "Pour son service."),
        ("fr-CA, en;q=0.5", "fr", "Prix de l'année", "Pour son service."),
        ("en", "en", "Advocate of the Year", "For her service."),
        ("de, *;q=0.1", "en", "Advocate of the Year", "For her service."),
    ],
)
def test_the_language_is_negotiated(
    api: Client, award: Facts, accepted: str, language: str, award_name: str, citation: str
) -> None:
    answer = roll(api, award, "&year=2018", Accept="text/csv", Accept_Language=accepted)
    assert answer.headers["content-language"] == language
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["award_name"], row["citation"]) == (award_name, citation)


def test_a_text_in_one_language_is_told_in_it(api: Client, award: Facts) -> None:
    rows = csv.DictReader(io.StringIO(roll(api, award, Accept="text/csv", Accept_Language="fr").text))
    assert [row["citation"] for row in rows][:2] == ["Pour sa constance.", "For her courage."]


@pytest.mark.parametrize("start", list("=+-@"))
def test_a_spreadsheet_finds_no_formula(play: Play, api: Client, start: str) -> None:
    name = f'{start}HYPERLINK("http://evil.example","x")'
    award = play.award()
    play.recorded(award, name=name, rank='Major, "the" first', citation={"en": f"{start}1\nsecond line"})
    eventually(lambda: roll(api, award).json["items"], 1)
    answer = roll(api, award, "&format=csv")
    [row] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (row["name"], row["citation"]) == (f"'{name}", f"'{start}1\nsecond line")
    assert row["rank"] == 'Major, "the" first'
    assert roll(api, award).json["items"][0]["name"] == name


def test_linked_data_says_who_holds_which_award(api: Client, award: Facts) -> None:
    told = roll(api, award, "&year=2018", Accept="application/ld+json").json
    assert (told["@context"], told["@type"]) == ("https://schema.org", "ItemList")
    [person] = told["itemListElement"]
    assert person == {
        "@type": "Person",
        "@id": person["@id"],
        "name": "Marcia Andrade Braga",
        "honorificPrefix": "Commander",
        "nationality": {"@type": "Country", "identifier": "BR"},
        "memberOf": {"@type": "Organization", "name": "MINUSCA"},
        "award": [
            {"@language": "en", "@value": "Advocate of the Year, 2018"},
            {"@language": "fr", "@value": "Prix de l'année, 2018"},
        ],
        "description": [
            {"@language": "en", "@value": "For her service."},
            {"@language": "fr", "@value": "Pour son service."},
        ],
    }


def test_the_feed_is_valid_and_its_ids_stay(play: Play, api: Client) -> None:
    award = play.award()
    play.recorded(award, name="<Suman> & Co", citation={"en": "For <b>bold</b> & brave."})
    eventually(lambda: roll(api, award).json["items"], 1)
    answer = roll(api, award, Accept="application/atom+xml")
    feed = ET.fromstring(answer.data)
    [entry] = feed.findall(f"{ATOM}entry")
    for element in (feed, entry):  # RFC 4287, sections 4.1.1 and 4.1.2: exactly one of each
        assert [len(element.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert str(element.findtext(f"{ATOM}id")).startswith("urn:uuid:")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert feed.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    assert entry.findtext(f"{ATOM}title") == "<Suman> & Co: Award of the Year, 2019"
    assert entry.findtext(f"{ATOM}summary") == "For <b>bold</b> & brave."
    here = next(link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self").get("href", "")
    assert here.startswith(f"http://{api.host}:{api.port}/api/v1/winners?")
    [alternate] = entry.findall(f"{ATOM}link")
    assert api.get(alternate.get("href", "").removeprefix(f"http://{api.host}:{api.port}")).status == 200
    assert roll(api, award, Accept="application/atom+xml").data == answer.data


def test_is_cached_and_not_sent_again(api: Client, award: Facts) -> None:
    first = roll(api, award)
    again = roll(api, award)
    assert (again.etag, again.data) == (first.etag, first.data)
    asked = api.get(f"winners?award={award['slug']}", If_None_Match=first.etag)
    assert (asked.status, asked.data) == (304, b"")
    for answer in (first, asked):
        age = answer.headers["cache-control"].removeprefix("public, max-age=")
        assert 0 <= int(age) <= 60
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["vary"] == "Accept, Accept-Language"
        assert answer.headers["etag"] == first.etag


def test_each_format_and_language_has_its_own_tag(api: Client, award: Facts) -> None:
    asked = [("text/csv", "en"), ("text/csv", "fr"), ("application/json", "en"), ("application/atom+xml", "en")]
    tags = {roll(api, award, Accept=media, Accept_Language=language).etag for media, language in asked}
    assert len(tags) == len(asked)


def test_a_new_winner_shows_within_seconds(play: Play, api: Client, award: Facts) -> None:
    before = roll(api, award)
    play.recorded(award, "2021", name="Winnet Zharare", country="ZW")
    eventually(lambda: names(roll(api, award))[0], "Winnet Zharare")
    assert roll(api, award, If_None_Match=before.etag).status == 200


def test_a_correction_shows_what_stands_and_keeps_what_was_said(play: Play, api: Client) -> None:
    award = play.award()
    decision = play.recorded(award, rank="Captain")
    winner = decision["winners"][0]["participant"]
    body = {
        "field": "rank",
        "standing": "Major",
        "rival": "Captain",
        "sources": ["gazette"],
        "winner": winner,
        "reading": "promoted before the award was given",
    }
    play.did(api.post(f"decisions/{decision['id']}/correct", body, play.secretariat))
    [shown] = eventually(lambda: [w for w in roll(api, award).json["items"] if w["corrections"]], 1)
    assert shown["rank"] == "Major"
    assert shown["corrections"] == [{name: body[name] for name in ("field", "standing", "rival", "sources", "reading")}]
    assert winner not in roll(api, award).text  # a participant's id would give away what she did in the edition


@pytest.mark.parametrize(
    ("field", "standing", "where"),
    [
        ("year", "2019", "/standing"),
        ("year", 10_000, "/standing"),
        ("country", {"en": "India"}, "/standing"),
        ("name", 7, "/standing"),
        ("name", 1.5, "/standing"),
        ("conferral.date", "2019-02-30", "/standing"),
        ("shoe_size", "44", "/field"),
    ],
)
def test_a_fact_has_its_form_when_corrected(play: Play, api: Client, field: str, standing: Any, where: str) -> None:
    decision, size = play.recorded(), play.events()
    body = {"field": field, "standing": standing, "rival": standing, "sources": ["gazette"]}
    answer = api.post(f"decisions/{decision['id']}/correct", body, play.secretariat)
    assert answer.problem == (422, "invalid_body")
    assert where in answer.wrong
    assert play.events() == size


def test_a_browser_of_another_origin_may_ask(api: Client) -> None:
    answer = api.send(
        "OPTIONS", "winners", headers={"Origin": "https://x.example", "Access_Control_Request_Method": "GET"}
    )
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_a_head_request_has_the_headers_alone(api: Client, award: Facts) -> None:
    path = f"winners?award={award['slug']}"
    answer = api.send("HEAD", path)
    assert (answer.status, answer.data, answer.etag) == (200, b"", api.get(path).etag)


def test_probes_tell_whether_it_is_alive_and_ready(play: Play, api: Client) -> None:
    assert api.get("/healthz").json == {"alive": True}
    play.award()
    ready = api.get("/readyz")
    assert (ready.status, ready.json) == (200, {"ready": True, "position": play.events()})
