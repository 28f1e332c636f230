"""The report on decisions that departed from the ranking, out."""

from __future__ import annotations

from awards.schemas.decisions import MethodRun, Named
from awards.schemas.fields import Choice, Id, ListOf, Part, Shape, Slug, Text, Written
from awards.schemas.words import DEPARTURES, MANY, NAME, Code, Number, Shown


class OfYear(Shape):
    """Of which year; of all by default."""

    year = Written(1, 9999)


class Departure(Shape):
    """A decision that departed: what was computed, what was decided instead, by whom and why."""

    decision = Id(required=True)
    edition = Id(required=True)
    label = Text(NAME, required=True)
    category = Slug(required=True)
    outcome = Choice("awarded", "withheld", required=True)
    departs = Choice(*DEPARTURES, required=True)
    method = Part(MethodRun(), required=True)
    decided_by = Text(NAME)
    computed = Part(Named(), required=True)
    winners = ListOf(Id(), MANY, required=True)
    runners_up = ListOf(Id(), MANY, required=True)
    code = Code()
    text = Shown()
    proposer = Text(NAME)
    approver = Text(NAME)


class OutOfRankOut(Shape):
    """How many decisions were made, how many departed from the ranking, and which; as far as you may see them."""

    award = Id(required=True)
    decisions = Number(required=True)
    departed = Number(required=True)
    without_reason = Number(required=True, metadata={"description": "Departures without a reason on file: always 0."})
    departures = ListOf(Part(Departure()), MANY, required=True)
