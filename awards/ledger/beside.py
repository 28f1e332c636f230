"""Tables beside the log: the map of participants, idempotency records; tokens and accounts have files of their own.

They change and go with the person; the log does not. Reading goes through a `Query`, new rows go with the event that
needs them (`Alongside.rows`) in its transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from awards.domain.values import instant

Query = Callable[[str, Sequence[Any]], Sequence[Mapping[str, Any]]]
"""Runs a SELECT with `?` placeholders and gives rows by column name."""

IDEMPOTENCY_KEPT = timedelta(hours=24)

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
