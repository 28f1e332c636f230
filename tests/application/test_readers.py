"""Who sees what since when: every aspect for every role from every step, and whose sight it is."""

from __future__ import annotations

from typing import Any

import pytest

from awards.application.readers import Of, sees
from awards.domain.refusals import NotFound, Refusal
from awards.domain.rules import ASPECTS, SIGHT_ROLES, SINCE, check_rules
from tests.application.house import House
from tests.application.test_sight import COMMENT, OTHER_COMMENT, Panel
from tests.domain.cases import RULES

COURSE = ("always", "own_in", "closed", "decided", "announced")


class Case:
    """A panel whose steps are taken one after the other, and what each role sees of Rudi's review."""

    def __init__(self, house: House, sight: dict[str, Any]) -> None:
        self.panel = Panel(house, sight=sight)
        panel, self.house = self.panel, house
        panel.people["deputy"] = house.member(panel.edition, "deputy", "Dina")
        for name in ("chair", "deputy"):
            panel.reviews[name] = house.assign(panel.edition, panel.case, panel.people[name])
        names = {"reviewer": "rosa", "nominator": "nadia", "secretariat": "secretary"}
        self.callers = {role: panel.people[names.get(role, role)] for role in SIGHT_ROLES}

    def go(self, step: str) -> None:
        panel, app, by = self.panel, self.house.app, self.house.by
        if step == "own_in":
            for name in ("rosa", "chair", "deputy"):
                panel.own_in(name)
        elif step == "closed":
            panel.close()
        elif step == "decided":
            self.decision = app.decisions.propose(by(self.callers["chair"]), panel.edition, "main")
            app.decisions.approve(by(self.house.approver), self.decision)
        elif step == "announced":
            citations = {panel.case: {"en": "For courage."}}
            app.decisions.announce(by(self.house.secretary), self.decision, citations)

    def sees(self, role: str, aspect: str) -> bool:
        """Asked of the interpreter; that views and answers follow it is what `test_leaks` finds out."""
        read, by = self.panel.read, self.house.by(self.callers[role])
        with self.house.service.application.desk.projector.reading() as rows:
            place = read._in_edition("edition.read", by.caller, self.panel.edition)
            nomination = None if aspect == "standing" else self.panel.case
            stage = "panel" if aspect in ("scores", "comments", "reviewers", "standing") else None
            return sees(read._reader(rows, place, by.at), aspect, Of("main", nomination, stage))


def possible(aspect: str, role: str, since: str) -> bool:
    try:
        check_rules(RULES | {"sight": {aspect: {role: since}}})
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("since", SINCE)
def test_each_role_sees_each_aspect_from_its_step_on(house: House, since: str) -> None:
    ruled = {aspect: {role: since for role in SIGHT_ROLES if possible(aspect, role, since)} for aspect in ASPECTS}
    case = Case(house, ruled)
    rules = case.house.app.reading.edition(case.house.by(case.house.secretary), case.panel.edition)["rules"]["sight"]
    for step in COURSE:
        case.go(step)
        for aspect in ASPECTS:
            for role in SIGHT_ROLES:
                asked = rules[aspect][role]
                reached = "always" if step == "own_in" and role not in ("reviewer", "chair", "deputy") else step
                expected = asked != "never" and SINCE.index(asked) <= SINCE.index(reached)
                assert case.sees(role, aspect) == expected, (aspect, role, asked, step)


# --- a file that is not opened


POLICY = {"conflict_policy": {"en": "Who served together does not judge."}}


def test_until_a_file_is_opened_under_a_policy_a_panel_member_sees_the_cover(house: House) -> None:
    panel = Panel(house, **POLICY)
    rosa = house.by(panel.people["rosa"])
    cover = panel.read.nomination(rosa, panel.case)
    assert cover.keys() == {"id", "edition", "category", "status", "submitted", "nominee"}
    assert cover["nominee"] == {"kind": "person", "name": "Irina"}
    listed = panel.read.nominations(rosa, panel.edition).items
    assert [view.keys() - {"nominee"} for view in listed] == [cover.keys() - {"nominee"}] * 2
    assert panel.case not in [item["stream"] for item in panel.read.history(rosa, panel.edition, limit=200).items]
    panel.open_file("rosa")
    opened = panel.read.nomination(rosa, panel.case)
    assert opened["statement"] == "Her case"
    assert {"opened", "version"}.isdisjoint(opened)
    assert panel.read.nomination(house.by(panel.people["chair"]), panel.case).keys() == cover.keys()
    assert "opened" in panel.read.nomination(house.by(house.secretary), panel.case)


def test_that_another_opened_a_file_changes_nothing_that_a_panel_member_sees(house: House) -> None:
    panel = Panel(house, **POLICY)
    before = panel.everything(panel.people["ravi"])
    panel.open_file("rosa")
    assert panel.everything(panel.people["ravi"]) == before


# --- one person under two ids


def test_what_is_closed_under_one_id_is_closed_under_the_other(house: House) -> None:
    panel = Panel(house)
    who = house.member(panel.edition, "approver", "Ravi again")
    sees_all = panel.read.nomination(house.by(who), panel.case)
    assert sees_all["id"] == panel.case
    house.app.reviews.declare_conflict(house.by(panel.people["ravi"]), panel.reviews["ravi"], "same_unit")
    link = (panel.edition, [str(panel.people["ravi"].participant), str(who.participant)], "same_person")
    house.app.editions.link_participants(house.by(house.secretary), *link)
    with pytest.raises(NotFound):
        panel.read.nomination(house.by(who), panel.case)
    assert OTHER_COMMENT not in panel.everything(who)
    assert panel.read.edition(house.by(who), panel.edition)["nominations"] == 1


def test_a_seat_under_one_id_blinds_the_other(house: House) -> None:
    panel = Panel(house)
    who = house.member(panel.edition, "approver", "Rosa again")
    assert OTHER_COMMENT in panel.everything(who)
    link = (panel.edition, [str(panel.people["rosa"].participant), str(who.participant)], "same_person")
    house.app.editions.link_participants(house.by(house.secretary), *link)
    assert OTHER_COMMENT not in panel.everything(who)
    panel.own_in()
    told = panel.read.reviews(house.by(who), panel.edition).items
    assert {view.get("comment") for view in told} == {COMMENT, OTHER_COMMENT}


# --- two stages


def test_what_is_closed_at_one_stage_is_not_at_the_next(house: House) -> None:
    two = [stage | {"quorum": 1} for stage in RULES["stages"]]
    hidden = {"sight": {"nominator": dict.fromkeys(("reviewer", "chair", "deputy"), "closed")}}
    panel = Panel(house, stages=two, **hidden)
    rosa = panel.people["rosa"]
    seat = (panel.edition, "final", "member", rosa.participant)
    house.app.editions.appoint(house.by(house.secretary), *seat)
    panel.close()
    assert "Nadia" not in panel.everything(rosa)  # the final is to come
    house.app.editions.open_reviewing(house.by(house.secretary), panel.edition, "final")
    house.app.editions.close_reviewing(house.by(house.secretary), panel.edition, "final")
    assert "Nadia" in panel.everything(rosa)
