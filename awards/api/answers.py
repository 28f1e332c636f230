"""What a view gives back, and how it becomes bytes: compact JSON with an ETag, a keyed hash of what this reader sees.

The key keeps an ETag from confirming a guess at what a sealed value holds. Comparison is strong (RFC 9110, section
8.8.3.2) except in If-None-Match.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import SEEK_END
from typing import Any, BinaryIO

from marshmallow import Schema
from werkzeug.datastructures import ETags
from werkzeug.http import parse_etags

from awards.problems import Problem

JSON = "application/json"
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Paged:
    """One page: its items, and where the next one starts (a list or dict of text and integers; None at the end).

    `write` makes another representation than JSON: from what is shown of the items, and the path of the next page.
    """

    items: Sequence[Any]
    next: Any = None
    write: Callable[[Sequence[Any], str | None], tuple[bytes, str]] | None = None


@dataclass(frozen=True, slots=True)
class InPages:
    """One object, of whose list this is a page: `next` as in `Paged`; its shape has a member `next`."""

    value: Mapping[str, Any]
    next: Any = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A representation as it goes out; `etag` without its quotation marks."""

    data: bytes
    etag: str
    content_type: str = JSON

    def let_go(self) -> None:
        """It is not sent after all."""


@dataclass(frozen=True, slots=True)
class Download(Rendered):
    """A representation in a file, from which it is sent piece by piece, and the name to keep it by.

    The file is closed when it is sent, and ought to go with that.
    """

    file: BinaryIO = field(kw_only=True)
    name: str = field(kw_only=True)

    @property
    def size(self) -> int:
        """How many bytes; leaves the file at its beginning."""
        size = self.file.seek(0, SEEK_END)
        self.file.seek(0)
        return size

    def let_go(self) -> None:
        self.file.close()


@dataclass(frozen=True, slots=True)
class Reply:
    """A value with headers of its own: what the out shape dumps, a `Paged` or a `Rendered`."""

    value: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Renderer:
    """Makes representations; `secret` is 32 bytes that every process shares."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"etag", "sha256")

    def etag(self, data: bytes) -> str:
        """The entity tag of a representation: 128 bits in base64url."""
        return base64.urlsafe_b64encode(hmac.digest(self._key, data, "sha256")[:16]).rstrip(b"=").decode()

    def json(self, value: Any) -> Rendered:
        """Plain data as JSON."""
        data = _ENCODER.encode(value).encode()
        return Rendered(data, self.etag(data))

    def bytes(self, data: bytes, content_type: str) -> Rendered:
        """Any other representation."""
        return Rendered(data, self.etag(data), content_type)


class IfMatch:
    """The precondition of a replace (RFC 9110, section 13.1.1): 428 without it, 412 when it does not hold."""

    def __init__(self, header: str, renderer: Renderer, out: Schema) -> None:
        self._tags: ETags = parse_etags(header)
        if not self._tags:
            raise Problem("precondition_required")
        self._renderer = renderer
        self._out = out

    def require(self, value: Any) -> None:
        """Refuse unless the client has read `value`, which is what a GET by this caller would be answered with now."""
        if not self._tags.star_tag and not self._tags.contains(self._renderer.json(self._out.dump(value)).etag):
            raise Problem("stale")


def unchanged(header: str | None, etag: str) -> bool:
    """Whether If-None-Match says that the client has this representation."""
    if not header:
        return False
    tags = parse_etags(header)
    return tags.star_tag or tags.contains_weak(etag)
