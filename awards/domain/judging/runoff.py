"""Instant run-off: round by round the option with the least support goes out.

A ballot's vote is for the first of the options left on it, shared equally where several tie there. A ballot that
compares no two of the options left is exhausted. The support of an option is its votes by the ballots that still
compare it with another: where everybody ranks everything that is the usual count, and where somebody was recused from
an option, the votes it could not get are not held against it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from awards.domain.judging.pairwise import Orders, prefer
from awards.domain.judging.shapes import NO_AWARD, Counted


@dataclass(frozen=True)
class Round:
    """One round: votes of each option left, how many ballots compare it, how many compare nothing any more."""

    votes: Mapping[str, Fraction]
    compared: Mapping[str, int]
    exhausted: int
    majority: str | None

    def support(self, option: str) -> Fraction:
        """Votes by ballots; of an option that no ballot compares, what it would have by chance."""
        many = self.compared[option]
        return self.votes[option] / many if many else Fraction(1, len(self.votes))


def instant_runoff(options: Sequence[str], orders: Orders) -> Counted:
    """The order is that of going out, the last one first; "no award", if it is an option, has the last word."""
    left, rounds, steps, groups = list(options), [], [], []
    while len(left) > 1:
        rounds.append(_round(left, orders))
        out = _least(left, rounds)
        groups.append(out)
        steps.append(_told(rounds[-1], out))
        left = [option for option in left if option not in out]
    groups += [left] if left else []
    went = {option: number for number, group in enumerate(groups, start=1) for option in group}
    found = {option: {"stayed": went[option]} for option in options}
    order, test = _last_word(groups[::-1], orders)
    return Counted(order, found, {"rounds": steps, **test})


def _round(left: Sequence[str], orders: Orders) -> Round:
    votes, compared, exhausted = dict.fromkeys(left, Fraction()), dict.fromkeys(left, 0), 0
    for groups in orders:
        here = [kept for group in groups if (kept := [option for option in left if option in group])]
        if len(here) < 2:
            exhausted += 1
            continue
        for option in here[0]:
            votes[option] += Fraction(1, len(here[0]))
        for group in here:
            for option in group:
                compared[option] += 1
    half = Fraction(len(orders) - exhausted, 2)
    return Round(votes, compared, exhausted, next((option for option in left if votes[option] > half), None))


def _least(left: Sequence[str], rounds: Sequence[Round]) -> list[str]:
    """Who goes out: the least support in this round; of several the least in the one before, and so on back.

    Those whom no round separates go out together; if that is all of them, they share the first place.
    """
    least = list(left)
    for earlier in reversed(rounds):
        lowest = min(earlier.support(option) for option in least)
        least = [option for option in least if earlier.support(option) == lowest]
    return least


def _told(counted: Round, out: Sequence[str]) -> dict[str, Any]:
    told = {
        "votes": dict(counted.votes),
        "compared": dict(counted.compared),
        "exhausted": counted.exhausted,
        "out": list(out),
    }
    return told | ({"majority": counted.majority} if counted.majority else {})


def _last_word(order: Sequence[Collection[str]], orders: Orders) -> tuple[list[list[str]], dict[str, Any]]:
    """Whoever is first stays there only if as many prefer it to "no award" as the other way round."""
    groups = [sorted(group) for group in order]
    if not groups or NO_AWARD in groups[0] or not any(NO_AWARD in group for group in groups):
        return groups, {}
    against = {option: prefer(option, NO_AWARD, orders) for option in groups[0]}
    failing = [option for option, (for_, not_) in against.items() if not_ > for_]
    passing = [option for option in groups[0] if option not in failing]
    rest = [[option for option in group if option != NO_AWARD] for group in groups[1:]]
    if failing and not passing:
        groups = [[NO_AWARD], failing, *(group for group in rest if group)]
    elif failing:
        groups = [passing, failing, *groups[1:]]
    return groups, {"against_no_award": {option: list(pair) for option, pair in against.items()}}
