"""The reviews: what each reviewer was given, and what came of it; and who is kept off what, given or not.

`given` tells whether anything was assigned: a recusal may come before. `before` is how a recused review stood, for the
day its recusal is lifted, `recused_at` since when it is, and by whom.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, Row, bindparam, select

from awards.domain.review import NOTHING, VOIDED, Review
from awards.projections.queries import Listing, Query, Seen, filters_on
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import Key, ReadModel, View, decode, fixed, put, stream_table
from awards.projections.work import Work

REVIEWS = stream_table(
    "reviews",
    fixed("edition"),
    fixed("assigned", BigInteger),
    fixed("stage"),
    fixed("nomination"),
    fixed("reviewer"),
    Column("status", Key, nullable=False),
    Column("given", Integer, nullable=False),
)
Index("reviews_edition", REVIEWS.c.edition, REVIEWS.c.assigned)
# With the edition, so that neither is passed over for `reviews_edition` when the edition is named too.
Index("reviews_nomination", REVIEWS.c.nomination, REVIEWS.c.edition, REVIEWS.c.assigned)
Index("reviews_reviewer", REVIEWS.c.reviewer, REVIEWS.c.edition, REVIEWS.c.assigned)

# Handlers.


def _assigned(view: View, event: Review.Assigned, work: Work) -> None:
    _begin(view, event, work)
    for name in ("scores", "comment", "ended_code", "ended_text"):
        view.pop(name, None)
    view["status"] = "assigned"
    view["given"] = True
    view.pop("ended_code", None)
    view["updated"] = work.time


Beginning = Review.Assigned | Review.NoConflictDeclared | Review.ConflictDeclared | Review.Recused


def _begin(view: View, event: Beginning, work: Work) -> None:
    """What the first event of the stream tells, whichever it is."""
    if "assigned" not in view:
        view["edition"] = event.edition
        for name in ("stage", "nomination", "reviewer"):
            view[name] = getattr(event, name)
        view["assigned"] = work.position
        view["status"], view["given"] = NOTHING, False


def _reviewer_declined(view: View, event: Review.ReviewerDeclined, work: Work) -> None:
    view["status"] = "declined"
    view["ended_code"] = event.code
    view["updated"] = work.time


def _no_conflict_declared(view: View, event: Review.NoConflictDeclared, work: Work) -> None:
    _begin(view, event, work)
    view["no_conflict"] = {"policy": event.policy, "time": work.time}
    view["updated"] = work.time


def _conflict_declared(view: View, event: Review.ConflictDeclared, work: Work) -> None:
    _begin(view, event, work)
    view["conflict"] = conflict = {"code": event.code}
    put(conflict, "text", event.text)
    put(conflict, "policy", event.policy)
    view.pop("no_conflict", None)
    view["declared_at"] = work.position
    view["updated"] = work.time


def _recused(view: View, event: Review.Recused, work: Work) -> None:
    _begin(view, event, work)
    if view["status"] != "recused":
        view["before"] = {name: view[name] for name in ("status", "ended_code") if name in view}
    declared = view.pop("declared_at", work.position)
    view["recused_at"] = {"position": declared if event.how == "declared" else work.position, "actor": event.actor}
    view.pop("reinstated", None)
    view["status"] = "recused"
    view["ended_code"] = event.code
    view["recusal"] = event.how
    put(view, "ended_text", event.text)
    view["updated"] = work.time


def _reinstated(view: View, event: Review.Reinstated, work: Work) -> None:
    for name in ("conflict", "ended_code", "ended_text", "recusal", "recused_at"):
        view.pop(name, None)
    view.update(view.pop("before", {"status": NOTHING}))
    view["reinstated"] = lifted = {"code": event.code, "time": work.time}
    put(lifted, "text", event.text)
    view["updated"] = work.time


def _voided(view: View, event: Review.Voided, work: Work) -> None:
    view["status"] = VOIDED
    view["ended_code"] = event.code
    view["updated"] = work.time


def _scored(view: View, event: Review.Submitted | Review.Revised, work: Work) -> None:
    view["status"] = "submitted"
    view["scores"] = event.scores
    put(view, "comment", event.comment)
    view["updated"] = work.time


MODEL = ReadModel(
    REVIEWS,
    {
        Review.Assigned: _assigned,
        Review.ReviewerDeclined: _reviewer_declined,
        Review.NoConflictDeclared: _no_conflict_declared,
        Review.ConflictDeclared: _conflict_declared,
        Review.Recused: _recused,
        Review.Reinstated: _reinstated,
        Review.Voided: _voided,
        Review.Submitted: _scored,
        Review.Revised: _scored,
    },
    columns=lambda view: (
        view["edition"],
        view["assigned"],
        view["stage"],
        view["nomination"],
        view["reviewer"],
        view["status"],
        int(view["given"]),
    ),
)

# Queries.

_BY_ID = Query(select(REVIEWS.c.view).where(REVIEWS.c.id == bindparam("review")))
_OWN = Query(
    select(REVIEWS.c.view)
    .where(REVIEWS.c.edition == bindparam("edition"), REVIEWS.c.reviewer == bindparam("reviewer"))
    .order_by(REVIEWS.c.assigned)
)
_HERS = REVIEWS.alias("hers")
_ALL = Listing(
    select(REVIEWS.c.assigned, REVIEWS.c.view),
    [(REVIEWS.c.assigned, False)],
    {
        **filters_on({name: REVIEWS.c[name] for name in ("edition", "nomination", "reviewer", "stage", "status")}),
        "among": REVIEWS.c.nomination.in_(select(_HERS.c.nomination).where(_HERS.c.reviewer == bindparam("among"))),
    },
)


def own(rows: Rows, edition: str, reviewer: str) -> list[View]:
    """All reviews of one reviewer in an edition, whether given or not, with what is sealed unopened."""
    return [decode(row.view) for row in _OWN.all(rows, edition=edition, reviewer=reviewer)]


def find(rows: Rows, review: str) -> View | None:
    """A review by its id."""
    row = _BY_ID.first(rows, review=review)
    return None if row is None else rows.opened([_view(row)])[0]


def find_all(
    rows: Rows,
    *,
    edition: str | None = None,
    nomination: str | None = None,
    reviewer: str | None = None,
    stage: str | None = None,
    status: str | None = None,
    after: After | None = None,
    limit: int = 50,
    seen: Seen | None = None,
    among: str | None = None,
) -> Page:
    """Reviews as they were assigned; `after` is (assigned,). Name an edition, a nomination or a reviewer.

    `among`: those of the nominations that this reviewer has.
    """
    wanted = {"edition": edition, "nomination": nomination, "reviewer": reviewer, "stage": stage, "status": status}
    wanted["among"] = among
    page = _ALL.page(rows, _view, after, limit, wanted, seen)
    rows.opened(page.items)
    return page


def _view(row: Row[Any]) -> View:
    view: View = decode(row.view)
    for inner in ("assigned", "given", "before", "recused_at", "declared_at"):
        view.pop(inner, None)
    return view
