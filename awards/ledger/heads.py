"""The checkpoint store: what was signed last, and the tiles below it. A folder outside the database, in one place.

A database can be restored from a backup; what was signed cannot be unsigned. So the last checkpoint lies here, and is
replaced only by who holds the lock and names the one to be replaced: whoever is too late, or works on an older copy of
the database, signs nothing. The tiles are written and on disk before the checkpoint that covers them; what lies beyond
it is not yet part of the log, and is written again, the same, by whoever publishes next.

The last checkpoint of each day stays, and the last before the keys change (`kept.py`).

A tile is a file that grows to 256 hashes, under its address in C2SP `tlog-tiles`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from awards.ledger.files import replace_private, sync_folder
from awards.ledger.kept import KeptNotes
from awards.ledger.tiles import HASH, WIDTH, folded, path_of

WAIT = 30.0
"""Seconds to wait for another publisher."""

DAY = 24 * 3600


class StoreBusy(Exception):
    """Another publisher has not finished in time."""


class HeadMoved(Exception):
    """The checkpoint to be replaced is no longer the last one."""


class TileMissing(Exception):
    """A tile that the last checkpoint covers is not there."""


class HeadStore:
    """The folder of one log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = KeptNotes(folder)
        self._checkpoint = folder / "checkpoint"
        self._turn = threading.Lock()
        self._written: set[Path] = set()
        self._grown: set[Path] = set()
        """Folders in which something is new."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other publisher out, whatever its process; raises `StoreBusy` when that takes too long."""
        import fcntl  # noqa: PLC0415  # not on every platform that can read a log

        deadline = time.monotonic() + WAIT
        if not self._turn.acquire(timeout=WAIT):
            raise StoreBusy("another thread is publishing")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The lock is on the open file, and goes with the process.
            with open(self.folder / "lock", "ab") as file:
                while True:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        break
                    except BlockingIOError:
                        if time.monotonic() > deadline:
                            raise StoreBusy(f"another process is publishing to {self.folder}") from None
                        time.sleep(0.002)
                yield
        finally:
            self._turn.release()

    # The checkpoint.

    def read(self) -> bytes | None:
        """The last checkpoint, None before the first."""
        try:
            return self._checkpoint.read_bytes()
        except FileNotFoundError:
            return None

    def swap(self, old: bytes | None, new: bytes, *, keep: bool = False) -> None:
        """Replace the last checkpoint, if it is still `old`, once the tiles written are on disk.

        `old` is kept if it is the last of its day (UTC), or if it is asked for.
        """
        if self.read() != old:
            raise HeadMoved("another checkpoint was published meanwhile")
        self._sync()
        if old is not None and (keep or self._checkpoint.stat().st_mtime // DAY < time.time() // DAY):
            self.kept.keep(old)
        replace_private(self._checkpoint, new)

    # The tiles.

    def tile(self, level: int, tile: int, width: int) -> list[bytes]:
        """So many hashes of a tile; raises `TileMissing`."""
        try:
            with self._file(level, tile).open("rb") as file:
                data = file.read(width * HASH)
        except FileNotFoundError:
            data = b""
        if len(data) < width * HASH:
            raise TileMissing(f"tile {tile} of level {level} is incomplete in {self.folder}")
        return [data[place : place + HASH] for place in range(0, len(data), HASH)]

    def extend(self, size: int, leaves: Sequence[bytes]) -> None:
        """Write the hashes of the leaves that follow the first `size`, and the roots of the tiles they complete."""
        level, start, hashes = 0, size, leaves
        while hashes:
            self._write(level, start, hashes)
            first, last = start // WIDTH, (start + len(hashes)) // WIDTH
            hashes = [folded(self.tile(level, tile, WIDTH)) for tile in range(first, last)]
            level, start = level + 1, first

    def _write(self, level: int, start: int, hashes: Sequence[bytes]) -> None:
        while hashes:
            tile, place = divmod(start, WIDTH)
            now, hashes = hashes[: WIDTH - place], hashes[WIDTH - place :]
            path = self._file(level, tile)
            if not path.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._grown.update(one for one in path.parents if self.folder in (one, *one.parents))
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with open(descriptor, "wb") as file:
                file.seek(place * HASH)
                file.write(b"".join(now))
            self._written.add(path)
            start += len(now)

    def _sync(self) -> None:
        for path in self._written:
            with path.open("rb") as file:
                os.fsync(file.fileno())
        for folder in self._grown:
            sync_folder(folder)
        self._written.clear()
        self._grown.clear()

    def _file(self, level: int, tile: int) -> Path:
        return self.folder / "tile" / str(level) / path_of(tile)
