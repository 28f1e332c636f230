"""Separation of duties as commands meet it: earlier acts, stages, award-wide auditors, and who judges in a category."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from awards.access import OPERATOR
from awards.domain import refusals as no
from awards.domain.subject import EVERY_AWARD
from awards.ledger.beside import participant_of, subject_of
from tests.application.guards import assert_sound, at_once, is_id
from tests.application.house import ONE_STAGE, House, nominee
from tests.application.jury import Jury
from tests.domain.cases import RULES
from tests.soak import rounds

TWO_STAGES = {"stages": RULES["stages"]}


@pytest.fixture
def jury(house: House) -> Jury:
    return Jury(house)


def enter(jury: Jury, role: str, participant: str) -> str:
    return jury.app.editions.enter(jury.by("secretary"), jury.edition, role, participant=participant)


def appoint(jury: Jury, seat: str, participant: str, stage: str = "panel") -> str:
    return jury.app.editions.appoint(jury.by("secretary"), jury.edition, stage, seat, participant=participant)


# --- a late appointment looks at earlier acts


def test_no_auditor_is_made_of_who_nominated_endorsed_stood_or_reviewed(jury: Jury) -> None:
    jury.house.at = jury.house.at.replace(month=4)
    emma = jury.house.link(jury.irina, "endorser")
    jury.app.nominations.endorse(jury.house.by(emma), jury.irina, "Emma", "I agree.")
    for who in (jury.id("nadia"), str(emma.participant), jury.nominee(jury.olga), jury.id("rosa")):
        with pytest.raises(no.RolesIncompatible):
            enter(jury, "auditor", who)


def test_an_auditor_neither_endorses_nor_stands(house: House) -> None:
    jury = Jury(house, reviewing=False)
    facts = nominee("Ada", participant=jury.id("ada"))
    with pytest.raises(no.RolesIncompatible):
        jury.app.nominations.submit(jury.by("nadia"), jury.edition, "main", facts, "Text")
    with pytest.raises(no.RolesIncompatible):
        enter(jury, "nominator", jury.id("ada"))


@pytest.mark.parametrize("seat", ["chair", "deputy"])
def test_whoever_nominated_does_not_come_to_lead_the_panel(jury: Jury, seat: str) -> None:
    jury.app.editions.discharge(jury.by("secretary"), jury.edition, "panel", jury.id(seat), "ill")
    with pytest.raises(no.RolesIncompatible):
        appoint(jury, seat, jury.id("nadia"))
    appoint(jury, "member", jury.id("nadia"))
    with pytest.raises(no.ReviewerHasInterest):
        jury.house.app.reviews.assign(jury.by("secretary"), jury.edition, "panel", jury.irina, jury.id("nadia"))


def test_who_leads_the_panel_nominates_nobody(house: House) -> None:
    jury = Jury(house, reviewing=False)
    chair = jury.house.member(jury.edition, "nominator", "Chen", participant=jury.id("chair"))
    with pytest.raises(no.RolesIncompatible):
        jury.app.nominations.submit(house.by(chair), jury.edition, "main", nominee("Odile"), "Text")


# --- award-wide auditors


def test_an_award_wide_auditor_gets_no_role_or_seat_in_an_edition_of_the_award(house: House) -> None:
    jury = Jury(house)
    subject = subject_of(house.service.ledger.rows, jury.id("nadia"))
    assert subject is not None
    auditor = house.staff("auditor", "Aude")
    rows = house.service.ledger.rows
    assert participant_of(rows, jury.edition, str(auditor.subject)) is None
    house.service.ledger.write(("UPDATE participants SET subject = ? WHERE subject = ?", (auditor.subject, subject)))
    for role in ("approver", "secretariat"):
        with pytest.raises(no.RolesIncompatible):
            enter(jury, role, jury.id("nadia"))
    with pytest.raises(no.RolesIncompatible):
        appoint(jury, "member", jury.id("nadia"))
    jury.link(jury.id("nadia"), jury.id("rosa"))
    assert house.events("edition.panel_member_discharged", jury.edition)[-1].participant == jury.id("rosa")


def test_the_award_wide_auditor_has_no_other_role_of_the_same_award(house: House) -> None:
    auditor, secretary = house.staff("auditor", "Aude", house.award), house.staff("secretariat", "Sole", house.award)
    grant, by = house.app.people.grant, house.by(OPERATOR)
    with pytest.raises(no.RolesIncompatible):
        grant(by, str(auditor.subject), "approver", house.award)
    with pytest.raises(no.RolesIncompatible):
        grant(by, str(auditor.subject), "approver")
    with pytest.raises(no.RolesIncompatible):
        grant(by, str(secretary.subject), "auditor")


def test_an_award_wide_secretariat_takes_no_seat(house: House) -> None:
    jury = Jury(house)
    sole = house.staff("secretariat", "Sole", house.award)
    who = jury.join("nina", "nominator")
    rows = house.service.ledger
    rows.write(("UPDATE participants SET subject = ? WHERE participant = ?", (sole.subject, who.participant)))
    with pytest.raises(no.RolesIncompatible):
        appoint(jury, "member", jury.id("nina"))
    jury.link(jury.id("nina"), jury.id("rudi"))
    assert house.events("edition.panel_member_discharged", jury.edition)[-1].participant == jury.id("rudi")


def test_nobody_with_a_part_in_an_edition_is_made_auditor_of_its_award(house: House) -> None:
    jury = Jury(house)
    sole = house.staff("approver", "Sole", house.award)
    jury.scored(jury.irina, "rosa")
    jury.close()
    jury.app.decisions.approve(house.by(sole), jury.propose())
    house.app.people.revoke(house.by(OPERATOR), str(sole.subject), "approver", house.award)
    for award in (house.award, EVERY_AWARD):
        with pytest.raises(no.RolesIncompatible):
            house.app.people.grant(house.by(OPERATOR), str(sole.subject), "auditor", award)
    other = house.app.awards.establish(house.by(OPERATOR), "other", {"en": "Other"}, {"en": "Body"})
    house.app.people.grant(house.by(OPERATOR), str(sole.subject), "auditor", other)


# --- nobody does it to herself


def test_nobody_enters_or_appoints_herself(jury: Jury) -> None:
    secretary = jury.join("sole", "secretariat")
    for act in (
        lambda: jury.app.editions.enter(
            jury.house.by(secretary), jury.edition, "approver", participant=secretary.participant
        ),
        lambda: jury.app.editions.appoint(
            jury.house.by(secretary), jury.edition, "panel", "member", participant=secretary.participant
        ),
        lambda: jury.app.editions.replace(
            jury.house.by(secretary),
            jury.edition,
            "panel",
            jury.id("rosa"),
            {"participant": str(secretary.participant)},
            "ill",
        ),
    ):
        with pytest.raises(no.SelfAppointment):
            act()


# --- a seat counts at its stage


def test_who_leads_one_stage_does_not_act_at_another(house: House) -> None:
    jury = Jury(house, **TWO_STAGES)
    jury.join("fred", "chair", stage="final")
    jury.scored(jury.irina, "rosa")
    fred, editions = jury.by("fred"), jury.app.editions
    acts: list[Callable[[], Any]] = [
        lambda: editions.close_reviewing(fred, jury.edition, "panel"),
        lambda: jury.app.reviews.assign(fred, jury.edition, "panel", jury.olga, jury.id("rosa")),
        lambda: editions.shortlist(fred, jury.edition, "panel", "main", [jury.irina]),
    ]
    for act in acts:
        with pytest.raises(no.NotAllowed):
            act()
    chair = jury.by("chair")
    editions.close_reviewing(chair, jury.edition, "panel")
    editions.shortlist(chair, jury.edition, "panel", "main", [jury.irina])
    with pytest.raises(no.NotAllowed):
        editions.open_reviewing(chair, jury.edition, "final")
    editions.open_reviewing(fred, jury.edition, "final")
    editions.close_reviewing(fred, jury.edition, "final")
    with pytest.raises(no.NotAllowed):
        jury.propose("chair")


# --- where the chair may not judge, the deputy does


@pytest.mark.parametrize("how", ["recused", "put forward"])
def test_a_chair_who_may_not_judge_one_nomination_leads_nothing_in_its_category(jury: Jury, how: str) -> None:
    if how == "recused":
        jury.app.reviews.declare_conflict(jury.by("chair"), jury.assign(jury.irina, "chair"), "family-tie")
    else:
        jury.link(jury.id("chair"), jury.nominee(jury.irina))
    jury.scored(jury.irina, "rosa")
    editions, edition = jury.app.editions, jury.edition
    with pytest.raises(no.ClosedToYou):
        editions.close_reviewing(jury.by("chair"), edition, "panel")
    editions.close_reviewing(jury.by("deputy"), edition, "panel")
    with pytest.raises(no.ClosedToYou):
        editions.reopen_reviewing(jury.by("chair"), edition, "panel", "late")
    with pytest.raises(no.ClosedToYou):
        editions.shortlist(jury.by("chair"), edition, "panel", "main", [jury.olga])
    with pytest.raises(no.ClosedToYou):
        jury.propose("chair")
    decision = jury.propose("deputy")
    jury.app.decisions.approve(jury.by("abel"), decision)
    jury.app.decisions.announce(jury.by("secretary"), decision, {jury.irina: {"en": "For courage."}})
    winner = jury.nominee(jury.irina)
    with pytest.raises(no.ClosedToYou):
        jury.app.decisions.propose_revocation(jury.by("chair"), decision, winner, "fraud")
    jury.app.decisions.propose_revocation(jury.by("deputy"), decision, winner, "fraud")


def test_what_is_out_of_play_closes_nothing(jury: Jury) -> None:
    jury.app.reviews.declare_conflict(jury.by("chair"), jury.assign(jury.irina, "chair"), "family-tie")
    jury.app.nominations.withdraw(jury.by("secretary"), jury.irina)
    jury.scored(jury.olga, "rosa")
    jury.app.editions.close_reviewing(jury.by("chair"), jury.edition, "panel")
    jury.propose("chair")


def test_an_approver_with_a_part_in_the_category_is_not_its_second_person(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    jury.close()
    decision = jury.propose()
    jury.link(jury.id("abel"), jury.nominee(jury.olga))
    with pytest.raises(no.ClosedToYou):
        jury.app.decisions.approve(jury.by("abel"), decision)
    with pytest.raises(no.ClosedToYou):
        jury.app.decisions.send_back(jury.by("abel"), decision, "unclear")
    jury.app.decisions.approve(jury.house.by(jury.house.approver), decision)


# --- proposals that go back


def test_a_returned_proposal_lets_the_ground_change_and_is_made_anew(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa", impact=5, reach=5)
    jury.scored(jury.olga, "rosa")
    jury.close()
    decision = jury.propose()
    with pytest.raises(no.AlreadyProposed):
        jury.app.nominations.withdraw(jury.by("secretary"), jury.irina)
    chair = jury.house.member(jury.edition, "approver", "Chen", participant=jury.id("chair"))
    with pytest.raises(no.SecondPersonNeeded):
        jury.app.decisions.send_back(jury.house.by(chair), decision, "unclear")
    jury.app.decisions.send_back(jury.by("abel"), decision, "unclear", "Why Irina?")
    jury.app.nominations.withdraw(jury.by("secretary"), jury.irina)
    assert jury.app.reading.edition(jury.by("secretary"), jury.edition)["phase"] == "reviewed"
    assert jury.propose("deputy") == decision
    jury.app.decisions.approve(jury.by("abel"), decision)
    seen = jury.app.reading.decision(jury.by("secretary"), decision)
    (back,) = seen.pop("returned")
    assert back.pop("time")
    assert back == {"proposer": jury.id("chair"), "by": jury.id("abel"), "code": "unclear", "text": "Why Irina?"}
    assert (seen["proposer"], seen["approver"], seen["phase"]) == (jury.id("deputy"), jury.id("abel"), "approved")
    assert [winner["nomination"] for winner in seen["winners"]] == [jury.olga]


@pytest.mark.soak
def test_a_proposal_is_approved_or_returned(house: House) -> None:
    for number in range(rounds(2, 25)):
        jury = Jury(house, str(number))
        jury.scored(jury.irina, "rosa")
        jury.close()
        decision = jury.propose()
        decisions = jury.app.decisions
        approve = partial(decisions.approve, jury.by("abel"), decision)
        send_back = partial(decisions.send_back, jury.house.by(house.approver), decision, "unclear")
        answers = at_once([approve, send_back])
        assert sorted(map(is_id, answers)) == [False, True]
    assert_sound(house)


# --- the answer is to what the nomination says


def test_an_amendment_asks_the_nominee_anew(house: House) -> None:
    app, edition = house.app, house.edition(ONE_STAGE | {"consent": "required"})
    nadia, secretary = house.by(house.member(edition, "nominator", "Nadia")), house.by(house.secretary)
    case = app.nominations.submit(nadia, edition, "main", nominee("Odile"), "Text")
    odile = house.by(house.link(case, "nominee"))
    app.nominations.accept(odile, case)
    app.nominations.amend(nadia, case, 2, nominee("Odile", rank="Major"), "Another text")
    seen = app.reading.nomination(secretary, case)
    assert ("answer" in seen, seen["status"]) == (False, "submitted")
    with pytest.raises(no.ConsentMissing):
        app.nominations.rule(secretary, case, "eligible", "serving", "meets_rules")
    app.nominations.accept(odile, case)
    app.nominations.rule(secretary, case, "eligible", "serving", "meets_rules")
