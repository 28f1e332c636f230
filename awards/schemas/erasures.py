"""Erasing a person: what is asked for, and the report on what is held about her; both without a word on her."""

from __future__ import annotations

from awards.schemas.fields import Choice, Flag, Id, Instant, ListOf, Part, Shape, Text
from awards.schemas.words import MANY, NAME, Code, Number

CLASSES = ("case", "public", "account")


class Kept(Shape):
    """What stays, and on which legal basis."""

    public = Code(metadata={"description": "The published name of a winner."})


class ErasureIn(Shape):
    """Which classes of values go, on which basis, and whether a published name stays; by default everything goes."""

    basis = Code(required=True, metadata={"examples": ["gdpr-17-1-b"]})
    classes = ListOf(Choice(*CLASSES), len(CLASSES), shortest=1, distinct=True, load_default=lambda: list(CLASSES))
    kept = Part(Kept(), load_default=dict)


class RequestOut(Shape):
    """A request that waits for a second person."""

    by = Text(NAME, required=True)
    classes = ListOf(Choice(*CLASSES), len(CLASSES), required=True)
    basis = Text(NAME, required=True)
    kept = Part(Kept(), required=True)


class ValuesOut(Shape):
    """How many sealed values of each class are about somebody."""

    case = Number(required=True)
    public = Number(required=True)


class PlaceOut(Shape):
    """An edition the person takes part in. Her scores stay: they hold nothing personal."""

    edition = Id(required=True)
    participant = Id(required=True)
    award = Id(required=True)
    label = Text(NAME, required=True)
    phase = Text(NAME, required=True)
    roles = ListOf(Text(NAME), MANY, required=True)
    values = Part(ValuesOut(), required=True)
    shared = Number(
        required=True, metadata={"description": "Of these, values about others as well, who lose them too."}
    )
    scored = Number(required=True, metadata={"description": "Finished reviews, whose scores stay."})
    erased = ListOf(Choice(*CLASSES), len(CLASSES), required=True)


class AccountOut(Shape):
    """What lies beside the log about the subject."""

    values = Number(required=True)
    logins = Number(required=True)
    identities = Number(required=True)
    sessions = Number(required=True)
    tokens = Number(required=True)
    addresses = Number(required=True)
    letters = Number(required=True)
    affiliations = Number(required=True)


class ErasureOut(Shape):
    """What is held about a person and would go, what others lose with it, and how far her erasure is."""

    subject = Id(required=True)
    requested = Part(RequestOut())
    erased = ListOf(Choice(*CLASSES), len(CLASSES), required=True)
    finished = Flag(required=True, metadata={"description": "False while something that is erased is still there."})
    editions = ListOf(Part(PlaceOut()), MANY, required=True)
    account = Part(AccountOut(), required=True)


class DueOut(Shape):
    """What is due: a person whose erasure is requested, or values whose time is over, about a participant of an edition
    or an account, by its subject alone.
    """

    subject = Id(required=True)
    participant = Id()
    edition = Id()
    label = Text(NAME)
    classes = ListOf(Choice(*CLASSES), len(CLASSES), required=True)
    due = Instant(required=True, metadata={"description": "Since when."})
    requested = Part(RequestOut(), metadata={"description": "The request, where one waits for a second person."})
