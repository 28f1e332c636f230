"""Sealed values: a digest in the event, the value encrypted beside the log (design of the log, item 7; RFC 9901).

The digest is the one RFC 9901, section 4.2.3, defines: base64url(SHA-256(disclosure)), where the disclosure is
base64url of the JSON array [salt, name, value]. The salt has 256 bits, so the digest commits to the value without
letting anybody guess it. Beside the log lies that JSON under AES-256-GCM, with the digest as associated data and the
key of those the value is about; once one of them is erased it can never be opened, while the log's bytes stay.
"""

from __future__ import annotations

import binascii
import enum
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from awards.domain.values import Sealed
from awards.ledger.beside import Query
from awards.ledger.canonical import canonical
from awards.ledger.keys import KeyStore

ROWS_PER_QUERY = 500

Row = Mapping[str, Any]
"""A row of the table `sealed`: digest, subjects (a JSON list of ids), class, nonce, ciphertext."""

Fetch = Callable[[Sequence[str]], Iterable[Row]]
"""Gives the rows of these digests, as far as they are there, in any order."""


class Erased(enum.Enum):
    """What stands for a value that nobody can open any more."""

    ERASED = "erased"


ERASED: Final = Erased.ERASED


class AboutErased(Exception):
    """A value cannot be sealed about somebody who is erased."""


class NotAsSealed(Exception):
    """A row beside the log is not what was sealed: changed, moved, or under another key."""


def seal(
    name: str, value: object, of: Iterable[str], cls: str, keys: KeyStore
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Seal a value about the ids in `of`: the reference for the event and the row for the table `sealed`."""
    ids = tuple(sorted(set(of)))
    cipher = keys.cipher(ids, cls)
    if cipher is None:
        raise AboutErased(f"{name!r} would be about somebody who is erased")
    drawn = os.urandom(32 + 12)
    nonce = drawn[32:]
    plain = canonical([_base64url(drawn[:32]), name, value])
    digest = digest_of(_base64url(plain))
    ciphertext = cipher.encrypt(nonce, plain, digest.encode())
    row = {"digest": digest, "subjects": _text(ids), "class": cls, "nonce": nonce, "ciphertext": ciphertext}
    return {"sd": digest, "of": list(ids), "class": cls}, row


def open_row(row: Row, keys: KeyStore) -> Any | Literal[Erased.ERASED]:
    """The value of one row; `ERASED` when the key of anybody it is about is gone."""
    cipher = keys.cipher(tuple(json.loads(row["subjects"])), row["class"])
    return _value(None if cipher is None else _plain(row, cipher))


def open_all(fetch: Fetch, references: Iterable[Sealed], keys: KeyStore) -> dict[str, Any | Literal[Erased.ERASED]]:
    """The values of many references by digest; `ERASED` when the key or the row is gone (which, the verifier tells)."""
    opened = _disclosed(fetch, references, keys)
    return {digest: _value(plain) for digest, plain in opened.items()}


def disclose_all(fetch: Fetch, references: Iterable[Sealed], keys: KeyStore) -> dict[str, str | None]:
    """The disclosures of many references by digest, as RFC 9901 writes them; None when the key or the row is gone."""
    opened = _disclosed(fetch, references, keys)
    return {digest: None if plain is None else _base64url(plain) for digest, plain in opened.items()}


def _disclosed(fetch: Fetch, references: Iterable[Sealed], keys: KeyStore) -> dict[str, bytes | None]:
    """The JSON of the disclosures by digest."""
    wanted = {reference["sd"]: (tuple(reference["of"]), reference["class"]) for reference in references}
    opened: dict[str, bytes | None] = dict.fromkeys(wanted)
    digests = list(wanted)
    for start in range(0, len(digests), ROWS_PER_QUERY):
        rows = list(fetch(digests[start : start + ROWS_PER_QUERY]))
        ciphers = keys.ciphers({wanted[row["digest"]] for row in rows})
        for row in rows:
            about = wanted[row["digest"]]
            if row["subjects"] != _text(about[0]) or row["class"] != about[1]:
                raise NotAsSealed(f"{row['digest']} is about others, or of another class, than its reference says")
            cipher = ciphers[about]
            if cipher is not None:
                opened[row["digest"]] = _plain(row, cipher)
    return opened


def from_table(query: Query) -> Fetch:
    """Fetch rows from the table `sealed`."""

    def fetch(digests: Sequence[str]) -> Iterable[Row]:
        marks = ",".join("?" * len(digests))
        return query(f"SELECT * FROM sealed WHERE digest IN ({marks})", digests)  # noqa: S608

    return fetch


def digest_of(disclosure: str) -> str:
    """RFC 9901, section 4.2.3: over the encoded text, not over what it decodes to."""
    return _base64url(hashlib.sha256(disclosure.encode("ascii")).digest())


def decode(disclosure: str) -> tuple[str, str, Any]:
    """Salt, name and value of a disclosure, however its JSON was spaced."""
    padded = disclosure + "=" * (-len(disclosure) % 4)
    salt, name, value = json.loads(binascii.a2b_base64(padded.translate(_FROM_URL_SAFE), strict_mode=True))
    return salt, name, value


def _plain(row: Row, cipher: AESGCM) -> bytes:
    digest = row["digest"]
    try:
        plain = cipher.decrypt(row["nonce"], row["ciphertext"], digest.encode())
    except InvalidTag:
        raise NotAsSealed(f"{digest} does not open with the key of those it is about") from None
    if digest_of(_base64url(plain)) != digest:
        raise NotAsSealed(f"{digest} is not the digest of what its row holds")
    return plain


def _value(plain: bytes | None) -> Any | Literal[Erased.ERASED]:
    return ERASED if plain is None else json.loads(plain.decode())[2]


@lru_cache(maxsize=8192)
def _text(ids: tuple[str, ...]) -> str:
    return canonical(list(ids)).decode()


_TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_FROM_URL_SAFE = str.maketrans("-_", "+/")


def _base64url(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL_SAFE, b"=").decode("ascii")
