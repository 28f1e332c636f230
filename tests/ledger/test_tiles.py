"""The addresses of tiles and what they hold, as C2SP tlog-tiles says."""

from __future__ import annotations

from pathlib import Path

import pytest

from awards.ledger.heads import HeadMoved, HeadStore, TileMissing
from awards.ledger.tiles import nodes_of, path_of, tile_of, width_at
from awards.ledger.tree import Frontier, consistency, inclusion, root, verify_consistency, verify_inclusion
from tests.ledger.test_proofs import MANY, root_of


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (0, "000"),
        (7, "007"),
        (999, "999"),
        (1000, "x001/000"),
        (1234067, "x001/x234/067"),
        (10**9, "x001/x000/x000/000"),
    ],
)
def test_a_number_is_written_as_specified(tile: int, path: str) -> None:
    assert path_of(tile) == path
    assert tile_of(path) == tile


@pytest.mark.parametrize(
    "path", ["", "0", "0000", "x000/001", "001/000", "x001", "x001/00", "-01", "٠٠١", "000/", "x1/000"]
)
def test_another_spelling_names_nothing(path: str) -> None:
    with pytest.raises(ValueError, match="not how"):
        tile_of(path)


def test_the_example_of_the_specification() -> None:
    size = 70_000
    assert [width_at(0, tile, size) for tile in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [width_at(1, tile, size) for tile in (0, 1, 2)] == [256, 17, 0]
    assert [width_at(2, tile, size) for tile in (0, 1)] == [1, 0]
    assert (width_at(0, 0, 256), width_at(0, 1, 256), width_at(1, 0, 256)) == (256, 0, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> HeadStore:
    """The tiles of 65,537 leaves, written in uneven batches."""
    store, size = HeadStore(tmp_path_factory.mktemp("store")), 0
    for batch in (1, 1, 253, 1, 1, 511, 30_000, 34_768, 1):
        store.extend(size, MANY[size : size + batch])
        size += batch
    assert size == 65_537
    return store


def test_tiles_hold_the_roots_of_full_tiles(store: HeadStore) -> None:
    assert store.tile(0, 256, 1) == [MANY[65_536]]
    assert store.tile(1, 0, 256) == [root(MANY[256 * n : 256 * n + 256]) for n in range(256)]
    assert store.tile(2, 0, 1) == [root_of(65_536)]
    for level, tile, width in [(0, 256, 2), (1, 1, 1), (2, 0, 2), (3, 0, 1)]:
        with pytest.raises(TileMissing):
            store.tile(level, tile, width)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 1000, 65_535, 65_536, 65_537])
def test_proofs_come_from_a_few_tiles(store: HeadStore, size: int) -> None:
    asked = []

    def read(level: int, tile: int, width: int) -> list[bytes]:
        asked.append((level, tile))
        assert width == width_at(level, tile, size)
        return store.tile(level, tile, width)

    for index in sorted({0, size // 2, size - 1}):
        asked.clear()
        verify_inclusion(index, size, MANY[index], inclusion(index, size, nodes_of(read, size)), root_of(size))
        verify_consistency(index, size, root_of(index), root_of(size), consistency(index, size, nodes_of(read, size)))
        assert len(asked) <= 2 * 5, "at most two tiles a level, for each proof"
    assert Frontier.of(size, nodes_of(read, size)).root() == root_of(size)


def test_a_checkpoint_replaces_only_the_one_it_names(tmp_path: Path) -> None:
    store = HeadStore(tmp_path / "log")
    with store.locked():
        assert store.read() is None
        with pytest.raises(HeadMoved):
            store.swap(b"another", b"first")
        store.swap(None, b"first")
        with pytest.raises(HeadMoved):
            store.swap(None, b"second")
        store.swap(b"first", b"second")
    assert store.read() == b"second"
