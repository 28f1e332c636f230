"""The ladder: each rung by hand, acts that are open or settled, and the lot."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.domain import judging
from awards.domain.judging import PASSED_OVER, Ranking, rank
from awards.domain.refusals import InvalidRules
from tests.domain.panels import RUNS, SEED, order, ranked, stage_by, tables

COMPUTED = ["lead-criterion", "head-to-head", "median", "least-disagreement"]
MEAN = {"name": "weighted-rubric-mean"}
LOT = {"lot": judging.commitment_to(SEED)}


def climbed(*ties: str, settled: Any = None, **table: Any) -> Ranking:
    changes = LOT if "lot" in ties else {}
    return ranked(stage_by(MEAN, *ties, **changes), table, settled)


def told(ranking: Ranking) -> tuple[str, str]:
    return order(ranking), ranking.decided_by


# --- computed rungs


def test_head_to_head_asks_who_scored_both_and_prefers_whom() -> None:
    table = {"a": "924", "b": "645", "c": "111"}
    assert told(climbed("joint-winners", **table)) == ("(ab)c", "joint-winners")
    ranking = climbed("head-to-head", "joint-winners", **table)
    assert told(ranking) == ("bac", "head-to-head")
    assert ranking.as_data()["ties"] == [{"rung": "head-to-head", "nominations": ["a", "b"]}]


def test_head_to_head_leaves_out_who_scored_only_one_of_the_two() -> None:
    assert told(climbed("head-to-head", "joint-winners", a="9-3", b="-66", c="0--")) == ("bac", "head-to-head")


def test_a_circle_of_duels_breaks_nothing() -> None:
    assert told(climbed("head-to-head", "joint-winners", a="312", b="231", c="123")) == ("(abc)", "joint-winners")


def test_only_duels_within_the_tie_count() -> None:
    """a beats d and b does not; but d is not in the tie."""
    assert told(climbed("head-to-head", "joint-winners", a="60", b="06", d="50")) == ("(ab)d", "joint-winners")


def test_the_median_puts_first_whom_more_than_half_hold_high() -> None:
    assert told(climbed("median", "joint-winners", a="333", b="450")) == ("ba", "median")


def test_least_disagreement_puts_first_whom_reviewers_see_alike() -> None:
    assert told(climbed("least-disagreement", "joint-winners", a="159", b="456", c="555")) == (
        "cba",
        "least-disagreement",
    )


def test_least_disagreement_divides_by_one_less_than_the_reviews() -> None:
    """By the number of reviews both would have a variance of 1; two reviews tell less about agreement than four."""
    assert told(climbed("least-disagreement", "joint-winners", a="24--", b="2424")) == ("ba", "least-disagreement")


def test_a_single_review_agrees_with_nobody_so_the_rung_is_passed_over() -> None:
    assert told(climbed("least-disagreement", "joint-winners", a="3--", b="234")) == ("(ab)", "joint-winners")


def test_rungs_are_climbed_in_the_order_of_the_rules_and_at_every_rank() -> None:
    table = {"a": "159", "b": "555", "c": "042", "d": "222", "e": "051"}
    ranking = climbed("median", "least-disagreement", "joint-winners", **table)
    assert told(ranking) == ("badce", "least-disagreement")
    assert [(tie.rung, "".join(tie.nominations)) for tie in ranking.broken or ()] == [
        ("median", "cde"),
        ("least-disagreement", "ab"),
        ("least-disagreement", "cd"),
    ]


# --- acts


TIED = {"a": "33", "b": "33", "c": "33", "d": "11", "e": "11"}
ORDER = {"nominations": ["b", "a", "c"], "order": [["b"], ["a", "c"]]}


@pytest.mark.parametrize("act", ["run-off-vote", "casting-vote"])
def test_an_act_that_has_not_happened_leaves_the_first_rank_open_and_asks_no_later_rung(act: str) -> None:
    ranking = climbed(act, "least-disagreement", "lot", settled={"lot": SEED}, **TIED)
    assert told(ranking) == ("(abc)(de)", "open")
    assert ranking.as_data()["open_tie"] == {"rung": act, "nominations": ["a", "b", "c"]}


@pytest.mark.parametrize("act", ["run-off-vote", "casting-vote"])
def test_an_act_settles_the_first_rank_and_no_other(act: str) -> None:
    ranking = climbed(act, "joint-winners", settled={act: ORDER}, **TIED)
    assert told(ranking) == ("b(ac)(de)", act)
    assert ranking.open_tie is None
    assert "open_tie" not in ranking.as_data()


@pytest.mark.parametrize(
    "result",
    [
        {"nominations": ["a", "b"], "order": [["a"], ["b"]]},
        {"nominations": ["a", "b", "c", "d"], "order": [["a"], ["b"], ["c"], ["d"]]},
        {"nominations": ["a", "b", "c"], "order": [["a"], ["b"]]},
    ],
)
def test_a_vote_that_was_held_on_others_settles_nothing(result: dict[str, Any]) -> None:
    assert told(climbed("run-off-vote", "joint-winners", settled={"run-off-vote": result}, **TIED))[1] == "open"


def test_a_vote_that_ends_in_a_tie_hands_it_to_the_next_rung() -> None:
    tie = {"nominations": ["a", "b", "c"], "order": [["c", "a"], ["b"]]}
    run_off = climbed("run-off-vote", "casting-vote", "joint-winners", settled={"run-off-vote": tie}, **TIED)
    assert run_off.as_data()["open_tie"] == {"rung": "casting-vote", "nominations": ["a", "c"]}
    cast = {"nominations": ["a", "c"], "order": [["c"], ["a"]]}
    both = {"run-off-vote": tie, "casting-vote": cast}
    ranking = climbed("run-off-vote", "casting-vote", "joint-winners", settled=both, **TIED)
    assert told(ranking) == ("cab(de)", "casting-vote")
    assert [tie.rung for tie in ranking.broken or ()] == ["run-off-vote", "casting-vote"]


def test_a_rung_that_was_passed_over_decides_nothing() -> None:
    ranking = climbed("casting-vote", "joint-winners", settled={"casting-vote": PASSED_OVER}, **TIED)
    assert told(ranking) == ("(abc)(de)", "joint-winners")


def test_without_a_tie_of_the_first_rank_nothing_is_open() -> None:
    ranking = climbed("run-off-vote", "lot", a="5", b="3", c="3")
    assert (told(ranking), ranking.open_tie) == (("a(bc)", "none"), None)


# --- the lot


def test_the_lot_waits_for_its_seed_and_then_orders_the_first_rank() -> None:
    assert climbed("lot", **TIED).as_data()["open_tie"] == {"rung": "lot", "nominations": ["a", "b", "c"]}
    drawn = sorted("abc", key=lambda one: hashlib.sha256(f"{SEED}:{one}".encode()).hexdigest())
    assert told(climbed("lot", settled={"lot": SEED}, **TIED)) == ("".join(drawn) + "(de)", "lot")


def test_a_seed_that_was_not_committed_to_draws_nothing() -> None:
    with pytest.raises(judging.WrongSeed):
        climbed("lot", settled={"lot": "0e" * 32}, **TIED)


# --- the ladder in the rules


@pytest.mark.parametrize(
    ("ties", "changes"),
    [
        ([], {}),
        (["median"], {}),
        (["lot", "joint-winners"], LOT),
        (["joint-winners", "lot"], LOT),
        (["median", "median", "joint-winners"], {}),
        (["coin", "joint-winners"], {}),
        (["lot"], {}),
        (["lot"], {"lot": "0f"}),
        (["joint-winners"], LOT),
    ],
)
def test_a_ladder_that_leads_nowhere_is_refused(ties: list[str], changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRules):
        rank(stage_by(MEAN, **changes) | {"ties": ties}, [], [], 1)


# --- whatever the method


@given(
    tables(), st.sampled_from(RUNS), st.permutations(["lead-criterion", "head-to-head", "median", "least-disagreement"])
)
@settings(max_examples=80)
def test_a_ladder_only_breaks_ties_and_the_lot_leaves_one_winner(table: Any, run: Any, rungs: list[str]) -> None:
    free = ranked(stage_by(run), table)
    ladder = ranked(stage_by(run, *rungs, "lot", **LOT), table, {"lot": SEED})
    before = {entry.nomination: entry.rank for entry in free.entries}
    after = {entry.nomination: entry.rank for entry in ladder.entries}
    assert before.keys() == after.keys()
    assert all(after[one] < after[other] for one in before for other in before if before[one] < before[other])
    assert len(ladder.winners) == min(len(free.winners), 1)
    assert ladder.decided_by != "open"
    assert {one for tie in ladder.broken or () for one in tie.nominations} <= {
        one for one in before if list(before.values()).count(before[one]) > 1
    }


@given(tables(), st.sampled_from(RUNS))
@settings(max_examples=60)
def test_who_comes_first_is_settled_by_the_rung_that_is_named(table: Any, run: Any) -> None:
    rungs = ["head-to-head", "median", "least-disagreement"]
    whole = ranked(stage_by(run, *rungs, "joint-winners"), table)
    if whole.decided_by in rungs:
        upto = rungs[: rungs.index(whole.decided_by)]
        assert len(ranked(stage_by(run, *upto, "joint-winners"), table).winners) > 1
        upto.append(whole.decided_by)
        assert ranked(stage_by(run, *upto, "joint-winners"), table).winners == whole.winners
    assert (whole.decided_by == "joint-winners") == (len(whole.winners) > 1)
