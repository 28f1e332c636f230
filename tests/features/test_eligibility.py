"""Steps of `features/eligibility`."""

from pytest_bdd import given, scenarios, then

from tests.features.words import step
from tests.features.world import World

scenarios("../../features/eligibility")


@given(step("an edition under review of {nominee:Name}, where {other:Name} was ruled ineligible"))
def _(world: World, nominee: str, other: str) -> None:
    world.review_of(nominee, ineligible=(other,))


@then(step('the ruling on {nominee:Name} names the rule "{rule:Quoted}" and the reason "{code:Quoted}"'))
def _(world: World, nominee: str, rule: str, code: str) -> None:
    ruling = world.nomination(nominee)["ruling"]
    assert (ruling["outcome"], ruling["rule"], ruling["code"]) == ("ineligible", rule, code)
