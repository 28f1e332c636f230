"""Assignment by rule: who should review what, worked out and not yet recorded.

A plan gives each nomination the reviews it still lacks, keeps what is assigned, passes over every pair that is barred
or was ended before, and gives the load vector that is least in decreasing order: no plan has a smaller maximum, none of
those fewer reviewers at it, and so on down. That is the same as the least sum of squares, because the loads that can be
reached are the integral points of a base polyhedron (Frank and Murota, "Decreasing minimization on M-convex sets",
2022); so one linear objective settles both "smallest maximum" and "as even as possible".

That is a flow at convex cost: a unit from each nomination that lacks one, over the allowed pairs, to a reviewer, and on
through one slot a review, whose cost is the load it adds to. The matrix of a flow is totally unimodular, so the linear
program has integral vertices, and HiGHS (`scipy.optimize.linprog`) ends in one: exact without the branching of `milp`.
Its interior point method with crossover took a third of the time of its simplex at 3,000 nominations and 40 reviewers.
The same input gives the same plan.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from awards.domain.refusals import NotEnoughReviewers

Pair = tuple[str, str]
"""A nomination and a reviewer."""

INTEREST, RECUSED, ENDED = "interest", "recusal", "an earlier assignment that ended"


@dataclass(frozen=True)
class Given:
    """A review there is at the stage; `counts` while it is in or still to be expected."""

    nomination: str
    reviewer: str
    counts: bool


@dataclass(frozen=True)
class Plan:
    """New pairs, sorted, and how many reviews each member of the panel has without and with them."""

    pairs: tuple[Pair, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]


def plan(
    nominations: Collection[str],
    panel: Iterable[str],
    given: Iterable[Given],
    barred: Mapping[Pair, str],
    reviews: int,
) -> Plan:
    """Pairs that bring every nomination to so many reviews; `barred`: why a pair may not be.

    Refuses when one cannot be brought there, rather than plan for the others.
    """
    members = sorted(set(panel))
    known = list(given)
    there = {(one.nomination, one.reviewer): one.counts for one in known}
    before = dict.fromkeys(members, 0)
    have: dict[str, int] = {}
    for one in known:
        if one.counts:
            have[one.nomination] = have.get(one.nomination, 0) + 1
            if one.reviewer in before:
                before[one.reviewer] += 1
    lacking = {one: reviews - have.get(one, 0) for one in sorted(set(nominations)) if have.get(one, 0) < reviews}
    allowed = {one: [who for who in members if (one, who) not in there and (one, who) not in barred] for one in lacking}
    short = [one for one, lacks in lacking.items() if len(allowed[one]) < lacks]
    if short:
        count = f"{len(short)} of {len(set(nominations))} nominations cannot reach {reviews} reviews"
        raise NotEnoughReviewers(f"{count}: {_why(short, members, there, barred)}.")
    pairs = _solve(lacking, allowed, before)
    after = dict(before)
    for _, who in pairs:
        after[who] += 1
    return Plan(tuple(pairs), before, after)


def _why(short: Iterable[str], members: Sequence[str], there: Mapping[Pair, bool], barred: Mapping[Pair, str]) -> str:
    """What keeps members of the panel from the nominations that fall short, counted."""
    reasons: Counter[str] = Counter()
    for pair in product(short, members):
        if there.get(pair) is False:
            reasons[ENDED] += 1
        elif pair in barred and pair not in there:
            reasons[barred[pair]] += 1
    told = "".join(f", {count} by {why}" for why, count in sorted(reasons.items()))
    size = f"the panel has {len(members)} member{'s' * (len(members) != 1)}"
    return f"{size}, and of what would be needed there is barred{told[1:]}" if told else size


def _solve(lacking: Mapping[str, int], allowed: Mapping[str, Sequence[str]], before: Mapping[str, int]) -> list[Pair]:
    """The pairs of the flow of least cost."""
    if not lacking:
        return []
    import numpy as np  # noqa: PLC0415  # slow to import, and seldom needed
    from scipy.optimize import linprog  # noqa: PLC0415
    from scipy.sparse import coo_array  # noqa: PLC0415

    row_of = {name: row for row, name in enumerate([*lacking, *before])}
    pairs = [(one, who) for one in lacking for who in allowed[one]]
    slots = list(_slots(lacking, allowed, before))
    columns = np.arange(len(pairs) + len(slots))
    rows: list[Any] = [row_of[one] for one, _ in pairs]
    onward = [row_of[who] for _, who in pairs] + [row_of[who] for who, _ in slots]
    flow = coo_array(
        (
            np.concatenate([np.ones(2 * len(pairs)), -np.ones(len(slots))]),
            (np.array(rows + onward), np.concatenate([columns[: len(pairs)], columns])),
        ),
        shape=(len(row_of), len(columns)),
    ).tocsr()
    cost = np.concatenate([np.zeros(len(pairs)), np.array([load for _, load in slots], dtype=float)])
    lacks = np.array([*lacking.values(), *([0] * len(before))], dtype=float)
    found = linprog(cost, A_eq=flow, b_eq=lacks, bounds=(0, 1), method="highs-ipm")
    if found.status != 0:
        raise RuntimeError(f"the assignment was not solved: {found.message}")
    taken = np.rint(found.x)
    if not np.array_equal(flow @ taken, lacks):
        raise RuntimeError("the assignment was not solved in whole numbers")
    return [pair for pair, is_taken in zip(pairs, taken[: len(pairs)], strict=True) if is_taken]


def _slots(
    lacking: Mapping[str, int], allowed: Mapping[str, Sequence[str]], before: Mapping[str, int]
) -> Iterable[tuple[str, int]]:
    """A slot for every review a member might get: up to the maximum that giving each to the least loaded leads to.

    That is a plan, so the best one has no higher maximum; without this bound the program would be twice as large.
    """
    loads = dict(before)
    for one, lacks in lacking.items():
        for who in heapq.nsmallest(lacks, allowed[one], key=loads.__getitem__):
            loads[who] += 1
    highest = max((loads[who] for who in loads if loads[who] > before[who]), default=0)
    for who, load in before.items():
        for taken in range(load, highest):
            yield who, taken
