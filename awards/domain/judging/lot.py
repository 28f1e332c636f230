"""The drawn lot: a seed nobody can choose afterwards, because its hash stands in the rules from the beginning.

The seed is 32 random bytes, written as 64 lower-case hexadecimal digits; what is hashed is always this text. The
commitment is its SHA-256; the lot of a nomination is the SHA-256 of the seed, a colon and the nomination's id.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from awards.domain.refusals import Invalid

HEX = re.compile("[0-9a-f]{64}")


class WrongSeed(Invalid):
    """What was opened is not what the rules committed to."""

    code = "wrong_seed"
    message = "This is not the seed whose SHA-256 stands in the rules."


def commitment_to(seed: str) -> str:
    """What the rules hold of a seed."""
    return hashlib.sha256(seed.encode("ascii")).hexdigest()


def check_seed(commitment: str, seed: str) -> None:
    """Refuse a seed that the rules did not commit to."""
    if not HEX.fullmatch(seed) or commitment_to(seed) != commitment:
        raise WrongSeed


def drawn(seed: str, nominations: Collection[str]) -> list[list[str]]:
    """The nominations by their lots, the smallest first."""
    return [[one] for one in sorted(nominations, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())]
