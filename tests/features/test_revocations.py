"""Steps of `features/revocations`."""

from pytest_bdd import given, scenarios, then, when

from tests.features.words import step
from tests.features.world import World

scenarios("../../features/revocations")


@given(step('{who:Who} has proposed to revoke the award of {nominee:Name} for "{code:Quoted}"'))
@when(step('{who:Who} proposes to revoke the award of {nominee:Name} for "{code:Quoted}"'))
def _(world: World, who: str, nominee: str, code: str) -> None:
    winner = world.winner(nominee)
    with world.trying():
        world.do(who, "decisions.propose_revocation", decision=world.decision, winner=winner, code=code)


@then(step("the roll shows {nominee:Name} as revoked"))
def _(world: World, nominee: str) -> None:
    assert world.roll()[nominee]["revoked"] is True


@then(step("the roll shows {nominee:Name} as not revoked"))
def _(world: World, nominee: str) -> None:
    assert world.roll()[nominee]["revoked"] is False
