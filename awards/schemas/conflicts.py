"""Conflicts of interest, out: what each recusal touches; and affiliations, in and out."""

from __future__ import annotations

from awards.schemas.fields import Choice, Flag, Id, Instant, ListOf, Part, Shape, Slug, Text
from awards.schemas.history import Actor, HistoryOut
from awards.schemas.reviews import given_scores
from awards.schemas.standing import Entry
from awards.schemas.words import MANY, NAME, Code, Digest

ORGANISATIONS = 20
"""How many organisations one person can belong to."""


class AffiliationsIn(Shape):
    """The organisations somebody belongs to, all of them; without a participant they are one's own."""

    participant = Id()
    organisations = ListOf(Text(NAME), ORGANISATIONS, required=True)


class AffiliationsOut(Shape):
    """The organisations a participant belongs to, as last stated."""

    participant = Id(required=True)
    organisations = ListOf(Text(NAME), ORGANISATIONS, required=True)


class DeclaredBefore(Shape):
    """The last declaration of no conflict that came before."""

    policy = Digest(required=True)
    time = Instant(required=True)


class Lifted(Shape):
    """Why and when the recusal was lifted."""

    code = Code(required=True)
    time = Instant(required=True)


class Affected(Shape):
    """A finished review that the recusal takes out of the count, or took out until it was lifted."""

    review = Id(required=True)
    stage = Slug(required=True)
    scores = given_scores()


class MightBe(Shape):
    """A ranking: who would win, and the first places beside that of the nomination."""

    winners = ListOf(Id(), MANY, required=True)
    decided_by = Text(NAME, required=True)
    entries = ListOf(Part(Entry()), MANY, required=True)


class Outcome(Shape):
    """The ranking of the category as counted, with the affected scores, with those of all recusals of the category, and
    without anything by this reviewer.
    """

    stage = Slug(required=True)
    category = Slug(required=True)
    counted = Part(MightBe(), required=True)
    with_affected = Part(MightBe(), required=True)
    with_all_affected = Part(MightBe(), required=True)
    without_reviewer = Part(MightBe(), required=True)
    winner_changes = Flag(required=True)


class ConflictOut(Shape):
    """A recusal, and what it touches."""

    review = Id(required=True)
    stage = Slug(required=True)
    nomination = Id(required=True)
    category = Slug(required=True)
    reviewer = Id(required=True)
    how = Choice("declared", "imposed", required=True)
    code = Code(required=True)
    time = Instant(required=True)
    actor = Part(Actor())
    policy = Digest()
    declared_before = Part(DeclaredBefore())
    reinstated = Part(Lifted())
    touched = ListOf(Part(HistoryOut()), MANY, required=True)
    scores = ListOf(Part(Affected()), MANY, required=True)
    outcomes = ListOf(Part(Outcome()), MANY, required=True)


class ProposedOut(Shape):
    """A possible conflict: who sits shares an organisation with who is put forward, or puts forward."""

    reviewer = Id(required=True)
    nomination = Id(required=True)
    relation = Choice("nominee", "member", "nominator", required=True)
    participant = Id(required=True)
    organisations = ListOf(Text(NAME), ORGANISATIONS, required=True)


class ConflictsOut(Shape):
    """The recusals of an edition, and those that affiliations propose."""

    edition = Id(required=True)
    conflicts = ListOf(Part(ConflictOut()), MANY, required=True)
    proposed = ListOf(Part(ProposedOut()), MANY, required=True)
