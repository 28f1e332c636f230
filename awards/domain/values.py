"""Small values: ids, times and the act that every event is stamped with."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

Sealed = Mapping[str, Any]
"""A reference to a sealed value: {"sd": digest, "of": [ids], "class": class} (design of the log, item 7)."""

NAMESPACE = UUID("6f1d9a52-2b0e-4c39-9c55-6a1f0c7a1e77")
"""Root of the derived ids (RFC 9562 version 5); fixed for ever, since histories rest on it."""


@lru_cache(maxsize=16_384)
def derived_id(*names: str) -> UUID:
    """The id of what may exist once: UUIDv5 over the names, so that two racing commands meet in one stream."""
    return uuid.uuid5(NAMESPACE, "/".join(names))


def instant(moment: datetime) -> str:
    """A moment as the log writes it: UTC, `YYYY-MM-DDTHH:MM:SS.ffffffZ`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The aware UTC datetime of a time in the log."""
    return datetime.fromisoformat(text)


def mint_nonce() -> str:
    """128 random bits in hexadecimal: makes a leaf hash a commitment that nobody can guess."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, when, and in answer to what: stamped on every event it leads to."""

    actor: Mapping[str, str]
    at: datetime
    correlation: str
    causation: str | None = None
    nonce: Callable[[], str] = mint_nonce

    @property
    def by(self) -> str:
        """The id of who acts: a participant within an edition, a subject elsewhere."""
        return self.actor.get("id", self.actor["kind"])

    def stamp(self) -> dict[str, Any]:
        """The fields every event carries."""
        return {
            "timestamp": self.at,
            "actor": dict(self.actor),
            "correlation": self.correlation,
            "causation": self.causation,
            "nonce": self.nonce(),
        }
