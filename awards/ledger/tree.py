"""The Merkle tree of RFC 9162 (as RFC 6962) with SHA-256: hashes, roots and the compact range.

A leaf hash is SHA-256(0x00 ‖ line), a node hash SHA-256(0x01 ‖ left ‖ right); the root of n leaves splits them at the
largest power of two below n (RFC 9162 section 2.1.1). The compact range keeps the roots of the perfect subtrees that
make up the leaves so far, one for every set bit of the size: to append costs two hashes on average, whatever the
size.
"""

from collections.abc import Iterable
from hashlib import sha256

EMPTY_ROOT = sha256().digest()


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
        if not self._nodes:
            return EMPTY_ROOT
        *left, root = self._nodes
        for node in reversed(left):
            root = node_hash(node, root)
        return root


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root of these leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()
