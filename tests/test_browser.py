"""The browser of the tests: found or told how to get, and nothing of it stays behind."""

from __future__ import annotations

import asyncio

import pytest

from tests.browser import chromium, find_browser


def test_no_loop_stays_behind() -> None:
    with chromium() as browser:
        assert browser.is_connected()
    assert asyncio.run(asyncio.sleep(0, "ran")) == "ran"


def test_a_browser_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWARDS_TEST_BROWSER", "/nowhere/chromium")
    with pytest.raises(pytest.fail.Exception, match="AWARDS_TEST_BROWSER is no program: /nowhere/chromium"):
        find_browser()
