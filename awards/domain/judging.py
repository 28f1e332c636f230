"""The tally: from reviews to a ranking, in exact arithmetic.

Pure functions on integers and `fractions.Fraction`: the same rules and reviews give the same ranking in any order, on
any machine and in another program. `docs/judging.md` is the specification; where this file differs, the page counts.
Nothing is rounded. A ranking never decides: a decision names it, and people may depart from it only with a reason.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from awards.domain.refusals import Invalid, InvalidRules, ScoreOutOfScale, ScoresIncomplete

METHOD, VERSION = "weighted-rubric-mean", 1

LEAD_CRITERION, JOINT_WINNERS, NO_TIE = "lead-criterion", "joint-winners", "none"

COUNTED, NOT_COUNTED = "counted", "not_counted"
TOO_FEW_REVIEWS = "too_few_reviews"
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "withdrawn": "The nomination was withdrawn.",
        "nominee_declined": "The nominee declined.",
        "ineligible": "The nomination was ruled ineligible.",
        "not_ruled": "The nomination was not ruled upon.",
        "not_shortlisted": "The stage before did not shortlist the nomination.",
        TOO_FEW_REVIEWS: "The nomination has fewer counted reviews than the stage asks for.",
        "recused": "The reviewer is recused from the nomination.",
        "reviewer_declined": "The reviewer declined the assignment.",
        "voided": "The assignment ended unfinished, with the reviewer's seat on the panel or by a link to another id.",
        "not_submitted": "The reviewer submitted no scores.",
        "nomination_left_out": "The nomination is left out for a reason of its own, too few reviews excepted.",
    }
)
"""Why a nomination or a review of the question is left out; where several apply, the first in this order."""

Criterion = Mapping[str, Any]
CountedReview = tuple[str, Mapping[str, int]]
"""One review: the nomination's id and the score of every criterion."""


class UnknownMethod(Invalid):
    """A ranking by this method cannot be computed or verified here."""

    code = "unknown_method"
    message = "This method of ranking, in this version, is not known."


class NumberTooLarge(Invalid):
    """An exact number does not fit into the record's integers (RFC 8785: below 2**53)."""

    code = "number_too_large"
    message = "An exact result needs integers of 2^53 or more, which the record cannot hold."


@dataclass(frozen=True, slots=True)
class Tally:
    """One nomination's exact result: mean of the reviews' totals, mean score per criterion in the rubric's order."""

    total: Fraction
    criteria: tuple[tuple[str, Fraction], ...]
    reviews: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A nomination in its place; equal ranks are ties that the ladder left standing."""

    nomination: str
    rank: int
    tally: Tally

    def as_data(self) -> dict[str, Any]:
        """The entry as JSON data, fractions as [numerator, denominator]."""
        return {
            "nomination": self.nomination,
            "rank": self.rank,
            "total": as_pair(self.tally.total),
            "criteria": {criterion: as_pair(mean) for criterion, mean in self.tally.criteria},
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


@dataclass(frozen=True, slots=True)
class Ranking:
    """The computed order: best first, inside a rank by nomination id."""

    entries: tuple[Entry, ...]
    unranked: tuple[Unranked, ...]
    decided_by: str
    method: str = METHOD
    version: int = VERSION

    @property
    def winners(self) -> tuple[Entry, ...]:
        """All entries of rank 1; none when nothing is ranked."""
        return tuple(entry for entry in self.entries if entry.rank == 1)

    def runners_up(self, ranks: int) -> tuple[Entry, ...]:
        """All entries of the next `ranks` occupied ranks after the first."""
        named = sorted({entry.rank for entry in self.entries} - {1})[: max(ranks, 0)]
        return tuple(entry for entry in self.entries if entry.rank in named)

    def as_data(self) -> dict[str, Any]:
        """The ranking as JSON data; raises `NumberTooLarge` rather than writing an inexact number."""
        return {
            "method": self.method,
            "version": self.version,
            "decided_by": self.decided_by,
            "entries": [entry.as_data() for entry in self.entries],
            "unranked": [nomination.as_data() for nomination in self.unranked],
        }


def as_pair(number: Fraction) -> list[int]:
    """A fraction in lowest terms, [numerator, denominator], the denominator positive."""
    if max(abs(number.numerator), number.denominator) >= 2**53:
        raise NumberTooLarge()
    return [number.numerator, number.denominator]


def weighted_rubric_mean(rubric: Sequence[Criterion], reviews: Iterable[CountedReview]) -> dict[str, Tally]:
    """Each nomination's mean of sum(weight * score) / sum(weight) over its reviews; no review, no tally.

    Summed as integers first and divided once, which is the same number: every review has the same weights.
    """
    weights = {criterion["id"]: criterion["weight"] for criterion in rubric}
    sums: dict[str, dict[str, int]] = {}
    counts: Counter[str] = Counter()
    for nomination, scores in reviews:
        if scores.keys() != weights.keys():
            raise ScoresIncomplete()
        row = sums.setdefault(nomination, dict.fromkeys(weights, 0))
        for criterion, score in scores.items():
            row[criterion] += score
        counts[nomination] += 1
    whole = sum(weights.values())
    return {
        nomination: Tally(
            Fraction(sum(weight * row[criterion] for criterion, weight in weights.items()), whole * counts[nomination]),
            tuple((criterion, Fraction(total, counts[nomination])) for criterion, total in row.items()),
            counts[nomination],
        )
        for nomination, row in sums.items()
    }


def rank(
    stage: Mapping[str, Any], nominations: Collection[str], reviews: Iterable[CountedReview], minimum_reviews: int
) -> Ranking:
    """Rank the eligible nominations by their counted reviews under the stage's `rubric`, `scale` and `ties`.

    Reviews of other nominations are not counted. A nomination without a review is unranked, whatever the minimum.
    """
    check_stage(stage)
    eligible = set(nominations)
    counted = [review for review in reviews if review[0] in eligible]
    _check_scores(stage["scale"], counted)
    tallies = weighted_rubric_mean(stage["rubric"], counted)
    ranked = {nomination: tally for nomination, tally in tallies.items() if tally.reviews >= minimum_reviews}
    rungs = _rungs(stage)
    merits = {
        nomination: (tally.total, *(tally.criteria[index][1] for index in rungs.values()))
        for nomination, tally in ranked.items()
    }
    unranked = sorted(eligible - ranked.keys())
    return Ranking(
        entries=_entries(ranked, merits),
        unranked=tuple(Unranked(id_, tallies[id_].reviews if id_ in tallies else 0) for id_ in unranked),
        decided_by=_decided_by(list(merits.values()), list(rungs)),
    )


def _rungs(stage: Mapping[str, Any]) -> dict[str, int]:
    """The rungs that compare, with the criterion each looks at; no rubric need have a lead."""
    leads = [index for index, criterion in enumerate(stage["rubric"]) if criterion.get("lead")]
    return {LEAD_CRITERION: leads[0]} if leads and LEAD_CRITERION in stage["ties"] else {}


def _entries(ranked: Mapping[str, Tally], merits: Mapping[str, tuple[Fraction, ...]]) -> tuple[Entry, ...]:
    """Competition ranking (1, 1, 3) by merit; inside a rank by id, which the second, stable sort leaves alone."""
    entries: list[Entry] = []
    for place, nomination in enumerate(sorted(sorted(ranked), key=merits.__getitem__, reverse=True), start=1):
        tied = bool(entries) and merits[entries[-1].nomination] == merits[nomination]
        entries.append(Entry(nomination, entries[-1].rank if tied else place, ranked[nomination]))
    return tuple(entries)


def _decided_by(merits: Sequence[tuple[Fraction, ...]], rungs: Sequence[str]) -> str:
    """The first rung at which a single nomination is left in front; else the nominations there win jointly."""
    if not merits:
        return NO_TIE
    best = max(merits)
    for depth, rung in enumerate((NO_TIE, *rungs), start=1):
        if sum(merit[:depth] == best[:depth] for merit in merits) == 1:
            return rung
    return JOINT_WINNERS


def check_stage(stage: Mapping[str, Any]) -> None:
    """Refuse a rubric, scale or ladder that no ranking can be computed from."""
    rubric, scale, ties = stage["rubric"], stage["scale"], stage["ties"]
    if not rubric:
        raise InvalidRules("A rubric needs at least one criterion.")
    if len({criterion["id"] for criterion in rubric}) < len(rubric):
        raise InvalidRules("Two criteria of the rubric have the same id.")
    if any(type(criterion["weight"]) is not int or criterion["weight"] < 1 for criterion in rubric):
        raise InvalidRules("A criterion's weight is a whole number of at least 1.")
    if sum(bool(criterion.get("lead")) for criterion in rubric) > 1:
        raise InvalidRules("Only one criterion of a rubric can lead.")
    if any(type(scale[end]) is not int for end in ("lowest", "highest")) or scale["lowest"] >= scale["highest"]:
        raise InvalidRules("A scale runs from a lowest to a higher whole number.")
    if list(ties) not in ([LEAD_CRITERION, JOINT_WINNERS], [JOINT_WINNERS]):
        raise InvalidRules("The ladder for ties is the lead criterion, if wanted, then joint winners.")


def _check_scores(scale: Mapping[str, int], reviews: Iterable[CountedReview]) -> None:
    lowest, highest = scale["lowest"], scale["highest"]
    for _, scores in reviews:
        for score in scores.values():
            if type(score) is not int or not lowest <= score <= highest:
                raise ScoreOutOfScale()


Method = Callable[[Mapping[str, Any], Collection[str], Iterable[CountedReview], int], Ranking]
METHODS: Mapping[tuple[str, int], Method] = MappingProxyType({(METHOD, VERSION): rank})


def method(name: str, version: int) -> Method:
    """The function that ranks by this method; an unknown one is refused, never replaced by another."""
    if (name, version) not in METHODS:
        raise UnknownMethod()
    return METHODS[name, version]


def standing(reasons: Collection[str]) -> str:
    """How a nomination or review of the question stands: counted, or the first reason in the order of `LEFT_OUT`."""
    if unknown := set(reasons) - LEFT_OUT.keys():
        raise ValueError(f"not a reason for leaving out: {', '.join(sorted(unknown))}")
    return next((code for code in LEFT_OUT if code in reasons), COUNTED)


def inputs_bytes(entries: Iterable[tuple[str, int, str]]) -> bytes:
    """The RFC 8785 list, sorted by stream, of [stream, version, standing] for every stream of the edition.

    The domain does not import the ledger, and need not: for lists of printable ASCII text and integers below 2**53, and
    only for these, `json.dumps` without spaces is RFC 8785. Anything else is a mistake of the caller.
    """
    listed = sorted(entries)
    if len({stream for stream, _, _ in listed}) < len(listed):
        raise ValueError("a stream is listed twice")
    for stream, version, code in listed:
        if not (stream + code).isascii() or not (stream + code).isprintable():
            raise ValueError("a stream and its standing are printable ASCII")
        if type(version) is not int or not 1 <= version < 2**53:
            raise ValueError("a version is an integer from 1 to below 2**53")
    return json.dumps(listed, separators=(",", ":")).encode("ascii")


def inputs_digest(entries: Iterable[tuple[str, int, str]]) -> tuple[int, str]:
    """How many streams the list names, and the SHA-256 of its bytes in hexadecimal."""
    listed = list(entries)
    return len(listed), hashlib.sha256(inputs_bytes(listed)).hexdigest()
