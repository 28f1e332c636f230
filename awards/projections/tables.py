"""What the tables of all read models have in common.

The current state of a stream is one row: its id, its version, the view that queries return (JSON text) and, as columns
of their own, what is searched or sorted by. All read models advance in one transaction, so they share one position.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, MetaData, Table, Text

from awards.domain.stream import StreamEvent

if TYPE_CHECKING:
    from awards.projections.work import Work

VERSION = 7
"""Of the shape and meaning of all rows: raised with a change of either, and databases rebuild when they are opened."""

View = dict[str, Any]
Handler = Callable[[View, Any, "Work"], None]
"""Brings the view of a stream up to an event of it. It only assigns: it runs on any recorded history."""

METADATA = MetaData()

Key = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point on both databases, so that cursors mean the same on both."""

PROJECTION = Table(
    "projection",
    METADATA,
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("roll_changed", BigInteger, nullable=False),
)
"""One row: the position of all read models, and that of the last event which could change the roll of honour."""


def of_stream(event: Any) -> str:
    """The row of the event's stream."""
    return str(event.originator_id)


@dataclass(frozen=True, eq=False)
class ReadModel:
    """A table of streams, or of parts of them: which events move a row, the columns after id, version and view that a
    view has, and the id of the row an event moves.
    """

    table: Table
    handlers: Mapping[type[StreamEvent], Handler]
    columns: Callable[[View], tuple[Any, ...]]
    row: Callable[[Any], str] = of_stream


def stream_table(name: str, *columns: Column[Any]) -> Table:
    """A table with a row a stream."""
    return Table(
        name,
        METADATA,
        Column("id", Key, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("view", Text, nullable=False),
        *columns,
    )


def fixed(name: str, kind: Any = Key) -> Column[Any]:
    """A column that never changes once its row is there, so that its indexes are left alone."""
    return Column(name, kind, nullable=False, info={"fixed": True})


def put(view: View, name: str, value: Any) -> None:
    """Set a part of a view; what is not told is not there."""
    if value is None:
        view.pop(name, None)
    else:
        view[name] = value


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
decode = json.loads
