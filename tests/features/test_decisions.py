"""Steps of `features/decisions`."""

from hashlib import sha256

from pytest_bdd import given, scenarios, then, when

from tests.features.driver import View
from tests.features.scene import SECRETARIAT
from tests.features.steps.acts import carry_out
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/decisions")

RUNGS = {
    "the lead criterion": "lead-criterion",
    "head to head": "head-to-head",
    "the median": "median",
    "least disagreement": "least-disagreement",
}


@given("the panel has scored")
@when("the panel scores")
def _(world: World, datatable: list[list[str]]) -> None:
    header, *rows = datatable
    assert header == ["reviewer", "nominee", "impact", "initiative"]
    for reviewer, nominee, impact, initiative in rows:
        world.score(reviewer, nominee, int(impact), int(initiative))


@given(step("an edition whose reviewing is closed with {one:Name} and {other:Name} equal"))
def _(world: World, one: str, other: str) -> None:
    world.review_all({one: 4, other: 4})


@given(step("its reviewing is closed with one review of {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    world.review_all({nominee: 5})


@given(step('the chair has proposed to withhold the award for "{code:Quoted}"'))
def _(world: World, code: str) -> None:
    world.propose(outcome="withheld", code=code)


@when("the chair proposes to withhold the award without a reason")
def _(world: World) -> None:
    with world.trying():
        world.propose(outcome="withheld")


@then(step("{nominees:Names} is to win without a tie"))
def _(world: World, nominees: list[str]) -> None:
    assert proposed(world) == (nominees, "none")


@then(step("{nominees:Names} is to win by {rung:Words}"))
def _(world: World, nominees: list[str], rung: str) -> None:
    assert proposed(world) == (nominees, RUNGS[rung])


@then(step("one of {nominees:Names} is to win by the lot"))
def _(world: World, nominees: list[str]) -> None:
    (winner,), rung = proposed(world)
    assert (winner in nominees, rung) == (True, "lot")


@then("the lot can be drawn again from what the decision tells")
def _(world: World) -> None:
    found = decision(world)
    seed = found["seed"]
    assert sha256(seed.encode()).hexdigest() == found["method"]["parameters"]["lot"]
    first = min(world.nominations.values(), key=lambda one: sha256(f"{seed}:{one}".encode()).hexdigest())
    assert [winner["nomination"] for winner in found["winners"]] == [first]


@then("the commitment to the seed stood in the rules from the beginning")
def _(world: World) -> None:
    planned = world.see(SECRETARIAT, "edition", edition=world.edition)["rules"]["stages"][0]["lot"]
    assert planned == decision(world)["method"]["parameters"]["lot"]


@then(step("{nominees:Names} are to win jointly"))
def _(world: World, nominees: list[str]) -> None:
    assert proposed(world) == (nominees, "joint-winners")


@then(step("{nominee:Name} is to be runner-up"))
def _(world: World, nominee: str) -> None:
    assert named(world, decision(world)["runners_up"]) == [nominee]


def decision(world: World) -> View:
    return dict(world.see(SECRETARIAT, "decision", decision=world.decision))


def proposed(world: World) -> tuple[list[str], str]:
    found = decision(world)
    assert (found["phase"], found["outcome"]) == ("proposed", "awarded")
    return named(world, found["winners"]), found["decided_by"]


def named(world: World, listed: list[View]) -> list[str]:
    names = {nomination: nominee for nominee, nomination in world.nominations.items()}
    return sorted(names[winner["nomination"]] for winner in listed)


@then("the decision names its method, the log it rests on and what it counted")
def _(world: World) -> None:
    found = decision(world)
    method = found["method"]
    assert (method["name"], method["version"]) == ("weighted-rubric-mean", 1)
    assert [criterion["weight"] for criterion in method["parameters"]["rubric"]] == [2, 1]
    assert found["basis"]["size"] == world.length, "the decision rests on all that was recorded before it"
    assert len(found["basis"]["root"]) == 64
    # The edition, two nominations and two reviews.
    assert (found["inputs"]["count"], len(found["inputs"]["sha256"])) == (5, 64)


@then(step('the decision is withheld for "{code:Quoted}"'))
def _(world: World, code: str) -> None:
    found = decision(world)
    assert (found["phase"], found["outcome"], found["code"]) == ("withheld", "withheld", code)


@when(step("{who:Who} weighs the result"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.read = world.see(who, "robustness", edition=world.edition, stage=world.stage, category="main")


@then(step("without {reviewer:Name} the winner would be {nominee:Name}"))
def _(world: World, reviewer: str, nominee: str) -> None:
    world.settle()
    told = {one["reviewer"]: one["winners"] for one in world.read["without_one"]}
    assert told[world.participants[reviewer]] == [world.nominations[nominee]]


@then(step("{points:d} point of one score would bring the first two level"))
def _(world: World, points: int) -> None:
    assert world.read["margin"]["points"] == points


@given(step('the chair has proposed {nominee:Name} to win for "{code:Quoted}"'))
@when(step('the chair proposes {nominee:Name} to win for "{code:Quoted}"'))
def _(world: World, nominee: str, code: str) -> None:
    with world.trying():
        world.propose(winners=[world.nominations[nominee]], override={"code": code, "text": "See the file."})


@when(step("the chair proposes {nominee:Name} to win without a reason"))
def _(world: World, nominee: str) -> None:
    with world.trying():
        world.propose(winners=[world.nominations[nominee]])


@then(step('{nominee:Name} is to win although the ranking gave {ranked:Name}, for "{code:Quoted}"'))
def _(world: World, nominee: str, ranked: str, code: str) -> None:
    found = decision(world)
    assert (named(world, found["winners"]), found["departs"]) == ([nominee], "override")
    assert found["computed"]["winners"] == [world.nominations[ranked]]
    assert found["override"] == {"code": code, "text": "See the file."}


@then(step("the report counts {made:d} decision and {departed:d} out of rank, none without a reason"))
def _(world: World, made: int, departed: int) -> None:
    found = world.see(SECRETARIAT, "out_of_rank", award=world.slug)
    assert (found["decisions"], found["departed"], found["without_reason"]) == (made, departed, 0)
    assert [one["decision"] for one in found["departures"]] == [world.decision] * departed


@given(step("{who:Who} has dissented"))
def _(world: World, who: str) -> None:
    carry_out(world, who, "decisions.dissent", decision=world.decision, text="No.")


@when(step('{who:Who} dissents: "{text:Quoted}"'))
def _(world: World, who: str, text: str) -> None:
    carry_out(world, who, "decisions.dissent", decision=world.decision, text=text)


@then(step('the decision shows the dissent of {who:Who}: "{text:Quoted}"'))
def _(world: World, who: str, text: str) -> None:
    [dissent] = decision(world)["dissents"]
    assert (dissent["by"], dissent["text"]) == (world.participant(who), text)


@when(step('the chair proposes the decision, which stands for "{code:Quoted}"'))
def _(world: World, code: str) -> None:
    with world.trying():
        world.propose(cross_check={"code": code})


@then(step('the median would have named {nominee:Name}, but it stands for "{code:Quoted}"'))
def _(world: World, nominee: str, code: str) -> None:
    found = decision(world)
    [check] = found["cross_checks"]
    assert (check["name"], check["winners"]) == ("median-of-totals", [world.nominations[nominee]])
    assert found["cross_check"] == {"code": code}
