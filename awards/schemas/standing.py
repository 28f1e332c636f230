"""The standing of a stage, out: exact numbers as [numerator, denominator]; see docs/judging.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awards.schemas.fields import Checked, Id, Keyed, ListOf, Part, Shape, Slug, Text
from awards.schemas.rules import CRITERIA
from awards.schemas.words import LONGEST_CURSOR, MANY, NAME, Code, Number


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
    """The ranking of a stage and category as the log stands, or a page of its places; a ranking decides nothing."""

    edition = Id(required=True)
    stage = Slug(required=True)
    category = Slug(required=True)
    ranking = Part(Ranking(), required=True)
    size = Number(metadata={"description": "How many events of the log it rests on; told to who sees all of it."})
    next = Text(LONGEST_CURSOR, metadata={"description": "Where the next page begins; absent on the last."})
