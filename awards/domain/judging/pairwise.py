"""Methods that compare options two by two. Each ballot compares the options that stand on it, and no others.

Schulze: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36 (2011). Strength of a link: the ballots for it, if they are more than
those against ("winning votes").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

from awards.domain.judging.shapes import Counted, grouped

Orders = Sequence[Sequence[Collection[str]]]
Matrix = list[list[int]]


def borda(options: Sequence[str], orders: Orders) -> Counted:
    """One point for each comparison won, half a point for a tie; by average points per comparison."""
    halves, pairs = dict.fromkeys(options, 0), dict.fromkeys(options, 0)
    for groups in orders:
        below = standing = sum(len(group) for group in groups)
        for group in groups:
            below -= len(group)
            for option in group:
                halves[option] += 2 * below + len(group) - 1
                pairs[option] += standing - 1
    averages = {one: Fraction(halves[one], 2 * pairs[one]) if pairs[one] else Fraction(1, 2) for one in options}
    found = {
        one: {"points": Fraction(halves[one], 2), "comparisons": pairs[one], "average": averages[one]}
        for one in options
    }
    return Counted(grouped(averages), found, {})


def schulze(options: Sequence[str], orders: Orders) -> Counted:
    """By the number of options with a stronger path to it than it has to them; the winners have none."""
    preferred = preferences(options, orders)
    paths = strongest_paths(preferred)
    size = range(len(options))
    beaten = {options[i]: sum(paths[j][i] > paths[i][j] for j in size) for i in size}
    steps = {"options": list(options), "preferred": preferred, "paths": paths}
    order = grouped({option: -many for option, many in beaten.items()})
    return Counted(order, {option: {"beaten_by": many} for option, many in beaten.items()}, steps)


def preferences(options: Sequence[str], orders: Orders) -> Matrix:
    """How many ballots put the option of the row before that of the column."""
    places = {option: place for place, option in enumerate(options)}
    preferred = [[0] * len(options) for _ in options]
    for groups in orders:
        below = [places[option] for group in groups for option in group]
        for group in groups:
            del below[: len(group)]
            for option in group:
                row = preferred[places[option]]
                for other in below:
                    row[other] += 1
    return preferred


def strongest_paths(preferred: Matrix) -> Matrix:
    """The strength of the strongest path from row to column: that of its weakest link."""
    size = range(len(preferred))
    paths = [[preferred[i][j] if preferred[i][j] > preferred[j][i] else 0 for j in size] for i in size]
    for via in size:
        onward = paths[via]
        for start in size:
            reach = paths[start][via]
            if reach and start != via:
                row = paths[start]
                paths[start] = [max(row[end], min(reach, onward[end])) if end != start else 0 for end in size]
    return paths


def prefer(first: str, second: str, orders: Iterable[Sequence[Collection[str]]]) -> tuple[int, int]:
    """How many ballots put the first before the second, and how many the second before the first."""
    for_, against = 0, 0
    for groups in orders:
        places = {option: place for place, group in enumerate(groups) for option in group}
        if first in places and second in places:
            for_ += places[first] < places[second]
            against += places[second] < places[first]
    return for_, against
