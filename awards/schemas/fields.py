"""The fields of every shape. Each takes exactly one spelling of a value and says by a stable code what it refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields

from awards.schemas.forms import Country, EdtfDate, Id, Instant, Matching, Slug, WebAddress, Zone
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
    "Matching",
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
