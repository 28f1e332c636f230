"""Overrides: named with a reason, approved by another, compared anew at the approval, and in the out-of-rank report."""

from __future__ import annotations

from typing import Any

import pytest

from awards.access import Caller
from awards.domain import refusals as no
from awards.domain.dissenting import AlreadyDissented
from awards.domain.proposing import CrossCheckDisagrees, NotACandidate, NothingDeparts
from tests.application.house import House
from tests.application.jury import Jury
from tests.domain.cases import PANEL

REASON = {"code": "record-false", "text": "What the file says of the patrols is not so."}


@pytest.fixture
def jury(house: House) -> Jury:
    """Irina is ahead of Olga by three reviews; without Rosa's of her it would be the other way round."""
    jury = Jury(house, runners_up=1)
    score(jury)
    return jury


def score(jury: Jury) -> dict[str, str]:
    own = {}
    for who, irina, olga in (("rosa", 5, 2), ("rudi", 3, 4), ("deputy", 3, 4)):
        own[who] = jury.scored(jury.irina, who, impact=irina, reach=irina)
        jury.scored(jury.olga, who, impact=olga, reach=olga)
    jury.reviews = own  # type: ignore[attr-defined]
    return own


def propose(jury: Jury, **facts: Any) -> str:
    return jury.app.decisions.propose(jury.by("chair"), jury.edition, "main", **facts)


def seen(jury: Jury, decision: str, who: str = "ada") -> dict[str, Any]:
    return jury.app.reading.decision(jury.by(who), decision)


def test_an_override_says_what_the_rule_gave_and_why_it_departs(jury: Jury) -> None:
    jury.close()
    decision = propose(jury, winners=[jury.olga], runners_up=[jury.irina], override=REASON)
    told = seen(jury, decision, "abel")
    assert told["winners"] == [{"nomination": jury.olga}]
    assert told["computed"] == {"winners": [jury.irina], "runners_up": [jury.olga]}
    assert (told["departs"], told["override"]) == ("override", REASON)
    [event] = jury.house.events("decision.proposed", jury.edition)
    assert event.override["text"]["of"] == sorted(jury.nominee(one) for one in (jury.irina, jury.olga))
    assert "patrols" not in repr(event)
    jury.app.decisions.approve(jury.by("abel"), decision)
    assert seen(jury, decision)["phase"] == "approved"


def test_it_is_refused_without_a_reason_for_nothing_or_for_who_cannot_win(jury: Jury) -> None:
    jury.app.nominations.withdraw(jury.by("secretary"), jury.olga)
    jury.close()
    size = jury.size()
    with pytest.raises(NotACandidate):
        propose(jury, winners=[jury.olga], override=REASON)
    with pytest.raises(NothingDeparts):
        propose(jury, winners=[jury.irina], override=REASON)
    assert jury.size() == size


def test_other_winners_need_a_reason(jury: Jury) -> None:
    jury.close()
    with pytest.raises(no.ReasonMissing):
        propose(jury, winners=[jury.olga])


def test_an_override_is_outdated_when_what_it_departs_from_has_changed(jury: Jury) -> None:
    jury.close()
    decision = propose(jury, winners=[jury.olga], override=REASON)
    jury.app.reviews.declare_conflict(jury.by("rosa"), jury.reviews["rosa"], "family-tie")  # type: ignore[attr-defined]
    with pytest.raises(no.ProposalOutdated):
        jury.app.decisions.approve(jury.by("abel"), decision)


def test_withholding_over_a_clear_winner_says_who_that_is(jury: Jury) -> None:
    jury.close()
    decision = propose(jury, outcome="withheld", code="no-case")
    told = seen(jury, decision)
    assert (told["departs"], told["computed"]["winners"], told["winners"]) == ("withheld", [jury.irina], [])


# --- the report


def report(jury: Jury, caller: Caller | None = None, **asked: Any) -> dict[str, Any]:
    house = jury.house
    return jury.app.reading.out_of_rank(house.by(caller or house.approver), "advocate", **asked)


def test_the_report_counts_all_and_lists_what_departed(house: House, jury: Jury) -> None:
    jury.close()
    decision = propose(jury, winners=[jury.olga], override=REASON)
    assert report(jury)["decisions"] == 0, "a proposal is no decision"
    jury.app.decisions.approve(jury.by("abel"), decision)
    as_ranked = Jury(house, "2027")
    score(as_ranked)
    as_ranked.close()
    as_ranked.app.decisions.approve(as_ranked.by("abel"), as_ranked.propose())
    found = report(jury)
    assert (found["decisions"], found["departed"], found["without_reason"]) == (2, 1, 0)
    [item] = found["departures"]
    assert (item["decision"], item["label"], item["departs"]) == (decision, "2026", "override")
    assert (item["computed"]["winners"], item["winners"]) == ([jury.irina], [jury.olga])
    assert (item["code"], item["text"]) == (REASON["code"], REASON["text"])
    assert (item["proposer"], item["approver"]) == (jury.id("chair"), jury.id("abel"))
    assert item["method"]["name"] == "weighted-rubric-mean"
    assert report(jury, year=2027)["departures"] == []
    assert report(jury, year=2026) == found | {"decisions": 1}


def test_what_the_reader_may_not_see_is_neither_listed_nor_counted(house: House) -> None:
    later = {"standing": {"approver": "announced"}, "reviewers": {"approver": "announced"}}
    jury = Jury(house, sight=later)
    score(jury)
    jury.close()
    decision = propose(jury, winners=[jury.olga], override=REASON)
    jury.app.decisions.approve(jury.by("abel"), decision)
    assert report(jury)["decisions"] == 0
    assert report(jury, house.secretary)["departed"] == 1
    jury.app.decisions.announce(jury.by("secretary"), decision, {jury.olga: {"en": "For courage."}})
    assert report(jury)["departed"] == 1


def test_the_report_is_for_who_oversees_the_award(house: House, jury: Jury) -> None:
    for who in ("chair", "rosa", "nadia", "ada"):
        with pytest.raises(no.NotAllowed):
            report(jury, jury.people[who])
    assert report(jury, house.staff("auditor", "Ann", house.award))["decisions"] == 0
    with pytest.raises(no.NotFound):
        jury.app.reading.out_of_rank(house.by(house.approver), "no-such-award")


# --- dissent


def test_dissent_is_seen_as_the_rules_of_sight_say(house: House) -> None:
    hidden = {"reviewers": {"approver": "never"}, "comments": {"chair": "decided", "approver": "never"}}
    jury = Jury(house, sight=hidden)
    score(jury)
    jury.close()
    decision = propose(jury)
    jury.app.decisions.dissent(jury.by("rosa"), decision, "Olga did more.")
    with pytest.raises(AlreadyDissented):
        jury.app.decisions.dissent(jury.by("rosa"), decision, "I said so.")
    [whole] = seen(jury, decision)["dissents"]
    assert (whole["by"], whole["text"]) == (jury.id("rosa"), "Olga did more.")
    assert seen(jury, decision, "rosa")["dissents"] == [whole]
    assert seen(jury, decision, "abel")["dissents"] == [{"time": whole["time"]}]
    assert seen(jury, decision, "chair")["dissents"] == [{"time": whole["time"], "by": jury.id("rosa")}]
    [event] = jury.house.events("decision.dissent_recorded", jury.edition)
    assert event.text["of"] == [jury.nominee(jury.irina)]


def test_only_the_panel_dissents_and_nobody_to_whom_the_category_is_closed(jury: Jury) -> None:
    jury.close()
    decision = propose(jury)
    for who in ("secretary", "abel", "ada"):
        with pytest.raises(no.NotAllowed):
            jury.app.decisions.dissent(jury.by(who), decision, "No.")
    jury.app.reviews.declare_conflict(jury.by("rudi"), jury.reviews["rudi"], "family-tie")  # type: ignore[attr-defined]
    with pytest.raises(no.ClosedToYou):
        jury.app.decisions.dissent(jury.by("rudi"), decision, "No.")


# --- cross-checks


def test_a_cross_check_that_names_another_is_recorded_explained_and_compared_anew(house: House) -> None:
    jury = Jury(house, stages=[PANEL | {"cross_checks": [{"name": "median-of-totals", "version": 1}]}])
    own = {}
    for who, irina in (("rosa", 5), ("rudi", 5), ("deputy", 1)):
        own[who] = jury.scored(jury.irina, who, impact=irina, reach=irina)
        jury.scored(jury.olga, who, impact=4, reach=4)
    jury.close()
    with pytest.raises(CrossCheckDisagrees, match="median-of-totals"):
        propose(jury)
    decision = propose(jury, cross_check=REASON)
    told = seen(jury, decision, "abel")
    assert told["winners"] == [{"nomination": jury.olga}]
    assert told["cross_checks"] == [{"name": "median-of-totals", "version": 1, "winners": [jury.irina]}]
    assert told["cross_check"] == REASON
    assert "departs" not in told
    [event] = house.events("decision.proposed", jury.edition)
    assert event.cross_check["text"]["of"] == sorted(map(jury.nominee, (jury.irina, jury.olga)))
    jury.app.reviews.declare_conflict(jury.by("rudi"), own["rudi"], "family-tie")
    with pytest.raises(no.ProposalOutdated):
        jury.app.decisions.approve(jury.by("abel"), decision)
