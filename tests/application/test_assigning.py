"""Assignment by rule: what any plan must keep, and on small panels that no plan is better, by trying all of them."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from awards.application.assigning import ENDED, INTEREST, RECUSED, Given, Pair, Plan, plan
from awards.domain.refusals import NotEnoughReviewers

NOMINATIONS, PANEL = ("n1", "n2", "n3", "n4"), ("ada", "bo", "cy", "di")
Case = tuple[list[str], list[str], list[Given], dict[Pair, str], int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Small panels with all that can stand in the way, also reviews by somebody who is no longer on the panel."""
    nominations = list(NOMINATIONS[: draw(st.integers(0, 4))])
    panel = list(PANEL[: draw(st.integers(0, 4))])
    pairs = list(product([*NOMINATIONS, "elsewhere"], [*PANEL, "gone"]))
    there = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))
    reviews = [Given(nomination, who, draw(st.booleans())) for nomination, who in there]
    barred = draw(st.dictionaries(st.sampled_from(pairs), st.sampled_from([INTEREST, RECUSED]), max_size=6))
    return nominations, panel, reviews, barred, draw(st.integers(1, 3))


def lacks(case: Case) -> dict[str, int]:
    nominations, _, reviews, _, wanted = case
    have = Counter(one.nomination for one in reviews if one.counts)
    return {one: max(0, wanted - have[one]) for one in nominations}


def open_to(case: Case, nomination: str) -> list[str]:
    _, panel, reviews, barred, _ = case
    closed = {(one.nomination, one.reviewer) for one in reviews} | barred.keys()
    return [who for who in panel if (nomination, who) not in closed]


def loads_before(case: Case) -> dict[str, int]:
    _, panel, reviews, _, _ = case
    return {who: sum(one.counts and one.reviewer == who for one in reviews) for who in panel}


def every_plan(case: Case) -> Iterator[list[Pair]]:
    """All ways to give each nomination exactly what it lacks."""
    choices = [
        [[(nomination, who) for who in chosen] for chosen in combinations(open_to(case, nomination), lacking)]
        for nomination, lacking in lacks(case).items()
    ]
    for chosen in product(*choices):
        yield [pair for pairs in chosen for pair in pairs]


def loads(before: dict[str, int], pairs: Sequence[Pair]) -> dict[str, int]:
    added = Counter(who for _, who in pairs)
    return {who: load + added[who] for who, load in before.items()}


@settings(max_examples=300)
@given(cases())
@example((["n1", "n2"], ["ada", "bo", "cy"], [], {("n1", "cy"): INTEREST, ("n2", "cy"): RECUSED}, 2))
@example((["n1"], ["ada", "bo"], [Given("n1", "gone", True), Given("n1", "ada", False)], {}, 2))
def test_no_plan_is_more_even_and_a_refusal_means_there_is_none(case: Case) -> None:
    before = loads_before(case)
    best = min((sorted(loads(before, pairs).values(), reverse=True) for pairs in every_plan(case)), default=None)
    if best is None:
        with pytest.raises(NotEnoughReviewers):
            plan(*case)
        return
    found = plan(*case)
    assert sorted(found.after.values(), reverse=True) == best
    assert_sound(case, found)


def assert_sound(case: Case, found: Plan) -> None:
    """Each nomination gets what it lacks, over pairs that are open, once; the loads are those of the pairs."""
    assert sorted(set(found.pairs)) == list(found.pairs)
    assert {pair for pair in found.pairs if pair[1] not in open_to(case, pair[0])} == set()
    given_to = Counter(nomination for nomination, _ in found.pairs)
    assert given_to == Counter({one: lacking for one, lacking in lacks(case).items() if lacking})
    assert found.before == loads_before(case)
    assert found.after == loads(dict(found.before), found.pairs)


@given(cases(), st.randoms(use_true_random=False))
def test_the_plan_is_the_same_in_whatever_order_it_is_asked(case: Case, order: random.Random) -> None:
    nominations, panel, reviews, barred, wanted = case
    first, closed = planned(case), list(barred.items())
    order.shuffle(nominations)
    order.shuffle(panel)
    order.shuffle(reviews)
    order.shuffle(closed)
    assert planned((nominations, panel, reviews, dict(closed), wanted)) == first


def planned(case: Case) -> Plan | str:
    try:
        return plan(*case)
    except NotEnoughReviewers as refusal:
        return str(refusal)


def test_a_refusal_says_how_many_fall_short_and_why() -> None:
    reviews = [Given("n1", "bo", False), Given("n2", "bo", True)]
    barred = {("n1", "ada"): INTEREST, ("n3", "ada"): INTEREST, ("n3", "bo"): RECUSED}
    with pytest.raises(NotEnoughReviewers) as refused:
        plan(["n1", "n2", "n3"], ["ada", "bo", "cy"], reviews, barred, 2)
    assert str(refused.value) == (
        "2 of 3 nominations cannot reach 2 reviews: the panel has 3 members, and of what would be needed there "
        f"is barred 1 by {ENDED}, 2 by {INTEREST}, 1 by {RECUSED}."
    )


def test_a_large_call_is_planned_in_seconds_and_as_evenly_as_can_be() -> None:
    chance = random.Random(2026)
    nominations = [f"nomination-{number:04}" for number in range(3_000)]
    panel = [f"reviewer-{number:02}" for number in range(40)]
    barred = {pair: INTEREST for pair in product(nominations, panel) if chance.random() < 0.05}
    there = [Given(*pair, chance.random() < 0.8) for pair in product(nominations, panel) if chance.random() < 0.01]
    case = (nominations, panel, there, barred, 4)
    begin = time.monotonic()
    found = plan(*case)
    took = time.monotonic() - begin
    assert_sound(case, found)
    total = sum(found.after.values())
    assert sorted(found.after.values()) == [(total + place) // 40 for place in range(40)]
    assert took < 60  # 3 seconds on a quiet machine


def test_the_solver_is_imported_by_who_plans_and_nobody_else() -> None:
    loaded = "import sys, awards.app, awards.cli; print([name for name in sys.modules if name.startswith('scipy')])"
    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
