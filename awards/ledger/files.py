"""Files that only their owner may touch."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
CHANGED_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def make_private(path: str | Path) -> None:
    """Make an empty file that only its owner may read, unless there is a file; SQLite's own would be open to all."""
    with suppress(OSError):  # it is there, or whoever opens it next says why it cannot be
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def write_private(path: Path, content: bytes) -> None:
    """Create a file that only its owner may read, unless it is there.

    It appears with its whole content or not at all; of several processes at once, one makes it and all read the same.
    """
    if path.exists():
        return
    with _draft(path, content) as draft, suppress(FileExistsError):
        os.link(draft, path)  # never replaces a file
        sync_folder(path.parent)


def replace_private(path: Path, content: bytes) -> None:
    """Put a file that only its owner may read in the place of the one there is; whole, or not at all."""
    with _draft(path, content) as draft:
        draft.replace(path)
        sync_folder(path.parent)


@contextmanager
def _draft(path: Path, content: bytes) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on disk."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_to_others(path: Path) -> bool:
    """Whether others than the owner may read or write the file; not if it is not there, or where nobody can say."""
    return _mode(path) & OTHERS != 0


def changed_by_others(folder: Path) -> bool:
    """Whether others than the owner may put files into the folder, or take some away."""
    return _mode(folder) & CHANGED_BY_OTHERS != 0


def _mode(path: Path) -> int:
    if os.name != "posix" or not path.exists():
        return 0
    return path.stat().st_mode


@contextmanager
def new_private(path: Path) -> Iterator[Path]:
    """A draft that only its owner may read, to be written to; under its own name it appears complete or not at all.

    Raises `FileExistsError` when there is a file of this name, which stays.
    """
    if path.exists():
        raise FileExistsError(f"there is a file {path} already, and it is left alone")
    with _draft(path, b"") as draft:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.link(draft, path)
        sync_folder(path.parent)
