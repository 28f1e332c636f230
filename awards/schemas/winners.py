"""The roll of honour, out: what is public of who received an award, or was named next."""

from __future__ import annotations

from awards.schemas.decisions import Conferral, Correction
from awards.schemas.editions import Source
from awards.schemas.fields import Anything, Choice, Flag, Id, Instant, ListOf, Part, Shape, Slug, Text, Texts
from awards.schemas.words import MANY, NAME, NOMINEE_KINDS, Number, Shown

RECEIPT, DISCLOSURE = 200_000, 2_000_000
"""Characters at most."""

PLACINGS = ("winner", "runner_up")


class PublicConferral(Conferral):
    """The giving, as the public knows it."""

    class Meta(Shape.Meta):
        exclude = ("winners",)


class PublicCorrection(Correction):
    """What stands, what another source says, as the public knows it."""

    class Meta(Shape.Meta):
        exclude = ("winner",)


class WinnerOut(Shape):
    """A winner, or a runner-up, of an edition; texts in every language there is."""

    id = Id(required=True)
    award = Slug(required=True)
    award_name = Texts(NAME, required=True)
    edition = Text(NAME, required=True)
    edition_id = Id(required=True)
    year = Number()
    category = Slug(required=True)
    placing = Choice(*PLACINGS, required=True)
    kind = Choice(*NOMINEE_KINDS, required=True)
    name = Shown(required=True)
    rank = Shown()
    country = Shown()
    mission = Shown()
    citation = Anything(metadata={"description": "Texts by language, or `erased`."})
    sources = ListOf(Part(Source()), MANY)
    conferral = Part(PublicConferral())
    corrections = ListOf(Part(PublicCorrection()), MANY)
    revoked = Flag(required=True)
    announced = Instant(required=True)
    updated = Instant(required=True)


class WinnerProofOut(Shape):
    """What proves an entry of the roll: see docs/verify.md."""

    receipt = Text(
        RECEIPT,
        multiline=True,
        required=True,
        metadata={
            "description": "A C2SP tlog-proof of the event that made the entry public; its `extra` is the line of the"
            " log, which has a digest for each value."
        },
    )
    disclosures = ListOf(
        Text(DISCLOSURE),
        MANY,
        required=True,
        metadata={"description": "RFC 9901 disclosures of those values: the SHA-256 of each is its digest."},
    )
