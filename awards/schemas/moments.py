"""As of when something is asked: a place in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from awards.schemas.fields import Checked, Choice, Id, Instant, ListOf, Part, Shape, Slug
from awards.schemas.words import MANY

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
            " of the log (for who sees everything they count); for who may read the history, and never more of it than"
            " may be seen today."
        }
    )


class Between(Shape):
    """From when to when."""

    earlier = At(data_key="from", required=True, metadata={"description": "A moment, or a number of events."})
    later = At(data_key="to", metadata={"description": "A moment, or a number of events; by default now."})


class Told(Checked[dict[str, Any]]):
    """Facts, as they go out."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "object"}


class Change(Shape):
    """Something that is not as it was; without `before` it was not there, without `after` it is not any more."""

    what = Choice("decision", "edition", "nomination", "shortlist", "standing", required=True)
    stage = Slug()
    category = Slug()
    nomination = Id()
    before = Told()
    after = Told()


class DifferencesOut(Shape):
    """What is different between two moments: phase, statuses, shortlists, places in a ranking, decisions."""

    edition = Id(required=True)
    changes = ListOf(Part(Change()), MANY, required=True)
