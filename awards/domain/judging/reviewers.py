"""Ballots read off reviews: each reviewer's order is that of her weighted totals.

She compares only what she reviewed: about every other nomination she says nothing, neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from awards.domain.judging.pairwise import borda, schulze
from awards.domain.judging.preferences import Count, require_few
from awards.domain.judging.ranked_pairs import ranked_pairs
from awards.domain.judging.rubric import Field
from awards.domain.judging.runoff import instant_runoff
from awards.domain.judging.shapes import NO_AWARD, Counted, grouped

Order = list[Collection[str]]


def orders(field: Field) -> list[Order]:
    """One weak order a reviewer, of the ranked nominations that she reviewed."""
    return [list(grouped(mine)) for mine in field.given.values()]


def orders_with_no_award(field: Field, worthy: Fraction) -> list[Order]:
    """The orders with "no award" between the totals that reach the threshold and those that do not."""
    return [
        [
            *grouped({one: total for one, total in mine.items() if total >= worthy}),
            [NO_AWARD],
            *grouped({one: total for one, total in mine.items() if total < worthy}),
        ]
        for mine in field.given.values()
    ]


def by_ballots(count: Count, bounded: bool) -> Callable[[Field, Mapping[str, Any]], Counted]:
    """The method that counts these orders as ballots."""

    def ranked(field: Field, parameters: Mapping[str, Any]) -> Counted:
        options: Sequence[str] = sorted(field.tallies)
        if bounded:
            require_few(options)
        worthy = parameters.get("worthy")
        if worthy is None or not options:
            return count(options, orders(field))
        return count(sorted([*options, NO_AWARD]), orders_with_no_award(field, Fraction(*worthy)))

    return ranked


BORDA, SCHULZE = by_ballots(borda, bounded=False), by_ballots(schulze, bounded=True)
RANKED_PAIRS, INSTANT_RUNOFF = by_ballots(ranked_pairs, bounded=True), by_ballots(instant_runoff, bounded=True)
