"""Steps of `features/history`."""

import json
from datetime import timedelta
from typing import Any

from pytest_bdd import given, scenarios, then, when

from tests.features.words import step
from tests.features.world import World

scenarios("../../features/history")


@then("the history tells the auditor no name, no score and no comment")
def _(world: World) -> None:
    items = world.see("the auditor", "history", edition=world.edition, limit=200)
    assert items[-1]["type"] == "edition.role_entered"
    told = json.dumps(items)
    assert [fact for fact in ("Ama", "Ravi", "steady", "scores", "comment", '"sd"') if fact in told] == []


# Asking as of a moment.


@given("everybody remembers the time")
def _(world: World) -> None:
    world.remembered = world.clock.now()
    world.clock.wait_until(world.remembered + timedelta(milliseconds=10))


@when(step("{who:Who} asks for the standing as of {when:Words}"))
def _(world: World, who: str, when: str) -> None:
    now, day = world.clock.now(), timedelta(days=1)
    at = {"last year": now - 365 * day, "tomorrow": now + day}.get(when) or world.remembered
    with world.trying():
        standing(world, who, at=at)


@when(step("{who:Who} asks for the nomination of {nominee:Name} as of then"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.see(who, "nomination", nomination=world.nominations[nominee], at=world.remembered)


@then(step("as of then the standing tells {who:Who} {count:d} review of {nominee:Name}"))
def _(world: World, who: str, count: int, nominee: str) -> None:
    assert reviews(standing(world, who, at=world.remembered), world.nominations[nominee]) == count


@then(step("today the standing tells {who:Who} {count:d} reviews of {nominee:Name}"))
def _(world: World, who: str, count: int, nominee: str) -> None:
    world.settle()
    assert reviews(standing(world, who), world.nominations[nominee]) == count


@then(step("since then {nominee:Name} went from rank {before:d} to {after:d}"))
def _(world: World, nominee: str, before: int, after: int) -> None:
    world.settle()
    told = world.see("the auditor", "differences", edition=world.edition, earlier=world.remembered)["changes"]
    [change] = [change for change in told if change.get("nomination") == world.nominations[nominee]]
    assert (change["what"], change["before"]["rank"], change["after"]["rank"]) == ("standing", before, after)


@then(step("as of then {who:Name} finds {nominee:Name} among the nominations, which are one"))
def _(world: World, who: str, nominee: str) -> None:
    shown = world.see(who, "nominations", edition=world.edition, at=world.remembered)
    assert [nomination["id"] for nomination in shown] == [world.nominations[nominee]]
    assert world.see(who, "edition", edition=world.edition, at=world.remembered)["nominations"] == 1


def standing(world: World, who: str, **asked: Any) -> Any:
    return world.see(who, "standing", edition=world.edition, stage=world.stage, category="main", **asked)


def reviews(standing: Any, nomination: str) -> int:
    """How many reviews of a nomination count."""
    return sum(entry["reviews"] for entry in standing["ranking"]["entries"] if entry["nomination"] == nomination)
