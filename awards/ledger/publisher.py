"""The publisher: signs what the log holds, from the bytes of its events, and answers from what is signed.

It begins where the last checkpoint ends, makes every further leaf anew from its event, compares it with the stored
leaf, and extends the tree it has itself in the tiles; no hash of the database is believed. Whichever process is asked
for a checkpoint publishes, under the lock of the checkpoint store. The cost is that of the new events.

A database that is shorter than the last checkpoint, or other than what it covers, is not published and not started on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from awards.ledger.heads import HeadStore, TileMissing
from awards.ledger.ledger import BATCH, Broken, Ledger
from awards.ledger.log_keys import LogKeys, NoOverlap
from awards.ledger.notes import BadNote, Head, Signer, open_note, sign
from awards.ledger.tiles import WIDTH, nodes_of, width_at
from awards.ledger.tree import EMPTY_ROOT, BadProof, Frontier, Node, inclusion, leaf_hash, verify_inclusion

WAY_OUT = "docs/verify.md says what to do"


class LogRefused(Exception):
    """The database is not the one that was signed."""


class LogTruncated(LogRefused):
    """The database holds fewer events than were signed: it was restored from a backup, or events were deleted."""

    def __init__(self, events: int, signed: int) -> None:
        super().__init__(f"the database holds {events} events, and a checkpoint over {signed} is signed: {WAY_OUT}")


class LogForked(LogRefused):
    """The database holds other events than were signed."""

    def __init__(self, signed: int, detail: str) -> None:
        super().__init__(f"the database is not what the checkpoint over {signed} events covers ({detail}): {WAY_OUT}")


class AnotherLog(LogRefused):
    """The checkpoint store is that of another log."""

    def __init__(self, store: HeadStore, found: str, origin: str) -> None:
        super().__init__(f"{store.folder} holds the checkpoints of the log {found}, and this is {origin}: {WAY_OUT}")


class StoreInvalid(LogRefused):
    """What lies in the checkpoint store was not signed by the key of this log."""

    def __init__(self, store: HeadStore, problem: Exception) -> None:
        super().__init__(f"the checkpoint in {store.folder} is not ours: {problem}; {WAY_OUT}")


@dataclass(frozen=True)
class Signed:
    """A checkpoint: the note as it was signed, and the head it is about."""

    note: bytes
    head: Head


class Publisher:
    """Publishes one log to one store."""

    def __init__(self, ledger: Ledger, store: HeadStore, keys: LogKeys) -> None:
        self._ledger = ledger
        self.store = store
        self._keys = keys
        self._last: Signed | None = None
        self._ours: bytes | None = None
        """The checkpoint that was last found to end with our own last event."""

    # Publishing.

    def publish(self) -> Signed:
        """The checkpoint over all events; signed now, unless there is one already."""
        last = self.last()
        if last is not None and last.head.size == self._ledger.position():
            if self._ours != last.note:  # another database of this size may have been published
                self._require_same(last.head, max(0, last.head.size - 1))
                self._ours = last.note
            return last
        with self.store.locked():
            return self._advance()

    def rotate(self) -> Signed:
        """Let a new key sign, with the old one beside it."""
        self.publish()
        with self.store.locked():
            return self._sign_again(self._keys.rotate())

    def retire(self) -> Signed:
        """Let only the newer of two keys sign."""
        self.publish()
        with self.store.locked():
            signers, last = self._keys.read(), self.last()
            both = [signer.verifier for signer in signers]
            if last is not None and len(both) > 1 and open_note(last.note, both)[1] != both:
                self._sign_again(signers)  # a rotation was cut short
                raise NoOverlap("both keys have signed only now: let that checkpoint be seen, then retire the old one")
            return self._sign_again(self._keys.retire())

    def vkeys(self) -> list[str]:
        """The keys that check the checkpoints, the newest first, as `signed-note` tools take them."""
        if self.last() is None:
            self.publish()
        return [str(signer.verifier) for signer in self._keys.read()]

    def _advance(self) -> Signed:
        last = self.last()
        if last is None:
            self._keys.make()
        signers = self._keys.read()
        head = self._own(last, signers)
        position = self._require_length(head)
        frontier = self._frontier(head)
        self._require_same(head, max(0, head.size - 1))
        if last is not None and position == head.size:
            return last
        for leaves in _batches(self._ledger.leaf_hashes(head.size, position)):
            self.store.extend(frontier.size, leaves)
            for leaf in leaves:
                frontier.append(leaf)
        return self._swap(last, Head(head.origin, frontier.size, frontier.root()), signers)

    def _sign_again(self, signers: list[Signer]) -> Signed:
        last = self.last()
        return self._swap(last, self._own(last, signers), signers, keep=True)

    def _swap(self, last: Signed | None, head: Head, signers: Iterable[Signer], *, keep: bool = False) -> Signed:
        note = sign(head.text(), signers).encode()
        try:
            self.store.swap(last.note if last else None, note, keep=keep)
        except BadNote as problem:
            raise StoreInvalid(self.store, problem) from None
        return Signed(note, head)

    def _own(self, last: Signed | None, signers: list[Signer]) -> Head:
        """The head to go on from, if it is signed by our key."""
        if last is None:
            return Head(self._ledger.origin, 0, EMPTY_ROOT)
        try:
            open_note(last.note, [signer.verifier for signer in signers])
        except BadNote as problem:
            raise StoreInvalid(self.store, problem) from None
        return last.head

    # What is signed.

    def last(self) -> Signed | None:
        """The last checkpoint there is; raises `AnotherLog` or `StoreInvalid`."""
        note = self.store.read()
        if note is None:
            return None
        if self._last is None or self._last.note != note:
            try:
                text = note.decode().rpartition("\n\n")[0] + "\n"
                self._last = Signed(note, Head.read(text))
            except ValueError as problem:
                raise StoreInvalid(self.store, problem) from None
        if self._last.head.origin != self._ledger.origin:
            raise AnotherLog(self.store, self._last.head.origin, self._ledger.origin)
        return self._last

    def told(self, signed: Signed) -> bytes:
        """A checkpoint as it is given out: with the cosignatures there are of it."""
        return signed.note + self.store.kept.cosignatures(signed.note)

    def _cosigned(self, index: int, last: Signed) -> Signed | None:
        """The newest checkpoint that was cosigned, if it covers the event and who knows our newest key can check it."""
        size = self.store.kept.cosigned()
        if size is None or not index < size <= last.head.size:
            return None
        note = self.store.kept.read(size) or b""
        try:
            head = Head.read(open_note(note, [self._keys.read()[0].verifier])[0])
        except BadNote:
            return None
        return Signed(note, head) if (head.origin, head.size) == (last.head.origin, size) else None

    def tile(self, level: int, tile: int, width: int) -> list[bytes] | None:
        """So many hashes of a tile, None where the last checkpoint does not cover them."""
        last = self.last()
        if last is None or not 0 < width <= width_at(level, tile, last.head.size):
            return None
        return self.store.tile(level, tile, width)

    def lines(self, tile: int, width: int) -> list[bytes] | None:
        """The lines whose hashes a tile of level 0 has; raises `LogForked` if one is not what was signed."""
        hashes = self.tile(0, tile, width)
        if hashes is None:
            return None
        start = tile * WIDTH
        lines = list(self._ledger.lines(start, start + width))
        if [leaf_hash(line) for line in lines] != hashes:
            raise LogForked(start + width, f"at a position from {start + 1} to {start + width}")
        return lines

    def proof(self, index: int) -> tuple[Signed, list[bytes]]:
        """A checkpoint and the proof that it covers an event of the log, having checked that it does.

        It is the newest that enough witnesses cosigned, if that covers the event, else the last.
        """
        last = self.last()
        if last is None or last.head.size <= index:
            last = self.publish()
        last = self._cosigned(index, last) or last
        head = last.head
        path = inclusion(index, head.size, self.nodes(head.size))
        [leaf] = self._ledger.leaf_hashes(index, index + 1)
        try:
            verify_inclusion(index, head.size, leaf, path, head.root)
        except BadProof:
            raise LogForked(head.size, f"at position {index + 1}, or a tile is damaged") from None
        return last, path

    def nodes(self, size: int) -> Node:
        """The nodes of a tree of a size that is signed."""
        return nodes_of(self.store.tile, size)

    # Whether the database is what was signed.

    def check(self) -> None:
        """Refuse a database that is shorter than the last checkpoint, or ends otherwise; the last tile is compared.

        A backup that was restored and went on differs from there to its end, so this finds it whatever the size.
        """
        last = self.last()
        if last is not None and last.head.size:
            self._require_length(last.head)
            self._require_same(last.head, (last.head.size - 1) // WIDTH * WIDTH)

    def check_all(self) -> Head | None:
        """Make every leaf that is signed anew from its event, and refuse a database that gives another root."""
        last = self.last()
        if last is None:
            return None
        self._require_length(last.head)
        frontier = Frontier()
        for leaf in self._leaves(last.head, 0):
            frontier.append(leaf)
        if frontier.root() != last.head.root:
            self._require_same(last.head, 0)
            raise LogForked(last.head.size, "it has another root")
        return last.head

    def _require_length(self, head: Head) -> int:
        position = self._ledger.position()
        if position < head.size:
            raise LogTruncated(position, head.size)
        return position

    def _require_same(self, head: Head, start: int) -> None:
        """Compare the leaves from `start` on with the tiles."""
        leaves, index = self._leaves(head, start), start
        while index < head.size:
            tile, first = divmod(index, WIDTH)
            try:
                signed = self.store.tile(0, tile, width_at(0, tile, head.size))[first:]
            except TileMissing:
                return  # the tiles are made anew before anything is published
            for made, told in zip(islice(leaves, len(signed)), signed, strict=True):
                index += 1
                if made != told and self._from_tiles(head) is not None:  # else it may be the tile that is wrong
                    raise LogForked(head.size, f"at position {index}")

    def _leaves(self, head: Head, start: int) -> Iterator[bytes]:
        try:
            yield from self._ledger.leaf_hashes(start, head.size)
        except Broken as problem:
            raise LogForked(head.size, str(problem)) from None

    def _from_tiles(self, head: Head) -> Frontier | None:
        """The compact range that the head was signed from, unless the tiles are damaged."""
        try:
            frontier = Frontier.of(head.size, self.nodes(head.size))
        except TileMissing:
            return None
        return frontier if frontier.root() == head.root else None

    def _frontier(self, head: Head) -> Frontier:
        """The compact range that the head was signed from; damaged tiles are made anew."""
        if frontier := self._from_tiles(head):
            return frontier
        frontier = Frontier()
        for leaves in _batches(self._leaves(head, 0)):
            for leaf in leaves:
                frontier.append(leaf)
            self.store.extend(frontier.size - len(leaves), leaves)
        if frontier.root() != head.root:
            raise LogForked(head.size, "it has another root")
        return frontier


def _batches(leaves: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(leaves, BATCH)):
        yield batch
