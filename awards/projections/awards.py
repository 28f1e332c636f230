"""The awards: one row each, for the list of awards and the names that other read models show."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select

from awards.domain.award import Award
from awards.projections.rows import After, Order, Page, Rows, page_of
from awards.projections.tables import ReadModel, View, decode, fixed, put, stream_table
from awards.projections.work import Work

AWARDS = stream_table("awards", fixed("slug"))
ORDER: Order = [(AWARDS.c.slug, False)]


# Handlers.


def _established(view: View, event: Award.Established, work: Work) -> None:
    view["slug"] = event.slug
    _describe(view, event)
    put(view, "since", event.since)
    view["discontinued"] = False


def _revised(view: View, event: Award.Revised, work: Work) -> None:
    _describe(view, event)


def _describe(view: View, event: Award.Established | Award.Revised) -> None:
    view["name"] = event.name
    view["awarding_body"] = event.awarding_body
    put(view, "purpose", event.purpose)


def _discontinued(view: View, event: Award.Discontinued, work: Work) -> None:
    view["discontinued"] = True


MODEL = ReadModel(
    AWARDS,
    {Award.Established: _established, Award.Revised: _revised, Award.Discontinued: _discontinued},
    columns=lambda view: (view["slug"],),
)


# Queries.


def find(rows: Rows, award: str) -> View | None:
    """An award by its id."""
    return _one(rows, select(AWARDS.c.view).where(AWARDS.c.id == award))


def find_by_slug(rows: Rows, slug: str) -> View | None:
    """An award by its slug."""
    return _one(rows, select(AWARDS.c.view).where(AWARDS.c.slug == slug))


def find_all(rows: Rows, *, after: After | None = None, limit: int = 50) -> Page:
    """The awards by slug; `after` is (slug,)."""
    return page_of(rows, select(AWARDS.c.slug, AWARDS.c.view), ORDER, after, limit, _view)


def _one(rows: Rows, query: Select[Any]) -> View | None:
    row = rows.first(query)
    return None if row is None else decode(row[0])


def _view(row: Row[Any]) -> View:
    return decode(row.view)  # type: ignore[no-any-return]
