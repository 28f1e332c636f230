"""Steps of `features/panels`."""

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/panels")


@when(step("the secretariat appoints {one:Name} as member, {other:Name} as deputy and {third:Name} as chair"))
def _(world: World, one: str, other: str, third: str) -> None:
    for who, seat in ((one, "member"), (other, "deputy"), (third, "chair")):
        world.appoint(who, seat)


@when(step("the secretariat appoints {who:Name} as member of a stage nobody planned"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.appoint(who, "member", stage="final")


@when(step("{who:Who} is appointed to the panel as well"))
def _(world: World, who: str) -> None:
    participant = world.participant(who)
    facts = {"stage": world.stage, "seat": "member", "participant": participant}
    with world.trying():
        world.do(SECRETARIAT, "editions.appoint", edition=world.edition, **facts)


@given(step("the secretariat has discharged {who:Who}"))
@when(step("the secretariat discharges {who:Who}"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.discharge(who)


@then(step("the panel is {one:Name} as member, {other:Name} as deputy and {third:Name} as chair"))
def _(world: World, one: str, other: str, third: str) -> None:
    panel = world.see(SECRETARIAT, "edition", edition=world.edition)["panel"]
    seats = [(one, "member"), (other, "deputy"), (third, "chair")]
    assert [(seat["participant"], seat["name"], seat["seat"]) for seat in panel] == [
        (world.participants[who], who, seat) for who, seat in seats
    ]
