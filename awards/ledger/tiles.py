"""Tiles (C2SP `tlog-tiles`): the hashes of the tree in rows of 256, from which every proof is put together.

Tile n of level l holds the roots over 256^l leaves each, from number 256·n on; its hashes are full subtrees, so they
never change. A partial tile is the beginning of a later one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from awards.ledger.tree import Node, node_hash

HEIGHT, WIDTH, HASH = 8, 256, 32
HIGHEST = 63
"""The highest level an address names."""

PATH = r"(?:x[0-9]{3}/)*[0-9]{3}"

ReadTile = Callable[[int, int, int], Sequence[bytes]]
"""Gives so many hashes of a tile, by level, number and width."""


def path_of(tile: int) -> str:
    """The number of a tile as an address or a file names it: 1234067 is x001/x234/067."""
    groups = [f"{tile % 1000:03}"]
    while tile := tile // 1000:
        groups.append(f"x{tile % 1000:03}")
    return "/".join(reversed(groups))


def tile_of(path: str) -> int:
    """The number that is written so; another spelling is a `ValueError`."""
    tile = int(re.sub("[x/]", "", path)) if re.fullmatch(PATH, path, re.ASCII) else -1
    if tile < 0 or path_of(tile) != path:
        raise ValueError("this is not how the number of a tile is written")
    return tile


def width_at(level: int, tile: int, size: int) -> int:
    """How many hashes a tile has in a tree of so many leaves."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - WIDTH * tile))


def nodes_of(read: ReadTile, size: int) -> Node:
    """The perfect subtrees of a tree of `size` leaves, from its tiles; each tile is read once."""
    known: dict[tuple[int, int], Sequence[bytes]] = {}

    def node(level: int, index: int) -> bytes:
        row, above = divmod(level, HEIGHT)
        tile, first = divmod(index << above, WIDTH)
        if (row, tile) not in known:
            known[row, tile] = read(row, tile, width_at(row, tile, size))
        return folded(known[row, tile][first : first + (1 << above)])

    return node


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[place : place + 2]) for place in range(0, len(hashes), 2)]
    return hashes[0]
