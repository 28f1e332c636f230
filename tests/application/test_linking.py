"""Two ids of one person: what she holds and did under one counts for the other, also for what happened before."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.decision import Decision
from tests.application.guards import assert_sound, at_once, is_id
from tests.application.house import House, nominee, outcome
from tests.application.jury import Jury
from tests.soak import rounds


@pytest.fixture
def jury(house: House) -> Jury:
    return Jury(house)


def test_a_link_is_of_two_participants_of_the_edition_by_the_secretariat(jury: Jury) -> None:
    stranger = Jury(jury.house, "2027").id("rosa")
    with pytest.raises(no.NotFound):
        jury.link(jury.id("rosa"), stranger)
    with pytest.raises(no.NotAllowed):
        jury.app.editions.link_participants(jury.by("chair"), jury.edition, [jury.id("rosa"), jury.id("rudi")], "x")
    jury.link(jury.id("rosa"), jury.nominee(jury.irina))
    with pytest.raises(no.AlreadyLinked):
        jury.link(jury.nominee(jury.irina), jury.id("rosa"))


def test_whoever_has_a_part_under_another_id_is_not_assigned(jury: Jury) -> None:
    jury.link(jury.id("rosa"), jury.nominee(jury.irina))
    jury.link(jury.id("rudi"), jury.id("nadia"))
    with pytest.raises(no.ReviewerHasInterest):
        jury.assign(jury.irina, "rosa")
    with pytest.raises(no.ReviewerHasInterest):
        jury.assign(jury.olga, "rudi")
    jury.assign(jury.olga, "rosa")


def test_earlier_reviews_of_a_nomination_that_is_hers_are_recused_or_voided(jury: Jury) -> None:
    finished, other = jury.scored(jury.irina, "rosa"), jury.scored(jury.olga, "rosa")
    unfinished = jury.assign(jury.irina, "rudi")
    size = jury.size()
    jury.link(jury.id("rosa"), jury.nominee(jury.irina))
    jury.link(jury.id("rudi"), jury.id("rosa"))
    assert jury.happened(size) == [
        *("edition.participants_linked", "review.recused"),
        *("edition.participants_linked", "edition.panel_member_discharged", "review.voided"),
    ]
    assert [jury.review(one).ended for one in (finished, unfinished, other)] == ["recused", "voided", None]
    assert jury.standing() == {jury.olga: 1}
    with pytest.raises(no.Refusal):
        jury.house.score(jury.people["rosa"], finished)


def test_a_recusal_of_one_id_ends_the_review_of_the_other(jury: Jury) -> None:
    recused, finished = jury.assign(jury.irina, "rosa"), jury.scored(jury.irina, "rudi")
    jury.app.reviews.declare_conflict(jury.by("rosa"), recused, "family-tie")
    jury.link(jury.id("rosa"), jury.id("rudi"))
    assert jury.review(finished).ended == "recused"
    assert jury.standing() == {}


def test_of_two_reviews_by_one_person_one_counts(jury: Jury) -> None:
    first, second = jury.scored(jury.irina, "rosa", impact=5, reach=5), jury.scored(jury.irina, "rudi")
    assert jury.standing() == {jury.irina: 2}
    jury.link(jury.id("rudi"), jury.id("rosa"))
    assert [jury.review(first).ended, jury.review(second).ended] == [None, "voided"]
    assert jury.standing() == {jury.irina: 1}


def test_a_finished_review_is_kept_before_an_unfinished_one(jury: Jury) -> None:
    unfinished, finished = jury.assign(jury.irina, "rosa"), jury.scored(jury.irina, "rudi")
    jury.link(jury.id("rudi"), jury.id("rosa"))
    assert [jury.review(unfinished).ended, jury.review(finished).ended] == ["voided", None]


def test_a_chair_who_is_a_nominator_loses_the_chair(jury: Jury) -> None:
    unfinished, finished = jury.assign(jury.irina, "chair"), jury.scored(jury.olga, "chair")
    jury.link(jury.id("chair"), jury.id("nadia"))
    assert [jury.review(one).ended for one in (unfinished, finished)] == ["voided", "recused"]
    (discharged,) = jury.house.events("edition.panel_member_discharged", jury.edition)
    assert (discharged.participant, discharged.code) == (jury.id("chair"), "roles-incompatible")
    with pytest.raises(no.NotAllowed):
        jury.app.reviews.assign(jury.by("chair"), jury.edition, "panel", jury.irina, jury.id("rosa"))
    with pytest.raises(no.RolesIncompatible):
        jury.app.editions.appoint(jury.by("secretary"), jury.edition, "panel", "chair", participant=jury.id("nadia"))


def test_whoever_wrote_on_paper_counts_as_well(house: House) -> None:
    jury = Jury(house, reviewing=False)
    by = jury.by("secretary")
    jury.app.nominations.submit(by, jury.edition, "main", nominee("Odile"), "Text", on_behalf_of="Paula")
    paula = house.events("nomination.submitted", jury.edition)[-1].nominator
    jury.link(jury.id("chair"), paula)
    assert house.events("edition.panel_member_discharged", jury.edition)[-1].participant == jury.id("chair")
    with pytest.raises(no.RolesIncompatible):
        jury.app.editions.appoint(by, jury.edition, "panel", "chair", participant=paula)


def test_the_proposer_does_not_approve_under_another_id(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    jury.close()
    decision = jury.propose()
    jury.link(jury.id("chair"), jury.id("abel"))
    for act in (jury.app.decisions.approve, partial(jury.app.decisions.send_back, code="unclear")):
        with pytest.raises(no.SecondPersonNeeded):
            act(jury.by("abel"), decision)
    jury.app.decisions.approve(jury.house.by(jury.house.approver), decision)


def test_a_proposal_goes_back_when_a_review_it_counted_falls(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    jury.scored(jury.olga, "rudi")
    jury.close()
    decision = jury.propose()
    jury.link(jury.id("rosa"), jury.nominee(jury.irina))
    (returned,) = jury.house.events("decision.returned", jury.edition)
    assert returned.code == "linked"
    with pytest.raises(no.NotProposed):
        jury.app.decisions.approve(jury.by("abel"), decision)
    assert jury.propose() == decision
    proposed: Any = jury.house.events("decision.proposed", jury.edition)[-1]
    assert proposed.winners == [jury.olga]


def test_a_proposal_goes_back_when_it_was_made_by_somebody_with_a_part_in_it(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    jury.close()
    decision = jury.propose()
    jury.link(jury.id("chair"), jury.nominee(jury.irina))
    with pytest.raises(no.ClosedToYou):
        jury.propose("chair")
    assert jury.propose("deputy") == decision


def test_what_is_decided_stays_and_the_link_is_on_record(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa")
    jury.close()
    decision = jury.app.decisions.approve(jury.by("abel"), jury.propose())
    size = jury.size()
    jury.link(jury.id("rosa"), jury.nominee(jury.irina))
    assert jury.happened(size) == ["edition.participants_linked", "review.recused"]
    found: Any = jury.app.desk.streams.get(Decision.id_of(jury.edition, "main"))
    assert (found.key, found.phase) == (decision, "approved")


def test_the_edition_tells_who_is_one_person_to_who_sees_everything(jury: Jury) -> None:
    jury.link(jury.id("rosa"), jury.nominee(jury.irina))
    jury.link(jury.id("abel"), jury.id("rudi"))
    jury.link(jury.id("abel"), jury.id("rosa"))
    whole = sorted([jury.id("rosa"), jury.nominee(jury.irina), jury.id("abel"), jury.id("rudi")])
    assert jury.app.reading.edition(jury.by("secretary"), jury.edition)["persons"] == [whole]
    for who in ("chair", "nadia"):
        assert "persons" not in jury.app.reading.edition(jury.by(who), jury.edition)


# --- races


@pytest.mark.soak
def test_no_act_slips_by_a_link(house: House) -> None:
    """Assigning, scoring, appointing and proposing at the moment of the link: each falls, or is seen by the link."""
    for number in range(rounds(2, 25)):
        assert_nothing_slipped_by(Jury(house, str(number)))
    assert_sound(house)


def assert_nothing_slipped_by(jury: Jury) -> None:
    ready, nominee = jury.assign(jury.irina, "rosa"), jury.nominee(jury.irina)
    jury.scored(jury.olga, "rudi")
    version, editions = jury.review(ready).version, jury.app.editions
    answers = at_once(
        [
            lambda: jury.link(jury.id("rosa"), nominee),
            lambda: jury.link(jury.id("rudi"), nominee),
            lambda: jury.app.reviews.score(jury.by("rosa"), ready, version, {"impact": 5, "reach": 5}),
            lambda: jury.assign(jury.irina, "rudi"),
            lambda: editions.discharge(jury.by("secretary"), jury.edition, "panel", jury.id("rudi"), "ill"),
        ]
    )
    assert [is_id(answer) for answer in answers[:2]] == [True, True]
    assert jury.review(ready).ended in ("recused", "voided")
    assert jury.irina not in jury.standing()
    for event in jury.house.events("review.assigned", jury.edition):
        assert event.nomination != jury.irina or jury.review(str(event.originator_id)).ended is not None


@pytest.mark.soak
def test_nobody_nominates_at_the_moment_she_takes_the_chair(house: House) -> None:
    for number in range(rounds(2, 25)):
        jury = Jury(house, str(number), reviewing=False)
        by, edition = jury.by("secretary"), jury.edition
        nora = jury.join("nora", "nominator")
        jury.app.editions.discharge(by, edition, "panel", jury.id("chair"), "ill")
        nominate = partial(jury.app.nominations.submit, house.by(nora), edition, "main", nominee("Odile"), "Text")
        appoint = partial(jury.app.editions.appoint, by, edition, "panel", "chair", participant=jury.id("nora"))
        answers = at_once([nominate, appoint])
        assert sorted(map(is_id, answers)) == [False, True]
        assert "roles_incompatible" in answers
        assert outcome(nominate if not is_id(answers[0]) else appoint) == "roles_incompatible"


def test_of_two_reviews_by_one_person_whose_recusals_are_lifted_one_counts(jury: Jury) -> None:
    first, second = jury.scored(jury.irina, "rosa"), jury.scored(jury.irina, "rudi")
    jury.app.reviews.recuse(jury.by("secretary"), first, "same-unit")
    jury.link(jury.id("rosa"), jury.id("rudi"))
    for review in (first, second):
        assert jury.review(review).ended == "recused"
        jury.app.conflicts.reinstate(jury.by("secretary"), review, "mistaken")
    assert [jury.review(one).ended for one in (first, second)] == [None, "voided"]
    assert jury.standing() == {jury.irina: 1}


def test_an_unfinished_review_that_stands_again_gives_way_to_the_finished_one(jury: Jury) -> None:
    unfinished, finished = jury.assign(jury.irina, "rosa"), jury.scored(jury.irina, "rudi")
    jury.app.reviews.recuse(jury.by("secretary"), unfinished, "same-unit")
    jury.link(jury.id("rosa"), jury.id("rudi"))
    for review in (unfinished, finished):
        jury.app.conflicts.reinstate(jury.by("secretary"), review, "mistaken")
    assert [jury.review(one).ended for one in (unfinished, finished)] == ["voided", None]
    assert jury.standing() == {jury.irina: 1}
