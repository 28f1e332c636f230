"""How to reach people by mail: address, language and choices, beside the log, by subject.

The address is a sealed value of the class `account`: it lies encrypted in the table `sealed`, here is only its digest,
and it goes with the person's account key. No event refers to it, so it is replaced and deleted as it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from awards.ledger.beside import Query
from awards.ledger.keys import KeyStore
from awards.ledger.recorders import Statement
from awards.ledger.sealed import ERASED, from_table, open_all, seal

CHOICES = ("role", "assignment", "reminder", "receipt", "results")
"""The kinds of mail a person chooses among; an invitation is none of them, for without it nobody comes in."""

LANGUAGES = ("en", "fr")
"""What mail is written in; the first is for those of whom nothing is known."""

SEALED = ("digest", "subjects", "class", "nonce", "ciphertext")

_PUT = (
    "INSERT INTO contacts (subject, email, language) VALUES (?, ?, ?) ON CONFLICT (subject) DO UPDATE"
    " SET email = excluded.email, language = coalesce(excluded.language, contacts.language)"
)
_CHOOSE = (
    "INSERT INTO contacts (subject, language, wants) VALUES (?, ?, ?) ON CONFLICT (subject) DO UPDATE"
    " SET language = excluded.language, wants = excluded.wants"
)

# Who could not be invited for want of an address is, now that there is one.
_INVITE = (
    "UPDATE outbox SET state = 'waiting', next_try = due WHERE recipient = ? AND kind = 'role' AND state = 'dropped'"
    " AND why = 'no_address'"
)


class Tables(Protocol):
    """What is asked of the ledger here."""

    def rows(self, sql: str, params: Sequence[Any] = ()) -> Sequence[Mapping[str, Any]]: ...

    def write(self, *statements: Statement) -> int: ...


@dataclass(frozen=True)
class Contact:
    """Where and how somebody is written to; without an address not at all."""

    subject: str
    email: str | None = field(repr=False)
    language: str
    wants: tuple[str, ...]


def new_contact(subject: str, email: Mapping[str, Any], language: str | None = None) -> dict[str, Any]:
    """The row of somebody who has none, to be recorded with the event that names the person.

    `email`: the reference of the address, from `work.seal("email", address, [subject], "account")`.
    """
    return {"subject": subject, "email": email["sd"], "language": language, "wants": None}


def put_contact(ledger: Tables, keys: KeyStore, subject: str, email: str, language: str | None = None) -> None:
    """Keep an address, in place of the one there was; without a language the one chosen before stays."""
    reference, row = seal("email", email, [subject], "account", keys)
    earlier = [each["email"] for each in ledger.rows("SELECT email FROM contacts WHERE subject = ?", [subject])]
    ledger.write(
        (f"INSERT INTO sealed ({', '.join(SEALED)}) VALUES (?, ?, ?, ?, ?)", [row[name] for name in SEALED]),  # noqa: S608
        (_PUT, [subject, reference["sd"], language]),
        *(("DELETE FROM sealed WHERE digest = ?", [digest]) for digest in earlier),
        (_INVITE, [subject]),
    )


def contact_of(query: Query, keys: KeyStore, subject: str) -> Contact | None:
    """How to reach a subject; None when nothing is known. An address whose key is gone is none."""
    rows = query("SELECT email, language, wants FROM contacts WHERE subject = ?", [subject])
    if not rows:
        return None
    email = None
    if digest := rows[0]["email"]:
        opened = open_all(from_table(query), [{"sd": digest, "of": [subject], "class": "account"}], keys)[digest]
        email = None if opened is ERASED else str(opened)
    chosen = rows[0]["wants"]
    wants = CHOICES if chosen is None else tuple(kind for kind in CHOICES if kind in chosen.split())
    language = rows[0]["language"]
    return Contact(subject, email, language if language in LANGUAGES else LANGUAGES[0], wants)


def choose(subject: str, wants: Iterable[str], language: str) -> Statement:
    """The statement that keeps what somebody wants to get, and in which language."""
    return _CHOOSE, [subject, language, " ".join(sorted(set(wants)))]


def forget(subject: str) -> tuple[Statement, ...]:
    """The statements that delete the address, the choices, and all mail of a subject, sent or not."""
    return (
        ("DELETE FROM sealed WHERE digest IN (SELECT email FROM contacts WHERE subject = ?)", [subject]),
        ("DELETE FROM contacts WHERE subject = ?", [subject]),
        ("DELETE FROM outbox WHERE recipient = ?", [subject]),
    )
