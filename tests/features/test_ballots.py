"""Steps of `features/ballots`."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/ballots")

RUNGS = {"a run-off vote": "run-off-vote", "the run-off vote": "run-off-vote", "the casting vote": "casting-vote"}


def ask(world: World, who: str, **facts: Any) -> None:
    opened = world.do(who, "ballots.open", edition=world.edition, **facts)
    world.read = opened["id"]


def vote(world: World, who: str, **facts: Any) -> None:
    with world.trying():
        world.do(who, "ballots.vote", ballot=world.read, **facts)


def ballot(world: World, who: str = SECRETARIAT) -> dict[str, Any]:
    return dict(world.see(who, "ballot", ballot=world.read))


@given(step("{nominees:Names} tie, and the ladder is {rung:Words}"))
def _(world: World, nominees: list[str], rung: str) -> None:
    world.rules["stages"][0]["ties"] = [RUNGS[rung], "joint-winners"]
    world.review_all(dict.fromkeys(nominees, 4))
    world.appoint("the deputy", "deputy")


@given(step("{who:Who} is recused from {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    about = {"stage": world.stage, "nomination": world.nominations[nominee], "reviewer": world.participant(who)}
    world.do(SECRETARIAT, "conflicts.recuse", edition=world.edition, code="family", **about)


@given("the chair has put a question to the panel")
def _(world: World) -> None:
    ask(world, "the chair", quorum=1)


@given("the chair has put a secret question to the panel")
def _(world: World) -> None:
    ask(world, "the chair", secret=True)


@given(step("the chair has put a question to the panel with a quorum of {quorum:d}"))
def _(world: World, quorum: int) -> None:
    ask(world, "the chair", quorum=quorum)


@given(step("{who:Who} has opened {rung:Words}"))
def _(world: World, who: str, rung: str) -> None:
    ask(world, who, purpose=RUNGS[rung], quorum=1)


@given(step("{who:Who} has voted {answer:Words}"))
@when(step("{who:Who} votes {answer:Words}"))
def _(world: World, who: str, answer: str) -> None:
    vote(world, who, ranking=[[answer]])


@given(step("{voters:Names} have voted for {nominee:Name}"))
def _(world: World, voters: list[str], nominee: str) -> None:
    for who in voters:
        vote(world, who, ranking=[[world.nominations[nominee]]])


@when(step("{who:Who} votes for {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    vote(world, who, ranking=[[world.nominations[nominee]]])


@given(step("{who:Who} has abstained"))
def _(world: World, who: str) -> None:
    vote(world, who, abstain=True)


@given(step("{who:Who} has closed the ballot"))
@when(step("{who:Who} closes the ballot"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.do(who, "ballots.close", ballot=world.read)


@given(step("the chair has asked for {seats:d} of {nominees:Names} and no award"))
def _(world: World, seats: int, nominees: list[str]) -> None:
    options = [world.nominations[nominee] for nominee in nominees]
    method = {"name": "stv", "version": 1, "seats": seats}
    ask(world, "the chair", options=[*options, "no-award"], method=method, quorum=1)


@then(step("the seats go to {nominees:Names}"))
def _(world: World, nominees: list[str]) -> None:
    told = ballot(world)
    elected = {option for group in told["result"]["steps"]["elected"] for option in group}
    assert elected == {world.nominations[nominee] for nominee in nominees}
    assert (told["method"]["seats"], told["result"]["steps"]["quota"]) == (2, 1)


@then(step("the panel has answered {answer:Words}"))
def _(world: World, answer: str) -> None:
    assert ballot(world)["result"]["order"][0] == [answer]


@then("the ballot missed its quorum")
def _(world: World) -> None:
    told = ballot(world)
    assert (told["code"], told["status"], "result" in told) == ("quorum_missed", "closed", False)


@then(step("{who:Who} sees that {cast:d} has voted, and no vote"))
@then(step("{who:Who} sees that {cast:d} have voted, and no vote"))
def _(world: World, who: str, cast: int) -> None:
    told = ballot(world, who)
    assert (told["cast"], len(told["votes"])) == (cast, cast)
    own = world.participant(who)
    assert [one for one in told["votes"] if one["voter"] != own and one.keys() & {"ranking", "abstained"}] == []


@then(step("{who:Who} sees the votes of {voters:Names}"))
def _(world: World, who: str, voters: list[str]) -> None:
    told = {one["voter"] for one in ballot(world, who)["votes"] if one.keys() & {"ranking", "abstained"}}
    assert told == {world.participant(voter) for voter in voters}


@then(step("the auditor finds {many:d} votes of {who:Name} in the history"))
def _(world: World, many: int, who: str) -> None:
    items = world.see("the auditor", "history", edition=world.edition)
    cast = [one for one in items if one["type"] == "decision.vote_cast"]
    assert [one["actor"]["id"] for one in cast].count(world.participant(who)) == many


@then(step("{nominee:Name} is to win by {rung:Words}"))
def _(world: World, nominee: str, rung: str) -> None:
    told = world.see(SECRETARIAT, "decision", decision=world.decision)
    assert told["decided_by"] == RUNGS[rung]
    assert [winner["nomination"] for winner in told["winners"]] == [world.nominations[nominee]]
