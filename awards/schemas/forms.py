"""Strings of one exact form: ids, slugs, codes, dates, times and addresses. Each takes exactly one spelling of a value.

`Zone` uses the IANA data of the system or, where there is none (Windows, small containers), of the `tzdata` package.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from awards.domain.values import instant
from awards.schemas.countries import COUNTRIES
from awards.schemas.shape import Checked


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
    default_error_messages = {"malformed": "This must be an id, as in 0841d854-688a-54ec-8981-6bcd28e3c1d3."}


class Slug(Matching):
    """A name for addresses and rules: lower-case words and numbers joined by single hyphens."""

    pattern = "[a-z0-9]+(-[a-z0-9]+)*"
    longest = 64
    says = {"examples": ["military-gender-advocate"]}
    default_error_messages = {
        "malformed": "This must be lower-case words and numbers joined by hyphens, as in military-gender-advocate."
    }


class Country(Matching):
    """An ISO 3166-1 alpha-2 code."""

    pattern = "[A-Z]{2}"
    longest = 2
    default_error_messages = {
        "malformed": "This must be a country code of two capital letters, as in FR.",
        "no_such_country": "There is no such country code.",
    }

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
    default_error_messages = {
        "malformed": "This must be the name of a time zone, as in Europe/Paris.",
        "no_such_zone": "There is no such time zone.",
    }

    def exists(self, value: str) -> str:
        if value not in _zones():
            raise self.make_error("no_such_zone")
        return value


class EdtfDate(Matching):
    """A date as precise as it is known (EDTF level 0): `2019`, `2019-05` or `2019-05-29`."""

    pattern = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
    longest = 10
    says = {"examples": ["2019-05-29", "2019-05", "2019"]}
    default_error_messages = {
        "malformed": "This must be a date as in 2019-05-29, a month as in 2019-05 or a year.",
        "no_such_date": "There is no such date.",
    }

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
    """An absolute http or https address in ASCII (RFC 3986), with a named host, without user and password."""

    _PART = r"([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
    pattern = rf"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{{1,5}})?([/?]{_PART})?(#{_PART})?"
    longest = 2000
    says = {"format": "uri", "examples": ["https://peacekeeping.un.org/en"]}
    default_error_messages = {"malformed": "This must be a web address, as in https://peacekeeping.un.org/en."}


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
