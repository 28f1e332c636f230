"""What a late recusal touches, and how much of it each reader is told."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from tests.application.house import House, outcome
from tests.application.test_conflicts import WITH_POLICY, Case, ranked
from tests.domain.cases import RULES

STAFF = ("secretary", "approver", "auditor")


class Late(Case):
    """Two nominations scored by two reviewers; a conflict comes to light afterwards."""

    def __init__(self, house: House, rules: dict[str, Any] = WITH_POLICY) -> None:
        super().__init__(house, rules)
        self.people["auditor"] = house.member(self.edition, "auditor", "Aude")
        self.people["approver"] = house.member(self.edition, "approver", "Abena")

    def score_all(self, **given: tuple[int, int]) -> None:
        """Everybody named scores the nomination."""
        self.reviews = {who: self.ready(who) for who in given}
        for who, (impact, reach) in given.items():
            self.house.score(self.people[who], self.reviews[who], impact=impact, reach=reach)

    def report(self, who: str = "secretary") -> Any:
        return self.app.reading.conflicts(self.by(who), self.edition)

    def history(self, who: str = "secretary") -> Any:
        return self.app.reading.history(self.by(who), self.edition, limit=500).items

    def affiliate(self, participant: str, *names: str) -> None:
        self.app.conflicts.affiliate(self.by("secretary"), self.edition, participant, list(names))

    def nominee(self) -> str:
        view = self.app.reading.nomination(self.by("secretary"), self.nomination)
        return str(view["nominee"]["participant"])


@pytest.fixture
def case(house: House) -> Late:
    return Late(house)


def test_the_report_tells_scores_and_rankings_to_who_may_read_them(case: Late) -> None:
    case.score_all(rosa=(5, 5), ravi=(2, 2))
    case.declare("rosa")
    for who in STAFF:
        [found] = case.report(who)["conflicts"]
        assert [one["scores"] for one in found["scores"]] == [{"impact": 5, "reach": 5}]
        assert found["outcomes"][0]["with_affected"]["entries"][0]["total"] == [7, 2]
        assert found["outcomes"][0]["counted"]["entries"][0]["total"] == [2, 1]
        assert found["outcomes"][0]["without_reviewer"]["winners"] == [case.nomination]
        assert found["outcomes"][0]["winner_changes"] is False


@pytest.mark.parametrize("who", ["chair", "deputy"])
def test_a_panel_is_told_no_score_or_ranking_before_reviewing_is_closed(case: Late, who: str) -> None:
    case.score_all(rosa=(5, 5), ravi=(2, 2))
    case.declare("rosa")
    [found] = case.report(who)["conflicts"]
    assert (found["outcomes"], [sorted(one) for one in found["scores"]]) == ([], [["review", "stage"]])
    assert "review.submitted" not in json.dumps(found["touched"])
    case.close()
    [found] = case.report(who)["conflicts"]
    assert [one["scores"]["impact"] for one in found["scores"]] == [5]
    assert len(found["outcomes"]) == 1


@pytest.mark.parametrize("who", ["rosa", "ravi", "nominator"])
def test_others_read_no_report(case: Late, who: str) -> None:
    case.people["nominator"] = case.nominator
    assert outcome(lambda: case.report(who)) == "forbidden"


def test_a_recused_deputy_learns_nothing_of_the_nomination_from_report_or_marks(case: Late) -> None:
    case.score_all(rosa=(5, 5))
    case.affiliate(case.nominee(), "Harbour Board")
    case.affiliate(case.id("ravi"), "Harbour Board")
    case.declare("rosa")
    own = case.declare("deputy")
    case.close()
    told = json.dumps([case.report("deputy"), case.history("deputy")])
    marks = (case.nomination, case.reviews["rosa"], own, "Harbour", "touched_by")
    assert [mark for mark in marks if mark in told] == []
    assert len(case.report("chair")["conflicts"]) == 2


def test_a_chair_who_is_recused_late_marks_the_list_and_the_proposal_for_all_but_herself(case: Late) -> None:
    case.score_all(rosa=(4, 4))
    case.close()
    case.app.editions.shortlist(case.by("chair"), case.edition, "panel", "main", [case.nomination])
    case.propose()
    recusal = case.declare("chair")
    [found] = case.report()["conflicts"]
    assert [item["type"] for item in found["touched"]] == ["edition.shortlisted", "decision.proposed"]
    assert (found["scores"], found["outcomes"]) == ([], [])

    def marked(who: str) -> list[str]:
        return [item["type"] for item in case.history(who) if recusal in item.get("touched_by", ())]

    assert marked("auditor") == marked("deputy") == ["edition.shortlisted", "decision.proposed"]
    assert marked("chair") == []


def test_what_came_after_the_recusal_is_not_touched_by_it(case: Late) -> None:
    case.declare("chair")
    case.score_all(rosa=(4, 4))
    [found] = case.report()["conflicts"]
    assert (found["touched"], found["scores"]) == ([], [])


def test_each_recusal_of_a_review_is_told_by_itself(case: Late) -> None:
    case.score_all(rosa=(4, 4))
    review = case.recuse("chair", "rosa")
    case.lift("deputy", review)
    case.declare("rosa")
    found = case.report()["conflicts"]
    assert [(one["how"], "reinstated" in one) for one in found] == [("imposed", True), ("declared", False)]
    marked = [item for item in case.history() if "touched_by" in item]
    assert {review} == {by for item in marked for by in item["touched_by"]}
    assert [len(item["touched_by"]) for item in marked] == [1] * 3


def test_a_page_of_the_history_marks_the_same_as_the_whole(case: Late) -> None:
    case.score_all(rosa=(4, 4))
    case.declare("rosa")
    whole = {item["position"]: item.get("touched_by") for item in case.history()}
    paged: dict[int, Any] = {}
    after = None
    while True:
        page = case.app.reading.history(case.by("secretary"), case.edition, after=after, limit=2)
        paged |= {item["position"]: item.get("touched_by") for item in page.items}
        if (after := page.after) is None:
            break
    assert paged == whole


def test_report_and_history_agree_on_what_is_touched(case: Late) -> None:
    case.score_all(rosa=(4, 4), ravi=(3, 3), chair=(5, 5))
    case.close()
    case.app.editions.shortlist(case.by("chair"), case.edition, "panel", "main", [case.nomination])
    case.propose()
    for who in ("rosa", "chair"):
        case.declare(who)
    reported = {(item["position"], one["review"]) for one in case.report()["conflicts"] for item in one["touched"]}
    marked = {(item["position"], by) for item in case.history() for by in item.get("touched_by", ())}
    assert marked == reported
    assert len(marked) == 3 + 5


# --- affiliations


def test_nothing_of_an_affiliation_enters_the_log(case: Late) -> None:
    before = case.house.counts()
    case.affiliate(case.nominee(), "Harbour Board")
    case.affiliate(case.id("rosa"), "Harbour Board")
    after = case.house.counts()
    assert (after["leaves"], after["sealed"]) == (before["leaves"], before["sealed"])
    rows = case.house.service.ledger.rows
    ids = {row["organisation"] for row in rows("SELECT organisation FROM affiliations")}
    everything = "\n".join(line.decode() for line in case.house.service.ledger.lines())
    assert [one for one in (*ids, "Harbour") if one in everything] == []
    [proposed] = case.report()["proposed"]
    assert proposed == {
        "reviewer": case.id("rosa"),
        "nomination": case.nomination,
        "relation": "nominee",
        "participant": case.nominee(),
        "organisations": ["Harbour Board"],
    }


def test_where_nominators_are_hidden_no_proposal_tells_the_chair_of_them(house: House) -> None:
    hidden = {"nominator": dict.fromkeys(("reviewer", "chair", "deputy"), "never")}
    case = Late(house, WITH_POLICY | {"sight": hidden})
    case.affiliate(str(case.nominator.participant), "Harbour Board")
    case.affiliate(case.id("rosa"), "Harbour Board")
    assert case.report("chair")["proposed"] == []
    assert [one["relation"] for one in case.report("secretary")["proposed"]] == ["nominator"]


def test_a_nominee_states_her_own_organisations_by_link(case: Late) -> None:
    link = case.house.link(case.nomination, "nominee")
    case.app.conflicts.affiliate_oneself(case.house.by(link), case.edition, ["Harbour Board"])
    assert case.app.conflicts.organisations_of(case.nominee()) == ["Harbour Board"]


def test_the_secretariat_states_nothing_of_strangers(case: Late) -> None:
    other = Case(case.house, label="2027")
    stranger = other.id("rosa")
    assert (
        outcome(lambda: case.app.conflicts.affiliate(case.by("secretary"), case.edition, stranger, [])) == "not_found"
    )


# --- one person, two ids


def test_a_recusal_under_one_id_reaches_what_the_person_did_under_another(house: House) -> None:
    case = Late(house, RULES | {"consent": "informed"})
    review = case.assign("rosa")
    house.score(case.people["rosa"], review)
    case.close()
    rita = str(house.member(case.edition, "reviewer", "Rita", "final").participant)
    case.app.editions.link_participants(case.by("secretary"), case.edition, [case.id("rosa"), rita], "same_person")
    where = (case.edition, "final", case.nomination)
    recusal = case.app.conflicts.recuse(case.by("secretary"), *where, rita, "family_tie")
    assert ranked(case, "panel") == []
    [found] = case.report()["conflicts"]
    assert [one["review"] for one in found["scores"]] == [review]
    assert [item["type"] for item in found["touched"]] == ["review.submitted"]
    assert [by for item in case.history() for by in item.get("touched_by", ())] == [recusal]
    assert outcome(partial(case.lift, "rosa", recusal)) == "not_found"
    assert outcome(partial(case.lift, "chair", recusal)) == "forbidden"  # of another stage
    assert outcome(partial(case.lift, "secretary", recusal)) == recusal


def test_a_second_review_of_the_same_person_is_not_counted_by_what_might_have_been(house: House) -> None:
    case = Late(house)
    case.score_all(rosa=(5, 5), ravi=(1, 1), chair=(3, 3))
    case.app.editions.link_participants(
        case.by("secretary"), case.edition, [case.id("rosa"), case.id("ravi")], "same_person"
    )
    case.app.conflicts.recuse(
        case.by("secretary"), case.edition, "panel", case.nomination, still_seated(case), "family_tie"
    )
    [found] = case.report()["conflicts"]
    assert len(found["scores"]) == 1
    [outcome_of] = found["outcomes"]
    assert outcome_of["counted"]["entries"][0]["reviews"] == 1
    assert outcome_of["with_affected"]["entries"][0]["reviews"] == 2


def still_seated(case: Late) -> str:
    """Which of the two ids kept the seat."""
    panel = case.app.reading.edition(case.by("secretary"), case.edition)["panel"]
    [kept] = [seat["participant"] for seat in panel if seat["participant"] in (case.id("rosa"), case.id("ravi"))]
    return str(kept)
