"""One's own tokens over the API: listed and revoked within the role and scope of the one that is sent, never wider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from awards.access import OPERATOR
from awards.application.desk import Arrival
from tests.api.client import Client
from tests.api.play import Facts, Play, now


@dataclass
class Ada:
    """Somebody with several tokens, each with its id."""

    subject: str
    everywhere: str
    here: str
    other_role: str
    ids: dict[str, str]


@pytest.fixture
def ada(play: Play) -> Ada:
    people, by = play.service.application.people, Arrival(OPERATOR, now())
    award = play.award()
    subject = people.register(by, "Ada", "approver")
    people.grant(by, subject, "privacy_officer")
    people.grant(by, subject, "approver", award["id"])
    tokens = {
        "everywhere": people.issue_token(by, subject, "approver"),
        "here": people.issue_token(by, subject, "approver", award["id"]),
        "other_role": people.issue_token(by, subject, "privacy_officer"),
    }
    own = people.tokens(Arrival(people.caller(tokens["everywhere"], now()) or OPERATOR, now()))
    ids = {next(iter(told["scope"].values())): told["id"] for told in own}
    approver = people.tokens(Arrival(people.caller(tokens["other_role"], now()) or OPERATOR, now()))
    return Ada(subject, **tokens, ids={"everywhere": ids["*"], "here": ids[award["id"]], "other": approver[0]["id"]})


def listed(play: Play, token: str) -> list[Facts]:
    found: list[Facts] = play.did(play.api.get("tokens", token))["items"]
    return found


def test_a_token_lists_those_of_its_role_and_scope_and_never_the_token(play: Play, ada: Ada) -> None:
    assert {told["id"] for told in listed(play, ada.everywhere)} == {ada.ids["everywhere"], ada.ids["here"]}
    [told] = listed(play, ada.here)
    assert told.keys() == {"id", "role", "scope", "issued", "expires"}
    assert told["id"] == ada.ids["here"]
    text = play.api.get("tokens", ada.everywhere).text
    assert not any(token in text for token in (ada.everywhere, ada.here, ada.other_role))


def test_a_list_comes_in_pages(play: Play, ada: Ada) -> None:
    first = play.did(play.api.get("tokens?limit=1", ada.everywhere))
    second = play.did(play.api.get(f"tokens?limit=1&cursor={first['next']}", ada.everywhere))
    assert "next" not in second
    assert [*first["items"], *second["items"]] == listed(play, ada.everywhere)


def test_a_token_revokes_within_its_role_and_scope(play: Play, api: Client, ada: Ada) -> None:
    for beyond in (ada.ids["everywhere"], ada.ids["other"]):
        assert api.send("DELETE", f"tokens/{beyond}", token=ada.here).problem == (404, "not_found")
    assert api.send("DELETE", f"tokens/{ada.ids['here']}", token=ada.everywhere).status == 204
    assert api.get("tokens", ada.here).problem == (401, "unauthenticated")
    assert api.send("DELETE", f"tokens/{ada.ids['here']}", token=ada.everywhere).problem == (404, "not_found")
    assert api.send("DELETE", f"tokens/{ada.ids['everywhere']}", token=ada.everywhere).status == 204
    assert api.get("tokens", ada.everywhere).problem == (401, "unauthenticated")


def test_nobody_elses_token_is_revoked(play: Play, api: Client, ada: Ada) -> None:
    people, by = play.service.application.people, Arrival(OPERATOR, now())
    other = people.issue_token(by, people.register(by, "Bo", "auditor"), "auditor")
    for mine in ada.ids.values():
        assert api.send("DELETE", f"tokens/{mine}", token=other).problem == (404, "not_found")
    assert api.send("DELETE", f"tokens/{ada.subject}", token=other).problem == (404, "not_found")


def test_a_role_that_is_no_longer_held_lists_and_revokes_nothing(play: Play, api: Client, ada: Ada) -> None:
    play.service.application.people.revoke(Arrival(OPERATOR, now()), ada.subject, "privacy_officer")
    assert api.get("tokens", ada.other_role).problem == (403, "forbidden")
    answer = api.send("DELETE", f"tokens/{ada.ids['other']}", token=ada.other_role)
    assert answer.problem == (403, "forbidden")


def test_a_token_of_an_edition_and_a_link_keep_to_themselves(play: Play) -> None:
    edition = play.open()
    nominator = play.enter(edition)
    case = play.submit(edition, nominator.token)
    [told] = listed(play, nominator.token)
    assert (told["role"], told["scope"]) == ("nominator", {"edition": edition["id"]})
    link = play.link(case, "endorser")
    [told] = listed(play, link)
    assert (told["role"], told["scope"]) == ("endorser", {"edition": edition["id"], "nomination": case["id"]})


def test_no_token_is_made_with_a_token(play: Play, api: Client, ada: Ada) -> None:
    for body in ({"label": "x"}, {"role": "secretariat"}, {"code": "awd_x", "role": "secretariat"}):
        assert api.post("tokens", body, ada.everywhere).problem == (422, "invalid_body")
    assert api.post("tokens", {"code": ada.here}, ada.everywhere).problem == (422, "code_not_valid")


def test_tokens_last_ninety_days_unless_told_otherwise(play: Play, ada: Ada) -> None:
    people = play.service.application.people
    assert people.caller(ada.everywhere, now() + timedelta(days=89))
    assert people.caller(ada.everywhere, now() + timedelta(days=90)) is None


def test_a_cookie_is_not_read_here(play: Play, api: Client, ada: Ada) -> None:
    accounts = play.service.application.accounts
    session = accounts.start_session(ada.subject, now())
    for value in (session, ada.everywhere):
        assert api.get("tokens", Cookie=f"__Host-awards={value}").problem == (401, "unauthenticated")
    assert api.get("tokens", session).problem == (401, "unauthenticated")
