"""Queries: built once, run with the values of each call; and lists in pages.

To build a statement of SQLAlchemy's takes longer than to run it here, so each is built and compiled at its first use.
Lists come in pages by keyset: a page says after which sort values the next one begins, so nothing is skipped or shown
twice when rows come in between, and a late page costs as much as the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Integer, Row, Select, and_, bindparam, or_
from sqlalchemy.sql.compiler import SQLCompiler

from awards.projections.rows import After, Page, Rows
from awards.projections.tables import View

Order = Sequence[tuple[ColumnElement[Any], bool]]
"""Columns to sort by, and whether each descends; the last one makes the order total."""


Seen = Callable[[View], View | None]
"""A view as a reader sees it, if at all; what is sealed is opened afterwards."""

LOOKED_AT = 500
"""How many rows are looked at together once a page is not full, for a reader who may not see them all."""


def filled(
    look: Callable[[After | None, int], list[tuple[After, View]]], seen: Seen | None, after: After | None, limit: int
) -> Page:
    """A page of what is seen, full if there is as much, and where it ends; `look` gives items with their sort values.

    What is not seen leaves no trace: neither a shorter page, nor a next one without anything in it.
    """
    shown: list[tuple[After, View]] = []
    most = limit + 1
    while len(shown) <= limit:
        found = look(after, most)
        for place, view in found:
            one = view if seen is None else seen(view)
            if one is not None:
                shown.append((place, one))
        if len(found) < most:
            break
        after, most = found[-1][0], max(most, LOOKED_AT)
    following = shown[limit - 1][0] if len(shown) > limit else None
    return Page([view for _, view in shown[:limit]], following)


class Query:
    """A statement whose parameters are `bindparam`s."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._compiled: dict[str, SQLCompiler] = {}

    def all(self, rows: Rows, **values: Any) -> Sequence[Row[Any]]:
        """All rows."""
        return self._run(rows.connection, values).all()

    def first(self, rows: Rows, **values: Any) -> Row[Any] | None:
        """The first row."""
        return self._run(rows.connection, values).first()

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self._statement.compile(dialect=connection.dialect)
            self._compiled[connection.dialect.name] = compiled
        params: Any = {**compiled.params, **values}
        if compiled.positiontup is not None:
            params = tuple(params[name] for name in compiled.positiontup)
        return connection.exec_driver_sql(compiled.string, params)


class Listing:
    """A list in pages: a statement, whose first columns are those of the order, and the filters a caller may ask for.

    A filter is a condition on a `bindparam` of its name. `around` adds to the rows of a page once they are known.
    """

    def __init__(
        self,
        statement: Select[Any],
        order: Order,
        filters: Mapping[str, ColumnElement[bool]],
        around: Callable[[Select[Any]], Select[Any]] = lambda page: page,
    ) -> None:
        self._statement, self._order, self._filters, self._around = statement, order, filters, around
        self._built: dict[tuple[tuple[str, ...], bool], Query] = {}

    def page(
        self,
        rows: Rows,
        view: Callable[[Row[Any]], View],
        after: After | None,
        limit: int,
        wanted: Mapping[str, Any],
        seen: Seen | None = None,
        **values: Any,
    ) -> Page:
        """The items after `after` that meet the filters which are not None; `values` are the statement's own.

        With `seen` they are those it shows, as it shows them, as many as if there were no others.
        """
        values |= {name: value for name, value in wanted.items() if value is not None}
        filters = tuple(name for name in wanted if wanted[name] is not None)

        def look(beyond: After | None, most: int) -> list[tuple[After, View]]:
            shape = (filters, beyond is not None)
            if shape not in self._built:
                self._built[shape] = self._build(*shape)
            marks = {f"after_{place}": value for place, value in enumerate(beyond or ())}
            found = self._built[shape].all(rows, limit=most, **values, **marks)
            return [(tuple(row[: len(self._order)]), view(row)) for row in found]

        return filled(look, seen, after, limit)

    def _build(self, filters: tuple[str, ...], goes_on: bool) -> Query:
        statement = self._statement.where(*(self._filters[name] for name in filters))
        if goes_on:
            statement = statement.where(_beyond(self._order))
        sorted_by = [column.desc() if descends else column.asc() for column, descends in self._order]
        return Query(self._around(statement.order_by(*sorted_by).limit(bindparam("limit", type_=Integer))))


def _beyond(order: Order) -> ColumnElement[bool]:
    """The condition for rows that come after the sort values `after_0`, `after_1`, …"""
    marks = [bindparam(f"after_{place}", type_=column.type) for place, (column, _) in enumerate(order)]
    choices = []
    for place, (column, descends) in enumerate(order):
        same = [earlier == mark for (earlier, _), mark in zip(order[:place], marks, strict=False)]
        choices.append(and_(*same, column < marks[place] if descends else column > marks[place]))
    first, descends = order[0]
    # Follows from the rest; lets the database begin in the middle of the index.
    start = first <= marks[0] if descends else first >= marks[0]
    return and_(start, or_(*choices))


def containing(text: str) -> str:
    """The pattern for LIKE with `/` as the escape: any text with this one in it, its wildcards taken literally."""
    for special in "/%_":
        text = text.replace(special, f"/{special}")
    return f"%{text}%"


def filters_on(columns: Mapping[str, ColumnElement[Any]]) -> dict[str, ColumnElement[bool]]:
    """Filters for columns that are to have a value."""
    return {name: column == bindparam(name) for name, column in columns.items()}
