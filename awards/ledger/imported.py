"""What was imported: beside the log, under which reference of its file a line was recorded, and in which stream.

References of files are other people's ids, which never enter the log, and may be names in disguise. So the table holds
HMACs under a secret of the key store: of the reference, and of what the line said. A row is written in the transaction
of the line's events, so that a line is recorded with its row or not at all.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from awards.ledger.beside import Query
from awards.ledger.canonical import canonical

TABLES = (
    """CREATE TABLE IF NOT EXISTS imported (
        edition TEXT NOT NULL, reference TEXT NOT NULL, line TEXT NOT NULL, stream TEXT NOT NULL,
        PRIMARY KEY (edition, reference))""",
    "CREATE INDEX IF NOT EXISTS imported_stream ON imported (stream)",
)

ROWS_PER_QUERY = 500


@dataclass(frozen=True, slots=True)
class Marks:
    """Writes the marks of an edition's lines; `secret` is shared by every process."""

    secret: bytes
    edition: str

    def reference(self, *names: str) -> str:
        """The mark of a reference within the edition."""
        return self._hmac(b"reference", [self.edition, *names])

    def line(self, facts: Mapping[str, Any]) -> str:
        """The mark of all that a line says."""
        return self._hmac(b"line", facts)

    def _hmac(self, purpose: bytes, value: Any) -> str:
        return hmac.new(self.secret, purpose + b"\n" + canonical(value), hashlib.sha256).hexdigest()


def find(query: Query, edition: str, references: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """The rows of these references, as far as there are any: reference -> {line, stream}."""
    wanted = list(references)
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(wanted), ROWS_PER_QUERY):
        some = wanted[start : start + ROWS_PER_QUERY]
        marks = ",".join("?" * len(some))
        sql = f"SELECT reference, line, stream FROM imported WHERE edition = ? AND reference IN ({marks})"  # noqa: S608
        found |= {row["reference"]: row for row in query(sql, [edition, *some])}
    return found
