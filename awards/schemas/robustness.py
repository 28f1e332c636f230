"""The sheet of robustness, out: what would have to be otherwise for others to win; see docs/judging.md."""

from __future__ import annotations

from awards.schemas.fields import Id, Keyed, ListOf, Part, Shape, Slug
from awards.schemas.rules import CRITERIA
from awards.schemas.standing import Pair
from awards.schemas.words import MANY, Code, Number


class Trial(Shape):
    """Who would win if one thing were otherwise."""

    winners = ListOf(Id(), MANY)


class WithoutOne(Trial):
    """Who would win without one reviewer."""

    reviewer = Id(required=True)


class ByMethod(Trial):
    """Who would win by another method, or why that cannot be told."""

    name = Slug(required=True)
    version = Number(required=True)
    trim = Pair()
    worthy = Pair()
    code = Code()


class ByLadder(Trial):
    """Who would win by another ladder for ties."""

    ties = ListOf(Slug(), MANY, required=True)


class Margin(Shape):
    """How far the winners are from the next."""

    lead = Pair(metadata={"description": "The distance of the means; of the weighted rubric mean only."})
    points = Number(metadata={"description": "The least number of points in single scores that bring them level."})
    reviewers = Number(metadata={"description": "The least number of reviewers without whom others win."})
    reviewers_above = Number(metadata={"description": "More than so many; how many, was not looked for."})


class Agreement(Shape):
    """Krippendorff's alpha for interval data: 1 agreement, 0 chance; left out where it is not defined."""

    total = Pair()
    criteria = Keyed(Slug.pattern, Pair(), most=CRITERIA, required=True)


class RobustnessOut(Shape):
    """What would have to be otherwise for others to win; it decides nothing."""

    edition = Id(required=True)
    stage = Slug(required=True)
    category = Slug(required=True)
    winners = ListOf(Id(), MANY, required=True)
    without_one = ListOf(
        Part(WithoutOne()), MANY, metadata={"description": "Left out where so many rankings would take too long."}
    )
    methods = ListOf(Part(ByMethod()), MANY, required=True)
    ladders = ListOf(Part(ByLadder()), MANY, required=True)
    margin = Part(Margin(), required=True)
    agreement = Part(Agreement(), required=True)
