"""A question to a provider is answered once, by who asked; and an identity belongs to who brought a code for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Response

from awards.web.question import COOKIE, Questions
from awards.web.sessions import COOKIE as SESSION
from tests.web.bent_provider import CLIENT_SECRET, Bent
from tests.web.bent_site import ada, ask, bent, bent_for_all, by_none, enter, folder, house, house_for_all, refused
from tests.web.oidc_site import Site, says, text_of
from tests.web.visitor import Forms, Visitor

FIXTURES = (ada, bent, bent_for_all, folder, house, house_for_all)


def test_an_answer_counts_once(house: Site, bent: Bent, ada: str) -> None:
    visitor, back = ask(house, bent)
    kept = visitor.cookie(COOKIE)
    visitor.go(back)
    assert house.signed_in(visitor) == ada
    thief = house.visitor()
    thief.set_cookie(COOKIE, str(kept))
    bent.codes["again"] = bent.asked[-1]
    for address in (back, back.replace("code=", "code=again&was=")):
        thief.go(address)
        assert (thief.page.status_code, house.signed_in(thief), house.sessions()) == (400, None, 1)
        assert says("stale") in thief.page.text
        thief.set_cookie(COOKIE, str(kept))
    assert list(bent.codes) == ["again"]


def test_of_many_who_bring_an_answer_at_once_one_is_taken(house: Site, bent: Bent, ada: str) -> None:
    visitor, back = ask(house, bent)
    racers = [house.visitor() for _ in range(6)]
    for racer in racers:
        racer.set_cookie(COOKIE, str(visitor.cookie(COOKIE)))
    start = threading.Barrier(len(racers))

    def race(racer: Visitor) -> None:
        start.wait()
        racer.go(back)

    threads = [threading.Thread(target=race, args=[racer]) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(racer.page.status_code for racer in racers) == [200] + [400] * 5
    assert house.sessions() == 1


def test_an_answer_does_nothing_in_another_browser(house: Site, bent: Bent, ada: str) -> None:
    """Signing somebody in as somebody else (login CSRF; RFC 9700, 4.7)."""
    _, back = ask(house, bent)
    victim = house.visitor()
    victim.go(back)
    refused(house, victim, 400, "stale")
    victim, _ = ask(house, bent)
    victim.go(back)
    refused(house, victim, 400, "stale")


@pytest.mark.parametrize(
    "bend",
    [
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.replace("state=", "other="),
        lambda back: back + "&state=x",
        lambda back: back + "&code=x",
        lambda back: back.replace("code=", "other="),
        lambda back: back.replace("state=", "state=%ff%00%C3%A9"),
        lambda back: back.split("?")[0],
        lambda back: back.replace("code=", "code=%00"),
        lambda back: back.replace("code=", "code=x"),
    ],
)
def test_an_answer_that_is_not_to_the_question_is_refused(
    house: Site, bent: Bent, ada: str, bend: Callable[[str], str]
) -> None:
    visitor, back = ask(house, bent)
    visitor.go(bend(back))
    refused(house, visitor, 400, "stale")
    assert visitor.cookie(COOKIE) is None


@pytest.mark.parametrize("cookie", ["", "x", "é", "a" * 44, "A" * 5000])
def test_a_question_we_never_asked_is_refused(house: Site, bent: Bent, ada: str, cookie: str) -> None:
    visitor, back = ask(house, bent)
    visitor.set_cookie(COOKIE, cookie.encode().decode("latin-1"))
    visitor.go(back)
    refused(house, visitor, 400, "stale")


def test_a_question_cannot_be_changed_or_read(house: Site, bent: Bent, ada: str) -> None:
    code = house.code(house.person())
    visitor = house.visitor()
    visitor.send("/sign-in/oidc", code=code)
    kept = str(visitor.cookie(COOKIE))
    back = Forms(visitor.page.text).links[-1]
    asked = dict(parse_qsl(urlsplit(back).query))
    assert not [value for value in (code, asked["state"], asked["nonce"]) if value in kept]
    assert not [value for value in asked.values() if value == code]
    middle = len(kept) // 2
    visitor.set_cookie(COOKIE, kept[:middle] + ("A" if kept[middle] != "A" else "B") + kept[middle + 1 :])
    visitor.go(back)
    refused(house, visitor, 400, "stale")


@pytest.mark.parametrize(("seconds", "status"), [(-1, 400), (30, 200)])
def test_a_question_does_not_wait_for_ever(house: Site, bent: Bent, ada: str, seconds: int, status: int) -> None:
    """However long the browser keeps its cookie."""
    visitor, back = ask(house, bent)
    questions, answer = Questions(house.service.keys.secret("oidc")), Response()
    question = questions.open(str(visitor.cookie(COOKIE)), house.now)
    assert question
    assert 595 < question.expires - house.now.timestamp() <= 600
    questions.keep(answer, replace(question, expires=int(house.now.timestamp()) + seconds), 600)
    visitor.set_cookie(COOKIE, answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2])
    visitor.go(back)
    assert visitor.page.status_code == status
    assert house.signed_in(visitor) == (ada if status == 200 else None)


def test_the_cookies_are_kept_from_scripts_and_other_sites(house: Site, bent: Bent, ada: str) -> None:
    visitor = house.visitor()
    started = visitor.go("/sign-in/oidc", follow=False).headers["Set-Cookie"]
    visitor.go(visitor.page.headers["Location"], follow=False)
    ended = visitor.go(visitor.page.headers["Location"], follow=False).headers["Set-Cookie"]
    assert started.startswith("__Host-")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in started
        assert ended.count(attribute) == 2
    assert "Domain" not in started + ended
    assert "Max-Age=600" in started
    assert "Max-Age=0" in ended


# Whose identity it is.


def test_an_identity_belongs_to_one_person(house: Site, bent: Bent, ada: str) -> None:
    other = house.person("Grace")
    code = house.code(other)
    visitor = house.visitor()
    visitor.send("/sign-in/oidc", code=code)
    visitor.go(Forms(visitor.page.text).links[-1])
    refused(house, visitor, 403, "taken")
    assert house.identities() == [("ada", ada)]
    bent.sub = "grace"
    visitor.send("/sign-in/oidc", code=code)
    visitor.go(Forms(visitor.page.text).links[-1])
    assert house.signed_in(visitor) == other


def test_a_code_attaches_one_identity(house: Site, bent: Bent) -> None:
    subject = house.person()
    code = house.code(subject)
    for sub, status in (("ada", 200), ("grace", 403)):
        bent.sub = sub
        visitor = house.visitor()
        visitor.send("/sign-in/oidc", code=code)
        visitor.go(Forms(visitor.page.text).links[-1])
        assert visitor.page.status_code == status
    assert house.identities() == [("ada", subject)]


def test_another_case_is_another_identity(house: Site, bent: Bent, ada: str) -> None:
    bent.sub = "Ada"
    refused(house, enter(house), 403, "unknown")


def test_nothing_of_the_provider_is_kept(house: Site, bent: Bent, ada: str, folder: Path) -> None:
    visitor, back = ask(house, bent)
    visitor.go(back)
    assert house.signed_in(visitor) == ada
    asked = bent.asked[-1]
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    secrets = [*bent.issued, code, asked["state"], asked["nonce"], CLIENT_SECRET, str(visitor.cookie(SESSION))]
    for name in ("awards.db", "keys.db"):
        kept = text_of(folder / name)
        assert not [secret for secret in secrets if secret.encode() in kept]


def test_nothing_secret_is_logged(house: Site, bent: Bent, ada: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "awards")
    visitor, back = ask(house, bent)
    visitor.go(back)
    bent.sign = by_none
    enter(house)
    logged = caplog.text + repr([record.__dict__ for record in caplog.records])
    assert "the OpenID provider failed: the ID token does not hold" in logged
    secrets = [*bent.issued, back.split("code=")[1][:16], CLIENT_SECRET, str(visitor.cookie(SESSION))]
    assert not [secret for secret in secrets if secret in logged]
