"""Steps of `features/eligibility`."""

from pytest_bdd import scenarios, then

from tests.features.words import step
from tests.features.world import World

scenarios("../../features/eligibility")


@then(step('the ruling on {nominee:Name} names the rule "{rule:Quoted}" and the reason "{code:Quoted}"'))
def _(world: World, nominee: str, rule: str, code: str) -> None:
    ruling = world.nomination(nominee)["ruling"]
    assert (ruling["outcome"], ruling["rule"], ruling["code"]) == ("ineligible", rule, code)
