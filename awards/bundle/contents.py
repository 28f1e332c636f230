"""What goes into a bundle, file by file (docs/bundle.md).

Memory grows with the streams of the edition, for its report, and by a name and a hash for every 256 events of the log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from awards.bundle.bag import Bag
from awards.bundle.lines import Asked, Lines, Source
from awards.bundle.report import written
from awards.bundle.scope import Standing
from awards.bundle.story import Story
from awards.ledger.canonical import canonical
from awards.ledger.heads import TileMissing
from awards.ledger.ledger import Broken
from awards.ledger.publisher import LogForked, Signed
from awards.ledger.receipts import Receipt
from awards.ledger.tiles import HIGHEST, WIDTH, folded, path_of, width_at
from awards.ledger.tree import inclusion

PIECE = 2**20
"""Bytes copied at a time."""

PAGES = ("judging.md", "methods.md", "verify.md", "bundle.md")
PACKED, CHECKOUT = Path(__file__).parent / "pages", Path(__file__).parents[2] / "docs"
"""Where the specifications are: in the package when it is installed, else beside it."""


@dataclass(frozen=True)
class Built:
    """The name of a bundle, without ending, and the hash of all there is in it."""

    name: str
    digest: str


def build(
    out: BinaryIO, source: Source, asked: Asked, progress: Callable[[int], object] = lambda leaves: None
) -> Built:
    """Write a bundle at the checkpoint over all that is recorded now; `progress` is told of leaves as they are done.

    Raises `LogForked` where the database is not what was signed; what was written by then is of no use.
    """
    signed = source.publisher.publish()
    building = _Building(source, asked, signed, out)
    try:
        return building.build(progress)
    except BaseException as problem:
        building.bag.abandon()
        if isinstance(problem, Broken | TileMissing):
            raise LogForked(signed.head.size, str(problem)) from None
        raise


class _Building:
    """One bundle."""

    def __init__(self, source: Source, asked: Asked, signed: Signed, out: BinaryIO) -> None:
        self._source, self._asked, self._signed = source, asked, signed
        self._head = signed.head
        self._standing = Standing(asked.profile, asked.at)
        for event in source.ledger.deciding_events(asked.edition, self._head.size):
            self._standing.take(str(event.originator_id), event.topic, json.loads(event.state))
        self._story = Story(self._standing)
        self._lines = Lines(source, asked, self._head, self._standing, self._story)
        self._name = f"{asked.edition}-{self._head.size}-{asked.profile}"
        self.bag = Bag(out, self._name)

    def build(self, progress: Callable[[int], object]) -> Built:
        with TemporaryFile() as disclosures:
            with self.bag.writing("data/events.jsonl") as write:
                self._lines.copy(write, disclosures.write, progress)
            disclosures.seek(0)
            with self.bag.writing("data/disclosures.jsonl") as write:
                while data := disclosures.read(PIECE):
                    write(data)
        self._copy_tiles()
        self._copy_checkpoints()
        self._prove_decisions()
        self._add_rules()
        self._report()
        return Built(self._name, self.bag.close(self._facts()))

    def _facts(self) -> Iterator[tuple[str, str]]:
        asked, head = self._asked, self._head
        yield from (("Awards-Edition", asked.edition), ("Awards-Origin", head.origin), ("Awards-Size", str(head.size)))
        yield from (("Awards-Profile", asked.profile), ("Bagging-Date", self._source.ledger.time_at(head.size)[:10]))

    # The tree, and what signs it.

    def _copy_tiles(self) -> None:
        """Copy the tiles; each hash above the leaves is the one that its tile below gives."""
        size, read = self._head.size, self._source.publisher.store.tile
        for level in range(HIGHEST + 1):
            for tile in range(((size >> (8 * level)) + WIDTH - 1) // WIDTH):
                width = width_at(level, tile, size)
                hashes = read(level, tile, width)
                below = range(WIDTH * tile, WIDTH * tile + width) if level else ()
                if level and hashes != [folded(read(level - 1, one, WIDTH)) for one in below]:
                    raise LogForked(size, f"tile {tile} of level {level} is damaged")
                partial = f".p/{width}" if width < WIDTH else ""
                self.bag.add(f"data/tile/{level}/{path_of(tile)}{partial}", b"".join(hashes))

    def _copy_checkpoints(self) -> None:
        """The checkpoint, those kept from before with what stands behind them, and the keys."""
        publisher = self._source.publisher
        self.bag.add("data/checkpoint", publisher.told(self._signed))
        self.bag.add("data/vkey", "".join(f"{vkey}\n" for vkey in publisher.vkeys()).encode())
        kept = publisher.store.kept
        sizes = [size for size in kept.sizes() if size <= self._head.size]
        for name, ending, read in (("checkpoints", "", kept.read), ("anchors", ".tsr", kept.stamp)):
            for size in sizes:
                if (data := read(size)) is not None:
                    self.bag.add(f"data/{name}/{size}{ending}", data)

    def _prove_decisions(self) -> None:
        for index in self._lines.decided:
            [text] = self._source.ledger.lines(index, index + 1)
            path = inclusion(index, self._head.size, self._source.publisher.nodes(self._head.size))
            receipt = Receipt(index, path, self._signed.note, text)
            self.bag.add(f"data/proofs/{index}.tlog-proof", receipt.text().encode())

    # What is for reading.

    def _add_rules(self) -> None:
        for page in PAGES:
            self.bag.add(f"data/rules/{page}", page_of(page))
        if self._story.rules is not None:
            self.bag.add("data/rules/rules.json", canonical(self._story.rules))

    def _report(self) -> None:
        rankings = self._asked.rankings(self._head.size) if self._standing.whole else ()
        with self.bag.writing("data/report.html") as write:
            for piece in written(self._story, self._head, self._asked.profile, rankings):
                write(piece)


def page_of(name: str) -> bytes:
    """A specification, as this release has it."""
    folder = PACKED if PACKED.is_dir() else CHECKOUT
    return (folder / name).read_bytes()
