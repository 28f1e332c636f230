"""Fixtures for the tests of the pages."""

from tests.browser import browser, complaints, new_page, page

__all__ = ["browser", "complaints", "new_page", "page"]
