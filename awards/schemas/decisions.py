"""Decisions and past winners, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from awards.schemas.appeals import Appeal
from awards.schemas.fields import (
    Anything,
    Checked,
    Choice,
    Country,
    EdtfDate,
    Flag,
    Id,
    Instant,
    Keyed,
    ListOf,
    Part,
    Shape,
    Slug,
    StrictInteger,
    Text,
    Texts,
)
from awards.schemas.rules import Method
from awards.schemas.shape import Coded
from awards.schemas.words import (
    BODY,
    DEPARTURES,
    MANY,
    MEMBERS,
    NAME,
    NOMINEE_KINDS,
    PRESENTERS,
    Code,
    Number,
    ReasonIn,
    Shown,
    nominations_named,
    participants,
    sources,
)

FACTS: Mapping[str, Checked[Any]] = {
    "name": Text(NAME),
    "rank": Text(NAME),
    "country": Country(),
    "mission": Text(NAME),
    "unit": Text(NAME),
    "citation": Texts(BODY, multiline=True),
    "presented_by": ListOf(Text(NAME), PRESENTERS, shortest=1),
    "year": StrictInteger(0, 9999),
    "conferral.date": EdtfDate(),
    "conferral.place": Text(NAME),
    "conferral.occasion": Texts(NAME),
}
"""What can be corrected, each in its own form; a closed list, because what is personal of it is sealed."""


class Fact(Checked[Any]):
    """A value of some fact: a text, a whole number, texts by language, or a list of names."""

    default_error_messages = {"wrong_type": "This must be text, a whole number, texts by language or names."}
    _kinds: Mapping[type, Checked[Any]] = {
        str: Text(BODY, multiline=True),
        int: StrictInteger(),
        dict: Texts(BODY, multiline=True),
        list: ListOf(Text(NAME), PRESENTERS, shortest=1),
    }

    def describe(self) -> Mapping[str, Any]:
        names = {**self._kinds[list].openapi, "items": Text(NAME).openapi}
        return {"anyOf": [self._kinds[str].openapi, self._kinds[int].openapi, self._kinds[dict].openapi, names]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        kind = self._kinds.get(type(value))
        if kind is None:
            raise self.make_error("wrong_type")
        return kind.deserialize(value)


class ProposeIn(Shape):
    """What to propose for a category: what the count says, or to withhold the award for a reason."""

    category = Slug(load_default="main")
    outcome = Choice("awarded", "withheld", load_default="awarded")
    code = Code()
    text = Text(BODY, multiline=True)
    winners = nominations_named(shortest=1, metadata={"description": "Who wins, if not who the ranking puts first."})
    runners_up = nominations_named(metadata={"description": "Who is named next, if not whom the ranking puts next."})
    override = Part(ReasonIn(), metadata={"description": "Why the proposal departs from the ranking."})

    cross_check = Part(
        ReasonIn(), metadata={"description": "Why it stands although a cross-check names other winners."}
    )

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        named = [name for name in ("winners", "runners_up", "override", "cross_check") if name in data]
        if data["outcome"] == "withheld" and named:
            raise ValidationError(
                {name: [Coded("not_here", "Who withholds the award names nobody.")] for name in named}
            )


class DissentIn(Shape):
    """Why a member of the panel does not share the decision."""

    text = Text(BODY, multiline=True, required=True)


class AppealIn(ReasonIn):
    """Why a decision is contested; the secretariat may name the participant for whom it writes."""

    on_behalf_of = Id()


class AnnounceIn(Shape):
    """A citation for each winning nomination, and until when nothing of it is public."""

    citations = Keyed(Id.pattern, Texts(BODY, multiline=True), most=MEMBERS, required=True)
    embargo = Instant()


class ConferIn(Shape):
    """How the award was given, to all winners or to those named."""

    occasion = Texts(NAME, required=True)
    date = EdtfDate(required=True)
    place = Text(NAME)
    date_certainty = Text(NAME)
    place_certainty = Text(NAME)
    presented_by = ListOf(Text(NAME), PRESENTERS)
    winners = participants()


class CorrectIn(Shape):
    """Which value of a fact stands, and which other one a source gives."""

    field = Choice(*FACTS, required=True)
    standing = Fact(required=True)
    rival = Fact(required=True)
    sources = sources(required=True, shortest=1)
    winner = Id()
    reading = Text(BODY, multiline=True)

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        wrong = {}
        for side in ("standing", "rival"):
            try:
                FACTS[data["field"]].deserialize(data[side])
            except ValidationError as error:
                wrong[side] = error.messages
        if not wrong and data["standing"] == data["rival"]:
            wrong["rival"] = [Coded("same", "This must differ from what stands.")]
        if wrong:
            raise ValidationError(wrong)


class ProposeRevocationIn(ReasonIn):
    """From whom to take the award away, and why."""

    winner = Id(required=True)


class RevokeIn(Shape):
    """From whom the award is taken away."""

    winner = Id(required=True)


class HonoureeIn(Shape):
    """A winner of a past edition."""

    kind = Choice(*NOMINEE_KINDS, load_default="person")
    name = Text(NAME, required=True)
    rank = Text(NAME)
    country = Country()
    mission = Text(NAME)


class HonourIn(Shape):
    """A past winner, told by sources."""

    winner = Part(HonoureeIn(), required=True)
    sources = sources(shortest=1, required=True)
    category = Slug(load_default="main")
    citation = Texts(BODY, multiline=True)


class Winner(Shape):
    """Who receives the award, or is named next; the name as soon as it is announced."""

    nomination = Id()
    participant = Id()
    kind = Choice(*NOMINEE_KINDS)
    name = Shown()
    rank = Shown()
    country = Shown()
    mission = Shown()
    citation = Anything()
    sources = ListOf(Slug(), MANY)
    revoked = Flag()


class Conferral(Shape):
    """The giving: on which occasion, when, where, by whom."""

    winners = ListOf(Id(), MANY)
    occasion = Texts(NAME, required=True)
    date = EdtfDate(required=True)
    place = Text(NAME)
    date_certainty = Text(NAME)
    place_certainty = Text(NAME)
    presented_by = ListOf(Shown(), PRESENTERS)


class Correction(Shape):
    """What stands, what another source says."""

    field = Text(NAME, required=True)
    standing = Anything(required=True)
    rival = Anything(required=True)
    sources = ListOf(Slug(), MANY, required=True)
    winner = Id()
    reading = Shown()
    time = Instant()


class Revocation(Shape):
    """A revocation: proposed by one person, carried out by another."""

    winner = Id(required=True)
    code = Code(required=True)
    text = Shown()
    proposer = Text(NAME)
    revoked = Flag(required=True)


class SentBack(Shape):
    """A proposal that went back: by whom it was made, by whom it was returned, and why."""

    proposer = Text(NAME, required=True)
    by = Text(NAME, required=True)
    code = Code(required=True)
    text = Shown()
    time = Instant(required=True)


class Named(Shape):
    """Whom a ranking names."""

    winners = ListOf(Id(), MANY, required=True)
    runners_up = ListOf(Id(), MANY, required=True)


class Override(Shape):
    """Why people departed from the ranking."""

    code = Code(required=True)
    text = Shown()


class CrossCheck(Shape):
    """Whom a further method names to win, or why that cannot be told."""

    name = Slug(required=True)
    version = Number(required=True)
    winners = ListOf(Id(), MANY)
    code = Code()


class Dissent(Shape):
    """That a member of the panel does not share the decision: whose it is, and what it says, as far as you see that."""

    by = Text(NAME)
    text = Shown()
    time = Instant(required=True)


class MethodRun(Method):
    """The method a count was made by, and its parameters."""

    parameters = Anything()


class Basis(Shape):
    """The log a count rests on."""

    size = Number(required=True)
    root = Text(NAME, required=True)


class Inputs(Shape):
    """How many streams a count looked at, and the digest of the list of them."""

    count = Number(required=True)
    sha256 = Text(NAME, required=True)


class Reopened(Shape):
    """Why and when a decision was reopened."""

    code = Code(required=True)
    time = Instant(required=True)


class Earlier(Shape):
    """A decision that two people had made before an appeal reopened it."""

    outcome = Choice("awarded", "withheld", required=True)
    stage = Slug(required=True)
    method = Part(MethodRun())
    basis = Part(Basis())
    inputs = Part(Inputs())
    decided_by = Text(NAME)
    winners = ListOf(Part(Winner()), MANY)
    runners_up = ListOf(Part(Winner()), MANY)
    computed = Part(Named())
    departs = Choice(*DEPARTURES)
    override = Part(Override())
    cross_checks = ListOf(Part(CrossCheck()), MANY)
    cross_check = Part(Override())
    code = Code()
    text = Shown()
    proposer = Text(NAME)
    approver = Text(NAME)
    dissents = ListOf(Part(Dissent()), MANY)
    reopened = Part(Reopened(), required=True)


class DecisionOut(Shape):
    """The recorded outcome of a category."""

    id = Id(required=True)
    edition = Id(required=True)
    category = Slug(required=True)
    stage = Slug()
    phase = Choice("proposed", "returned", "approved", "withheld", "reopened", "announced", required=True)
    outcome = Choice("awarded", "withheld")
    method = Part(MethodRun())
    basis = Part(Basis())
    inputs = Part(Inputs())
    decided_by = Text(NAME)
    seed = Text(NAME, metadata={"description": "What the lot was drawn with, if it was."})
    winners = ListOf(Part(Winner()), MANY)
    runners_up = ListOf(Part(Winner()), MANY)
    computed = Part(Named())
    departs = Choice(*DEPARTURES, metadata={"description": "How it departs from what was computed, if it does."})
    override = Part(Override())
    cross_checks = ListOf(Part(CrossCheck()), MANY)
    cross_check = Part(Override())
    dissents = ListOf(Part(Dissent()), MANY)
    appeals = ListOf(Part(Appeal()), MANY)
    earlier = ListOf(Part(Earlier()), MANY)
    proposer = Text(NAME)
    approver = Text(NAME)
    returned = ListOf(Part(SentBack()), MANY)
    code = Code()
    text = Shown()
    embargo = Instant()
    conferrals = ListOf(Part(Conferral()), MANY)
    corrections = ListOf(Part(Correction()), MANY)
    revocations = ListOf(Part(Revocation()), MANY)
    version = Number(metadata={"description": "How many events it has; told to who sees all of it."})
