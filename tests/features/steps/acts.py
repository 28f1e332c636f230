"""Who does what, as several capabilities tell of it; the perfect tense is for what happened before a scenario."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_bdd import given, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import NAMED, World


def carry_out(world: World, who: str, command: str, **facts: Any) -> None:
    """Try a command of somebody."""
    with world.trying():
        world.do(who, command, **facts)


# Awards and editions.


@when("the secretariat plans an edition")
def _(world: World) -> None:
    with world.trying():
        world.plan()


@when(step('the secretariat renames the award "{name:Quoted}"'))
def _(world: World, name: str) -> None:
    carry_out(world, SECRETARIAT, "awards.revise", award=world.award, **(NAMED | {"name": {"en": name}}))


@given(step("{who:Who} has cancelled the edition"))
@when(step("{who:Who} cancels the edition"))
def _(world: World, who: str) -> None:
    carry_out(world, who, "editions.cancel", edition=world.edition, code="no-funds")


@given(step("{who:Who} has appointed {member:Who} as {seat:Words}"))
@when(step("{who:Who} appoints {member:Who} as {seat:Words}"))
def _(world: World, who: str, member: str, seat: str) -> None:
    with world.trying():
        world.appoint(member, seat)


# The call.


@when("the secretariat opens the call")
def _(world: World) -> None:
    with world.trying():
        world.open_call()


@when("the secretariat extends the call by a week")
def _(world: World) -> None:
    closes = world.clock.now() + timedelta(days=8)
    carry_out(world, SECRETARIAT, "editions.extend_call", edition=world.edition, closes=closes, zone="Africa/Accra")


@given(step("{who:Who} has closed the call"))
@when(step("{who:Who} closes the call"))
def _(world: World, who: str) -> None:
    carry_out(world, who, "editions.close_call", edition=world.edition)


# Nominations.


@given(step("{who:Who} has nominated {nominee:Name}"))
@when(step("{who:Who} nominates {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.nominate(who, nominee)


@given(step("{who:Who} has withdrawn the nomination of {nominee:Name}"))
@when(step("{who:Who} withdraws the nomination of {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    carry_out(world, who, "nominations.withdraw", nomination=world.nominations[nominee])


@given(step("{nominee:Name} has accepted"))
@when(step("{nominee:Name} accepts"))
def _(world: World, nominee: str) -> None:
    world.send_link(nominee)
    carry_out(world, nominee, "nominations.accept", nomination=world.nominations[nominee])


@given(step("{nominee:Name} has declined"))
@when(step("{nominee:Name} declines"))
def _(world: World, nominee: str) -> None:
    world.send_link(nominee)
    carry_out(world, nominee, "nominations.decline", nomination=world.nominations[nominee])


@given(step("{who:Who} has ruled {nominee:Name} eligible"))
@when(step("{who:Who} rules {nominee:Name} eligible"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.rule(nominee, who=who)


@when(step('the secretariat rules {nominee:Name} ineligible by the rule "{rule:Quoted}" for "{code:Quoted}"'))
def _(world: World, nominee: str, rule: str, code: str) -> None:
    with world.trying():
        world.rule(nominee, "ineligible", rule, code)


@when(step("{who:Who} reads the nomination of {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.read = world.nomination(nominee, who)


# Reviews.


@when(step("{who:Who} opens reviewing"))
def _(world: World, who: str) -> None:
    carry_out(world, who, "editions.open_reviewing", edition=world.edition, stage=world.stage)


@given(step("{who:Who} has closed reviewing"))
@when(step("{who:Who} closes reviewing"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.close_reviewing(who)


@given(step('{who:Who} has reopened reviewing for "{code:Quoted}"'))
@when(step('{who:Who} reopens reviewing for "{code:Quoted}"'))
def _(world: World, who: str, code: str) -> None:
    carry_out(world, who, "editions.reopen_reviewing", edition=world.edition, stage=world.stage, code=code)


@when(step("{who:Who} assigns {nominee:Name} to {reviewer:Who}"))
def _(world: World, who: str, nominee: str, reviewer: str) -> None:
    with world.trying():
        world.assign(nominee, reviewer, who=who)


@when(step("{who:Who} scores {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.score(who, nominee, 4, 4)


@when(step('{who:Who} scores {nominee:Name} {scores:Scores}, commenting "{comment:Quoted}"'))
def _(world: World, who: str, nominee: str, scores: dict[str, int], comment: str) -> None:
    review = world.review(nominee, who)
    carry_out(world, who, "reviews.score", review=review, scores=scores, comment=comment)


@given(step("{who:Who} has shortlisted {nominee:Name}"))
@when(step("{who:Who} shortlists {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    with world.trying():
        world.shortlist(nominee, who=who)


# Decisions.


@given(step("{who:Who} has taken the chair"))
def _(world: World, who: str) -> None:
    world.take_chair(who)


@given(step("{who:Who} has proposed the decision"))
@when(step("{who:Who} proposes the decision"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.propose(who)


@given(step("{who:Who} has approved the decision"))
@when(step("{who:Who} approves the decision"))
def _(world: World, who: str) -> None:
    carry_out(world, who, "decisions.approve", decision=world.decision)


@given(step("{who:Who} has announced the decision"))
@when(step("{who:Who} announces the decision"))
def _(world: World, who: str) -> None:
    with world.trying():
        world.announce(who=who)


@when(step('the secretariat announces {nominee:Name} "{citation:Quoted}"'))
def _(world: World, nominee: str, citation: str) -> None:
    with world.trying():
        world.announce(citations={nominee: citation})


@given("the secretariat has announced the decision under an embargo of a week")
@when("the secretariat announces the decision under an embargo of a week")
def _(world: World) -> None:
    with world.trying():
        world.announce(world.clock.now() + timedelta(days=7))


@when("the award is conferred")
def _(world: World) -> None:
    with world.trying():
        world.confer()


@given(step("the award was conferred upon {nominee:Name}"))
@when(step("the award is conferred upon {nominee:Name}"))
def _(world: World, nominee: str) -> None:
    winner = world.winner(nominee)
    with world.trying():
        world.confer(winners=[winner])


@given(step("{who:Who} has revoked the award of {nominee:Name}"))
@when(step("{who:Who} revokes the award of {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    winner = world.winner(nominee)
    carry_out(world, who, "decisions.revoke", decision=world.decision, winner=winner)


@when(
    step('the secretariat notes that the source "{source:Quoted}" gives the rank of {nominee:Name} as "{rank:Quoted}"')
)
def _(world: World, source: str, nominee: str, rank: str) -> None:
    with world.trying():
        world.correct(nominee, "rank", stands="Major", rival=rank, source=source)


@given(step("{who:Name} has declared a conflict over {nominee:Name}"))
def _(world: World, who: str, nominee: str) -> None:
    world.do(who, "reviews.declare_conflict", review=world.review(nominee, who), code="family-tie")
