"""Reviews, in and out."""

from __future__ import annotations

from awards.schemas.fields import Choice, Id, Instant, Keyed, Part, Shape, Slug, StrictInteger, Text
from awards.schemas.rules import CRITERIA, SCORE
from awards.schemas.words import COMMENT, Code, Number, Shown

STATUSES = ("assigned", "submitted", "declined", "recused")


def _scores(*, required: bool = False) -> Keyed:
    return Keyed(Slug.pattern, StrictInteger(-SCORE, SCORE), most=CRITERIA, required=required)


class AssignIn(Shape):
    """Which nomination goes to which member of the stage's panel."""

    stage = Slug(required=True)
    nomination = Id(required=True)
    reviewer = Id(required=True)


class ScoreIn(Shape):
    """One score for every criterion of the rubric, and a comment."""

    scores = _scores(required=True)
    comment = Text(COMMENT, multiline=True)


class Conflict(Shape):
    """A conflict of interest that the reviewer declared."""

    code = Code(required=True)
    text = Shown()


class ReviewOut(Shape):
    """A reviewer's work on a nomination, as far as this reader may see it."""

    id = Id(required=True)
    edition = Id(required=True)
    stage = Slug(required=True)
    nomination = Id(required=True)
    reviewer = Id(required=True)
    status = Choice(*STATUSES, required=True)
    conflict = Part(Conflict())
    ended_code = Code()
    ended_text = Shown()
    recusal = Choice("declared", "imposed")
    scores = _scores()
    comment = Shown()
    version = Number(required=True)
    updated = Instant(required=True)
