"""What a standing tells a reader who may not know how one of its nominations fares, by every method."""

from __future__ import annotations

import json
from typing import Any

import pytest

from awards.access import Caller
from awards.domain.judging import METHODS
from tests.application.house import ONE_STAGE, House

WORTHY = {"worthy": [5, 2]}
RUNS = [
    {"name": name, "version": version, **(WORTHY if "worthy" in method.takes else {})}
    for (name, version), method in METHODS.items()
]
each_run = pytest.mark.parametrize("run", RUNS, ids=lambda run: run["name"])
LADDER = ["head-to-head", "median", "least-disagreement", "joint-winners"]
OF_ITSELF = {
    "nomination",
    "rank",
    "criteria",
    "reviews",
    "raw",
    "total",
    "approvals",
    "share",
    "grade",
    "above",
    "below",
}
"""What an entry may say to who may not know all the others: nothing that is a comparison with them."""

Scores = dict[str, dict[str, tuple[int, int]]]
OTHERS: Scores = {
    "Olga": {"rosa": (3, 3), "rudi": (4, 3), "ravi": (3, 2)},
    "Petra": {"rosa": (2, 2), "rudi": (2, 1), "ravi": (1, 2)},
}
BEST: Scores = {"Irina": {"rudi": (5, 5), "ravi": (5, 5)}}
ALSO_BEST: Scores = {"Irina": {"rudi": (5, 4)}}
WORST: Scores = {"Irina": {"rudi": (1, 1), "ravi": (1, 1)}}


class Judged:
    """A category whose reviewing is over; Rosa is recused from Irina."""

    def __init__(self, house: House, label: str, run: dict[str, Any], scores: Scores, **rules: Any) -> None:
        (stage,) = ONE_STAGE["stages"]
        stage = stage | {"method": run, "ties": LADDER, "quorum": 1}
        self.house = house
        self.edition = house.edition(ONE_STAGE | {"stages": [stage]} | rules, label)
        self.people: dict[str, Caller] = {
            who: house.member(self.edition, "chair" if who == "chair" else "reviewer", who.title())
            for who in ("rosa", "rudi", "ravi", "chair")
        }
        nadia = house.member(self.edition, "nominator", "Nadia")
        self.cases = {name: house.eligible(self.edition, nadia, name) for name in ("Irina", "Olga", "Petra")}
        house.reviewing(self.edition)
        by, rosa = house.by(house.secretary), str(self.people["rosa"].participant)
        house.app.conflicts.recuse(by, self.edition, "panel", self.cases["Irina"], rosa, "family_tie")
        for name, given in {**OTHERS, **scores}.items():
            for who, (impact, reach) in given.items():
                review = house.assign(self.edition, self.cases[name], self.people[who])
                house.score(self.people[who], review, impact=impact, reach=reach)
        house.app.editions.close_reviewing(house.by(self.people["chair"]), self.edition, "panel")

    def decide(self) -> Judged:
        chair = self.house.by(self.people["chair"])
        decision = self.house.app.decisions.propose(chair, self.edition, "main")
        self.house.app.decisions.approve(self.house.by(self.house.approver), decision)
        return self

    def ranking(self, who: str) -> dict[str, Any]:
        """The ranking as somebody sees it, with names in the place of ids."""
        view = self.house.app.reading.standing(self.house.by(self.people[who]), self.edition, "panel", "main")
        told = json.dumps(view["ranking"])
        for name, of in {**self.cases, **{who: str(one.participant) for who, one in self.people.items()}}.items():
            told = told.replace(of, name)
        ranking = dict(json.loads(told))
        return ranking | ({"steps": by_name(ranking["steps"])} if "options" in ranking.get("steps", ()) else {})


def by_name(steps: dict[str, Any]) -> dict[str, Any]:
    """Steps of pairs whatever the order of the options, which is that of random ids."""
    options = steps.pop("options")
    cells = [(one, other) for one in range(len(options)) for other in range(len(options))]
    return {
        name: sorted(told)
        if name == "locked"
        else {f"{options[one]}-{options[other]}": told[one][other] for one, other in cells}
        for name, told in steps.items()
    }


@each_run
def test_until_it_is_decided_a_standing_is_to_the_recused_as_if_the_nomination_were_not_there(
    house: House, run: dict[str, Any]
) -> None:
    best, worst = (Judged(house, label, run, scores) for label, scores in (("2026", BEST), ("2027", WORST)))
    assert best.ranking("rosa") == worst.ranking("rosa")
    assert "Irina" not in json.dumps(best.ranking("rosa"))
    assert best.ranking("chair") != worst.ranking("chair")


@each_run
def test_once_it_is_decided_the_recused_learns_the_rank_and_nothing_that_others_owe_to_a_comparison(
    house: House, run: dict[str, Any]
) -> None:
    """Irina comes first in both editions, by other reviews; all that Rosa is told is the same."""
    one, other = (Judged(house, label, run, by).decide() for label, by in (("2026", BEST), ("2027", ALSO_BEST)))
    told = one.ranking("rosa")
    assert told == other.ranking("rosa")
    assert [entry for entry in told["entries"] if entry["nomination"] == "Irina"] == [
        {"nomination": "Irina", "rank": 1}
    ]
    assert "steps" not in told
    assert [entry.keys() - OF_ITSELF for entry in told["entries"]] == [set(), set(), set()]
    assert one.ranking("chair") != other.ranking("chair")


@pytest.mark.parametrize("hidden", ["reviewers", "scores"])
def test_biases_are_told_to_who_sees_who_gave_what(house: House, hidden: str) -> None:
    run = {"name": "additive-bias", "version": 1}
    never = {"sight": {hidden: {"reviewer": "never"}}}
    shown, kept = Judged(house, "2026", run, BEST), Judged(house, "2027", run, BEST, **never)
    assert shown.ranking("rudi")["steps"]["reviewers"].keys() == {"rosa", "rudi", "ravi"}
    assert "steps" not in kept.ranking("rudi")
    assert "rosa" not in json.dumps(kept.ranking("rudi"))
