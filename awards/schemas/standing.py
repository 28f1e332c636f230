"""The standing of a stage, out: exact numbers as [numerator, denominator]; see docs/judging.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awards.schemas.fields import Anything, Checked, Id, Keyed, ListOf, Part, Shape, Slug, Text
from awards.schemas.rules import CRITERIA
from awards.schemas.words import LONGEST_CURSOR, MANY, NAME, Code, Number


class Pair(Checked[list[int]]):
    """A fraction in lowest terms: [numerator, denominator]."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}


class Entry(Shape):
    """A nomination in its place, with what the method ranks by; of one that was closed to the reader no more than the
    rank, once it is final.
    """

    nomination = Id(required=True)
    rank = Number(required=True)
    total = Pair()
    approvals = Number(metadata={"description": "How many of its reviewers hold it worthy."})
    share = Pair(metadata={"description": "Approvals by reviews."})
    points = Pair(metadata={"description": "Comparisons won, and half of those tied."})
    comparisons = Number()
    average = Pair(metadata={"description": "Points by comparisons."})
    beaten_by = Number(metadata={"description": "How many have a stronger path to it than it has to them."})
    stayed = Number(metadata={"description": "The round of the run-off that it went out in, or how many it saw."})
    grade = Pair(metadata={"description": "The middle one of its totals, the lower of two."})
    above = Pair(metadata={"description": "The share of its reviewers above the grade."})
    below = Pair(metadata={"description": "The share of its reviewers below the grade."})
    standardised = Pair(metadata={"description": "To 12 decimals."})
    corrected = Pair(metadata={"description": "The total without the reviewers' biases, to 12 decimals."})
    raw = Pair(metadata={"description": "The mean of the totals, uncorrected."})
    criteria = Keyed(Slug.pattern, Pair(), most=CRITERIA)
    reviews = Number()


class Unranked(Shape):
    """An eligible nomination without a place, and why."""

    nomination = Id(required=True)
    reviews = Number()
    code = Code(required=True)


class Tie(Shape):
    """A tie, and the rung of the ladder that broke it or that it waits for."""

    rung = Slug(required=True)
    nominations = ListOf(Id(), MANY, required=True)


class Ranking(Shape):
    """The computed order: best first; equal ranks are ties."""

    method = Slug(required=True)
    version = Number(required=True)
    decided_by = Text(NAME, required=True)
    entries = ListOf(Part(Entry()), MANY, required=True)
    unranked = ListOf(Part(Unranked()), MANY, required=True)
    no_award = Number(metadata={"description": "The rank of no award; at or behind it nobody wins."})
    steps = Anything(metadata={"description": "The method's working; on the panel once reviewing is closed."})
    ties = ListOf(Part(Tie()), MANY, metadata={"description": "The ties that a rung broke, wholly or in part."})
    open_tie = Part(Tie(), metadata={"description": "A tie of the first place that waits for a vote or the lot."})


class StandingOut(Shape):
    """The ranking of a stage and category as the log stands, or a page of its places; a ranking decides nothing."""

    edition = Id(required=True)
    stage = Slug(required=True)
    category = Slug(required=True)
    ranking = Part(Ranking(), required=True)
    size = Number(metadata={"description": "How many events of the log it rests on; told to who sees all of it."})
    next = Text(LONGEST_CURSOR, metadata={"description": "Where the next page begins; absent on the last."})
