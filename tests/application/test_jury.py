"""The jury changes mid-round: nothing that is finished is lost, and each step is in the log with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from awards.domain import refusals as no
from tests.application.guards import assert_sound, at_once, is_id
from tests.application.house import House
from tests.application.jury import Jury
from tests.soak import rounds


@pytest.fixture
def jury(house: House) -> Jury:
    return Jury(house)


def discharge(jury: Jury, who: str) -> str:
    return jury.app.editions.discharge(jury.by("secretary"), jury.edition, "panel", jury.id(who), "fell-ill")


def replace(jury: Jury, who: str, **by: str) -> str:
    return jury.app.editions.replace(jury.by("secretary"), jury.edition, "panel", jury.id(who), by, "fell-ill")


def change(jury: Jury, **to: int) -> str:
    return jury.app.editions.change_rules(jury.by("secretary"), jury.edition, "panel", "juror-ill", **to)


def test_a_discharge_voids_what_is_unfinished_and_keeps_what_is_finished(jury: Jury) -> None:
    finished, unfinished = jury.scored(jury.irina, "rosa"), jury.assign(jury.olga, "rosa")
    discharge(jury, "rosa")
    assert [jury.review(one).ended for one in (finished, unfinished)] == [None, "voided"]
    (voided,) = jury.house.events("review.voided", jury.edition)
    assert voided.code == "fell-ill"
    assert jury.standing() == {jury.irina: 1}
    jury.close()
    proposed: Any = jury.propose() and jury.house.events("decision.proposed", jury.edition)[-1]
    assert proposed.winners == [jury.irina]


def test_who_comes_back_is_assigned_anew(jury: Jury) -> None:
    unfinished = jury.assign(jury.olga, "rosa")
    discharge(jury, "rosa")
    jury.join("rosa", "reviewer", participant=jury.id("rosa"))
    assert jury.assign(jury.olga, "rosa") == unfinished
    jury.house.score(jury.people["rosa"], unfinished)
    assert jury.standing() == {jury.olga: 1}


def test_a_juror_who_comes_late_reviews_with_the_others(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    jury.join("rita", "reviewer")
    jury.scored(jury.irina, "rita")
    assert jury.standing() == {jury.irina: 2}


def test_a_replacement_takes_the_seat_and_what_was_unfinished(jury: Jury) -> None:
    finished, unfinished = jury.scored(jury.irina, "rosa"), jury.assign(jury.olga, "rosa")
    size = jury.size()
    rita = replace(jury, "rosa", name="Rita")
    assert jury.happened(size) == [
        *("edition.panel_member_discharged", "edition.panel_member_appointed"),
        *("review.voided", "review.assigned"),
    ]
    assert [jury.review(one).ended for one in (finished, unfinished)] == [None, "voided"]
    handed = jury.house.events("review.assigned", jury.edition)[-1]
    assert (handed.reviewer, handed.nomination, handed.stage) == (rita, jury.olga, "panel")


def test_a_replaced_chair_leaves_the_chair(jury: Jury) -> None:
    who = replace(jury, "chair", name="Chloe")
    seats = jury.app.reading.edition(jury.by("secretary"), jury.edition)["panel"]
    assert {seat["participant"]: seat["seat"] for seat in seats}[who] == "chair"
    with pytest.raises(no.NotOnPanel):
        replace(jury, "chair", name="Chris")


def test_what_the_replacement_must_not_judge_is_handed_to_nobody(jury: Jury) -> None:
    jury.assign(jury.irina, "rosa")
    jury.assign(jury.olga, "rosa")
    replace(jury, "rosa", participant=jury.nominee(jury.irina))
    handed = jury.house.events("review.assigned", jury.edition)[2:]
    assert [(one.nomination, one.reviewer) for one in handed] == [(jury.olga, jury.nominee(jury.irina))]


def test_who_sits_already_or_goes_ill_with_the_seat_replaces_nobody(jury: Jury) -> None:
    size = jury.size()
    with pytest.raises(no.AlreadyOnPanel):
        replace(jury, "rosa", participant=jury.id("rudi"))
    with pytest.raises(no.RolesIncompatible):
        replace(jury, "chair", participant=jury.id("nadia"))
    with pytest.raises(no.RolesIncompatible):
        replace(jury, "rosa", participant=jury.id("ada"))
    assert jury.happened(size) == []


def test_every_later_reading_goes_by_the_changed_rules(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    jury.scored(jury.irina, "rudi")
    jury.scored(jury.olga, "rosa")
    change(jury, minimum_reviews=2)
    assert jury.standing() == {jury.irina: 2}
    jury.close()
    jury.propose()
    proposed: Any = jury.house.events("decision.proposed", jury.edition)[-1]
    assert (proposed.winners, proposed.runners_up) == ([jury.irina], [])
    assert proposed.method["parameters"]["minimum_reviews"] == 2
    seen = jury.app.reading.edition(jury.by("secretary"), jury.edition)
    (told,) = seen["rule_changes"]
    assert told.pop("time")
    assert told == {"stage": "panel", "minimum_reviews": 2, "code": "juror-ill"}
    assert seen["rules"]["stages"][0]["minimum_reviews"] == 2
    history = jury.app.reading.history(jury.by("secretary"), jury.edition, limit=1_000).items
    (changed,) = [item for item in history if item["type"] == "edition.rules_changed"]
    assert (changed["stage"], changed["minimum_reviews"], changed["code"]) == ("panel", 2, "juror-ill")
    (planned,) = jury.house.events("edition.planned", jury.edition)
    assert planned.rules["stages"][0]["minimum_reviews"] == 1


def test_rules_stand_while_a_proposal_does(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    jury.close()
    decision = jury.propose()
    with pytest.raises(no.AlreadyProposed):
        change(jury, minimum_reviews=2)
    with pytest.raises(no.NotAllowed):
        jury.app.editions.change_rules(jury.by("chair"), jury.edition, "panel", "x", minimum_reviews=2)
    jury.app.decisions.send_back(jury.by("abel"), decision, "too-few-reviews")
    change(jury, minimum_reviews=2)
    with pytest.raises(no.NothingToDecide):
        jury.propose()


def test_reopening_and_closing_again_keeps_every_finished_review(jury: Jury) -> None:
    finished = [jury.scored(jury.irina, "rosa"), jury.scored(jury.olga, "rosa")]
    jury.close()
    jury.app.editions.reopen_reviewing(jury.by("secretary"), jury.edition, "panel", "juror-came-late")
    jury.scored(jury.olga, "rudi")
    discharge(jury, "rosa")
    jury.close()
    assert [jury.review(one).ended for one in finished] == [None, None]
    assert jury.standing() == {jury.irina: 1, jury.olga: 2}


@pytest.mark.soak
def test_a_discharge_leaves_no_assignment_behind(house: House) -> None:
    """Assigning and scoring at the moment of the discharge: what is not finished by then is voided or refused."""
    for number in range(rounds(2, 25)):
        assert_nothing_is_left(Jury(house, str(number)))
    assert_sound(house)


def assert_nothing_is_left(jury: Jury) -> None:
    ready = jury.assign(jury.irina, "rosa")
    version = jury.review(ready).version
    answers = at_once(
        [
            lambda: discharge(jury, "rosa"),
            lambda: jury.assign(jury.olga, "rosa"),
            lambda: jury.app.reviews.score(jury.by("rosa"), ready, version, {"impact": 3, "reach": 3}),
        ]
    )
    assert is_id(answers[0])
    for event in jury.house.events("review.assigned", jury.edition):
        review = jury.review(str(event.originator_id))
        assert (review.ended == "voided") != (review.scores is not None)
    assert (jury.review(ready).scores is not None) == is_id(answers[2])


def test_an_approver_who_could_read_the_scores_takes_no_seat(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    (read,) = jury.app.reading.reviews(jury.by("abel"), jury.edition).items
    assert read["scores"]
    jury.app.editions.leave(jury.by("secretary"), jury.edition, "approver", jury.id("abel"))
    size = jury.size()
    with pytest.raises(no.RolesIncompatible):
        jury.join("abel", "reviewer", participant=jury.id("abel"))
    with pytest.raises(no.RolesIncompatible):
        replace(jury, "chair", participant=jury.id("abel"))
    assert jury.happened(size) == []


def test_an_approver_may_sit_before_there_is_anything_to_read(house: House) -> None:
    jury = Jury(house, reviewing=False)
    jury.join("abel", "reviewer", participant=jury.id("abel"))
