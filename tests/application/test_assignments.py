"""A plan is only shown; what is recorded of one passes every guard of a single assignment, whole or not at all."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier
from typing import Any

import pytest

from awards.access import Caller
from awards.domain import refusals as no
from tests.application.house import ONE_STAGE, House, outcome
from tests.soak import rounds

Planned = dict[str, Any]
TWO_STAGES = deepcopy(ONE_STAGE)
TWO_STAGES["stages"].append({**deepcopy(ONE_STAGE["stages"][0]), "id": "final"})


def plan(house: House, edition: str, reviews: int, by: Caller | None = None, **more: Any) -> Planned:
    stage = more.pop("stage", "panel")
    return house.app.assignments.plan(house.by(by or house.secretary), edition, stage, reviews, **more)


def record(house: House, planned: Planned, by: Caller | None = None, **more: Any) -> str:
    pairs = more.pop("pairs", planned["assignments"])
    arrival = house.by(by or house.secretary)
    return house.app.assignments.record(arrival, planned["edition"], planned["stage"], pairs, **more)


def panel_of(house: House, edition: str, size: int, **more: str) -> list[Caller]:
    return [house.member(edition, "reviewer", f"Reviewer {number}", **more) for number in range(size)]


def assigned(house: House, edition: str) -> list[tuple[str, str]]:
    return [(event.nomination, event.reviewer) for event in house.events("review.assigned", edition)]


def test_what_is_planned_is_recorded_as_planned_and_planning_records_nothing(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nia")
    cases = [house.eligible(edition, nominator, f"Nominee {number}") for number in range(5)]
    panel_of(house, edition, 3)
    house.reviewing(edition)
    before = house.counts()
    planned = plan(house, edition, 2)
    assert house.counts() == before
    assert planned["basis"] == 0
    assert Counter(pair["nomination"] for pair in planned["assignments"]) == Counter(cases * 2)
    assert sorted((one["before"], one["after"]) for one in planned["panel"]) == [(0, 3), (0, 3), (0, 4)]
    record(house, planned, basis=planned["basis"])
    assert assigned(house, edition) == [(pair["nomination"], pair["reviewer"]) for pair in planned["assignments"]]
    again = plan(house, edition, 2)
    assert (again["assignments"], sorted(one["before"] for one in again["panel"])) == ([], [3, 3, 4])
    assert again["basis"] == len(planned["assignments"])


def test_all_of_a_plan_is_one_act(house: House) -> None:
    edition = house.edition()
    case = house.eligible(edition, house.member(edition, "nominator", "Nia"), "Ama")
    panel_of(house, edition, 3)
    record(house, plan(house, edition, 3))
    events = house.events("review.assigned", edition)
    assert {event.nomination for event in events} == {case}
    assert len(events) == 3
    assert len({event.correlation for event in events}) == 1
    assert [event.position for event in events] == list(range(events[0].position, events[0].position + 3))


@pytest.mark.parametrize("role", ["reviewer", "nominator", "approver", "auditor"])
def test_who_may_not_assign_neither_plans_nor_records(house: House, role: str) -> None:
    edition = house.edition()
    house.eligible(edition, house.member(edition, "nominator", "Nia"), "Ama")
    panel_of(house, edition, 2)
    planned, stranger = plan(house, edition, 1), house.member(edition, role, "Somebody")
    before = house.counts()
    with pytest.raises(no.NotAllowed):
        plan(house, edition, 1, stranger)
    assert outcome(lambda: record(house, planned, stranger)) in ("forbidden", "not_found")
    assert house.counts() == before


@pytest.mark.parametrize("role", ["chair", "deputy"])
def test_who_leads_another_stage_neither_plans_nor_records(house: House, role: str) -> None:
    edition = house.edition(TWO_STAGES)
    house.eligible(edition, house.member(edition, "nominator", "Nia"), "Ama")
    panel_of(house, edition, 2)
    planned, elsewhere = plan(house, edition, 1), house.member(edition, role, "Somebody", "final")
    before = house.counts()
    with pytest.raises(no.NotAllowed):
        plan(house, edition, 1, elsewhere)
    assert outcome(lambda: record(house, planned, elsewhere)) == "forbidden"
    pair = planned["assignments"][0]
    by_hand = (edition, "panel", pair["nomination"], pair["reviewer"])
    assert outcome(lambda: house.app.reviews.assign(house.by(elsewhere), *by_hand)) == "forbidden"
    assert house.counts() == before


def test_the_ground_moves_and_nothing_of_the_plan_is_recorded(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nia")
    cases = [house.eligible(edition, nominator, name) for name in ("Ama", "Bintou", "Chidi")]
    members = panel_of(house, edition, 3)
    planned = plan(house, edition, 3)
    review = house.assign(edition, cases[1], members[1])
    house.app.reviews.recuse(house.by(house.secretary), review, "family-tie")
    before = house.counts()
    with pytest.raises(no.AlreadyRecused) as refused:
        record(house, planned)
    assert cases[1] in str(refused.value)
    assert str(members[1].participant) in str(refused.value)
    assert house.counts() == before


@pytest.mark.parametrize("how", ["discharged", "withdrawn", "cancelled", "by hand", "twice"])
def test_a_plan_that_is_overtaken_is_refused_by_a_code_that_says_why(house: House, how: str) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nia")
    cases = [house.eligible(edition, nominator, name) for name in ("Ama", "Bintou")]
    members = panel_of(house, edition, 3)
    planned, by = plan(house, edition, 2), house.by(house.secretary)
    pair = planned["assignments"][-1]
    if how == "discharged":
        house.app.editions.discharge(by, edition, "panel", pair["reviewer"], "left")
    elif how == "withdrawn":
        house.app.nominations.withdraw(by, pair["nomination"])
    elif how == "cancelled":
        house.app.editions.cancel(by, edition, "no-funds")
    elif how == "by hand":
        free = {(case, str(who.participant)) for case in cases for who in members}
        free -= {(one["nomination"], one["reviewer"]) for one in planned["assignments"]}
        house.app.reviews.assign(by, edition, "panel", *min(free))
    before = house.counts()
    pairs = [*planned["assignments"], *([pair] if how == "twice" else [])]
    codes = {
        "discharged": "not_on_panel",
        "withdrawn": "nomination_withdrawn",
        "cancelled": "edition_cancelled",
        "by hand": "plan_outdated",
        "twice": "already_assigned",
    }
    assert outcome(lambda: record(house, planned, pairs=pairs, basis=planned["basis"])) == codes[how]
    assert house.counts() == before


def test_a_basis_that_no_plan_had_is_refused(house: House) -> None:
    edition = house.edition()
    house.eligible(edition, house.member(edition, "nominator", "Nia"), "Ama")
    panel_of(house, edition, 1)
    planned = plan(house, edition, 1)
    assert outcome(lambda: record(house, planned, basis=planned["basis"] + 1)) == "plan_outdated"
    assert assigned(house, edition) == []


def test_a_chair_plans_without_what_is_closed_to_her_and_learns_nothing_of_it(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nia")
    closed, other = (house.eligible(edition, nominator, name) for name in ("Ama", "Bintou"))
    chair, member = house.member(edition, "chair", "Cleo"), house.member(edition, "reviewer", "Ravi")
    review = house.assign(edition, closed, chair)
    house.app.reviews.declare_conflict(house.by(chair), review, "family-tie")
    house.assign(edition, closed, member)
    seen = plan(house, edition, 1, chair)
    assert {pair["nomination"] for pair in seen["assignments"]} == {other}
    assert {one["participant"]: one["before"] for one in seen["panel"]} == {
        str(chair.participant): 0,
        str(member.participant): 0,
    }
    pairs = [{"nomination": closed, "reviewer": str(member.participant)}]
    assert outcome(lambda: record(house, seen, chair, pairs=pairs)) in ("closed_to_you", "not_found")
    assert [one["before"] for one in plan(house, edition, 1)["panel"] if one["participant"] == member.participant] == [
        1
    ]


def test_a_plan_tells_nothing_of_what_happens_to_what_is_closed_to_the_chair(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nia")
    closed, other = (house.eligible(edition, nominator, name) for name in ("Ama", "Bintou"))
    chair, member = house.member(edition, "chair", "Cleo"), house.member(edition, "reviewer", "Ravi")
    house.app.conflicts.declare(house.by(chair), edition, "panel", closed, "family-tie")
    seen = plan(house, edition, 1, chair)
    review = house.assign(edition, closed, member)
    house.app.reviews.recuse(house.by(house.secretary), review, "same-unit")
    house.app.conflicts.reinstate(house.by(house.secretary), review, "mistaken")
    assert plan(house, edition, 1, chair) == seen
    whole = plan(house, edition, 1)
    record(house, seen, chair, basis=seen["basis"])
    assert {pair[0] for pair in assigned(house, edition)} == {closed, other}
    assert outcome(lambda: record(house, whole, basis=whole["basis"])) == "plan_outdated"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_stands_in_the_way_every_planned_pair_is_recorded(house: House, seed: int) -> None:
    chance = random.Random(seed)
    edition = house.edition(TWO_STAGES)
    nominators = [house.member(edition, "nominator", f"Nominator {number}") for number in range(3)]
    cases = [house.eligible(edition, chance.choice(nominators), f"Nominee {number}") for number in range(8)]
    members = panel_of(house, edition, 6)
    for nominator in chance.sample(nominators, 2):
        house.member(edition, "reviewer", "", participant=nominator.participant)
    house.reviewing(edition)
    for case in cases:
        for member in chance.sample(members, 2):
            disturb(house, chance, house.assign(edition, case, member), member)
    house.app.editions.close_reviewing(house.by(house.secretary), edition, "panel")
    chair = house.member(edition, "chair", "Cleo")
    finalists = chance.sample(cases, 6)
    house.app.editions.shortlist(house.by(chair), edition, "panel", "main", finalists)
    for member in members:
        house.member(edition, "reviewer", "", "final", participant=member.participant)
    for stage, asked in (("panel", cases), ("final", finalists)):
        planned = plan(house, edition, 3, stage=stage)
        assert {pair["nomination"] for pair in planned["assignments"]} <= set(asked)
        record(house, planned, basis=planned["basis"])
        assert plan(house, edition, 3, stage=stage)["assignments"] == []


def test_one_person_under_two_ids_reviews_a_nomination_once(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nia")
    cases = [house.eligible(edition, nominator, name) for name in ("Ama", "Bintou")]
    members = panel_of(house, edition, 3)
    one, same, other = (str(member.participant) for member in members)
    house.assign(edition, cases[0], members[0])
    house.assign(edition, cases[1], members[1])
    house.app.editions.link_participants(house.by(house.secretary), edition, [one, same], "same-person")
    with pytest.raises(no.NotEnoughReviewers):
        plan(house, edition, 3)
    planned = plan(house, edition, 2)
    record(house, planned, basis=planned["basis"])
    person = {one: "same", same: "same", other: "other"}
    to_come = [
        (review["nomination"], person[review["reviewer"]])
        for review in house.app.reading.reviews(house.by(house.secretary), edition).items
        if review["status"] == "assigned"
    ]
    assert sorted(to_come) == sorted((case, who) for case in cases for who in ("same", "other"))


def disturb(house: House, chance: random.Random, review: str, member: Caller) -> None:
    match chance.randrange(5):
        case 0:
            house.app.reviews.decline(house.by(member), review, "no-time")
        case 1:
            house.app.reviews.declare_conflict(house.by(member), review, "family-tie")
        case 2:
            house.score(member, review)
        case 3:
            house.app.reviews.recuse(house.by(house.secretary), review, "family-tie")


@pytest.mark.soak
@pytest.mark.parametrize("cites", [True, False])
def test_of_two_plans_recorded_at_once_one_stands(house: House, cites: bool) -> None:
    """With its basis cited, a plan that is overtaken is refused even where no pair is in both."""
    for number in range(rounds(4, 60)):
        edition = house.edition(label=str(number))
        nominator = house.member(edition, "nominator", "Nia")
        cases = [house.eligible(edition, nominator, f"Nominee {case}") for case in range(4)]
        chairs = [house.member(edition, role, role) for role in ("chair", "deputy")]
        panel_of(house, edition, 4)
        house.reviewing(edition)
        seats = ("member",) if cites else ("member", "chair", "deputy")
        plans = [plan(house, edition, 2, by, seats=seats) for by in chairs]
        if cites:
            plans[1]["assignments"] = others(plans[0])
        begin = Barrier(2)

        def go(by: Caller, planned: Planned, begin: Barrier = begin) -> str:
            cited = {"basis": planned["basis"]} if cites else {}
            begin.wait()
            return outcome(lambda: record(house, planned, by, **cited))

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(go, chairs, plans))
        assert sorted(answers) == sorted([edition, "plan_outdated" if cites else "already_assigned"])
        stands = plans[answers.index(edition)]["assignments"]
        assert assigned(house, edition) == [(pair["nomination"], pair["reviewer"]) for pair in stands]
        assert Counter(nomination for nomination, _ in assigned(house, edition)) == Counter(cases * 2)


def others(planned: Planned) -> list[dict[str, str]]:
    """For each nomination the members whom the plan leaves out."""
    taken = {(pair["nomination"], pair["reviewer"]) for pair in planned["assignments"]}
    members = [one["participant"] for one in planned["panel"]]
    return [
        {"nomination": case, "reviewer": who}
        for case in sorted({case for case, _ in taken})
        for who in members
        if (case, who) not in taken
    ]
