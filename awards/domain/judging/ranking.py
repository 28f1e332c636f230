"""One count: from a stage's rules, its nominations and its reviews to ranks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from awards.domain.judging.ladder import JOINT_WINNERS, LEAD_CRITERION, Climb, Settled, check_ladder
from awards.domain.judging.methods import check_method, completed_method, method
from awards.domain.judging.preferences import TooManyOptions
from awards.domain.judging.rubric import Field, check_rubric, check_scores, tallied
from awards.domain.judging.shapes import (
    NO_AWARD,
    CountedReview,
    Entry,
    Ranking,
    Stage,
    Unranked,
)
from awards.domain.refusals import InvalidRules

NOTHING_SETTLED: Settled = MappingProxyType({})
UNTOLD = {LEAD_CRITERION, JOINT_WINNERS}
"""The rungs of the first ladders, whose rankings did not tell which ties were broken, and never will."""


def rank(
    stage: Stage,
    nominations: Collection[str],
    reviews: Iterable[CountedReview],
    minimum_reviews: int,
    settled: Settled = NOTHING_SETTLED,
) -> Ranking:
    """Rank the eligible nominations by their counted reviews under the stage's method, rubric, scale and ties.

    Reviews of other nominations are not counted. A nomination without a review is unranked, whatever the minimum.
    """
    check_stage(stage)
    eligible = set(nominations)
    counted = [review for review in reviews if review[1] in eligible]
    check_scores(stage["scale"], counted)
    tallies = tallied(stage["rubric"], counted)
    field = Field(stage, {one: tally for one, tally in tallies.items() if tally.reviews >= minimum_reviews}, counted)
    unranked = sorted(eligible - field.tallies.keys())
    return _ranking(
        stage, field, tuple(Unranked(one, tallies[one].reviews if one in tallies else 0) for one in unranked), settled
    )


def _ranking(stage: Stage, field: Field, unranked: tuple[Unranked, ...], settled: Settled) -> Ranking:
    run = completed_method(stage["method"])
    made = method(run["name"], run["version"]).rank(field, run)
    before, behind, has_no_award = _parted(made.groups)
    climb = Climb(stage, field, [*before, *behind], settled, bool(before))
    ranked = sum(map(len, before))
    entries: list[Entry] = []
    for group in climb.groups:
        place = 1 + len(entries) + (1 if has_no_award and len(entries) >= ranked else 0)
        entries += [Entry(one, place, field.tallies[one], made.found[one]) for one in group]
    return Ranking(
        entries=tuple(entries),
        unranked=unranked,
        decided_by="no-award" if has_no_award and not before else climb.decided_by,
        method=run["name"],
        version=run["version"],
        no_award=ranked + 1 if has_no_award else None,
        steps=made.steps,
        broken=None if set(stage["ties"]) <= UNTOLD else tuple(climb.broken),
        open_tie=climb.open_tie,
    )


def _parted(groups: Iterable[Collection[str]]) -> tuple[list[list[str]], list[list[str]], bool]:
    """The groups before and behind "no award", which comes last where it is tied, and whether it is an option."""
    before: list[list[str]] = []
    behind: list[list[str]] = []
    passed = False
    for group in groups:
        (behind if passed else before).append([one for one in group if one != NO_AWARD])
        passed = passed or NO_AWARD in group
    return [group for group in before if group], [group for group in behind if group], passed


def cross_checked(
    stage: Stage,
    nominations: Collection[str],
    reviews: Iterable[CountedReview],
    minimum_reviews: int,
    settled: Settled = NOTHING_SETTLED,
) -> dict[str, Ranking | None]:
    """The same count by each of the further methods that the stage names, by name of the method.

    None by a method that does not compare so many: what is beside the binding method must not stop it.
    """
    given, alone = list(reviews), {**stage, "cross_checks": ()}

    def by(method: Mapping[str, Any]) -> Ranking | None:
        try:
            return rank({**alone, "method": method}, nominations, given, minimum_reviews, settled)
        except TooManyOptions:
            return None

    return {other["name"]: by(other) for other in stage.get("cross_checks", ())}


def check_stage(stage: Stage) -> None:
    """Refuse a rubric, scale, ladder or method that no ranking can be computed from."""
    check_rubric(stage)
    check_ladder(stage)
    methods = [completed_method(told) for told in (stage["method"], *stage.get("cross_checks", ()))]
    for told in methods:
        check_method(told, stage)
    if len({told["name"] for told in methods}) < len(methods):
        raise InvalidRules("A method is either binding or a cross-check, and each is named once.")


def completed_stage(stage: Mapping[str, Any]) -> dict[str, Any]:
    """The rules of a stage with what its methods leave to defaults filled in."""
    told: dict[str, Any] = {"method": completed_method(stage["method"])}
    if "cross_checks" in stage:
        told["cross_checks"] = [completed_method(other) for other in stage["cross_checks"]]
    return {**stage, **told}
