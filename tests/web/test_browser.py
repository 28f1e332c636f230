"""The pages in a real browser: nothing on them breaks, and none asks for what the policy forbids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from awards import server
from awards.app import Service
from awards.settings import Settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("site")
    settings = Settings.from_environment(
        {"AWARDS_DATABASE_URL": f"sqlite:///{folder / 'awards.db'}", "AWARDS_PORT": "0"}
    )
    service = Service.open(settings)
    try:
        with server.serving(service) as (host, port):
            yield f"http://{host}:{port}"
    finally:
        service.close()


@pytest.mark.parametrize("path", ["/", "/api/docs"])
def test_a_page_is_shown_without_a_complaint(page: Page, site: str, path: str) -> None:
    answer = page.goto(site + path)
    assert answer is not None
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    expect(page.locator("h1")).to_be_visible()
    # The style sheets came and were applied: a browser's own margin of the body is eight pixels.
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"


def test_what_the_policy_forbids_is_noticed(page: Page, site: str, complaints: list[str]) -> None:
    page.goto(site)
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://example.org/x.png'}))")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'alert(1)'}))")
    page.wait_for_timeout(100)
    assert any("img-src" in complaint for complaint in complaints)
    assert any("script-src" in complaint for complaint in complaints)
    complaints.clear()
