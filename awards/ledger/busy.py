"""Telling that a database is too busy, or away, from a mistake of ours: the one is worth another try, the other not."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator

from eventsourcing.persistence import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

PRIMARY = 0xFF  # of an extended result code of SQLite
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_busy(error: BaseException) -> bool:
    """Whether a lock, a connection or an answer did not come in time, or the connection was lost."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, sqlite3.Error):
            return getattr(cause, "sqlite_errorcode", 0) & PRIMARY in LOCKED
    psycopg = sys.modules.get("psycopg")  # an extra, there if a database of its kind is open
    away = (OperationalError, NoConnectionInTime, *([psycopg.OperationalError] if psycopg else []))
    return any(isinstance(cause, away) for cause in causes)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__
