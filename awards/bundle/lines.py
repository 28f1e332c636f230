"""The lines of a bundle, and what is opened of their sealed values: one walk over the log in batches.

Each leaf is compared with what was signed, each line that is shown with its leaf, and every stream of the edition is
without a gap. Of what is out of scope only the leaf hash is copied; its event is not read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventsourcing.persistence import Notification

from awards.bundle.bag import Write
from awards.bundle.scope import Standing, references
from awards.bundle.story import Story
from awards.domain.values import Sealed
from awards.ledger.canonical import canonical
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from awards.ledger.mapper import line
from awards.ledger.notes import Head
from awards.ledger.publisher import LogForked, Publisher
from awards.ledger.sealed import disclose_all, from_table
from awards.ledger.tiles import WIDTH, width_at
from awards.ledger.tree import Frontier, leaf_hash

BATCH = 4 * WIDTH
"""Leaves walked at a time."""

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


class Lines:
    """The walk."""

    def __init__(self, source: Source, asked: Asked, head: Head, standing: Standing, story: Story) -> None:
        self._source, self._asked, self._head = source, asked, head
        self._standing, self._story = standing, story
        self._fetch = from_table(source.ledger.rows)
        self._versions: dict[str, int] = {}
        self.decided: list[int] = []
        """The leaves of the lines shown that are of decisions."""

    def copy(self, write: Write, disclose: Write, progress: Callable[[int], object]) -> None:
        """Write all lines, and what is opened; raises `LogForked`, `Broken` or `TileMissing`."""
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
                self.decided.append(index)
            self._story.take(str(event.originator_id), event.topic, states[index], opened)

    def _opened(self, due: Iterable[Sealed]) -> Mapping[str, str | None]:
        return disclose_all(self._fetch, due, self._source.keys)


def _line(shown: tuple[Notification, bytes] | None, leaf: bytes) -> bytes:
    return b'{"leaf":"%s"}\n' % leaf.hex().encode() if shown is None else shown[1] + b"\n"
