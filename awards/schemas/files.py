"""Somebody's own file, out."""

from __future__ import annotations

from awards.schemas.fields import Anything, Id, Instant, ListOf, Part, Shape, Text
from awards.schemas.words import MANY, NAME, STATEMENT, Number

PARTS = """As what she is in it: actor, principal (on whose behalf somebody acted), subject, participant, nominator,
nominee, endorser, reviewer, voter, winner, runner-up, presenter.""".replace("\n", " ")


class OwnEvent(Shape):
    """An event that is about her."""

    index = Number(required=True, metadata={"description": "Its place in the log, from 0."})
    time = Instant(required=True)
    type = Text(NAME, required=True)
    as_ = ListOf(Text(NAME), 12, required=True, data_key="as", attribute="as", metadata={"description": PARTS})
    role = Text(NAME, metadata={"description": "In which she acted."})
    told = Anything(metadata={"description": "What the event says of her, by name; `erased` where it is."})
    receipt = Text(
        STATEMENT,
        multiline=True,
        metadata={"description": "A C2SP tlog-proof; its extra is the SHA-256 of the line."},
    )


class OwnEdition(Shape):
    """What happened in an edition."""

    edition = Id(required=True)
    award = Text(NAME, required=True)
    label = Text(NAME, required=True)
    participants = ListOf(Id(), MANY, required=True, metadata={"description": "Her ids in it."})
    events = ListOf(Part(OwnEvent()), MANY, required=True)


class FileOut(Shape):
    """What is held on a person, and nothing about others."""

    subject = Id(required=True)
    log = Text(NAME, required=True, metadata={"description": "The origin of the log the receipts are of."})
    not_told = Text(STATEMENT, required=True)
    editions = ListOf(Part(OwnEdition()), MANY)
    events = ListOf(Part(OwnEvent()), MANY, metadata={"description": "Outside of any edition."})
    beside = Anything(metadata={"description": "What lies beside the log: account, address, tokens, organisations."})
