"""The Merkle tree of RFC 9162 (as RFC 6962) with SHA-256: hashes, roots, the compact range, and proofs.

A leaf hash is SHA-256(0x00 ‖ line), a node hash SHA-256(0x01 ‖ left ‖ right); the root of n leaves splits them at the
largest power of two below n (RFC 9162 section 2.1.1). The compact range keeps the roots of the perfect subtrees that
make up the leaves so far, one for every set bit of the size: to append costs two hashes on average, whatever the
size.

A proof is made from the roots of perfect subtrees, which are asked for by level and index (`Node`): a list of leaves
gives them as well as the tiles of a log, where that takes a number of reads that grows with the log of the size.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Self

EMPTY_ROOT = sha256().digest()

Node = Callable[[int, int], bytes]
"""Gives the root of the perfect subtree over the leaves from `index << level` up to `(index + 1) << level`."""


class BadProof(Exception):
    """A proof does not show what it should."""


def leaf_hash(line: bytes) -> bytes:
    """Hash one line of the log, given without its newline."""
    return sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The compact range of the first `size` leaves: append leaf hashes, read the root."""

    __slots__ = ("_nodes", "size")

    def __init__(self) -> None:
        self.size = 0
        self._nodes: list[bytes] = []  # roots of the perfect subtrees, the largest first

    @classmethod
    def of(cls, size: int, node: Node) -> Self:
        """Take the compact range of a tree up again."""
        frontier = cls()
        frontier.size = size
        frontier._nodes = [node(level, index) for level, index in _perfect(0, size)]
        return frontier

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        node, size = leaf, self.size
        while size & 1:
            node = sha256(b"\x01" + self._nodes.pop() + node).digest()
            size >>= 1
        self._nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root hash; that of no leaves is the hash of nothing."""
        return _folded(self._nodes) if self._nodes else EMPTY_ROOT


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root of these leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Prove that leaf `index` is in the tree of `size` leaves (RFC 9162 section 2.1.3.1): siblings from below."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} among {size}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        other = (middle, stop) if index < middle else (start, middle)
        start, stop = (start, middle) if index < middle else (middle, stop)
        path.append(_subtree(*other, node))
    return path[::-1]


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Prove that the tree of `old` leaves begins that of `new` (RFC 9162 section 2.1.4.1); nothing begins any tree."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} leaves does not begin one of {new}")
    path: list[bytes] = []
    start, stop = 0, new
    while 0 < old < stop:
        middle = start + _split(stop - start)
        other = (middle, stop) if old <= middle else (start, middle)
        start, stop = (start, middle) if old <= middle else (middle, stop)
        path.append(_subtree(*other, node))
    if 0 < old < new and start > 0:  # else it is the whole old tree, whose root the verifier has
        path.append(_subtree(start, stop, node))
    return path[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], expected: bytes) -> None:
    """Check an inclusion proof (RFC 9162 section 2.1.3.2) against the root of the tree; raises `BadProof`."""
    place, last, found = index, size - 1, leaf
    if not 0 <= place <= last:
        raise BadProof(f"there is no leaf {index} among {size}")
    for sibling in path:
        if last == 0:
            raise BadProof("the proof is too long")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            place, last = _past_right_edge(place, last)
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last or found != expected:
        raise BadProof("the proof does not lead to the root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Check a consistency proof (RFC 9162 section 2.1.4.2) between two roots; raises `BadProof`."""
    if not 0 <= old <= new or (old == 0 and old_root != EMPTY_ROOT):
        raise BadProof("these trees cannot be consistent")
    if old in (0, new):
        if path or (old == new and old_root != new_root):
            raise BadProof("trees of one size have one root, and no proof")
        return
    given = list(path) if old & (old - 1) else [old_root, *path]
    if not given:
        raise BadProof("the proof is empty")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = given[0]
    for sibling in given[1:]:
        if last == 0:
            raise BadProof("the proof is too long")
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            place, last = _past_right_edge(place, last)
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    if last or (before, after) != (old_root, new_root):
        raise BadProof("the proof does not lead from the one root to the other")


def _past_right_edge(place: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the last node has no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(start: int, stop: int, node: Node) -> bytes:
    return _folded([node(level, index) for level, index in _perfect(start, stop)])


def _perfect(start: int, stop: int) -> Iterable[tuple[int, int]]:
    """The perfect subtrees, the largest first, of leaves that begin at a multiple of the largest."""
    while start < stop:
        level = (stop - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _folded(nodes: Sequence[bytes]) -> bytes:
    *left, found = nodes
    for one in reversed(left):
        found = node_hash(one, found)
    return found
