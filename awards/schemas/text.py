"""Text that is safe to show, to log and to put into XML: what could mislead a reader is refused, never repaired.

Refused are C0 and C1 control characters, lone surrogates and the two characters XML 1.0 cannot hold, and the controls
that reorder what a reader sees (Unicode UAX 9: U+202A to U+202E, U+2066 to U+2069). Text is kept in NFC, otherwise as
written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from awards.schemas.shape import Checked, Coded

REORDERING = r"\u202a-\u202e\u2066-\u2069"
NOT_XML = r"\ufffe\uffff"
SURROGATES = r"\ud800-\udfff"
CONTROL = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
# White space, and what has no ink: zero-width characters, fillers, the blank Braille pattern, soft hyphens.
BLANK = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
CONTROL_BUT_LINES = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029"

_BLANK = re.compile(f"[{BLANK}]+")
_REORDERING = re.compile(f"[{REORDERING}]")
_UNUSABLE = re.compile(f"[{NOT_XML}{SURROGATES}]")
_CONTROL = re.compile(f"[{CONTROL}]")
_CONTROL_BUT_LINES = re.compile(f"[{CONTROL_BUT_LINES}]")

# RFC 5646 in canonical case, so that one language has one spelling: language, script, region, variants.
LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([0-9a-z]{5,8}|[0-9][0-9a-z]{3}))*"
LANGUAGES = 8


class Text(Checked[str]):
    """A line of text, or several if `multiline`; 1 to `longest` characters (code points), at least one with ink."""

    default_error_messages = {
        "wrong_type": "This must be text.",
        "empty": "This cannot be empty.",
        "too_long": "This can have at most {longest} characters.",
        "control_character": "This contains a control character.",
        "reordering_character": "This contains a character that reorders text.",
        "unusable_character": "This contains a character that is not text.",
    }

    def __init__(self, longest: int, *, multiline: bool = False, **options: Any) -> None:
        self.longest = longest
        self.multiline = multiline
        super().__init__(**options)

    def describe(self) -> Mapping[str, Any]:
        # Without the surrogates: not every engine can read them, and JSON that holds one is refused before.
        not_text = (CONTROL_BUT_LINES if self.multiline else CONTROL) + REORDERING + NOT_XML
        pattern = rf"^[^{not_text}]*[^{not_text}{BLANK}][^{not_text}]*$"
        return {"type": "string", "minLength": 1, "maxLength": self.longest, "pattern": pattern}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("wrong_type")
        if len(value) > 4 * self.longest:  # NFC never makes text four times shorter: save the work
            raise self.make_error("too_long", longest=self.longest)
        text = unicodedata.normalize("NFC", value)
        if not _BLANK.sub("", text):
            raise self.make_error("empty")
        if len(text) > self.longest:
            raise self.make_error("too_long", longest=self.longest)
        if (_CONTROL_BUT_LINES if self.multiline else _CONTROL).search(text):
            raise self.make_error("control_character")
        if not text.isascii():
            self._check_beyond_ascii(text)
        return text

    def _check_beyond_ascii(self, value: str) -> None:
        if _REORDERING.search(value):
            raise self.make_error("reordering_character")
        if _UNUSABLE.search(value):
            raise self.make_error("unusable_character")


class Keyed(Checked[dict[str, Any]]):
    """An object whose members all have one shape and whose names fit `pattern`; 1 to `most` of them."""

    default_error_messages = {
        "wrong_type": "This must be an object.",
        "empty": "This needs at least one member.",
        "too_many": "This can have at most {most} members.",
    }

    def __init__(self, pattern: str, inner: Checked[Any], *, most: int, **options: Any) -> None:
        self.pattern = pattern
        self.inner = inner
        self.most = most
        self._name = re.compile(pattern)
        super().__init__(**options)

    def describe(self) -> Mapping[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^(?:{self.pattern})$"},
            "additionalProperties": self.inner.openapi,
            "minProperties": 1,
            "maxProperties": self.most,
        }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.make_error("wrong_type")
        if not value:
            raise self.make_error("empty")
        if len(value) > self.most:
            raise self.make_error("too_many", most=self.most)
        loaded: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for name, member in value.items():
            try:
                loaded[name] = self._member(name, member)
            except ValidationError as error:
                wrong[name] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return loaded

    def _member(self, name: str, member: Any) -> Any:
        if not self._name.fullmatch(name):
            raise ValidationError(Coded("bad_name", "A member cannot have this name."))
        return self.inner.deserialize(member)


class Texts(Keyed):
    """Public text in up to eight languages: BCP 47 tag (in canonical case) -> text."""

    def __init__(self, longest: int, *, multiline: bool = False, **options: Any) -> None:
        super().__init__(LANGUAGE, Text(longest, multiline=multiline), most=LANGUAGES, **options)
