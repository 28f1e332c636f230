"""Whom a deadline or a result concerns: what the mail asks of nominations and reviews. Nothing sealed is opened."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from awards.projections.nominations import NOMINATIONS
from awards.projections.queries import Query
from awards.projections.reviews import REVIEWS
from awards.projections.rows import Rows
from awards.projections.tables import View, decode

_OF_CATEGORY = Query(
    select(NOMINATIONS.c.view)
    .where(NOMINATIONS.c.edition == bindparam("edition"), NOMINATIONS.c.category == bindparam("category"))
    .order_by(NOMINATIONS.c.submitted)
)
_NOMINATORS = Query(select(NOMINATIONS.c.nominator).where(NOMINATIONS.c.edition == bindparam("edition")).distinct())
_OWING = (
    select(REVIEWS.c.reviewer)
    .where(
        REVIEWS.c.edition == bindparam("edition"),
        REVIEWS.c.stage == bindparam("stage"),
        REVIEWS.c.status == bindparam("status"),
    )
    .distinct()
)
_REVIEWERS, _REVIEWER = Query(_OWING), Query(_OWING.where(REVIEWS.c.reviewer == bindparam("reviewer")))


def of_category(rows: Rows, edition: str, category: str) -> list[View]:
    """All nominations of a category as they came in."""
    return [decode(row.view) for row in _OF_CATEGORY.all(rows, edition=edition, category=category)]


def nominators(rows: Rows, edition: str) -> frozenset[str]:
    """Who has put somebody forward in an edition."""
    return frozenset(row.nominator for row in _NOMINATORS.all(rows, edition=edition))


def owing_reviews(rows: Rows, edition: str, stage: str) -> frozenset[str]:
    """The reviewers who still owe a review at a stage."""
    return frozenset(row.reviewer for row in _REVIEWERS.all(rows, edition=edition, stage=stage, status="assigned"))


def owes_review(rows: Rows, edition: str, stage: str, reviewer: str) -> bool:
    """Whether a reviewer still owes a review at a stage."""
    return _REVIEWER.first(rows, edition=edition, stage=stage, status="assigned", reviewer=reviewer) is not None
