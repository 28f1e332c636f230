"""The history of an edition, out: who did what when, as the events tell it; no score, no comment, no sealed value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awards.schemas.fields import Checked, Id, Instant, ListOf, Part, Shape, Text
from awards.schemas.words import MANY, NAME, Number

OWN = frozenset({"position", "time", "edition", "award", "stream", "kind", "type", "version", "actor", "touched_by"})


class Facts(Checked[dict[str, Any]]):
    """What an event says beside what every event says: stage, category, code, participant and the like."""

    _CHECK_ATTRIBUTE = False

    def describe(self) -> Mapping[str, Any]:
        return {"type": "object"}

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> dict[str, Any]:
        return {name: fact for name, fact in obj.items() if name not in OWN}


class Actor(Shape):
    """Who acted: in which role, and on whose behalf."""

    kind = Text(NAME, required=True)
    id = Id()
    role = Text(NAME)
    on_behalf_of = Id()


class HistoryOut(Shape):
    """One event, at its position in the log."""

    position = Number(metadata={"description": "Told to who sees the whole history."})
    time = Instant(required=True)
    edition = Id()
    award = Id()
    stream = Id(required=True)
    kind = Text(NAME, required=True)
    type = Text(NAME, required=True)
    version = Number(metadata={"description": "Told to who sees the whole history."})
    actor = Part(Actor(), required=True)
    facts = Facts(required=True)
    touched_by = ListOf(Id(), MANY, metadata={"description": "The reviews with a later recusal that touches this act."})
