"""The single transferable vote: a published election, ties and equal rankings by hand, and what it promises."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.domain.judging import preferences
from awards.domain.refusals import InvalidRules
from awards.schemas.ballots import SEATS
from tests.domain.panels import IDS, weak_orders
from tests.domain.test_ballots import Ballots, strict

FOOD = strict((4, "OP"), (2, "PO"), (8, "CB"), (4, "CS"), (1, "B"), (1, "S"))
"""What is served at a party, the example of many pages: oranges, pears, chocolate, berries, sweets, for 20 guests."""

ballots_of_some = st.lists(weak_orders(IDS), max_size=12)


def counted(seats: Any, options: Any, ballots: Ballots) -> dict[str, Any]:
    return preferences.count({"name": "stv", "version": 1, "seats": seats}, options, ballots).as_data()


def order(seats: int, options: str, ballots: Ballots) -> str:
    groups = counted(seats, options, ballots)["order"]
    return "".join(group[0] if len(group) == 1 else f"({''.join(group)})" for group in groups)


def test_the_party_is_served_chocolate_oranges_and_berries() -> None:
    steps = counted(3, "BCOPS", FOOD)["steps"]
    assert (steps["quota"], steps["elected"]) == (6, [["C"], ["O"], ["B"]])
    assert [(one.get("elected"), one.get("out")) for one in steps["rounds"]] == [
        (["C"], None),
        (None, ["P"]),
        (["O"], None),
        (None, ["S"]),
        (["B"], None),
    ]
    assert steps["rounds"][1]["votes"] == {"B": [5, 1], "O": [4, 1], "P": [2, 1], "S": [3, 1]}
    assert order(3, "BCOPS", FOOD) == "COBSP"


def test_who_holds_more_than_the_quota_passes_on_the_same_share_of_every_part_of_a_vote() -> None:
    """a has 7 of 11 votes and needs 4: 3/7 of each goes on. b, with 3 and 9/7, passes on 2/7 of 30/7, and so on."""
    votes = strict((3, "abd"), (4, "acd"), (3, "bcd"), (1, "dcb"))
    steps = counted(2, "abcd", votes)["steps"]
    assert (steps["quota"], steps["votes"]) == (4, 11)
    second = preferences.count({"name": "stv", "version": 1, "seats": 2}, "abcd", votes).steps["rounds"][1]
    assert second["votes"] == {"b": round(Fraction(30, 7), 9), "c": round(Fraction(12, 7), 9), "d": 1}
    assert steps["elected"] == [["a"], ["b"]]


def test_a_party_with_two_thirds_of_the_votes_gets_two_of_three_seats() -> None:
    votes = strict((7, "abcxyz"), (3, "bacxyz"), (5, "xyzabc"))
    assert counted(3, "abcxyz", votes)["steps"]["elected"] == [["a"], ["x"], ["b"]]


def test_equals_share_a_vote_and_who_is_elected_leaves_it_to_the_others() -> None:
    """Four hold a and b equal, each with half a vote: with the others a has 5, needs 3, passes on 2/5 of all it has."""
    votes = [[["a", "b"], ["c"], ["d"]]] * 4 + [[["a"], ["c"], ["d"], ["b"]]] * 3
    rounds = counted(2, "abcd", votes)["steps"]["rounds"]
    assert rounds[0]["votes"] == {"a": [5, 1], "b": [2, 1], "c": [0, 1], "d": [0, 1]}
    assert rounds[1]["votes"] == {"b": [14, 5], "c": [6, 5], "d": [0, 1]}


def test_those_whom_nothing_separates_tie_over_the_last_seats_and_no_one_is_drawn() -> None:
    told = counted(2, "abc", strict((3, "a"), (2, "b"), (2, "c")))
    assert told["order"] == [["a"], ["b", "c"]]
    assert (told["steps"]["elected"], told["steps"]["rounds"][-1]["tied"]) == ([["a"]], ["b", "c"])
    assert told["found"] == {"a": {"elected": 1}, "b": {"tied": 2}, "c": {"tied": 2}}
    assert order(1, "ab", strict((1, "a"), (1, "b"))) == "(ab)"


def test_who_had_fewer_in_the_round_before_goes_out_first_and_whom_no_round_separates_together() -> None:
    assert order(1, "abcd", strict((5, "a"), (3, "bc"), (2, "cb"), (1, "dc"))) == "abcd"
    assert order(2, "abcd", strict((5, "a"), (5, "b"), (1, "c"), (1, "d"))) == "(ab)(cd)"


def test_with_as_many_seats_as_options_all_are_elected() -> None:
    assert counted(2, "ab", strict((3, "a"), (1, "b")))["steps"]["elected"] == [["a"], ["b"]]
    assert counted(20, "ab", [])["steps"]["elected"] == [["a", "b"]]


def test_a_long_count_is_exact_and_still_fits_into_the_record() -> None:
    names = "abcdefghijklmnopqrstuvwxyz"
    votes = [[[one] for one in sorted(names, key=lambda one: pow(ord(one), turn, 131))] for turn in range(2, 130)]
    told = counted(12, names, votes)
    shares = [number for one in told["steps"]["rounds"] for number in one["votes"].values()]
    assert max(of for _, of in shares) == 10**9
    assert sum(map(len, told["steps"]["elected"])) + len(told["steps"]["rounds"][-1].get("tied", [])) >= 12


@pytest.mark.parametrize("seats", [0, 21, -1, True, "2", None, [1, 1]])
def test_seats_are_a_number_from_1_to_20(seats: Any) -> None:
    with pytest.raises(InvalidRules):
        counted(seats, "ab", [])


def test_a_request_may_ask_for_as_many_seats_as_a_count_takes() -> None:
    assert SEATS == preferences.MOST_SEATS


@pytest.mark.parametrize("more", [{}, {"seats": 1, "quota": "hare"}])
def test_seats_have_to_be_given_and_nothing_else_can_be(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidRules):
        preferences.count({"name": "stv", "version": 1, **more}, "ab", [])


@given(ballots_of_some, st.integers(1, 4), st.randoms(use_true_random=False))
def test_anonymity_whose_ballot_is_whose_and_in_which_order_they_come_does_not_matter(
    ballots: Any, seats: int, random: Any
) -> None:
    others = [[random.sample(group, len(group)) for group in one] for one in random.sample(ballots, len(ballots))]
    assert counted(seats, random.sample(IDS, len(IDS)), others) == counted(seats, IDS, ballots)


@given(ballots_of_some, st.integers(1, 4), st.permutations(list(IDS)))
def test_neutrality_renaming_the_options_renames_the_outcome(ballots: Any, seats: int, names: list[str]) -> None:
    name = dict(zip(IDS, names, strict=True))
    renamed = [[[name[one] for one in group] for group in ballot] for ballot in ballots]
    before, after = counted(seats, IDS, ballots), counted(seats, IDS, renamed)
    assert after["order"] == [sorted(name[one] for one in group) for group in before["order"]]
    assert after["found"] == {name[one]: told for one, told in before["found"].items()}


@given(ballots_of_some, st.integers(1, 6))
@settings(max_examples=200)
def test_no_vote_is_lost_or_made_and_seats_are_filled_or_tied_over(ballots: Any, seats: int) -> None:
    outcome = preferences.count({"name": "stv", "version": 1, "seats": seats}, IDS, ballots)
    elected, quota = 0, outcome.steps["quota"]
    for one in outcome.steps["rounds"]:
        here, least = sum(one["votes"].values()) + one["exhausted"], len(ballots) - elected * quota
        assert here <= len(ballots) + Fraction(1, 10**6)
        assert here >= least - Fraction(1, 10**6)
        elected += len(one.get("elected", ()))
    tied = outcome.steps["rounds"][-1].get("tied", [])
    filled = elected == min(seats, len(IDS))
    assert filled != bool(tied)
    assert elected + len(tied) > seats or filled
    assert sorted(one for group in outcome.order for one in group) == list(IDS)


@given(st.lists(weak_orders(IDS).filter(lambda one: all(len(group) == 1 for group in one)), max_size=12))
def test_one_seat_is_the_instant_run_off(ballots: Any) -> None:
    run_off = preferences.count({"name": "instant-runoff", "version": 1}, IDS, ballots)
    assert counted(1, IDS, ballots)["order"] == [list(group) for group in run_off.order]


@given(st.lists(st.permutations(list(IDS)), min_size=1, max_size=12), st.integers(1, 4), st.data())
def test_a_solid_group_of_enough_voters_gets_the_seats_it_has_quotas_for(
    ballots: Any, seats: int, data: st.DataObject
) -> None:
    """Who all put the same options before all others, in any order, fill as many seats as they are Droop quotas."""
    party = data.draw(st.sets(st.sampled_from(IDS), min_size=1, max_size=4))
    solid = data.draw(st.integers(0, len(ballots)))
    votes = [
        [[one] for one in (sorted(ballot, key=lambda one: one not in party) if number < solid else ballot)]
        for number, ballot in enumerate(ballots)
    ]
    told = counted(seats, IDS, votes)
    won = len({one for group in told["steps"]["elected"] for one in group} & party)
    over = len(set(told["steps"]["rounds"][-1].get("tied", [])) & party)
    assert won + over >= min(solid // told["steps"]["quota"], len(party))
