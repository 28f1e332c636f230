"""How firm a ranking stands: against counts by hand, all changes there are, and the package `krippendorff`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import krippendorff
import numpy
import pytest

from awards.domain.judging import CountedReview
from awards.domain.judging.agreement import alpha
from awards.domain.judging.robustness import Makings, sheet

STAGE: dict[str, Any] = {
    "rubric": [{"id": "merit", "weight": 3, "lead": True}, {"id": "reach", "weight": 2}],
    "scale": {"lowest": 0, "highest": 10},
    "ties": ["lead-criterion", "joint-winners"],
    "method": {"name": "weighted-rubric-mean", "version": 1},
}
GIVEN = {
    "aster": [(9, 8), (8, 9), (9, 9)],
    "birch": [(8, 9), (9, 8), (9, 8)],
    "cedar": [(8, 8), (8, 8), (8, 7)],
}
"""Scores of merit and reach by Ada, Ben and Cleo."""
PANEL = ("Ada", "Ben", "Cleo")


def reviews(given: dict[str, Sequence[tuple[int, int]]]) -> list[CountedReview]:
    return [
        CountedReview(reviewer, nomination, {"merit": merit, "reach": reach})
        for nomination, scores in given.items()
        for reviewer, (merit, reach) in zip(PANEL, scores, strict=False)
    ]


def counted(given: dict[str, Any] = GIVEN, minimum: int = 3, **rules: Any) -> Makings:
    return Makings({**STAGE, **rules}, list(given), reviews(given), minimum)


def test_without_one_reviewer_the_minimum_of_reviews_does_not_count() -> None:
    told = sheet(counted())
    assert told["winners"] == ["aster"]
    assert told["without_one"] == [
        {"reviewer": "Ada", "winners": ["aster"]},
        {"reviewer": "Ben", "winners": ["aster"]},
        {"reviewer": "Cleo", "winners": ["aster", "birch"]},
    ]
    assert told["margin"]["reviewers"] == 1


def test_the_distance_and_the_points_that_undo_it() -> None:
    """Aster has 26 and 26 points, birch 26 and 25: apart by 2 x 1 / 15; one point of merit is worth 3 / 15."""
    assert sheet(counted())["margin"] == {"lead": [2, 15], "points": 1, "reviewers": 1}


def test_other_methods_and_other_rungs_say_whom_they_would_have_named() -> None:
    told = sheet(counted())
    methods = {one["name"]: one["winners"] for one in told["methods"]}
    assert methods["median-of-totals"] == ["aster", "birch"]
    assert methods["borda"] == ["aster"]
    assert "weighted-rubric-mean" not in methods
    assert "approval" not in methods, "it needs a threshold, which the stage does not have"
    tied = {**GIVEN, "aster": [(9, 8), (8, 9), (9, 8)]}
    ladders = {tuple(one["ties"][:-1]): one["winners"] for one in sheet(counted(tied))["ladders"]}
    assert ladders[()] == ["aster", "birch"]
    assert set(ladders) == {(), ("lead-criterion",), ("head-to-head",), ("median",), ("least-disagreement",)}


def test_a_ladder_that_ends_with_the_lot_is_tried_without_it() -> None:
    tied = {**GIVEN, "aster": [(9, 8), (8, 9), (9, 8)]}
    told = sheet(counted(tied, ties=["lot"], lot="0" * 64))
    assert told["winners"] == ["aster", "birch"]
    assert {tuple(one["winners"]) for one in told["ladders"]} == {("aster", "birch")}


def test_a_threshold_of_the_stage_serves_other_methods() -> None:
    checks = [{"name": "approval", "version": 1, "worthy": [44, 5]}]
    told = {one["name"]: one for one in sheet(counted(cross_checks=checks))["methods"]}
    assert (told["approval"]["worthy"], told["approval"]["winners"]) == ([44, 5], ["aster"])
    assert told["schulze"]["worthy"] == [44, 5]


def test_where_nobody_can_change_the_winner_no_number_is_told() -> None:
    """One nomination alone wins whoever is left out, until nobody is left."""
    told = sheet(counted({"aster": GIVEN["aster"]}))
    assert told["margin"] == {"reviewers": 3}


def test_nothing_ranked_gives_an_empty_sheet() -> None:
    told = sheet(counted({}))
    assert (told["winners"], told["without_one"], told["margin"], told["agreement"]) == ([], [], {}, {"criteria": {}})


def test_what_takes_too_long_is_told_as_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    firm = {"aster": [(9, 9)] * 3, "birch": [(1, 1)] * 3}
    monkeypatch.setattr("awards.domain.judging.robustness.TRIALS", 6 * 5)
    told = sheet(counted(firm))
    assert (len(told["without_one"]), told["margin"]["reviewers_above"]) == (3, 1)
    monkeypatch.setattr("awards.domain.judging.robustness.TRIALS", 6 * 2)
    told = sheet(counted(firm))
    assert ("without_one" in told, told["margin"]["reviewers_above"]) == (False, 0)


def test_a_method_of_pairs_is_tried_less_often() -> None:
    many = {f"n{number:02}": [(5, 5)] * 3 for number in range(60)}
    mean, schulze = (counted(many, method={"name": name, "version": 1}) for name in ("weighted-rubric-mean", "schulze"))
    assert schulze.trials == 600_000 // (180 + 60**3 // 20)
    assert mean.trials == 600_000 // 180


@pytest.mark.parametrize("seed", range(40))
def test_the_points_are_the_least_there_are(seed: int) -> None:
    """Against every change of every score."""
    draw = random.Random(seed)
    rubric: list[dict[str, Any]] = [
        {"id": "merit", "weight": draw.randint(1, 3)},
        {"id": "reach", "weight": draw.randint(1, 3)},
    ]
    scores = [draw.randint(0, 3) for _ in range(6)]
    shape = [("aster", "Ada"), ("birch", "Ada"), ("birch", "Ben")]

    def totals(points: Sequence[int]) -> dict[str, Fraction]:
        found: dict[str, list[int]] = {"aster": [], "birch": []}
        for place, (nomination, _) in enumerate(shape):
            found[nomination].append(sum(rubric[one]["weight"] * points[2 * place + one] for one in (0, 1)))
        return {nomination: Fraction(sum(all_), len(all_)) for nomination, all_ in found.items()}

    stage = {**STAGE, "rubric": rubric, "scale": {"lowest": 0, "highest": 3}, "ties": ["joint-winners"]}
    given = [
        CountedReview(who, nomination, dict(zip(("merit", "reach"), scores[2 * place : 2 * place + 2], strict=True)))
        for place, (nomination, who) in enumerate(shape)
    ]
    margin = sheet(Makings(stage, ["aster", "birch"], given, 1))["margin"]
    before = totals(scores)
    first, other = sorted(before, key=before.__getitem__, reverse=True)
    if before[first] == before[other]:
        assert "points" not in margin
        return
    least = min(
        sum(abs(new - old) for new, old in zip(points, scores, strict=True))
        for points in product(range(4), repeat=6)
        if (now := totals(points))[other] >= now[first]
    )
    assert margin["points"] == least


@pytest.mark.parametrize("seed", range(60))
def test_agreement_is_krippendorffs_alpha_for_interval_data(seed: int) -> None:
    draw = random.Random(seed)
    units, raters = draw.randint(2, 9), draw.randint(2, 6)
    table = [[draw.choice([None, 1, 2, 3, 4, 5]) for _ in range(raters)] for _ in range(units)]
    ours = alpha([[value for value in unit if value is not None] for unit in table])
    data = numpy.array([[numpy.nan if value is None else value for value in unit] for unit in table]).T
    compared = [value for unit in table if sum(one is not None for one in unit) > 1 for value in unit if value]
    if len(set(compared)) < 2:
        assert ours is None
    else:
        theirs = krippendorff.alpha(reliability_data=data, level_of_measurement="interval")
        assert ours is not None
        assert float(ours) == pytest.approx(theirs, abs=1e-9)


def test_alpha_of_a_published_example() -> None:
    """Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): interval data of four observers."""
    missing = None
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, missing, missing, missing],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, missing, 3],
        [missing, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, missing],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, missing],
    ]
    found = alpha([[value for value in unit if value is not None] for unit in zip(*observers, strict=True)])
    assert found is not None
    assert round(float(found), 3) == 0.849
    assert alpha([[4, 4], [4, 4, 4]]) is None
    assert alpha([[4], [5]]) is None
