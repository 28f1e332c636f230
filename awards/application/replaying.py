"""Replaying the log: what `awards replay` does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from awards.ledger.ledger import Ledger


def replay(ledger: Ledger) -> tuple[int, str, int]:
    """Check every event against its leaf and run every stream through its aggregate; gives size, root and streams."""
    size, root = ledger.check()
    states: dict[UUID, Any] = {}
    position = 0
    while batch := ledger.notifications(position):
        for stored in batch:
            event: Any = ledger.mapper.to_domain_event(stored)
            states[event.originator_id] = event.mutate(states.get(event.originator_id))
        position = batch[-1].id
    return size, root, len(states)
