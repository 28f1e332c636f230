"""What every command asks of the publisher: in turn with others who publish, and for receipts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from awards.domain import refusals as no
from awards.ledger.heads import StoreBusy
from awards.ledger.publisher import Publisher
from awards.ledger.receipts import Receipt


@contextmanager
def in_turn() -> Iterator[None]:
    """Refuse as busy what another publisher has kept waiting for too long."""
    try:
        yield
    except StoreBusy:
        raise no.Busy from None


def receipt_of(publisher: Publisher, index: int, told: bytes) -> str:
    """The receipt of an event; `told`: its line, or the hash of it where the line tells too much."""
    with in_turn():
        signed, path = publisher.proof(index)
    return Receipt(index, path, signed.note, told).text()
