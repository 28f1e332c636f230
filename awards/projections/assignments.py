"""What a plan of assignments rests on: who has a part in which nomination, and every review. Nothing is opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select

from awards.projections.nominations import NOMINATIONS, parts
from awards.projections.queries import Query
from awards.projections.reviews import REVIEWS
from awards.projections.rows import Rows
from awards.projections.tables import decode

_NOMINATIONS = Query(
    select(NOMINATIONS.c.id, NOMINATIONS.c.category, NOMINATIONS.c.view).where(
        NOMINATIONS.c.edition == bindparam("edition"), NOMINATIONS.c.status == "eligible"
    )
)
_REVIEWS = Query(
    select(REVIEWS.c.id, REVIEWS.c.stage, REVIEWS.c.nomination, REVIEWS.c.reviewer, REVIEWS.c.status).where(
        REVIEWS.c.edition == bindparam("edition")
    )
)


class Eligible(NamedTuple):
    """A nomination that may be assigned, and the participants named in it."""

    id: str
    category: str
    parts: frozenset[str]


def eligible(rows: Rows, edition: str) -> list[Eligible]:
    """The eligible nominations of an edition."""
    found = _NOMINATIONS.all(rows, edition=edition)
    return [Eligible(row.id, row.category, parts(decode(row.view))) for row in found]


def reviews(rows: Rows, edition: str) -> Sequence[Row[Any]]:
    """Id, stage, nomination, reviewer and status of every review of an edition."""
    return _REVIEWS.all(rows, edition=edition)
