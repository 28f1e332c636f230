"""Signing in with a real OpenID provider, canaille, over real HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.web.question import COOKIE
from awards.web.sessions import COOKIE as SESSION
from tests.postgres import PostgresServer
from tests.web.canaille_server import CLIENT_SECRET, PEOPLE
from tests.web.oidc_site import Site, beside_canaille, embedded, says
from tests.web.visitor import Forms, Visitor


def log_in(visitor: Visitor, name: str, answer: str = "accept") -> None:
    """At the provider: who one is, the password, and whether this service may know."""
    visitor.fill(login=name)
    visitor.fill(password=PEOPLE[name])
    if "/oauth/authorize" in visitor.page.url:  # a consent is remembered
        visitor.fill(answer=answer)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house_for_all(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("oidc")
    if request.param == "sqlite":
        with beside_canaille(folder, embedded(folder)) as house:
            yield house
        return
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    urls = (postgres.create_database("oidc"), postgres.create_database("oidc_keys"))
    try:
        with beside_canaille(folder, urls) as house:
            yield house
    finally:
        for url in urls:
            postgres.drop_database(url)


@pytest.fixture
def house(house_for_all: Site) -> Site:
    """The service beside a running provider, to which nobody is attached."""
    house_for_all.forget()
    return house_for_all


def attach(house: Site, name: str = "ada") -> str:
    """Somebody whom the provider knows by this name."""
    subject = house.person(name.title())
    visitor = house.visitor()
    visitor.send("/sign-in/oidc", code=house.code(subject))
    visitor.go(Forms(visitor.page.text).links[-1])
    log_in(visitor, name)
    assert house.signed_in(visitor) == subject
    return subject


def test_a_code_attaches_an_identity_that_then_is_enough(house: Site) -> None:
    subject = house.person()
    visitor = house.visitor()
    led = visitor.send("/sign-in/oidc", code=house.code(subject))
    assert led.status_code == 200
    assert led.headers["Refresh"].startswith("0; url=http://127.0.0.1:")
    visitor.go(led.headers["Refresh"].removeprefix("0; url="))
    log_in(visitor, "ada")
    assert house.signed_in(visitor) == subject
    assert house.identities() == [("ada", subject)]
    assert visitor.cookie(COOKIE) is None
    again = house.visitor()
    again.go("/sign-in/oidc")
    log_in(again, "ada")
    assert (house.signed_in(again), again.page.url) == (subject, f"{house.url}/account")
    assert again.cookie(SESSION) != visitor.cookie(SESSION)


def test_nobody_is_let_in_for_being_known_there_not_even_by_the_same_address(house: Site) -> None:
    subject = house.person()
    house.app.accounts.accept(house.code(subject), house.now, "ada@example.org", "a password of one's own")
    before = house.sessions()
    visitor = house.visitor()
    visitor.go("/sign-in/oidc")
    log_in(visitor, "ada")
    assert visitor.page.status_code == 403
    assert says("unknown") in visitor.page.text
    assert (house.signed_in(visitor), house.sessions(), house.identities()) == (None, before, [])


def test_who_is_deactivated_finds_what_a_stranger_finds(house: Site) -> None:
    subject = attach(house, "ada")
    house.deactivate(subject)
    pages = []
    for name in ("ada", "grace"):
        visitor = house.visitor()
        visitor.go("/sign-in/oidc")
        log_in(visitor, name)
        assert house.signed_in(visitor) is None
        headers = {key: value for key, value in visitor.page.headers.items() if key != "Date"}
        pages.append((visitor.page.status_code, visitor.page.text, headers))
    assert pages[0] == pages[1]


def test_a_code_for_somebody_deactivated_attaches_nothing(house: Site) -> None:
    subject = house.person()
    code = house.code(subject)
    house.deactivate(subject)
    visitor = house.visitor()
    visitor.send("/sign-in/oidc", code=code)
    visitor.go(Forms(visitor.page.text).links[-1])
    log_in(visitor, "ada")
    assert (visitor.page.status_code, house.identities(), house.sessions()) == (403, [], 0)
    assert says("code") in visitor.page.text


def test_who_says_no_at_the_provider_is_told_so(tmp_path: Path) -> None:
    """By a provider of its own: in memory, canaille does not tell apart who has consented once."""
    with beside_canaille(tmp_path, embedded(tmp_path)) as house:
        visitor = house.visitor()
        visitor.go("/sign-in/oidc")
        log_in(visitor, "ada", "deny")
        assert visitor.page.status_code == 403
        assert says("declined") in visitor.page.text
        assert house.sessions() == 0


def test_the_provider_is_asked_for_no_more_than_who_it_is(house: Site) -> None:
    visitor = house.visitor()
    asked = visitor.go("/sign-in/oidc", follow=False)
    assert asked.status_code == 303
    assert asked.headers["Cache-Control"] == "no-store"
    assert "scope=openid&" in asked.headers["Location"] + "&"
    assert "code_challenge_method=S256" in asked.headers["Location"]
    assert CLIENT_SECRET not in asked.headers["Location"]
