"""Steps of what people read: reviews, the standing, nominations and the history, as far as they may see them."""

from __future__ import annotations

import json
from datetime import timedelta

from pytest_bdd import given, then, when

from tests.features.words import step
from tests.features.world import World

# Blind review.


@when(step("{who:Who} reads the review of {nominee:Name} by {reviewer:Name}"))
def _(world: World, who: str, nominee: str, reviewer: str) -> None:
    with world.trying():
        world.read = world.see(who, "review", review=world.review(nominee, reviewer))


@when(step("{who:Who} reads the standing"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.read = world.see(who, "standing", edition=world.edition, stage=world.stage, category="main")


@then(step("{who:Who} learns its scores {impact:d} and {initiative:d}"))
def _(world: World, who: str, impact: int, initiative: int) -> None:
    world.settle()
    assert world.read["scores"] == {"impact": impact, "initiative": initiative}, who


@then(step("{who:Name} is shown the reviews of {reviewers:Names}"))
def _(world: World, who: str, reviewers: list[str]) -> None:
    shown = world.see(who, "reviews", edition=world.edition)
    assert [review["reviewer"] for review in shown] == [world.participants[reviewer] for reviewer in reviewers]


@then(step("the history tells {who:Name} nothing of the review of {nominee:Name} by {reviewer:Name}"))
def _(world: World, who: str, nominee: str, reviewer: str) -> None:
    assert world.nominations[nominee] in streams(world, who)
    assert_untold(world, who, world.review(nominee, reviewer))


@then(step("the history tells {who:Name} nothing of the nomination of {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    assert_untold(world, who, world.nominations[nominee])


def streams(world: World, who: str) -> set[str]:
    """What somebody finds in the history."""
    return {item["stream"] for item in world.see(who, "history", edition=world.edition, limit=200)}


def assert_untold(world: World, who: str, stream: str) -> None:
    """Neither the history nor a question for this very thing tells that it is there."""
    assert stream not in streams(world, who)
    with world.trying():
        world.see(who, "history", edition=world.edition, stream=stream)
    assert world.refusal() == "not_found"


@then(step("{who:Who} learns that it is in, and not its scores"))
def _(world: World, who: str) -> None:
    world.settle()
    assert (world.read["status"], world.read.keys() & {"scores", "comment"}) == ("submitted", set())


@then(step("{who:Who} learns the ranking of {nominees:Names}"))
def _(world: World, who: str, nominees: list[str]) -> None:
    world.settle()
    entries = world.read["ranking"]["entries"]
    expected = [(place, world.nominations[nominee]) for place, nominee in enumerate(nominees, start=1)]
    assert [(entry["rank"], entry["nomination"]) for entry in entries] == expected


# What is closed to somebody.


@given(step("{who:Name} is recused from {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    world.assign(nominee, who)
    world.do(who, "reviews.declare_conflict", review=world.review(nominee, who), code="family-tie")


@then(step("{who:Name} finds {nominee:Name} among the nominations, which are one"))
def _(world: World, who: str, nominee: str) -> None:
    shown = world.see(who, "nominations", edition=world.edition)
    assert [nomination["id"] for nomination in shown] == [world.nominations[nominee]]
    assert world.see(who, "edition", edition=world.edition)["nominations"] == 1


@given("the chair has proposed a decision")
def _(world: World) -> None:
    world.propose()


@given("the approver has approved it")
def _(world: World) -> None:
    world.approve()


@then(step("{who:Name} learns of the decision that it is {state:Words}, and nothing else"))
def _(world: World, who: str, state: str) -> None:
    shown = world.see(who, "decision", decision=world.decision)
    assert shown.keys() - {"etag"} == {"id", "edition", "category", "stage", "phase"}
    assert shown["phase"] == state


# A hidden nominator.


@then(step("{who:Who} reads the nomination of {nominee:Name} without its nominator"))
def _(world: World, who: str, nominee: str) -> None:
    shown = world.nomination(nominee, who)
    assert {"nominator", "nominator_name", "submitted_by"} & shown.keys() == set()
    assert world.participants["the nominator"] not in json.dumps(shown)


@then(step("{who:Who} reads the nomination of {nominee:Name} with its nominator"))
def _(world: World, who: str, nominee: str) -> None:
    assert world.nomination(nominee, who)["nominator"] == world.participants["the nominator"]


@then(step("the history tells {who:Name} that a nominator submitted, and not which"))
def _(world: World, who: str) -> None:
    items = world.see(who, "history", edition=world.edition, limit=200)
    [actor] = [item["actor"] for item in items if item["type"] == "nomination.submitted"]
    assert actor == {"kind": "participant", "role": "nominator"}
    assert world.participants["the nominator"] not in json.dumps([item["actor"] for item in items])


# A hidden nominee.


@given(step("the decision is announced {when:Words}"))
def _(world: World, when: str) -> None:
    world.close_reviewing()
    world.propose()
    world.approve()
    world.announce(embargo=world.clock.now() + timedelta(hours=1) if when == "under an embargo" else None)


@then(step("{who:Who} reads the nomination of {nominee:Name} without its nominee"))
def _(world: World, who: str, nominee: str) -> None:
    shown = world.nomination(nominee, who)
    assert shown["nominee"] == {"kind": "person"}
    assert nominee not in json.dumps(shown)


@then(step("{who:Who} reads the nomination of {nominee:Name} with its nominee"))
def _(world: World, who: str, nominee: str) -> None:
    assert world.nomination(nominee, who)["nominee"]["name"] == nominee


@then(step("the decision tells {who:Name} nothing of who {nominee:Name} is"))
def _(world: World, who: str, nominee: str) -> None:
    shown = world.see(who, "decision", decision=world.decision)
    assert shown["winners"] == [{"nomination": world.nominations[nominee]}]
    assert nominee not in json.dumps(shown)
