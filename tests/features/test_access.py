"""Steps of `features/access`."""

from datetime import UTC, datetime

from pytest_bdd import given, scenarios, then, when

from tests.features.house import operator
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


# Coming in.


@given(step("{who:Name}, a nominator, is invited"))
def _(world: World, who: str) -> None:
    entered = world.do(SECRETARIAT, "editions.enter", edition=world.edition, name=who, role="nominator")
    world.participants[who] = entered["participant"]
    facts = {"edition": world.edition, "participant": entered["participant"], "role": "nominator"}
    world.invitations[who] = world.do(SECRETARIAT, "invitations.to_edition", **facts)


@given(step("the secretariat has taken the invitation of {who:Name} back"))
def _(world: World, who: str) -> None:
    world.do(SECRETARIAT, "invitations.take_back", id=world.invitations[who]["id"])


@given(step("{who:Name} has left"))
def _(world: World, who: str) -> None:
    facts = {"edition": world.edition, "participant": world.participants[who], "role": "nominator"}
    world.do(SECRETARIAT, "editions.leave", **facts)


@given(step("{who:Name} has redeemed the code"))
@when(step("{who:Name} redeems the code"))
def _(world: World, who: str) -> None:
    redeem(world, who)


@when(step("somebody redeems the code of {who:Name}"))
def _(world: World, who: str) -> None:
    redeem(world, who)


def redeem(world: World, who: str) -> None:
    """Whoever has the code becomes whom it is for."""
    with world.trying():
        world.tokens[who] = world.way.do(None, "invitations.redeem", code=world.invitations[who]["code"])["token"]


@given(step("{who:Name} is a secretariat of the award"))
def _(world: World, who: str) -> None:
    subject = world.do(SECRETARIAT, "people.register", name=who, role="secretariat", award=world.award)["id"]
    people = world.house.service.application.people
    world.tokens[who] = people.issue_token(operator(), subject, "secretariat", world.award)


@given(step("{who:Who} has ended the account of {other:Who}"))
@when(step("{who:Who} ends the account of {other:Who}"))
def _(world: World, who: str, other: str) -> None:
    with world.trying():
        world.do(who, "people.deactivate", subject=subject_of(world, other), code="left-the-office")


@given(step("{who:Who} has taken the role of {other:Who} back"))
def _(world: World, who: str, other: str) -> None:
    facts = {"subject": subject_of(world, other), "role": "secretariat", "award": world.award}
    world.do(who, "people.revoke", **facts)


@when(step("{who:Who} makes {other:Who} an approver of the award"))
def _(world: World, who: str, other: str) -> None:
    with world.trying():
        world.do(who, "people.grant", subject=subject_of(world, other), role="approver", award=world.award)


@when(step("{who:Who} invites {other:Who}"))
def _(world: World, who: str, other: str) -> None:
    with world.trying():
        world.do(who, "invitations.of_subject", subject=subject_of(world, other))


def subject_of(world: World, who: str) -> str:
    """The subject behind somebody's token."""
    caller = world.house.service.application.people.caller(world.tokens[who], datetime.now(UTC))
    assert caller is not None
    return str(caller.subject)
