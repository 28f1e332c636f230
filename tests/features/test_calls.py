"""Steps of `features/calls`."""

from datetime import datetime, timedelta

from pytest_bdd import given, scenarios, when

from awards.domain.values import moment
from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/calls")

INSTANT = timedelta(microseconds=1)


@given("an edition whose deadline has passed")
def _(world: World) -> None:
    world.open_call_that_passes()


@when("the secretariat opens a call that ends before it begins")
def _(world: World) -> None:
    with world.trying():
        world.open_call(opens=timedelta(days=2), closes=timedelta(days=1))


@when("the secretariat moves the deadline a day forward")
def _(world: World) -> None:
    extend(world, closes_of(world) - timedelta(days=1))


def extend(world: World, closes: datetime) -> None:
    with world.trying():
        world.do(SECRETARIAT, "editions.extend_call", edition=world.edition, closes=closes, zone="Africa/Accra")


def closes_of(world: World) -> datetime:
    return moment(world.see(SECRETARIAT, "edition", edition=world.edition)["call"]["closes"])


@when(step("{who:Who} nominates {nominee:Name} in the last instant before the deadline"))
def _(world: World, who: str, nominee: str) -> None:
    world.clock.wait_until(closes_of(world) - INSTANT)
    with world.trying():
        world.nominate(who, nominee)


@when(step("{who:Who} nominates {nominee:Name} at the deadline"))
def _(world: World, who: str, nominee: str) -> None:
    world.clock.wait_until(closes_of(world))
    with world.trying():
        world.nominate(who, nominee)
