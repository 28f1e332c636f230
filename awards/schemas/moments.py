"""As of when something is asked: a place in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from awards.schemas.fields import Instant, Shape

POSITION = r"(0|[1-9][0-9]{0,15})"


class At(Instant):
    """A position, which is a number of events of the log, or a moment; loaded as an int or an aware UTC datetime."""

    pattern = rf"({POSITION}|{Instant.pattern})"
    says = {"examples": ["2026-05-01T12:00:00Z", "1325"]}
    default_error_messages = {"malformed": "This must be a time as in 2019-05-29T14:00:00Z, or a number of events."}

    def exists(self, value: str) -> Any:
        return int(value) if value.isdecimal() else super().exists(value)

    @staticmethod
    def written(value: int | datetime | None) -> str | None:
        """The one way to write what was loaded."""
        return value.isoformat() if isinstance(value, datetime) else value if value is None else str(value)


class AsOf(Shape):
    """The parameter of a read that can look back."""

    at = At(
        metadata={
            "description": "As of this moment (the longest part of the log with no later time), or as of so many events"
            " of the log (for who sees everything they count). What you may see is what you may see today."
        }
    )
