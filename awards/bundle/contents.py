"""What goes into a bundle (docs/bundle.md): a walk over the log in batches, compared with what was signed.

Of what is out of scope only the leaf hash is copied; its line is not read. Memory grows with the streams of the
edition, for its report, and by a name and a hash for every 256 events of the log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from eventsourcing.persistence import Notification

from awards.bundle.bag import Bag, Write
from awards.bundle.report import written
from awards.bundle.scope import Standing, references
from awards.bundle.story import Story
from awards.domain.values import Sealed
from awards.ledger.canonical import canonical
from awards.ledger.heads import TileMissing
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Broken, Ledger
from awards.ledger.mapper import line
from awards.ledger.publisher import LogForked, Publisher, Signed
from awards.ledger.receipts import Receipt
from awards.ledger.sealed import disclose_all, from_table
from awards.ledger.tiles import HIGHEST, WIDTH, folded, path_of, width_at
from awards.ledger.tree import Frontier, inclusion, leaf_hash

BATCH = 4 * WIDTH
"""Leaves walked at a time."""

PIECE = 2**20
"""Bytes copied at a time."""

PAGES = ("judging.md", "methods.md", "verify.md", "bundle.md")
PACKED, CHECKOUT = Path(__file__).parent / "pages", Path(__file__).parents[2] / "docs"
"""Where the specifications are: in the package when it is installed, else beside it."""

View = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """Where everything is taken from."""

    ledger: Ledger
    keys: KeyStore
    publisher: Publisher


@dataclass(frozen=True)
class Asked:
    """Whose history, for whom, as of when; and how its rankings are found, for a log of that size."""

    edition: str
    award: str
    profile: str
    at: datetime
    rankings: Callable[[int], Sequence[View]] = lambda size: ()


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
        self._fetch = from_table(source.ledger.rows)
        self._standing = Standing(asked.profile, asked.at)
        for event in source.ledger.deciding_events(asked.edition, self._head.size):
            self._standing.take(str(event.originator_id), event.topic, json.loads(event.state))
        self._story = Story(self._standing)
        self._decided: list[int] = []
        self._versions: dict[str, int] = {}
        self._name = f"{asked.edition}-{self._head.size}-{asked.profile}"
        self.bag = Bag(out, self._name)

    def build(self, progress: Callable[[int], object]) -> Built:
        with TemporaryFile() as disclosures:
            with self.bag.writing("data/events.jsonl") as write:
                self._copy_lines(write, disclosures.write, progress)
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

    # The lines.

    def _copy_lines(self, write: Write, disclose: Write, progress: Callable[[int], object]) -> None:
        frontier = Frontier()
        for start in range(0, self._head.size, BATCH):
            leaves, own = self._signed_leaves(start, min(start + BATCH, self._head.size))
            shown = self._shown(start, leaves, own)
            self._disclose(shown, disclose)
            write(b"".join(_line(shown.get(index), leaf) for index, leaf in enumerate(leaves, start)))
            for leaf in leaves:
                frontier.append(leaf)
            progress(len(leaves))
        if frontier.root() != self._head.root:
            raise LogForked(self._head.size, "it has another root")

    def _signed_leaves(self, start: int, stop: int) -> tuple[list[bytes], set[int]]:
        """The leaf hashes as signed, which those in the database have to equal; and which leaves are the edition's."""
        signed: list[bytes] = []
        for tile in range(start // WIDTH, (stop + WIDTH - 1) // WIDTH):
            signed += self._source.publisher.store.tile(0, tile, width_at(0, tile, self._head.size))
        own = set()
        stored = self._source.ledger.leaves(start, stop)
        for index, (told, (leaf, edition)) in enumerate(zip(signed, stored, strict=True), start):
            if told != leaf:
                raise self._forked(index)
            if edition == self._asked.edition:
                own.add(index)
        return signed, own

    def _shown(self, start: int, leaves: Sequence[bytes], own: set[int]) -> dict[int, tuple[Notification, bytes]]:
        """The events of these leaves that are shown, and their lines, by leaf; each stream has to be without a gap."""
        asked, ledger, stop = self._asked, self._source.ledger, start + len(leaves)
        shown = {}
        for event in ledger.events_about(asked.edition, asked.award, start, stop):
            index, stream = event.id - 1, str(event.originator_id)
            own.discard(index)
            self._versions[stream] = self._versions.get(stream, 0) + 1
            if event.originator_version != self._versions[stream]:
                raise self._forked(index)
            if self._standing.shows(stream, event.topic):
                shown[index] = event, line(event, ledger.origin)
                if leaf_hash(shown[index][1]) != leaves[index - start]:
                    raise self._forked(index)
        if own:
            raise self._forked(min(own))
        return shown

    def _forked(self, index: int) -> LogForked:
        return LogForked(self._head.size, f"at position {index + 1}, or a tile is damaged")

    def _disclose(self, shown: Mapping[int, tuple[Notification, bytes]], disclose: Write) -> None:
        """Write what can be opened of these events, and let the report take them."""
        states = {index: json.loads(event.state) for index, (event, _) in shown.items()}
        due = {index: list(filter(self._standing.due, references(state))) for index, state in states.items()}
        opened = self._opened(reference for found in due.values() for reference in found)
        for index, (event, _) in shown.items():
            for reference in due[index]:
                if disclosure := opened[reference["sd"]]:
                    told = {"disclosure": disclosure, "leaf": index, "sd": reference["sd"]}
                    disclose(canonical(told) + b"\n")
            if event.topic.startswith("decision."):
                self._decided.append(index)
            self._story.take(str(event.originator_id), event.topic, states[index], opened)

    def _opened(self, due: Iterable[Sealed]) -> Mapping[str, str | None]:
        return disclose_all(self._fetch, due, self._source.keys)

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
        for name, ending in (("checkpoints", ""), ("anchors", ".tsr")):
            for size, file in _kept(publisher.store.folder / name, ending):
                if size <= self._head.size:
                    self.bag.add(f"data/{name}/{size}{ending}", file.read_bytes())

    def _prove_decisions(self) -> None:
        for index in self._decided:
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


def _line(shown: tuple[Notification, bytes] | None, leaf: bytes) -> bytes:
    return b'{"leaf":"%s"}\n' % leaf.hex().encode() if shown is None else shown[1] + b"\n"


def page_of(name: str) -> bytes:
    """A specification, as this release has it."""
    folder = PACKED if PACKED.is_dir() else CHECKOUT
    return (folder / name).read_bytes()


def _kept(folder: Path, ending: str) -> list[tuple[int, Path]]:
    """The files of a folder that are named by a size, the least first."""
    found = folder.iterdir() if folder.is_dir() else ()
    named = [(file.name.removesuffix(ending), file) for file in found if file.name.endswith(ending)]
    return sorted((int(size), file) for size, file in named if size.isascii() and size.isdigit())
