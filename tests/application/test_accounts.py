"""Accounts: signing in tells nothing it should not, codes are spent once, and nobody reaches beyond what is hers."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import psycopg
import pytest
from argon2 import PasswordHasher

from awards.access import OPERATOR, Caller
from awards.application import passwords
from awards.application.accounts import AccountCommands
from awards.domain import refusals as no
from awards.domain.subject import EVERY_AWARD
from awards.ledger.accounts import SESSION_IDLE, SESSION_LIFE, account_of, subject_by_identity
from awards.ledger.contacts import contact_of
from awards.ledger.database import is_sqlite, sqlite_path
from awards.ledger.tokens import CODE_LIFE, LONGEST_TOKEN_LIFE, TOKEN_LIFE, Token
from tests.application.house import House, outcome

LOGIN, PASSWORD = "Ada@Example.org", "correct horse battery"
OTHER = "another staple entirely"
MINUTE = timedelta(minutes=1)


@dataclass
class Person:
    """Somebody with an account."""

    subject: str
    session: str


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Weak hashes, but where the effort is what the test is about."""
    if "effort" not in request.node.name:
        monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        passwords._dummy.cache_clear()
    yield
    passwords._dummy.cache_clear()


@pytest.fixture
def accounts(house: House) -> AccountCommands:
    return house.app.accounts


def code_for(house: House, subject: str) -> str:
    return house.app.accounts.new_code(subject, house.at, house.at + CODE_LIFE)


def registered(house: House, role: str = "auditor", login: str = LOGIN, award: str = EVERY_AWARD) -> Person:
    subject = house.app.people.register(house.by(OPERATOR), "Ada", role, award)
    session = house.app.accounts.accept(code_for(house, subject), house.at, login, PASSWORD)
    assert session
    return Person(subject, session)


# --- signing in


def test_signing_in_takes_the_login_in_any_case_and_the_password_as_it_is(
    house: House, accounts: AccountCommands
) -> None:
    ada = registered(house)
    for login in (LOGIN, LOGIN.upper(), LOGIN.lower(), "Ａda@example.org"):
        session = accounts.sign_in(login, PASSWORD, house.at)
        assert session
        found = accounts.signed_in(session, house.at)
        assert found
        assert (found.subject, found.login) == (ada.subject, LOGIN)
    assert accounts.sign_in(LOGIN, PASSWORD.upper(), house.at) is None


def test_every_sign_in_is_another_session(house: House, accounts: AccountCommands) -> None:
    ada = registered(house)
    sessions = {ada.session, *(accounts.sign_in(LOGIN, PASSWORD, house.at) for _ in range(3))}
    assert len(sessions) == 4
    assert {len(str(session)) for session in sessions} == {43}  # 256 bits in base64url


def test_an_unknown_login_a_wrong_password_and_an_ended_account_are_answered_alike(
    house: House, accounts: AccountCommands
) -> None:
    ada = registered(house)
    waiting = house.app.people.register(house.by(OPERATOR), "Bo", "auditor")
    accounts.reserve(waiting, "bo@example.org", house.at)
    asked = [("nobody@example.org", PASSWORD), (LOGIN, OTHER), (LOGIN, ""), ("", ""), ("bo@example.org", PASSWORD)]
    asked += [(LOGIN, PASSWORD + "x" * 1000), ("\x00", "\ud800"[:0])]
    assert [accounts.sign_in(*each, house.at) for each in asked] == [None] * len(asked)
    house.app.people.deactivate(house.by(OPERATOR), ada.subject, "left")
    assert accounts.sign_in(LOGIN, PASSWORD, house.at) is None


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_effort_for_an_unknown_login_is_that_for_a_wrong_password(house: House, accounts: AccountCommands) -> None:
    registered(house)
    taken: dict[str, list[float]] = {LOGIN: [], "nobody@example.org": []}
    for _ in range(5):
        for login, times in taken.items():
            begun = time.process_time()
            assert accounts.sign_in(login, OTHER, house.at) is None
            times.append(time.process_time() - begun)
    known, unknown = (median(times) for times in taken.values())
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("x" * 11, no.PasswordTooShort),
        ("é" * 129, no.PasswordTooLong),
        ("ada@example.ORG", no.PasswordIsLogin),
        ("", no.PasswordTooShort),
    ],
)
def test_what_cannot_be_a_password_is_refused_and_spends_nothing(
    house: House, accounts: AccountCommands, password: str, refusal: type[no.Refusal]
) -> None:
    subject = house.app.people.register(house.by(OPERATOR), "Ada", "auditor")
    code = code_for(house, subject)
    with pytest.raises(refusal):
        accounts.accept(code, house.at, LOGIN, password)
    with pytest.raises(no.LoginNotUsable):
        accounts.accept(code, house.at, "  \x07 ", PASSWORD)
    assert accounts.accept(code, house.at, LOGIN, "a phrase of no special signs")


def test_a_password_is_kept_by_the_parameters_recommended_now(
    house: House, accounts: AccountCommands, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = registered(house)

    def kept() -> str:
        account = account_of(house.service.ledger.rows, ada.subject)
        return str(account and account.password)

    before = kept()
    assert before.startswith("$argon2id$")
    accounts.sign_in(LOGIN, PASSWORD, house.at)
    assert kept() == before
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    passwords._dummy.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: accounts.sign_in(LOGIN, PASSWORD, house.at), range(4)))
    assert "m=16,t=2" in kept()


# --- sessions


def test_a_session_ends_without_use_and_at_the_latest_after_its_life(house: House, accounts: AccountCommands) -> None:
    ada = registered(house)
    begun = house.at
    assert accounts.signed_in(ada.session, begun + SESSION_IDLE - MINUTE)
    moment = begun + SESSION_IDLE - MINUTE
    while moment < begun + SESSION_LIFE - SESSION_IDLE:
        moment += SESSION_IDLE - MINUTE
        assert accounts.signed_in(ada.session, moment) or moment >= begun + SESSION_LIFE
    assert accounts.signed_in(ada.session, begun + SESSION_LIFE) is None
    second = accounts.sign_in(LOGIN, PASSWORD, begun)
    assert second
    assert accounts.signed_in(second, begun + SESSION_IDLE) is None


def test_sessions_that_are_over_are_dropped(house: House, accounts: AccountCommands) -> None:
    registered(house)
    accounts.sign_in(LOGIN, PASSWORD, house.at)
    accounts.sign_in(LOGIN, PASSWORD, house.at + SESSION_LIFE)
    assert house.service.ledger.rows("SELECT count(*) AS n FROM sessions") == [{"n": 1}]


def test_signing_out_ends_one_session_or_all(house: House, accounts: AccountCommands) -> None:
    ada, bo = registered(house), registered(house, login="bo@example.org")
    second, third = (accounts.sign_in(LOGIN, PASSWORD, house.at) for _ in range(2))
    accounts.sign_out(ada.session, house.at)
    assert [bool(accounts.signed_in(str(each), house.at)) for each in (ada.session, second, third)] == [
        False,
        True,
        True,
    ]
    accounts.sign_out_everywhere(ada.subject, house.at)
    assert [bool(accounts.signed_in(str(each), house.at)) for each in (second, third)] == [False, False]
    assert accounts.signed_in(bo.session, house.at)


def test_a_new_password_ends_every_session_and_begins_one(house: House, accounts: AccountCommands) -> None:
    ada = registered(house)
    second = str(accounts.sign_in(LOGIN, PASSWORD, house.at))
    assert accounts.change_password(ada.subject, OTHER, OTHER, house.at) is None
    with pytest.raises(no.PasswordTooShort):
        accounts.change_password(ada.subject, PASSWORD, "short", house.at)
    assert accounts.signed_in(second, house.at)
    new = str(accounts.change_password(ada.subject, PASSWORD, OTHER, house.at))
    assert [bool(accounts.signed_in(each, house.at)) for each in (ada.session, second, new)] == [False, False, True]
    assert accounts.sign_in(LOGIN, PASSWORD, house.at) is None
    assert accounts.sign_in(LOGIN, OTHER, house.at)


def test_no_session_outlives_a_new_password_however_they_race(house: House, accounts: AccountCommands) -> None:
    ada = registered(house)
    with ThreadPoolExecutor(9) as pool:
        signing = [pool.submit(accounts.sign_in, LOGIN, PASSWORD, house.at) for _ in range(4)]
        changed = pool.submit(accounts.change_password, ada.subject, PASSWORD, OTHER, house.at)
        signing += [pool.submit(accounts.sign_in, LOGIN, PASSWORD, house.at) for _ in range(4)]
        old = [each.result() for each in signing]
        new = changed.result()
    assert new
    assert accounts.signed_in(new, house.at)
    assert [each for each in old if each and accounts.signed_in(each, house.at)] == []


def test_the_end_of_an_account_acts_on_the_next_request(house: House, accounts: AccountCommands) -> None:
    ada = registered(house)
    edition = house.edition()
    participant = house.app.editions.enter(house.by(house.secretary), edition, "nominator", name="Ada")
    house.service.ledger.write(
        ("UPDATE participants SET subject = ? WHERE participant = ?", [ada.subject, participant])
    )
    session = accounts.start_session(ada.subject, house.at)
    people = house.app.people
    tokens = [
        people.issue_token(house.by(OPERATOR), ada.subject, "auditor"),
        people.issue_edition_token(house.by(OPERATOR), edition, participant, "nominator"),
    ]
    held = people.caller(tokens[1], house.at)
    assert held
    assert accounts.signed_in(session, house.at)
    people.deactivate(house.by(OPERATOR), ada.subject, "left")
    assert accounts.signed_in(session, house.at) is None
    assert [people.caller(token, house.at) for token in tokens] == [None, None]
    with pytest.raises(no.NotAllowed):  # also an act under way: the token was read just before
        house.app.nominations.submit(house.by(held), edition, "main", {"kind": "person", "name": "Bo"}, "She did much.")
    assert accounts.accept(code_for(house, ada.subject), house.at, LOGIN, PASSWORD) is None


# --- one-time codes


def test_a_code_opens_the_account_of_the_subject_there_is(house: House, accounts: AccountCommands) -> None:
    edition = house.edition()
    nadia = house.member(edition, "nominator", "Nadia")
    invited = house.app.invitations.to_edition(
        house.by(house.secretary), edition, str(nadia.participant), email="nadia@example.org", language="fr"
    )
    session = accounts.accept(invited.code, house.at, "nadia", PASSWORD)
    found = accounts.signed_in(str(session), house.at)
    assert found
    assert found.subject == nadia.subject
    [known] = [event for event in house.events("subject.known") if str(event.originator_id) == nadia.subject]
    assert known.actor == {"kind": "subject", "id": nadia.subject, "role": "self"}
    assert house.app.people.subject(house.by(OPERATOR), nadia.subject)["name"] == "Nadia"
    contact = contact_of(house.service.ledger.rows, house.service.keys, str(nadia.subject))
    assert contact
    assert (contact.email, contact.language) == ("nadia@example.org", "fr")
    assert [(held.role, held.edition) for held in house.app.people.held(house.by(found.caller))] == [
        ("nominator", edition)
    ]


def test_a_code_is_spent_once_however_many_race(house: House, accounts: AccountCommands) -> None:
    subject = house.app.people.register(house.by(OPERATOR), "Ada", "auditor")
    code = code_for(house, subject)
    with ThreadPoolExecutor(20) as pool:
        tries = [pool.submit(accounts.accept, code, house.at, f"ada{n}", PASSWORD) for n in range(20)]
        sessions = [each.result() for each in tries]
    [one] = [session for session in sessions if session]
    assert accounts.signed_in(one, house.at)
    assert house.service.ledger.rows("SELECT count(*) AS n FROM sessions") == [{"n": 1}]


def test_a_code_is_exchanged_for_one_token_however_many_race(house: House) -> None:
    edition = house.edition()
    nadia = house.member(edition, "nominator", "Nadia")
    by = house.by(house.secretary)
    code = house.app.invitations.to_edition(by, edition, str(nadia.participant), "nominator").code
    anybody = house.by(Caller("anybody"))

    def exchange(_: int) -> str:
        return outcome(lambda: house.app.invitations.redeem(anybody, code).token)

    before = len(house.service.ledger.rows("SELECT hash FROM tokens"))
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(exchange, range(20)))
    [token] = [each for each in outcomes if each != "code_not_valid"]
    assert house.app.people.caller(token, house.at) == nadia
    assert len(house.service.ledger.rows("SELECT hash FROM tokens")) == before + 1


def test_a_code_ends_after_fourteen_days_or_when_it_is_taken_back(house: House, accounts: AccountCommands) -> None:
    subject = house.app.people.register(house.by(OPERATOR), "Ada", "auditor")
    late = code_for(house, subject)
    assert accounts.accept(late, house.at + CODE_LIFE, LOGIN, PASSWORD) is None
    invited = house.app.invitations.of_subject(house.by(OPERATOR), subject)
    house.app.invitations.take_back(house.by(OPERATOR), invited.id)
    assert accounts.accept(invited.code, house.at, LOGIN, PASSWORD) is None
    with pytest.raises(no.NotFound):
        house.app.invitations.take_back(house.by(OPERATOR), invited.id)
    by_its_text = house.app.invitations.of_subject(house.by(OPERATOR), subject)
    house.app.people.revoke_token(house.by(OPERATOR), by_its_text.code)
    assert accounts.accept(by_its_text.code, house.at, LOGIN, PASSWORD) is None
    assert accounts.accept("awd_" + "0" * 49, house.at, LOGIN, PASSWORD) is None
    assert accounts.accept("", house.at, LOGIN, PASSWORD) is None


def test_a_code_and_a_token_are_not_each_other(house: House) -> None:
    subject = house.app.people.register(house.by(OPERATOR), "Ada", "auditor")
    code = code_for(house, subject)
    assert house.app.people.caller(code, house.at) is None
    with pytest.raises(no.CodeWithoutRole):
        house.app.invitations.redeem(house.by(Caller("anybody")), code)
    token = house.app.people.issue_token(house.by(OPERATOR), subject, "auditor")
    assert house.app.accounts.accept(token, house.at, LOGIN, PASSWORD) is None


def test_a_login_belongs_to_one_account(house: House, accounts: AccountCommands) -> None:
    registered(house)
    second = house.app.people.register(house.by(OPERATOR), "Bo", "auditor")
    with pytest.raises(no.LoginTaken):
        accounts.accept(code_for(house, second), house.at, LOGIN.upper(), PASSWORD)
    with pytest.raises(no.LoginTaken):
        accounts.reserve(second, LOGIN, house.at)
    codes = [code_for(house, house.app.people.register(house.by(OPERATOR), "X", "auditor")) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        tried = list(
            pool.map(lambda code: outcome(lambda: accounts.accept(code, house.at, "same", PASSWORD) or ""), codes)
        )
    assert tried.count("login_taken") == 3


def test_a_new_code_gives_a_new_password_and_ends_the_sessions(house: House, accounts: AccountCommands) -> None:
    ada = registered(house)
    session = accounts.accept(code_for(house, ada.subject), house.at, "", OTHER)
    assert accounts.signed_in(ada.session, house.at) is None
    found = accounts.signed_in(str(session), house.at)
    assert found
    assert found.login == LOGIN
    assert accounts.sign_in(LOGIN, PASSWORD, house.at) is None


# --- how far somebody reaches


def test_nobody_opens_an_account_that_reaches_beyond_her_own(house: House, accounts: AccountCommands) -> None:
    other = house.app.awards.establish(house.by(OPERATOR), "other", {"en": "Other"}, {"en": "Body"})
    local = house.staff("secretariat", "Lou", house.award)
    everywhere = house.app.people.register(house.by(OPERATOR), "Ada", "secretariat")
    elsewhere = house.app.people.register(house.by(OPERATOR), "Bo", "approver", other)
    here = house.app.people.register(house.by(OPERATOR), "Cy", "approver", house.award)
    invitations, by = house.app.invitations, house.by(local)
    for subject in (everywhere, elsewhere):
        with pytest.raises(no.BeyondReach):
            invitations.of_subject(by, subject)
        with pytest.raises(no.BeyondReach):
            house.app.people.deactivate(by, subject, "left")
    code = invitations.of_subject(by, here).code
    kept = invitations.of_subject(by, here).code
    assert accounts.accept(code, house.at, LOGIN, PASSWORD)
    house.app.people.grant(house.by(OPERATOR), here, "auditor", other)
    with pytest.raises(no.BeyondReach):  # what it could open has grown since
        accounts.accept(kept, house.at, "mine", OTHER)
    assert accounts.sign_in(LOGIN, PASSWORD, house.at)


def test_an_edition_secretariat_opens_no_account_that_does_more(house: House, accounts: AccountCommands) -> None:
    edition = house.edition()
    clerk = house.member(edition, "secretariat", "Clerk")
    house.app.editions.close_call(house.by(house.secretary), edition)
    roles = house.app.reading.edition(house.by(house.secretary), edition)["roles"]
    chief = next(held["participant"] for held in roles if held["participant"] != clerk.participant)
    code = house.app.invitations.to_edition(house.by(clerk), edition, chief, "secretariat").code
    with pytest.raises(no.BeyondReach):
        accounts.accept(code, house.at, LOGIN, PASSWORD)
    with pytest.raises(no.BeyondReach):
        house.app.invitations.to_edition(house.by(clerk), edition, chief, email="mine@example.org")
    nadia = house.member(edition, "nominator", "Nadia")
    own = house.app.invitations.to_edition(house.by(clerk), edition, str(nadia.participant)).code
    assert accounts.accept(own, house.at, LOGIN, PASSWORD)


def test_nobody_grants_to_or_ends_herself(house: House) -> None:
    by, me = house.by(house.secretary), str(house.secretary.subject)
    with pytest.raises(no.SelfAppointment):
        house.app.people.grant(by, me, "approver")
    with pytest.raises(no.OwnAccount):
        house.app.people.deactivate(by, me, "left")


# --- one's own tokens


def test_a_token_of_ones_own_is_for_what_one_holds(house: House) -> None:
    ada = registered(house)
    by = house.by(Caller("account", "self", ada.subject))
    [held] = house.app.people.held(by)
    token = house.app.people.issue_own(by, replace(held.token, label="for the audit"))
    caller = house.app.people.caller(token, house.at)
    assert caller
    assert (caller.subject, caller.role, caller.award) == (ada.subject, "auditor", "*")
    [told] = house.app.people.tokens(by)
    assert (told["role"], told["scope"], told["label"]) == ("auditor", {"award": "*"}, "for the audit")
    assert house.app.people.caller(token, house.at + TOKEN_LIFE) is None
    for wider in (replace(held.token, role="secretariat"), replace(held.token, award=house.award)):
        with pytest.raises(no.RoleNotHeld):
            house.app.people.issue_own(by, wider)
    with pytest.raises(no.LifeTooLong):
        house.app.people.issue_own(by, held.token, house.at + LONGEST_TOKEN_LIFE + MINUTE)
    with pytest.raises(no.NotAllowed):  # with a token nobody makes another
        house.app.people.issue_own(house.by(caller), held.token)
    house.app.people.revoke_own(by, told["id"])
    assert house.app.people.caller(token, house.at) is None


def test_a_redeemed_nomination_code_is_a_right_to_its_link(house: House, accounts: AccountCommands) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    case = house.eligible(edition, nominator, "Ama")
    invited = house.app.invitations.to_nomination(house.by(house.secretary), case, "nominee")
    session = accounts.accept(invited.code, house.at, "ama@example.org", PASSWORD)
    found = accounts.signed_in(str(session), house.at)
    assert found
    [held] = house.app.people.held(house.by(found.caller))
    assert (held.role, held.nomination) == ("nominee", case)
    link = house.app.people.caller(house.app.people.issue_own(house.by(found.caller), held.token), house.at)
    assert link
    house.app.nominations.accept(house.by(link), case)
    with pytest.raises(no.RoleNotHeld):
        house.app.people.issue_own(house.by(found.caller), replace(held.token, nomination=str(UUID(int=4))))


def test_an_invitation_to_a_nomination_is_taken_back_with_all_it_gave(house: House, accounts: AccountCommands) -> None:
    edition = house.edition()
    case = house.eligible(edition, house.member(edition, "nominator", "Nadia"), "Ama")
    invitations, by = house.app.invitations, house.by(house.secretary)
    used, unused = (invitations.to_nomination(by, case, "nominee") for _ in range(2))
    session = accounts.accept(used.code, house.at, "ama@example.org", PASSWORD)
    found = accounts.signed_in(str(session), house.at)
    assert found
    mine = house.by(found.caller)
    link = house.app.people.issue_own(mine, house.app.people.held(mine)[0].token)
    invitations.take_back(by, unused.id)
    assert len(house.app.people.held(mine)) == 1  # what was taken back before it was used gives no right
    other = invitations.to_nomination(by, case, "endorser")
    invitations.take_back(by, other.id)
    assert house.app.people.caller(link, house.at)
    invitations.take_back(by, used.id)
    assert house.app.people.held(mine) == []
    assert house.app.people.caller(link, house.at) is None
    with pytest.raises(no.NotFound):
        invitations.take_back(by, used.id)


def test_no_link_is_issued_while_its_invitation_is_taken_back(
    house: House, accounts: AccountCommands, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = house.edition()
    case = house.eligible(edition, house.member(edition, "nominator", "Nadia"), "Ama")
    invitations, people, by = house.app.invitations, house.app.people, house.by(house.secretary)
    invited = invitations.to_nomination(by, case, "nominee")
    found = accounts.signed_in(str(accounts.accept(invited.code, house.at, "ama@example.org", PASSWORD)), house.at)
    assert found
    [held] = people.held(house.by(found.caller))
    redeemed = people._redeemed

    def looked_up(subject: str) -> list[Token]:
        seen = redeemed(subject)
        invitations.take_back(by, invited.id)
        return seen

    monkeypatch.setattr(people, "_redeemed", looked_up)
    assert people.caller(people.issue_own(house.by(found.caller), held.token), house.at) is None


def test_a_code_that_was_never_used_gives_no_right(house: House, accounts: AccountCommands) -> None:
    edition = house.edition()
    case = house.eligible(edition, house.member(edition, "nominator", "Nadia"), "Ama")
    invitations, by = house.app.invitations, house.by(house.secretary)
    invited = invitations.to_nomination(by, case, "nominee")
    invitations.take_back(by, invited.id)
    [who] = house.service.ledger.rows("SELECT subject FROM tokens WHERE id = ?", [invited.id])
    assert accounts.accept(code_for(house, who["subject"]), house.at, "ama@example.org", PASSWORD)
    assert house.app.people.held(house.by(Caller("account", "self", who["subject"]))) == []


# --- identities elsewhere


def test_an_identity_belongs_to_one_subject(house: House, accounts: AccountCommands) -> None:
    ada, bo = registered(house), registered(house, login="bo@example.org")
    accounts.attach_identity(ada.subject, "https://id.example", "17", house.at)
    accounts.attach_identity(ada.subject, "https://id.example", "17", house.at)
    assert accounts.subject_by_identity("https://id.example", "17") == ada.subject
    with pytest.raises(no.IdentityTaken):
        accounts.attach_identity(bo.subject, "https://id.example", "17", house.at)
    assert subject_by_identity(house.service.ledger.rows, "https://other.example", "17") is None


def test_an_identity_opens_an_account_by_a_code(house: House, accounts: AccountCommands) -> None:
    edition = house.edition()
    nadia = house.member(edition, "nominator", "Nadia")
    by = house.by(house.secretary)
    code = house.app.invitations.to_edition(by, edition, str(nadia.participant)).code
    session = accounts.accept_identity(code, house.at, "https://id.example", "18", "N.")
    found = accounts.signed_in(str(session), house.at)
    assert found
    assert (found.subject, found.login) == (nadia.subject, None)
    assert accounts.accept_identity(code, house.at, "https://id.example", "18", "N.") is None
    assert accounts.subject_by_identity("https://id.example", "18") == nadia.subject


# --- what a dump gives away


def test_a_dump_of_both_databases_holds_no_secret(
    house: House, accounts: AccountCommands, database_url: str, keys_url: str, key_file: Path
) -> None:
    ada = registered(house)
    edition = house.edition()
    nadia = house.member(edition, "nominator", "Nadia")
    by = house.by(house.secretary)
    code = house.app.invitations.to_edition(by, edition, str(nadia.participant), "nominator", "n@example.org").code
    redeemed = house.app.invitations.redeem(house.by(Caller("anybody")), code)
    unused = house.app.invitations.of_subject(house.by(OPERATOR), ada.subject).code
    secrets = [PASSWORD, ada.session, code, unused, redeemed.token, LOGIN, LOGIN.casefold(), "n@example.org"]
    dumps = dump(database_url) + dump(keys_url)
    assert ada.subject in dumps  # the dump does hold what is there
    assert [secret for secret in secrets if secret in dumps] == []


def dump(url: str) -> str:
    """Every value of every table, bytes as text where they are."""
    if is_sqlite(url):
        with sqlite3.connect(sqlite_path(url)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = [row for table in tables for row in connection.execute(f'SELECT * FROM "{table}"')]
        connection.close()
    else:
        with psycopg.connect(url) as postgres:
            found = postgres.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            rows = [row for (table,) in found for row in postgres.execute(f'SELECT * FROM "{table}"')]
    return "\n".join(
        value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row
    )
