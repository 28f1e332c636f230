"""The fields of every shape. Each takes exactly one spelling of a value and says by a stable code what it refuses.

`Zone` uses the IANA data of the system or, where there is none (Windows, small containers), of the `tzdata` package.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields

from awards.domain.values import instant
from awards.schemas.countries import COUNTRIES
from awards.schemas.shape import Checked, Coded, Shape
from awards.schemas.text import Keyed, Text, Texts

__all__ = [
    "Anything",
    "Checked",
    "Choice",
    "Coded",
    "Country",
    "EdtfDate",
    "Flag",
    "Id",
    "Instant",
    "Keyed",
    "ListOf",
    "Part",
    "Shape",
    "Slug",
    "StrictInteger",
    "Text",
    "Texts",
    "WebAddress",
    "Written",
    "Zone",
]

EXACT = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8785, section 3.2.2.3)


class Matching(Checked[str]):
    """A string of one exact form; `exists` may refuse what has the form and names nothing."""

    pattern = ""
    longest = 100
    says: Mapping[str, Any] = {}
    default_error_messages = {"wrong_type": "This must be a string.", "malformed": "This has not the form it needs."}

    def __init_subclass__(cls) -> None:
        cls._form = re.compile(cls.pattern)

    _form: re.Pattern[str]

    def describe(self) -> Mapping[str, Any]:
        form = {"pattern": f"^(?:{self.pattern})$", "maxLength": self.longest} if self.pattern else {}
        return {"type": "string", **form, **self.says}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("wrong_type")
        if len(value) > self.longest or not self._form.fullmatch(value):
            raise self.make_error("malformed")
        return self.exists(value)

    def exists(self, value: str) -> Any:
        """The value, or an error if there is no such thing."""
        return value


class Id(Matching):
    """A UUID in its one canonical spelling: lower case, with hyphens (RFC 9562, section 4)."""

    pattern = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    longest = 36
    says = {"format": "uuid"}


class Slug(Matching):
    """A name for addresses and rules: lower-case words and numbers joined by single hyphens."""

    pattern = "[a-z0-9]+(-[a-z0-9]+)*"
    longest = 64
    says = {"examples": ["military-gender-advocate"]}


class Country(Matching):
    """An ISO 3166-1 alpha-2 code."""

    pattern = "[A-Z]{2}"
    longest = 2
    default_error_messages = {"no_such_country": "There is no such country code."}

    def describe(self) -> Mapping[str, Any]:
        return {"type": "string", "enum": sorted(COUNTRIES)}

    def exists(self, value: str) -> str:
        if value not in COUNTRIES:
            raise self.make_error("no_such_country")
        return value


class Zone(Matching):
    """An IANA time zone."""

    pattern = "[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*"
    longest = 64
    says = {"examples": ["Europe/Paris", "UTC"]}
    default_error_messages = {"no_such_zone": "There is no such time zone."}

    def exists(self, value: str) -> str:
        if value not in _zones():
            raise self.make_error("no_such_zone")
        return value


class EdtfDate(Matching):
    """A date as precise as it is known (EDTF level 0): `2019`, `2019-05` or `2019-05-29`."""

    pattern = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
    longest = 10
    says = {"examples": ["2019-05-29", "2019-05", "2019"]}
    default_error_messages = {"no_such_date": "There is no such date."}

    def exists(self, value: str) -> str:
        try:
            date.fromisoformat(value + "-01-01"[len(value) - 4 :])
        except ValueError:
            raise self.make_error("no_such_date") from None
        return value


class Instant(Matching):
    """A moment (RFC 3339 with `Z` or an offset); loaded as aware UTC datetime, shown in UTC to the microsecond."""

    pattern = (
        r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        r"(\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
    )
    longest = 32
    says = {"format": "date-time", "examples": ["2019-05-29T14:00:00Z"]}
    default_error_messages = {
        "malformed": "This must be a time as in 2019-05-29T14:00:00Z.",
        "no_such_time": "There is no such time.",
    }

    def exists(self, value: str) -> datetime:
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.make_error("no_such_time") from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return instant(value) if isinstance(value, datetime) else value


class WebAddress(Matching):
    """An absolute http or https address, in ASCII, without user and password."""

    pattern = r"https?://[A-Za-z0-9.:\[\]-]+([/?#][!-~]*)?"
    longest = 2000
    says = {"format": "uri", "examples": ["https://peacekeeping.un.org/en"]}

    def exists(self, value: str) -> str:
        try:
            parts = urlsplit(value)
            usable = bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable:
            raise self.make_error("malformed")
        return value


class Choice(Checked[str]):
    """One of a few words."""

    default_error_messages = {"not_a_choice": "This must be one of: {choices}."}

    def __init__(self, *choices: str, **options: Any) -> None:
        self.choices = choices
        super().__init__(**options)

    def describe(self) -> Mapping[str, Any]:
        return {"type": "string", "enum": list(self.choices)}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise self.make_error("not_a_choice", choices=", ".join(self.choices))
        return value


class Flag(Checked[bool]):
    """`true` or `false`, and nothing that looks like it."""

    default_error_messages = {"wrong_type": "This must be true or false."}

    def describe(self) -> Mapping[str, Any]:
        return {"type": "boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("wrong_type")
        return value


class StrictInteger(Checked[int]):
    """A whole number that every JSON reader keeps: no boolean, no 1.0, no "1"."""

    default_error_messages = {
        "wrong_type": "This must be a whole number.",
        "out_of_range": "This must lie between {lowest} and {highest}.",
    }

    def __init__(self, lowest: int = -EXACT, highest: int = EXACT, **options: Any) -> None:
        self.lowest = lowest
        self.highest = highest
        super().__init__(**options)

    def describe(self) -> Mapping[str, Any]:
        return {"type": "integer", "minimum": self.lowest, "maximum": self.highest}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        if type(value) is not int:
            raise self.make_error("wrong_type")
        if not self.lowest <= value <= self.highest:
            raise self.make_error("out_of_range", lowest=self.lowest, highest=self.highest)
        return value


class Written(StrictInteger):
    """A whole number written out, as query parameters are: `50`, never `050`, `5e1` or ` 50`."""

    _digits = re.compile("-?(0|[1-9][0-9]{0,15})")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        if not isinstance(value, str) or not self._digits.fullmatch(value):
            raise self.make_error("wrong_type")
        return super()._deserialize(int(value), attr, data)


class ListOf(Checked[list[Any]]):
    """A list of `shortest` to `longest` values of one shape; `distinct` refuses a value that comes twice."""

    default_error_messages = {
        "wrong_type": "This must be a list.",
        "too_few": "This needs at least {shortest}.",
        "too_many": "This can have at most {longest}.",
        "repeated": "A value comes twice.",
    }

    def __init__(
        self, inner: fields.Field[Any], longest: int, *, shortest: int = 0, distinct: bool = False, **options: Any
    ) -> None:
        self.inner = inner
        self.longest, self.shortest, self.distinct = longest, shortest, distinct
        super().__init__(**options)

    def describe(self) -> Mapping[str, Any]:
        unique = {"uniqueItems": True} if self.distinct else {}
        return {"type": "array", "minItems": self.shortest, "maxItems": self.longest, **unique}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("wrong_type")
        if len(value) < self.shortest:
            raise self.make_error("too_few", shortest=self.shortest)
        if len(value) > self.longest:
            raise self.make_error("too_many", longest=self.longest)
        loaded = self._items(value)
        if self.distinct and any(item in loaded[:place] for place, item in enumerate(loaded)):
            raise self.make_error("repeated")
        return loaded

    def _items(self, value: Sequence[Any]) -> list[Any]:
        loaded = []
        wrong: dict[int, Any] = {}
        for place, item in enumerate(value):
            try:
                loaded.append(self.inner.deserialize(item))
            except ValidationError as error:
                wrong[place] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return loaded

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        write = self.inner._serialize
        return [write(item, attr, obj) for item in value]


class Part(fields.Nested):
    """A shape within a shape, given as an instance so that it is made once."""

    def __init__(self, shape: Schema, **options: Any) -> None:
        super().__init__(shape, **options)

    make_error = Checked.make_error
    default_error_messages = {
        "required": "This member is required.",
        "null": "This member cannot be null; leave it out.",
    }


class Anything(Checked[Any]):
    """JSON as it stands; only for what goes out."""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
