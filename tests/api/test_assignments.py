"""Assigning by rule over HTTP: looked at, recorded, and as long as the plan of a large call."""

from __future__ import annotations

from tests.api.bodies import ANY_ID
from tests.api.client import Client
from tests.api.play import Play


def test_a_plan_is_sent_back_as_it_was_shown_and_once(play: Play, api: Client) -> None:
    edition = play.open()
    chair, member = play.appoint(edition, "chair"), play.appoint(edition)
    case = play.eligible(edition, play.enter(edition).token)
    path = f"editions/{edition['id']}"
    plan = play.did(api.get(f"{path}/assignment-plan?stage=panel&reviews=2", chair.token))
    assert plan["assignments"] == [
        {"nomination": case["id"], "reviewer": who} for who in sorted((chair.participant, member.participant))
    ]
    body = {"stage": "panel", "assignments": plan["assignments"], "basis": plan["basis"]}
    made = play.did(api.post(f"{path}/assignments", body, chair.token, Idempotency_Key="plan"), 201)
    again = play.did(api.post(f"{path}/assignments", body, chair.token, Idempotency_Key="plan"), 201)
    assert again == made
    reviews = play.did(api.get(f"{path}/reviews", play.secretariat))["items"]
    assert {(one["id"], one["nomination"], one["reviewer"]) for one in reviews} == {
        (one["review"], one["nomination"], one["reviewer"]) for one in made["assignments"]
    }
    assert api.post(f"{path}/assignments", body, chair.token).problem == (409, "plan_outdated")


def test_a_panel_that_is_too_small_is_told_how_many_fall_short(play: Play, api: Client) -> None:
    edition = play.open()
    play.appoint(edition)
    play.eligible(edition, play.enter(edition).token)
    answer = api.get(f"editions/{edition['id']}/assignment-plan?stage=panel&reviews=2", play.secretariat)
    assert answer.problem == (409, "not_enough_reviewers")
    assert answer.json["detail"] == "1 of 1 nominations cannot reach 2 reviews: the panel has 1 member."


def test_a_plan_for_a_large_call_may_be_sent_where_other_bodies_may_not_be_so_long(play: Play, api: Client) -> None:
    edition = play.edition()
    pairs = [{"nomination": ANY_ID, "reviewer": ANY_ID}] * 12_000
    for operation, problem in (("assignments", (404, "not_found")), ("reviews", (413, "body_too_large"))):
        body = {"stage": "panel", "assignments": pairs}
        assert api.post(f"editions/{edition['id']}/{operation}", body, play.secretariat).problem == problem
    longer = {"stage": "panel", "assignments": pairs * 2}
    answer = api.post(f"editions/{edition['id']}/assignments", longer, play.secretariat)
    assert answer.problem == (413, "body_too_large")
