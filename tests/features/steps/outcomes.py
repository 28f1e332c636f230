"""What comes of it, as several capabilities tell of it. Refusals are read by their codes."""

from __future__ import annotations

from pytest_bdd import then

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World


@then(step('this is refused as "{refusal:Quoted}"'))
def _(world: World, refusal: str) -> None:
    assert world.refusal() == refusal.replace(" ", "_")


@then(step("the edition is {phase:Words}"))
def _(world: World, phase: str) -> None:
    assert world.see(SECRETARIAT, "edition", edition=world.edition)["phase"] == phase.replace(" ", "_")


@then(step("the edition has {count:d} nomination"))
@then(step("the edition has {count:d} nominations"))
def _(world: World, count: int) -> None:
    assert len(world.see(SECRETARIAT, "nominations", edition=world.edition)) == count


@then(step("the nomination of {nominee:Name} is {status:Words}"))
def _(world: World, nominee: str, status: str) -> None:
    assert world.nomination(nominee)["status"] == status


@then(step("the review of {nominee:Name} by {reviewer:Name} is {status:Words}"))
def _(world: World, nominee: str, reviewer: str, status: str) -> None:
    assert world.see(SECRETARIAT, "review", review=world.review(nominee, reviewer))["status"] == status


@then("the standing is")
def _(world: World, datatable: list[list[str]]) -> None:
    asked = {"edition": world.edition, "stage": world.stage, "category": "main"}
    ranking = world.see(SECRETARIAT, "standing", **asked)["ranking"]
    names = {nomination: nominee for nominee, nomination in world.nominations.items()}
    header, *expected = datatable
    assert header == ["rank", "nominee", "total", "reviews"]
    assert [
        [str(entry["rank"]), names[entry["nomination"]], fraction(*entry["total"]), str(entry["reviews"])]
        for entry in ranking["entries"]
    ] == expected


def fraction(above: int, below: int) -> str:
    """A total as people write it: `13/3`, or `3`."""
    return str(above) if below == 1 else f"{above}/{below}"


@then(step("the decision is {phase:Words}"))
def _(world: World, phase: str) -> None:
    assert world.see(SECRETARIAT, "decision", decision=world.decision)["phase"] == phase


@then(step("the public finds the winners {nominees:Names}"))
def _(world: World, nominees: list[str]) -> None:
    assert sorted(world.roll()) == nominees


@then("the public finds no winner")
def _(world: World) -> None:
    assert world.roll() == {}


@then(step('the roll shows {nominee:Name} as "{rank:Quoted}"'))
def _(world: World, nominee: str, rank: str) -> None:
    assert world.roll()[nominee]["rank"] == rank


@then(step('the roll tells that the source "{source:Quoted}" differs from "{rank:Quoted}"'))
def _(world: World, source: str, rank: str) -> None:
    [shown] = world.roll().values()
    [correction] = shown["corrections"]
    assert (correction["sources"], correction["rival"]) == ([source], rank)


@then(step('the history ends with "{what:Quoted}"'))
def _(world: World, what: str) -> None:
    assert told(world)[-1][1] == what


@then("the history tells")
def _(world: World, datatable: list[list[str]]) -> None:
    assert told(world) == datatable[1:]


def told(world: World) -> list[list[str]]:
    """The history of the edition as the secretariat reads it: who, in which role, did what."""
    items = world.see(SECRETARIAT, "history", edition=world.edition, limit=200)
    return [[item["actor"]["role"], item["type"].replace(".", " ").replace("_", " ")] for item in items]
