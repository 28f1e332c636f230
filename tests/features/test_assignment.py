"""Steps of `features/assignment`."""

from __future__ import annotations

from collections import Counter

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.test_reviews import declare, decline
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/assignment")


@given(step("{who:Who} has planned {count:d} review of each nomination"))
@given(step("{who:Who} has planned {count:d} reviews of each nomination"))
@when(step("{who:Who} plans {count:d} review of each nomination"))
@when(step("{who:Who} plans {count:d} reviews of each nomination"))
def _(world: World, who: str, count: int) -> None:
    plan(world, who, count)


@when(step("{who:Who} plans {count:d} review of each nomination by members"))
def _(world: World, who: str, count: int) -> None:
    plan(world, who, count, seats="members")


def plan(world: World, who: str, count: int, **more: str) -> None:
    asked = {"edition": world.edition, "stage": world.stage, "reviews": count, **more}
    with world.trying():
        world.read = world.see(who, "assignment_plan", **asked)


@when(step("{who:Who} records the plan"))
@given(step("the plan is recorded by {who:Who}"))
def _(world: World, who: str) -> None:
    facts = {"stage": world.stage, "assignments": world.read["assignments"], "basis": world.read["basis"]}
    with world.trying():
        world.do(who, "assignments.record", edition=world.edition, **facts)


@given("the nominator sits on the panel too")
def _(world: World) -> None:
    world.appoint("the nominator", "member")


@given(step("{reviewer:Who} has declared a conflict over {nominee:Name}"))
def _(world: World, reviewer: str, nominee: str) -> None:
    declare(world, reviewer, nominee, "family-tie")


@given(step("{reviewer:Name} has declined to review {nominee:Name}"))
def _(world: World, reviewer: str, nominee: str) -> None:
    decline(world, reviewer, nominee, "no-time")


@given(step("{member:Name} has left the panel"))
def _(world: World, member: str) -> None:
    world.discharge(member)


def planned(world: World) -> set[tuple[str, str]]:
    """Who is to review whom, by name."""
    world.settle()
    nominees = {nomination: nominee for nominee, nomination in world.nominations.items()}
    people = {participant: who for who, participant in world.participants.items()}
    return {(nominees[pair["nomination"]], people[pair["reviewer"]]) for pair in world.read["assignments"]}


@then(step("the plan gives the panel {one:d}, {other:d} and {third:d} reviews"))
def _(world: World, one: int, other: int, third: int) -> None:
    assert_shared(world, [one, other, third])


@then(step("the plan gives the panel {one:d} and {other:d} reviews"))
def _(world: World, one: int, other: int) -> None:
    assert_shared(world, [one, other])


def assert_shared(world: World, shares: list[int]) -> None:
    given_to = Counter(who for _, who in planned(world))
    assert sorted(given_to.values()) == shares
    assert {world.participants[who]: count for who, count in given_to.items()} == {
        load["participant"]: load["after"] - load["before"] for load in world.read["panel"]
    }


@then(step("the plan gives {nominee:Name} to {one:Who} or to {other:Who}, and nothing else"))
def _(world: World, nominee: str, one: str, other: str) -> None:
    assert planned(world) in ({(nominee, one)}, {(nominee, other)})


@then(step("the plan gives {nominee:Name} to {reviewers:Names}"))
def _(world: World, nominee: str, reviewers: list[str]) -> None:
    assert planned(world) == {(nominee, who) for who in reviewers}


@then(step("the plan is about {nominee:Name} alone"))
def _(world: World, nominee: str) -> None:
    assert {about for about, _ in planned(world)} == {nominee}


@then(step("{who:Who} plans {count:d} review of {nominee:Name}"))
def _(world: World, who: str, count: int, nominee: str) -> None:
    plan(world, who, count)
    assert Counter(about for about, _ in planned(world))[nominee] == count


@then("nothing is assigned")
def _(world: World) -> None:
    assert assigned(world) == set()


@then("what is assigned is the plan")
def _(world: World) -> None:
    assert assigned(world) == {(pair["nomination"], pair["reviewer"]) for pair in world.read["assignments"]}


def assigned(world: World) -> set[tuple[str, str]]:
    listed = world.see(SECRETARIAT, "reviews", edition=world.edition)
    return {(review["nomination"], review["reviewer"]) for review in listed}
