"""The methods against other people's programs, on thousands of random profiles."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

import numpy as np
import pyrankvote
import votelib.convert
import votelib.evaluate.condorcet
import votelib.evaluate.sequential

from awards.domain.judging import preferences
from awards.domain.judging.pairwise import strongest_paths
from tests.domain.panels import REVIEWERS, given, order, ranked, stage_by

OPTIONS = "abcde"
Profile = list[list[str]]


def profiles(seed: int, many: int, most: int = 12) -> Iterator[Profile]:
    """Strict ballots of all options."""
    chance = random.Random(seed)
    for _ in range(many):
        options = OPTIONS[: chance.randint(2, len(OPTIONS))]
        yield [chance.sample(options, len(options)) for _ in range(chance.randint(1, most))]


def panels(seed: int, many: int, lowest: int = 0) -> Iterator[dict[str, str]]:
    """Tables of scores, some of them missing, as for `ranked`."""
    chance = random.Random(seed)
    for _ in range(many):
        size = chance.randint(2, len(REVIEWERS))
        digits = "".join(map(str, range(lowest, 10))) + "---"
        yield {one: "".join(chance.choices(digits, k=size)) for one in OPTIONS[: chance.randint(1, 5)]}


def count(name: str, ballots: Profile) -> preferences.Outcome:
    return preferences.count({"name": name, "version": 1}, sorted(ballots[0]), ballots)


def condorcet(ballots: Profile) -> dict[tuple[str, str], int]:
    votes: dict[tuple[str, ...], int] = {}
    for ballot in ballots:
        votes[tuple(ballot)] = votes.get(tuple(ballot), 0) + 1
    return dict(votelib.convert.RankedToCondorcetVotes().convert(votes))


def test_strongest_paths_are_votelibs() -> None:
    for ballots in profiles(1, 1500):
        options = sorted(ballots[0])
        votes = condorcet(ballots)
        theirs = votelib.evaluate.condorcet.Schulze.widest_paths(votes)
        preferred = [[votes.get((one, other), 0) for other in options] for one in options]
        ours = strongest_paths(preferred)
        assert preferred == count("schulze", ballots).as_data()["steps"]["preferred"]
        for place, one in enumerate(options):
            for at, other in enumerate(options):
                assert one == other or ours[place][at] == theirs.get((one, other), 0)


def test_ranked_pairs_without_equal_majorities_are_votelibs() -> None:
    compared = 0
    for ballots in profiles(2, 3000, most=25):
        votes = condorcet(ballots)
        won = [many for (one, other), many in votes.items() if many > votes.get((other, one), 0)]
        size = len(ballots[0])
        if len(set(won)) == len(won) == size * (size - 1) // 2:
            theirs = votelib.evaluate.condorcet.RankedPairs().evaluate(votes, n_seats=size)
            assert [option for group in count("ranked-pairs", ballots).order for option in group] == list(theirs)
            compared += 1
    assert compared > 500


def test_borda_points_are_votelibs() -> None:
    for ballots in profiles(3, 1000):
        points = dict.fromkeys(ballots[0], 0)
        for ballot in ballots:
            for place, option in enumerate(ballot):
                points[option] += len(ballot) - 1 - place
        assert {one: told["points"] for one, told in count("borda", ballots).found.items()} == points
        groups = groupby(sorted(points, key=lambda one: (-points[one], one)), key=points.__getitem__)
        assert [list(group) for group in count("borda", ballots).order] == [list(group) for _, group in groups]


def test_run_offs_in_which_nobody_ties_for_going_out_are_pyrankvotes() -> None:
    compared = 0
    for ballots in profiles(4, 800, most=20):
        ours = count("instant-runoff", ballots)
        if any(list(one["votes"].values()).count(min(one["votes"].values())) > 1 for one in ours.steps["rounds"]):
            continue
        candidates = {option: pyrankvote.Candidate(option) for option in sorted(ballots[0])}
        theirs = pyrankvote.instant_runoff_voting(
            list(candidates.values()), [pyrankvote.Ballot([candidates[one] for one in ballot]) for ballot in ballots]
        )
        assert [winner.name for winner in theirs.get_winners()] == list(ours.order[0])
        compared += 1
    assert compared > 200


def test_seats_for_which_nobody_ties_are_votelibs() -> None:
    """Gregory's transfers, in exact fractions there, too; votelib forgets who is first on no ballot."""
    chance, compared = random.Random(9), 0
    oracle = votelib.evaluate.sequential.TransferableVoteSelector(quota_function="droop", transferer="Gregory")
    for ballots in profiles(9, 2000, most=40):
        options = sorted(ballots[0])
        seats = chance.randint(1, len(options) - 1)
        ours = preferences.count({"name": "stv", "version": 1, "seats": seats}, options, ballots).steps
        tied = any(len(set(one["votes"].values())) < len(one["votes"]) for one in ours["rounds"])
        if tied or {ballot[0] for ballot in ballots} < {*options}:
            continue
        votes = dict(Counter(tuple(ballot) for ballot in ballots))
        assert {one for group in ours["elected"] for one in group} == {*oracle.evaluate(votes, n_seats=seats)}
        compared += seats > 1
    assert compared > 200


def test_the_bias_model_is_numpys_least_squares() -> None:
    for table in panels(5, 300):
        mine = given(table)
        cells = [(who, what, float(total)) for who, all_ in mine.items() for what, total in all_.items()]
        if not cells:
            continue
        whos, whats = sorted(mine), sorted({what for _, what, _ in cells})
        design = np.zeros((len(cells), len(whos) + len(whats)))
        for row, (who, what, _) in enumerate(cells):
            design[row, whos.index(who)] = design[row, len(whos) + whats.index(what)] = 1
        totals = np.array([total for *_, total in cells])
        fitted = design @ np.linalg.lstsq(design, totals, rcond=None)[0]
        ranking = ranked(stage_by({"name": "additive-bias"}), table)
        worth = {one.nomination: float(one.found["corrected"]) for one in ranking.entries}
        bias = {who: float(number) for who, number in ranking.steps["reviewers"].items()}
        assert np.allclose([worth[what] + bias[who] for who, what, _ in cells], fitted, atol=1e-9)
        assert abs(sum(bias.values())) < 1e-9


def test_standardised_scores_are_the_standard_librarys() -> None:
    for table in panels(6, 500):
        expected: dict[str, list[float]] = {}
        for all_ in given(table).values():
            mean, deviation = statistics.mean(all_.values()), statistics.pstdev(map(float, all_.values()))
            for what, total in all_.items():
                expected.setdefault(what, []).append(float(total - mean) / deviation if deviation else 0.0)
        for one in ranked(stage_by({"name": "standardised-scores"}), table).entries:
            assert abs(float(one.found["standardised"]) - statistics.mean(expected[one.nomination])) < 1e-9


def test_trimmed_means_and_medians_are_numpys() -> None:
    for table in panels(7, 500):
        for one in ranked(stage_by({"name": "trimmed-mean", "trim": [1, 4]}), table).entries:
            totals = np.sort([int(score) for score in table[one.nomination] if score != "-"])
            cut = len(totals) // 4
            assert abs(float(one.found["total"]) - totals[cut : len(totals) - cut].mean()) < 1e-12
        for one in ranked(stage_by({"name": "median-of-totals"}), table).entries:
            totals = np.array([int(score) for score in table[one.nomination] if score != "-"])
            assert float(one.found["total"]) == np.median(totals)


def removed_one_by_one(totals: list[Fraction]) -> list[Fraction]:
    """Balinski and Laraki's majority values: the lower middle grade, again and again without it."""
    left, values = sorted(totals), []
    while left:
        values.append(left.pop((len(left) - 1) // 2))
    return values


def test_majority_judgment_orders_by_the_values_found_by_taking_middle_grades_away() -> None:
    """Where the gauge separates two and the panels are of one size, so does the longer procedure, the same way."""
    chance = random.Random(8)
    for _ in range(1500):
        size = chance.choice([1, 3, 5])
        table = {one: "".join(chance.choices("01234", k=size)) for one in "ab"}
        values = {one: removed_one_by_one([Fraction(int(score)) for score in row]) for one, row in table.items()}
        ours = order(ranked(stage_by({"name": "majority-judgment"}), table))
        assert ours == "(ab)" or ours == "".join(sorted("ab", key=values.__getitem__, reverse=True)), (table, ours)
