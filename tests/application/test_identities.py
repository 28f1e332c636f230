"""Identities elsewhere: an answer is taken once, by whichever process; each identity belongs to one active person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from awards.access import OPERATOR
from awards.application.identities import LIFE, NotAttached
from awards.domain.subject import EVERY_AWARD
from awards.ledger.tokens import CODE_LIFE
from tests.application.house import House

ISSUER = "https://login.example.org"


def code_for(house: House, subject: str) -> str:
    return house.app.accounts.new_code(subject, house.at, house.at + CODE_LIFE)


def person(house: House, name: str = "Ada") -> str:
    return house.app.people.register(house.by(OPERATOR), name, "approver", EVERY_AWARD)


def spent(house: House) -> int:
    return len(house.app.desk.ledger.rows("SELECT hash FROM spent WHERE hash LIKE 'question:%'"))


def test_of_many_answers_to_a_question_one_is_taken(house: House) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: house.app.identities.answer_once("state", house.at), range(24)))
    assert taken.count(True) == 1
    assert house.app.identities.answer_once("another", house.at)


def test_answers_are_forgotten_only_when_no_clock_takes_their_question_any_more(house: House) -> None:
    identities = house.app.identities
    assert identities.answer_once("state", house.at)
    assert not identities.answer_once("state", house.at + LIFE + timedelta(minutes=5))
    assert spent(house) == 1
    assert identities.answer_once("another", house.at + 2 * LIFE)
    assert spent(house) == 1


def test_redeemed_codes_are_not_forgotten_with_the_answers(house: House) -> None:
    code = code_for(house, person(house))
    assert house.app.identities.accept(code, ISSUER, "ada", house.at)
    house.app.identities.answer_once("state", house.at + 3 * LIFE)
    assert house.app.identities.accept(code, ISSUER, "grace", house.at + 3 * LIFE) is None


def test_the_state_itself_is_not_kept(house: House) -> None:
    house.app.identities.answer_once("a state to look for", house.at)
    rows = house.app.desk.ledger.rows("SELECT hash FROM spent")
    assert [row for row in rows if "a state to look for" in row["hash"]] == []


def test_an_identity_signs_in_whom_it_was_attached_to_until_she_is_deactivated(house: House) -> None:
    identities, subject = house.app.identities, person(house)
    assert identities.sign_in(ISSUER, "ada", house.at) is None
    accepted = identities.accept(code_for(house, subject), ISSUER, "ada", house.at)
    assert accepted
    found = identities.sign_in(ISSUER, "ada", house.at)
    assert found
    for whose, session in (accepted, found):
        account = house.app.accounts.signed_in(session, house.at)
        assert account
        assert (whose, account.subject) == (subject, subject)
    for issuer, sub in ((ISSUER + "/", "ada"), (ISSUER, "Ada"), (ISSUER, "ada ")):
        assert identities.sign_in(issuer, sub, house.at) is None
    house.app.people.deactivate(house.by(OPERATOR), subject, "left")
    assert identities.sign_in(ISSUER, "ada", house.at) is None
    assert house.app.accounts.signed_in(found[1], house.at) is None


def test_an_identity_of_somebody_else_is_refused_and_the_code_stays_good(house: House) -> None:
    identities, first, second = house.app.identities, person(house), person(house, "Grace")
    identities.accept(code_for(house, first), ISSUER, "ada", house.at)
    code = code_for(house, second)
    with pytest.raises(NotAttached) as refused:
        identities.accept(code, ISSUER, "ada", house.at)
    assert refused.value.code == "identity_taken"
    assert identities.accept(code, ISSUER, "grace", house.at)


def test_of_many_who_attach_one_identity_by_codes_of_their_own_one_does(house: House) -> None:
    codes = [code_for(house, person(house, f"Person {number}")) for number in range(6)]

    def attach(code: str) -> str:
        try:
            return "attached" if house.app.identities.accept(code, ISSUER, "ada", house.at) else "no code"
        except NotAttached as refused:
            return refused.code

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(attach, codes))
    assert outcomes == ["attached"] + ["identity_taken"] * 5
