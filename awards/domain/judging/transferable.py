"""Single transferable vote: several seats, by the weighted inclusive Gregory method with the Droop quota, exactly.

A ballot's vote lies with the first of the options left on it, in equal parts where several tie there; a ballot that
compares no two of the options left is exhausted. Who reaches the quota is elected, and passes on what she holds above
it: every part of a vote that she holds, at the same share of its value. Where nobody reaches it, the option with the
fewest votes goes out. All who are elected in a round pass on together, and so nothing depends on their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from awards.domain.judging.pairwise import Orders
from awards.domain.judging.shapes import Counted, grouped

PLACES = 9
"""Votes are compared exactly and written rounded to so many decimals: shares of shares grow long."""


@dataclass
class Count:
    """A count under way."""

    orders: Orders
    seats: int
    left: list[str]
    """Who takes votes: all but those who passed theirs on."""

    held: dict[str, dict[int, Fraction]] = field(default_factory=dict)
    """What an option holds: parts of the votes of ballots."""

    exhausted: Fraction = Fraction()
    quota: int = 0
    elected: list[list[str]] = field(default_factory=list)
    out: list[list[str]] = field(default_factory=list)
    tied: list[str] = field(default_factory=list)
    """Who tie over the last seats, which are fewer than they are."""

    votes: list[dict[str, Fraction]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def waiting(self) -> list[str]:
        """Who is neither elected nor out."""
        elected = {option for group in self.elected for option in group}
        return [option for option in self.left if option not in elected]

    @property
    def free(self) -> int:
        """How many seats are left."""
        return self.seats - sum(map(len, self.elected))


def stv(options: Sequence[str], orders: Orders, seats: int) -> Counted:
    """First the elected, in the order of election, then who tie over the last seats, then the others, last out first.

    Once all seats are taken the others go on going out, for the order among them; who took the last keeps her votes.
    """
    count = Count(orders, seats, [*options], {option: {} for option in options})
    for ballot in range(len(orders)):
        _give(count, ballot, Fraction(1))
    valid = len(orders) - int(count.exhausted)
    count.quota = valid // (seats + 1) + 1
    while count.waiting and not count.tied:
        _round(count)
    steps = {"seats": seats, "votes": valid, "quota": count.quota, "rounds": count.steps, "elected": count.elected}
    groups = [*count.elected, *([count.tied] if count.tied else []), *reversed(count.out)]
    return Counted(groups, _found(count), steps)


def _round(count: Count) -> None:
    """Elect who reaches the quota, or who is left for the seats left; where there is nobody, somebody goes out."""
    waiting = count.waiting
    votes = {option: sum(count.held[option].values(), Fraction()) for option in count.left}
    count.votes.append(votes)
    count.steps.append({"votes": _written(votes), "exhausted": round(count.exhausted, PLACES)})
    reached = [option for option in waiting if votes[option] >= count.quota]
    if count.free and (reached or len(waiting) <= count.free):
        _elect(count, reached or waiting)
    else:
        _drop(count, waiting)


def _elect(count: Count, options: Sequence[str]) -> None:
    """Seat them, the most votes first; while seats are left, they pass on what is above the quota."""
    count.elected += _ordered(count, options)
    count.steps[-1]["elected"] = [*options]
    if count.free and count.waiting:
        votes = count.votes[-1]
        _pass_on(count, {option: 1 - count.quota / votes[option] for option in options})


def _drop(count: Count, waiting: Sequence[str]) -> None:
    """Who has the fewest votes goes out; but if too few would be left for the seats, all others are elected."""
    *others, last = _ordered(count, waiting)
    if len(waiting) - len(last) >= count.free:
        count.out.append(last)
        count.steps[-1]["out"] = last
        _pass_on(count, dict.fromkeys(last, Fraction(1)))
        return
    count.elected += others
    count.tied = last
    count.steps[-1] |= {"elected": sorted(option for group in others for option in group), "tied": last}


def _ordered(count: Count, options: Sequence[str]) -> list[list[str]]:
    """By the votes in this round, equal ones by those in the round before, and so on back; else together."""
    return grouped({option: [votes[option] for votes in reversed(count.votes)] for option in options})


def _pass_on(count: Count, shares: Mapping[str, Fraction]) -> None:
    """Take options out of the count; of every part of a vote that they hold, a share goes to who is next on it."""
    count.left = [option for option in count.left if option not in shares]
    for option, share in shares.items():
        for ballot, part in count.held.pop(option).items():
            _give(count, ballot, part * share)


def _give(count: Count, ballot: int, part: Fraction) -> None:
    """Let those of the options left who stand first on a ballot have a part of its vote."""
    here = [kept for group in count.orders[ballot] if (kept := [option for option in count.left if option in group])]
    if len(here) < 2:
        count.exhausted += part
        return
    for option in here[0]:
        held = count.held[option]
        held[ballot] = held.get(ballot, Fraction()) + part / len(here[0])


def _written(votes: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {option: round(number, PLACES) for option, number in votes.items()}


def _found(count: Count) -> dict[str, dict[str, int]]:
    """What became of each option, and in which round."""
    return {
        option: {what: number}
        for number, step in enumerate(count.steps, start=1)
        for what in ("elected", "tied", "out")
        for option in step.get(what, ())
    }
