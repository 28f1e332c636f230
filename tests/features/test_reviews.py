"""Steps of `features/reviews`."""

from pytest_bdd import given, scenarios, then, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/reviews")


# Assigning.


@given("the nominator sits on the panel too")
def _(world: World) -> None:
    world.appoint("the nominator", "member")


@when(step('{reviewer:Name} declines to review {nominee:Name} for "{code:Quoted}"'))
def _(world: World, reviewer: str, nominee: str, code: str) -> None:
    decline(world, reviewer, nominee, code)


@given(step("{reviewer:Name} has declined to review {nominee:Name}"))
def _(world: World, reviewer: str, nominee: str) -> None:
    decline(world, reviewer, nominee, "no-time")


def decline(world: World, reviewer: str, nominee: str, code: str) -> None:
    with world.trying():
        world.do(reviewer, "reviews.decline", review=world.review(nominee, reviewer), code=code)


@then(step("{reviewer:Name} has {nominee:Name} to review"))
def _(world: World, reviewer: str, nominee: str) -> None:
    own = world.see(reviewer, "reviews", edition=world.edition, mine=True)
    assert [(review["nomination"], review["status"]) for review in own] == [(world.nominations[nominee], "assigned")]


@then(step("the secretariat sees {submitted:d} of {assigned:d} reviews of {nominee:Name} in"))
def _(world: World, submitted: int, assigned: int, nominee: str) -> None:
    assert world.nomination(nominee)["progress"] == {"assigned": assigned, "submitted": submitted, "ended": 0}


# Conflicts of interest.


@when(step('{reviewer:Name} declares a conflict over {nominee:Name} for "{code:Quoted}"'))
def _(world: World, reviewer: str, nominee: str, code: str) -> None:
    declare(world, reviewer, nominee, code)


@given(step("{reviewer:Name} has declared a conflict over {nominee:Name}"))
def _(world: World, reviewer: str, nominee: str) -> None:
    declare(world, reviewer, nominee, "family-tie")


def declare(world: World, reviewer: str, nominee: str, code: str) -> None:
    facts = {"code": code, "text": "Her brother served with me."}
    with world.trying():
        world.do(reviewer, "reviews.declare_conflict", review=world.review(nominee, reviewer), **facts)


@when(step('the chair recuses {reviewer:Name} from {nominee:Name} for "{code:Quoted}"'))
def _(world: World, reviewer: str, nominee: str, code: str) -> None:
    with world.trying():
        world.do("the chair", "reviews.recuse", review=world.review(nominee, reviewer), code=code)


@then(step('the secretariat reads the conflict "{code:Quoted}" of {reviewer:Name} over {nominee:Name}'))
def _(world: World, code: str, reviewer: str, nominee: str) -> None:
    review = world.see(SECRETARIAT, "review", review=world.review(nominee, reviewer))
    assert review["conflict"] == {"code": code, "text": "Her brother served with me."}


# Scoring.


@when(step("{reviewer:Name} scores {nominee:Name} {scores:Scores}"))
def _(world: World, reviewer: str, nominee: str, scores: dict[str, int]) -> None:
    with world.trying():
        world.do(reviewer, "reviews.score", review=world.review(nominee, reviewer), scores=scores)


@given(step("{reviewer:Name} has read the own review of {nominee:Name}"))
def _(world: World, reviewer: str, nominee: str) -> None:
    world.read = world.see(reviewer, "review", review=world.review(nominee, reviewer))


@when(step("{reviewer:Name} scores {nominee:Name} over that older reading"))
def _(world: World, reviewer: str, nominee: str) -> None:
    again(world, reviewer, world.review(nominee, reviewer))


@when(step("{who:Who} scores {nominee:Name} in place of {reviewer:Name}"))
def _(world: World, who: str, nominee: str, reviewer: str) -> None:
    world.read = None
    again(world, who, world.review(nominee, reviewer))


def again(world: World, who: str, review: str) -> None:
    scores = {"impact": 5, "initiative": 5}
    with world.trying():
        world.do(who, "reviews.score", as_read=world.read, review=review, scores=scores)


@then(
    step(
        "the secretariat reads {impact:d} for impact, {initiative:d} for initiative "
        'and "{comment:Quoted}" by {reviewer:Name} on {nominee:Name}'
    )
)
def _(world: World, impact: int, initiative: int, comment: str, reviewer: str, nominee: str) -> None:
    review = world.see(SECRETARIAT, "review", review=world.review(nominee, reviewer))
    assert (review["scores"], review["comment"]) == ({"impact": impact, "initiative": initiative}, comment)


@then(
    step(
        "the history of the review of {nominee:Name} by {reviewer:Name} is "
        '"{one:Quoted}", "{other:Quoted}", "{third:Quoted}"'
    )
)
def _(world: World, nominee: str, reviewer: str, one: str, other: str, third: str) -> None:
    items = world.see(SECRETARIAT, "history", edition=world.edition, stream=world.review(nominee, reviewer))
    assert [item["type"] for item in items] == [f"review.{what}" for what in (one, other, third)]
