"""Tokens and one-time codes: their form, and what they stand for, on both databases."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from awards.domain.values import instant
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside, Duplicate
from awards.ledger.tokens import (
    Token,
    find_code,
    find_token,
    hash_token,
    is_token,
    new_token,
    redeemed_by,
    spent_row,
    token_by_id,
    tokens_of,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


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


# --- one-time codes


def code(ledger: Ledger, **more: Any) -> tuple[str, Token]:
    plain, hash = new_token()
    made = Token(hash=hash, subject="s", kind="invitation", expires=instant(NOW + SECOND), **more)
    put(ledger, "tokens", **made.row())
    return plain, made


def test_a_code_is_no_token_and_a_token_no_code(ledger: Ledger) -> None:
    plain, made = code(ledger)
    assert find_token(ledger.rows, plain, NOW) is None
    assert find_code(ledger.rows, plain, NOW) == made
    assert find_code(ledger.rows, plain, NOW + SECOND) is None
    bearer, hash = new_token()
    put(ledger, "tokens", **Token(hash=hash, subject="s", kind="subject").row())
    assert find_code(ledger.rows, bearer, NOW) is None


def test_a_code_is_spent_once(ledger: Ledger) -> None:
    plain, made = code(ledger, nomination="n", role="nominee")
    assert redeemed_by(ledger.rows, "s") == []
    put(ledger, "spent", **spent_row(made, NOW))
    assert find_code(ledger.rows, plain, NOW) is None
    with pytest.raises(Duplicate):
        put(ledger, "spent", **spent_row(made, NOW + SECOND))
    assert redeemed_by(ledger.rows, "s") == [made]


def test_the_tokens_of_somebody_are_those_that_can_be_used(ledger: Ledger) -> None:
    def issued(at: datetime, **more: Any) -> Token:
        token = Token(**({"hash": new_token()[1], "subject": "s", "kind": "subject", "issued": instant(at)} | more))
        put(ledger, "tokens", **token.row())
        return token

    second, first = issued(NOW), issued(NOW - SECOND)
    issued(NOW, revoked=instant(NOW))
    issued(NOW, expires=instant(NOW))
    issued(NOW, subject="other")
    code(ledger)
    assert tokens_of(ledger.rows, "s", NOW) == [first, second]
    assert token_by_id(ledger.rows, str(first.id)) == first
    for strange in ("nobody's", "\0", f"{first.id}\0", "\ud800"):
        assert token_by_id(ledger.rows, strange) is None
