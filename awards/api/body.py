"""Reading what a request holds, strictly: one reading of a body for every program (RFC 8259, I-JSON RFC 7493).

Refused as malformed: anything but UTF-8, NaN and Infinity, integers of more than 32 digits, nesting deeper than 32, and
lone surrogates. A member named twice has its own code. Strings are normalised to NFC: the log holds nothing else.
webargs is not used: after these readers it would only call `Schema.load`, at 13 microseconds more a query, and it takes
the first of a repeated parameter silently.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from flask import Request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from awards.problems import Problem, invalid
from awards.schemas.shape import Coded

DEEPEST = 32
DIGITS = 32
SHOWN = 80  # of a name that the client sent
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_JSON = re.compile(r'application/json\s*(;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)


def read_body(request: Request, shape: Schema, *, optional: bool = False) -> tuple[Any, bytes]:
    """The body as `shape` loads it, and its bytes; an `optional` body that is absent is an empty object."""
    if "HTTP_TRANSFER_ENCODING" in request.environ:
        raise Problem("length_required")  # the server would hold a whole chunk before its length could be judged
    if optional and not request.content_length:
        return {}, b""
    _require_json(request)
    data = _read(request)
    value = parse(data)
    try:
        return shape.load(value), data
    except ValidationError as error:
        raise invalid("invalid_body", error) from None


def read_query(request: Request, shape: Schema) -> Any:
    """The query as `shape` loads it; a parameter may come once, and all of it is UTF-8 (RFC 3986, section 2.5)."""
    _require_utf8(request.environ.get("QUERY_STRING", ""))
    values: dict[str, Any] = {}
    repeated: dict[str, Any] = {}
    for name, given in request.args.lists():
        values[name] = given[0]
        if len(given) > 1:
            repeated[name] = [Coded("repeated", "This parameter comes twice.")]
    try:
        if repeated:
            raise ValidationError(repeated)
        return shape.load(values)
    except ValidationError as error:
        raise invalid("invalid_query", error) from None


def _require_utf8(query: str) -> None:
    """Refuse what the framework would read as text that nobody sent."""
    if query.isascii() and "%" not in query:
        return
    try:
        query.encode("ascii")
        unquote_to_bytes(query).decode("utf-8")
    except UnicodeError:
        raise Problem("invalid_query", "The query is not UTF-8 in percent-encoding.") from None
    if _NO_ESCAPE.search(query):
        raise Problem("invalid_query", "The query holds a % without two hexadecimal digits; the sign itself is %25.")


def parse(data: bytes) -> Any:
    """The JSON value of a body."""
    try:
        value = _DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Problem("malformed_json", f"The body is not UTF-8 after {error.start:,} bytes.") from None
    except json.JSONDecodeError as error:
        where = f"The body stops being JSON at line {error.lineno}, column {error.colno}."
        raise Problem("malformed_json", where if data.strip() else "The body is empty.") from None
    except RecursionError:
        raise _too_deep() from None
    plain = data.isascii() and b"\\u" not in data
    if plain and data.count(b"{") + data.count(b"[") <= DEEPEST:
        return value
    return _checked(value, 1)


def _require_json(request: Request) -> None:
    content_type = request.environ.get("CONTENT_TYPE", "")
    if content_type != "application/json" and not _JSON.fullmatch(content_type):
        raise Problem("unsupported_media_type")
    if request.environ.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        raise Problem("unsupported_media_type", "The body must not be compressed.")


def _read(request: Request) -> bytes:
    """All bytes, if they are no more than the app's MAX_CONTENT_LENGTH."""
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large(request) from None
    except (ClientDisconnected, OSError, ValueError):  # the last for what a server makes of a length it cannot read
        raise Problem("malformed_json", "The body broke off.") from None
    if len(data) != (request.content_length or 0):
        raise Problem("malformed_json", "The body broke off.")
    return data


def _too_large(request: Request) -> Problem:
    return Problem("body_too_large", f"The body must be at most {request.max_content_length:,} bytes.")


def _too_deep() -> Problem:
    return Problem("malformed_json", f"The body is nested deeper than {DEEPEST} levels.")


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        twice, _ = Counter(name for name, _ in members).most_common(1)[0]
        raise Problem("duplicate_key", f"An object of the body names the member “{twice[:SHOWN]}” twice.")
    return found


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise Problem("malformed_json", f"A number has more than {DIGITS} digits.")
    return int(digits)


def _constant(name: str) -> NoReturn:
    raise Problem("malformed_json", f"{name} is not JSON.")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant)


def _checked(value: Any, depth: int) -> Any:
    """The value in NFC, if it is shallow enough and all of it is text."""
    if isinstance(value, str):
        if _SURROGATES.search(value):
            raise Problem("malformed_json", "A string holds half of a surrogate pair.")
        return unicodedata.normalize("NFC", value)
    if isinstance(value, (dict, list)) and depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, dict):
        return _object([(_checked(name, depth), _checked(member, depth + 1)) for name, member in value.items()])
    if isinstance(value, list):
        return [_checked(item, depth + 1) for item in value]
    return value
