"""The course of an edition over HTTP, from the call to the revocation of what was given."""

from __future__ import annotations

from typing import Any

from tests.api.client import Client
from tests.api.play import Facts, Person, Play, now, written
from tests.api.test_winners import eventually


def reviewed(play: Play, scores: list[tuple[int, int]], **rules: Any) -> tuple[Facts, Person, list[Facts]]:
    """An edition whose only stage is reviewed: the chair, and a nomination for each pair of scores."""
    edition = play.open(runners_up=1, **rules)
    chair, reviewer = play.appoint(edition, "chair"), play.appoint(edition)
    nominator = play.enter(edition)
    cases = [play.eligible(edition, nominator.token, f"Nominee {place}") for place in range(len(scores))]
    play.act(edition, "close-call", {"code": "all-in"})
    play.act(edition, "reviewing", {"stage": "panel", "state": "open"}, chair.token)
    for case, (impact, reach) in zip(cases, scores, strict=True):
        for member in (chair, reviewer):
            play.score(play.assign(edition, case, member), member.token, impact, reach)
    return play.act(edition, "reviewing", {"stage": "panel", "state": "closed"}), chair, cases


def test_from_the_call_to_the_winners(play: Play, api: Client) -> None:
    edition, chair, cases = reviewed(play, [(5, 5), (9, 3), (9, 3), (1, 1)])
    assert edition["phase"] == "reviewed"
    standing = api.get(f"editions/{edition['id']}/standing?stage=panel", chair.token).json
    assert [entry["rank"] for entry in standing["ranking"]["entries"]] == [1, 1, 3, 4]
    assert standing["ranking"]["entries"][0]["total"] == [7, 1]

    proposed = api.post(f"editions/{edition['id']}/decisions", {}, chair.token)
    assert proposed.status == 201
    decision, path = proposed.json, f"decisions/{proposed.json['id']}"
    tied = sorted(case["id"] for case in cases[1:3])
    assert [winner["nomination"] for winner in decision["winners"]] == tied
    assert [winner["nomination"] for winner in decision["runners_up"]] == [cases[0]["id"]]
    assert decision["decided_by"] == "joint-winners"

    assert api.post(f"{path}/approve", token=chair.token).problem == (403, "forbidden")
    assert play.did(api.post(f"{path}/approve", token=play.approver))["phase"] == "approved"
    citations = {winner: {"en": "For service.", "fr": "Pour son service."} for winner in tied}
    assert api.post(f"{path}/announce", {"citations": {tied[0]: {"en": "Half."}}}, play.secretariat).problem == (
        422,
        "citation_missing",
    )
    announced = play.did(api.post(f"{path}/announce", {"citations": citations}, play.secretariat))
    conferral = {
        "occasion": {"en": "Peacekeepers' Day", "fr": "Journée des Casques bleus"},
        "date": "2026-05-29",
        "place": "New York",
        "presented_by": ["The Secretary-General"],
    }
    play.did(api.post(f"{path}/confer", conferral, play.secretariat))

    roll = eventually(lambda: api.get(f"winners?award={edition['award_slug']}").json["items"], 2)
    assert {winner["name"] for winner in roll} == {"Nominee 1", "Nominee 2"}
    assert {winner["conferral"]["place"] for winner in roll} == {"New York"}

    taken = announced["winners"][0]["participant"]
    play.did(api.post(f"{path}/propose-revocation", {"winner": taken, "code": "misconduct"}, play.secretariat))
    play.did(api.post(f"{path}/revoke", {"winner": taken}, play.approver))
    assert play.did(api.get(path, play.secretariat))["revocations"][0]["revoked"] is True
    assert play.did(api.get(f"editions/{edition['id']}", play.secretariat))["phase"] == "announced"


def test_an_award_can_be_withheld(play: Play, api: Client) -> None:
    edition, chair, _ = reviewed(play, [(1, 1)])
    body = {"outcome": "withheld", "code": "below-the-mark", "text": "No nomination was strong enough."}
    decision = play.did(api.post(f"editions/{edition['id']}/decisions", body, chair.token), 201)
    done = play.did(api.post(f"decisions/{decision['id']}/approve", token=play.approver))
    assert (done["phase"], done["winners"], done["code"]) == ("withheld", [], "below-the-mark")


def test_nothing_is_public_before_the_embargo_ends(play: Play, api: Client) -> None:
    edition, chair, cases = reviewed(play, [(9, 9)])
    decision = play.did(api.post(f"editions/{edition['id']}/decisions", {}, chair.token), 201)
    path, roll = f"decisions/{decision['id']}", f"winners?award={edition['award_slug']}"
    play.did(api.post(f"{path}/approve", token=play.approver))
    ends = now().timestamp() + 4
    embargo = written(now().fromtimestamp(ends, now().tzinfo))
    body = {"citations": {cases[0]["id"]: {"en": "For service."}}, "embargo": embargo}
    play.did(api.post(f"{path}/announce", body, play.secretariat))
    eventually(lambda: api.get("winners").headers["cache-control"] != "public, max-age=60", True)
    seen, longest = api.get(roll), 0
    while (asked := now().timestamp()) < ends - 0.2:
        seen = api.get(roll)
        assert seen.json == {"items": []}
        age = int(seen.headers["cache-control"].removeprefix("public, max-age="))
        assert asked + age <= ends
        longest = max(longest, age)
    assert longest > 0
    assert len(eventually(lambda: api.get(roll).json["items"], 1)) == 1
    fresh = api.get(roll, If_None_Match=seen.etag)
    assert (fresh.status, fresh.headers["cache-control"]) == (200, "public, max-age=60")


def test_reviewers_see_no_scores_of_others_before_their_own_are_in(play: Play, api: Client) -> None:
    edition = play.open()
    first, second = play.appoint(edition), play.appoint(edition)
    case = play.eligible(edition, play.enter(edition).token)
    play.act(edition, "close-call", {})
    play.act(edition, "reviewing", {"stage": "panel", "state": "open"})
    done, waiting = play.assign(edition, case, first), play.assign(edition, case, second)
    play.score(done, first.token, 8, 6)

    assert api.get(f"reviews/{done['id']}", second.token).problem == (404, "not_found")
    listed = api.get(f"editions/{edition['id']}/reviews", second.token).json["items"]
    assert [review["id"] for review in listed] == [waiting["id"]]
    standing = f"editions/{edition['id']}/standing?stage=panel"
    assert api.get(standing, second.token).problem == (403, "own_reviews_first")
    history = api.get(f"editions/{edition['id']}/history?limit=200", second.token).text
    assert done["id"] not in history

    play.score(waiting, second.token, 2, 2)
    assert api.get(f"reviews/{done['id']}", second.token).json["scores"] == {"impact": 8, "reach": 6}
    assert api.get(standing, second.token).status == 200


def test_the_secretariat_never_touches_a_score(play: Play, api: Client) -> None:
    edition = play.open()
    member = play.appoint(edition)
    case = play.eligible(edition, play.enter(edition).token)
    play.act(edition, "close-call", {})
    play.act(edition, "reviewing", {"stage": "panel", "state": "open"})
    path = f"reviews/{play.assign(edition, case, member)['id']}"
    body, etag = {"scores": {"impact": 1, "reach": 1}}, api.get(path, play.secretariat).etag
    assert api.put(path, body, play.secretariat, If_Match=etag).problem == (403, "forbidden")


def test_a_score_is_replaced_only_by_who_has_read_it(play: Play, api: Client) -> None:
    edition = play.open()
    member = play.appoint(edition)
    case = play.eligible(edition, play.enter(edition).token)
    play.act(edition, "close-call", {})
    play.act(edition, "reviewing", {"stage": "panel", "state": "open"})
    path = f"reviews/{play.assign(edition, case, member)['id']}"
    read, body = api.get(path, member.token), {"scores": {"impact": 7, "reach": 4}}
    assert api.put(path, body, member.token).problem == (428, "precondition_required")
    assert api.put(path, body, member.token, If_Match=read.etag).json["scores"] == body["scores"]
    assert api.put(path, body, member.token, If_Match=read.etag).problem == (412, "stale")
    etag = api.get(path, member.token).etag
    for scores, problem in (
        ({"impact": 7}, (422, "scores_incomplete")),
        ({"impact": 7, "reach": 11}, (422, "score_out_of_scale")),
        ({"impact": 7, "reach": "4"}, (422, "invalid_body")),
    ):
        assert api.put(path, {"scores": scores}, member.token, If_Match=etag).problem == problem


def test_links_open_one_nomination_and_show_only_their_part_of_it(play: Play, api: Client) -> None:
    edition = play.open()
    nominator = play.enter(edition)
    case, other = (play.submit(edition, nominator.token, name) for name in ("Suman", "Carla"))
    nominee, endorser = play.link(case, "nominee"), play.link(case, "endorser")
    path = f"nominations/{case['id']}"

    assert "statement" not in play.did(api.get(path, nominee))
    assert api.get(f"nominations/{other['id']}", nominee).problem == (404, "not_found")
    assert play.did(api.post(f"{path}/answer", {"answer": "accepted"}, nominee))["status"] == "accepted"
    endorsed = play.did(api.post(f"{path}/endorse", {"name": "Dora", "statement": "I agree."}, endorser))
    assert [given["statement"] for given in endorsed["endorsements"]] == ["I agree."]
    assert play.did(api.post(f"{path}/withdraw-endorsement", {}, endorser))["endorsements"] == []
    assert api.post(f"{path}/withdraw", {}, nominee).problem == (403, "forbidden")


def test_a_nominator_amends_what_it_has_read_while_the_call_is_open(play: Play, api: Client) -> None:
    edition = play.open()
    nominator, stranger = play.enter(edition), play.enter(edition, name="Dora")
    case = play.submit(edition, nominator.token)
    path, body = f"nominations/{case['id']}", {"nominee": {"name": "Suman G."}, "statement": "More."}
    read = api.get(path, nominator.token)
    assert api.get(path, stranger.token).problem == (404, "not_found")
    amended = api.put(path, body, nominator.token, If_Match=read.etag)
    assert (amended.json["nominee"]["name"], amended.json["statement"]) == ("Suman G.", "More.")
    assert amended.json["nominee"]["participant"] == case["nominee"]["participant"]
    assert api.put(path, body, nominator.token, If_Match=read.etag).problem == (412, "stale")
    play.act(edition, "close-call", {})
    etag = api.get(path, nominator.token).etag
    assert api.put(path, body, nominator.token, If_Match=etag).problem == (409, "call_closed")


def test_the_history_tells_who_did_what_and_nothing_sealed(play: Play, api: Client) -> None:
    edition = play.open()
    case = play.submit(edition, play.enter(edition, name="Secret Chidi").token, "Secret Suman")
    listed = api.get(f"editions/{edition['id']}/history?limit=200", play.secretariat)
    types = [item["type"] for item in listed.json["items"]]
    assert sorted(types) == sorted(
        ["edition.planned", "edition.call_opened", "edition.role_entered", "nomination.submitted"]
    )
    assert "Secret" not in listed.text
    of_case = api.get(f"editions/{edition['id']}/history?stream={case['id']}", play.secretariat).json["items"]
    assert [(item["type"], item["facts"]["category"]) for item in of_case] == [("nomination.submitted", "main")]
