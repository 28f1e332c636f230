"""The history: who did what when, one row an event, derived from the log and never written beside it.

It tells neutral facts only: no score, no comment, no sealed value.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Row, Table, Text, select

from awards.projections.rows import After, Order, Page, Rows, page_of
from awards.projections.tables import METADATA, Key, View, decode, encode

HISTORY = Table(
    "history",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("edition", Key),
    Column("award", Key),
    Column("stream", Key, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("type", Key, nullable=False),
    Column("time", Key, nullable=False),
    Column("facts", Text, nullable=False),
)
Index("history_edition", HISTORY.c.edition, HISTORY.c.position)
Index("history_stream", HISTORY.c.stream, HISTORY.c.position)

NEUTRAL = (
    "slug label since effective opens closes zone stage category code participant role seat scope nomination "
    "nominations reviewer endorser rule how outcome rung field sources occasion date place date_certainty "
    "place_certainty embargo standing rival winner winners runners_up"
).split()
"""Fields that may be told as they are; winners by their participants, and never what is sealed."""


def row_of(event: Any, topic: str, position: int, stream: str, time: str) -> tuple[Any, ...]:
    """The row of an event, in the order of the table's columns."""
    facts: View = {"actor": event.actor}
    for name in _neutral(event.__class__):
        value = getattr(event, name)
        if value is not None and (told := _told(value)) is not None:
            facts[name] = told
    return (position, event.edition, event.award, stream, event.originator_version, topic, time, encode(facts))


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


# Queries.


def find_all(
    rows: Rows,
    *,
    edition: str | None = None,
    award: str | None = None,
    stream: str | None = None,
    newest_first: bool = True,
    after: After | None = None,
    limit: int = 50,
) -> Page:
    """What happened in an edition, an award's own stream, one stream, or everywhere; `after` is (position,)."""
    order: Order = [(HISTORY.c.position, newest_first)]
    query = select(HISTORY)
    for name, value in (("edition", edition), ("award", award), ("stream", stream)):
        if value is not None:
            query = query.where(HISTORY.c[name] == value)
    return page_of(rows, query, order, after, limit, _view)


def _view(row: Row[Any]) -> View:
    home = {name: row._mapping[name] for name in ("edition", "award") if row._mapping[name] is not None}
    kind = row.type.partition(".")[0]
    facts = decode(row.facts)
    actor = facts.pop("actor")
    return {
        "position": row.position,
        "time": row.time,
        **home,
        "stream": row.stream,
        "kind": kind,
        "type": row.type,
        "version": row.version,
        "actor": actor,
        **facts,
    }
