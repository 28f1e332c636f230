"""Tokens, participants and idempotency records, on both databases."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from awards.domain.values import instant
from awards.ledger.beside import (
    IDEMPOTENCY_KEPT,
    Idempotency,
    Token,
    find_answer,
    find_token,
    forget_answers,
    hash_token,
    is_token,
    new_token,
    participant_of,
    subject_of,
)
from awards.ledger.database import migrate
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    migrate(database_url)
    ledger = Ledger.open(database_url)
    yield ledger
    ledger.close()


def put(ledger: Ledger, table: str, **row: Any) -> None:
    ledger.append([], Alongside(rows=[(table, [row])]))


# --- tokens


def test_a_token_is_found_by_its_hash_and_its_text_is_kept_nowhere(ledger: Ledger) -> None:
    plain, hash = new_token()
    token = Token(hash=hash, subject="s", kind="account", role="auditor", label="for the audit")
    put(ledger, "tokens", **token.row())
    assert find_token(ledger.rows, plain, NOW) == token
    assert find_token(ledger.rows, new_token()[0], NOW) is None
    assert plain not in str(ledger.rows("SELECT * FROM tokens"))


def test_a_token_expires_and_can_be_revoked(ledger: Ledger) -> None:
    plain, hash = new_token()
    put(ledger, "tokens", **Token(hash=hash, subject="s", kind="link", expires=instant(NOW)).row())
    assert find_token(ledger.rows, plain, NOW - SECOND) is not None
    assert find_token(ledger.rows, plain, NOW) is None
    ledger.write(("UPDATE tokens SET revoked = ? WHERE hash = ?", [instant(NOW), hash]))
    assert find_token(ledger.rows, plain, NOW - SECOND) is None


def test_tokens_have_a_form_by_which_a_leaked_one_can_be_searched_for() -> None:
    tokens = {new_token()[0] for _ in range(200)}
    assert len(tokens) == 200
    for plain in tokens:
        assert re.fullmatch("awd_[0-9A-Za-z]{49}", plain)
        assert is_token(plain)


def test_a_mistyped_token_is_told_without_a_look_up() -> None:
    plain, _ = new_token()
    wrong = [plain[:at] + ("x" if plain[at] != "x" else "y") + plain[at + 1 :] for at in range(len(plain))]
    swapped = [
        plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
        for at in range(4, len(plain) - 1)
        if plain[at] != plain[at + 1]
    ]

    def never(sql: str, params: object) -> list[dict[str, Any]]:
        raise AssertionError(sql)

    for text in [*wrong, *swapped, "", plain + "\n", plain.lower(), plain.replace("awd_", "ghp_")]:
        assert not is_token(text)
        assert find_token(never, text, NOW) is None


def test_the_hash_is_that_of_the_whole_text() -> None:
    assert hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4
    plain, hash = new_token()
    assert hash == hash_token(plain)


# --- participants


def test_a_subject_has_another_id_in_every_edition(ledger: Ledger) -> None:
    put(ledger, "participants", participant="p1", edition="e1", subject="s")
    put(ledger, "participants", participant="p2", edition="e2", subject="s")
    assert participant_of(ledger.rows, "e1", "s") == "p1"
    assert participant_of(ledger.rows, "e2", "s") == "p2"
    assert participant_of(ledger.rows, "e1", "other") is None
    assert subject_of(ledger.rows, "p2") == "s"
    assert subject_of(ledger.rows, "s") is None


# --- idempotency


def test_a_request_is_named_without_telling_it() -> None:
    names = Idempotency(b"s" * 32)
    key = names.key("actor", "POST /editions", "client-key")
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert key == Idempotency(b"s" * 32).key("actor", "POST /editions", "client-key")
    others = [
        names.key("another", "POST /editions", "client-key"),
        names.key("actor", "POST /awards", "client-key"),
        names.key("actor", "POST /editions", "another"),
        names.key("actorPOST", " /editions", "client-key"),
        names.key('actor", "POST', '/editions", "client-key', ""),
        Idempotency(b"t" * 32).key("actor", "POST /editions", "client-key"),
        names.body(b'["actor", "POST /editions", "client-key"]'),
    ]
    assert len({key, *others}) == len(others) + 1
    assert names.body(b"{}") == names.body(b"{}") != names.body(b"{ }")


def test_an_answer_is_kept_for_24_hours(ledger: Ledger) -> None:
    record = {"key": "k", "body": "b", "status": 201, "resource": "n1", "time": instant(NOW)}
    put(ledger, "idempotency", **record)
    just_before = NOW + IDEMPOTENCY_KEPT - SECOND
    assert find_answer(ledger.rows, "k", just_before) == record
    assert find_answer(ledger.rows, "other", just_before) is None
    assert find_answer(ledger.rows, "k", NOW + IDEMPOTENCY_KEPT) is None


def test_a_key_may_be_used_again_once_its_answer_is_forgotten(ledger: Ledger) -> None:
    record = {"key": "k", "body": "b", "status": 201, "resource": "n1", "time": instant(NOW)}
    put(ledger, "idempotency", **record)
    assert ledger.write(forget_answers(NOW + IDEMPOTENCY_KEPT - SECOND)) == 0
    assert ledger.write(forget_answers(NOW + IDEMPOTENCY_KEPT)) == 1
    put(ledger, "idempotency", **record)
