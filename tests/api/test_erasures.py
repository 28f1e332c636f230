"""Erasing a person over the API: who may, what is answered, and what is public afterwards."""

from __future__ import annotations

from tests.api.client import Client
from tests.api.play import Play
from tests.api.test_people import invited, problem, redeemed, registered

BODY = {"basis": "gdpr-17-1-b"}


def staff(play: Play, role: str) -> tuple[str, str]:
    """Somebody with a role for all awards: the subject and a token."""
    subject = registered(play, role)
    return subject["id"], redeemed(play, invited(play, subject, role)["code"])["token"]


def test_two_people_erase_a_third(play: Play, api: Client) -> None:
    (officer, asks), (_, agrees) = staff(play, "privacy_officer"), staff(play, "approver")
    gone, token = staff(play, "auditor")
    path = f"subjects/{gone}/erasure"
    assert problem(api.post(path, BODY, play.secretariat)) == (403, "forbidden")
    assert problem(api.post(path, {"basis": "Because."}, asks)) == (422, "invalid_body")
    assert problem(api.post(path, BODY | {"classes": ["ballot"]}, asks)) == (422, "invalid_body")
    assert problem(api.post(path, BODY | {"kept": {"public": "x"}, "classes": []}, asks)) == (422, "invalid_body")
    assert problem(api.post(f"{path}/approve", {}, agrees)) == (409, "erasure_not_requested")
    asked = play.did(api.post(path, BODY, asks))
    told = {"by": officer, "classes": ["case", "public", "account"], "basis": "gdpr-17-1-b", "kept": {}}
    assert (asked["requested"], asked["erased"], asked["editions"]) == (told, [], [])
    assert asked["account"]["tokens"] >= 1
    assert problem(api.post(path, BODY, asks)) == (409, "erasure_already_requested")
    assert "requested" not in play.did(api.post(f"{path}/refuse", {"code": "identity"}, agrees))
    play.did(api.post(path, BODY | {"kept": {"public": "gdpr-17-3-d"}}, asks))
    assert api.post(f"{path}/approve", {}, agrees).status == 204
    report = play.did(api.get(path, agrees))
    assert (report["erased"], report["finished"], set(report["account"].values())) == (["account", "case"], True, {0})
    assert api.get("subjects", token).status == 401
    shown = play.did(api.get(f"subjects/{gone}", play.secretariat))
    assert (shown["name"], shown["active"], shown["account"]) == ("erased", False, False)
    assert problem(api.post(f"subjects/{gone}/grant", {"role": "auditor", "award": "*"}, play.secretariat)) == (
        409,
        "person_erased",
    )


def test_an_officer_cannot_be_both(play: Play, api: Client) -> None:
    _, token = staff(play, "privacy_officer")
    path = f"subjects/{staff(play, 'auditor')[0]}/erasure"
    play.did(api.post(path, BODY, token))
    assert problem(api.post(f"{path}/approve", {}, token)) == (403, "second_person_needed")
    assert problem(api.post("subjects/00000000-0000-4000-8000-000000000000/erasure", BODY, token)) == (404, "not_found")
