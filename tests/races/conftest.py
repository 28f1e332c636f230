"""An installation set up by the command line alone, on both databases; its servers are processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.races.installation import Installation


@pytest.fixture
def installation(database_url: str, keys_url: str, tmp_path: Path) -> Iterator[Installation]:
    """A migrated database with a secretariat; every server it started is gone afterwards."""
    with Installation(database_url, keys_url, tmp_path) as installed:
        yield installed
