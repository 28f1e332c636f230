"""Steps of `features/corrections`."""

from pytest_bdd import scenarios, when

from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/corrections")


@when(step('the secretariat corrects the rank of {nominee:Name} to "{rank:Quoted}" by the source "{source:Quoted}"'))
def _(world: World, nominee: str, rank: str, source: str) -> None:
    with world.trying():
        world.correct(nominee, "rank", stands=rank, rival="Major", source=source)


@when("the secretariat corrects the rank of somebody who did not win")
def _(world: World) -> None:
    facts = {"field": "rank", "stands": "Captain", "rival": "Major", "sources": ["press-release"]}
    somebody = world.participant("the nominator")
    with world.trying():
        world.do(SECRETARIAT, "decisions.correct", decision=world.decision, winner=somebody, **facts)


@when("the secretariat corrects the year of the decision")
def _(world: World) -> None:
    facts = {"field": "year", "stands": 2017, "rival": 2016, "sources": ["press-release"]}
    with world.trying():
        world.do(SECRETARIAT, "decisions.correct", decision=world.decision, **facts)
