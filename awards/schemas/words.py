"""What every noun uses: how long a text may be, what a reason code looks like, how a sealed value is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awards.schemas.fields import Checked, Id, ListOf, Matching, Shape, Slug, Text

NAME = 200
STATEMENT = 20_000
COMMENT = 10_000
BODY = 8_000

MEMBERS = 50
SOURCES = 20
PRESENTERS = 20
LONGEST_CURSOR = 500
MANY = 1_000_000  # of what grows with an edition and has no bound of its own

APPEAL_OUTCOMES = ("upheld", "dismissed")
DEPARTURES = ("override", "tie_broken", "withheld", "runners_up")
NOMINEE_KINDS = ("person", "team", "organisation", "work")


class Code(Matching):
    """A reason as a code: it stands in clear in the log, so it is a word or three, never a text about somebody."""

    pattern = "[a-z0-9]+([_-][a-z0-9]+)*"
    longest = 50
    says = {"examples": ["family-tie"]}
    default_error_messages = {
        "malformed": "This must be lower-case words and numbers joined by hyphens, as in family-tie."
    }


class Shown(Checked[str]):
    """A value that lies sealed beside the log, as it goes out: the value, or `erased`."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "string"}


class Digest(Checked[str]):
    """A SHA-256 in hexadecimal, as it goes out."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "string", "pattern": "^[0-9a-f]{64}$"}


class Number(Checked[int]):
    """A whole number, as it goes out."""

    def describe(self) -> Mapping[str, Any]:
        return {"type": "integer"}


class Nothing(Shape):
    """An act that needs no further word."""


class CodeIn(Shape):
    """An act with its reason code."""

    code = Code(required=True)


class ReasonIn(CodeIn):
    """An act with its reason code and, sealed, the reason in words."""

    text = Text(BODY, multiline=True)


class TextIn(Shape):
    """An act with, sealed, a reason in words."""

    text = Text(BODY, multiline=True)


def sources(**options: Any) -> ListOf:
    """Keys of the sources an edition was recorded from."""
    return ListOf(Slug(), SOURCES, distinct=True, **options)


def nominations_named(**options: Any) -> ListOf:
    """Nominations of the edition, the best first."""
    return ListOf(Id(), MEMBERS, distinct=True, **options)


def participants(**options: Any) -> ListOf:
    """Participants of the edition."""
    return ListOf(Id(), MEMBERS, shortest=1, distinct=True, **options)
