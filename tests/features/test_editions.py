"""Steps of `features/editions`."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from pytest_bdd import scenarios, then, when

from tests.features.driver import View
from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/editions")

FLAWS: dict[str, Callable[[View, View], Any]] = {
    "with two stages of the same name": lambda rules, stage: rules["stages"].append(deepcopy(stage)),
    "with two categories of the same name": lambda rules, _: rules["categories"].append(rules["categories"][0]),
    "with two lead criteria": lambda _, stage: stage["rubric"][1].update(lead=True),
    "with a scale that ends before it begins": lambda _, stage: stage["scale"].update(lowest=5, highest=1),
    "with ties broken in an impossible order": lambda _, stage: stage["ties"].reverse(),
    "with a method that nobody knows": lambda _, stage: stage["method"].update(name="drawing-lots"),
}


@when(step("the secretariat plans an edition {flaw:Words}"))
def _(world: World, flaw: str) -> None:
    FLAWS[flaw](world.rules, world.rules["stages"][0])
    with world.trying():
        world.plan()


@then(step('its rules name the criteria "{one:Quoted}" and "{other:Quoted}"'))
def _(world: World, one: str, other: str) -> None:
    rules = world.see(SECRETARIAT, "edition", edition=world.edition)["rules"]
    assert [criterion["id"] for criterion in rules["stages"][0]["rubric"]] == [one, other]
