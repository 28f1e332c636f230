"""Ranked pairs (N. Tideman, "Independence of clones as a criterion for voting rules", 1987), without a lottery.

Majorities are locked in by strength: more ballots for, then fewer against. Those of equal strength are taken together,
and each that would close a circle with locked ones or with its equals is left out, so that no name decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from awards.domain.judging.pairwise import Matrix, Orders, preferences
from awards.domain.judging.shapes import Counted, grouped

Link = tuple[int, int]


def ranked_pairs(options: Sequence[str], orders: Orders) -> Counted:
    """By the number of options from which locked majorities lead to it; the winners have none."""
    preferred = preferences(options, orders)
    locked, reach = _locked(preferred)
    beaten = {option: sum(row >> place & 1 for row in reach) for place, option in enumerate(options)}
    steps = {
        "options": list(options),
        "preferred": preferred,
        "locked": [[options[one], options[other]] for one, other in locked],
    }
    order = grouped({option: -many for option, many in beaten.items()})
    return Counted(order, {option: {"beaten_by": many} for option, many in beaten.items()}, steps)


def _locked(preferred: Matrix) -> tuple[list[Link], list[int]]:
    """The majorities that are locked in, strongest first, and for each option, as bits, what they lead to from it."""
    size = range(len(preferred))

    def strength(link: Link) -> tuple[int, int]:
        return -preferred[link[0]][link[1]], preferred[link[1]][link[0]]

    majorities = sorted(((i, j) for i in size for j in size if preferred[i][j] > preferred[j][i]), key=strength)
    locked: list[Link] = []
    reach = [0 for _ in size]
    for _, equals in groupby(majorities, key=strength):
        batch = list(equals)
        together = _reaching(reach, batch)
        kept = [(one, other) for one, other in batch if not together[other] >> one & 1]
        reach = _reaching(reach, kept)
        locked += kept
    return locked, reach


def _reaching(reach: Sequence[int], links: Iterable[Link]) -> list[int]:
    """What is reached from each with these links as well."""
    found = list(reach)
    for one, other in links:
        added = found[other] | 1 << other
        found = [row | added if place == one or row >> one & 1 else row for place, row in enumerate(found)]
    return found
