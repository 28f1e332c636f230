"""The drawn lot: by hand, and with a seed that was not committed to."""

from __future__ import annotations

import hashlib

import pytest

from awards.domain.judging import WrongSeed, check_seed, commitment_to
from awards.domain.judging.lot import drawn

SEED = "5f" * 32


def test_a_seed_is_known_by_its_sha_256() -> None:
    assert commitment_to(SEED) == hashlib.sha256(b"5f" * 32).hexdigest()
    check_seed(commitment_to(SEED), SEED)


@pytest.mark.parametrize("seed", ["5e" * 32, "5F" * 32, "5f" * 31, "", "seed", SEED + "\n", "é" * 64])
def test_another_seed_or_another_spelling_is_refused(seed: str) -> None:
    with pytest.raises(WrongSeed):
        check_seed(commitment_to(SEED), seed)
    with pytest.raises(WrongSeed):
        check_seed(hashlib.sha256(seed.encode()).hexdigest().swapcase(), seed)


def test_lots_are_drawn_by_the_hash_of_seed_and_id_whatever_the_order_they_come_in() -> None:
    ids = ["aster", "birch", "cedar", "dahlia"]
    by_hand = sorted(ids, key=lambda one: hashlib.sha256(f"{SEED}:{one}".encode()).hexdigest())
    assert [one for (one,) in drawn(SEED, ids)] == [one for (one,) in drawn(SEED, ids[::-1])] == by_hand
