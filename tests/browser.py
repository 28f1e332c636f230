"""A real Chromium for the tests of the pages, driven by playwright.

    def test_something(page: Page, site: str) -> None:  # where a conftest.py imports the fixtures, as tests/web does
        page.goto(site)

`AWARDS_TEST_BROWSER` names the program; otherwise it is the first one on the search path, and where there is none
`.ci/browser` installs Debian's, as root. Whatever a page complains about, a violation of the Content-Security-Policy
first of all, fails the test at its end. Under that policy `page.wait_for_function` and `add_script_tag` do not work:
use locators, `expect` and `page.evaluate`.

Playwright's loop runs in this thread while it is open, and `asyncio.run` would fail beside it. So a browser belongs to
one module of tests and is gone when the next one begins.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FINDER = Path(__file__).parent.parent / ".ci" / "browser"
INSTALLING_SECONDS = 240
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# A violation is reported on the console too, but the event also names what was blocked where the console is silent.
LISTEN = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`blocked by ${event.effectiveDirective}: ${event.blockedURI}`))"""

NewPage = Callable[..., Page]


def find_browser() -> str:
    """The path of a Chromium; fails the test with what to do where none can be had."""
    found = subprocess.run([FINDER], capture_output=True, text=True, check=False, timeout=INSTALLING_SECONDS)
    if found.returncode:
        pytest.fail(found.stderr.strip(), pytrace=False)
    return found.stdout.strip()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium without a window."""
    unconfined = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    program = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *unconfined])
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for the tests of one module."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the pages complained about: none, or the test fails; one that expects some takes them out."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def new_page(browser: Browser, complaints: list[str]) -> Iterator[NewPage]:
    """Call it for a page of somebody new, with playwright's options: `new_page(java_script_enabled=False)`."""
    with ExitStack() as clean_up:

        def create(**options: Any) -> Page:
            context = browser.new_context(**options)
            clean_up.callback(context.close)
            context.add_init_script(LISTEN)
            page = context.new_page()
            page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield create


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of somebody new."""
    return new_page()
