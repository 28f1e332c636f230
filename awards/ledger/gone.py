"""What goes beside the log with the keys of somebody."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from awards.ledger import affiliations, contacts
from awards.ledger.keys import PARTICIPANT, SUBJECT
from awards.ledger.recorders import Statement


def forget(id: str, classes: Collection[str]) -> Iterator[Statement]:
    """The statements that delete what lies beside the log about a subject or a participant of whom this is erased."""
    if not set(classes).isdisjoint(PARTICIPANT):
        yield "DELETE FROM participants WHERE participant = ?", [id]
        yield "DELETE FROM tokens WHERE participant = ?", [id]
    if not set(classes).isdisjoint(SUBJECT):
        yield from contacts.forget(id)
        yield from affiliations.forget(id)
        for table in ("accounts", "identities", "sessions", "tokens", "participants"):
            yield f"DELETE FROM {table} WHERE subject = ?", [id]  # noqa: S608  # our own names
