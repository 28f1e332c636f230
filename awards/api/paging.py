"""Pages by cursor: an opaque place in one list, so that nobody can make one up, read it, or use it for another list.

A place is a position in the log, which would tell how much happens there. So it goes out under a pad drawn from its own
keyed hash, which also proves it (the construction of RFC 5297, with HMAC-SHA-256 and SHAKE-256): the same place is the
same cursor, so that a page keeps its ETag.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Request

from awards.problems import Problem
from awards.schemas.fields import Shape, Text, Written
from awards.schemas.words import LONGEST_CURSOR

_MAC = 16


class Paging(Shape):
    """The parameters of a list in pages."""

    limit = Written(1, 200, load_default=50, metadata={"description": "How many at most (1 to 200)."})
    cursor = Text(LONGEST_CURSOR, metadata={"description": "Where to go on, as the page before said in `next`."})


@dataclass(frozen=True, slots=True)
class Page:
    """What the client asked for: `limit` items after `after` (what a `Paged` gave as next; None: from the start)."""

    limit: int
    after: Any = None


class Cursors:
    """Writes and reads the cursors of one list; `secret` is shared by every process."""

    def __init__(self, secret: bytes, operation: str) -> None:
        self._key = hmac.digest(secret, b"cursor " + operation.encode(), "sha256")
        self._pad_key = hmac.digest(secret, b"cursor pad " + operation.encode(), "sha256")

    def write(self, place: Any) -> str:
        """The cursor for a place: a 128-bit HMAC of its JSON, and that under the pad, in base64url."""
        data = json.dumps(place, separators=(",", ":"), sort_keys=True).encode()
        mac = self._sign(data)
        return base64.urlsafe_b64encode(mac + self._padded(data, mac)).rstrip(b"=").decode()

    def read(self, cursor: str) -> Any:
        """The place, if we wrote this cursor for this list."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise Problem("bad_cursor") from None
        mac = raw[:_MAC]
        data = self._padded(raw[_MAC:], mac)
        if not hmac.compare_digest(mac, self._sign(data)):
            raise Problem("bad_cursor")
        return json.loads(data)

    def _padded(self, data: bytes, mac: bytes) -> bytes:
        pad = hashlib.shake_256(self._pad_key + mac).digest(len(data))
        return bytes(one ^ other for one, other in zip(data, pad, strict=True))

    def _sign(self, data: bytes) -> bytes:
        return hmac.digest(self._key, data, "sha256")[:_MAC]


def next_page(request: Request, cursor: str) -> str:
    """The address, without the host, of the next page of the same list."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    path = quote(request.script_root + request.path, safe="/-._~")
    return f"{path}?{urlencode([*asked, ('cursor', cursor)])}"
