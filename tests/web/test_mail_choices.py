"""What one is written is chosen on the page of one's account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from awards.ledger.contacts import CHOICES, Contact, contact_of, put_contact
from awards.web.account_texts import TEXTS
from tests.web.site import Answer, Site, Visitor, running

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site"), AWARDS_LIMITS="0") as site:
        yield site


@pytest.fixture
def ada(site: Site) -> tuple[Visitor, str]:
    """Somebody signed in, and the subject she is."""
    subject = site.registered()
    visitor = Visitor(site)
    answer = visitor.post("/enter", code=site.code(subject), login=f"{subject}@x.org", password=PASSWORD)
    assert answer.status == 303
    return visitor, subject


def send(visitor: Visitor, *wants: str, headers: dict[str, str] | None = None, **more: str) -> Answer:
    """Send the form, a field for each box that is ticked."""
    body = urlencode([*(("wants", kind) for kind in wants), *more.items()])
    return visitor._send("POST", "/account/mail", body, visitor.headers if headers is None else headers)


def ticked(page: str) -> list[str]:
    return re.findall(r'name="wants" value="(\w+)" checked', page)


def contact(site: Site, subject: str) -> Contact | None:
    return contact_of(site.service.ledger.rows, site.service.keys, subject)


def test_what_is_ticked_is_what_one_gets(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, subject = ada
    put_contact(site.service.ledger, site.service.keys, subject, "canary@example.org", "en")
    page = visitor.get("/account").text
    assert ticked(page) == list(CHOICES)
    assert "canary" not in page
    assert TEXTS["en"]["mail_no_address"] not in page
    answer = send(visitor, "results", "receipt", "invitation", "<script>", language="fr")
    assert (answer.status, ticked(answer.text)) == (200, ["receipt", "results"])
    assert TEXTS["en"]["mail_kept"] in answer.text
    assert contact(site, subject) == Contact(subject, "canary@example.org", "fr", ("receipt", "results"))
    assert ticked(send(visitor, language="fr").text) == []


def test_who_cannot_be_written_to_is_told(ada: tuple[Visitor, str]) -> None:
    assert TEXTS["en"]["mail_no_address"] in ada[0].get("/account").text


@pytest.mark.parametrize("said", [{"language": "de"}, {}, {"language": "en\r\nBcc: x"}])
def test_a_language_there_is_none_of_changes_nothing(
    site: Site, ada: tuple[Visitor, str], said: dict[str, Any]
) -> None:
    visitor, subject = ada
    assert send(visitor, **said).status == 403
    assert contact(site, subject) is None


def test_neither_strangers_nor_other_sites_choose(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, subject = ada
    assert send(Visitor(site), language="fr").status == 303
    assert send(visitor, language="fr", headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert contact(site, subject) is None


def test_one_s_own_file_is_downloaded_by_who_is_signed_in(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, subject = ada
    answer = visitor.get("/account/file")
    assert answer.headers["content-disposition"] == "attachment; filename=my-file.json"
    assert answer.headers["cache-control"] == "no-store"
    file = json.loads(answer.text)
    assert (file["subject"], file["beside"]["account"]["login"]) == (subject, f"{subject}@x.org")
    assert PASSWORD not in answer.text
    assert "argon2" not in answer.text
    assert Visitor(site).get("/account/file").status == 303
