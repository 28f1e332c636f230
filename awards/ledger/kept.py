"""Checkpoints that are kept after later ones, and what stands behind them, beside the last one in the checkpoint store.

`checkpoints/<size>` is a checkpoint as it was signed, with the cosignatures of witnesses below; `anchors/<size>.tsr` is
an RFC 3161 time stamp over the bytes of that file, which stay as they are from then on. `cosigned` tells the size of
the newest checkpoint that as many witnesses cosigned as the policy asks for. Who writes holds the lock of the store.
"""

from __future__ import annotations

import re
from pathlib import Path

from awards.ledger.files import replace_private, write_private
from awards.ledger.notes import BadNote, Head, parts

NAME = re.compile(r"[1-9][0-9]{0,18}|0")


class KeptNotes:
    """What is kept of one log."""

    def __init__(self, folder: Path) -> None:
        self._notes = folder / "checkpoints"
        self._anchors = folder / "anchors"
        self._cosigned = folder / "cosigned"

    def read(self, size: int) -> bytes | None:
        """The checkpoint of a size, None if it was not kept."""
        return _read(self._notes / str(size))

    def sizes(self) -> list[int]:
        """The sizes of what is kept, the least first."""
        found = self._notes.iterdir() if self._notes.is_dir() else ()
        return sorted(int(file.name) for file in found if NAME.fullmatch(file.name))

    def keep(self, note: bytes) -> bytes:
        """Keep a checkpoint; gives what is kept: with the signatures that were below it already, if it is not stamped.

        Raises `BadNote`, also where another root is kept for this size.
        """
        text, lines = parts(note)
        size = Head.read(text).size
        old = self.read(size)
        if old is not None:
            other, known = parts(old)
            if other != text:
                raise BadNote(f"another checkpoint over {size} events is kept")
            lines = [*known, *(line for line in lines if line not in known)]
        kept = (text + "\n" + "".join(f"{line}\n" for line in lines)).encode()
        if kept == old or (old is not None and self.stamp(size) is not None):
            return old
        replace_private(self._notes / str(size), kept)
        return kept

    def cosignatures(self, note: bytes) -> bytes:
        """The signature lines that others than the log gave this very checkpoint."""
        text, lines = parts(note)
        head = Head.read(text)
        try:
            found, kept = parts(self.read(head.size) or b"")
        except BadNote:
            return b""  # nothing is kept, or what is there is damaged: then it cosigns nothing
        if found != text:
            return b""
        others = (line for line in kept if line not in lines and not line.startswith(f"— {head.origin} "))
        return "".join(f"{line}\n" for line in others).encode()

    def cosigned(self) -> int | None:
        """The size of the newest checkpoint that enough witnesses cosigned."""
        told = (_read(self._cosigned) or b"").decode("ascii", "replace").strip()
        return int(told) if NAME.fullmatch(told) else None

    def note_cosigned(self, size: int) -> None:
        """Note that enough witnesses cosigned the checkpoint of this size."""
        if size > (self.cosigned() or 0):
            replace_private(self._cosigned, f"{size}\n".encode())

    def stamp(self, size: int) -> bytes | None:
        """The time stamp over the checkpoint of a size."""
        return _read(self._anchors / f"{size}.tsr")

    def put_stamp(self, size: int, note: bytes, reply: bytes) -> bool:
        """Keep a time stamp over these bytes; not where other bytes are kept by now, or another stamp."""
        if self.read(size) != note or self.stamp(size) is not None:
            return False
        write_private(self._anchors / f"{size}.tsr", reply)
        return True

    def last_stamped(self) -> float | None:
        """When the newest time stamp was kept, in seconds since 1970."""
        files = self._anchors.glob("[0-9]*.tsr") if self._anchors.is_dir() else ()
        return max((file.stat().st_mtime for file in files), default=None)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
