"""What an OpenID provider may say besides tokens, and that it may say nothing: told by a page, nobody signed in."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from awards.web import provider as client
from awards.web.oidc_texts import TEXTS
from tests.web.bent_provider import CLIENT_ID, CLIENT_SECRET, Answer, Bent
from tests.web.bent_site import ada, bent, bent_for_all, enter, folder, house, house_for_all, refused
from tests.web.oidc_site import Site, embedded, free_port, says, site

FIXTURES = (ada, bent, bent_for_all, folder, house, house_for_all)


def said(status: int = 200, body: bytes = b"{}", **headers: str) -> Callable[[Answer], Answer]:
    return lambda _: (status, body, headers)


def packed(usual: Answer) -> Answer:
    return 200, gzip.compress(usual[1]), {"Content-Encoding": "gzip"}


def slowly(usual: Answer) -> Answer:
    time.sleep(1)
    return usual


DISCOVERY, TOKEN, JWKS = "/.well-known/openid-configuration", "/token", "/jwks"
ANSWERS: dict[str, tuple[str, Callable[[Answer], Answer], int, str]] = {
    "configuration not there": (DISCOVERY, said(404), 503, "down"),
    "configuration broken": (DISCOVERY, said(500), 503, "down"),
    "configuration slow": (DISCOVERY, slowly, 503, "down"),
    "configuration empty": (DISCOVERY, said(body=b""), 502, "wrong"),
    "configuration a list": (DISCOVERY, said(body=b"[]"), 502, "wrong"),
    "configuration without an issuer": (DISCOVERY, said(), 502, "wrong"),
    "configuration deep": (DISCOVERY, said(body=b"[" * 200_000), 502, "wrong"),
    "configuration endless": (DISCOVERY, said(body=b" " * 300_000), 503, "down"),
    "configuration elsewhere": (DISCOVERY, said(302, Location="/elsewhere"), 502, "wrong"),
    "configuration packed": (
        DISCOVERY,
        lambda usual: (200, gzip.compress(usual[1]), {"Content-Encoding": "gzip"}),
        502,
        "wrong",
    ),
    "tokens broken": (TOKEN, said(503), 503, "down"),
    "tokens slow": (TOKEN, slowly, 503, "down"),
    "tokens a page": (TOKEN, said(body=b"<html>"), 502, "wrong"),
    "tokens a list": (TOKEN, said(body=b"[]"), 502, "wrong"),
    "tokens elsewhere": (TOKEN, said(307, Location="/elsewhere"), 502, "wrong"),
    "tokens deep": (TOKEN, said(body=b"[" * 200_000), 502, "wrong"),
    "tokens endless": (TOKEN, said(body=b" " * 300_000), 503, "down"),
    "tokens of none": (TOKEN, said(), 502, "wrong"),
    "tokens with an odd lifetime": (TOKEN, said(body=b'{"access_token": "a", "expires_in": []}'), 502, "wrong"),
    "tokens with odd errors": (TOKEN, said(400, b'{"error": {"a": 1}, "error_description": []}'), 502, "wrong"),
    "the code is not taken": (TOKEN, said(400, b'{"error": "invalid_grant"}'), 400, "stale"),
    "the client is not taken": (TOKEN, said(401, b'{"error": "invalid_client"}'), 502, "wrong"),
    "keys broken": (JWKS, said(500), 503, "down"),
    "keys not there": (JWKS, said(), 502, "wrong"),
    "keys of a word": (JWKS, said(body=b'{"keys": "one"}'), 502, "wrong"),
    "keys a page": (JWKS, said(body=b"<html>"), 502, "wrong"),
}


@pytest.mark.parametrize(("path", "answer", "status", "told"), ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_that_cannot_be_used_is_told_by_a_page(
    house: Site,
    bent: Bent,
    ada: str,
    path: str,
    answer: Callable[[Answer], Answer],
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "READ_SECONDS", 0.3)
    bent.answers[path] = answer
    visitor = enter(house)
    refused(house, visitor, status, told)
    assert ("Retry-After" in visitor.page.headers) == (status == 503)


def test_a_provider_that_dribbles_is_given_up(
    house: Site, bent: Bent, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "WHOLE_SECONDS", 0.0)
    refused(house, enter(house), 503, "down")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://login.example.org"),
        ("authorization_endpoint", "http://login.example.org/authorize"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "https://user:pw@login.example.org/"),
        ("authorization_endpoint", "https://login.example.org/\r\nSet-Cookie: a=b"),
        ("authorization_endpoint", None),
        ("token_endpoint", "http://169.254.169.254/latest"),
        ("token_endpoint", "file:///etc/passwd"),
        ("token_endpoint", ["https://login.example.org"]),
        ("jwks_uri", "http://[::1"),
        ("jwks_uri", 1),
        ("token_endpoint_auth_methods_supported", ["private_key_jwt"]),
    ],
)
def test_an_address_that_is_not_safe_is_not_asked(house: Site, bent: Bent, ada: str, name: str, value: Any) -> None:
    bent.metadata[name] = value
    refused(house, enter(house), 502, "wrong")


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        ("access_denied", 403, "declined"),
        ("login_required", 403, "declined"),
        ("<script>alert(1)</script>", 403, "declined"),
        ("server_error", 503, "down"),
        ("temporarily_unavailable", 503, "down"),
    ],
)
def test_what_the_provider_says_against_it_is_told_in_our_words(
    house: Site, bent: Bent, ada: str, error: str, status: int, told: str
) -> None:
    bent.error = error
    visitor = enter(house)
    refused(house, visitor, status, told)
    assert "<script" not in visitor.page.text
    assert "boo" not in visitor.page.text


@pytest.mark.parametrize("iss", [None, "https://login.example.org", ""])
def test_an_answer_of_another_provider_is_not_taken(house: Site, bent: Bent, ada: str, iss: str | None) -> None:
    """The mix-up attack (RFC 9207)."""
    bent.iss = iss
    refused(house, enter(house), 502, "wrong")


def test_the_provider_may_be_down(folder: Path, tmp_path: Path) -> None:
    known = {"ISSUER": f"http://127.0.0.1:{free_port()}", "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET}
    with site(tmp_path, embedded(tmp_path), free_port(), known, AWARDS_LIMITS="1") as house:
        visitor = house.visitor()
        visitor.go("/sign-in/oidc?lang=fr")
        assert (visitor.page.status_code, visitor.page.headers["Retry-After"]) == (503, "30")
        assert says("down", "fr") in visitor.page.text
        statuses = [visitor.go("/sign-in/oidc").status_code for _ in range(45)]
        assert set(statuses) == {503, 429}
        assert says("often") in visitor.page.text
        assert int(visitor.page.headers["Retry-After"]) > 0


def test_a_provider_that_hangs_keeps_a_few_waiting_and_turns_the_others_away(house: Site, bent: Bent) -> None:
    waiting, release = threading.Semaphore(0), threading.Event()

    def hang(usual: Answer) -> Answer:
        waiting.release()
        release.wait(4)
        return usual

    bent.answers[DISCOVERY] = hang
    first = [house.visitor() for _ in range(client.AT_ONCE)]
    threads = [threading.Thread(target=each.go, args=["/sign-in/oidc"], kwargs={"follow": False}) for each in first]
    for thread in threads:
        thread.start()
    try:
        assert all(waiting.acquire(timeout=4) for _ in first)
        refused(house, enter(house), 503, "down")
    finally:
        release.set()
        for thread in threads:
            thread.join()
    assert [each.page.status_code for each in first] == [303] * client.AT_ONCE
    assert house.visitor().go("/sign-in/oidc", follow=False).status_code == 303


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    with site(tmp_path, embedded(tmp_path), free_port(), {}, AWARDS_OIDC_NAME="") as house:
        visitor = house.visitor()
        for path in ("/sign-in/oidc", "/sign-in/oidc/callback"):
            assert visitor.go(path).status_code == 404


def test_the_pages_say_the_same_in_every_language() -> None:
    english, french = TEXTS["en"], TEXTS["fr"]
    assert english.keys() == french.keys()
    for key, text in english.items():
        assert text.count("{name}") == french[key].count("{name}")
