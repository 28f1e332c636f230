"""Where databases that nobody will want after the test are kept: in memory, where there is a file system in it.

Every commit of SQLite waits for the disk, and every new database is some three hundred files; a virtual disk takes
thousandths of a second over the one, and a processor for a tenth of a second over the others.
"""

import os
import shutil
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3
"""Bytes to be free: a container often has a few megabytes there, which one server would fill."""


def memory_folder() -> Path | None:
    """A folder in memory that every user may enter, large enough and allowed to run programs; None: use the disk."""
    try:
        usable = os.access(SHARED_MEMORY, os.W_OK | os.X_OK) and not os.statvfs(SHARED_MEMORY).f_flag & os.ST_NOEXEC
        return SHARED_MEMORY if usable and shutil.disk_usage(SHARED_MEMORY).free >= ENOUGH else None
    except (OSError, AttributeError):  # no such folder, or no such notion
        return None
