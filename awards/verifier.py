"""Checks a bundle of an awards log: `awards-verify BUNDLE`. One file, to be copied and read; it needs Python 3.11 and
`cryptography`, and nothing of the service that wrote the log.

docs/bundle.md says what a bundle holds, docs/judging.md and docs/methods.md how a decision is counted; this is the
second program written from those pages. It goes through the log once, keeps what it knows of each stream, and
tells the first line that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Verdicts: the exit codes. Below 30 nothing is wrong, and the number says what was not there to check with.

VERIFIED, UNWITNESSED, NOT_RECOUNTABLE, NO_KNOWN_HEAD = 0, 10, 11, 20
CONTRADICTED, INVALID, UNKNOWN_METHOD, DOES_NOT_FOLLOW, UNEXPLAINED = 30, 40, 41, 50, 51
BAD_USAGE = 2


@dataclass(frozen=True)
class Finding:
    """Something wrong, or something that could not be checked: the verdict, the leaf it is about, and words for it."""

    verdict: int
    index: int | None
    text: str


@dataclass(frozen=True)
class Event:
    """One line of the log: its leaf index, stream and version, `topic` without the version, the state, and what is
    opened of its sealed values, by digest.
    """

    index: int
    stream: str
    version: int
    topic: str
    time: str
    data: Mapping[str, Any]
    opened: Mapping[str, Any] = field(default_factory=dict)


# === 1. Bytes: hashes, the tree, signed notes ========================================================================

# === 2. Judging: how an order is made of reviews and votes (docs/judging.md, docs/methods.md) ========================


class UnknownRule(Exception):
    """A method, version or rung that this program does not know: it cannot verify what rests on it."""


class TooManyOptions(Exception):
    """The method does not compare so many."""


Settled = Callable[[str, Sequence[str]], Sequence[Sequence[str]] | str | None]
"""Asked for a rung that people settle and the ids tied there: their order in groups, `passed` where the rung is passed
over, None where the tie is open. For the lot: the seed, or None."""


def ranking(
    stage: Mapping[str, Any],
    nominations: Sequence[str],
    reviews: Sequence[tuple[str, str, Mapping[str, int]]],
    settled: Settled,
    method: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The ranking as data (docs/judging.md, section 5), by the stage's method, or by another (a cross-check).

    `reviews`: reviewer, nomination and scores of every review that counts.
    """
    raise NotImplementedError


def count_votes(
    method: Mapping[str, Any], options: Sequence[str], votes: Sequence[Sequence[Sequence[str]]]
) -> dict[str, Any]:
    """The `result` of a ballot: the count of its votes, each a ranking in groups; an abstention is not among them."""
    raise NotImplementedError


# === 3. History: the order of steps, roles and duties, and every decision counted again ==============================


class History:
    """What is known of an edition after the lines so far; grows with its streams, not with its events."""

    def __init__(self, edition: str) -> None:
        self.edition = edition

    def take(self, event: Event) -> Iterator[Finding]:
        """Take the edition's next line that is shown, and tell what is wrong with it."""
        raise NotImplementedError

    def erased(self, participant: str, cls: str) -> bool:
        """Whether the key of a participant and class is lawfully gone, by the lines so far."""
        raise NotImplementedError


# === 4. The bundle, and what comes of it =============================================================================


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle; returns the exit code."""
    raise NotImplementedError
