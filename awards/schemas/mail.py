"""What somebody is written."""

from __future__ import annotations

from awards.schemas.fields import Choice, Flag, ListOf, Shape

KINDS = ("role", "assignment", "reminder", "receipt", "results")


class MailIn(Shape):
    """Which kinds of mail one gets, and in which language."""

    wants = ListOf(Choice(*KINDS), len(KINDS), distinct=True, required=True)
    language = Choice("en", "fr", required=True)


class MailOut(MailIn):
    """The same, and whether the service knows an address to write to; it shows none."""

    address = Flag(required=True)
