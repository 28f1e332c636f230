"""The standing of a stage, out: exact numbers as [numerator, denominator]; see docs/judging.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awards.schemas.fields import Checked, Id, Keyed, ListOf, Part, Shape, Slug, Text
from awards.schemas.rules import CRITERIA
from awards.schemas.words import MANY, NAME, Code, Number


class Pair(Checked[list[int]]):
    """A fraction in lowest terms: [numerator, denominator]."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}


class Entry(Shape):
    """A nomination in its place; of one that was closed to the reader no more than the rank, once it is final."""

    nomination = Id(required=True)
    rank = Number(required=True)
    total = Pair()
    criteria = Keyed(Slug.pattern, Pair(), most=CRITERIA)
    reviews = Number()


class Unranked(Shape):
    """An eligible nomination without a place, and why."""

    nomination = Id(required=True)
    reviews = Number()
    code = Code(required=True)


class Ranking(Shape):
    """The computed order: best first; equal ranks are ties."""

    method = Slug(required=True)
    version = Number(required=True)
    decided_by = Text(NAME, required=True)
    entries = ListOf(Part(Entry()), MANY, required=True)
    unranked = ListOf(Part(Unranked()), MANY, required=True)


class StandingOut(Shape):
    """The ranking of a stage and category as the log stands; a ranking decides nothing."""

    edition = Id(required=True)
    stage = Slug(required=True)
    category = Slug(required=True)
    ranking = Part(Ranking(), required=True)
    size = Number(metadata={"description": "How many events of the log it rests on; told to who sees all of it."})


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
    without_one = ListOf(Part(WithoutOne()), MANY, required=True)
    methods = ListOf(Part(ByMethod()), MANY, required=True)
    ladders = ListOf(Part(ByLadder()), MANY, required=True)
    margin = Part(Margin(), required=True)
    agreement = Part(Agreement(), required=True)
