"""Bearer tokens, links and one-time codes: what each stands for, under the hash of its text, beside the log.

The text is shown once and kept nowhere. It has a prefix and a checksum, so that a leaked one can be searched for and a
mistyped one told without a look-up. A one-time code is an `invitation`; it is spent by a row in `spent`, whose primary
key lets exactly one of several racing redemptions (or a revocation) be recorded.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
import zlib
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from awards.domain.values import instant
from awards.ledger.beside import Query
from awards.ledger.recorders import Statement

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN = re.compile("awd_([0-9A-Za-z]{43})([0-9A-Za-z]{6})")

TOKEN_LIFE, LONGEST_TOKEN_LIFE = timedelta(days=90), timedelta(days=366)
CODE_LIFE = timedelta(days=14)

TABLES = (
    """CREATE TABLE IF NOT EXISTS tokens (
        hash TEXT PRIMARY KEY, subject TEXT, kind TEXT NOT NULL, role TEXT, award TEXT, edition TEXT,
        nomination TEXT, participant TEXT, label TEXT, expires TEXT, revoked TEXT, id TEXT, issued TEXT, reach TEXT)""",
    "CREATE INDEX IF NOT EXISTS tokens_subject ON tokens (subject)",
    "CREATE TABLE IF NOT EXISTS spent (hash TEXT PRIMARY KEY, time TEXT NOT NULL)",
)
LATER_COLUMNS = (("id", "TEXT"), ("issued", "TEXT"), ("reach", "TEXT"))
"""Of `tokens`, not there in version 1 of the tables."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """What a token stands for. `kind`: subject, link, or invitation (a one-time code). Times as in the log."""

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
    id: str | None = field(default_factory=lambda: str(uuid.uuid4()))
    issued: str | None = None
    reach: str | None = None
    """Of a one-time code: the award (`*`: all) that whoever issued it reached; None for its edition only."""

    def row(self) -> dict[str, Any]:
        """The row for the table `tokens`."""
        return asdict(self)

    def lives(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked is None and (self.expires is None or self.expires > instant(now))


def new_token() -> tuple[str, str]:
    """A token of 256 random bits, and its hash; with so many bits a slow one would add nothing."""
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
    """What a bearer token stands for; None when it is mistyped, unknown, revoked, expired, or a one-time code."""
    token = find_any(query, plain)
    return token if token and token.kind != "invitation" and token.lives(now) else None


def find_code(query: Query, plain: str, now: datetime) -> Token | None:
    """What a one-time code stands for; None when it is mistyped, unknown, spent or expired."""
    code = find_any(query, plain)
    if code is None or code.kind != "invitation" or not code.lives(now):
        return None
    return None if is_spent(query, code) else code


def is_spent(query: Query, code: Token) -> bool:
    """Whether a one-time code was redeemed or taken back."""
    return bool(query("SELECT hash FROM spent WHERE hash = ?", [code.hash]))


def token_by_id(query: Query, id: str) -> Token | None:
    """The row of this id, in whatever state; of text that no database would take, none."""
    rows = query("SELECT * FROM tokens WHERE id = ?", [id]) if id.isascii() and id.isprintable() else []
    return Token(**rows[0]) if rows else None


def tokens_of(query: Query, subject: str, now: datetime) -> list[Token]:
    """The bearer tokens of a subject that can be used, oldest first."""
    rows = query("SELECT * FROM tokens WHERE subject = ? AND kind <> 'invitation' ORDER BY issued, hash", [subject])
    return [token for token in (Token(**row) for row in rows) if token.lives(now)]


def redeemed_by(query: Query, subject: str) -> list[Token]:
    """The one-time codes for nominations that a subject has spent: what she may go on doing there."""
    rows = query(
        "SELECT tokens.* FROM tokens JOIN spent ON spent.hash = tokens.hash WHERE subject = ? AND kind = 'invitation'"
        " AND nomination IS NOT NULL AND revoked IS NULL ORDER BY issued, tokens.hash",
        [subject],
    )
    return [Token(**row) for row in rows]


def spent_row(code: Token, now: datetime) -> dict[str, Any]:
    """The row for the table `spent`; recording it a second time is a `Duplicate`."""
    return {"hash": code.hash, "time": instant(now)}


def ended(token: Token, at: datetime) -> list[Statement]:
    """The statements that end a token; a one-time code is spent, too, so that it is either redeemed or taken back."""
    end: Statement = ("UPDATE tokens SET revoked = ? WHERE hash = ?", [instant(at), token.hash])
    if token.kind != "invitation":
        return [end]
    return [("INSERT INTO spent (hash, time) VALUES (?, ?)", list(spent_row(token, at).values())), end]


def link_ended(code: Token, at: datetime) -> Statement:
    """The statement that ends what a redeemed code for a nomination gave: its links, and the right to another."""
    return (
        "UPDATE tokens SET revoked = ? WHERE nomination = ? AND subject = ? AND role = ? AND revoked IS NULL",
        [instant(at), code.nomination, code.subject, code.role],
    )


def ends_with_its_code(link: Token, code: Token) -> Statement:
    """The statement that ends a new link at once, if the code it is issued by was taken back meanwhile."""
    taken_back = "SELECT code.revoked FROM tokens AS code WHERE code.hash = ?"
    return f"UPDATE tokens SET revoked = ({taken_back}) WHERE hash = ?", [code.hash, link.hash]  # noqa: S608


def find_any(query: Query, plain: str) -> Token | None:
    """The row of a token or a code, in whatever state; None when it is mistyped or unknown."""
    if not is_token(plain):
        return None
    rows = query("SELECT * FROM tokens WHERE hash = ?", [hash_token(plain)])
    return Token(**rows[0]) if rows else None


def _checksum(secret: str) -> str:
    return _base62(zlib.crc32(secret.encode()), 6)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
