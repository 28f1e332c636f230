"""Steps of `features/awards`."""

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import NAMED, World

scenarios("../../features/awards")


@when(step('the secretariat establishes the award "{name:Quoted}"'))
def _(world: World, name: str) -> None:
    with world.trying():
        world.establish(name={"en": name})


@when(step('the secretariat establishes the award "{english:Quoted}", in French "{french:Quoted}"'))
def _(world: World, english: str, french: str) -> None:
    with world.trying():
        world.establish(name={"en": english, "fr": french})


@when("the secretariat establishes another award under the same short name")
def _(world: World) -> None:
    with world.trying():
        world.establish(name={"en": "Another"})


@given("an award that two people have read")
def _(world: World) -> None:
    world.establish()
    world.read = world.see(SECRETARIAT, "award", award=world.award)


@when(step('one of them renames it "{one:Quoted}" and then the other "{other:Quoted}"'))
def _(world: World, one: str, other: str) -> None:
    with world.trying():
        for name in (one, other):
            texts = NAMED | {"name": {"en": name}}
            world.do(SECRETARIAT, "awards.revise", award=world.award, as_read=world.read, **texts)


@given("the secretariat has discontinued it")
def _(world: World) -> None:
    world.do(SECRETARIAT, "awards.discontinue", award=world.award)


@then(step('the public finds the award as "{name:Quoted}"'))
def _(world: World, name: str) -> None:
    assert world.see(None, "award", award=world.award)["name"]["en"] == name


@then(step('the public finds the award in French as "{name:Quoted}"'))
def _(world: World, name: str) -> None:
    assert world.see(None, "award", award=world.award)["name"]["fr"] == name


@then("the public finds the award as discontinued")
def _(world: World) -> None:
    assert world.see(None, "award", award=world.award)["discontinued"] is True
