"""Steps of `features/duties`."""

from __future__ import annotations

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/duties")


def anybody(world: World, who: str) -> str:
    """Somebody's id: who acts, or who is put forward."""
    if who in world.nominations:
        return str(world.nomination(who)["nominee"]["participant"])
    return world.participant(who)


@given(step("{by:Who} has recorded that {one:Who} is {other:Who}"))
@when(step("{by:Who} records that {one:Who} is {other:Who}"))
def _(world: World, by: str, one: str, other: str) -> None:
    both = [anybody(world, one), anybody(world, other)]
    with world.trying():
        world.do(by, "editions.link_participants", edition=world.edition, participants=both, code="same-person")


@when(step("{who:Who} enters as {role:Words}"))
def _(world: World, who: str, role: str) -> None:
    facts = {"role": role, "participant": anybody(world, who)}
    with world.trying():
        world.do(SECRETARIAT, "editions.enter", edition=world.edition, **facts)


@given("the auditor has left")
def _(world: World) -> None:
    facts = {"role": "auditor", "participant": world.participant("the auditor")}
    world.do(SECRETARIAT, "editions.leave", edition=world.edition, **facts)


@when("the nominator nominates the auditor")
def _(world: World) -> None:
    who = world.participant("the auditor")
    facts = {"kind": "person", "name": "Ada", "participant": who}
    with world.trying():
        world.nominate("the nominator", "Ada", nominee=facts)


@given(step("the secretariat has discharged {who:Who}"))
def _(world: World, who: str) -> None:
    world.discharge(who)


@given(step('{who:Who} has returned the decision for "{code:Quoted}"'))
@when(step('{who:Who} returns the decision for "{code:Quoted}"'))
def _(world: World, who: str, code: str) -> None:
    with world.trying():
        world.do(who, "decisions.send_back", decision=world.decision, code=code, text="Say why.")


@given("a deputy sits on the panel")
def _(world: World) -> None:
    world.appoint("the deputy", "deputy")


@given(step("the chair is recused from {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    world.assign(nominee, "the chair")
    world.do("the chair", "reviews.declare_conflict", review=world.review(nominee, "the chair"), code="family-tie")


@then(step("{who:Who} is no longer on the panel"))
def _(world: World, who: str) -> None:
    panel = world.see(SECRETARIAT, "edition", edition=world.edition)["panel"]
    assert world.participants[who] not in [seat["participant"] for seat in panel]


@then(step("nobody acts as {role:Words}"))
def _(world: World, role: str) -> None:
    roles = world.see(SECRETARIAT, "edition", edition=world.edition)["roles"]
    assert role not in [held["role"] for held in roles]


@then("the approver cannot approve it")
def _(world: World) -> None:
    with world.trying():
        world.do("the approver", "decisions.approve", decision=world.decision)
    assert world.refusal() == "not_proposed"


@then(step('the decision tells that it was returned for "{code:Quoted}"'))
def _(world: World, code: str) -> None:
    decision = world.see(SECRETARIAT, "decision", decision=world.decision)
    [back] = decision["returned"]
    assert (back["code"], back["text"], back["by"]) == (code, "Say why.", world.participants["the approver"])
