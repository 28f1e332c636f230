"""Who belongs to which organisation: beside the log, and never in it, because it is about a person whatever she does.

An organisation is a subject. Its name is sealed under a key of its own and found again by an HMAC, so that the rows
tell nobody which it is. Two people of one organisation, one judging and one put forward, are a possible conflict of
interest, which is proposed to whoever runs the edition and never decided here.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from awards.ledger.beside import Query
from awards.ledger.keys import SUBJECT, KeyStore
from awards.ledger.recorders import Statement
from awards.ledger.sealed import ERASED, open_row, seal

TABLES = [
    """CREATE TABLE IF NOT EXISTS organisations (
        subject TEXT PRIMARY KEY, name_key TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, nonce BLOB NOT NULL,
        ciphertext BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS affiliations (
        subject TEXT NOT NULL, organisation TEXT NOT NULL, PRIMARY KEY (subject, organisation))""",
    "CREATE INDEX IF NOT EXISTS affiliations_organisation ON affiliations (organisation)",
]

_ADD = (
    "INSERT INTO organisations (subject, name_key, digest, nonce, ciphertext) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (name_key) DO NOTHING"
)
_LEAVE = "DELETE FROM affiliations WHERE subject = ?"
_JOIN = (
    "INSERT INTO affiliations (subject, organisation) SELECT ?, subject FROM organisations WHERE name_key = ? "
    "ON CONFLICT DO NOTHING"
)
_ORGANISATION = (
    "SELECT o.subject, o.digest, o.nonce, o.ciphertext FROM organisations o "
    "JOIN affiliations a ON a.organisation = o.subject WHERE a.subject = ? ORDER BY o.subject"
)
_IN_EDITION = (
    "SELECT p.participant, o.subject, o.digest, o.nonce, o.ciphertext FROM participants p "
    "JOIN affiliations a ON a.subject = p.subject JOIN organisations o ON o.subject = a.organisation "
    "WHERE p.edition = ? ORDER BY o.subject, p.participant"
)


def state(subject: str, names: Iterable[str], query: Query, keys: KeyStore) -> list[Statement]:
    """The statements that make these the organisations of a subject, instead of whatever they were."""
    by_key = dict(sorted((name_key(name, keys), name) for name in names))  # in one order, so that writers do not lock
    marks = ",".join("?" * len(by_key))
    known: set[str] = set()
    if by_key:
        sql = f"SELECT name_key FROM organisations WHERE name_key IN ({marks})"  # noqa: S608
        known = {row["name_key"] for row in query(sql, list(by_key))}
    new = [_new(key, name, keys) for key, name in by_key.items() if key not in known]
    return [*new, (_LEAVE, [subject]), *((_JOIN, [subject, key]) for key in by_key)]


def _new(key: str, name: str, keys: KeyStore) -> Statement:
    organisation = keys.mint(SUBJECT)
    _, row = seal("name", " ".join(name.split()), [organisation], "account", keys)
    return _ADD, [organisation, key, row["digest"], row["nonce"], row["ciphertext"]]


def name_key(name: str, keys: KeyStore) -> str:
    """What finds an organisation by its name, however it is cased, spaced or composed."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return hmac.new(keys.secret("organisations"), plain.encode(), hashlib.sha256).hexdigest()


def organisations_of(query: Query, subject: str, keys: KeyStore) -> list[str]:
    """The names of a subject's organisations, sorted."""
    return sorted(_names(query(_ORGANISATION, [subject]), keys).values())


def in_edition(query: Query, edition: str, keys: KeyStore) -> tuple[dict[str, set[str]], Callable[[str], str]]:
    """The organisations of each participant of an edition, by id, and what gives the name of one."""
    rows = query(_IN_EDITION, [edition])
    members: dict[str, set[str]] = {}
    for row in rows:
        members.setdefault(row["participant"], set()).add(row["subject"])
    return members, _names(rows, keys).__getitem__


def forget(subject: str) -> Sequence[Statement]:
    """The statements that remove everything here about a subject, be it a person or an organisation."""
    return (
        ("DELETE FROM affiliations WHERE subject = ? OR organisation = ?", [subject, subject]),
        ("DELETE FROM organisations WHERE subject = ?", [subject]),
    )


def _names(rows: Iterable[Mapping[str, Any]], keys: KeyStore) -> dict[str, str]:
    return {organisation: _name(row, keys) for organisation, row in {row["subject"]: row for row in rows}.items()}


def _name(row: Mapping[str, Any], keys: KeyStore) -> str:
    sealed = {**row, "subjects": f'["{row["subject"]}"]', "class": "account"}
    name = open_row(sealed, keys)
    return "erased" if name is ERASED else str(name)
