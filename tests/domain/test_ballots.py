"""Ballots: published elections with known results, and what is refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pytest

from awards.domain import judging
from awards.domain.judging import preferences
from awards.domain.refusals import InvalidRules

Ballots = list[list[list[str]]]


def strict(*votes: tuple[int, str]) -> Ballots:
    """Ballots without ties, written as words of one-letter options."""
    return [[[option] for option in order] for many, order in votes for _ in range(many)]


def counted(name: str, options: Sequence[str], ballots: Sequence[Sequence[Collection[str]]]) -> dict[str, Any]:
    seats = {"seats": 1} if name == "stv" else {}
    return preferences.count({"name": name, "version": 1, **seats}, options, ballots).as_data()


def order(name: str, options: Sequence[str], ballots: Sequence[Sequence[Collection[str]]]) -> str:
    """The order as a word; groups of several in brackets."""
    groups = counted(name, options, ballots)["order"]
    return "".join(group[0] if len(group) == 1 else f"({''.join(group)})" for group in groups)


TENNESSEE = strict((42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM"))
"""Memphis, Nashville, Chattanooga, Knoxville: where the capital shall be, by distance."""

SCHULZE_45 = strict(
    *((5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED")),
    *((7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC")),
)
"""M. Schulze's example of 45 voters (2011, section 3.1 as told on many pages): E wins, then A, C, B, D."""


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("schulze", "NCKM"),
        ("borda", "NCMK"),
        ("instant-runoff", "KMNC"),
        ("stv", "KMNC"),
        ("majority", "MNKC"),
        ("approval", "MNKC"),
    ],
)
def test_the_capital_of_tennessee_depends_on_the_method(method: str, expected: str) -> None:
    assert order(method, "CKMN", TENNESSEE) == expected


def test_tennessees_points_and_rounds_are_the_known_ones() -> None:
    found = counted("borda", "CKMN", TENNESSEE)["found"]
    assert {option: told["points"] for option, told in found.items()} == {
        "N": [194, 1],
        "C": [173, 1],
        "M": [126, 1],
        "K": [107, 1],
    }
    rounds = counted("instant-runoff", "CKMN", TENNESSEE)["steps"]["rounds"]
    assert [one["out"] for one in rounds] == [["C"], ["N"], ["M"]]
    assert rounds[-1]["votes"] == {"K": [58, 1], "M": [42, 1]}
    assert [one.get("majority") for one in rounds] == [None, None, "K"]


def test_schulzes_45_voters_elect_e_by_the_published_paths() -> None:
    told = counted("schulze", "ABCDE", SCHULZE_45)
    assert order("schulze", "ABCDE", SCHULZE_45) == "EACBD"
    assert told["steps"]["preferred"] == [
        [0, 20, 26, 30, 22],
        [25, 0, 16, 33, 18],
        [19, 29, 0, 17, 24],
        [15, 12, 28, 0, 14],
        [23, 27, 21, 31, 0],
    ]
    assert told["steps"]["paths"] == [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]


NO = judging.NO_AWARD


def with_no_award(*votes: tuple[int, str]) -> Ballots:
    """Ballots on which `-` is "no award"; what a ballot does not name ties last."""
    return [[[NO if option == "-" else option] for option in order_] for many, order_ in votes for _ in range(many)]


def test_no_award_wins_a_run_off_it_is_last_in() -> None:
    ballots = with_no_award((4, "A-"), (3, "B-"), (9, "-"))
    assert counted("instant-runoff", ["A", "B", NO], ballots)["order"] == [[NO], ["A"], ["B"]]


def test_a_winner_whom_more_put_below_no_award_does_not_win() -> None:
    """The final test of the Hugo Awards: C beats "no award" in no count of first places, and still loses to it."""
    ballots = with_no_award((6, "C"), (5, "A-C"), (4, "B-C"), (1, "-"))
    told = counted("instant-runoff", ["A", "B", "C", NO], ballots)
    assert [one["out"] for one in told["steps"]["rounds"]] == [[NO], ["B"], ["A"]]
    assert told["steps"]["against_no_award"] == {"C": [6, 10]}
    assert told["order"][:2] == [[NO], ["C"]]


def test_a_winner_whom_as_many_prefer_to_no_award_stays() -> None:
    ballots = with_no_award((3, "A"), (2, "B-A"), (1, "B"))
    told = counted("instant-runoff", ["A", "B", NO], ballots)
    assert told["order"][0] == ["A", "B"]


def test_who_is_last_in_the_round_before_goes_out_and_whom_nothing_separates_goes_out_together() -> None:
    assert order("instant-runoff", "ABCD", strict((5, "A"), (3, "BC"), (2, "CB"), (1, "DC"))) == "ABCD"
    assert order("instant-runoff", "ABC", strict((3, "A"), (1, "B"), (1, "C"))) == "A(BC)"
    assert order("instant-runoff", "AB", strict((1, "A"), (1, "B"))) == "(AB)"


@pytest.mark.parametrize("method", [name for name, _ in preferences.COUNTS])
def test_without_ballots_all_options_are_equal_and_without_options_there_is_no_order(method: str) -> None:
    assert counted(method, "BA", [])["order"] == [["A", "B"]]
    assert counted(method, "BA", [[], [[]], [["A", "B"]]])["order"] == [["A", "B"]]
    assert counted(method, "A", [[["A"]]])["order"] == [["A"]]
    assert counted(method, [], [])["order"] == []


def test_a_majority_is_more_than_half_of_the_votes_that_are_not_blank() -> None:
    motion = counted("majority", ["no", "yes"], [[["yes"]], [["yes"]], [["no"]], [], [["no", "yes"]]])
    assert motion["steps"] == {"votes": 3, "blank": 2, "reached": "yes"}
    assert motion["order"] == [["yes"], ["no"]]
    assert "reached" not in counted("majority", ["no", "yes"], [[["yes"]], [["no"]]])["steps"]


@pytest.mark.parametrize("ballot", [[["A"], ["A"]], [["C"]], [["A", "A"]]])
def test_a_ballot_that_names_something_else_or_twice_is_refused(ballot: list[list[str]]) -> None:
    with pytest.raises(judging.InvalidBallot):
        preferences.count({"name": "borda", "version": 1}, "AB", [ballot])


@pytest.mark.parametrize("method", [{"name": "coin", "version": 1}, {"name": "borda", "version": 2}])
def test_a_vote_by_an_unknown_method_is_refused(method: dict[str, Any]) -> None:
    with pytest.raises(judging.UnknownMethod):
        preferences.count(method, "AB", [])


def test_a_vote_takes_no_parameters() -> None:
    with pytest.raises(InvalidRules):
        preferences.count({"name": "borda", "version": 1, "trim": [1, 5]}, "AB", [])


def test_more_options_than_pairs_can_be_made_of_are_refused() -> None:
    options = [f"{number:03}" for number in range(preferences.MOST + 1)]
    for method in ("schulze", "instant-runoff", "stv"):
        with pytest.raises(judging.TooManyOptions):
            counted(method, options, [])
    assert len(counted("borda", options, [[options]])["order"]) == 1
