"""How an edition stands where a scenario begins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_bdd import given

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import STATES, World


@given("an award")
def _(world: World) -> None:
    world.establish()


@given("a planned edition")
def _(world: World) -> None:
    world.plan()


@given(step("a planned edition that {rule:Words}"))
def _(world: World, rule: str) -> None:
    name, value = RULE_CHANGES[rule]
    of_stage = name == "cross_checks" or name in world.rules["stages"][0]
    target = world.rules["stages"][0] if of_stage else world.rules
    target[name] = value
    world.plan()


RULE_CHANGES: dict[str, tuple[str, Any]] = {
    "allows self-nomination": ("self_nomination", True),
    "requires the nominee's consent": ("consent", "required"),
    "does not tell nominees": ("consent", "not_told"),
    "hides nominators from the panel": (
        "sight",
        {"nominator": dict.fromkeys(("reviewer", "chair", "deputy"), "never")},
    ),
    "hides nominees from the panel until all is public": (
        "sight",
        {"nominee": dict.fromkeys(("reviewer", "chair", "deputy"), "announced")},
    ),
    "is cross-checked by the median": ("cross_checks", [{"name": "median-of-totals", "version": 1}]),
    "breaks ties head to head": ("ties", ["head-to-head", "joint-winners"]),
    "breaks ties by the median": ("ties", ["median", "joint-winners"]),
    "breaks ties by least disagreement": ("ties", ["least-disagreement", "joint-winners"]),
    "breaks ties head to head and then by the median": ("ties", ["head-to-head", "median", "joint-winners"]),
    "breaks ties by the lot": ("ties", ["lot"]),
    "names one runner-up": ("runners_up", 1),
    "asks for a quorum of three": ("quorum", 3),
    "asks for two reviews of each nomination": ("minimum_reviews", 2),
}


@given("an edition whose call is open")
@given("its call is open")
def _(world: World) -> None:
    world.open_call()


@given(step("an edition whose call is open and {nominee:Name} is nominated"))
def _(world: World, nominee: str) -> None:
    world.open_call()
    world.nominate("the nominator", nominee)


@given("an edition whose call opens tomorrow")
def _(world: World) -> None:
    world.open_call(opens=timedelta(days=1))


@given("an edition whose call is closed")
def _(world: World) -> None:
    world.open_call()
    world.do(SECRETARIAT, "editions.close_call", edition=world.edition)


@given(step("an edition under review of {nominees:Names}"))
@given(step("it is under review of {nominees:Names}"))
def _(world: World, nominees: list[str]) -> None:
    world.review_of(*nominees)


@given(step("an edition under review of {nominee:Name}, where {other:Name} was ruled ineligible"))
def _(world: World, nominee: str, other: str) -> None:
    world.review_of(nominee, ineligible=(other,))


@given(step("{nominee:Name} is assigned to {reviewer:Who}"))
def _(world: World, nominee: str, reviewer: str) -> None:
    world.assign(nominee, reviewer)


@given(step("{nominee:Name} is assigned to {one:Who} and to {other:Who}"))
def _(world: World, nominee: str, one: str, other: str) -> None:
    world.assign(nominee, one)
    world.assign(nominee, other)


@given(step("{reviewer:Name} gave {nominee:Name} {impact:d} and {initiative:d}"))
def _(world: World, reviewer: str, nominee: str, impact: int, initiative: int) -> None:
    world.score(reviewer, nominee, impact, initiative)


@given("an edition whose reviewing is closed")
def _(world: World) -> None:
    world.review_all({"Ama": 5})


@given(step("an edition whose reviewing is closed with {best:Name} before {second:Name}"))
@given(step("its reviewing is closed with {best:Name} before {second:Name}"))
def _(world: World, best: str, second: str) -> None:
    world.review_all({best: 5, second: 4})


@given(step("an edition whose decision is {state:Words}"))
@given(step("its decision is {state:Words}"))
def _(world: World, state: str) -> None:
    if world.edition:
        world.review_all({"Ama": 5, "Bintou": 4})
    STATES[state](world)


@given(step("an edition with joint winners {one:Name} and {other:Name}"))
def _(world: World, one: str, other: str) -> None:
    world.review_all({one: 4, other: 4})
    world.approve()
