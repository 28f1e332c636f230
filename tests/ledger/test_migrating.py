"""A database of an earlier version: told, left alone, and brought up to date by `migrate` with all that is in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from eventsourcing.persistence import OperationalError

from awards.ledger.database import SCHEMA, _owner, migrate
from awards.ledger.ledger import Ledger
from awards.ledger.tokens import find_token, new_token, token_by_id
from tests.ledger.parcel import sent
from tests.postgres import PostgresServer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORIGIN = "log.example/awards"
SINCE_VERSION_1 = ("spent", "accounts", "identities", "sessions", "contacts", "outbox", "mail_feed", "limits")
TOKENS_1 = """CREATE TABLE tokens (
    hash TEXT PRIMARY KEY, subject TEXT, kind TEXT NOT NULL, role TEXT, award TEXT, edition TEXT,
    nomination TEXT, participant TEXT, label TEXT, expires TEXT, revoked TEXT)"""


def make_version_1(url: str) -> list[str]:
    """A log of two events with its tables as version 1 had them; gives its tokens."""
    migrate(url, ORIGIN)
    ledger = Ledger.open(url)
    ledger.append([sent(), sent()])
    ledger.close()
    tokens = [new_token() for _ in range(2)]
    with _owner(url) as run:
        for table in SINCE_VERSION_1:
            run(f"DROP TABLE IF EXISTS {table}")
        run("DROP TABLE tokens")
        run(TOKENS_1)
        run("CREATE INDEX tokens_subject ON tokens (subject)")
        for _, hashed in tokens:
            run(f"INSERT INTO tokens (hash, subject, kind, role, award) VALUES ('{hashed}', 's', 'subject', 'r', '*')")
        run("UPDATE meta SET value = '1' WHERE name = 'schema'")
    return [plain for plain, _ in tokens]


def test_an_older_database_is_not_opened_and_says_what_to_do(database_url: str) -> None:
    make_version_1(database_url)
    with pytest.raises(OperationalError, match=rf"of version 1, not {SCHEMA}: run `awards migrate`"):
        Ledger.open(database_url)


def test_it_is_brought_up_to_date_with_all_that_is_in_it(database_url: str) -> None:
    tokens = make_version_1(database_url)
    for _ in range(2):  # a second time changes nothing
        assert migrate(database_url) == ORIGIN
        ledger = Ledger.open(database_url)
        assert ledger.check()[0] == 2
        found = [find_token(ledger.rows, plain, NOW) for plain in tokens]
        assert [token and (token.subject, token.role, token.award) for token in found] == [("s", "r", "*")] * 2
        ids = {str(token.id) for token in found if token}
        assert len(ids) == 2
        assert {token_by_id(ledger.rows, id) for id in ids} == set(found)
        for table in SINCE_VERSION_1:
            assert len(ledger.rows(f"SELECT count(*) AS n FROM {table}")) == 1
        ledger.close()


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_the_role_of_the_service_owns_what_is_new_without_being_named_again(
    database_url: str, postgres_server: PostgresServer
) -> None:
    make_version_1(database_url)
    with _owner(database_url) as run:
        run("DROP ROLE IF EXISTS upgraded")
        run("CREATE ROLE upgraded")
        for table in ("sealed", "participants", "tokens", "idempotency"):
            run(f"ALTER TABLE {table} OWNER TO upgraded")
    try:
        migrate(database_url)
        with _owner(database_url) as run:
            owned = run("SELECT tablename FROM pg_tables WHERE tableowner = 'upgraded'")
        assert {"tokens", *SINCE_VERSION_1} <= {name for (name,) in owned}
    finally:
        with _owner(database_url) as run:
            run("DROP OWNED BY upgraded CASCADE")
            run("DROP ROLE upgraded")
