"""Who is recused from a nomination neither scores it later, nor chooses who does, nor learns how it fares."""

from __future__ import annotations

from datetime import timedelta

import pytest

from awards.domain import refusals as no
from tests.application.house import House
from tests.application.test_sight import Panel, propose
from tests.domain.cases import RULES

TWO_STAGES = RULES | {"consent": "informed"}


@pytest.fixture
def panel(house: House) -> Panel:
    return Panel(house)


def recuse_chair(panel: Panel) -> str:
    """The chair was given the nomination and declares a conflict."""
    house, chair = panel.house, panel.people["chair"]
    own = house.assign(panel.edition, panel.case, chair)
    return house.app.reviews.declare_conflict(house.by(chair), own, "family_tie")


def test_a_recused_chair_does_not_choose_who_scores_the_nomination(panel: Panel) -> None:
    reviews, by = panel.house.app.reviews, panel.house.by(panel.people["chair"])
    reviews.recuse(by, panel.reviews["ravi"], "no_time")
    own = recuse_chair(panel)
    before = panel.house.counts()
    with pytest.raises(no.NotFound):
        reviews.recuse(by, panel.reviews["rudi"], "too_harsh")
    rita = panel.house.member(panel.edition, "reviewer", "Rita")
    with pytest.raises(no.NotFound):
        reviews.assign(by, panel.edition, "panel", panel.case, str(rita.participant))
    with pytest.raises(no.AlreadyRecused):
        reviews.recuse(by, own, "family_tie")
    reviews.assign(by, panel.edition, "panel", panel.other, str(rita.participant))
    assert panel.house.counts()["leaves"] == before["leaves"] + 2  # Rita's seat, and the other nomination for her


def test_the_deputy_and_the_secretariat_act_for_a_recused_chair(panel: Panel) -> None:
    reviews, house = panel.house.app.reviews, panel.house
    recuse_chair(panel)
    deputy = house.member(panel.edition, "deputy", "Dina")
    reviews.recuse(house.by(deputy), panel.reviews["rudi"], "same_unit")
    reviews.recuse(house.by(house.secretary), panel.reviews["ravi"], "same_unit")


def test_a_chair_who_is_put_forward_does_not_choose_who_scores_the_nomination(house: House) -> None:
    edition = house.edition()
    nadia, chair = house.member(edition, "nominator", "Nadia"), house.member(edition, "chair", "Irina")
    case = house.eligible(edition, nadia, "Irina", participant=chair.participant)
    rosa = house.member(edition, "reviewer", "Rosa")
    with pytest.raises(no.NotFound):
        house.app.reviews.assign(house.by(chair), edition, "panel", case, str(rosa.participant))


def test_a_conflict_holds_at_every_stage(house: House) -> None:
    edition = house.edition(TWO_STAGES)
    nadia, rosa = house.member(edition, "nominator", "Nadia"), house.member(edition, "reviewer", "Rosa")
    chair, rudi = house.member(edition, "chair", "Chad"), house.member(edition, "reviewer", "Rudi", "final")
    house.app.editions.appoint(house.by(house.secretary), edition, "final", "member", participant=rosa.participant)
    case = house.eligible(edition, nadia, "Irina")
    house.reviewing(edition)
    review = house.assign(edition, case, rosa)
    house.app.reviews.declare_conflict(house.by(rosa), review, "family_tie")
    house.app.editions.close_reviewing(house.by(chair), edition, "panel")
    house.app.editions.shortlist(house.by(chair), edition, "panel", "main", [case])
    with pytest.raises(no.AlreadyRecused):
        house.assign(edition, case, rosa, "final")
    house.assign(edition, case, rudi, "final")


def test_whoever_is_recused_learns_from_no_decision_shortlist_or_history_how_the_nomination_fares(panel: Panel) -> None:
    house, rosa = panel.house, panel.house.by(panel.people["rosa"])
    panel.own_in()
    house.app.reviews.declare_conflict(rosa, panel.reviews["rosa"], "same_unit")
    panel.close()
    by = house.by(panel.people["chair"])
    house.app.editions.shortlist(by, panel.edition, "panel", "main", [panel.case, panel.other])
    decision = propose(panel)

    def told(name: str) -> str:
        """What somebody reads beside her own reviews."""
        by = house.by(panel.people[name])
        reviews = panel.read.reviews(by, panel.edition).items
        others = [view for view in reviews if view["reviewer"] != by.caller.participant]
        history = panel.read.history(by, panel.edition, limit=1_000).items
        single, listed = panel.read.decision(by, decision), panel.read.decisions(by, panel.edition).items
        assert listed == [single]
        return repr([others, history, single, panel.read.edition(by, panel.edition)])

    def stands(text: str) -> list[bool]:
        return [mark in text for mark in (panel.case, panel.reviews["rudi"], "Irina", panel.other)]

    assert [stands(told("rosa")), stands(told("ravi"))] == [[False, False, False, True], [True, True, False, True]]
    house.app.decisions.approve(house.by(house.approver), decision)
    ends = house.at + timedelta(days=1)
    house.app.decisions.announce(house.by(house.secretary), decision, {panel.case: {"en": "For courage."}}, ends)
    assert [stands(told("rosa")), stands(told("ravi"))] == [[False, False, False, True], [True, True, True, True]]
    house.at = ends
    assert "Irina" in repr(panel.read.decision(house.by(panel.people["rosa"]), decision))


def test_a_conflict_of_who_has_left_the_panel_is_recorded_and_marks_what_she_did(panel: Panel) -> None:
    house, chair = panel.house, panel.people["chair"]
    panel.close()
    house.app.editions.shortlist(house.by(chair), panel.edition, "panel", "main", [panel.other])
    by, who = house.by(house.secretary), str(chair.participant)
    house.app.editions.discharge(by, panel.edition, "panel", who, "fell-ill")
    house.app.conflicts.recuse(by, panel.edition, "panel", panel.case, who, "family_tie")
    (conflict,) = house.app.reading.conflicts(by, panel.edition)["conflicts"]
    assert [item["type"] for item in conflict["touched"]] == ["edition.shortlisted"]
    nobody = house.member(panel.edition, "nominator", "Nobody")
    with pytest.raises(no.NotOnPanel):
        house.app.conflicts.recuse(by, panel.edition, "panel", panel.case, str(nobody.participant), "family_tie")
