"""Nominations, in and out. Free text is inert: markup and formulas are kept as they were written."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validates_schema

from awards.schemas.appeals import Appeal
from awards.schemas.fields import Choice, Coded, Country, Flag, Id, Instant, ListOf, Part, Shape, Slug, Text
from awards.schemas.words import BODY, MEMBERS, NAME, NOMINEE_KINDS, STATEMENT, Code, Number, Shown

STATUSES = ("submitted", "accepted", "declined", "eligible", "ineligible", "withdrawn")


class MemberIn(Shape):
    """A member of a team."""

    name = Text(NAME, required=True)


class NomineeIn(Shape):
    """Who or what is put forward."""

    kind = Choice(*NOMINEE_KINDS, load_default="person")
    name = Text(NAME, required=True)
    rank = Text(NAME)
    country = Country()
    unit = Text(NAME)
    mission = Text(NAME)
    members = ListOf(Part(MemberIn()), MEMBERS)


class KnownNomineeIn(NomineeIn):
    """Who or what is put forward; `participant` if it takes part in the edition already."""

    participant = Id()


class AmendIn(Shape):
    """What a nomination says, replaced as a whole."""

    nominee = Part(NomineeIn(), required=True)
    statement = Text(STATEMENT, multiline=True, required=True)


class NominationIn(Shape):
    """A nomination; the secretariat names on whose behalf it enters what came on paper."""

    category = Slug(load_default="main")
    nominee = Part(KnownNomineeIn(), required=True)
    statement = Text(STATEMENT, multiline=True, required=True)
    on_behalf_of = Text(NAME)


class AnswerIn(Shape):
    """Whether the nominee stands; who declines may say why."""

    answer = Choice("accepted", "declined", required=True)
    text = Text(BODY, multiline=True)

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        if data["answer"] == "accepted" and "text" in data:
            raise ValidationError({"text": [Coded("not_here", "Accepting takes no text.")]})


class EndorseIn(Shape):
    """A statement in support, with the name of who makes it."""

    name = Text(NAME, required=True)
    statement = Text(STATEMENT, multiline=True, required=True)


class WithdrawEndorsementIn(Shape):
    """Whose statement is taken back; one's own by default."""

    endorser = Id()


class RuleIn(Shape):
    """Whether the nomination meets the rules: by which rule, and for which reason."""

    outcome = Choice("eligible", "ineligible", required=True)
    rule = Code(required=True)
    code = Code(required=True)
    text = Text(BODY, multiline=True)


class Member(Shape):
    """A member of a team."""

    participant = Id(required=True)
    name = Shown()


class Nominee(Shape):
    """Who or what is put forward."""

    kind = Choice(*NOMINEE_KINDS, required=True)
    participant = Id()
    name = Shown()
    rank = Shown()
    country = Shown()
    unit = Shown()
    mission = Shown()
    members = ListOf(Part(Member()), MEMBERS)


class Endorsement(Shape):
    """A statement in support."""

    endorser = Id(required=True)
    name = Shown()
    statement = Shown()
    time = Instant(required=True)


class Ruling(Shape):
    """The recorded eligibility outcome, as it was ruled; an appeal that was upheld reverses it."""

    outcome = Choice("eligible", "ineligible", required=True)
    rule = Code(required=True)
    code = Code(required=True)
    text = Shown()
    time = Instant(required=True)
    appeal = Part(Appeal())


class Progress(Shape):
    """How far the reviews of the nomination are."""

    assigned = Number(required=True)
    submitted = Number(required=True)
    ended = Number(required=True)


class NominationOut(Shape):
    """The case for one nominee, as far as this reader may see it."""

    id = Id(required=True)
    edition = Id(required=True)
    category = Slug(required=True)
    nominee = Part(Nominee(), required=True)
    statement = Shown()
    nominator = Id()
    nominator_name = Shown()
    submitted_by = Text(NAME)
    submitted = Instant(required=True)
    answer = Choice("accepted", "declined")
    answer_text = Shown()
    endorsements = ListOf(Part(Endorsement()), 1_000_000)
    ruling = Part(Ruling())
    withdrawn = Flag()
    withdrawal_text = Shown()
    status = Choice(*STATUSES, required=True)
    progress = Part(Progress())
    version = Number(metadata={"description": "How many events it has; told to who sees all of it."})
