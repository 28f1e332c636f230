"""People over the API: who registers, grants, invites and ends accounts, and how far."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.api.client import Answer, Client
from tests.api.play import STAGE, Facts, Person, Play
from tests.api.play import now as moment

PASSWORD = "correct horse battery"


def registered(play: Play, role: str, award: str = "*", name: str = "Cy") -> Facts:
    body = {"name": name, "role": role, "award": award}
    return play.did(play.api.post("subjects", body, play.secretariat), 201)


def invited(play: Play, subject: Facts, role: str | None = None, award: str = "*") -> Facts:
    body = {"role": role, "award": award} if role else {}
    return play.did(play.api.post(f"subjects/{subject['id']}/invitations", body, play.secretariat), 201)


def redeemed(play: Play, code: str, **more: str) -> Facts:
    return play.did(play.api.post("tokens", {"code": code, **more}), 201)


def secretariat_of(play: Play, award: Facts) -> tuple[Facts, str]:
    """Somebody who is the secretariat of one award, and her token."""
    subject = registered(play, "secretariat", award["slug"], "Lou")
    code = invited(play, subject, "secretariat", award["slug"])["code"]
    return subject, redeemed(play, code)["token"]


def problem(answer: Answer) -> tuple[int, str]:
    return answer.problem


# --- registering, granting, revoking


def test_somebody_is_registered_and_listed(play: Play) -> None:
    award = play.award()
    subject = registered(play, "approver", award["slug"])
    assert subject["roles"] == [{"role": "approver", "award": award["id"]}]
    assert (subject["name"], subject["active"], subject["account"]) == ("Cy", True, False)
    listed = play.did(play.api.get("subjects?limit=200", play.secretariat))["items"]
    assert subject in listed
    assert play.did(play.api.get(f"subjects/{subject['id']}", play.secretariat)) == subject


def test_a_role_taken_back_ends_on_the_next_request(play: Play, api: Client) -> None:
    award = play.award()
    subject, token = secretariat_of(play, award)
    body = {"name": {"en": "N"}, "awarding_body": {"en": "B"}}
    etag = api.get(f"awards/{award['slug']}").etag
    revoke = {"role": "secretariat", "award": award["slug"]}
    assert api.get("subjects", token).status == 200
    assert api.post(f"subjects/{subject['id']}/revoke", revoke, play.secretariat).status == 204
    assert problem(api.get("subjects", token)) == (403, "forbidden")
    assert problem(api.put(f"awards/{award['slug']}", body, token, If_Match=etag)) == (403, "forbidden")
    assert problem(api.post(f"subjects/{subject['id']}/revoke", revoke, play.secretariat)) == (409, "role_not_held")


def test_a_secretariat_of_one_award_manages_that_award_only(play: Play, api: Client) -> None:
    here, there = play.award(), play.award()
    me, token = secretariat_of(play, here)
    everywhere, elsewhere = registered(play, "auditor"), registered(play, "auditor", there["slug"])
    mine = play.did(api.post("subjects", {"name": "Di", "role": "auditor", "award": here["slug"]}, token), 201)
    for award in (there["slug"], "*"):
        body = {"name": "X", "role": "auditor", "award": award}
        assert problem(api.post("subjects", body, token)) == (403, "forbidden")
        grant = {"role": "approver", "award": award}
        assert problem(api.post(f"subjects/{mine['id']}/grant", grant, token)) == (403, "forbidden")
        assert problem(api.post(f"subjects/{everywhere['id']}/revoke", grant, token)) == (403, "forbidden")
    for subject in (everywhere, elsewhere):
        path = f"subjects/{subject['id']}"
        assert problem(api.post(f"{path}/deactivate", {"code": "left"}, token)) == (403, "beyond_your_reach")
        assert problem(api.post(f"{path}/invitations", {}, token)) == (403, "beyond_your_reach")
    listed = play.did(api.get("subjects?limit=200", token))["items"]
    shown = {subject["id"] for subject in listed}
    assert {me["id"], mine["id"], everywhere["id"]} <= shown
    assert elsewhere["id"] not in shown
    assert problem(api.get(f"subjects/{elsewhere['id']}", token)) == (404, "not_found")
    assert all(role["award"] in (here["id"], "*") for subject in listed for role in subject["roles"])
    assert api.post(f"subjects/{mine['id']}/deactivate", {"code": "left"}, token).status == 204


def test_nobody_grants_to_or_ends_herself(play: Play, api: Client) -> None:
    award = play.award()
    me, token = secretariat_of(play, award)
    grant = {"role": "approver", "award": award["slug"]}
    assert problem(api.post(f"subjects/{me['id']}/grant", grant, token)) == (403, "self_appointment")
    assert problem(api.post(f"subjects/{me['id']}/deactivate", {"code": "left"}, token)) == (403, "own_account")


def test_with_a_token_nobody_invites_herself_to_what_it_does_not_give(play: Play, api: Client) -> None:
    award = play.award()
    me, token = secretariat_of(play, award)
    grant = {"role": "approver", "award": award["slug"]}
    play.did(api.post(f"subjects/{me['id']}/grant", grant, play.secretariat))
    for body in ({}, {"role": "approver", "award": award["slug"]}, {"email": "me@example.org"}):
        assert problem(api.post(f"subjects/{me['id']}/invitations", body, token)) == (403, "own_account")
    body = {"label": "2026", "rules": {"stages": [STAGE]}}
    edition = play.did(api.post(f"awards/{award['slug']}/editions", body, token), 201)
    [(mine, _)] = play.service.application.desk.streams.get(UUID(edition["id"])).roles.items()  # type: ignore[union-attr]
    invite = {"participant": mine, "role": "secretariat"}
    assert problem(api.post(f"editions/{edition['id']}/invitations", invite, token)) == (403, "own_account")


def test_whoever_holds_nothing_is_nobodys_but_the_secretariats_of_all(play: Play, api: Client) -> None:
    here, there = play.award(), play.award()
    _, token = secretariat_of(play, here)
    subject = registered(play, "auditor", there["slug"])
    path = f"subjects/{subject['id']}"
    assert api.post(f"{path}/revoke", {"role": "auditor", "award": there["slug"]}, play.secretariat).status == 204
    assert problem(api.get(path, token)) == (404, "not_found")
    assert problem(api.post(f"{path}/invitations", {}, token)) == (404, "not_found")
    assert problem(api.post(f"{path}/deactivate", {"code": "left"}, token)) == (404, "not_found")
    assert invited(play, subject)["code"]
    assert api.post(f"{path}/deactivate", {"code": "left"}, play.secretariat).status == 204


def test_who_is_deactivated_is_out_everywhere_on_the_next_request(play: Play, api: Client) -> None:
    award = play.award()
    subject, token = secretariat_of(play, award)
    edition = play.edition(award)
    code = invited(play, subject)["code"]
    session = play.service.application.accounts.accept(code, moment(), f"{subject['id']}@example.org", PASSWORD)
    assert play.service.application.accounts.signed_in(str(session), moment())
    assert api.get(f"editions/{edition['id']}", token).status == 200
    path = f"subjects/{subject['id']}/deactivate"
    assert api.post(path, {"code": "left"}, play.secretariat).status == 204
    assert problem(api.get(f"editions/{edition['id']}", token)) == (401, "unauthenticated")
    assert play.service.application.accounts.signed_in(str(session), moment()) is None
    assert problem(api.post(path, {"code": "left"}, play.secretariat)) == (409, "subject_deactivated")
    again = api.post(f"subjects/{subject['id']}/invitations", {}, play.secretariat)
    assert problem(again) == (409, "subject_deactivated")


@pytest.mark.parametrize("role", ["nominator", "approver", "auditor"])
def test_only_a_secretariat_manages_people(play: Play, api: Client, role: str) -> None:
    edition = play.edition()
    somebody = play.enter(edition, role)
    body = {"name": "X", "role": "auditor", "award": "*"}
    invite = {"participant": somebody.participant}
    assert problem(api.get("subjects", somebody.token)) == (403, "forbidden")
    assert problem(api.post("subjects", body, somebody.token)) == (403, "forbidden")
    assert problem(api.post(f"editions/{edition['id']}/invitations", invite, somebody.token)) == (403, "forbidden")
    assert problem(api.post("subjects", body)) == (401, "unauthenticated")


# --- invitations


def test_a_participant_is_invited_by_a_code_that_becomes_her_token(play: Play, api: Client) -> None:
    edition = play.edition()
    who = play.act(edition, "enter", {"role": "nominator", "name": "Nadia"})["participant"]
    body = {"participant": who, "role": "nominator", "email": "nadia@example.org", "language": "fr"}
    answer = api.post(f"editions/{edition['id']}/invitations", body, play.secretariat)
    invitation = play.did(answer, 201)
    assert invitation.keys() == {"id", "code", "expires"}
    assert answer.headers["cache-control"] == "no-store"
    exchanged = api.post("tokens", {"code": invitation["code"], "label": "my laptop"})
    token = play.did(exchanged, 201)
    assert exchanged.headers["cache-control"] == "no-store"
    assert (token["role"], token["scope"]) == ("nominator", {"edition": edition["id"]})
    assert api.get(f"editions/{edition['id']}", token["token"]).status == 200
    assert problem(api.post("tokens", {"code": invitation["code"]})) == (422, "code_not_valid")
    assert problem(api.get(f"editions/{edition['id']}", invitation["code"])) == (401, "unauthenticated")


def test_a_role_that_is_not_held_has_no_code(play: Play, api: Client) -> None:
    edition = play.edition()
    nominator: Person = play.enter(edition, "nominator")
    path = f"editions/{edition['id']}/invitations"
    for role in ("approver", "chair"):
        body = {"participant": nominator.participant, "role": role}
        assert problem(api.post(path, body, play.secretariat)) == (409, "role_not_held")
    elsewhere = play.enter(play.edition(), "nominator")
    strange = {"participant": elsewhere.participant, "role": "nominator"}
    assert problem(api.post(path, strange, play.secretariat)) == (404, "not_found")
    subject = registered(play, "auditor")
    body = {"role": "secretariat"}
    assert problem(api.post(f"subjects/{subject['id']}/invitations", body, play.secretariat)) == (409, "role_not_held")


def test_a_code_for_a_role_that_was_left_gives_nothing(play: Play, api: Client) -> None:
    edition = play.edition()
    nominator = play.enter(edition, "nominator")
    body = {"participant": nominator.participant, "role": "nominator"}
    code = play.did(api.post(f"editions/{edition['id']}/invitations", body, play.secretariat), 201)["code"]
    play.act(edition, "leave", {"role": "nominator", "participant": nominator.participant})
    assert problem(api.post("tokens", {"code": code})) == (409, "role_not_held")


def test_a_nominee_and_an_endorser_get_a_link_by_code(play: Play, api: Client) -> None:
    edition = play.open()
    nominator = play.enter(edition)
    case = play.submit(edition, nominator.token)
    path = f"nominations/{case['id']}"
    for role, act, body in (
        ("endorser", "endorse", {"name": "Efua", "statement": "I saw it."}),
        ("nominee", "answer", {"answer": "accepted"}),
    ):
        code = play.did(api.post(f"{path}/invitations", {"role": role}, play.secretariat), 201)["code"]
        link = redeemed(play, code)
        assert link["scope"] == {"edition": edition["id"], "nomination": case["id"]}
        assert api.post(f"{path}/{act}", body, link["token"]).status in {200, 201}
        assert problem(api.get(f"editions/{edition['id']}", link["token"])) == (403, "forbidden")
    assert problem(api.post(f"{path}/invitations", {"role": "nominee"}, nominator.token)) == (403, "forbidden")


def test_a_nominee_who_is_not_told_is_not_invited(play: Play, api: Client) -> None:
    case = play.submit(play.open(consent="not_told"), play.secretariat)
    for role, expected in (("nominee", (409, "nominee_not_asked")), ("endorser", None)):
        answer = api.post(f"nominations/{case['id']}/invitations", {"role": role}, play.secretariat)
        assert (answer.problem if answer.status >= 400 else None) == expected


def test_an_invitation_is_taken_back_until_it_is_redeemed(play: Play, api: Client) -> None:
    edition = play.edition()
    nominator = play.enter(edition, "nominator")
    body = {"participant": nominator.participant, "role": "nominator"}
    codes = [play.did(api.post(f"editions/{edition['id']}/invitations", body, play.secretariat), 201) for _ in range(2)]
    path = f"invitations/{codes[0]['id']}"
    assert problem(api.send("DELETE", path, token=nominator.token)) == (403, "forbidden")
    assert api.send("DELETE", path, token=play.secretariat).status == 204
    assert problem(api.post("tokens", {"code": codes[0]["code"]})) == (422, "code_not_valid")
    redeemed(play, codes[1]["code"])
    for each in codes:
        answer = api.send("DELETE", f"invitations/{each['id']}", token=play.secretariat)
        assert problem(answer) == (404, "not_found")


def test_what_is_shown_once_is_not_shown_to_a_repeated_request(play: Play, api: Client) -> None:
    subject = registered(play, "auditor")
    path = f"subjects/{subject['id']}/invitations"
    first = api.post(path, {}, play.secretariat, Idempotency_Key=subject["id"])
    assert first.status == 201
    again = api.post(path, {}, play.secretariat, Idempotency_Key=subject["id"])
    assert problem(again) == (409, "shown_before")


@pytest.mark.parametrize("code", ["awd_" + "0" * 49, "x", "awd_ ' OR 1=1 --"])
def test_a_code_that_is_none_is_told_like_one_that_is_used(play: Play, api: Client, code: str) -> None:
    assert problem(api.post("tokens", {"code": code})) == (422, "code_not_valid")


def test_an_address_of_mail_is_checked(play: Play, api: Client) -> None:
    subject = registered(play, "auditor")
    path = f"subjects/{subject['id']}/invitations"
    unwritable = ("a..b@c.org", ".a@c.org", "a.@c.org", "a@c..org", "=?utf-8?q?x?=@c.org")
    for wrong in ("nobody", "a@b\nBcc: c@d", "a b@c", "@c", "a@", "a@b,c@d", *unwritable):
        assert api.post(path, {"email": wrong}, play.secretariat).wrong == {"/email": "malformed"}
    assert api.post(path, {"email": "o'a.b+c=d@e-f.c1.org"}, play.secretariat).status == 201
    assert api.post(path, {"language": "fr"}, play.secretariat).wrong == {"/language": "not_here"}


def test_who_ends_her_own_role_is_told_that_it_is_done(play: Play, api: Client) -> None:
    edition = play.open()
    one = play.enter(edition, "secretariat")
    before = play.events()
    path = f"editions/{edition['id']}/leave"
    answer = api.post(path, {"participant": one.participant, "role": "secretariat"}, one.token)
    assert (answer.status, answer.data, play.events()) == (204, b"", before + 1)
    assert answer.headers["link"] == f'</api/v1/receipts/{before}>; rel="https://c2sp.org/tlog-proof"'
    again = api.post(path, {"participant": one.participant, "role": "secretariat"}, one.token)
    assert (again.status, play.events()) == (403, before + 1)
