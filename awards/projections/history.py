"""The history: who did what when. It is the log itself, read a page at a time; a table of it would only say it again.

It tells neutral facts: no score, no comment, no sealed value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from awards.domain.values import instant
from awards.projections.queries import Seen, filled
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import View

NEUTRAL = (
    "slug label since effective opens closes due zone stage category code participant role seat scope nomination "
    "nominations reviewer endorser rule how outcome rung field sources occasion date place date_certainty "
    "place_certainty embargo policy standing rival winner winners runners_up participants quorum "
    "minimum_reviews ballot purpose secret classes basis kept"
).split()
"""Fields that may be told as they are; winners by their participants, and never what is sealed."""

_SELECT = "SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state FROM "
_EVERYWHERE = (_SELECT + "stored_events e WHERE 1 = 1", "e.notification_id", 0)
_STREAM = (_SELECT + "stored_events e WHERE e.originator_id = ?", "e.notification_id", 0)
_EDITION = (_SELECT + "leaves l JOIN stored_events e ON e.notification_id = l.idx + 1 WHERE l.edition = ?", "l.idx", 1)
"""Query, what it sorts by, and how far the position is from that."""


def find_all(
    rows: Rows,
    *,
    edition: str | None = None,
    stream: UUID | None = None,
    newest_first: bool = True,
    after: After | None = None,
    limit: int = 50,
    seen: Seen | None = None,
) -> Page:
    """What happened in a stream, in an edition, or everywhere, up to the position of `rows`; `after` is (position,)."""
    params: list[Any] = []
    (query, place, offset) = _EVERYWHERE
    if stream is not None:
        (query, place, offset), params = _STREAM, [stream.hex]
    elif edition is not None:
        (query, place, offset), params = _EDITION, [edition]
    query, params = f"{query} AND {place} <= ?", [*params, rows.position - offset]
    order = f"ORDER BY {place} {'DESC' if newest_first else 'ASC'} LIMIT ?"
    beyond = f"AND {place} {'<' if newest_first else '>'} ?"

    def look(last: After | None, most: int) -> list[tuple[After, View]]:
        goes_on = (f"{query} {beyond} {order}", [*params, last[0] - offset, most]) if last else None
        found = rows.log.rows(*(goes_on or (f"{query} {order}", [*params, most])))
        return [((item["position"],), item) for item in (_item(rows, row) for row in found)]

    return filled(look, seen, after, limit)


def _item(rows: Rows, row: Mapping[str, Any]) -> View:
    stream = UUID(str(row["originator_id"]))
    stored = StoredEvent(stream, row["originator_version"], row["topic"], bytes(row["state"]))
    event: Any = rows.log.mapper.to_domain_event(stored)
    home = {name: getattr(event, name) for name in ("edition", "award") if getattr(event, name) is not None}
    told = ((name, _told(getattr(event, name))) for name in _neutral(event.__class__))
    return {
        "position": row["notification_id"],
        "time": instant(event.timestamp),
        **home,
        "stream": str(stream),
        "kind": stored.topic.partition(".")[0],
        "type": stored.topic,
        "version": stored.originator_version,
        "actor": event.actor,
        **{name: value for name, value in told if value is not None},
    }


@cache
def _neutral(event_class: Any) -> tuple[str, ...]:
    own = {member.name for member in fields(event_class)}
    return tuple(name for name in NEUTRAL if name in own)


def _told(value: Any) -> Any:
    """A value without what is sealed; who is named is told by the participant's id."""
    if isinstance(value, list):
        return [told for told in map(_told, value) if told is not None]
    if isinstance(value, dict):
        return None if "sd" in value else value.get("participant", value)
    return value
