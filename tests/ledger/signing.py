"""What tests of publishing use: a publisher beside a database, and a whole check of what it published."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from awards.ledger.heads import HeadStore
from awards.ledger.ledger import Ledger
from awards.ledger.log_keys import LogKeys
from awards.ledger.notes import Head, Verifier, open_note
from awards.ledger.publisher import Publisher, Signed
from awards.ledger.tiles import WIDTH, width_at
from awards.ledger.tree import consistency, leaf_hash, root, verify_consistency
from tests.ledger.parcel import sent


def publisher_of(ledger: Ledger, folder: Path) -> Publisher:
    """A publisher with its store and its key in a folder."""
    return Publisher(ledger, HeadStore(folder / "log"), LogKeys(folder / "log.key", ledger.origin))


def add(ledger: Ledger, events: int) -> None:
    """Record so many events, few at a time."""
    while events > 0:
        now = min(events, 50)
        ledger.append([sent() for _ in range(now)])
        events -= now


def opened(publisher: Publisher, signed: Signed) -> Head:
    """The head of a checkpoint, having checked its signature."""
    text, _ = open_note(signed.note, list(map(Verifier.read, publisher.vkeys())))
    assert Head.read(text) == signed.head
    return signed.head


def assert_whole(publisher: Publisher, ledger: Ledger) -> None:
    """The last checkpoint and all its tiles are those of the lines of the log, worked out from nothing else."""
    signed = publisher.last()
    assert signed is not None
    head = opened(publisher, signed)
    leaves = [leaf_hash(line) for line in ledger.lines(0, head.size)]
    assert head == Head(ledger.origin, len(leaves), root(leaves))
    level, expected = 0, leaves
    while expected:
        for tile in range(-(-len(expected) // WIDTH)):
            width = width_at(level, tile, head.size)
            assert publisher.tile(level, tile, width) == expected[tile * WIDTH : (tile + 1) * WIDTH]
        full = len(expected) // WIDTH
        level, expected = level + 1, [root(expected[tile * WIDTH : (tile + 1) * WIDTH]) for tile in range(full)]


def assert_each_begins_the_next(publisher: Publisher, heads: list[Head]) -> None:
    """Every head is a beginning of every later one, by a proof from the tiles."""
    nodes = publisher.nodes(max(head.size for head in heads))
    for old, new in pairwise(sorted(set(heads), key=lambda head: head.size)):
        path = consistency(old.size, new.size, nodes)
        verify_consistency(old.size, new.size, old.root, new.root, path)
