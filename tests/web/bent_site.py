"""Fixtures: the service beside a provider that can be bent, and somebody to whom the identity it claims belongs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.web.sessions import COOKIE as SESSION
from tests.web.bent_provider import CLIENT_ID, CLIENT_SECRET, Bent, Claims, encoded, serving
from tests.web.oidc_site import Site, embedded, free_port, says, site
from tests.web.visitor import Visitor


@pytest.fixture(scope="module")
def bent_for_all() -> Iterator[Bent]:
    with serving() as bent:
        yield bent


@pytest.fixture
def bent(bent_for_all: Bent) -> Bent:
    bent_for_all.straighten()
    return bent_for_all


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def house_for_all(bent_for_all: Bent, folder: Path) -> Iterator[Site]:
    known = {"ISSUER": bent_for_all.issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET}
    with site(folder, embedded(folder), free_port(), known) as house:
        yield house


@pytest.fixture
def house(house_for_all: Site) -> Site:
    house_for_all.forget()
    return house_for_all


@pytest.fixture
def ada(house: Site, bent: Bent) -> str:
    """Somebody to whom the identity `ada` belongs."""
    subject = house.person()
    house.app.accounts.accept_identity(house.code(subject), house.now, bent.issuer, "ada", "ada")
    house.service.ledger.write(("DELETE FROM sessions", []))
    return subject


def by_none(_bent: Bent, claims: Claims) -> str:
    return f"{encoded({'alg': 'none', 'kid': 'one'})}.{encoded(claims)}."


def enter(house: Site) -> Visitor:
    visitor = house.visitor()
    visitor.go("/sign-in/oidc")
    return visitor


def refused(house: Site, visitor: Visitor, status: int, told: str) -> None:
    assert (visitor.page.status_code, visitor.page.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert says(told) in visitor.page.text
    assert visitor.page.headers["Cache-Control"] == "no-store"
    assert (visitor.cookie(SESSION), house.sessions()) == (None, 0)


def ask(house: Site, bent: Bent) -> tuple[Visitor, str]:
    """Somebody who has been to the provider; the address that leads back."""
    visitor = house.visitor()
    visitor.go("/sign-in/oidc", follow=False)
    visitor.go(visitor.page.headers["Location"], follow=False)
    return visitor, visitor.page.headers["Location"]
