"""Signed notes and checkpoints, as C2SP `signed-note` and `tlog-checkpoint` write them, with Ed25519 and nothing else.

A note is a text that ends in a newline, an empty line, and a line for each signature: an em dash, the name of the key,
and base64 of the key's id (four bytes) and the signature. A checkpoint is a note of three lines: the origin of the log,
the number of leaves, and base64 of the root. Keys are written as Go's `sumdb/note` writes them, which every tool reads.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
"""The type of a signature, in a key's id and before a key."""

MOST_SIGNATURES = 100
LONGEST = 1_000_000
"""Signatures and bytes of a note that are read; the specification asks for 16 signatures at least."""

_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class BadNote(ValueError):
    """The note is malformed, or nobody whose key is known signed it."""


@dataclass(frozen=True)
class Verifier:
    """A key that checks signatures, under its name."""

    name: str
    public: bytes

    KIND: ClassVar[bytes] = ED25519
    CALLED: ClassVar[str] = "verifier key"

    @classmethod
    def read(cls, vkey: str) -> Self:
        """From its written form, `<name>+<id>+<base64 of type and key>`; raises `BadNote`."""
        name, _, rest = vkey.strip().partition("+")
        told, _, encoded = rest.partition("+")
        key = _decoded(encoded)
        if not _NAME.fullmatch(name) or key[:1] != cls.KIND or len(key) != 33:
            raise BadNote(f"this is no {cls.CALLED} of Ed25519")
        found = cls(name, key[1:])
        if found.id.hex() != told:
            raise BadNote(f"the id of the {cls.CALLED} is not that of its name and key")
        return found

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256 over the name, a newline, the type and the key."""
        return sha256(self.name.encode() + b"\n" + self.KIND + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_encoded(self.KIND + self.public)}"

    def check(self, text: bytes, signature: bytes) -> None:
        """Check a signature; raises `BadNote`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            raise BadNote(f"the signature of {self.name} is wrong") from None


@dataclass(frozen=True)
class Signer:
    """A key that signs, under its name."""

    name: str
    _seed: bytes

    @classmethod
    def make(cls, name: str) -> Self:
        """A new key."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, skey: str) -> Self:
        """From its written form, `PRIVATE+KEY+<name>+<id>+<base64 of type and seed>`; raises `BadNote`."""
        parts = skey.split("+", 4)
        key = _decoded(parts[4]) if len(parts) == 5 else b""
        if parts[:2] != ["PRIVATE", "KEY"] or not _NAME.fullmatch(parts[2]) or key[:1] != ED25519 or len(key) != 33:
            raise BadNote("this is no signer key of Ed25519")
        found = cls(parts[2], key[1:])
        if found.verifier.id.hex() != parts[3]:
            raise BadNote("the id of the signer key is not that of its name and key")
        return found

    def written(self) -> str:
        """The key as a secret line of text."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{_encoded(ED25519 + self._seed)}"

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"  # never the seed

    @property
    def verifier(self) -> Verifier:
        """The key that checks what this one signs."""
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self._seed).public_key().public_bytes_raw())

    def line(self, text: bytes) -> str:
        """The signature line under a text."""
        signature = Ed25519PrivateKey.from_private_bytes(self._seed).sign(text)
        return f"— {self.name} {_encoded(self.verifier.id + signature)}\n"


def sign(text: str, signers: Iterable[Signer]) -> str:
    """The note of a text."""
    return text + "\n" + "".join(signer.line(text.encode()) for signer in signers)


def open_note(note: str | bytes, verifiers: Sequence[Verifier]) -> tuple[str, list[Verifier]]:
    """The text of a note and which of these keys signed it; raises `BadNote` if none did, or one of them wrongly."""
    text, lines = parts(note)
    known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    signed_by = []
    for line in lines:
        name, key, signature = read_line(line)
        if verifier := known.get((name, key)):
            verifier.check(text.encode(), signature)
            signed_by.append(verifier)
    if not signed_by:
        raise BadNote("none of the keys that are known signed this")
    return text, signed_by


def read_line(line: str) -> tuple[str, bytes, bytes]:
    """The name and the id of the key of a signature line, and the signature; raises `BadNote`."""
    found = _LINE.fullmatch(line)
    signature = _decoded(found["signature"]) if found else b""
    if found is None or len(signature) < 5:
        raise BadNote("a signature line is malformed")
    return found["name"], signature[:4], signature[4:]


def parts(note: str | bytes) -> tuple[str, list[str]]:
    """The text of a note and its signature lines, without their newlines; raises `BadNote`."""
    try:
        whole = note.decode() if isinstance(note, bytes) else note
    except UnicodeDecodeError:
        raise BadNote("a note is text in UTF-8") from None
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or len(whole) > LONGEST or any(ch < " " and ch != "\n" for ch in whole):
        raise BadNote("a note is a text, an empty line and lines of signatures")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise BadNote("there are too many signatures")
    return text + "\n", signatures


@dataclass(frozen=True)
class Head:
    """A tree head: what a checkpoint signs."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, text: str) -> Self:
        """From the text of a note; raises `BadNote`. Further lines are somebody's extensions and say nothing here."""
        origin, *rest = text.split("\n")
        if len(rest) < 3 or not origin or not _SIZE.fullmatch(rest[0]) or "" in rest[:-1]:
            raise BadNote("a checkpoint has an origin, a size and a root, a line each")
        root = _decoded(rest[1])
        if len(root) != 32:
            raise BadNote("a root has 32 bytes")
        return cls(origin, int(rest[0]), root)

    def text(self) -> str:
        """The text of its note."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    """Standard base64, in the only spelling it has."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("this is not base64") from None
    if _encoded(data) != text:
        raise BadNote("this is not base64 as it is written")
    return data
