"""Steps of `features/conferrals`."""

from pytest_bdd import scenarios, then, when

from tests.features.words import step
from tests.features.world import World

scenarios("../../features/conferrals")


@when("the award is conferred in Vancouver on 2017-11-15 by the Under-Secretary")
def _(world: World) -> None:
    with world.trying():
        world.confer()


@then(step("the roll tells that {nominee:Name} received it in Vancouver on 2017-11-15 by the Under-Secretary"))
def _(world: World, nominee: str) -> None:
    assert world.roll()[nominee]["conferral"] == {
        "occasion": {"en": "Ministerial meeting"},
        "date": "2017-11-15",
        "place": "Vancouver",
        "presented_by": ["The Under-Secretary"],
    }


@then(step("the roll tells that {nominee:Name} received it"))
def _(world: World, nominee: str) -> None:
    assert world.roll()[nominee]["conferral"]["place"] == "Vancouver"


@then(step("the roll does not tell that {nominee:Name} received it"))
def _(world: World, nominee: str) -> None:
    assert "conferral" not in world.roll()[nominee]
