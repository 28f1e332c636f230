"""The little that is needed of DER (X.690): to go through what is written in it, one value after another.

Sets need not be in order, as many authorities do not sort them; what has no length of its own is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

INTEGER, OCTETS, NULL, OID, TIME, SEQUENCE, SET, FIRST = 0x02, 0x04, 0x05, 0x06, 0x18, 0x30, 0x31, 0xA0
"""Tags: FIRST is `[0] EXPLICIT`."""


class BadDer(ValueError):
    """The bytes are not what they should be."""


def values(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The values that stand one after another: tag and content of each; raises `BadDer`."""
    while data:
        if len(data) < 2 or data[0] & 0x1F == 0x1F:
            raise BadDer("a value is cut short, or its tag is long")
        length, start = data[1], 2
        if length > 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[2:start], "big")
        elif length == 0x80:
            raise BadDer("a value has no length")
        content = data[start : start + length]
        if len(content) < length or start > len(data) or start > 6:
            raise BadDer("a value is cut short")
        yield data[0], content
        data = data[start + length :]


def inside(data: bytes, *tags: int) -> list[tuple[int, bytes]]:
    """The values within a value that begins with these tags; more may follow. Raises `BadDer`."""
    found = list(values(data))
    if tuple(tag for tag, _ in found[: len(tags)]) != tags:
        raise BadDer("another value was expected")
    return found
