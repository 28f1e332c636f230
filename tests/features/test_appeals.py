"""Steps of `features/appeals`."""

from typing import Any

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.steps.acts import carry_out
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/appeals")

WORDS = {"code": "not-weighed", "text": "It was not weighed."}


@given(step("{who:Who} has appealed the ruling on {nominee:Name}"))
@when(step("{who:Who} appeals the ruling on {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    if who == nominee:
        world.send_link(nominee)
    carry_out(world, who, "appeals.appeal_ruling", nomination=world.nominations[nominee], **WORDS)


def decide_ruling(world: World, who: str, nominee: str, outcome: str) -> None:
    facts: dict[str, Any] = {"nomination": world.nominations[nominee], "outcome": outcome, **WORDS}
    carry_out(world, who, "appeals.decide_ruling", **facts)


@given(step("{who:Who} has upheld the appeal of the ruling on {nominee:Name}"))
@when(step("{who:Who} upholds the appeal of the ruling on {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    decide_ruling(world, who, nominee, "upheld")


@given(step("{who:Who} has dismissed the appeal of the ruling on {nominee:Name}"))
@when(step("{who:Who} dismisses the appeal of the ruling on {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    decide_ruling(world, who, nominee, "dismissed")


@then(step("the appeal of the ruling on {nominee:Name} is open"))
def _(world: World, nominee: str) -> None:
    appeal = world.nomination(nominee)["ruling"]["appeal"]
    assert (appeal["code"], appeal["text"], "outcome" in appeal) == (WORDS["code"], WORDS["text"], False)


@given(step("{who:Who} has appealed the decision"))
@when(step("{who:Who} appeals the decision"))
def _(world: World, who: str) -> None:
    carry_out(world, who, "appeals.appeal_decision", decision=world.decision, **WORDS)


@when(step("{who:Who} upholds the appeal of the decision"))
def _(world: World, who: str) -> None:
    carry_out(world, who, "appeals.decide_decision", decision=world.decision, outcome="upheld", **WORDS)


@when(step("{who:Who} dismisses the appeal of the decision"))
def _(world: World, who: str) -> None:
    carry_out(world, who, "appeals.decide_decision", decision=world.decision, outcome="dismissed", **WORDS)


@given("an edition whose decision was reopened on appeal")
def _(world: World) -> None:
    world.approve()
    world.do("Ravi", "appeals.appeal_decision", decision=world.decision, **WORDS)
    world.do("the approver", "appeals.decide_decision", decision=world.decision, outcome="upheld", **WORDS)


@then(step("{nominee:Name} is to win where {former:Name} had been decided upon"))
def _(world: World, nominee: str, former: str) -> None:
    found = world.see(SECRETARIAT, "decision", decision=world.decision)
    [earlier] = found["earlier"]
    winners = [[one["nomination"] for one in view["winners"]] for view in (found, earlier)]
    assert winners == [[world.nominations[nominee]], [world.nominations[former]]]
