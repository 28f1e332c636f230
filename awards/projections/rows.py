"""Reading: the rows as of one position, and pages of them.

Lists come in pages by keyset: a page says after which sort values the next one begins, so nothing is skipped or shown
twice when rows come in between, and a late page costs as much as the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from eventsourcing.persistence import Mapper, Notification
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, true

from awards.projections.opening import OpenAll, open_in
from awards.projections.tables import View

After = tuple[Any, ...]
"""Sort values of the last item of the page before."""

KEPT = 100
"""Answers kept in a process."""

Kept = TypeVar("Kept")

Order = Sequence[tuple[ColumnElement[Any], bool]]
"""Columns to sort by, and whether each descends; the last one makes the order total."""


class Log(Protocol):
    """What read models need of the ledger."""

    @property
    def mapper(self) -> Mapper[UUID]: ...

    def position(self) -> int: ...

    def notifications(self, after: int, limit: int) -> Sequence[Notification]: ...

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Rows:
    """The read models at one position, in one transaction."""

    connection: Connection
    position: int
    roll_changed: int
    """The position of the last event that could change the roll: what was read from it at this value still holds."""

    log: Log
    open_all: OpenAll
    kept: dict[Any, tuple[int, Any]]
    """What this process worked out, by what was asked; with the mark it was worked out at."""

    def opened(self, views: list[View]) -> list[View]:
        """The views with all sealed values opened, those nobody can open any more as "erased"."""
        open_in(views, self.open_all)
        return views

    def keep(self, asked: Any, mark: int, work_out: Callable[[], Kept]) -> Kept:
        """What is worked out for a question, once for each mark."""
        known = self.kept.get(asked)
        if known is None or known[0] != mark:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            self.kept[asked] = known = (mark, work_out())
        return known[1]

    def last_of(self, edition: str) -> int:
        """The position of the last event of an edition, 0 for none."""
        query = "SELECT max(idx) + 1 AS position FROM leaves WHERE edition = ? AND idx < ?"
        ((row),) = self.log.rows(query, (edition, self.position))
        return row["position"] or 0

    def all(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """All rows of a query."""
        return self.connection.execute(query).all()

    def first(self, query: Select[Any]) -> Row[Any] | None:
        """The first row of a query."""
        return self.connection.execute(query).first()


class Page(NamedTuple):
    """Some items of a list, and after which sort values the next page begins (None: there is none)."""

    items: list[View]
    after: After | None


def beyond(order: Order, after: After | None) -> ColumnElement[bool]:
    """The condition for rows that come after these sort values."""
    if after is None:
        return true()
    choices = []
    for place, (column, descends) in enumerate(order):
        same = [earlier == value for (earlier, _), value in zip(order[:place], after, strict=False)]
        choices.append(and_(*same, column < after[place] if descends else column > after[place]))
    first, descends = order[0]
    # Follows from the rest; lets the database begin in the middle of the index.
    start = first <= after[0] if descends else first >= after[0]
    return and_(start, or_(*choices))


def sorted_by(order: Order) -> list[ColumnElement[Any]]:
    """The ORDER BY of an order."""
    return [column.desc() if descends else column.asc() for column, descends in order]


def page_of(
    rows: Rows,
    query: Select[Any],
    order: Order,
    after: After | None,
    limit: int,
    view: Callable[[Row[Any]], View],
    sealed: bool = False,
    around: Callable[[Select[Any]], Select[Any]] = lambda query: query,
) -> Page:
    """One page of a query without LIMIT, whose first columns are those of the order; `around` adds to its rows."""
    found = rows.all(around(query.where(beyond(order, after)).order_by(*sorted_by(order)).limit(limit + 1)))
    items = [view(row) for row in found[:limit]]
    return Page(
        rows.opened(items) if sealed else items, tuple(found[limit - 1][: len(order)]) if len(found) > limit else None
    )
