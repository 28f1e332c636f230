"""Steps of `features/conflicts`."""

import json
from typing import Any

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/conflicts")

POLICY = {"en": "Whoever served with a nominee declares it."}
REASON = "Another person of the same name."


def do(world: World, who: str, command: str, **facts: Any) -> None:
    with world.trying():
        world.do(who, f"conflicts.{command}", **facts)


# Declaring no conflict, opening the file.


@given("a planned edition with a conflict policy")
def _(world: World) -> None:
    world.rules["conflict_policy"] = POLICY
    world.plan()


@given(step("{who:Name} has declared no conflict over {nominee:Name}"))
@when(step("{who:Name} declares no conflict over {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    do(world, who, "declare_none", review=world.review(nominee, who))


@given(step("{who:Name} has opened the file of {nominee:Name}"))
@when(step("{who:Name} opens the file of {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    do(world, who, "open_file", review=world.review(nominee, who))


@when(step("the chair declares no conflict over {nominee:Name} and opens the file"))
def _(world: World, nominee: str) -> None:
    where = {"edition": world.edition, "stage": world.stage, "nomination": world.nominations[nominee]}
    declared = world.do("the chair", "conflicts.clear", **where)
    world.do("the chair", "conflicts.open_file", review=declared["id"])


@given(step("{who:Name} declared, read and gave {nominee:Name} {impact:d} and {initiative:d}"))
def _(world: World, who: str, nominee: str, impact: int, initiative: int) -> None:
    world.assign(nominee, who)
    world.do(who, "conflicts.declare_none", review=world.review(nominee, who))
    world.do(who, "conflicts.open_file", review=world.review(nominee, who))
    world.score(who, nominee, impact, initiative)


@then(step("{who:Who} reads the statement for {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    assert world.nomination(nominee, who)["statement"] == "She led from the front."


@then(step("the declaration over {nominee:Name} by {who:Name} cites the present policy"))
def _(world: World, nominee: str, who: str) -> None:
    declared = world.see(SECRETARIAT, "review", review=world.review(nominee, who))["no_conflict"]
    [told] = [item for item in history(world) if item["type"] == "review.no_conflict_declared"]
    assert (declared["time"], len(declared["policy"])) == (told["time"], 64)


@then(step("the file of {nominee:Name} was opened once by {who:Name}"))
def _(world: World, nominee: str, who: str) -> None:
    world.settle()
    opened = [item for item in history(world) if item["type"] == "nomination.file_opened"]
    assert [(item["stream"], item["actor"]["id"]) for item in opened] == [
        (world.nominations[nominee], world.participants[who])
    ]


# Recusing, with an assignment and without, and lifting it.


@when(step('{who:Name} declares a conflict over {nominee:Name} for "{code:Quoted}"'))
def _(world: World, who: str, nominee: str, code: str) -> None:
    with world.trying():
        world.do(who, "reviews.declare_conflict", review=world.review(nominee, who), code=code)


@given(step("{who:Who} has declared beforehand a conflict over {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    declare(world, who, nominee, "family-tie")


@when(step('{who:Who} declares beforehand a conflict over {nominee:Name} for "{code:Quoted}"'))
def _(world: World, who: str, nominee: str, code: str) -> None:
    declare(world, who, nominee, code)


def declare(world: World, who: str, nominee: str, code: str) -> None:
    facts = {"stage": world.stage, "nomination": world.nominations[nominee], "code": code, "text": "Her brother."}
    with world.trying():
        made = world.do(who, "conflicts.declare", edition=world.edition, **facts)
        world.reviews[nominee, who, world.stage] = made["id"]


@when(step('{who:Who} keeps {member:Name} off {nominee:Name} for "{code:Quoted}"'))
def _(world: World, who: str, member: str, nominee: str, code: str) -> None:
    facts = {"stage": world.stage, "nomination": world.nominations[nominee], "code": code}
    do(world, who, "recuse", edition=world.edition, reviewer=world.participant(member), **facts)


@given(step("the chair has recused {who:Name} from {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    world.do("the chair", "reviews.recuse", review=world.review(nominee, who), code="same-unit")


@given("a deputy sits on the panel")
def _(world: World) -> None:
    world.appoint("the deputy", "deputy")


@given(step("the secretariat has reinstated {member:Name} over {nominee:Name}"))
def _(world: World, member: str, nominee: str) -> None:
    do(world, SECRETARIAT, "reinstate", review=world.review(nominee, member), code="other-person", text=REASON)


@when(step('{who:Who} reinstates {member:Who} over {nominee:Name} for "{code:Quoted}"'))
def _(world: World, who: str, member: str, nominee: str, code: str) -> None:
    do(world, who, "reinstate", review=world.review(nominee, member), code=code, text=REASON)


@then(step("{reviewer:Name} has {nominee:Name} to review"))
def _(world: World, reviewer: str, nominee: str) -> None:
    own = world.see(reviewer, "reviews", edition=world.edition, mine=True)
    due = [review["nomination"] for review in own if review["status"] == "assigned"]
    assert due == [world.nominations[nominee]]


# The report, and the marks in the history.


def history(world: World) -> list[Any]:
    return list(world.see(SECRETARIAT, "history", edition=world.edition, limit=200))


def report(world: World, who: str = SECRETARIAT) -> Any:
    return world.see(who, "conflicts", edition=world.edition)


def reported(world: World, who: str, nominee: str) -> Any:
    [found] = [one for one in report(world)["conflicts"] if one["review"] == world.review(nominee, who)]
    assert (found["reviewer"], found["nomination"]) == (world.participants[who], world.nominations[nominee])
    return found


@when(step("{who:Who} reads the report on conflicts"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.read = report(world, who)


@then(step('the report says of {who:Name} over {nominee:Name} that "the winner would {verb:Words}"'))
def _(world: World, who: str, nominee: str, verb: str) -> None:
    [outcome] = reported(world, who, nominee)["outcomes"]
    assert outcome["winner_changes"] is {"change": True, "stay": False}[verb]
    assert outcome["with_affected"]["winners"] == [world.nominations["Ama"]]


@then(step("the report says that {count:d} score of {who:Name} over {nominee:Name} is affected"))
def _(world: World, count: int, who: str, nominee: str) -> None:
    affected = reported(world, who, nominee)["scores"]
    assert [one["review"] for one in affected] == [world.review(nominee, who)] * count
    assert affected[0]["scores"] == {"impact": 5, "initiative": 5}


@then(step("the report tells under which policy {who:Name} had declared no conflict over {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    found = reported(world, who, nominee)
    assert found["declared_before"]["policy"] == found["policy"]


@then(step("the report tells that the recusal of {who:Name} over {nominee:Name} was lifted"))
def _(world: World, who: str, nominee: str) -> None:
    assert reported(world, who, nominee)["reinstated"]["code"] == "other-person"


@then(step("the report tells the chair nothing of {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    told = json.dumps(report(world, "the chair"))
    assert [fact for fact in (world.nominations[nominee], world.review(nominee, "the chair")) if fact in told] == []


@then(step("the report tells the auditor of {who:Who} over {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    [found] = report(world, "the auditor")["conflicts"]
    assert (found["review"], found["how"]) == (world.review(nominee, who), "declared")


def marked(world: World, who: str) -> list[list[str]]:
    """The acts of somebody that a later recusal touches: what, and of which nominee."""
    of = {stream: nominee for (nominee, _, _), stream in world.reviews.items()}
    of |= {stream: nominee for nominee, stream in world.nominations.items()}
    items = [item for item in history(world) if item.get("touched_by")]
    assert {item["actor"]["id"] for item in items} <= {world.participants[who]}
    return [[item["type"].replace(".", " ").replace("_", " "), of[item["stream"]]] for item in items]


@then(step("these acts of {who:Name} are marked"))
def _(world: World, who: str, datatable: list[list[str]]) -> None:
    assert marked(world, who) == datatable[1:]


@then(step("no act of {who:Name} is marked"))
def _(world: World, who: str) -> None:
    assert marked(world, who) == []


# Affiliations.


@given(step('the nominee {nominee:Name} belongs to "{organisation:Quoted}"'))
def _(world: World, nominee: str, organisation: str) -> None:
    affiliate(world, SECRETARIAT, str(world.nomination(nominee)["nominee"]["participant"]), organisation)


@given(step('{who:Who} belongs to "{organisation:Quoted}"'))
def _(world: World, who: str, organisation: str) -> None:
    affiliate(world, SECRETARIAT, world.participant(who), organisation)


@when(step('{who:Name} states that {other:Name} belongs to "{organisation:Quoted}"'))
def _(world: World, who: str, other: str, organisation: str) -> None:
    affiliate(world, who, world.participant(other), organisation)


@when(step('{who:Name} states to belong to "{organisation:Quoted}"'))
def _(world: World, who: str, organisation: str) -> None:
    do(world, who, "affiliate_oneself", edition=world.edition, organisations=[organisation])


def affiliate(world: World, who: str, participant: str, organisation: str) -> None:
    facts = {"participant": participant, "organisations": [organisation]}
    do(world, who, "affiliate", edition=world.edition, **facts)


@then(step('{who:Name} belongs to "{organisation:Quoted}"'))
def _(world: World, who: str, organisation: str) -> None:
    stated = world.house.service.application.conflicts.organisations_of(world.participants[who])
    assert stated == [organisation]


@then("nothing new is in the history")
def _(world: World) -> None:
    assert world.house.position() == world.length


@then(step('a conflict of {who:Name} over {nominee:Name} is proposed as "{relation:Quoted}"'))
def _(world: World, who: str, nominee: str, relation: str) -> None:
    found = [one for one in proposed(world, who) if one["nomination"] == world.nominations[nominee]]
    assert [(one["relation"], one["organisations"]) for one in found] == [(relation, ["Harbour Board"])]


@then(step("no conflict of {who:Name} is proposed"))
def _(world: World, who: str) -> None:
    assert proposed(world, who) == []


def proposed(world: World, who: str) -> list[Any]:
    return [one for one in report(world)["proposed"] if one["reviewer"] == world.participants[who]]
