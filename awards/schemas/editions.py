"""Editions, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from awards.schemas.fields import (
    Checked,
    Choice,
    Coded,
    Flag,
    Id,
    Instant,
    ListOf,
    Part,
    Shape,
    Slug,
    StrictInteger,
    Text,
    Texts,
    WebAddress,
    Zone,
)
from awards.schemas.rules import CATEGORIES, STAGES, Rules
from awards.schemas.words import MANY, MEMBERS, NAME, SOURCES, Code, CodeIn, Number, ReasonIn, Shown

LABEL = 100
SHORTLIST = 1_000
PHASES = (
    "planned",
    "call_announced",
    "call_open",
    "call_closed",
    "reviewing",
    "reviewed",
    "decided",
    "announced",
    "cancelled",
    "recorded",
)


class PlanIn(Shape):
    """An edition to be run, with its rules."""

    label = Text(LABEL, required=True)
    rules = Part(Rules(), required=True)


class Source(Shape):
    """Where a past edition is known from."""

    key = Slug(required=True)
    title = Text(NAME, required=True)
    url = WebAddress()


class RecordIn(Shape):
    """A past edition, told by sources; its rules are unknown."""

    label = Text(LABEL, required=True)
    sources = ListOf(Part(Source()), SOURCES, shortest=1, required=True)

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        keys = [source["key"] for source in data["sources"]]
        if len(set(keys)) < len(keys):
            raise ValidationError(Coded("duplicate", "Two sources have the same key."), "sources")


class OpenCallIn(Shape):
    """From when (inclusive) until when (exclusive) nominations land, and the time zone of the deadline."""

    opens = Instant(required=True)
    closes = Instant(required=True)
    zone = Zone(required=True)


class ExtendCallIn(Shape):
    """The later deadline."""

    closes = Instant(required=True)
    zone = Zone(required=True)


class CloseCallIn(Shape):
    """Why the call closes before its deadline."""

    code = Code()


class Somebody(Shape):
    """A participant there is, or a new one by name."""

    participant = Id()
    name = Text(NAME)

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        if ("participant" in data) == ("name" in data):
            raise ValidationError(
                Coded("one_of", "Name a participant there is, or a new one, by one of the two."), "name"
            )


class EnterIn(Somebody):
    """Who acts in the edition as what: a participant there is, or a new one by name."""

    role = Choice("secretariat", "nominator", "approver", "privacy_officer", "auditor", required=True)


class LeaveIn(Shape):
    """Who no longer acts as what."""

    role = Choice("secretariat", "nominator", "approver", "privacy_officer", "auditor", required=True)
    participant = Id(required=True)


class AppointIn(Somebody):
    """Who takes which seat on a stage's panel: a participant there is, or a new one by name."""

    stage = Slug(required=True)
    seat = Choice("member", "chair", "deputy", load_default="member")


class DischargeIn(CodeIn):
    """Who leaves a stage's panel, and why."""

    stage = Slug(required=True)
    participant = Id(required=True)


class ReviewingIn(Shape):
    """Open or close a stage; opening one that was closed needs a reason code."""

    stage = Slug(required=True)
    state = Choice("open", "closed", required=True)
    code = Code()
    due = Instant(metadata={"description": "By when reviews are asked for; nothing closes by itself."})

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        if data["state"] == "closed" and "code" in data:
            raise ValidationError({"code": [Coded("not_here", "Closing takes no reason code.")]})
        if data["state"] == "closed" and "due" in data:
            raise ValidationError({"due": [Coded("not_here", "Closing takes no deadline.")]})


class ShortlistIn(Shape):
    """The nominations of a category that go on from a stage."""

    stage = Slug(required=True)
    category = Slug(load_default="main")
    nominations = ListOf(Id(), SHORTLIST, distinct=True, required=True)


class LinkIn(ReasonIn):
    """Two ids of one person, and how that is known."""

    participants = ListOf(Id(), 2, shortest=2, distinct=True, required=True)


class ReplaceIn(CodeIn):
    """Who leaves a seat, who takes it, and why."""

    stage = Slug(required=True)
    participant = Id(required=True)
    by = Part(Somebody(), required=True)


class ChangeRulesIn(CodeIn):
    """What a stage asks for from now on, and why."""

    stage = Slug(required=True)
    quorum = StrictInteger(1, MEMBERS)
    minimum_reviews = StrictInteger(1, MEMBERS)

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        if "quorum" not in data and "minimum_reviews" not in data:
            raise ValidationError(Coded("missing", "Say what changes: quorum, minimum_reviews or both."), "quorum")


class RuleChange(Shape):
    """A change of what a stage asks for; the planned rules are in the history."""

    stage = Slug(required=True)
    quorum = Number()
    minimum_reviews = Number()
    code = Code(required=True)
    time = Instant(required=True)


class Call(Shape):
    """When nominations land."""

    opens = Instant(required=True)
    closes = Instant(required=True)
    zone = Zone(required=True)
    ended = Flag(required=True)


class Seat(Shape):
    """A seat on a panel."""

    stage = Slug(required=True)
    participant = Id(required=True)
    seat = Choice("member", "chair", "deputy", required=True)
    name = Shown()


class Role(Shape):
    """Somebody who acts in the edition."""

    participant = Id(required=True)
    role = Text(NAME, required=True)
    name = Shown()


class Shortlist(Shape):
    """What goes on from a stage."""

    stage = Slug(required=True)
    category = Slug(required=True)
    nominations = ListOf(Id(), SHORTLIST, required=True)


class Reviewing(Checked[dict[str, str]]):
    """Whether the panel of a stage can score: stage -> open or closed, once it was opened."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "string", "enum": ["open", "closed"]}}


class Deadlines(Checked[dict[str, str]]):
    """By when the reviews of a stage are asked for: stage -> time, where one was set."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "string", "format": "date-time"}}


class EditionOut(Shape):
    """One run of an award; who acts in it is told to those who run it."""

    id = Id(required=True)
    award = Id(required=True)
    award_slug = Slug()
    award_name = Texts(NAME)
    label = Text(LABEL, required=True)
    origin = Choice("run", "sources", required=True)
    phase = Choice(*PHASES)
    rules = Part(Rules())
    sources = ListOf(Part(Source()), SOURCES)
    call = Part(Call())
    reviewing = Reviewing()
    reviews_due = Deadlines()
    panel = ListOf(Part(Seat()), MANY)
    roles = ListOf(Part(Role()), MANY)
    shortlists = ListOf(Part(Shortlist()), STAGES * CATEGORIES)
    persons = ListOf(ListOf(Id(), MANY), MANY)
    rule_changes = ListOf(Part(RuleChange()), MANY)
    cancelled = Flag(required=True)
    nominations = Number()
    version = Number(metadata={"description": "How many events it has; told to who sees all of it."})


class EnteredOut(EditionOut):
    """The edition, and the id of who has entered it."""

    participant = Id(required=True)
