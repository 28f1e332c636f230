"""The base of every shape and field: unknown members are refused, and each error has a stable code beside its text.

marshmallow hands error messages around as text; ours are a `str` that also knows its code, so that the code survives
the trip through nested schemas to `awards.problems`. A field states its own JSON Schema in `openapi`; `awards.api`
copies it into the document, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.types import ErrorMessages

T = TypeVar("T")


class Coded(str):
    """A message for a person that carries a code for a program."""

    code: str
    __slots__ = ("code",)

    def __new__(cls, code: str, message: str) -> Coded:
        coded = super().__new__(cls, message)
        coded.code = code
        return coded

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """What a copy is made from."""
        return self.code, str(self)


class Checked(fields.Field[T]):
    """A field whose errors are coded by the key of the message, and which states its JSON Schema."""

    openapi: Mapping[str, Any]
    default_error_messages: ErrorMessages = {
        "required": "This member is required.",
        "null": "This member cannot be null; leave it out.",
        "wrong_type": "This has the wrong type.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.openapi = self.describe()

    def describe(self) -> Mapping[str, Any]:
        """The JSON Schema of the value."""
        return {}

    def make_error(self, key: str, **facts: Any) -> ValidationError:
        """The error of that key, coded."""
        return ValidationError(Coded(key, str(self.error_messages[key]).format(**facts)))

    def _validate(self, value: Any) -> None:
        if self.validators:
            super()._validate(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return value


class Shape(Schema):
    """A set of named members in the order declared. On the way out a `None` is left out: absent means omitted."""

    class Meta:
        unknown = RAISE

    error_messages: dict[str, str] = {
        "unknown": Coded("unknown", "There is no such member."),
        "type": Coded("wrong_type", "This must be an object."),
    }

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A member of a row, a state or an object."""
        keyed = type(obj) is dict or isinstance(obj, Mapping)  # the first is the quicker question
        value = obj.get(attr) if keyed else getattr(obj, attr, None)
        return default if value is None else value
