"""Steps of `features/order`."""

from pytest_bdd import given, scenarios, then

from tests.features.scene import SECRETARIAT
from tests.features.world import World

scenarios("../../features/order")


@given("a cancelled edition")
def _(world: World) -> None:
    world.plan()
    world.do(SECRETARIAT, "editions.cancel", edition=world.edition, code="no-funds")


@then("the log is as long as before")
def _(world: World) -> None:
    assert world.house.position() == world.length
