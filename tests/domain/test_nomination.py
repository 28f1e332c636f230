"""A nomination: submitted, amended, endorsed, answered, ruled upon, withdrawn."""

from typing import Any
from uuid import UUID

import pytest

from awards.domain import refusals as no
from awards.domain.nomination import Nomination, participants_of
from tests.domain.story import (
    EDITION,
    ENDORSER,
    NOMINATION,
    NOMINATOR,
    NOMINEE,
    OTHER,
    act,
    given,
    happened,
    sealed,
    state_after,
    who,
)

NAMED = {"kind": "person", "participant": NOMINEE, "attributes": {"name": sealed("name"), "rank": sealed("rank")}}
TEAM = {
    "kind": "team",
    "participant": NOMINEE,
    "attributes": {"name": sealed("name")},
    "members": [{"participant": who(0x31), "name": sealed("member", who(0x31))}],
}
STATEMENT = sealed("statement")
OTHER_NAME = {**NAMED, "attributes": {"name": sealed("other")}}
TEXT = sealed("text")
NOMINATING = act(NOMINATOR, "nominator")


def submission(nominee: dict[str, Any] = NAMED, nominator: str = NOMINATOR, self_nomination: bool = False) -> Any:
    return Nomination.submit(
        NOMINATING, UUID(NOMINATION), EDITION, "main", nominee, nominator, STATEMENT, self_nomination
    )


def submitted(nominee: dict[str, Any] = NAMED, nominator: str = NOMINATOR) -> Any:
    return happened(
        Nomination.Submitted,
        NOMINATING,
        category="main",
        nominee=nominee,
        nominator=nominator,
        statement=STATEMENT,
    )


SUBMITTED = submitted()
ENDORSED = happened(Nomination.Endorsed, endorser=ENDORSER, name=sealed("name", ENDORSER), statement=STATEMENT)
ACCEPTED, DECLINED, WITHDRAWN = map(happened, (Nomination.Accepted, Nomination.Declined, Nomination.Withdrawn))
ELIGIBLE = happened(Nomination.RuledEligible, rule="serving", code="meets_rules")
INELIGIBLE = happened(Nomination.RuledIneligible, rule="serving", code="left_service")


def endorse(it: Nomination, endorser: str = ENDORSER) -> None:
    it.endorse(act(), endorser, sealed("name", endorser), STATEMENT)


# --- putting somebody forward


def test_submitting_begins_a_nomination() -> None:
    nomination = given().when(submission).then(SUBMITTED)
    assert (nomination.interested(), nomination.in_play()) == ({NOMINATOR, NOMINEE}, True)


def test_a_team_has_members_and_nobody_else_does() -> None:
    nomination = given().when(lambda: submission(TEAM)).then(submitted(TEAM))
    assert nomination.interested() == participants_of(TEAM) | {NOMINATOR} == {NOMINATOR, NOMINEE, who(0x31)}
    wrong = TEAM | {"kind": "person"}
    given().when(lambda: submission(wrong)).refused(no.NomineeKindNotAllowed)
    given(SUBMITTED).when(lambda it: it.amend(act(), wrong, STATEMENT)).refused(no.NomineeKindNotAllowed)


def test_somebody_may_be_named_as_the_nominator() -> None:
    name = sealed("name", OTHER)
    nomination = given().when(
        lambda: Nomination.submit(act(), UUID(NOMINATION), EDITION, "main", NAMED, OTHER, STATEMENT, False, name)
    )
    fields: dict[str, Any] = {
        "category": "main",
        "nominee": NAMED,
        "nominator": OTHER,
        "statement": STATEMENT,
        "nominator_name": name,
    }
    assert nomination.then(happened(Nomination.Submitted, **fields)).nominator == OTHER


@pytest.mark.parametrize("nominee", [NAMED | {"participant": NOMINATOR}, TEAM | {"participant": NOMINATOR}])
def test_nominating_oneself_needs_a_rule_that_allows_it(nominee: dict[str, Any]) -> None:
    given().when(lambda: submission(nominee)).refused(no.SelfNomination)
    given().when(lambda: submission(nominee, self_nomination=True)).then(submitted(nominee))


def test_nominating_ones_own_team_is_nominating_oneself() -> None:
    given().when(lambda: submission(TEAM, nominator=who(0x31))).refused(no.SelfNomination)


def test_amending_replaces_what_it_says() -> None:
    amended = given(SUBMITTED).when(lambda it: it.amend(NOMINATING, OTHER_NAME, TEXT))
    nomination = amended.then(happened(Nomination.Amended, NOMINATING, nominee=OTHER_NAME, statement=TEXT))
    assert nomination.nominee == OTHER_NAME
    grown = state_after((SUBMITTED, happened(Nomination.Amended, nominee=TEAM, statement=TEXT)))
    assert who(0x31) in grown.interested()


@pytest.mark.parametrize("ruling", [ELIGIBLE, INELIGIBLE])
def test_after_the_ruling_nothing_is_amended_or_ruled_again(ruling: Any) -> None:
    ruled = given(SUBMITTED, ruling)
    ruled.when(lambda it: it.amend(act(), NAMED, STATEMENT)).refused(no.AlreadyRuled)
    ruled.when(lambda it: it.rule_eligible(act(), "r", "c", "informed")).refused(no.AlreadyRuled)
    ruled.when(lambda it: it.rule_ineligible(act(), "r", "c")).refused(no.AlreadyRuled)


# --- endorsing


def test_endorsing_and_taking_it_back() -> None:
    assert given(SUBMITTED).when(endorse).then(ENDORSED).interested() == {NOMINATOR, NOMINEE, ENDORSER}
    back = given(SUBMITTED, ENDORSED).when(lambda it: it.withdraw_endorsement(act(), ENDORSER))
    nomination = back.then(happened(Nomination.EndorsementWithdrawn, endorser=ENDORSER))
    assert (nomination.endorsers, nomination.interested()) == (set(), {NOMINATOR, NOMINEE, ENDORSER})


def test_an_endorser_speaks_once_and_never_for_herself() -> None:
    given(SUBMITTED, ENDORSED).when(endorse).refused(no.AlreadyEndorsed)
    given(SUBMITTED).when(lambda it: endorse(it, NOMINEE)).refused(no.SelfNomination)
    given(submitted(TEAM)).when(lambda it: endorse(it, who(0x31))).refused(no.SelfNomination)
    given(SUBMITTED).when(lambda it: it.withdraw_endorsement(act(), ENDORSER)).refused(no.NotEndorsed)


# --- the nominee's answer


@pytest.mark.parametrize("consent", ["required", "informed"])
def test_the_nominee_accepts_or_declines(consent: str) -> None:
    accepted = given(SUBMITTED).when(lambda it: it.accept(act(), consent)).then(ACCEPTED)
    assert (accepted.answer, accepted.in_play()) == ("accepted", True)
    declined = given(SUBMITTED).when(lambda it: it.decline(act(), consent, TEXT))
    nomination = declined.then(happened(Nomination.Declined, text=TEXT))
    assert (nomination.answer, nomination.in_play()) == ("declined", False)


@pytest.mark.parametrize("answer", [lambda it, rule: it.accept(act(), rule), lambda it, rule: it.decline(act(), rule)])
def test_who_is_not_asked_or_has_answered_does_not_answer(answer: Any) -> None:
    given(SUBMITTED).when(lambda it: answer(it, "not_told")).refused(no.NotAsked)
    given(SUBMITTED, WITHDRAWN).when(lambda it: answer(it, "required")).refused(no.NominationWithdrawn)
    for before in (ACCEPTED, DECLINED):
        given(SUBMITTED, before).when(lambda it: answer(it, "required")).refused(no.AlreadyAnswered)


# --- the ruling


def test_ruling_eligible() -> None:
    ruled = given(SUBMITTED, ACCEPTED).when(lambda it: it.rule_eligible(act(), "serving", "ok", "required", TEXT))
    nomination = ruled.then(happened(Nomination.RuledEligible, rule="serving", code="ok", text=TEXT))
    assert (nomination.ruling, nomination.in_play()) == ("eligible", True)
    nomination.require_eligible()


@pytest.mark.parametrize("consent", ["informed", "not_told"])
def test_consent_is_waited_for_only_when_it_is_required(consent: str) -> None:
    given(SUBMITTED).when(lambda it: it.rule_eligible(act(), "serving", "meets_rules", "required")).refused(
        no.ConsentMissing
    )
    given(SUBMITTED).when(lambda it: it.rule_eligible(act(), "serving", "meets_rules", consent)).then(ELIGIBLE)


def test_ruling_ineligible_is_a_fact() -> None:
    nomination = given(SUBMITTED).when(lambda it: it.rule_ineligible(act(), "serving", "left_service"))
    assert not nomination.then(INELIGIBLE).in_play()


def test_what_needs_an_eligible_nomination() -> None:
    given(SUBMITTED, ACCEPTED, ELIGIBLE).when(lambda it: it.require_eligible()).then()
    given(SUBMITTED).when(lambda it: it.require_eligible()).refused(no.NotRuled)
    given(SUBMITTED, INELIGIBLE).when(lambda it: it.require_eligible()).refused(no.NotRuled)


# --- taking it back


def test_withdrawing_takes_it_out_of_play() -> None:
    withdrawn = given(SUBMITTED, ELIGIBLE).when(lambda it: it.withdraw(act(), TEXT))
    assert not withdrawn.then(happened(Nomination.Withdrawn, text=TEXT)).in_play()


STANDING_ONLY = {
    "amend": lambda it: it.amend(act(), NAMED, STATEMENT),
    "endorse": endorse,
    "withdraw_endorsement": lambda it: it.withdraw_endorsement(act(), ENDORSER),
    "rule_eligible": lambda it: it.rule_eligible(act(), "r", "c", "informed"),
    "rule_ineligible": lambda it: it.rule_ineligible(act(), "r", "c"),
    "withdraw": lambda it: it.withdraw(act()),
    "require_standing": lambda it: it.require_standing(),
    "require_eligible": lambda it: it.require_eligible(),
}


@pytest.mark.parametrize("name", STANDING_ONLY)
def test_only_a_standing_nomination_goes_on(name: str) -> None:
    given(SUBMITTED, WITHDRAWN).when(STANDING_ONLY[name]).refused(no.NominationWithdrawn)
    given(SUBMITTED, DECLINED).when(STANDING_ONLY[name]).refused(no.NominationDeclined)


# --- the file


def test_who_opened_the_file_is_recorded() -> None:
    opened = given(SUBMITTED, ELIGIBLE).when(lambda it: it.open_file(act(OTHER, "reviewer"), OTHER))
    case = opened.then(happened(Nomination.FileOpened, act(OTHER, "reviewer"), reviewer=OTHER))
    case.require_opened(OTHER)


def test_what_needs_the_file_opened_needs_it_of_this_reviewer() -> None:
    opened = happened(Nomination.FileOpened, act(OTHER, "reviewer"), reviewer=OTHER)
    given(SUBMITTED, ELIGIBLE).when(lambda it: it.require_opened(OTHER)).refused(no.FileNotOpened)
    given(SUBMITTED, ELIGIBLE, opened).when(lambda it: it.require_opened(ENDORSER)).refused(no.FileNotOpened)


def test_only_the_file_of_an_eligible_nomination_is_opened() -> None:
    given(SUBMITTED).when(lambda it: it.open_file(act(), OTHER)).refused(no.NotRuled)
    given(SUBMITTED, ELIGIBLE, WITHDRAWN).when(lambda it: it.open_file(act(), OTHER)).refused(no.NominationWithdrawn)
