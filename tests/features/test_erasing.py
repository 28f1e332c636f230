"""Steps of `features/erasing`."""

from uuid import UUID

from pytest_bdd import given, scenarios, then, when

from tests.features.house import operator
from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/erasing")


@given(step("{who:Name} is a privacy officer of the award"))
def _(world: World, who: str) -> None:
    register(world, who, "privacy_officer")


@given(step("{who:Name} is an approver of the award"))
def _(world: World, who: str) -> None:
    register(world, who, "approver")


@given(step("{who:Who} has asked for the erasure of {nominee:Name}"))
@when(step("{who:Who} asks for the erasure of {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.do(who, "erasures.request", subject=participant(world, nominee), basis="she-asked")


@given(step("{who:Who} has asked for the erasure of {nominee:Name} but for her published name"))
def _(world: World, who: str, nominee: str) -> None:
    kept = {"public": "public-interest"}
    world.do(who, "erasures.request", subject=participant(world, nominee), basis="she-asked", kept=kept)


@given(step("{who:Who} has agreed to the erasure of {nominee:Name}"))
@when(step("{who:Who} agrees to the erasure of {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.do(who, "erasures.approve", subject=participant(world, nominee))


@given(step("{who:Who} has turned the erasure of {nominee:Name} down"))
def _(world: World, who: str, nominee: str) -> None:
    world.do(who, "erasures.refuse", subject=participant(world, nominee), code="identity-not-proved")


@then(step("the roll shows a winner without a name"))
def _(world: World) -> None:
    assert list(world.roll()) == ["erased"]


@then(step("the roll shows {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    assert list(world.roll()) == [nominee]


@then(step("the nomination of {nominee:Name} names nobody"))
def _(world: World, nominee: str) -> None:
    shown = world.see(SECRETARIAT, "nomination", nomination=world.nominations[nominee])
    assert (shown["nominee"]["name"], shown["statement"]) == ("erased", "erased")


def register(world: World, who: str, role: str) -> None:
    subject = world.do(SECRETARIAT, "people.register", name=who, role=role, award=world.award)["id"]
    world.tokens[who] = world.house.service.application.people.issue_token(operator(), subject, role, world.award)


def participant(world: World, nominee: str) -> str:
    """The nominee's id in the edition, which the log keeps."""
    (event, *_) = world.house.service.ledger.events_of(UUID(world.nominations[nominee]))
    return str(event.nominee["participant"])  # type: ignore[attr-defined]
