"""Accounts, sessions and identities: how people sign in, beside the log (design of the log, item 9: they are erased).

A login is found by an HMAC of its casefolded form under a secret of the key store, so the table gives no login away;
the login itself is a sealed value of class `account`. A password is kept as an argon2id hash (RFC 9106), a session as
the SHA-256 of its random id.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from awards.domain.values import instant
from awards.ledger.beside import Query

SESSION_LIFE, SESSION_IDLE = timedelta(hours=12), timedelta(hours=1)
TOUCHED = timedelta(minutes=1)
"""How exactly the last use of a session is known: a write a minute at most."""

TABLES = (
    """CREATE TABLE IF NOT EXISTS accounts (
        subject TEXT PRIMARY KEY, login_key TEXT UNIQUE, password TEXT, login TEXT, created TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS identities (
        issuer TEXT NOT NULL, sub TEXT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (issuer, sub))""",
    "CREATE INDEX IF NOT EXISTS identities_subject ON identities (subject)",
    """CREATE TABLE IF NOT EXISTS sessions (
        hash TEXT PRIMARY KEY, subject TEXT NOT NULL, created TEXT NOT NULL, used TEXT NOT NULL,
        expires TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS sessions_subject ON sessions (subject)",
)

Statement = tuple[str, list[Any]]


@dataclass(frozen=True)
class AccountRow:
    """A row of the table `accounts`; `login`: the reference of a sealed value."""

    subject: str
    login_key: str | None
    password: str | None
    login: Mapping[str, Any] | None
    created: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> AccountRow:
        """From a row as the database gives it."""
        login = json.loads(row["login"]) if row["login"] else None
        return cls(row["subject"], row["login_key"], row["password"], login, row["created"])

    def row(self) -> dict[str, Any]:
        """The row for the table."""
        return {**vars(self), "login": _text(self.login)}


def same_login(login: str) -> str:
    """What two spellings of one login have in common."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login).casefold())


def login_key(secret: bytes, login: str) -> str:
    """What a login is found by."""
    return hmac.new(secret, b"login\n" + same_login(login).encode(), hashlib.sha256).hexdigest()


def account_of(query: Query, subject: str) -> AccountRow | None:
    """The account of a subject."""
    rows = query("SELECT * FROM accounts WHERE subject = ?", [subject])
    return AccountRow.of(rows[0]) if rows else None


def account_by_login(query: Query, key: str) -> AccountRow | None:
    """The account of a login, by its key."""
    rows = query("SELECT * FROM accounts WHERE login_key = ?", [key])
    return AccountRow.of(rows[0]) if rows else None


def put_account(account: AccountRow) -> Statement:
    """Make or replace the account of a subject."""
    return (
        "INSERT INTO accounts (subject, login_key, password, login, created) VALUES (?, ?, ?, ?, ?) ON CONFLICT"
        " (subject) DO UPDATE SET login_key = excluded.login_key, password = excluded.password, login = excluded.login",
        list(account.row().values()),
    )


def set_password(subject: str, old: str, new: str) -> Statement:
    """Replace a password hash if it is still the old one; with old = new, hold the account until the commit."""
    return "UPDATE accounts SET password = ? WHERE subject = ? AND password = ?", [new, subject, old]


# --- sessions


def new_session() -> tuple[str, str]:
    """A session's id of 256 random bits, and its hash."""
    plain = secrets.token_urlsafe(32)
    return plain, hash_session(plain)


def hash_session(plain: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(plain.encode()).hexdigest()


def session_row(hashed: str, subject: str, now: datetime) -> dict[str, Any]:
    """The row for the table `sessions`."""
    moment = instant(now)
    return {"hash": hashed, "subject": subject, "created": moment, "used": moment, "expires": _end(now)}


def session_under(hashed: str, subject: str, password: str, now: datetime) -> Statement:
    """Begin a session if the password is still this one."""
    return (
        "INSERT INTO sessions (hash, subject, created, used, expires)"
        " SELECT ?, subject, ?, ?, ? FROM accounts WHERE subject = ? AND password = ?",
        [hashed, instant(now), instant(now), _end(now), subject, password],
    )


def find_session(query: Query, hashed: str, now: datetime) -> Mapping[str, Any] | None:
    """The session, unless its life or its idle time is over."""
    rows = query(
        "SELECT * FROM sessions WHERE hash = ? AND expires > ? AND used > ?",
        [hashed, instant(now), instant(now - SESSION_IDLE)],
    )
    return rows[0] if rows else None


def touch(hashed: str, now: datetime) -> Statement:
    """Note that the session is used."""
    return "UPDATE sessions SET used = ? WHERE hash = ? AND used < ?", [instant(now), hashed, instant(now)]


def is_stale(session: Mapping[str, Any], now: datetime) -> bool:
    """Whether the last use that is noted is long enough ago to note another."""
    return bool(session["used"] <= instant(now - TOUCHED))


def end_session(hashed: str) -> Statement:
    """End one session."""
    return "DELETE FROM sessions WHERE hash = ?", [hashed]


def end_sessions(subject: str) -> Statement:
    """End every session of a subject."""
    return "DELETE FROM sessions WHERE subject = ?", [subject]


def end_sessions_unless(subject: str, password: str, hashed: str) -> Statement:
    """End every other session of a subject whose password is this one, which means that it has just been set."""
    return (
        "DELETE FROM sessions WHERE subject = ? AND hash <> ?"
        " AND EXISTS (SELECT 1 FROM accounts WHERE accounts.subject = sessions.subject AND password = ?)",
        [subject, hashed, password],
    )


def drop_sealed(login: Mapping[str, Any]) -> Statement:
    """Delete the sealed login that another one replaced."""
    return "DELETE FROM sealed WHERE digest = ?", [login["sd"]]


def forget_sessions(now: datetime) -> Statement:
    """Drop the sessions that are over."""
    return "DELETE FROM sessions WHERE expires <= ? OR used <= ?", [instant(now), instant(now - SESSION_IDLE)]


# --- identities: who somebody is at an OpenID provider


def subject_by_identity(query: Query, issuer: str, sub: str) -> str | None:
    """The subject an identity was attached to."""
    rows = query("SELECT subject FROM identities WHERE issuer = ? AND sub = ?", [issuer, sub])
    return rows[0]["subject"] if rows else None


def identities_of(query: Query, subject: str) -> list[Mapping[str, Any]]:
    """The identities of a subject: issuer and sub."""
    return list(query("SELECT issuer, sub FROM identities WHERE subject = ? ORDER BY issuer, sub", [subject]))


def _end(now: datetime) -> str:
    return instant(now + SESSION_LIFE)


def _text(reference: Mapping[str, Any] | None) -> str | None:
    return None if reference is None else json.dumps(reference, sort_keys=True, separators=(",", ":"))
