"""The log for outsiders: `/log/…` as C2SP `tlog-tiles` lays it out, and receipts (`tlog-proof`).

What has an address in a tree of hashes never changes, so it may be kept for ever; the checkpoint changes with every
event, so it is kept for a second.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, NamedTuple

from awards.api.answers import Rendered, Reply
from awards.api.op import NOTHING, Operations
from awards.application.application import Application
from awards.application.desk import Arrival

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
INDEX = "(?:0|[1-9][0-9]{0,14})"
LEVEL = "(?:[0-9]|[1-5][0-9]|6[0-3])"
TILE = r"(?:x[0-9]{3}/){0,4}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
FOR_A_MOMENT = {"Cache-Control": "public, max-age=1"}

log = Operations("Log", "What outsiders check: the signed checkpoint, and the hashes below it.", prefix="/log")
receipts = Operations("Receipts", "A proof that what was done is in the log.")


class Tile(NamedTuple):
    """Which hashes an address names: the number of a tile, and how many of its 256."""

    number: int
    width: int


@log.get("/checkpoint", out=NOTHING, public=True, produces=(TEXT,), errors=("log_not_published",))
def get_checkpoint(app: Application, arrival: Arrival) -> Any:
    """Read the signed checkpoint over everything recorded (C2SP tlog-checkpoint), with what cosignatures there are."""
    return Reply(_rendered(app.log.checkpoint(), TEXT), FOR_A_MOMENT)


@log.get("/vkey", out=NOTHING, public=True, produces=(TEXT,), errors=("log_not_published",))
def get_vkey(app: Application, arrival: Arrival) -> Any:
    """Read the key that checks the checkpoints; two, a line each, while one follows the other.

    Compare it with what you were told elsewhere: who could forge a checkpoint could forge this.
    """
    return Reply(_rendered("".join(f"{vkey}\n" for vkey in app.log.vkeys()).encode(), TEXT), FOR_A_MOMENT)


@log.get("/tile/<level:level>/<tile:tile>", out=NOTHING, public=True, produces=(BYTES,), errors=("log_not_published",))
def get_tile(app: Application, arrival: Arrival, level: int, tile: Tile) -> Any:
    """Read up to 256 hashes of the tree that the last checkpoint covers (C2SP tlog-tiles)."""
    return Reply(_rendered(b"".join(app.log.tile(level, tile.number, tile.width)), BYTES), FOR_EVER)


@log.get(
    "/tile/entries/<tile:tile>",
    out=NOTHING,
    permission="log.read",
    produces=(BYTES,),
    errors=("log_not_published",),
)
def get_entries(app: Application, arrival: Arrival, tile: Tile) -> Any:
    """Read the lines below up to 256 hashes, each after its length in two bytes."""
    lines = app.log.lines(arrival, tile.number, tile.width)
    return _rendered(b"".join(len(line).to_bytes(2, "big") + line for line in lines), BYTES)


@receipts.get(
    "/receipts/<index:index>",
    out=NOTHING,
    permission=("receipt.read", "log.read"),
    produces=(TEXT,),
    errors=("log_not_published",),
)
def get_receipt(app: Application, arrival: Arrival, index: int) -> Any:
    """Get the receipt of something you did, by its index in the log, as the `Link` of the answer to it says.

    A C2SP tlog-proof, to be kept: it holds against every later checkpoint. Its `extra` is the line of the log, or the
    SHA-256 leaf hash of it.
    """
    return _rendered(app.log.receipt(arrival, index).encode(), TEXT)


def _rendered(data: bytes, content_type: str) -> Rendered:
    return Rendered(data, sha256(data).hexdigest()[:32], content_type)
