"""The pages of one's account: entering, signing in and out, tokens, and what other sites and programs cannot do."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Request
from playwright.sync_api import Page, expect
from werkzeug.test import EnvironBuilder

from awards.ledger.accounts import hash_session
from awards.web import sessions
from awards.web.account_texts import TEXTS
from tests.browser import NewPage
from tests.web.site import COOKIE, Site, Visitor, now, running
from tests.web.test_home import Outline

PASSWORD, OTHER = "correct horse battery", "another staple entirely"
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "OURS"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "OURS.elsewhere.example"},
    {"Origin": "http://["},
    {},
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site"), AWARDS_LIMITS="0") as site:
        yield site


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return Visitor(site)


@pytest.fixture
def ada(site: Site) -> tuple[Visitor, str]:
    """Somebody signed in, and her login."""
    subject = site.registered()
    visitor, login = Visitor(site), f"{subject}@example.org"
    answer = visitor.post("/enter", code=site.code(subject), login=login, password=PASSWORD)
    assert answer.status == 303
    return visitor, login


def subject_of(site: Site, visitor: Visitor) -> str | None:
    account = site.service.application.accounts.signed_in(str(visitor.session), now())
    return account.subject if account else None


# --- coming in


def test_a_code_opens_an_account_and_the_cookie_is_as_it_should_be(site: Site, visitor: Visitor) -> None:
    subject = site.registered()
    answer = visitor.post("/enter", code=site.code(subject), login=f"{subject}@x.org", password=PASSWORD)
    assert (answer.status, answer.headers["location"]) == (303, "/account")
    [cookie] = answer.cookies
    name, *attributes = cookie.split("; ")
    assert re.fullmatch(rf"{COOKIE}=[A-Za-z0-9_-]{{43}}", name)
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert subject_of(site, visitor) == subject
    page = visitor.get("/account")
    assert page.status == 200
    assert f"{subject}@x.org" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_a_code_that_is_not_valid_says_so_and_keeps_what_was_typed(site: Site, visitor: Visitor) -> None:
    for code in ("awd_" + "0" * 49, "", "<script>alert(1)</script>"):
        answer = visitor.post("/enter", code=code, login="ada&<b>", password=PASSWORD)
        assert answer.status == 403
        assert TEXTS["en"]["refusals"]["code_not_valid"] in answer.text
        assert 'value="ada&amp;&lt;b&gt;"' in answer.text
        assert "<script>alert" not in answer.text
        assert PASSWORD not in answer.text
    assert visitor.session is None


@pytest.mark.parametrize(
    ("password", "refusal"),
    [("short", "password_too_short"), ("x" * 129, "password_too_long"), ("LOGIN", "password_is_login")],
)
def test_a_password_that_cannot_be_one_is_told(site: Site, visitor: Visitor, password: str, refusal: str) -> None:
    subject = site.registered()
    code, login = site.code(subject), f"{subject}@x.org"
    answer = visitor.post("/enter?lang=fr", code=code, login=login, password=login if password == "LOGIN" else password)
    assert answer.status == 422
    assert TEXTS["fr"]["refusals"][refusal] in answer.text
    assert f'value="{code}"' in answer.text
    assert visitor.post("/enter", code=code, login=login, password=PASSWORD).status == 303


def test_signing_in_begins_a_new_session_and_ends_the_one_there_was(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, login = ada
    before = visitor.session
    visitor.session = before
    answer = visitor.post("/sign-in", login=login, password=PASSWORD)
    assert (answer.status, answer.headers["location"]) == (303, "/account")
    assert visitor.session != before
    assert Visitor(site, before).get("/account").status == 303
    assert visitor.get("/account").status == 200


def test_a_session_id_that_somebody_chose_is_not_taken(site: Site, ada: tuple[Visitor, str]) -> None:
    _, login = ada
    fixed = Visitor(site, "chosen-by-somebody-else")
    fixed.post("/sign-in", login=login, password=PASSWORD)
    assert fixed.session != "chosen-by-somebody-else"
    assert Visitor(site, "chosen-by-somebody-else").get("/account").status == 303


def test_an_unknown_login_and_a_wrong_password_look_the_same(site: Site, ada: tuple[Visitor, str]) -> None:
    _, login = ada
    answers = []
    for who, password in ((login, OTHER), ("nobody@example.org", OTHER), (login, "")):
        answer = Visitor(site).post("/sign-in", login=who, password=password)
        assert answer.cookies == []
        told = {name: value for name, value in answer.headers.items() if name not in {"date", "content-length"}}
        answers.append((answer.status, told, answer.text.replace(who, "WHO")))
    assert answers[0][0] == 403
    assert answers[0] == answers[1] == answers[2]


# --- going on and out


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/account", "/account"),
        ("/api/docs?x=1&y=%20", "/api/docs?x=1&y=%20"),
        ("https://elsewhere.example/", "/account"),
        ("//elsewhere.example/", "/account"),
        ("/\\elsewhere.example", "/account"),
        ("\\\\elsewhere.example", "/account"),
        ("/\t/elsewhere.example", "/account"),
        ("/a\r\nSet-Cookie: x=1", "/account"),
        ("javascript:alert(1)", "/account"),
        ("account", "/account"),
        ("/" + "a" * 600, "/account"),
        ("", "/account"),
    ],
)
def test_signing_in_leads_to_own_pages_only(ada: tuple[Visitor, str], wanted: str, goes_to: str) -> None:
    visitor, login = ada
    answer = visitor.post("/sign-in", login=login, password=PASSWORD, next=wanted)
    assert (answer.status, answer.headers["location"]) == (303, goes_to)


def test_who_is_not_signed_in_is_led_to_sign_in(site: Site, visitor: Visitor) -> None:
    answer = visitor.get("/account?lang=fr")
    assert (answer.status, answer.headers["location"]) == (303, "/sign-in?next=/account&lang=fr")
    for path in ("/account/tokens", "/account/password", "/account/sign-out-everywhere", "/account/tokens/x/revoke"):
        sent = visitor.post(path)
        assert (sent.status, sent.headers["location"]) == (303, "/sign-in?next=/account")


def test_signing_out_ends_it_here_and_in_the_browser(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, _ = ada
    session = visitor.session
    answer = visitor.post("/sign-out")
    assert answer.status == 303
    assert "Max-Age=0" in answer.cookies[0]
    assert "Secure" in answer.cookies[0]
    assert Visitor(site, session).get("/account").status == 303


def test_signing_out_everywhere(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, login = ada
    other = Visitor(site)
    other.post("/sign-in", login=login, password=PASSWORD)
    assert visitor.post("/account/sign-out-everywhere").status == 303
    assert other.get("/account").status == 303


def test_a_new_password_ends_the_other_sessions(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, login = ada
    other, before = Visitor(site), visitor.session
    other.post("/sign-in", login=login, password=PASSWORD)
    assert visitor.post("/account/password", old=OTHER, new=OTHER).status == 403
    assert visitor.post("/account/password", old=PASSWORD, new="short").status == 422
    assert visitor.session == before
    answer = visitor.post("/account/password", old=PASSWORD, new=OTHER)
    assert (answer.status, TEXTS["en"]["changed"] in answer.text) == (200, True)
    assert visitor.session != before
    assert [Visitor(site, before).get("/account").status, other.get("/account").status] == [303, 303]
    assert visitor.get("/account").status == 200


# --- tokens


def issued(visitor: Visitor, **form: str) -> str:
    answer = visitor.post("/account/tokens", **{"held": "auditor/*", "days": "30", **form})
    assert answer.status == 200
    return re.findall(r'<code id="token">(awd_[0-9A-Za-z]{49})</code>', answer.text)[0]


def test_a_token_is_issued_shown_once_and_revoked(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, _ = ada
    token = issued(visitor, label="my <laptop>")
    page = visitor.get("/account").text
    assert token not in page
    assert "my &lt;laptop&gt;" in page
    people = site.service.application.people
    assert people.caller(token, now())
    [path] = re.findall(r'action="(/account/tokens/[0-9a-f-]{36}/revoke)', page)
    assert visitor.post(path).status == 303
    assert people.caller(token, now()) is None
    assert visitor.post(path).status == 303


def test_a_token_is_for_what_is_held_and_nothing_else(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, _ = ada
    for held in ("secretariat/*", "auditor", "", "auditor/" + "0" * 36):
        assert visitor.post("/account/tokens", held=held).status == 403
    assert visitor.post("/account/tokens", held="auditor/*", label="a\x00b").status == 403
    assert visitor.post("/account/tokens", held="auditor/*", label="a" * 101).status == 403
    assert issued(visitor, days="100000")


def test_nobody_revokes_what_is_somebody_elses(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, _ = ada
    other = site.registered("Bo")
    token = site.service.application.people.issue_token(site.by_operator(), other, "auditor")
    rows = site.service.ledger.rows("SELECT id FROM tokens WHERE subject = ?", [other])
    visitor.post(f"/account/tokens/{rows[0]['id']}/revoke")
    assert site.service.application.people.caller(token, now())


def test_the_end_of_the_account_is_the_end_of_its_pages(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, login = ada
    site.service.application.people.deactivate(site.by_operator(), str(subject_of(site, visitor)), "left")
    assert visitor.get("/account").status == 303
    assert visitor.post("/account/tokens", held="auditor/*").status == 303
    assert Visitor(site).post("/sign-in", login=login, password=PASSWORD).status == 403


# --- other sites, other ways


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_what_another_site_sends_changes_nothing(site: Site, ada: tuple[Visitor, str], headers: dict[str, str]) -> None:
    visitor, login = ada
    said = {name: value.replace("OURS", site.address) for name, value in headers.items()}
    session = str(visitor.session)
    forms = {
        "/account/tokens": {"held": "auditor/*"},
        "/account/password": {"old": PASSWORD, "new": OTHER},
        "/account/sign-out-everywhere": {},
        "/sign-out": {},
        "/sign-in": {"login": login, "password": PASSWORD},
        "/enter": {"code": "x"},
    }
    for path, form in forms.items():
        answer = visitor.send(path, form, said)
        assert (answer.status, answer.cookies) == (403, [])
    assert visitor.session == session
    assert TEXTS["en"]["no_tokens"] in visitor.get("/account").text
    assert Visitor(site).post("/sign-in", login=login, password=PASSWORD).status == 303


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "OURS"}])
def test_what_our_own_pages_send_is_taken(site: Site, ada: tuple[Visitor, str], headers: dict[str, str]) -> None:
    _, login = ada
    said = {name: value.replace("OURS", site.address) for name, value in headers.items()}
    assert Visitor(site).send("/sign-in", {"login": login, "password": PASSWORD}, said).status == 303


def test_the_public_address_is_ours_too() -> None:
    def sent(origin: str) -> bool:
        said = [("Origin", origin), ("Host", "inner:8000")]
        request = Request(EnvironBuilder("/", method="POST", headers=said).get_environ())
        return sessions.comes_from_here(request, "https://awards.example.org/path")

    origins = ("https://awards.example.org", "http://inner:8000", "https://example.org", "https://awards.example.org:1")
    assert [sent(origin) for origin in origins] == [True, True, False, False]


def test_reading_changes_nothing(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, _ = ada

    def state() -> list[Any]:
        tables = ("accounts", "tokens", "spent", "identities", "participants", "stored_events")
        rows = site.service.ledger.rows
        sessions = rows("SELECT hash, subject, created, expires FROM sessions ORDER BY hash")
        return [rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables] + [sessions]

    before = state()
    for path in ("/account", "/sign-in", "/enter", "/sign-in?next=/sign-out", "/enter?code=awd_x&login=a&password=b"):
        visitor.get(path)
    for path in ("/sign-out", "/account/tokens", "/account/password", "/account/sign-out-everywhere"):
        assert visitor.get(path).status == 405
    assert state() == before


def test_a_bearer_token_opens_no_page_and_a_session_no_api(site: Site, ada: tuple[Visitor, str]) -> None:
    visitor, _ = ada
    token = issued(visitor)
    anybody = Visitor(site)
    for bearer in (token, str(visitor.session)):
        assert anybody.get("/account", Authorization=f"Bearer {bearer}").status == 303
    assert Visitor(site, token).get("/account").status == 303
    assert visitor.get("/api/v1/tokens").status == 401
    assert anybody.get("/api/v1/tokens", Authorization=f"Bearer {visitor.session}").status == 401
    assert anybody.get("/api/v1/tokens", Authorization=f"Bearer {token}").status == 200


def test_the_pages_say_what_they_may_load_and_send(visitor: Visitor, ada: tuple[Visitor, str]) -> None:
    for who, path, script in ((visitor, "/enter", True), (visitor, "/sign-in", False), (ada[0], "/account", False)):
        answer = who.get(path)
        policy = answer.headers["content-security-policy"]
        assert ("script-src 'self'" in policy) == script
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        outline = Outline(answer.text)
        assert not outline.all("style")
        assert not [tag for tag, attributes in outline.tags if any(name[:2] == "on" for name in attributes)]
        assert [one.get("src") for one in outline.all("script")] == ["/static/enter.js"] * script


def test_no_secret_is_in_a_log_or_an_address(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    subject = site.registered()
    visitor, code = Visitor(site), site.code(subject)
    visitor.post("/enter", code=code, login=f"{subject}@x.org", password="short")
    answer = visitor.post("/enter", code=code, login=f"{subject}@x.org", password=PASSWORD)
    visitor.post("/sign-in", login=f"{subject}@x.org", password=OTHER)
    token = issued(visitor)
    visitor.post("/account/password", old=OTHER, new=OTHER)
    logged = caplog.text + str([record.__dict__ for record in caplog.records])
    events = b"\n".join(site.service.ledger.lines()).decode()
    for secret in (code, PASSWORD, OTHER, token, str(visitor.session), hash_session(str(visitor.session))):
        assert secret not in logged
        assert secret not in events
    assert "awd_" not in answer.headers["location"]


def test_who_tries_too_often_waits(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        visitor = Visitor(site)
        answers = [visitor.post("/sign-in", login="ada", password="x") for _ in range(60)]
        late = answers[-1]
        assert {answer.status for answer in answers} == {403, 429}
        assert int(late.headers["retry-after"]) >= 1
        assert TEXTS["en"]["refusals"]["too_many_requests"] in late.text


def test_all_spellings_of_a_login_wait_together(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        visitor = Visitor(site)
        spellings = ("\u03ac\u03b9da", "\u03b1\u0345\u0301da", "\u1fb4DA")  # one login, as the accounts see it
        answers = [visitor.post("/sign-in", login=spellings[turn % 3], password="x") for turn in range(14)]
        assert [answer.status for answer in answers] == [403] * 12 + [429] * 2


def test_every_language_says_the_same_things() -> None:
    english, french = TEXTS["en"], TEXTS["fr"]
    assert english.keys() == french.keys()
    for part in ("refusals", "role_names"):
        assert english[part].keys() == french[part].keys()


# --- in a real browser


def test_a_person_comes_in_by_a_link_and_goes_out_again(page: Page, site: Site) -> None:
    subject = site.registered()
    code, login = site.code(subject), f"{subject}@example.org"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.headers.get("referer") or "")))
    page.goto(f"{site.address}/enter#{code}")
    expect(page.get_by_label("One-time code")).to_have_value(code)
    assert page.url == f"{site.address}/enter"
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open my account").click()
    expect(page.get_by_text(login)).to_be_visible()
    page.get_by_label("What it is for").fill("my laptop")
    page.get_by_role("button", name="Issue a token").click()
    token = page.locator("#token").inner_text()
    assert site.service.application.people.caller(token, now())
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("You have no token.")).to_be_visible()
    assert site.service.application.people.caller(token, now()) is None
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{site.address}/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    assert [address for address in asked if code in address] == []


def test_nothing_is_wider_than_a_phone(new_page: NewPage, site: Site) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    subject = site.registered()
    site.service.application.people.issue_token(site.by_operator(), subject, "auditor")
    for path in ("/sign-in", f"/enter#{site.code(subject)}"):
        page.goto(site.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_label("Login").fill(f"{subject}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open my account").click()
    page.get_by_label("What it is for").fill("x" * 100)
    page.get_by_role("button", name="Issue a token").click()
    expect(page.locator("#token")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_it_works_without_a_script(new_page: NewPage, site: Site) -> None:
    page = new_page(java_script_enabled=False)
    subject = site.registered()
    page.goto(f"{site.address}/enter?lang=fr")
    page.get_by_label("Code à usage unique").fill(site.code(subject))
    page.get_by_label("Identifiant").fill(f"{subject}@example.org")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir mon compte").click()
    expect(page.get_by_role("heading", name="Votre compte")).to_be_visible()
    page.get_by_role("button", name="Émettre un jeton").click()
    assert page.locator("#token").inner_text().startswith("awd_")
