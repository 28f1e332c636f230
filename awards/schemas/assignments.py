"""Assignments by rule, in and out."""

from __future__ import annotations

from awards.schemas.fields import Choice, Id, ListOf, Part, Shape, Slug, StrictInteger, Written
from awards.schemas.words import MANY, Number

MOST_REVIEWS = 50
MOST_PAIRS = 20_000


class PlanQuery(Shape):
    """What to plan for."""

    stage = Slug(required=True)
    category = Slug(metadata={"description": "This category only; by default all of them, in one plan."})
    reviews = Written(1, MOST_REVIEWS, required=True, metadata={"description": "How many each nomination shall have."})
    seats = Choice(
        *("panel", "members"),
        load_default="panel",
        metadata={"description": "Who gets any: the whole panel, or its members without chair and deputy."},
    )


class PairIn(Shape):
    """A nomination and the member of the panel who is to review it."""

    nomination = Id(required=True)
    reviewer = Id(required=True)


class Load(Shape):
    """How many reviews of the stage a member of the panel has, without and with the plan."""

    participant = Id(required=True)
    before = Number(required=True)
    after = Number(required=True)


class PlanOut(Shape):
    """Assignments that would do, as even as can be; nothing of it is recorded."""

    edition = Id(required=True)
    stage = Slug(required=True)
    reviews = Number(required=True)
    basis = Number(required=True, metadata={"description": "How many assignments of the edition it rests on."})
    assignments = ListOf(Part(PairIn()), MANY, required=True)
    panel = ListOf(Part(Load()), MANY, required=True)


class AssignmentsIn(Shape):
    """The assignments of a plan, or any others."""

    stage = Slug(required=True)
    assignments = ListOf(Part(PairIn()), MOST_PAIRS, shortest=1, required=True)
    basis = StrictInteger(0, metadata={"description": "That of the plan: refused if anything was assigned since."})


class Made(Shape):
    """An assignment, and the review it began."""

    nomination = Id(required=True)
    reviewer = Id(required=True)
    review = Id(required=True)


class AssignmentsOut(Shape):
    """What was recorded, all of it at once."""

    edition = Id(required=True)
    stage = Slug(required=True)
    assignments = ListOf(Part(Made()), MOST_PAIRS, required=True)
