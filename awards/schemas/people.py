"""People and their ways in, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from awards.schemas.fields import Checked, Choice, Coded, Flag, Id, Instant, ListOf, Matching, Part, Shape, Text
from awards.schemas.words import MANY, NAME, Number, Shown

LABEL = 100
CODE = 100
AWARD_ROLES = ("secretariat", "approver", "privacy_officer", "auditor")
SEATS = ("reviewer", "chair", "deputy")
LINKS = ("nominee", "endorser")
ATOM = r"[A-Za-z0-9!#$%&'*+/=^_`{|}~-]+"
HOST = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"


class AwardOrAll(Matching):
    """An award by its slug or its id; `*` for all awards."""

    pattern = r"\*|[a-z0-9]+(-[a-z0-9]+)*"
    longest = 64
    says = {"examples": ["military-gender-advocate", "*"]}
    default_error_messages = {"malformed": "This must be an award by its slug or id, or * for all."}


class Email(Matching):
    """An address of electronic mail, in ASCII, that a letter can be made out to (RFC 5322, 3.4.1: dot-atoms).

    A question mark would pass for an encoded word.
    """

    pattern = rf"{ATOM}(\.{ATOM})*@{HOST}(\.{HOST})*"
    longest = 254
    says = {"format": "email"}
    default_error_messages = {"malformed": "This must be an e-mail address in ASCII, as in her@example.org."}


class Language(Choice):
    """A language that mail is written in."""

    def __init__(self, **options: Any) -> None:
        super().__init__("en", "fr", **options)


class GrantIn(Shape):
    """An award-wide role, for one award or all."""

    role = Choice(*AWARD_ROLES, required=True)
    award = AwardOrAll(required=True)


class RegisterIn(GrantIn):
    """Somebody new, with an award-wide role."""

    name = Text(NAME, required=True)


class Grant(Shape):
    """A role and where it is held."""

    role = Choice(*AWARD_ROLES, required=True)
    award = Text(NAME, required=True, metadata={"description": "The award's id; `*` for all."})


class SubjectOut(Shape):
    """Somebody with an account or an award-wide role."""

    id = Id(required=True)
    kind = Text(NAME, required=True)
    name = Shown()
    known = Instant(required=True)
    active = Flag(required=True)
    account = Flag(required=True, metadata={"description": "Whether there is an account to sign in to."})
    roles = ListOf(Part(Grant()), MANY, required=True)
    version = Number(required=True)


class Reached(Shape):
    """Where somebody can be written to."""

    email = Email()
    language = Language()

    @validates_schema
    def _check(self, data: dict[str, Any], **options: Any) -> None:
        if "language" in data and "email" not in data:
            raise ValidationError({"language": [Coded("not_here", "A language is kept with an address only.")]})


class InviteParticipantIn(Reached):
    """Who is invited, and the role, which must be held, that the code can be exchanged for."""

    participant = Id(required=True)
    role = Choice(*AWARD_ROLES, "nominator", *SEATS)


class InviteToNominationIn(Reached):
    """In what part somebody is invited: the nominee, or a new endorser."""

    role = Choice(*LINKS, required=True)


class InviteSubjectIn(Reached):
    """The award-wide role, which must be held, that the code can be exchanged for."""

    role = Choice(*AWARD_ROLES)
    award = AwardOrAll(load_default="*", metadata={"description": "For which the role is held; by default `*`, all."})


class InvitationOut(Shape):
    """A one-time code, shown this once."""

    id = Id(required=True)
    code = Text(CODE, required=True)
    expires = Instant(required=True)


class RedeemIn(Shape):
    """A one-time code, and a name for the token it becomes."""

    code = Text(CODE, required=True)
    label = Text(LABEL)


class Scope(Checked[dict[str, str]]):
    """How far a token reaches: an award (`*`: all), an edition, or a nomination in its edition."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "string"}}


class RedeemedOut(Shape):
    """A bearer token, shown this once."""

    id = Id(required=True)
    token = Text(CODE, required=True)
    role = Text(NAME, required=True)
    scope = Scope(required=True)
    expires = Instant(required=True)


class TokenOut(Shape):
    """What is known of a token; the token itself is not."""

    id = Id(required=True)
    label = Text(LABEL)
    role = Text(NAME, required=True)
    scope = Scope(required=True)
    issued = Instant()
    expires = Instant()
