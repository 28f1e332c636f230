"""Files that only their owner may touch."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
CHANGED_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def make_private(path: str | Path) -> None:
    """Make an empty file that only its owner may read, unless there is a file; SQLite's own would be open to all."""
    with suppress(OSError):  # it is there, or whoever opens it next says why it cannot be
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


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
