"""Steps of `features/access`."""

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/access")


@given(step("the nominator has left"))
def _(world: World) -> None:
    participant = world.participant("the nominator")
    world.do(SECRETARIAT, "editions.leave", edition=world.edition, participant=participant, role="nominator")


@when("the secretariat enters the nominator as nominator again")
def _(world: World) -> None:
    facts = {"participant": world.participant("the nominator"), "role": "nominator"}
    with world.trying():
        world.do(SECRETARIAT, "editions.enter", edition=world.edition, **facts)


@then(step("{who:Who} is shown the nominations of {nominees:Names}"))
def _(world: World, who: str, nominees: list[str]) -> None:
    shown = world.see(who, "nominations", edition=world.edition)
    assert [nomination["nominee"]["name"] for nomination in shown] == nominees
