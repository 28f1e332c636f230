"""Cosignatures (C2SP `tlog-cosignature`, Ed25519): a witness saw this checkpoint, consistent with all it saw before.

The signature of a line is a time in eight bytes, seconds since 1970, and an Ed25519 signature over `cosignature/v1`,
that time and the text of the checkpoint. The id of the key is as in a signed note, with the type 0x04.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from awards.ledger.notes import BadNote, Verifier, open_note, read_line

COSIGNATURE = b"\x04"
"""The type of an Ed25519 cosignature, in a key's id and before a key."""

NEAR = 300
"""Seconds by which the clock of a witness may differ from ours."""


@dataclass(frozen=True)
class Cosigner(Verifier):
    """The key of a witness, under its name."""

    KIND: ClassVar[bytes] = COSIGNATURE
    CALLED: ClassVar[str] = "witness key"

    def check(self, text: bytes, signature: bytes) -> None:
        """Check a cosignature of the text of a checkpoint; raises `BadNote`."""
        if len(signature) != 72:
            raise BadNote(f"the cosignature of {self.name} has not 72 bytes")
        super().check(cosigned_message(text, time_of(signature)), signature[8:])


def cosigned_message(text: bytes, seconds: int) -> bytes:
    """What a witness signs."""
    return b"cosignature/v1\ntime %d\n" % seconds + text


def time_of(signature: bytes) -> int:
    """When a witness cosigned, in seconds since 1970; raises `BadNote`."""
    seconds = int.from_bytes(signature[:8], "big")
    if seconds >= 1 << 63:
        raise BadNote("the time of a cosignature is out of range")
    return seconds


def find_cosignature(cosigner: Cosigner, text: str, answer: bytes, now: float) -> str:
    """The line by which a witness cosigns the text of a checkpoint now, in an answer of its; raises `BadNote`.

    What other keys signed is passed over; what this one signed wrongly makes the whole answer bad.
    """
    if open_note(text.encode() + b"\n" + answer, [cosigner])[0] != text:
        raise BadNote("the answer is more than signature lines")
    for line in answer.decode().splitlines():
        name, key, signature = read_line(line)
        if (name, key) == (cosigner.name, cosigner.id):
            if abs(time_of(signature) - now) > NEAR:
                raise BadNote(f"the cosignature is of another time than now: {time_of(signature)}")
            return line
    raise AssertionError("a note that was opened has the line")
