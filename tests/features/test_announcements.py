"""Steps of `features/announcements`."""

import json
from datetime import timedelta

from pytest_bdd import given, scenarios, then, when

from tests.features.clock import let_pass
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/announcements")


@given("the secretariat has announced the decision under an embargo that has ended since")
def _(world: World) -> None:
    let_pass(world.clock, world.announce, "embargo_not_later")


@when("the secretariat announces the decision under an embargo that ended yesterday")
def _(world: World) -> None:
    with world.trying():
        world.announce(world.clock.now() - timedelta(days=1))


@then(step('the public finds the winner {nominee:Name} "{citation:Quoted}"'))
def _(world: World, nominee: str, citation: str) -> None:
    assert {name: shown["citation"] for name, shown in world.roll().items()} == {nominee: {"en": citation}}


@then(step("the public finds the rank, country and mission of {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    shown = world.roll()[nominee]
    assert (shown["rank"], shown["country"], shown["mission"]) == ("Major", "GH", "MINUSCA")


@then("nothing tells the public her unit, the statement or the scores")
def _(world: World) -> None:
    told = json.dumps(world.roll())
    hidden = ["Engagement", "She led", "impact", "steady", world.winner("Ama"), *world.nominations.values()]
    assert [fact for fact in hidden if fact in told] == []


@then(step("the public finds the runner-up {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    assert list(world.roll("runner_up")) == [nominee]
