"""Who has a part in a nomination, in person or by another id, now or once: she neither judges it nor moves it on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from awards.domain import refusals as no
from tests.application.house import House
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
