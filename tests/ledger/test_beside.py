"""Participants and idempotency records, on both databases."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from awards.domain.values import instant
from awards.ledger.beside import (
    IDEMPOTENCY_KEPT,
    Idempotency,
    find_answer,
    forget_answers,
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
