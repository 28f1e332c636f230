"""Who has a part in a nomination, in person or by another id, now or once: she neither judges it nor moves it on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from awards.domain import refusals as no
from tests.application.house import House, nominee
from tests.application.jury import Jury

TEAM: dict[str, Any] = {"kind": "team", "name": "Team", "members": [{"name": "Rosa"}]}


@pytest.fixture
def jury(house: House) -> Jury:
    return Jury(house, reviewing=False)


def case_of(jury: Jury, nomination: str) -> Any:
    return jury.app.desk.streams.get(UUID(nomination))


# --- a part that is over is still one


def test_an_endorsement_that_was_taken_back_still_bars_from_reviewing(jury: Jury) -> None:
    emma = jury.house.link(jury.irina, "endorser")
    jury.app.nominations.endorse(jury.house.by(emma), jury.irina, "Emma", "I agree.")
    jury.link(str(emma.participant), jury.id("rosa"))
    jury.app.nominations.withdraw_endorsement(jury.house.by(emma), jury.irina)
    jury.house.reviewing(jury.edition)
    with pytest.raises(no.ReviewerHasInterest):
        jury.assign(jury.irina, "rosa")
    with pytest.raises(no.NotFound):
        jury.app.reading.nomination(jury.by("rosa"), jury.irina)
    planned = jury.app.assignments.plan(jury.by("secretary"), jury.edition, "panel", 3)["assignments"]
    hers = [pair["nomination"] for pair in planned if pair["reviewer"] == jury.id("rosa")]
    assert jury.irina not in hers


def test_a_member_left_out_of_an_amended_team_still_does_not_review_it(jury: Jury) -> None:
    case = jury.app.nominations.submit(jury.by("nadia"), jury.edition, "main", TEAM, "Text")
    jury.link(case_of(jury, case).nominee["members"][0]["participant"], jury.id("rosa"))
    jury.app.nominations.amend(jury.by("nadia"), case, 1, TEAM, "Another text")
    jury.app.nominations.rule(jury.by("secretary"), case, "eligible", "serving", "meets_rules")
    jury.house.reviewing(jury.edition)
    with pytest.raises(no.ReviewerHasInterest):
        jury.assign(case, "rosa")


# --- nobody nominates or endorses herself by another id


def test_nobody_nominates_her_other_id_where_self_nomination_is_not_allowed(jury: Jury) -> None:
    jury.join("nina", "nominator")
    jury.link(jury.id("nina"), jury.id("nadia"))
    herself = nominee("Nina", participant=jury.id("nina"))
    with pytest.raises(no.SelfNomination):
        jury.app.nominations.submit(jury.by("nadia"), jury.edition, "main", herself, "Text")


def test_nobody_endorses_her_other_id(jury: Jury) -> None:
    emma = jury.house.link(jury.irina, "endorser")
    jury.link(str(emma.participant), jury.nominee(jury.irina))
    with pytest.raises(no.SelfNomination):
        jury.app.nominations.endorse(jury.house.by(emma), jury.irina, "Emma", "I agree.")


# --- an auditor of the award takes no part


def test_an_award_wide_auditor_neither_endorses_nor_stands(jury: Jury) -> None:
    house = jury.house
    auditor = house.staff("auditor", "Aude", house.award)
    emma = house.link(jury.irina, "endorser")
    rows = house.service.ledger
    rows.write(("UPDATE participants SET subject = ? WHERE participant = ?", (auditor.subject, emma.participant)))
    by, aude = house.by(replace(emma, subject=auditor.subject)), nominee("Aude", participant=str(emma.participant))
    with pytest.raises(no.RolesIncompatible):
        jury.app.nominations.endorse(by, jury.irina, "Emma", "I agree.")
    with pytest.raises(no.RolesIncompatible):
        jury.app.nominations.submit(jury.by("nadia"), jury.edition, "main", aude, "Text")


# --- the secretariat, too, leaves its own to others


def test_a_secretariat_with_a_part_in_a_nomination_does_not_move_it_on(jury: Jury) -> None:
    app, sole = jury.app, jury.join("sole", "secretariat")
    submitted = app.nominations.submit(jury.by("nadia"), jury.edition, "main", nominee("Odile"), "Text")
    jury.link(jury.nominee(jury.irina), jury.id("sole"))
    jury.link(jury.nominee(submitted), jury.id("sole"))
    by = jury.house.by(sole)
    with pytest.raises(no.NotFound):
        app.nominations.rule(by, submitted, "eligible", "serving", "meets_rules")
    jury.house.reviewing(jury.edition)
    review = jury.scored(jury.irina, "rosa")
    for act in (
        lambda: app.reviews.assign(by, jury.edition, "panel", jury.irina, jury.id("rudi")),
        lambda: app.reviews.recuse(by, review, "too-harsh"),
        lambda: app.conflicts.recuse(by, jury.edition, "panel", jury.irina, jury.id("rudi"), "too-harsh"),
        lambda: app.conflicts.reinstate(by, review, "mistaken"),
    ):
        with pytest.raises(no.NotFound):
            act()
    app.reviews.assign(by, jury.edition, "panel", jury.olga, jury.id("rosa"))
    app.reviews.recuse(jury.by("secretary"), review, "same-unit")
