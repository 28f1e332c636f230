"""The people with an account or an award-wide role: who holds what, and whether the account has been ended.

Of somebody who has neither, only that she was erased: her row has no kind, and is not shown.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, select

from awards.domain.subject import Subject
from awards.projections.queries import Listing, Query
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import ReadModel, View, decode, fixed, stream_table
from awards.projections.work import Work

SUBJECTS = stream_table("subjects", fixed("known"))


# Handlers.


def _known(view: View, event: Subject.Known, work: Work) -> None:
    view.setdefault("known", work.time)
    view.update(kind=event.kind, name=event.name, active=True, roles=[])


def _role_granted(view: View, event: Subject.RoleGranted, work: Work) -> None:
    view["roles"].append({"role": event.role, "award": event.scope})


def _role_revoked(view: View, event: Subject.RoleRevoked, work: Work) -> None:
    gone = (event.role, event.scope)
    view["roles"] = [held for held in view["roles"] if (held["role"], held["award"]) != gone]


def _deactivated(view: View, event: Subject.Deactivated, work: Work) -> None:
    view["active"] = False


def _erasure_requested(view: View, event: Subject.ErasureRequested, work: Work) -> None:
    view.setdefault("known", work.time)
    view["erasure_requested"] = work.time


def _erasure_refused(view: View, event: Subject.ErasureRefused, work: Work) -> None:
    view.setdefault("known", work.time)
    view.pop("erasure_requested", None)


def _erased(view: View, event: Subject.Erased, work: Work) -> None:
    view.setdefault("known", work.time)
    view.pop("erasure_requested", None)
    if "account" in event.classes:
        view["active"] = False


MODEL = ReadModel(
    SUBJECTS,
    {
        Subject.Known: _known,
        Subject.RoleGranted: _role_granted,
        Subject.RoleRevoked: _role_revoked,
        Subject.Deactivated: _deactivated,
        Subject.ErasureRequested: _erasure_requested,
        Subject.ErasureRefused: _erasure_refused,
        Subject.Erased: _erased,
    },
    columns=lambda view: (view["known"],),
)


# Queries.

_EVERY = Query(select(SUBJECTS.c.id, SUBJECTS.c.view).order_by(SUBJECTS.c.known, SUBJECTS.c.id))
_BY_ID = Query(select(SUBJECTS.c.view).where(SUBJECTS.c.id == bindparam("subject")))
_ALL = Listing(
    select(SUBJECTS.c.known, SUBJECTS.c.id, SUBJECTS.c.view), [(SUBJECTS.c.known, False), (SUBJECTS.c.id, False)], {}
)


def find(rows: Rows, subject: str) -> View | None:
    """A subject by its id."""
    row = _BY_ID.first(rows, subject=subject)
    view = None if row is None else _shown(_view(row))
    return None if view is None else rows.opened([view])[0]


def find_all(rows: Rows, *, after: After | None = None, limit: int = 50) -> Page:
    """The subjects in the order they became known; `after` is (known, id)."""
    page = _ALL.page(rows, _view, after, limit, {}, _shown)
    return Page(rows.opened(page.items), page.after)


def requested(rows: Rows) -> dict[str, str]:
    """Whose erasure waits for a second person: subject -> since when; with those who are not shown otherwise."""
    waiting = ((row.id, _view(row).get("erasure_requested")) for row in _EVERY.all(rows))
    return {subject: since for subject, since in waiting if since}


def _shown(view: View) -> View | None:
    return view if "kind" in view else None


def _view(row: Row[Any]) -> View:
    return decode(row.view)  # type: ignore[no-any-return]
