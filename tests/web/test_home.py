"""The pages for people: in two languages, without a script, and never instead of a problem of the API."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from awards.web import create_pages
from awards.web.texts import LANGUAGES, TEXTS


class Address:
    base_url: str | None = None


class Outline(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def pages(base_url: str | None = None) -> FlaskClient:
    app = Flask("awards", static_folder=None)
    address = Address()
    address.base_url = base_url
    create_pages(app, address)
    app.add_url_rule("/broken", "broken", lambda: abort(500))
    app.add_url_rule("/api/broken", "api_broken", lambda: abort(503))
    return app.test_client()


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", None, "en"),
        ("", "fr-CA, en;q=0.5", "fr"),
        ("", "de, fr;q=0.2", "fr"),
        ("", "de", "en"),
        ("?lang=fr", "en", "fr"),
        ("?lang=en", "fr", "en"),
        ("?lang=tlh", "fr", "fr"),
        ("?lang=<script>", None, "en"),
    ],
)
def test_the_first_page_speaks_the_language_asked_for(query: str, accepted: str | None, language: str) -> None:
    answer = pages().get(f"/{query}", headers={"Accept-Language": accepted} if accepted else {})
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Vary"] == "Accept-Language"
    outline = Outline(answer.text)
    assert outline.all("html") == [{"lang": language}]
    assert len(outline.all("h1")) == 1
    assert TEXTS[language]["heading"] in answer.text


def test_it_links_what_there_is() -> None:
    linked = [link["href"] for link in Outline(pages().get("/").text).all("a")]
    assert {
        "/api/docs",
        "/api/openapi.json",
        "/api/v1/winners",
        "/api/v1/winners?format=csv",
        "/api/v1/winners?format=jsonld",
        "/api/v1/winners?format=atom",
        "/?lang=en",
        "/?lang=fr",
        "#content",
    } <= set(linked)


def test_links_stand_below_the_public_address() -> None:
    outline = Outline(pages("https://example.org/awards").get("/").text)
    own = [tag["href"] for tag in outline.all("a") + outline.all("link") if not tag["href"].startswith(("#", "data:"))]
    assert own
    assert all(href.startswith(("/awards/", "https://example.org/awards/")) for href in own)


def test_there_is_no_script_and_no_style_but_ours() -> None:
    answer = pages().get("/")
    outline = Outline(answer.text)
    assert not outline.all("script")
    assert not outline.all("style")
    assert not [
        tag for tag, attributes in outline.tags if "style" in attributes or any(a[:2] == "on" for a in attributes)
    ]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy


def test_what_a_page_needs_is_there() -> None:
    client = pages()
    sheets = [link["href"] for link in Outline(client.get("/").text).all("link") if link["rel"] == "stylesheet"]
    assert len(sheets) == 2
    for sheet in sheets:
        answer = client.get(sheet)
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert not re.search(r"@import|url\(\s*['\"]?http", answer.text)
        answer.close()
    icon = client.get("/favicon.ico")
    assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing.css", "/static/../texts.py", "/apix", "/%00", "/é"])
def test_what_is_not_there_is_told_by_a_page(path: str) -> None:
    answer = pages().get(path, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Cette page n’existe pas" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_other_mistakes_are_told_by_a_page() -> None:
    client = pages()
    refused = client.post("/")
    assert (refused.status_code, refused.mimetype) == (405, "text/html")
    assert "GET" in refused.headers["Allow"]
    assert "cannot be done" in refused.text
    failed = client.get("/broken")
    assert (failed.status_code, failed.mimetype) == (500, "text/html")
    assert "went wrong" in failed.text


def test_mistakes_in_the_api_are_left_to_it() -> None:
    client = pages()
    for path in ("/api/broken", "/api/v1/nothing"):
        assert "Content-Security-Policy" not in client.get(path).headers


def test_every_language_says_the_same_things() -> None:
    english, *others = (TEXTS[language] for language in LANGUAGES)
    for other in others:
        assert other.keys() == english.keys()
        assert len(other["step_list"]) == len(english["step_list"])
