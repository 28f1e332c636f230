"""What each reader may know: scores, nominators and recusals that could leak, read through every door."""

from __future__ import annotations

from typing import Any

import pytest

from awards.access import ANYBODY, Caller
from awards.application.reading import OwnReviewsFirst
from awards.domain.refusals import NotAllowed, NotFound
from awards.ledger.beside import participant_of
from tests.application.house import ONE_STAGE, House, nominee

HIDDEN = {"sight": {"nominator": dict.fromkeys(("reviewer", "chair", "deputy"), "never")}}
COMMENT, OTHER_COMMENT = "Comment of Rosa", "Comment of Rudi"


class Panel:
    """An edition under review: two nominations, three reviewers and a chair, one of whom nominated and is recused."""

    def __init__(self, house: House, **rules: Any) -> None:
        self.house, self.read = house, house.app.reading
        self.edition = house.edition(ONE_STAGE | rules)
        names = {"rosa": "reviewer", "rudi": "reviewer", "ravi": "reviewer", "chair": "chair", "nadia": "nominator"}
        self.people: dict[str, Caller] = {
            name: house.member(self.edition, role, name.title()) for name, role in names.items()
        }
        self.people["secretary"], self.people["approver"] = house.secretary, house.approver
        self.people["auditor"] = house.member(self.edition, "auditor", "Ada")
        self.case = house.eligible(self.edition, self.people["nadia"], "Irina", statement="Her case")
        self.other = house.eligible(self.edition, self.people["nadia"], "Olga", statement="Olga's case")
        self.nominee, self.endorser = house.link(self.case, "nominee"), house.link(self.case, "endorser")
        house.app.nominations.endorse(house.by(self.endorser), self.case, "Emma", "I agree.")
        house.reviewing(self.edition)
        self.reviews = {
            name: house.assign(self.edition, self.case, self.people[name]) for name in ("rosa", "rudi", "ravi")
        }
        if "conflict_policy" in rules:
            self.open_file("rudi")
        house.score(self.people["rudi"], self.reviews["rudi"], OTHER_COMMENT, impact=5, reach=5)

    def open_file(self, name: str) -> None:
        """Somebody declares to have no conflict, and opens the file."""
        by = self.house.by(self.people[name])
        self.house.app.conflicts.declare_none(by, self.reviews[name])
        self.house.app.conflicts.open_file(by, self.reviews[name])

    def seen_reviews(self, name: str) -> dict[str, dict[str, Any]]:
        """The reviews somebody sees, by reviewer; the list and the single reads agree."""
        by = self.house.by(self.people[name])
        listed = {view["id"]: view for view in self.read.reviews(by, self.edition).items}
        for review in self.reviews.values():
            if review in listed:
                assert self.read.review(by, review) == listed[review]
            else:
                with pytest.raises(NotFound):
                    self.read.review(by, review)
        return {who: listed[review] for who, review in self.reviews.items() if review in listed}

    def everything(self, caller: Caller) -> str:
        """All that somebody can read, as text."""
        by, read = self.house.by(caller), self.read
        doors = [
            lambda: read.edition(by, self.edition),
            lambda: read.nominations(by, self.edition),
            lambda: read.reviews(by, self.edition),
            lambda: read.standing(by, self.edition, "panel", "main"),
            lambda: read.decisions(by, self.edition),
            lambda: read.history(by, self.edition, limit=1_000),
            *(lambda case=case: read.nomination(by, case) for case in (self.case, self.other)),
            *(lambda review=review: read.review(by, review) for review in self.reviews.values()),
        ]
        seen = []
        for door in doors:
            try:
                seen.append(repr(door()))
            except (NotFound, NotAllowed):
                seen.append("")
        return "\n".join(seen)

    def own_in(self, name: str = "rosa") -> None:
        self.house.score(self.people[name], self.reviews[name], COMMENT, impact=1, reach=1)

    def close(self) -> None:
        self.house.app.editions.close_reviewing(self.house.by(self.people["chair"]), self.edition, "panel")


@pytest.fixture
def panel(house: House) -> Panel:
    return Panel(house)


# --- blind review


def test_before_ones_own_review_is_in_others_are_not_seen(panel: Panel) -> None:
    assert panel.seen_reviews("rosa").keys() == {"rosa"}
    assert OTHER_COMMENT not in panel.everything(panel.people["rosa"])
    panel.own_in()
    seen = panel.seen_reviews("rosa")
    assert {who: view.get("comment") for who, view in seen.items()} == {"rosa": COMMENT, "rudi": OTHER_COMMENT}
    assert panel.seen_reviews("ravi").keys() == {"ravi"}  # whose own is not in: nobody else sees that either


def test_when_reviewing_is_closed_the_panel_sees_all_and_when_it_opens_again_no_more(panel: Panel) -> None:
    panel.close()
    assert panel.seen_reviews("rosa").keys() == {"rosa", "rudi", "ravi"}
    by = panel.house.by(panel.people["chair"])
    panel.house.app.editions.reopen_reviewing(by, panel.edition, "panel", "review_missing")
    assert panel.seen_reviews("rosa").keys() == {"rosa"}


def test_another_token_of_a_panel_member_shows_no_more(panel: Panel) -> None:
    rosa = panel.people["rosa"]
    panel.people["rosa as approver"] = panel.house.member(
        panel.edition, "approver", "Rosa", participant=str(rosa.participant)
    )
    assert panel.seen_reviews("rosa as approver").keys() == {"rosa"}
    assert OTHER_COMMENT not in panel.everything(panel.people["rosa as approver"])
    panel.own_in()
    assert panel.seen_reviews("rosa as approver").keys() == {"rosa", "rudi"}


def test_the_staff_see_all(panel: Panel) -> None:
    for name in ("secretary", "approver", "auditor"):
        seen = panel.seen_reviews(name)
        assert {who: view.get("comment") for who, view in seen.items()} == {
            "rosa": None,
            "rudi": OTHER_COMMENT,
            "ravi": None,
        }


def test_a_chair_without_a_review_of_her_own_sees_how_far_all_are_and_scores_when_reviewing_is_closed(
    panel: Panel,
) -> None:
    seen = panel.seen_reviews("chair")
    assert {who: view["status"] for who, view in seen.items()} == {
        **dict.fromkeys(("rosa", "ravi"), "assigned"),
        "rudi": "submitted",
    }
    assert {"scores", "comment", "version", "updated"}.isdisjoint(set().union(*seen.values()))
    panel.close()
    assert panel.seen_reviews("chair")["rudi"]["comment"] == OTHER_COMMENT


def test_a_chair_who_reviews_sees_how_far_others_are_and_no_scores_before_her_own(panel: Panel) -> None:
    chair = panel.people["chair"]
    panel.reviews["chair"] = panel.house.assign(panel.edition, panel.case, chair)
    seen = panel.seen_reviews("chair")
    assert {who: view["status"] for who, view in seen.items()} == {
        **dict.fromkeys(("rosa", "ravi", "chair"), "assigned"),
        "rudi": "submitted",
    }
    assert not {"scores", "comment"} & seen["rudi"].keys()
    panel.own_in("chair")
    assert panel.seen_reviews("chair")["rudi"]["comment"] == OTHER_COMMENT


def test_the_history_tells_of_others_reviewing_only_when_it_is_over(panel: Panel) -> None:
    def told(name: str) -> list[tuple[str, str]]:
        page = panel.read.history(panel.house.by(panel.people[name]), panel.edition, limit=1_000)
        return [(item["type"], item["stream"]) for item in page.items if item["kind"] == "review"]

    assert told("rosa") == []
    assert told("rudi") == [("review.submitted", panel.reviews["rudi"])]
    whole = [*(("review.assigned", review) for review in panel.reviews.values()), *told("rudi")]
    assert told("secretary") == whole
    panel.close()
    assert told("rosa") == whole


# --- the standing


def standing(panel: Panel, name: str) -> list[str]:
    view = panel.read.standing(panel.house.by(panel.people[name]), panel.edition, "panel", "main")
    return [entry["nomination"] for entry in view["ranking"]["entries"]]


def test_the_standing_waits_for_ones_own_reviews(panel: Panel) -> None:
    for waiting in ("rosa", "ravi", "chair"):
        with pytest.raises(OwnReviewsFirst):
            standing(panel, waiting)
    for name in ("rudi", "secretary", "approver", "auditor"):
        assert standing(panel, name) == [panel.case]
    panel.own_in()
    assert standing(panel, "rosa") == [panel.case]
    second = panel.house.assign(panel.edition, panel.other, panel.people["rosa"])
    with pytest.raises(OwnReviewsFirst):
        standing(panel, "rosa")
    panel.house.app.reviews.decline(panel.house.by(panel.people["rosa"]), second, "no_time")
    assert standing(panel, "rosa") == [panel.case]


def test_the_working_of_a_method_waits_until_reviewing_is_closed(house: House) -> None:
    """Of two reviewers, each would read the other's order off the pairs."""
    (stage,) = ONE_STAGE["stages"]
    panel = Panel(house, stages=[stage | {"method": {"name": "schulze", "version": 1}}])
    rosa, auditor = (house.by(panel.people[name]) for name in ("rosa", "auditor"))

    def steps(by: Any) -> Any:
        ranking = panel.read.standing(by, panel.edition, "panel", "main")["ranking"]
        assert [(one["nomination"], one["rank"]) for one in ranking["entries"]] == [(panel.case, 1)]
        return ranking.get("steps")

    house.score(panel.people["rosa"], panel.reviews["rosa"], COMMENT, impact=1, reach=1)
    shown = {"options": [panel.case], "preferred": [[0]], "paths": [[0]]}
    assert (steps(rosa), steps(auditor)) == (None, shown)
    house.app.editions.close_reviewing(house.by(panel.people["chair"]), panel.edition, "panel")
    assert (steps(rosa), steps(auditor)) == (shown, shown)


def test_who_has_nothing_assigned_yet_waits_until_reviewing_is_closed(panel: Panel) -> None:
    panel.people["rita"] = panel.house.member(panel.edition, "reviewer", "Rita")
    with pytest.raises(OwnReviewsFirst):
        standing(panel, "rita")
    assert panel.seen_reviews("rita") == {}
    panel.close()
    assert standing(panel, "rita") == [panel.case]


# --- recusal, and a part of one's own


def assert_sees_nothing_of(panel: Panel, name: str, case: str) -> None:
    by = panel.house.by(panel.people[name])
    with pytest.raises(NotFound):
        panel.read.nomination(by, case)
    assert case not in [view["id"] for view in panel.read.nominations(by, panel.edition).items]
    own = [view["reviewer"] for view in panel.read.reviews(by, panel.edition, nomination=case).items]
    assert own in ([], [panel.people[name].participant])
    assert case not in [item["stream"] for item in panel.read.history(by, panel.edition, limit=1_000).items]
    if "OwnReviewsFirst" not in outcome_of_standing(panel, name):
        assert case not in standing(panel, name)
    assert OTHER_COMMENT not in panel.everything(panel.people[name])


def outcome_of_standing(panel: Panel, name: str) -> str:
    try:
        return repr(standing(panel, name))
    except OwnReviewsFirst as refusal:
        return type(refusal).__name__


def test_whoever_is_recused_sees_nothing_more_of_the_nomination(panel: Panel) -> None:
    panel.own_in()
    assert OTHER_COMMENT in panel.everything(panel.people["rosa"])
    rosa = panel.house.by(panel.people["rosa"])
    panel.house.app.reviews.declare_conflict(rosa, panel.reviews["rosa"], "same_unit", "We served together.")
    assert_sees_nothing_of(panel, "rosa", panel.case)
    panel.close()
    assert_sees_nothing_of(panel, "rosa", panel.case)
    assert panel.read.nomination(rosa, panel.other)["id"] == panel.other
    assert standing(panel, "secretary") == [panel.case]


def test_a_panel_member_sees_nothing_of_her_own_nomination_except_as_its_nominator(panel: Panel) -> None:
    house, nadia = panel.house, str(panel.people["nadia"].participant)
    panel.people["nadia on the panel"] = house.member(panel.edition, "reviewer", "Nadia", participant=nadia)
    assert_sees_nothing_of(panel, "nadia on the panel", panel.case)
    panel.close()
    assert_sees_nothing_of(panel, "nadia on the panel", panel.case)
    assert panel.read.nomination(house.by(panel.people["nadia"]), panel.case)["id"] == panel.case


def propose(panel: Panel) -> str:
    return panel.house.app.decisions.propose(panel.house.by(panel.people["chair"]), panel.edition, "main")


def test_a_list_of_editions_shows_each_as_it_is_read_alone(house: House) -> None:
    panel = Panel(house, **HIDDEN)
    panel.close()
    approver = house.by(house.approver)
    house.app.decisions.approve(approver, propose(panel))
    who = participant_of(house.service.ledger.rows, panel.edition, str(house.approver.subject))
    for seated in (False, True):
        if seated:
            house.member(panel.edition, "reviewer", "", participant=who)
        (listed,) = panel.read.editions(approver).items
        assert listed == panel.read.edition(approver, panel.edition)
        assert ("Nadia" in repr(listed)) is not seated


# --- nominators, nominees, endorsers, the public


def test_a_nominator_sees_her_own_nominations_and_nothing_of_who_decides(panel: Panel) -> None:
    house, nadia = panel.house, panel.people["nadia"]
    other = house.member(panel.edition, "nominator", "Nils")
    mine = panel.read.nominations(house.by(nadia), panel.edition).items
    assert [view["id"] for view in mine] == [panel.case, panel.other]
    assert not {"progress", "endorsements"} & set().union(*mine)
    assert panel.read.nominations(house.by(other), panel.edition).items == []
    with pytest.raises(NotFound):
        panel.read.nomination(house.by(other), panel.case)
    edition = panel.read.edition(house.by(nadia), panel.edition)
    assert not {"panel", "roles", "shortlists", "nominations"} & edition.keys()
    for door in (panel.read.reviews, panel.read.decisions, panel.read.history):
        with pytest.raises(NotAllowed):
            door(house.by(nadia), panel.edition)


def test_links_show_what_concerns_their_holders(panel: Panel) -> None:
    by = panel.house.by
    told = panel.read.nomination(by(panel.nominee), panel.case)
    assert told.keys() == {"id", "edition", "category", "nominee", "status", "submitted"}
    endorsed = panel.read.nomination(by(panel.endorser), panel.case)
    assert endorsed.keys() == {"id", "edition", "category", "nominee", "status", "submitted", "endorsements"}
    assert endorsed["nominee"] == {"kind": "person", "name": "Irina"}
    assert [one["name"] for one in endorsed["endorsements"]] == ["Emma"]
    second = panel.house.link(panel.case, "endorser")
    assert panel.read.nomination(by(second), panel.case)["endorsements"] == []
    for link in (panel.nominee, panel.endorser, second):
        everything = panel.everything(link)
        assert [text for text in ("Her case", "Nadia", OTHER_COMMENT, "Olga", "Rosa") if text in everything] == []
        with pytest.raises(NotFound):
            panel.read.nomination(by(link), panel.other)


def test_anybody_reads_nothing_of_an_edition(panel: Panel) -> None:
    assert panel.everything(ANYBODY).strip() == ""


@pytest.mark.parametrize("hidden", [False, True])
def test_where_nominators_are_hidden_nothing_tells_the_panel_who_they_are(house: House, hidden: bool) -> None:
    panel = Panel(house, **(HIDDEN if hidden else {}))
    panel.close()
    for name in ("rosa", "chair"):
        seen = panel.everything(panel.people[name])
        nadia = str(panel.people["nadia"].participant)
        assert [text in seen for text in ("Nadia", nadia, "Irina", "Her case")] == [not hidden, not hidden, True, True]
    for name in ("secretary", "approver", "auditor"):
        assert str(panel.people["nadia"].participant) in panel.everything(panel.people[name])


def test_hidden_nominators_stay_hidden_when_the_secretariat_wrote_for_them(house: House) -> None:
    edition = house.edition(ONE_STAGE | HIDDEN)
    rosa = house.member(edition, "reviewer", "Rosa")
    case = house.app.nominations.submit(
        house.by(house.secretary), edition, "main", nominee("Irina"), "Her case", on_behalf_of="Nadia"
    )
    [submitted] = house.events("nomination.submitted")
    read, by = house.app.reading, house.by(rosa)
    seen = repr([read.nomination(by, case), read.history(by, edition, limit=100), read.edition(by, edition)])
    assert [text in seen for text in ("Her case", "Nadia", submitted.nominator)] == [True, False, False]


def test_an_id_has_one_spelling(panel: Panel) -> None:
    by = panel.house.by(panel.people["secretary"])
    for spelling in (panel.case.upper(), panel.case.replace("-", ""), f"{{{panel.case}}}", "x"):
        with pytest.raises(NotFound):
            panel.read.nomination(by, spelling)
        with pytest.raises(NotFound):
            panel.house.app.nominations.withdraw(by, spelling)
