"""The walk over the log: it finds what was changed since it was signed; its memory does not grow with the events."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import pytest

from awards.access import OPERATOR
from awards.domain.nomination import Nomination
from awards.ledger.publisher import LogForked
from tests import set_up
from tests.application.house import House
from tests.bundle.scene import open_service
from tests.ledger.parcel import sent, stamp
from tests.ledger.test_publisher import execute


class Log:
    """A log with a nomination, and what happens to it; SQLite."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'awards.db'}"
        set_up.log_and_views(self.url)
        self.service = open_service(folder, self.url, f"sqlite:///{folder / 'keys.db'}")
        self.folder = folder
        self.house = House(self.service)
        self.edition = self.house.edition()
        nominator = self.house.member(self.edition, "nominator", "Nadia")
        self.case = self.house.eligible(self.edition, nominator, "Irina")
        self._version = len(self.service.ledger.events_of(UUID(self.case)))

    def grow(self, events: int) -> None:
        """Half of what happens is of the edition, half is not."""
        kind: Any = Nomination.FileOpened
        for start in range(0, events, 500):
            some = []
            for _ in range(min(500, events - start) // 2):
                self._version += 1
                facts = stamp(edition=self.edition, reviewer=self.case)
                some += [sent(), kind(originator_id=UUID(self.case), originator_version=self._version, **facts)]
            self.service.ledger.append(some)

    def write(self, out: BinaryIO) -> list[int]:
        """Write a bundle; gives how the progress was told."""
        told: list[int] = []
        arrival = self.house.by(OPERATOR)
        self.service.application.bundles.export(arrival, self.edition, "auditor", out, told.append)
        return told

    def peak(self) -> int:
        """The most memory that writing a bundle took, in bytes; all is projected and signed before."""
        self.service.projector.catch_up()
        assert self.service.publisher is not None
        self.service.publisher.publish()
        tracemalloc.start()
        with (self.folder / "bundle.zip").open("wb") as out:
            self.write(out)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    log = Log(tmp_path)
    yield log
    log.service.close()


def test_memory_does_not_grow_with_the_events(log: Log) -> None:
    log.grow(1_000)
    log.write(io.BytesIO())  # what is loaded and kept the first time is not what grows
    few = log.peak()
    log.grow(9_000)
    many = log.peak()
    assert log.service.ledger.position() > 10_000
    assert many < few * 1.15 + 100_000, (few, many)
    with zipfile.ZipFile(log.folder / "bundle.zip") as archive:
        (events,) = (name for name in archive.namelist() if name.endswith("events.jsonl"))
        lines = archive.read(events).splitlines()
    assert len(lines) == log.service.ledger.position()
    assert sum(b'"leaf"' not in line for line in lines) > 5_000


def test_progress_is_told_of_every_leaf(log: Log) -> None:
    log.grow(2_000)
    told = log.write(io.BytesIO())
    assert (sum(told), len(told)) == (log.service.ledger.position(), 2)


MINSK = "CAST(replace(state, 'Europe/Paris', 'Europe/Minsk') AS BLOB)"
IN_SCOPE = f"UPDATE stored_events SET state = {MINSK} WHERE topic LIKE '%call_opened'"
ONE = "(SELECT max(idx) FROM leaves WHERE edition <> '' AND idx < 600)"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(IN_SCOPE, id="a line of the edition"),
        pytest.param("UPDATE leaves SET hash = zeroblob(32) WHERE idx = 700", id="a leaf of others"),
        pytest.param(f"UPDATE leaves SET edition = NULL WHERE idx = {ONE}", id="a line taken out of the edition"),
        pytest.param("DELETE FROM leaves WHERE idx = 30", id="a missing leaf"),
        pytest.param("DELETE FROM stored_events WHERE topic = 'edition.role_entered'", id="a missing line"),
        pytest.param("DELETE FROM stored_events WHERE notification_id = 500", id="a missing line of a long stream"),
    ],
)
def test_what_was_changed_since_it_was_signed_makes_no_bundle(log: Log, change: str) -> None:
    log.grow(1_000)
    log.write(io.BytesIO())
    execute(log.url, change)
    out = io.BytesIO()
    with pytest.raises(LogForked):
        log.write(out)
    assert not zipfile.is_zipfile(out)


@pytest.mark.parametrize("tile", ["0/001", "1/000"])
def test_damaged_tiles_make_no_bundle(log: Log, tile: str) -> None:
    log.grow(1_000)
    log.write(io.BytesIO())
    path = log.folder / "log" / "tile" / tile
    whole = path.read_bytes()
    for damaged in (b"\0" * 32 + whole[32:], whole[:-1]):
        path.write_bytes(damaged)
        with pytest.raises(LogForked):
            log.write(io.BytesIO())
    path.write_bytes(whole)
    assert log.write(io.BytesIO())
