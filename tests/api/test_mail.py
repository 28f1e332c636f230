"""One's own mail over the API: everybody chooses for herself, and the address is not shown."""

from __future__ import annotations

from awards.access import OPERATOR
from awards.application.desk import Arrival
from awards.ledger.contacts import contact_of, put_contact
from tests.api.client import Client
from tests.api.play import Play, now

ALL = ["role", "assignment", "reminder", "receipt", "results"]


def auditor(play: Play, name: str) -> tuple[str, str]:
    """A subject and a token of hers."""
    people, by = play.service.application.people, Arrival(OPERATOR, now())
    subject = people.register(by, name, "auditor")
    return subject, people.issue_token(by, subject, "auditor")


def test_everybody_chooses_for_herself(play: Play, api: Client) -> None:
    (ada, token), (ben, other) = auditor(play, "Ada"), auditor(play, "Ben")
    ledger, keys = play.service.ledger, play.service.keys
    put_contact(ledger, keys, ada, "canary@example.org", "fr")
    read = api.get("me/mail", token)
    assert play.did(read) == {"address": True, "wants": ALL, "language": "fr"}
    assert "canary" not in read.text
    chosen = {"wants": ["results", "receipt"], "language": "en"}
    changed = api.put("me/mail", chosen, token, If_Match=read.etag)
    assert play.did(changed) == {"address": True, "wants": ["receipt", "results"], "language": "en"}
    assert play.did(api.get("me/mail", other)) == {"address": False, "wants": ALL, "language": "en"}
    assert contact_of(ledger.rows, keys, ben) is None
    contact = contact_of(ledger.rows, keys, ada)
    assert contact is not None
    assert (contact.email, contact.wants) == ("canary@example.org", ("receipt", "results"))


def test_choices_are_replaced_as_they_were_read(play: Play, api: Client) -> None:
    _, token = auditor(play, "Ada")
    chosen = {"wants": [], "language": "en"}
    assert api.put("me/mail", chosen, token).problem == (428, "precondition_required")
    assert api.put("me/mail", chosen, token, If_Match='"old"').problem == (412, "stale")


def test_only_kinds_that_there_are_can_be_chosen(play: Play, api: Client) -> None:
    _, token = auditor(play, "Ada")
    tag = {"If_Match": api.get("me/mail", token).etag}
    for wants, language in ((["invitation"], "en"), (["results", "results"], "en"), ([], "de"), (["*"], "en")):
        refused = api.put("me/mail", {"wants": wants, "language": language}, token, **tag)
        assert refused.problem == (422, "invalid_body")
    more = {"wants": [], "language": "en", "address": "evil@example.org"}
    assert api.put("me/mail", more, token, **tag).problem == (422, "invalid_body")


def test_nobody_chooses_without_a_token(api: Client) -> None:
    assert api.get("me/mail").problem == (401, "unauthenticated")
