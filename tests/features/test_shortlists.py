"""Steps of `features/shortlists`."""

from copy import deepcopy

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/shortlists")


@given("a planned edition of two stages")
def _(world: World) -> None:
    final = deepcopy(world.rules["stages"][0])
    world.rules["stages"].append(final | {"id": "final", "name": {"en": "Final"}})
    world.plan()


@given(step("the final stage is open for {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    world.close_reviewing()
    world.shortlist(nominee)
    facts = {"stage": "final", "participant": world.participants["Ravi"], "seat": "member"}
    world.do(SECRETARIAT, "editions.appoint", edition=world.edition, **facts)
    world.do(SECRETARIAT, "editions.open_reviewing", edition=world.edition, stage="final")


@when(step("the secretariat assigns {nominee:Name} to {reviewer:Name} at the final stage"))
def _(world: World, nominee: str, reviewer: str) -> None:
    with world.trying():
        world.assign(nominee, reviewer, stage="final", who=SECRETARIAT)


@then(step("{reviewer:Name} has {nominee:Name} to review at the final stage"))
def _(world: World, reviewer: str, nominee: str) -> None:
    [own] = world.see(reviewer, "reviews", edition=world.edition, mine=True)
    assert (own["nomination"], own["stage"]) == (world.nominations[nominee], "final")


@then(step("the shortlist is {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    [shortlist] = world.see(SECRETARIAT, "edition", edition=world.edition)["shortlists"]
    assert shortlist == {"stage": "review", "category": "main", "nominations": [world.nominations[nominee]]}
