"""An award: established, revised, discontinued."""

from typing import Any

from awards.domain import refusals as no
from awards.domain.award import Award
from awards.domain.values import derived_id
from tests.domain.story import AWARD, act, given, happened

NAME = {"en": "Military Gender Advocate of the Year", "fr": "Prix"}
BODY = {"en": "United Nations"}
ESTABLISHED = happened(Award.Established, slug="gender-advocate", name=NAME, awarding_body=BODY)
DISCONTINUED = happened(Award.Discontinued)


def test_establishing_begins_an_award() -> None:
    given().when(lambda: Award.establish(act(), "gender-advocate", NAME, BODY)).then(ESTABLISHED)


def test_an_award_may_say_what_it_is_for_and_since_when() -> None:
    told: dict[str, Any] = {"purpose": {"en": "To recognise"}, "since": "2016"}
    given().when(lambda: Award.establish(act(), "gender-advocate", NAME, BODY, **told)).then(
        happened(Award.Established, slug="gender-advocate", name=NAME, awarding_body=BODY, **told)
    )


def test_the_slug_gives_the_id() -> None:
    assert Award.id_of("gender-advocate") == derived_id("award", "gender-advocate")
    assert str(Award.id_of("gender-advocate")) == AWARD != str(Award.id_of("another"))


def test_revising_replaces_the_texts() -> None:
    revised = given(ESTABLISHED).when(lambda award: award.revise(act(), {"en": "New"}, BODY, {"en": "For"}))
    award = revised.then(happened(Award.Revised, name={"en": "New"}, awarding_body=BODY, purpose={"en": "For"}))
    assert (award.name, award.slug) == ({"en": "New"}, "gender-advocate")


def test_discontinuing_ends_it() -> None:
    given(ESTABLISHED).when(lambda award: award.discontinue(act(), "2026-12")).then(
        happened(Award.Discontinued, effective="2026-12")
    )


def test_an_award_that_is_given_can_have_editions() -> None:
    given(ESTABLISHED).when(lambda award: award.require_standing()).then()


def test_a_discontinued_award_changes_no_more() -> None:
    ended = given(ESTABLISHED, DISCONTINUED)
    ended.when(lambda award: award.revise(act(), NAME, BODY)).refused(no.AwardDiscontinued)
    ended.when(lambda award: award.discontinue(act())).refused(no.AwardDiscontinued)
    ended.when(lambda award: award.require_standing()).refused(no.AwardDiscontinued)
