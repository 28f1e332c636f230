"""Reviews, in and out."""

from __future__ import annotations

from awards.schemas.fields import Choice, Id, Instant, Keyed, Part, Shape, Slug, StrictInteger, Text
from awards.schemas.rules import CRITERIA, SCORE
from awards.schemas.words import COMMENT, Code, Digest, Number, ReasonIn, Shown

STATUSES = ("assigned", "submitted", "declined", "recused", "voided", "lifted")


def given_scores(*, required: bool = False) -> Keyed:
    return Keyed(Slug.pattern, StrictInteger(-SCORE, SCORE), most=CRITERIA, required=required)


class AssignIn(Shape):
    """Which nomination goes to which member of the stage's panel."""

    stage = Slug(required=True)
    nomination = Id(required=True)
    reviewer = Id(required=True)


class ScoreIn(Shape):
    """One score for every criterion of the rubric, and a comment."""

    scores = given_scores(required=True)
    comment = Text(COMMENT, multiline=True)


class DeclarationIn(Shape):
    """Which nomination one declares to have no conflict with, and at which stage."""

    stage = Slug(required=True)
    nomination = Id(required=True)


class RecusalIn(ReasonIn):
    """Who is not to judge which nomination, and why; without a reviewer it is one's own declaration."""

    stage = Slug(required=True)
    nomination = Id(required=True)
    reviewer = Id()


class Conflict(Shape):
    """A conflict of interest that the reviewer declared, and the version of the policy it was declared under."""

    code = Code(required=True)
    text = Shown()
    policy = Digest()


class NoConflict(Shape):
    """When the reviewer declared to have no conflict, and under which version of the policy."""

    policy = Digest(required=True)
    time = Instant(required=True)


class Reinstated(Shape):
    """Why the last recusal was lifted."""

    code = Code(required=True)
    text = Shown()
    time = Instant(required=True)


class ReviewOut(Shape):
    """A reviewer's work on a nomination, as far as this reader may see it; `lifted`: nothing is assigned."""

    id = Id()
    edition = Id(required=True)
    stage = Slug(required=True)
    nomination = Id(required=True)
    reviewer = Id()
    status = Choice(*STATUSES, required=True)
    conflict = Part(Conflict())
    no_conflict = Part(NoConflict())
    reinstated = Part(Reinstated())
    ended_code = Code()
    ended_text = Shown()
    recusal = Choice("declared", "imposed")
    scores = given_scores()
    comment = Shown()
    version = Number(metadata={"description": "How many events it has; told to who sees all of it."})
    updated = Instant()
