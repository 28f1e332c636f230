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


# --- the jury changes mid-round


@given("Ravi is a member again")
def _(world: World) -> None:
    facts = {"stage": world.stage, "seat": "member", "participant": world.participants["Ravi"]}
    world.do(SECRETARIAT, "editions.appoint", edition=world.edition, **facts)


@when(step("the secretariat replaces {who:Who} by {other:Name}"))
def _(world: World, who: str, other: str) -> None:
    by = {"name": other}
    if other in world.nominations:
        by = {"participant": str(world.nomination(other)["nominee"]["participant"])}
    elif other in world.participants:
        by = {"participant": world.participants[other]}
    facts = {"stage": world.stage, "participant": world.participant(who), "by": by, "code": "fell-ill"}
    with world.trying():
        seated = world.do(SECRETARIAT, "editions.replace", edition=world.edition, **facts)
        world.join(other, seated["participant"], "reviewer")


@given(step('the secretariat has asked for a quorum of {count:d} for "{code:Quoted}"'))
def _(world: World, count: int, code: str) -> None:
    change(world, code, quorum=count)


@when(step('the secretariat asks for {count:d} reviews of each nomination for "{code:Quoted}"'))
@when(step('the secretariat asks for {count:d} review of each nomination for "{code:Quoted}"'))
def _(world: World, count: int, code: str) -> None:
    with world.trying():
        change(world, code, minimum_reviews=count)


def change(world: World, code: str, **to: int) -> None:
    world.do(SECRETARIAT, "editions.change_rules", edition=world.edition, stage=world.stage, code=code, **to)


@then(step("{who:Name} has {nominee:Name} to review"))
def _(world: World, who: str, nominee: str) -> None:
    [own] = world.see(who, "reviews", edition=world.edition, mine=True)
    assert (own["nomination"], own["status"]) == (world.nominations[nominee], "assigned")


@then(step("{who:Name} has nothing to review"))
def _(world: World, who: str) -> None:
    assert world.see(who, "reviews", edition=world.edition, mine=True) == []


@then(step('the rules tell that this was for "{code:Quoted}"'))
def _(world: World, code: str) -> None:
    [told] = world.see(SECRETARIAT, "edition", edition=world.edition)["rule_changes"]
    assert (told["stage"], told["code"]) == (world.stage, code)
