"""How a request that must be carried out once is named; the API knows the request, the ledger keeps the name."""

from awards.ledger.beside import Idempotency

__all__ = ["Idempotency"]
