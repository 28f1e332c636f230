"""Fixtures: those of the application's tests."""

from tests.application.conftest import database_url, house, key_file, keys_url, service

__all__ = ["database_url", "house", "key_file", "keys_url", "service"]
