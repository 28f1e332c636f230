"""The tree against published vectors and against the definition of RFC 9162 section 2.1.1, written out."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.ledger.tree import EMPTY_ROOT, Frontier, leaf_hash, node_hash, root

# The test vectors of Certificate Transparency (RFC 6962), which every implementation carries.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root(map(leaf_hash, ENTRIES[:size])).hex() == ROOTS[size]


def defined(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


def test_every_size_up_to_some_hundreds_is_as_defined() -> None:
    frontier = Frontier()
    leaves: list[bytes] = []
    assert frontier.root() == EMPTY_ROOT
    for number in range(300):
        leaves.append(leaf_hash(str(number).encode()))
        frontier.append(leaves[-1])
        assert frontier.size == len(leaves)
        assert frontier.root() == defined(leaves)


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_any_lines_are_as_defined(lines: list[bytes]) -> None:
    leaves = [leaf_hash(line) for line in lines]
    assert root(leaves) == defined(leaves)


def test_a_leaf_is_never_a_node() -> None:
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    assert leaf_hash(left + right) != node_hash(left, right)
