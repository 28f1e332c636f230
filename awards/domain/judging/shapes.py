"""What goes into a count and what comes out of it, and how exact numbers are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from awards.domain.judging.inputs import TOO_FEW_REVIEWS
from awards.domain.refusals import Invalid

Stage = Mapping[str, Any]
Criterion = Mapping[str, Any]
Groups = Sequence[Sequence[str]]
"""An order with ties: groups, best first."""

NO_AWARD = "no-award"
"""The option that nobody deserves it."""


class UnknownMethod(Invalid):
    """A ranking by this method cannot be computed or verified here."""

    code = "unknown_method"
    message = "This method of ranking, in this version, is not known."


class NumberTooLarge(Invalid):
    """An exact number does not fit into the record's integers (RFC 8785: below 2**53)."""

    code = "number_too_large"
    message = "An exact result needs integers of 2^53 or more, which the record cannot hold."


class CountedReview(NamedTuple):
    """A review that counts: whose, of which nomination, and the score of every criterion."""

    reviewer: str
    nomination: str
    scores: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """What every method tells of a nomination: mean of the reviews' totals, mean score per criterion, how many."""

    total: Fraction
    criteria: tuple[tuple[str, Fraction], ...]
    reviews: int


class Counted(NamedTuple):
    """What a method makes of its inputs: the order, what it found of each nomination or option, and its working."""

    groups: Groups
    found: Mapping[str, Mapping[str, Any]]
    steps: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A nomination in its place; equal ranks are ties that the ladder left standing."""

    nomination: str
    rank: int
    tally: Tally
    found: Mapping[str, Any] = field(default_factory=dict)
    """What the method ranks by."""

    def as_data(self) -> dict[str, Any]:
        """The entry as JSON data, fractions as [numerator, denominator]."""
        return {
            "nomination": self.nomination,
            "rank": self.rank,
            **as_json(self.found),
            "criteria": as_json(dict(self.tally.criteria)),
            "reviews": self.tally.reviews,
        }


@dataclass(frozen=True, slots=True)
class Unranked:
    """An eligible nomination without a place, and why."""

    nomination: str
    reviews: int
    code: str = TOO_FEW_REVIEWS

    def as_data(self) -> dict[str, Any]:
        """The nomination as JSON data."""
        return {"nomination": self.nomination, "reviews": self.reviews, "code": self.code}


class Broken(NamedTuple):
    """A tie that a rung broke, wholly or in part."""

    rung: str
    nominations: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """The tie as JSON data."""
        return {"rung": self.rung, "nominations": list(self.nominations)}


@dataclass(frozen=True, slots=True)
class Ranking:
    """The computed order: best first, inside a rank by nomination id."""

    entries: tuple[Entry, ...]
    unranked: tuple[Unranked, ...]
    decided_by: str
    method: str
    version: int
    no_award: int | None = None
    """The rank of "no award", where the method has that option; it leaves no nomination at its own rank or above."""
    steps: Mapping[str, Any] = field(default_factory=dict)
    """The method's working."""
    broken: tuple[Broken, ...] | None = None
    """The ties that the ladder broke; None where the ladder is one whose rankings never told."""
    open_tie: Mapping[str, Any] | None = None
    """`{rung, nominations}` where rank 1 waits for an act."""

    @property
    def winners(self) -> tuple[Entry, ...]:
        """All entries of rank 1; none when nothing is ranked, or "no award" is first."""
        return tuple(entry for entry in self.entries if entry.rank == 1)

    def runners_up(self, ranks: int) -> tuple[Entry, ...]:
        """All entries of the next `ranks` occupied ranks after the first, none of them behind "no award"."""
        worthy = [entry for entry in self.entries if self.no_award is None or entry.rank < self.no_award]
        named = sorted({entry.rank for entry in worthy} - {1})[: max(ranks, 0)]
        return tuple(entry for entry in worthy if entry.rank in named)

    def as_data(self) -> dict[str, Any]:
        """The ranking as JSON data; raises `NumberTooLarge` rather than writing an inexact number."""
        told: dict[str, Any] = {
            "no_award": self.no_award,
            "steps": as_json(self.steps) or None,
            "ties": None if self.broken is None else [tie.as_data() for tie in self.broken],
            "open_tie": self.open_tie,
        }
        return {
            "method": self.method,
            "version": self.version,
            "decided_by": self.decided_by,
            "entries": [entry.as_data() for entry in self.entries],
            "unranked": [nomination.as_data() for nomination in self.unranked],
            **{name: value for name, value in told.items() if value is not None},
        }


def as_pair(number: Fraction) -> list[int]:
    """A fraction in lowest terms, [numerator, denominator], the denominator positive."""
    if max(abs(number.numerator), number.denominator) >= 2**53:
        raise NumberTooLarge()
    return [number.numerator, number.denominator]


def as_json(told: Any) -> Any:
    """Data with its fractions written as pairs."""
    if isinstance(told, Fraction):
        return as_pair(told)
    if isinstance(told, Mapping):
        return {name: as_json(value) for name, value in told.items()}
    return [as_json(value) for value in told] if isinstance(told, list | tuple) else told


def grouped(merits: Mapping[str, Any]) -> list[list[str]]:
    """The names by merit, the highest first; equal ones together, in the order of the names."""
    groups: list[list[str]] = []
    last: Any = None
    for name in sorted(sorted(merits), key=merits.__getitem__, reverse=True):
        if groups and merits[name] == last:
            groups[-1].append(name)
        else:
            groups.append([name])
        last = merits[name]
    return groups
