"""Stages and reviews for the tests of methods and ladders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from awards.domain.judging import METHODS, CountedReview, Ranking, rank

IDS = "abcde"
REVIEWERS = "vwxyz"
SEED = "0f" * 32
WORTHY = {"worthy": [5, 2]}
RUNS: list[dict[str, Any]] = [
    {"name": name, "version": version, **(WORTHY if "worthy" in method.required else {})}
    for (name, version), method in METHODS.items()
] + [{"name": name, "version": 1, **WORTHY} for name in ("schulze", "instant-runoff")]


def stage_by(run: Mapping[str, Any], *ties: str, **changes: Any) -> dict[str, Any]:
    """A stage with one criterion from 0 to 9, so that a score is a total."""
    return {
        "rubric": [{"id": "worth", "weight": 1}],
        "scale": {"lowest": 0, "highest": 9},
        "method": {"version": 1, **run},
        "ties": [*ties] or ["joint-winners"],
        **changes,
    }


def reviews_of(table: Mapping[str, str]) -> list[CountedReview]:
    """Reviews from a table: nomination -> one digit a reviewer (v, w, x, y, z in this order), `-` for none."""
    return [
        CountedReview(reviewer, nomination, {"worth": int(score)})
        for nomination, row in table.items()
        for reviewer, score in zip(REVIEWERS, row, strict=False)
        if score != "-"
    ]


def ranked(stage: Mapping[str, Any], table: Mapping[str, str], settled: Mapping[str, Any] | None = None) -> Ranking:
    """The ranking of a table's nominations."""
    return rank(stage, table.keys(), reviews_of(table), 1, settled or {})


def order(ranking: Ranking) -> str:
    """The order as a word; who shares a rank in brackets."""
    by_rank: dict[int, str] = {}
    for entry in ranking.entries:
        by_rank[entry.rank] = by_rank.get(entry.rank, "") + entry.nomination
    return "".join(group if len(group) == 1 else f"({group})" for group in by_rank.values())


@st.composite
def tables(draw: st.DrawFn, most: int = 5, highest: int = 4, absent: bool = True) -> dict[str, str]:
    """Who gave what to whom, few values, so many ties; where `absent`, with nominations not reviewed by everybody."""
    scores = "".join(map(str, range(highest + 1))) + ("-" if absent else "")
    nominations = IDS[: draw(st.integers(1, most))]
    panel = draw(st.integers(1, len(REVIEWERS)))
    return {one: draw(st.text(st.sampled_from(scores), min_size=panel, max_size=panel)) for one in nominations}


def given(table: Mapping[str, str]) -> dict[str, dict[str, Fraction]]:
    """Reviewer -> nomination -> total."""
    found: dict[str, dict[str, Fraction]] = {}
    for reviewer, nomination, scores in reviews_of(table):
        found.setdefault(reviewer, {})[nomination] = Fraction(scores["worth"])
    return found


def raised(table: Mapping[str, str], nomination: str, place: int) -> dict[str, str]:
    """The table with one score higher by one."""
    row = table[nomination]
    return {**table, nomination: row[:place] + str(int(row[place]) + 1) + row[place + 1 :]}


def weak_orders(options: Sequence[str]) -> st.SearchStrategy[list[list[str]]]:
    """Ballots: some of the options in groups, best first."""

    def grouped(drawn: tuple[list[str], list[bool]]) -> list[list[str]]:
        groups: list[list[str]] = []
        for option, joins in zip(*drawn, strict=False):
            if joins and groups:
                groups[-1].append(option)
            else:
                groups.append([option])
        return groups

    named = st.lists(st.sampled_from(options), unique=True)
    joins = st.lists(st.booleans(), min_size=len(options), max_size=len(options))
    return st.tuples(named, joins).map(grouped)
