"""Steps of `features/nominations`."""

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/nominations")


# Nominating.


@when(step('{who:Who} nominates {nominee:Name} for "{statement:Quoted}"'))
def _(world: World, who: str, nominee: str, statement: str) -> None:
    with world.trying():
        world.nominate(who, nominee, statement)


@when(step("{who:Who} nominates the team {team:Name} with {one:Name} and {other:Name}"))
def _(world: World, who: str, team: str, one: str, other: str) -> None:
    members = [{"name": one}, {"name": other}]
    with world.trying():
        world.nominate(who, team, nominee={"kind": "team", "name": team, "members": members})


@when(step("{who:Who} nominates a person with members"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.nominate(who, "Ama", nominee={"kind": "person", "name": "Ama", "members": [{"name": "Bintou"}]})


@when(step("{who:Who} nominates {nominee:Name} in a category nobody planned"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.nominate(who, nominee, category="peace")


@when(step("{who:Who} nominates {nominee:Name} on behalf of {other:Name}"))
def _(world: World, who: str, nominee: str, other: str) -> None:
    with world.trying():
        world.nominate(who, nominee, on_behalf_of=other)


@when("the nominator nominates the nominator")
def _(world: World) -> None:
    myself = {"kind": "person", "name": "Myself", "participant": world.participant("the nominator")}
    with world.trying():
        world.nominate("the nominator", "Myself", nominee=myself)


@when(step('{who:Who} amends the nomination of {nominee:Name} to "{statement:Quoted}"'))
def _(world: World, who: str, nominee: str, statement: str) -> None:
    amend(world, who, nominee, statement)


@given(step("two people have read the nomination of {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    world.read = world.nomination(nominee, "the nominator")


@when(step('one of them amends it to "{one:Quoted}" and then the other to "{other:Quoted}"'))
def _(world: World, one: str, other: str) -> None:
    for statement in (one, other):
        amend(world, "the nominator", "Ama", statement, as_read=world.read)


def amend(world: World, who: str, nominee: str, statement: str, **how: object) -> None:
    facts = {"nominee": {"kind": "person", "name": nominee}, "statement": statement}
    with world.trying():
        world.do(who, "nominations.amend", nomination=world.nominations[nominee], **facts, **how)


@then(step('the secretariat reads the nomination of {nominee:Name} for "{statement:Quoted}"'))
def _(world: World, nominee: str, statement: str) -> None:
    assert world.nomination(nominee)["statement"] == statement


@then(step("the nomination of {team:Name} names {one:Name} and {other:Name}"))
def _(world: World, team: str, one: str, other: str) -> None:
    assert [member["name"] for member in world.nomination(team)["nominee"]["members"]] == [one, other]


@then(step("the nominator of {nominee:Name} is told as {name:Name}"))
def _(world: World, nominee: str, name: str) -> None:
    assert world.nomination(nominee)["nominator_name"] == name


@then(step("the history tells that the secretariat acted on behalf of {name:Name}"))
def _(world: World, name: str) -> None:
    [nomination] = world.see(SECRETARIAT, "nominations", edition=world.edition)
    actor = world.see(SECRETARIAT, "history", edition=world.edition)[-1]["actor"]
    assert nomination["nominator_name"] == name
    assert (actor["role"], actor["on_behalf_of"]) == ("secretariat", nomination["nominator"])


# Endorsing.


@given(step("{endorser:Name} was asked to endorse {nominee:Name}"))
def _(world: World, endorser: str, nominee: str) -> None:
    world.tokens[endorser] = world.house.link(world.nominations[nominee], "endorser")


@given(step("{endorser:Name} has endorsed {nominee:Name}"))
@when(step("{endorser:Name} endorses {nominee:Name}"))
def _(world: World, endorser: str, nominee: str) -> None:
    endorse(world, endorser, nominee, endorser)


@when(step("the secretariat endorses {nominee:Name} on behalf of {endorser:Name}"))
def _(world: World, nominee: str, endorser: str) -> None:
    endorse(world, SECRETARIAT, nominee, endorser)


def endorse(world: World, who: str, nominee: str, name: str) -> None:
    with world.trying():
        facts = {"name": name, "statement": "I saw her work."}
        world.do(who, "nominations.endorse", nomination=world.nominations[nominee], **facts)


@when(step("{endorser:Name} takes the endorsement of {nominee:Name} back"))
def _(world: World, endorser: str, nominee: str) -> None:
    with world.trying():
        world.do(endorser, "nominations.withdraw_endorsement", nomination=world.nominations[nominee])


@then(step("the nomination of {nominee:Name} is endorsed by {endorser:Name}"))
def _(world: World, nominee: str, endorser: str) -> None:
    assert [each["name"] for each in world.nomination(nominee)["endorsements"]] == [endorser]


@then(step("the nomination of {nominee:Name} is endorsed by nobody"))
def _(world: World, nominee: str) -> None:
    assert world.nomination(nominee)["endorsements"] == []


# Answering.


@when(step('{nominee:Name} declines because "{text:Quoted}"'))
def _(world: World, nominee: str, text: str) -> None:
    answer(world, nominee, nominee, "decline", text=text)


@when(step("the secretariat enters that {nominee:Name} accepts"))
def _(world: World, nominee: str) -> None:
    answer(world, SECRETARIAT, nominee, "accept")


def answer(world: World, who: str, nominee: str, how: str, **facts: str) -> None:
    world.send_link(nominee)
    with world.trying():
        world.do(who, f"nominations.{how}", nomination=world.nominations[nominee], **facts)


@when(step("{nominee:Name} reads the own nomination"))
def _(world: World, nominee: str) -> None:
    world.send_link(nominee)
    world.read = world.nomination(nominee, nominee)


@then("neither the statement nor the nominator is told")
def _(world: World) -> None:
    assert world.read["nominee"]["name"] == "Ama"
    assert {"statement", "nominator", "nominator_name", "submitted_by"} & world.read.keys() == set()


@then(step('the secretariat reads that {nominee:Name} declined because "{text:Quoted}"'))
def _(world: World, nominee: str, text: str) -> None:
    assert world.nomination(nominee)["answer_text"] == text
