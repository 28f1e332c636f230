"""The awards: one row each, for the list of awards and the names that other read models show."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, select

from awards.domain.award import Award
from awards.projections.queries import Listing, Query
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import ReadModel, View, decode, fixed, put, stream_table
from awards.projections.work import Work

AWARDS = stream_table("awards", fixed("slug"))


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

_BY_ID = Query(select(AWARDS.c.view).where(AWARDS.c.id == bindparam("award")))
_BY_SLUG = Query(select(AWARDS.c.view).where(AWARDS.c.slug == bindparam("slug")))
_ALL = Listing(select(AWARDS.c.slug, AWARDS.c.view), [(AWARDS.c.slug, False)], {})


def find(rows: Rows, award: str) -> View | None:
    """An award by its id."""
    row = _BY_ID.first(rows, award=award)
    return None if row is None else _view(row)


def find_by_slug(rows: Rows, slug: str) -> View | None:
    """An award by its slug."""
    row = _BY_SLUG.first(rows, slug=slug)
    return None if row is None else _view(row)


def find_all(rows: Rows, *, after: After | None = None, limit: int = 50) -> Page:
    """The awards by slug; `after` is (slug,)."""
    return _ALL.page(rows, _view, after, limit, {})


def _view(row: Row[Any]) -> View:
    return decode(row.view)  # type: ignore[no-any-return]
