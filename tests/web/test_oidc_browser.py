"""Signing in with a provider in a real browser: cookies, the policy of the pages, and the way there and back.

The service is known as `localhost` here, so that the provider on 127.0.0.1 is another site.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser import LISTEN
from tests.web.canaille_server import PEOPLE
from tests.web.oidc_site import PROVIDER_NAME, Site, beside_canaille, embedded


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("oidc-browser")
    with beside_canaille(folder, embedded(folder), "localhost") as house:
        yield house


class People:
    """Browsers of new people; `complaints`: what pages of ours, not of the provider, complained about."""

    def __init__(self, browser: Browser, ours: str) -> None:
        self._browser, self._ours = browser, ours
        self.complaints: list[str] = []

    def page(self, **options: Any) -> Page:
        """A page of somebody new."""
        context = self._browser.new_context(**options)
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.on("console", self._note)
        return page

    def _note(self, told: ConsoleMessage) -> None:
        if told.type in {"error", "warning"} and told.location["url"].startswith(self._ours):
            self.complaints.append(told.text)


@pytest.fixture
def people(browser: Browser, house: Site) -> Iterator[People]:
    people = People(browser, house.url)
    yield people
    for context in browser.contexts:
        context.close()


def log_in(page: Page) -> None:
    """At the provider."""
    page.locator("input[name=login]").fill("ada")
    page.locator("input[name=login]").press("Enter")
    page.locator("input[name=password]").fill(PEOPLE["ada"])
    page.locator("input[name=password]").press("Enter")


def test_one_comes_by_an_invitation_and_later_by_the_provider_alone(house: Site, people: People) -> None:
    subject = house.person()
    page = people.page()
    page.goto(f"{house.url}/enter#{house.code(subject)}")
    page.get_by_role("button", name=f"Continue with {PROVIDER_NAME}").click()
    log_in(page)
    page.locator("#accept").click()
    page.wait_for_url(f"{house.url}/account")
    expect(page.locator("h1")).to_have_text("Your account")
    assert house.identities() == [("ada", subject)]
    names = {cookie.get("name") for cookie in page.context.cookies() if cookie.get("domain") == "localhost"}
    assert names == {"__Host-awards"}
    assert page.evaluate("document.cookie") == ""

    again = people.page()
    again.goto(f"{house.url}/sign-in")
    again.get_by_role("link", name=f"Continue with {PROVIDER_NAME}").click()
    log_in(again)
    again.wait_for_url(f"{house.url}/account")
    expect(again.locator("h1")).to_have_text("Your account")
    assert people.complaints == []


def test_without_a_script_a_code_is_pasted(house: Site, people: People) -> None:
    before = house.identities()
    page = people.page(java_script_enabled=False)
    page.goto(f"{house.url}/enter")
    page.locator("input[name=code]").fill("awd_mistyped")
    page.get_by_role("button", name=f"Continue with {PROVIDER_NAME}").click()
    log_in(page)
    expect(page.locator("h1")).to_have_text("This code is not valid")
    assert house.identities() == before
    assert [complaint for complaint in people.complaints if "403" not in complaint] == []
