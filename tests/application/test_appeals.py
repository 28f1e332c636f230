"""Appeals: who may, who decides, what waits for them, and what comes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from awards.application.appeals import ReviewingNotReopened
from awards.application.nominations import OnBehalf
from awards.domain import refusals as no
from awards.domain.appealing import AppealOpen, OwnAppeal
from tests.application.house import House
from tests.application.jury import Jury


@pytest.fixture
def jury(house: House) -> Jury:
    """Irina is reviewed; Petra is ruled ineligible."""
    jury = Jury(house, reviewing=False)
    jury.petra = house.app.nominations.submit(  # type: ignore[attr-defined]
        jury.by("nadia"), jury.edition, "main", {"kind": "person", "name": "Petra"}, "She built it."
    )
    house.app.nominations.rule(jury.by("secretary"), petra(jury), "ineligible", "serving", "left-service")
    house.reviewing(jury.edition)
    jury.scored(jury.irina, "rosa")
    jury.join("arno", "approver")
    return jury


def petra(jury: Jury) -> str:
    return str(jury.petra)  # type: ignore[attr-defined]


def appeal(jury: Jury, who: str = "nadia", **facts: Any) -> str:
    return jury.app.appeals.appeal_ruling(jury.by(who), petra(jury), "rule-misread", "She serves still.", **facts)


def decide(jury: Jury, outcome: str, who: str = "abel") -> str:
    return jury.app.appeals.decide_ruling(jury.by(who), petra(jury), outcome, "rule-misread", "Seen again.")


def case(jury: Jury, who: str = "ada") -> dict[str, Any]:
    return jury.app.reading.nomination(jury.by(who), petra(jury))


# --- of a ruling


def test_nominator_and_nominee_appeal_and_the_secretariat_for_one_of_them(house: House, jury: Jury) -> None:
    with pytest.raises(no.NotAllowed):
        appeal(jury, "chair")
    with pytest.raises(OnBehalf):
        appeal(jury, "secretary")
    with pytest.raises(OnBehalf):
        appeal(jury, "nadia", on_behalf_of="nominator")
    appeal(jury, "secretary", on_behalf_of="nominee")
    told = case(jury)["ruling"]["appeal"]
    assert (told["on_behalf_of"], told["text"]) == (jury.nominee(petra(jury)), "She serves still.")
    decide(jury, "dismissed")
    assert case(jury)["status"] == "ineligible"


def test_a_link_holder_appeals_her_own_nomination(house: House, jury: Jury) -> None:
    jury.people["petra"] = house.link(petra(jury), "nominee")
    appeal(jury, "petra")
    assert case(jury)["ruling"]["appeal"]["by"] == jury.id("petra")
    assert "ruling" not in case(jury, "petra")


def test_an_upheld_appeal_makes_eligible_and_both_stay(jury: Jury) -> None:
    appeal(jury)
    decide(jury, "upheld")
    told = case(jury)
    assert (told["status"], told["ruling"]["outcome"], told["ruling"]["code"]) == (
        "eligible",
        "ineligible",
        "left-service",
    )
    assert (told["ruling"]["appeal"]["outcome"], told["ruling"]["appeal"]["decided"]["text"]) == (
        "upheld",
        "Seen again.",
    )
    assert jury.house.topics()[-2:] == ["nomination.ruling_appealed", "nomination.appeal_decided"]
    events = jury.house.events("nomination.ruling_appealed")[0], jury.house.events("nomination.appeal_decided")[0]
    assert [event.text["of"] for event in events] == [[jury.nominee(petra(jury))]] * 2
    jury.scored(petra(jury), "rosa", impact=5, reach=5)
    assert set(jury.standing()) == {jury.irina, petra(jury)}


def test_who_has_a_part_in_the_category_does_not_decide(jury: Jury) -> None:
    appeal(jury)
    endorser = jury.house.link(jury.olga, "endorser")
    jury.app.nominations.endorse(jury.house.by(endorser), jury.olga, "Arno", "I saw it.")
    jury.app.editions.link_participants(
        jury.by("secretary"), jury.edition, [jury.id("arno"), str(endorser.participant)], "same-person"
    )
    with pytest.raises(no.ClosedToYou):
        decide(jury, "upheld", "arno")
    decide(jury, "upheld", "abel")


def test_while_a_ruling_is_appealed_nothing_is_proposed_or_approved(jury: Jury) -> None:
    jury.close()
    decision = jury.propose()
    appeal(jury)
    with pytest.raises(AppealOpen):
        jury.app.decisions.approve(jury.by("abel"), decision)
    with pytest.raises(no.AlreadyProposed):
        decide(jury, "upheld")
    jury.app.decisions.send_back(jury.by("abel"), decision, "appeal")
    with pytest.raises(AppealOpen):
        jury.propose()
    decide(jury, "dismissed")
    jury.app.decisions.approve(jury.by("abel"), jury.propose())
    with pytest.raises(no.AlreadyDecided):
        appeal(jury)


def test_what_came_back_after_reviewing_comes_before_the_panel_first(jury: Jury) -> None:
    jury.close()
    appeal(jury)
    decide(jury, "upheld")
    with pytest.raises(ReviewingNotReopened):
        jury.propose()
    jury.app.editions.reopen_reviewing(jury.by("chair"), jury.edition, "panel", "appeal-upheld")
    jury.scored(petra(jury), "rosa", impact=5, reach=5)
    jury.house.at = jury.house.at.replace(hour=20)
    jury.close()
    decision = jury.propose()
    told = jury.app.reading.decision(jury.by("ada"), decision)
    assert told["winners"] == [{"nomination": petra(jury)}]


def test_who_appealed_and_why_is_kept_from_who_must_not_know_the_nominator(house: House) -> None:
    hidden = {"nominator": dict.fromkeys(("reviewer", "chair"), "never")}
    jury = Jury(house, reviewing=False, sight=hidden)
    by = jury.by("nadia")
    made = house.app.nominations.submit(by, jury.edition, "main", {"kind": "person", "name": "P"}, "She built it.")
    jury.petra = made  # type: ignore[attr-defined]
    house.app.nominations.rule(jury.by("secretary"), made, "ineligible", "serving", "left-service")
    appeal(jury)
    for who in ("rosa", "chair"):
        assert case(jury, who)["ruling"]["appeal"].keys() == {"code", "time"}
        items = jury.app.reading.history(jury.by(who), jury.edition, limit=200).items
        [told] = [item for item in items if item["type"] == "nomination.ruling_appealed"]
        assert "id" not in told["actor"]
    assert case(jury, "nadia")["ruling"]["appeal"]["text"] == "She serves still."


# --- of a decision


def decided(jury: Jury) -> str:
    jury.close()
    decision = jury.propose()
    jury.app.decisions.approve(jury.by("abel"), decision)
    return decision


def contest(jury: Jury, decision: str, who: str = "rosa", **facts: Any) -> str:
    return jury.app.appeals.appeal_decision(jury.by(who), decision, "not-weighed", "Not weighed.", **facts)


def judge(jury: Jury, decision: str, outcome: str, who: str = "arno") -> str:
    return jury.app.appeals.decide_decision(jury.by(who), decision, outcome, "so-found", "Weighed again.")


def test_a_decision_is_reopened_reviewed_again_and_decided_anew_and_the_earlier_one_stays(jury: Jury) -> None:
    decision = decided(jury)
    jury.app.decisions.dissent(jury.by("rudi"), decision, "Too soon.")
    contest(jury, decision)
    with pytest.raises(AppealOpen):
        jury.app.decisions.announce(jury.by("secretary"), decision, {jury.irina: {"en": "X"}})
    judge(jury, decision, "upheld")
    assert jury.app.reading.edition(jury.by("ada"), jury.edition)["phase"] == "reviewed"
    jury.app.editions.reopen_reviewing(jury.by("chair"), jury.edition, "panel", "appeal-upheld")
    jury.scored(jury.olga, "rosa", impact=5, reach=5)
    jury.close()
    assert jury.propose() == decision
    jury.app.decisions.approve(jury.by("arno"), decision)
    told = jury.app.reading.decision(jury.by("ada"), decision)
    assert (told["phase"], told["winners"], told["approver"]) == (
        "approved",
        [{"nomination": jury.olga}],
        jury.id("arno"),
    )
    [earlier] = told["earlier"]
    assert (earlier["winners"], earlier["approver"]) == ([{"nomination": jury.irina}], jury.id("abel"))
    assert [one["text"] for one in earlier["dissents"]] == ["Too soon."]
    assert "dissents" not in told
    [appealed] = told["appeals"]
    assert (appealed["by"], appealed["outcome"], appealed["decided"]["by"]) == (
        jury.id("rosa"),
        "upheld",
        jury.id("arno"),
    )


def test_two_people_undo_what_two_people_did(jury: Jury) -> None:
    decision = decided(jury)
    jury.join("rosa-too", "approver")
    contest(jury, decision, "secretary")
    for who in ("chair", "secretary", "rosa", "ada"):
        with pytest.raises(no.NotAllowed):
            judge(jury, decision, "upheld", who)
    with pytest.raises(OwnAppeal):
        judge(jury, decision, "dismissed", "abel")
    judge(jury, decision, "upheld", "abel")


def test_an_appeal_for_a_participant_is_entered_by_the_secretariat_only(jury: Jury) -> None:
    decision = decided(jury)
    with pytest.raises(OnBehalf):
        contest(jury, decision, "rosa", on_behalf_of=jury.id("nadia"))
    with pytest.raises(no.NotFound):
        contest(jury, decision, "secretary", on_behalf_of="6ba7b810-9dad-41d1-80b4-00c04fd430c8")
    contest(jury, decision, "secretary", on_behalf_of=jury.id("nadia"))
    told = jury.app.reading.decision(jury.by("chair"), decision)["appeals"]
    assert told[0]["on_behalf_of"] == jury.id("nadia")


def test_after_the_announcement_an_upheld_appeal_is_followed_by_a_revocation(jury: Jury) -> None:
    decision = decided(jury)
    jury.app.decisions.announce(jury.by("secretary"), decision, {jury.irina: {"en": "For courage."}})
    contest(jury, decision)
    judge(jury, decision, "upheld")
    winner = jury.nominee(jury.irina)
    jury.app.decisions.propose_revocation(jury.by("chair"), decision, winner, "appeal-upheld")
    jury.app.decisions.revoke(jury.by("abel"), decision, winner)
    told = jury.app.reading.decision(jury.by("ada"), decision)
    assert (told["phase"], told["appeals"][0]["outcome"], told["revocations"][0]["revoked"]) == (
        "announced",
        "upheld",
        True,
    )


def test_a_withheld_decision_is_reopened_too(jury: Jury) -> None:
    jury.close()
    decision = jury.app.decisions.propose(jury.by("chair"), jury.edition, "main", "withheld", "no-case")
    jury.app.decisions.approve(jury.by("abel"), decision)
    contest(jury, decision)
    judge(jury, decision, "upheld")
    assert jury.app.reading.decision(jury.by("ada"), decision)["phase"] == "reopened"


def test_what_becomes_public_opens_no_deliberation(house: House) -> None:
    never = {"standing": dict.fromkeys(("reviewer", "approver"), "never")}
    jury = Jury(house, sight=never)
    jury.scored(jury.irina, "rosa")
    jury.join("arno", "approver")
    decision = decided(jury)
    jury.app.decisions.dissent(jury.by("rudi"), decision, "Too soon.")
    jury.app.decisions.announce(jury.by("secretary"), decision, {jury.irina: {"en": "For courage."}})
    contest(jury, decision, "chair")
    for who in ("rosa", "abel"):
        told = jury.app.reading.decision(jury.by(who), decision)
        assert told["phase"] == "announced"
        assert told.keys().isdisjoint({"computed", "dissents", "appeals"})
        items = jury.app.reading.history(jury.by(who), jury.edition, limit=200).items
        [item] = [one for one in items if one["type"] == "decision.appealed"]
        assert "code" not in item
    assert jury.app.reading.decision(jury.by("ada"), decision).keys() >= {"computed", "dissents", "appeals"}


def test_what_becomes_public_does_not_open_the_decision_before_it(house: House) -> None:
    never = {"standing": {"reviewer": "never"}}
    jury = Jury(house, sight=never)
    jury.scored(jury.irina, "rosa")
    jury.join("arno", "approver")
    decision = decided(jury)
    contest(jury, decision, "chair")
    before = house.at
    house.at += timedelta(minutes=1)
    judge(jury, decision, "upheld")
    jury.app.editions.reopen_reviewing(jury.by("secretary"), jury.edition, "panel", "appeal-upheld")
    jury.scored(jury.olga, "rosa", impact=5, reach=5)
    jury.close()
    jury.propose()
    jury.app.decisions.approve(jury.by("arno"), decision)
    jury.app.decisions.announce(jury.by("secretary"), decision, {jury.olga: {"en": "For courage."}})
    for who, told in (("rudi", False), ("ada", True)):
        now = jury.app.reading.decision(jury.by(who), decision)
        assert (now["phase"], "earlier" in now, "version" in now) == ("announced", told, told)
        then = jury.app.reading.decision(replace(jury.by(who), as_of=before), decision)
        assert (then["phase"], "winners" in then) == ("approved", told)
        items = jury.app.reading.history(jury.by(who), jury.edition, limit=200).items
        proposed = [one.get("winners") for one in items if one["type"] == "decision.proposed"]
        assert proposed == ([[jury.irina], [jury.olga]] if told else [None, None])
