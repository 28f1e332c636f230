"""The key of the log: made once, open to its owner only, followed by another with an overlap."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from awards.ledger.log_keys import LogKeyExposed, LogKeyInvalid, LogKeyMissing, LogKeys, NoOverlap
from awards.ledger.notes import Signer

ORIGIN = "log.example"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "log.key"


@pytest.fixture
def keys(path: Path) -> LogKeys:
    found = LogKeys(path, ORIGIN)
    found.make()
    return found


def test_it_is_made_once_for_its_owner_only(keys: LogKeys, path: Path) -> None:
    [signer] = keys.read()
    assert signer.name == ORIGIN
    assert path.stat().st_mode & 0o777 == 0o600
    keys.make()
    assert keys.read() == [signer]
    assert os.listdir(path.parent) == ["log.key"]


def test_many_who_make_it_at_once_have_the_same(path: Path) -> None:
    def make(_: int) -> Signer:
        found = LogKeys(path, ORIGIN)
        found.make()
        return found.read()[0]

    with ThreadPoolExecutor(8) as pool:
        assert len({signer.written() for signer in pool.map(make, range(32))}) == 1


def test_one_that_is_missing_exposed_or_of_another_log_is_refused(keys: LogKeys, path: Path) -> None:
    with pytest.raises(LogKeyInvalid, match=r"under the name of this log, other\.example"):
        LogKeys(path, "other.example").read()
    path.chmod(0o640)
    with pytest.raises(LogKeyExposed, match="chmod 600"):
        keys.read()
    path.chmod(0o600)
    for spoilt in ("", "nonsense\n", path.read_text() * 3):
        path.write_text(spoilt)
        with pytest.raises(LogKeyInvalid):
            keys.read()
    path.unlink()
    with pytest.raises(LogKeyMissing, match="restore it"):
        keys.read()


def test_one_follows_another_with_an_overlap(keys: LogKeys, path: Path) -> None:
    [old] = keys.read()
    with pytest.raises(NoOverlap, match="one key only"):
        keys.retire()
    new, still = keys.rotate()
    assert still == old != new
    assert keys.read() == [new, old]
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NoOverlap, match="retire the old one first"):
        keys.rotate()
    assert keys.retire() == keys.read() == [new]
