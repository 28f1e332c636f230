"""Canonical JSON (RFC 8785) for the values an event may hold.

The log keeps strings (NFC, no lone surrogates), integers below 2^53, booleans, lists and objects with ASCII keys;
nothing else, so that two programs can never print one value in two ways. Within that subset the standard encoder with
sorted keys writes the very bytes RFC 8785 asks for: ASCII keys sort alike by code point and by UTF-16 unit, and the
escapes of section 3.2.2.2 are those of `json`. A property test holds this against an RFC 8785 library.
"""

import json
from unicodedata import is_normalized

LIMIT = 2**53

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class NotCanonical(ValueError):
    """The value cannot stand in the log."""


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of `value`, or raise `NotCanonical`."""
    try:
        text = _encode(value)  # first, because it refuses cycles: the walk below ends
        _check(value, text.isascii())
        return text.encode()
    except NotCanonical:
        raise
    except (TypeError, ValueError, RecursionError) as error:  # a lone surrogate is a ValueError too
        raise NotCanonical(str(error)) from error


def _check(value: object, ascii_only: bool) -> None:
    """Refuse what `json` would print but the log does not hold."""
    found = [value]
    for item in found:  # grows while it is walked
        kind = type(item)
        if kind is str:
            if not ascii_only and not is_normalized("NFC", item):  # type: ignore[arg-type]
                raise NotCanonical("a string is not in Unicode normalization form C")
        elif kind is dict:
            if not "".join(item).isascii():  # type: ignore[arg-type]  # a key of another type is a TypeError
                raise NotCanonical("a key is not ASCII")
            found += item.values()  # type: ignore[attr-defined]
        elif kind is list:
            found += item  # type: ignore[arg-type]
        elif kind is int:
            if not -LIMIT < item < LIMIT:  # type: ignore[operator]
                raise NotCanonical("an integer is not below 2^53")
        elif kind is not bool:
            raise NotCanonical(f"{kind.__name__} has no place in the log")
