"""Who is recused from a nomination, or has a part in it, neither scores it at a later stage nor decides who does."""

from __future__ import annotations

import pytest

from awards.domain import refusals as no
from tests.application.house import House
from tests.application.test_sight import Panel
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
    with pytest.raises(no.ClosedToYou):
        reviews.recuse(by, panel.reviews["rudi"], "too_harsh")
    rita = panel.house.member(panel.edition, "reviewer", "Rita")
    with pytest.raises(no.ClosedToYou):
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


def test_a_chair_who_nominated_does_not_choose_who_scores_the_nomination(house: House) -> None:
    edition = house.edition()
    nadia = house.member(edition, "nominator", "Nadia")
    case = house.eligible(edition, nadia, "Irina")
    chair = house.member(edition, "chair", "Nadia", participant=nadia.participant)
    rosa = house.member(edition, "reviewer", "Rosa")
    with pytest.raises(no.ClosedToYou):
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
