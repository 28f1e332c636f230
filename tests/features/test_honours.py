"""Steps of `features/honours`."""

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/honours")


@given(step('the past edition {label:d}, known from the source "{source:Quoted}"'))
@when(step('the secretariat records the past edition {label:d} from the source "{source:Quoted}"'))
def _(world: World, label: int, source: str) -> None:
    with world.trying():
        world.record(str(label), source)


@given(step('the secretariat has recorded the winner {name:Name} from the source "{source:Quoted}"'))
@when(step('the secretariat records the winner {name:Name} from the source "{source:Quoted}"'))
def _(world: World, name: str, source: str) -> None:
    winner = {"kind": "person", "name": name, "rank": "Major"}
    with world.trying():
        facts = {"winner": winner, "category": "main", "sources": [source]}
        made = world.do(SECRETARIAT, "decisions.record_honour", edition=world.edition, **facts)
        world.decision = made["id"]


@then(step('the roll names the source "{source:Quoted}" for {name:Name}'))
def _(world: World, source: str, name: str) -> None:
    assert [told["key"] for told in world.roll()[name]["sources"]] == [source]
