"""How firm a ranking stands: what would have to be otherwise for others to win, as data. It decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from awards.domain.judging.agreement import alpha
from awards.domain.judging.ladder import COMPUTED, JOINT_WINNERS, LOT
from awards.domain.judging.methods import METHODS, Method
from awards.domain.judging.preferences import TooManyOptions
from awards.domain.judging.ranking import rank
from awards.domain.judging.shapes import CountedReview, Ranking, Stage, as_json

TRIALS = 600_000
"""Reviews counted over and over at the most, in all rankings that are tried: some seconds."""

PAIRS = {"schulze", "ranked-pairs", "borda", "instant-runoff"}
"""Methods that compare nominations two by two or round by round: so many work like n^3 / 20 further reviews."""


@dataclass(frozen=True)
class Makings:
    """What a ranking is made of, to be made again in other ways."""

    stage: Stage
    nominations: Collection[str]
    reviews: Sequence[CountedReview]
    minimum_reviews: int
    settled: Mapping[str, Any] = field(default_factory=dict)

    def settled_by(self, settled: Mapping[str, Any]) -> Ranking:
        """The ranking with these results of votes and of the lot."""
        return rank(self.stage, self.nominations, self.reviews, self.minimum_reviews, settled)

    def again(self, **rules: Any) -> Ranking:
        """The ranking, with other rules of the stage where some are given."""
        return rank({**self.stage, **rules}, self.nominations, self.reviews, self.minimum_reviews, self.settled)

    def up(self, ladder: Sequence[str]) -> Ranking:
        """The ranking with another ladder of computed rungs."""
        stage = {name: rule for name, rule in self.stage.items() if name != LOT}
        return rank({**stage, "ties": ladder}, self.nominations, self.reviews, self.minimum_reviews)

    def without(self, reviewers: Collection[str]) -> Ranking:
        """The ranking without these reviewers; what only has fewer reviews without them is ranked all the same."""
        given = [review for review in self.reviews if review.reviewer not in reviewers]
        return rank(self.stage, self._ranked, given, 1, self.settled)

    @cached_property
    def _ranked(self) -> list[str]:
        return [entry.nomination for entry in self.again().entries]

    @property
    def trials(self) -> int:
        """How many rankings of this can be tried."""
        pairs = len(self.nominations) ** 3 // 20 if self.stage["method"]["name"] in PAIRS else 0
        return TRIALS // max(1, len(self.reviews) + pairs)

    @property
    def reviewers(self) -> list[str]:
        """Who gave a review that counts."""
        return sorted({review.reviewer for review in self.reviews})


def sheet(made: Makings) -> dict[str, Any]:
    """The robustness of a ranking as JSON data, fractions as [numerator, denominator]."""
    ranking = made.again()
    winners = _winners(ranking)
    alone = _without_one(made)
    told = {
        "winners": winners,
        **({} if alone is None else {"without_one": alone}),
        "methods": [{**told, **_by(made, told)} for told in _methods(made.stage)],
        "ladders": [{"ties": ties, "winners": _winners(made.up(ties))} for ties in _ladders()],
        "margin": {**_margin(made, ranking), **_fewest(made, winners, alone)},
        "agreement": _agreement(made),
    }
    return as_json(told)  # type: ignore[no-any-return]


def _winners(ranking: Ranking) -> list[str]:
    return [entry.nomination for entry in ranking.winners]


def _methods(stage: Stage) -> Iterator[dict[str, Any]]:
    """The other methods, with the parameters of the stage where they share them, else with their own defaults."""
    named = [stage["method"], *stage.get("cross_checks", ())]
    shared = {parameter: value for told in named for parameter, value in told.items()}
    for (name, version), known in METHODS.items():
        if name != stage["method"]["name"] and known.required <= shared.keys():
            yield {"name": name, "version": version, **_parameters(known, shared)}


def _parameters(known: Method, shared: Mapping[str, Any]) -> dict[str, Any]:
    return {**known.defaults, **{parameter: shared[parameter] for parameter in known.takes & shared.keys()}}


def _by(made: Makings, method: Mapping[str, Any]) -> dict[str, Any]:
    """Who wins by another method; one that cannot be run on so many says so."""
    try:
        return {"winners": _winners(made.again(method=method, cross_checks=()))}
    except TooManyOptions as refused:
        return {"code": refused.code}


def _ladders() -> list[list[str]]:
    """What the computed rungs do, each alone, and what none of them does."""
    return [[JOINT_WINNERS], *([rung, JOINT_WINNERS] for rung in COMPUTED)]


def _without_one(made: Makings) -> list[dict[str, Any]] | None:
    """The winners without each reviewer; None where so many rankings take too long."""
    if len(made.reviewers) > made.trials:
        return None
    return [{"reviewer": one, "winners": _winners(made.without([one]))} for one in made.reviewers]


def _fewest(made: Makings, winners: Sequence[str], alone: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
    """The least number of reviewers without whom others win; where it is not found, above how many it lies."""
    if alone is None:
        return {"reviewers_above": 0}
    if any(one["winners"] != winners for one in alone):
        return {"reviewers": 1}
    trials, known = made.trials - len(alone), made.reviewers
    for size in range(2, len(known) + 1):
        for left_out in combinations(known, size):
            trials -= 1
            if trials < 0:
                return {"reviewers_above": size - 1}
            if _winners(made.without(left_out)) != winners:
                return {"reviewers": size}
    return {}


def _margin(made: Makings, ranking: Ranking) -> dict[str, Any]:
    """By how much the mean of the winners lies before the next, and how many points of single scores undo that."""
    first, behind = ranking.winners, ranking.runners_up(1)
    if made.stage["method"]["name"] != "weighted-rubric-mean" or not (first and behind):
        return {}
    lead = first[0].tally.total - behind[0].tally.total
    pairs = [(one.nomination, other.nomination) for one in first for other in behind]
    return {"lead": lead, "points": min(_points(made, one, other, lead) for one, other in pairs)}


def _points(made: Makings, first: str, other: str, lead: Fraction) -> int:
    """The least number of points, up or down in single scores, that bring two means together."""
    missing, points = lead, 0
    for gain, room in sorted(_changes(made, first, other), reverse=True):
        if missing <= 0:
            break
        taken = min(room, -(-missing // gain))
        missing, points = missing - taken * gain, points + taken
    return points


def _changes(made: Makings, first: str, other: str) -> Iterator[tuple[Fraction, int]]:
    """What a point of each score of the two would change in the distance of their means, and how many there are."""
    rubric, scale = made.stage["rubric"], made.stage["scale"]
    whole = sum(criterion["weight"] for criterion in rubric)
    for nomination in (first, other):
        mine = [review for review in made.reviews if review.nomination == nomination]
        for review in mine:
            for criterion in rubric:
                score = review.scores[criterion["id"]]
                room = score - scale["lowest"] if nomination == first else scale["highest"] - score
                yield Fraction(criterion["weight"], whole * len(mine)), room


def _agreement(made: Makings) -> dict[str, Any]:
    """Krippendorff's alpha of the totals and of each criterion; left out where it is not defined."""
    weights = {criterion["id"]: criterion["weight"] for criterion in made.stage["rubric"]}
    given: dict[str, list[CountedReview]] = {}
    for review in made.reviews:
        given.setdefault(review.nomination, []).append(review)
    units = list(given.values())
    totals = alpha([[_weighted(review, weights) for review in unit] for unit in units])
    criteria = {one: alpha([[review.scores[one] for review in unit] for unit in units]) for one in weights}
    known = {one: value for one, value in criteria.items() if value is not None}
    return {**({} if totals is None else {"total": totals}), "criteria": known}


def _weighted(review: CountedReview, weights: Mapping[str, int]) -> int:
    """The sum of weighted scores, which is the total but for one factor that agreement does not depend on."""
    return sum(weight * review.scores[criterion] for criterion, weight in weights.items())
