"""The shape of a file with past editions and winners, told by sources; `awards.loading` documents and reads it."""

from __future__ import annotations

from awards.schemas.awards import AwardIn
from awards.schemas.decisions import FACTS, ConferIn, Fact, HonoureeIn
from awards.schemas.editions import LABEL, Source
from awards.schemas.fields import Choice, ListOf, Part, Shape, Slug, Text, Texts
from awards.schemas.words import BODY, MEMBERS, NAME, SOURCES

MANY = 10_000


class Told(Shape):
    """A value, and who says so."""

    value = Fact(required=True)
    sources = ListOf(Slug(), SOURCES, distinct=True, load_default=[])


class Disagreement(Shape):
    """What stands and what else is said."""

    field = Choice(*FACTS, required=True)
    winner = Text(NAME)
    standing = Part(Told(), required=True)
    rival = Part(Told(), required=True)
    reading = Text(BODY, multiline=True)


class PastWinner(HonoureeIn):
    """A winner, and what for."""

    citation = Texts(BODY, multiline=True)


class Giving(ConferIn):
    """How the award was given, to all winners of the edition."""

    class Meta(Shape.Meta):
        exclude = ("winners",)


class PastEdition(Shape):
    """A past edition."""

    label = Text(LABEL, required=True)
    sources = ListOf(Slug(), SOURCES, shortest=1, distinct=True, required=True)
    winners = ListOf(Part(PastWinner()), MEMBERS, shortest=1, required=True)
    conferral = Part(Giving())
    corrections = ListOf(Part(Disagreement()), MANY, load_default=[])


class Roll(Shape):
    """The file."""

    award = Part(AwardIn(), required=True)
    sources = ListOf(Part(Source()), MANY, shortest=1, required=True)
    editions = ListOf(Part(PastEdition()), MANY, shortest=1, required=True)
