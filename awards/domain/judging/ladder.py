"""The ladder: what breaks ties, rung by rung, as the rules fixed it.

A computed rung splits every tie it can. An act of people, and the lot, settle rank 1 only; where the result of such a
rung is not there yet, rank 1 stays open and no later rung is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType
from typing import Any

from awards.domain.judging.lot import HEX, check_seed, drawn
from awards.domain.judging.rubric import Field, median
from awards.domain.judging.shapes import Broken, Groups, Stage, grouped
from awards.domain.refusals import InvalidRules

LEAD_CRITERION, JOINT_WINNERS, LOT = "lead-criterion", "joint-winners", "lot"
ACTS = ("run-off-vote", "casting-vote")
NO_TIE, OPEN, PASSED_OVER = "none", "open", "passed-over"

Settled = Mapping[str, Any]
"""Rung -> its result: of an act `{nominations, order}` or `PASSED_OVER`; of the lot its seed."""


def lead_criterion(field: Field, tied: Sequence[str], stage: Stage) -> list[list[str]] | None:
    """The higher mean of the lead criterion; a rubric without a lead passes by."""
    leads = [place for place, criterion in enumerate(stage["rubric"]) if criterion.get("lead")]
    return grouped({one: field.tallies[one].criteria[leads[0]][1] for one in tied}) if leads else None


def head_to_head(field: Field, tied: Sequence[str], stage: Stage) -> list[list[str]] | None:
    """Who wins more duels with the others of the tie than she loses; who scored both judges a duel, by her totals."""
    balance = dict.fromkeys(tied, 0)
    for one, other in combinations(tied, 2):
        duels = [mine[one] - mine[other] for mine in field.given.values() if one in mine and other in mine]
        ahead = sum(lead > 0 for lead in duels) - sum(lead < 0 for lead in duels)
        balance[one] += (ahead > 0) - (ahead < 0)
        balance[other] += (ahead < 0) - (ahead > 0)
    return grouped(balance)


def median_total(field: Field, tied: Sequence[str], stage: Stage) -> list[list[str]] | None:
    """The higher median of the totals."""
    return grouped({one: median(field.totals[one]) for one in tied})


def least_disagreement(field: Field, tied: Sequence[str], stage: Stage) -> list[list[str]] | None:
    """The smaller variance of the totals; passed by where one of the tied has a single review, which has none."""
    if any(len(field.totals[one]) == 1 for one in tied):
        return None
    return grouped({one: -_variance(field.totals[one]) for one in tied})


def _variance(totals: Sequence[Fraction]) -> Fraction:
    """The sample variance: squared distances from the mean, by one less than there are."""
    mean = sum(totals, Fraction()) / len(totals)
    return sum(((total - mean) ** 2 for total in totals), Fraction()) / (len(totals) - 1)


Rung = Callable[[Field, Sequence[str], Stage], list[list[str]] | None]
COMPUTED: Mapping[str, Rung] = MappingProxyType(
    {
        LEAD_CRITERION: lead_criterion,
        "head-to-head": head_to_head,
        "median": median_total,
        "least-disagreement": least_disagreement,
    }
)
RUNGS = (*COMPUTED, *ACTS, LOT, JOINT_WINNERS)
LAST = (LOT, JOINT_WINNERS)


class Climb:
    """The groups of a method on their way up the ladder."""

    def __init__(self, stage: Stage, field: Field, groups: Groups, settled: Settled, contested: bool) -> None:
        self.stage, self.field, self.settled = stage, field, settled
        self.groups = [sorted(group) for group in groups]
        self.contested = contested
        """Whether the first group is tied for the award, and not behind "no award"."""
        self.broken: list[Broken] = []
        self.decided_by = NO_TIE
        self.open_tie: dict[str, Any] | None = None
        for rung in stage["ties"]:
            self._climb(rung)

    def _climb(self, rung: str) -> None:
        first, others = self.groups[:1], self.groups[1:]
        if self._tied():
            first = self._front(rung, first[0])
        if rung in COMPUTED:
            if not self.contested:
                first, others = [], self.groups
            others = [part for group in others for part in self._split(rung, group)]
        self.groups = first + others

    def _tied(self) -> bool:
        return self.contested and bool(self.groups) and len(self.groups[0]) > 1 and self.open_tie is None

    def _front(self, rung: str, tie: list[str]) -> list[list[str]]:
        """What a rung makes of rank 1, and whether it is the one that decides."""
        if self._waits(rung):
            self.open_tie = {"rung": rung, "nominations": tie}
            self.decided_by = OPEN
            return [tie]
        parts = self._split(rung, tie)
        if len(parts[0]) == 1 or rung == JOINT_WINNERS:
            self.decided_by = rung
        return parts

    def _waits(self, rung: str) -> bool:
        return LOT not in self.settled if rung == LOT else rung in ACTS and self._result(rung) is None

    def _result(self, rung: str) -> Any:
        """The result of an act, if it was held on exactly this tie."""
        result = self.settled.get(rung)
        if result is None or result == PASSED_OVER:
            return result
        held_on = [one for group in result["order"] for one in group]
        return result if sorted(result["nominations"]) == sorted(held_on) == self.groups[0] else None

    def _split(self, rung: str, tie: Sequence[str]) -> list[list[str]]:
        if len(tie) < 2:
            return [list(tie)]
        parts = self._parts(rung, tie)
        if parts is None or len(parts) == 1:
            return [list(tie)]
        self.broken.append(Broken(rung, tuple(tie)))
        return [sorted(part) for part in parts]

    def _parts(self, rung: str, tie: Sequence[str]) -> Groups | None:
        if rung in COMPUTED:
            return COMPUTED[rung](self.field, tie, self.stage)
        if rung == LOT:
            check_seed(self.stage["lot"], self.settled[LOT])
            return drawn(self.settled[LOT], tie)
        result = self._result(rung) if rung in ACTS else None
        return result["order"] if isinstance(result, Mapping) else None


def check_ladder(stage: Stage) -> None:
    """Refuse a ladder that leads nowhere, and a lot without the commitment to its seed."""
    ties = list(stage["ties"])
    if not ties or ties[-1] not in LAST:
        raise InvalidRules("The ladder for ties ends with joint winners or the lot.")
    if len(set(ties)) < len(ties) or not set(ties) <= set(RUNGS) or set(ties[:-1]) & set(LAST):
        raise InvalidRules("The ladder for ties has known rungs, each once; only its end is joint winners or the lot.")
    if (LOT in ties) != ("lot" in stage):
        raise InvalidRules("A ladder with the lot, and only such a one, needs the SHA-256 of the seed as `lot`.")
    if "lot" in stage and not HEX.fullmatch(stage["lot"]):
        raise InvalidRules("The commitment to a seed is its SHA-256 in lower-case hexadecimal.")
