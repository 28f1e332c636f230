"""Tables beside the log that hold people and access: tokens, the map of participants, idempotency records.

They change and go with the person; the log does not. Reading goes through a `Query`, new rows go with the event that
needs them (`Alongside.rows`) in its transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from awards.domain.values import instant

Query = Callable[[str, Sequence[Any]], Sequence[Mapping[str, Any]]]
"""Runs a SELECT with `?` placeholders and gives rows by column name."""

IDEMPOTENCY_KEPT = timedelta(hours=24)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN = re.compile("awd_([0-9A-Za-z]{43})([0-9A-Za-z]{6})")


# --- tokens


@dataclass(frozen=True, kw_only=True)
class Token:
    """What a bearer token stands for; the token itself is shown once and never kept. Times as in the log."""

    hash: str
    subject: str
    kind: str
    role: str | None = None
    award: str | None = None
    edition: str | None = None
    nomination: str | None = None
    participant: str | None = None
    label: str | None = None
    expires: str | None = None
    revoked: str | None = None

    def row(self) -> dict[str, Any]:
        """The row for the table `tokens`."""
        return asdict(self)


def new_token() -> tuple[str, str]:
    """A bearer token of 256 random bits, and its hash; with so many bits a slow one would add nothing."""
    secret = _base62(secrets.randbits(256), 43)
    plain = f"awd_{secret}{_checksum(secret)}"
    return plain, hash_token(plain)


def hash_token(plain: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(plain.encode()).hexdigest()


def is_token(plain: str) -> bool:
    """Whether the text has the form of a token, checksum included: tells a typing mistake without a look-up."""
    match = TOKEN.fullmatch(plain)
    return match is not None and _checksum(match[1]) == match[2]


def find_token(query: Query, plain: str, now: datetime) -> Token | None:
    """What a token stands for; None when it is mistyped, unknown, revoked or expired."""
    if not is_token(plain):
        return None
    rows = query("SELECT * FROM tokens WHERE hash = ?", [hash_token(plain)])
    if not rows:
        return None
    token = Token(**rows[0])
    expired = token.expires is not None and token.expires <= instant(now)
    return None if expired or token.revoked is not None else token


def _checksum(secret: str) -> str:
    return _base62(zlib.crc32(secret.encode()), 6)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


# --- participants: a subject within one edition, under a random id (design of the log, item 8)


def participant_of(query: Query, edition: str, subject: str) -> str | None:
    """The id under which a subject takes part in an edition."""
    rows = query("SELECT participant FROM participants WHERE edition = ? AND subject = ?", [edition, subject])
    return rows[0]["participant"] if rows else None


def subject_of(query: Query, participant: str) -> str | None:
    """The subject behind a participant id; None when it is unknown or erased."""
    rows = query("SELECT subject FROM participants WHERE participant = ?", [participant])
    return rows[0]["subject"] if rows else None


# --- idempotency: a repeated POST is answered from the first one's row


@dataclass(frozen=True)
class Idempotency:
    """Names a request without telling it: HMACs under a secret of the key store, so the rows give away neither."""

    secret: bytes

    def key(self, actor: str, route: str, client_key: str) -> str:
        """The primary key of a request: the same client key of another actor or on another route is another."""
        return self._hmac(b"key", json.dumps([actor, route, client_key]).encode())

    def body(self, body: bytes) -> str:
        """Tells a repetition from another request under the same key."""
        return self._hmac(b"body", body)

    def _hmac(self, purpose: bytes, message: bytes) -> str:
        return hmac.new(self.secret, purpose + b"\n" + message, hashlib.sha256).hexdigest()


def find_answer(query: Query, key: str, now: datetime) -> Mapping[str, Any] | None:
    """The record of an earlier request under this key: body, status, resource, time; None after 24 hours."""
    rows = query(
        "SELECT key, body, status, resource, time FROM idempotency WHERE key = ? AND time > ?",
        [key, instant(now - IDEMPOTENCY_KEPT)],
    )
    return rows[0] if rows else None


def forget_answers(now: datetime) -> tuple[str, list[str]]:
    """The statement that deletes the records older than 24 hours, whose keys may then be used again."""
    return "DELETE FROM idempotency WHERE time <= ?", [instant(now - IDEMPOTENCY_KEPT)]
