"""Inclusion and consistency proofs: published vectors, the definitions of RFC 9162 written out, and every pair."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from itertools import product

import pytest

from awards.ledger.tree import (
    EMPTY_ROOT,
    BadProof,
    Frontier,
    Node,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.ledger.test_tree import ENTRIES, ROOTS

VECTORS = list(map(leaf_hash, ENTRIES))
MANY = [sha256(str(number).encode()).digest() for number in range(65_537)]

# The proofs that Certificate Transparency publishes for its eight test leaves: (index from 0, size) and (old, new).
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def nodes_of(leaves: list[bytes]) -> Node:
    """The perfect subtrees over a list of leaf hashes."""

    @cache
    def node(level: int, index: int) -> bytes:
        return leaves[index] if level == 0 else node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


MANY_NODES = nodes_of(MANY)


@cache
def root_of(size: int) -> bytes:
    return root(MANY[:size])


def defined_inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162 section 2.1.3.1, word by word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*defined_inclusion(index, leaves[:k]), root(leaves[k:])]
    return [*defined_inclusion(index - k, leaves[k:]), root(leaves[:k])]


def defined_consistency(old: int, leaves: list[bytes], known: bool = True) -> list[bytes]:
    """RFC 9162 section 2.1.4.1, word by word."""
    if old == len(leaves):
        return [] if known else [root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if old <= k:
        return [*defined_consistency(old, leaves[:k], known), root(leaves[k:])]
    return [*defined_consistency(old - k, leaves[k:], False), root(leaves[:k])]


@pytest.mark.parametrize("pair", INCLUSION)
def test_inclusion_is_proved_as_published(pair: tuple[int, int]) -> None:
    path = inclusion(*pair, nodes_of(VECTORS))
    assert [one.hex() for one in path] == INCLUSION[pair]
    verify_inclusion(*pair, VECTORS[pair[0]], path, bytes.fromhex(ROOTS[pair[1]]))


@pytest.mark.parametrize("pair", CONSISTENCY)
def test_consistency_is_proved_as_published(pair: tuple[int, int]) -> None:
    path = consistency(*pair, nodes_of(VECTORS))
    assert [one.hex() for one in path] == CONSISTENCY[pair]
    old, new = (bytes.fromhex(ROOTS[size]) for size in pair)
    verify_consistency(*pair, old, new, path)


def test_every_proof_of_small_trees_is_as_defined() -> None:
    for size in range(1, 41):
        for index in range(size):
            assert inclusion(index, size, MANY_NODES) == defined_inclusion(index, MANY[:size])
            assert consistency(index + 1, size, MANY_NODES) == defined_consistency(index + 1, MANY[:size])


def test_every_leaf_of_every_size_up_to_130_is_proved_and_no_other() -> None:
    for size in range(1, 131):
        for index in range(size):
            path = inclusion(index, size, MANY_NODES)
            verify_inclusion(index, size, MANY[index], path, root_of(size))
            with pytest.raises(BadProof):
                verify_inclusion(index, size, MANY[index + 1], path, root_of(size))


def test_every_pair_of_sizes_up_to_130_is_proved_and_no_other() -> None:
    for new in range(131):
        for old in range(new + 1):
            path = consistency(old, new, MANY_NODES)
            verify_consistency(old, new, root_of(old), root_of(new), path)
            with pytest.raises(BadProof):
                verify_consistency(old, new, MANY[0] if old != 1 else MANY[1], root_of(new), path)
            if 0 < old < new:
                with pytest.raises(BadProof):
                    verify_consistency(old, new, root_of(old), root_of(new + 1), path)


@pytest.mark.parametrize("size", [255, 256, 257, 65_535, 65_536, 65_537])
def test_around_full_tiles(size: int) -> None:
    near = {0, 1, 127, 128, 254, 255, 256, 257, 32_768, 65_279, 65_280, 65_534, 65_535, 65_536, size - 2, size - 1}
    for index in sorted(one for one in near if 0 <= one < size):
        verify_inclusion(index, size, MANY[index], inclusion(index, size, MANY_NODES), root_of(size))
        path = consistency(index, size, MANY_NODES)
        verify_consistency(index, size, root_of(index), root_of(size), path)
    if size < 1000:
        for index in range(size):
            verify_inclusion(index, size, MANY[index], inclusion(index, size, MANY_NODES), root_of(size))
            verify_consistency(index, size, root_of(index), root_of(size), consistency(index, size, MANY_NODES))


def bent(path: list[bytes]) -> list[list[bytes]]:
    """A path made wrong in every simple way: a bit, one hash fewer, one more, two exchanged."""
    found = [[*path[:place], bytes([one[0] ^ 1]) + one[1:], *path[place + 1 :]] for place, one in enumerate(path)]
    found += [path[1:], path[:-1]] if path else []
    found += [[*path, MANY[7]], [MANY[7], *path]]
    return found + ([[path[1], path[0], *path[2:]]] if len(path) > 1 else [])


def test_a_bent_proof_shows_nothing() -> None:
    for size, index in product([1, 2, 3, 7, 8, 64, 130], [0, 1, 5, 63, 129]):
        if index < size:
            for path in bent(inclusion(index, size, MANY_NODES)):
                with pytest.raises(BadProof):
                    verify_inclusion(index, size, MANY[index], path, root_of(size))
        if index <= size:
            for path in bent(consistency(index, size, MANY_NODES)):
                with pytest.raises(BadProof):
                    verify_consistency(index, size, root_of(index), root_of(size), path)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_what_is_not_there_is_neither_proved_nor_shown(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="there is no leaf"):
        inclusion(index, size, MANY_NODES)
    with pytest.raises(BadProof):
        verify_inclusion(index, size, MANY[0], [], MANY[0])


def test_a_tree_does_not_begin_a_smaller_one() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        consistency(4, 3, MANY_NODES)
    with pytest.raises(BadProof):
        verify_consistency(4, 3, root_of(4), root_of(3), [])
    with pytest.raises(BadProof):
        verify_consistency(0, 3, MANY[0], root_of(3), [])


def test_a_frontier_is_taken_up_again_at_any_size() -> None:
    for size in range(300):
        frontier = Frontier.of(size, MANY_NODES)
        assert frontier.root() == (root_of(size) if size else EMPTY_ROOT)
        frontier.append(MANY[size])
        assert frontier.root() == root_of(size + 1)


def test_a_proof_asks_for_few_nodes() -> None:
    asked: list[tuple[int, int]] = []

    def counted(level: int, index: int) -> bytes:
        asked.append((level, index))
        return MANY_NODES(level, index)

    inclusion(12_345, 65_535, counted)
    assert len(asked) <= 2 * 16
    asked.clear()
    consistency(12_345, 65_535, counted)
    assert len(asked) <= 2 * 16
