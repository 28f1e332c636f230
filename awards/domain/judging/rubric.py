"""The rubric: its weights and scale, checked; and what reviews come to under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from awards.domain.judging.shapes import CountedReview, Criterion, Stage, Tally
from awards.domain.refusals import InvalidRules, ScoreOutOfScale, ScoresIncomplete


class Field:
    """What is ranked: the nominations with enough reviews, with all that methods and rungs look at."""

    def __init__(self, stage: Stage, tallies: Mapping[str, Tally], reviews: Iterable[CountedReview]) -> None:
        self.tallies = tallies
        self.weights = {criterion["id"]: criterion["weight"] for criterion in stage["rubric"]}
        self.reviews = [review for review in reviews if review.nomination in tallies]

    @cached_property
    def whole(self) -> int:
        """The sum of the weights."""
        return sum(self.weights.values())

    @cached_property
    def totals(self) -> dict[str, list[Fraction]]:
        """The totals of each nomination's reviews, the lowest first."""
        found: dict[str, list[Fraction]] = {nomination: [] for nomination in self.tallies}
        for review in self.reviews:
            found[review.nomination].append(self._total(review))
        return {nomination: sorted(totals) for nomination, totals in found.items()}

    @cached_property
    def given(self) -> dict[str, dict[str, Fraction]]:
        """What each reviewer's totals are, by nomination; of several reviews of one nomination, their mean."""
        found: dict[str, dict[str, list[Fraction]]] = {}
        for review in self.reviews:
            found.setdefault(review.reviewer, {}).setdefault(review.nomination, []).append(self._total(review))
        return {
            reviewer: {nomination: sum(all_, Fraction()) / len(all_) for nomination, all_ in sorted(mine.items())}
            for reviewer, mine in sorted(found.items())
        }

    def _total(self, review: CountedReview) -> Fraction:
        return Fraction(
            sum(weight * review.scores[criterion] for criterion, weight in self.weights.items()), self.whole
        )


def tallied(rubric: Sequence[Criterion], reviews: Iterable[CountedReview]) -> dict[str, Tally]:
    """Each nomination's mean of sum(weight * score) / sum(weight) over its reviews; no review, no tally.

    Summed as integers first and divided once, which is the same number: every review has the same weights.
    """
    weights = {criterion["id"]: criterion["weight"] for criterion in rubric}
    sums: dict[str, dict[str, int]] = {}
    counts: Counter[str] = Counter()
    for _, nomination, scores in reviews:
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


def check_rubric(stage: Stage) -> None:
    """Refuse a rubric or scale that nothing can be computed from."""
    rubric, scale = stage["rubric"], stage["scale"]
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


def check_scores(scale: Mapping[str, int], reviews: Iterable[CountedReview]) -> None:
    """Refuse a score that the scale does not have."""
    lowest, highest = scale["lowest"], scale["highest"]
    for _, _, scores in reviews:
        for score in scores.values():
            if type(score) is not int or not lowest <= score <= highest:
                raise ScoreOutOfScale()


def median(ordered: Sequence[Fraction]) -> Fraction:
    """The middle one; of an even number, the mean of the two in the middle."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
