"""Ballots and votes, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from awards.schemas.fields import (
    Anything,
    Choice,
    Flag,
    Id,
    Instant,
    ListOf,
    Matching,
    Part,
    Shape,
    Slug,
    StrictInteger,
    Text,
)
from awards.schemas.shape import Coded
from awards.schemas.words import BODY, MANY, MEMBERS, NAME, Code, Number, Shown

OPTIONS, SEATS = 50, 20
PURPOSES = ("question", "run-off-vote", "casting-vote")


class Option(Matching):
    """One of what can be voted for: a nomination, or a word."""

    pattern = f"{Id.pattern}|yes|no|no-award"
    longest = Id.longest
    says = {"examples": ["no-award"]}
    default_error_messages = {"malformed": "This must be the id of a nomination, yes, no or no-award."}


class CountMethod(Shape):
    """How votes are counted; see docs/judging.md."""

    name = Slug(required=True)
    version = StrictInteger(1, 1_000, required=True)
    seats = StrictInteger(1, SEATS, metadata={"description": "Of `stv`: how many options are elected."})


def _ranking(**options: Any) -> ListOf:
    """Options in groups, best first."""
    return ListOf(ListOf(Option(), OPTIONS, shortest=1, distinct=True), OPTIONS, shortest=1, **options)


class OpenBallotIn(Shape):
    """A question to the panel of a stage, by default the last. What settles a tie takes its options from the tie."""

    category = Slug(load_default="main")
    purpose = Choice(*PURPOSES, load_default="question")
    stage = Slug()
    options = ListOf(Option(), OPTIONS, shortest=2, distinct=True, metadata={"description": "By default yes and no."})
    method = Part(CountMethod(), metadata={"description": "How votes are counted: by default majority, version 1."})
    quorum = StrictInteger(
        1, MEMBERS, metadata={"description": "Votes needed, abstentions included: by default more than half."}
    )
    secret = Flag(load_default=False)
    text = Text(BODY, multiline=True, metadata={"description": "The question in words; sealed."})


class VoteIn(Shape):
    """One's vote: options in groups, best first, or an abstention."""

    ranking = _ranking()
    abstain = Flag()

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        if ("ranking" in data) == data.get("abstain", False):
            raise ValidationError([Coded("one_of", 'Give either a ranking or `"abstain": true`.')])


class Vote(Shape):
    """That somebody voted, when, and how often she changed it; how, to who sees that."""

    voter = Id(required=True)
    time = Instant(required=True)
    changes = Number(required=True)
    ranking = _ranking()
    abstained = Flag()


class LeftOut(Shape):
    """A vote that does not count, and why."""

    voter = Id(required=True)
    code = Code(required=True)


class BallotOut(Shape):
    """A question to the panel, and what came of it."""

    id = Id(required=True)
    edition = Id(required=True)
    decision = Id(required=True)
    category = Slug(required=True)
    stage = Slug(required=True)
    purpose = Choice(*PURPOSES, required=True)
    status = Choice("open", "closed", required=True)
    text = Shown()
    method = Part(CountMethod(), required=True)
    options = ListOf(Option(), OPTIONS, required=True)
    quorum = Number(required=True)
    secret = Flag(required=True)
    opened = Instant(required=True)
    opened_by = Text(NAME)
    closed = Instant()
    voters = ListOf(Id(), MANY)
    cast = Number(required=True, metadata={"description": "How many have voted."})
    votes = ListOf(Part(Vote()), MANY)
    counted = Number()
    abstained = Number()
    left_out = ListOf(Part(LeftOut()), MANY)
    code = Code()
    result = Anything(metadata={"description": "The count step by step, as docs/judging.md tells it."})
    version = Number(metadata={"description": "Told to who sees the whole history."})
