"""The methods that rank reviews: each by hand, against a second implementation, and by what it promises."""

from __future__ import annotations

import copy
import statistics
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.domain import judging
from awards.domain.judging import CountedReview, Ranking, cross_checked, rank
from awards.domain.refusals import InvalidRules
from tests.domain import panels
from tests.domain.panels import RUNS, order, raised, ranked, reviews_of, stage_by, tables

each_run = pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(map(str, run.values())))
ALONE = ("weighted-rubric-mean", "median-of-totals", "trimmed-mean", "approval", "majority-judgment")
"""What ranks by a number of each nomination alone, so that no other can win by its higher score."""
MONOTONE = (*ALONE, "borda", "schulze", "ranked-pairs")


def found(run: Mapping[str, Any], table: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    return {one["nomination"]: one for one in ranked(stage_by(run), table).as_data()["entries"]}


# --- by hand


def test_one_reviewer_alone_moves_a_mean_but_hardly_a_median_or_a_trimmed_mean() -> None:
    table = {"a": "66660", "b": "55555"}
    assert order(ranked(stage_by({"name": "weighted-rubric-mean"}), table)) == "ba"
    assert order(ranked(stage_by({"name": "median-of-totals"}), table)) == "ab"
    assert order(ranked(stage_by({"name": "trimmed-mean"}), table)) == "ab"
    assert found({"name": "trimmed-mean"}, table)["a"]["total"] == [6, 1]


def test_a_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() -> None:
    assert found({"name": "median-of-totals"}, {"a": "1368"})["a"]["total"] == [9, 2]


@pytest.mark.parametrize(("trim", "total"), [([0, 1], [4, 1]), ([1, 4], [7, 2]), ([49, 100], [7, 2])])
def test_a_trimmed_mean_leaves_out_the_whole_part_of_its_share_at_each_end(trim: list[int], total: list[int]) -> None:
    assert found({"name": "trimmed-mean", "trim": trim}, {"a": "1348"})["a"]["total"] == total


def test_what_nobody_trims_is_a_mean() -> None:
    assert found({"name": "trimmed-mean"}, {"a": "09"})["a"]["total"] == [9, 2]


def test_approval_is_the_share_of_those_who_hold_it_worthy() -> None:
    run = {"name": "approval", "worthy": [5, 1]}
    told = found(run, {"a": "5544", "b": "5--4", "c": "9990"})
    assert [(one["approvals"], one["share"]) for one in told.values()] == [(3, [3, 4]), (2, [1, 2]), (1, [1, 2])]
    assert order(ranked(stage_by(run), {"a": "5544", "b": "5--4", "c": "9990"})) == "c(ab)"


def test_borda_counts_comparisons_won_and_half_of_those_tied_by_comparison() -> None:
    told = found({"name": "borda"}, {"a": "97", "b": "79", "c": "77"})
    assert {name: (one["points"], one["comparisons"], one["average"]) for name, one in told.items()} == {
        "a": ([5, 2], 4, [5, 8]),
        "b": ([5, 2], 4, [5, 8]),
        "c": ([1, 1], 4, [1, 4]),
    }


@pytest.mark.parametrize("name", ["borda", "schulze", "ranked-pairs", "instant-runoff", "additive-bias"])
def test_a_recusal_from_a_nomination_does_not_cost_it_its_place(name: str) -> None:
    """Everybody prefers a to b to c; whoever is recused from a, it stays first by the others' word."""
    whole = {"a": "9999", "b": "7777", "c": "5555"}
    for place in range(4):
        table = {**whole, "a": "9" * place + "-" + "9" * (3 - place)}
        assert order(ranked(stage_by({"name": name}), table)) == "abc"


def test_the_middle_grade_is_the_lower_of_two_and_the_gauge_tells_equal_ones_apart() -> None:
    table = {"a": "3557", "b": "3558", "c": "5577", "d": "3355", "e": "5555"}
    told = found({"name": "majority-judgment"}, table)
    assert told["a"]["grade"] == told["c"]["grade"] == [5, 1]
    assert (told["c"]["above"], told["a"]["below"], told["d"]["grade"]) == ([1, 2], [1, 4], [3, 1])
    assert order(ranked(stage_by({"name": "majority-judgment"}), table)) == "ce(ab)d"


def test_a_strict_reviewer_costs_nobody_a_place() -> None:
    """x gives two less than v and w to everybody; a was read by her alone, and with her 6 is worth more than c's 7."""
    table = {"a": "--6", "b": "664", "c": "77-", "d": "553"}
    assert order(ranked(stage_by({"name": "weighted-rubric-mean"}), table)) == "cabd"
    ranking = ranked(stage_by({"name": "additive-bias"}), table)
    assert order(ranking) == "acbd"
    assert ranking.as_data()["steps"]["reviewers"] == {
        "v": [666666666667, 10**12],
        "w": [666666666667, 10**12],
        "x": [-1333333333333, 10**12],
    }
    told = found({"name": "additive-bias"}, table)
    assert (told["a"]["corrected"], told["a"]["raw"]) == ([7333333333333, 10**12], [6, 1])


def test_reviewers_whom_no_nomination_links_are_not_compared() -> None:
    """v and w read a and b, x and y read c and d: nothing tells whether x and y are the stricter ones."""
    table = {"a": "75--", "b": "97--", "c": "--53", "d": "--31"}
    told = found({"name": "additive-bias"}, table)
    assert {one: entry["corrected"] for one, entry in told.items()} == {
        one: entry["raw"] for one, entry in told.items()
    }


def test_standardised_scores_are_in_units_of_each_reviewer() -> None:
    """v uses the whole scale and w a corner of it; x, who gives everybody the same, says nothing."""
    told = found({"name": "standardised-scores"}, {"a": "945", "b": "155", "c": "5--"})
    by_hand = (4 / (32 / 3) ** 0.5 - 1) / 3
    number, of = told["a"]["standardised"]
    assert number / of == pytest.approx(by_hand, abs=1e-12)
    assert told["a"]["standardised"] == [74914957131, 10**12]
    assert (told["a"]["raw"], told["c"]["standardised"]) == ([6, 1], [0, 1])


def test_who_compares_nothing_leaves_a_nomination_in_the_middle() -> None:
    """d was read by one reviewer, who read nothing else."""
    assert found({"name": "borda"}, {"a": "9-", "b": "7-", "d": "-5"})["d"]["average"] == [1, 2]


def test_no_award_stands_in_the_run_off_where_totals_are_no_longer_worthy() -> None:
    run = {"name": "instant-runoff", "worthy": [5, 1]}
    assert order(ranked(stage_by(run), {"a": "987", "b": "766"})) == "ab"
    ranking = ranked(stage_by(run), {"a": "944", "b": "344", "c": "233"})
    assert (ranking.winners, ranking.runners_up(3), ranking.decided_by, ranking.no_award) == ((), (), "no-award", 1)
    assert [(one.nomination, one.rank) for one in ranking.entries] == [("a", 2), ("b", 3), ("c", 3)]


def test_nobody_behind_no_award_is_a_runner_up() -> None:
    run = {"name": "schulze", "worthy": [5, 1]}
    ranking = ranked(stage_by(run), {"a": "999", "b": "777", "c": "333", "d": "222"})
    assert [(one.nomination, one.rank) for one in ranking.entries] == [("a", 1), ("b", 2), ("c", 4), ("d", 5)]
    assert (ranking.no_award, [one.nomination for one in ranking.runners_up(9)]) == (3, ["b"])


def test_a_nomination_that_is_tied_with_no_award_stands_before_it() -> None:
    ranking = ranked(stage_by({"name": "schulze", "worthy": [5, 1]}), {"a": "91"})
    assert ([one.nomination for one in ranking.winners], ranking.no_award) == (["a"], 2)


@each_run
def test_nothing_reviewed_is_nothing_ranked_and_a_single_nomination_has_a_place(run: dict[str, Any]) -> None:
    nothing = rank(stage_by(run), "ab", [], 1)
    assert (nothing.entries, nothing.winners, nothing.decided_by) == ((), (), "none")
    assert [one.nomination for one in nothing.unranked] == ["a", "b"]
    assert rank(stage_by(run), [], [], 1).as_data()["entries"] == []
    alone = ranked(stage_by(run), {"a": "567"})
    assert [(one.nomination, one.rank) for one in alone.winners] == [("a", 1)]
    assert alone.decided_by == "none"


@each_run
def test_too_few_reviews_count_in_no_comparison(run: dict[str, Any]) -> None:
    table = {"a": "78-", "b": "67-", "c": "--9"}
    with_c = rank(stage_by(run), "abc", reviews_of(table), 2)
    without = rank(stage_by(run), "ab", reviews_of({"a": "78-", "b": "67-"}), 2)
    assert with_c.entries == without.entries
    assert with_c.steps == without.steps
    assert [one.nomination for one in with_c.unranked] == ["c"]


# --- rules


@pytest.mark.parametrize(
    "run",
    [
        {"name": "trimmed-mean", "trim": [1, 2]},
        {"name": "trimmed-mean", "trim": [-1, 5]},
        {"name": "trimmed-mean", "trim": [2, 10]},
        {"name": "trimmed-mean", "trim": [1, 0]},
        {"name": "trimmed-mean", "trim": [True, 5]},
        {"name": "trimmed-mean", "trim": 0.2},
        {"name": "approval"},
        {"name": "approval", "worthy": [10, 1]},
        {"name": "approval", "worthy": [-1, 1]},
        {"name": "borda", "worthy": [5, 1]},
        {"name": "weighted-rubric-mean", "trim": [1, 5]},
        {"name": "schulze", "speed": 9},
    ],
)
def test_parameters_that_a_method_lacks_does_not_take_or_cannot_use_are_refused(run: dict[str, Any]) -> None:
    with pytest.raises(InvalidRules):
        rank(stage_by(run), [], [], 1)
    with pytest.raises(InvalidRules):
        rank(stage_by({"name": "median-of-totals"}, cross_checks=[{"version": 1, **run}]), [], [], 1)


def test_what_rules_leave_to_a_method_is_filled_in() -> None:
    stage = stage_by({"name": "trimmed-mean"}, cross_checks=[{"name": "borda", "version": 1}])
    completed = judging.completed_stage(stage)
    assert completed["method"] == {"name": "trimmed-mean", "version": 1, "trim": [1, 5]}
    assert completed["cross_checks"] == [{"name": "borda", "version": 1}]
    assert judging.completed_stage(completed) == completed
    assert stage["method"] == {"name": "trimmed-mean", "version": 1}


def test_a_method_is_named_once_among_binding_and_cross_checks() -> None:
    for others in (["borda", "borda"], ["schulze"]):
        checks = [{"name": name, "version": 1} for name in others]
        with pytest.raises(InvalidRules):
            rank(stage_by({"name": "schulze"}, cross_checks=checks), [], [], 1)


def test_cross_checks_are_the_rankings_of_the_other_methods() -> None:
    checks = [{"name": "median-of-totals", "version": 1}, {"name": "borda", "version": 1}]
    table = {"a": "66660", "b": "55555"}
    stage = stage_by({"name": "weighted-rubric-mean"}, cross_checks=checks)
    others = cross_checked(stage, "ab", iter(reviews_of(table)), 1)
    assert {name: order(one) for name, one in others.items() if one} == {"median-of-totals": "ab", "borda": "ab"}
    assert others["borda"] == ranked(stage_by({"name": "borda"}), table)
    assert cross_checked(stage_by({"name": "borda"}), "ab", reviews_of(table), 1) == {}


def test_a_cross_check_that_compares_at_most_so_many_does_not_stop_the_count() -> None:
    stage = stage_by({"name": "weighted-rubric-mean"}, cross_checks=[{"name": "schulze", "version": 1}])
    table = {f"n{number:03}": "5" for number in range(101)}
    assert cross_checked(stage, list(table), reviews_of(table), 1) == {"schulze": None}


# --- promises of every method


def _nameless(ranking: Ranking) -> dict[str, Any]:
    """The ranking as data, with the biases of reviewers, which stand under their names, as a mere list."""
    told = ranking.as_data()
    biases = told.get("steps", {}).get("reviewers", {})
    return told | ({"steps": sorted(biases.values())} if biases else {})


@given(tables(), st.sampled_from(RUNS), st.randoms(use_true_random=False))
def test_anonymity_who_gave_which_scores_and_in_which_order_does_not_matter(table: Any, run: Any, random: Any) -> None:
    stage, reviews = stage_by(run, "head-to-head", "joint-winners"), reviews_of(table)
    names = list(panels.REVIEWERS)
    random.shuffle(names)
    other = dict(zip(panels.REVIEWERS, names, strict=True))
    renamed = [CountedReview(other[one.reviewer], one.nomination, one.scores) for one in reviews]
    random.shuffle(renamed)
    nominations = random.sample(sorted(table), len(table))
    before, after = rank(stage, table.keys(), reviews, 1), rank(stage, nominations, renamed, 1)
    assert rfc8785.dumps(_nameless(after)) == rfc8785.dumps(_nameless(before))


@given(tables(), st.sampled_from(RUNS), st.permutations(list(panels.IDS)))
def test_neutrality_renaming_the_nominations_renames_the_ranking(table: Any, run: Any, names: list[str]) -> None:
    stage = stage_by(run, "head-to-head", "joint-winners")
    name = dict(zip(panels.IDS, names, strict=True))
    before, after = ranked(stage, table), ranked(stage, {name[one]: row for one, row in table.items()})
    assert {(one.nomination, one.rank) for one in after.entries} == {
        (name[one.nomination], one.rank) for one in before.entries
    }
    assert (after.no_award, after.decided_by) == (before.no_award, before.decided_by)


@given(tables(), st.sampled_from([run for run in RUNS if run["name"] in MONOTONE and "worthy" not in run]), st.data())
@settings(max_examples=100)
def test_monotonicity_a_higher_score_never_costs_the_first_place(table: Any, run: Any, data: st.DataObject) -> None:
    raisable = [(one, at) for one, row in table.items() for at, score in enumerate(row) if score not in "-9"]
    if not raisable:
        return
    nomination, at = data.draw(st.sampled_from(raisable))
    before = {one.nomination for one in ranked(stage_by(run), table).winners}
    after = {one.nomination for one in ranked(stage_by(run), raised(table, nomination, at)).winners}
    assert nomination not in before or nomination in after
    if run["name"] in ALONE:
        assert after <= before | {nomination}


def test_a_run_off_is_not_monotone_and_promises_nothing_of_the_kind() -> None:
    """The known paradox, with 17 votes: two who put a higher cost it the win."""
    votes = ["abc"] * 6 + ["cab"] * 5 + ["bca"] * 4 + ["bac"] * 2
    before = judging.preferences.count({"name": "instant-runoff", "version": 1}, "abc", [list(one) for one in votes])
    votes[-2:] = ["abc"] * 2
    after = judging.preferences.count({"name": "instant-runoff", "version": 1}, "abc", [list(one) for one in votes])
    assert (before.order[0], after.order[0]) == (("a",), ("c",))


@given(tables(), st.sampled_from(RUNS))
def test_nothing_that_comes_in_is_changed(table: Any, run: Any) -> None:
    stage, reviews = stage_by(run, "head-to-head", "joint-winners"), reviews_of(table)
    as_given = copy.deepcopy((stage, reviews))
    rank(stage, table.keys(), reviews, 1)
    assert (stage, reviews) == as_given


# --- against other ways to compute the same


@given(tables(absent=False))
def test_totals_are_those_of_the_standard_library(table: Any) -> None:
    for name, oracle in (("weighted-rubric-mean", statistics.mean), ("median-of-totals", statistics.median)):
        for entry in ranked(stage_by({"name": name}), table).entries:
            assert entry.found["total"] == oracle([Fraction(int(score)) for score in table[entry.nomination]])


@given(tables())
@settings(max_examples=60)
def test_schulze_by_all_paths_written_out(table: Any) -> None:
    """The strongest path as defined: over every sequence of other options, the weakest of its links."""
    given_, names = panels.given(table), sorted(one for one, row in table.items() if row.strip("-"))

    def prefer(one: str, other: str) -> int:
        return sum(mine[one] > mine[other] for mine in given_.values() if one in mine and other in mine)

    def link(one: str, other: str) -> int:
        return prefer(one, other) if prefer(one, other) > prefer(other, one) else 0

    def strongest(start: str, end: str) -> int:
        between = [one for one in names if one not in (start, end)]
        ways = [(start, *via, end) for size in range(len(between) + 1) for via in permutations(between, size)]
        return max(min(link(one, other) for one, other in pairwise(way)) for way in ways)

    beaten = {one: sum(strongest(x, one) > strongest(one, x) for x in names if x != one) for one in names}
    ranking = ranked(stage_by({"name": "schulze"}), table)
    assert {one.nomination: one.rank for one in ranking.entries} == {
        one: 1 + sum(beaten[other] < beaten[one] for other in names) for one in names
    }


@given(tables())
@settings(max_examples=60)
def test_borda_pair_by_pair(table: Any) -> None:
    given_ = panels.given(table).values()
    for entry in ranked(stage_by({"name": "borda"}), table).entries:
        name = entry.nomination
        duels = [(mine[name], mine[other]) for mine in given_ if name in mine for other in mine if other != name]
        points = sum((Fraction(2 if own > other else own == other, 2) for own, other in duels), Fraction())
        assert entry.found["points"] == points
        assert entry.found["average"] == (points / len(duels) if duels else Fraction(1, 2))
