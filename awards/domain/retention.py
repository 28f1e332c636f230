"""How long values are kept after an edition is over: in months of the calendar, by class, as its rules say.

An edition without a period for a class keeps that class until somebody asks for its erasure.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

CLASSES = ("case", "public", "account")
"""What there can be a period for."""


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time so many months later, or the last day of that month where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
