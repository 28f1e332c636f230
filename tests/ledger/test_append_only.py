"""The store itself refuses to change the log: tried on both databases, past our own code."""

import sqlite3
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from eventsourcing.persistence import OperationalError, PersistenceError
from psycopg import sql

from awards.ledger.database import migrate, open_recorder, sqlite_path
from awards.ledger.ledger import Broken, Ledger
from awards.ledger.recorders import Alongside
from tests.ledger.parcel import sent
from tests.postgres import PostgresServer

CHANGES = [
    "UPDATE stored_events SET state = state",
    "UPDATE stored_events SET topic = 'parcel.lost' WHERE notification_id = 1",
    "UPDATE leaves SET hash = hash",
    "UPDATE leaves SET idx = idx + 100 WHERE idx = 1",
    "DELETE FROM stored_events",
    "DELETE FROM stored_events WHERE notification_id = 2",
    "DELETE FROM leaves",
    "DELETE FROM leaves WHERE idx = 1",
]
SQLITE_CHANGES = [
    "INSERT OR REPLACE INTO stored_events SELECT * FROM stored_events",
    "INSERT OR REPLACE INTO stored_events SELECT 3, originator_id, originator_version, topic, x'7b7d'"
    " FROM stored_events WHERE notification_id = 1",
    "INSERT OR REPLACE INTO leaves SELECT * FROM leaves",
    "INSERT INTO leaves SELECT 7, stream, version, hash, edition, time_max FROM leaves WHERE idx = 1",
    "INSERT INTO stored_events VALUES (7, 's', 1, 't', x'00')",
]
POSTGRES_CHANGES = [
    "TRUNCATE stored_events",
    "TRUNCATE leaves",
    "TRUNCATE stored_events, leaves CASCADE",
    "INSERT INTO leaves SELECT * FROM leaves ON CONFLICT (idx) DO UPDATE SET hash = excluded.hash",
    "SET session_replication_role = replica; DELETE FROM leaves",
]
OF_THE_OWNER = [
    "ALTER TABLE stored_events DISABLE TRIGGER ALL",
    "DROP TRIGGER append_only ON leaves",
    "DROP TABLE leaves",
    "ALTER TABLE leaves ADD COLUMN note text",
    "CREATE OR REPLACE FUNCTION awards_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE OR REPLACE FUNCTION awards_refuse(stream uuid) RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
    "UPDATE meta SET value = 'other.example' WHERE name = 'origin'",
]


def contents(ledger: Ledger) -> tuple[list[bytes], tuple[int, str]]:
    return list(ledger.lines()), ledger.check()


@pytest.fixture
def two_events(ledger: Ledger) -> Ledger:
    ledger.append([sent(), sent()])
    return ledger


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("change", CHANGES + SQLITE_CHANGES)
def test_sqlite_refuses(two_events: Ledger, database_url: str, change: str) -> None:
    before = contents(two_events)
    foreign = sqlite3.connect(sqlite_path(database_url))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        foreign.execute(change)
    foreign.close()
    with pytest.raises(PersistenceError, match="append-only"):
        two_events.write((change, ()))
    assert contents(two_events) == before


@pytest.mark.parametrize("database_kind", ["postgres"])
@pytest.mark.parametrize("change", CHANGES + POSTGRES_CHANGES)
def test_postgres_refuses_even_its_owner(two_events: Ledger, database_url: str, change: str) -> None:
    before = contents(two_events)
    with psycopg.connect(database_url) as owner:
        with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
            owner.execute(change.encode())
        owner.rollback()
    assert contents(two_events) == before


@pytest.fixture
def service_url(postgres_server: PostgresServer, database_url: str) -> Iterator[str]:
    """The database migrated by its owner, opened as the role of the service."""
    role = f"service_{urlsplit(database_url).path.rpartition('_')[2]}"
    with psycopg.connect(postgres_server.url, autocommit=True) as superuser:
        superuser.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'service'").format(sql.Identifier(role)))
    migrate(database_url, service_role=role)
    migrate(database_url, service_role=role)
    parts = urlsplit(database_url)
    yield parts._replace(netloc=f"{role}:service@{parts.hostname}:{parts.port}").geturl()
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
        owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_the_role_of_the_service_can_append_and_nothing_else(service_url: str) -> None:
    ledger = Ledger.open(service_url)
    token = {"hash": "h", "kind": "bearer", "subject": "s"}
    ledger.append([sent(), sent()], Alongside(rows=[("tokens", [token])]))
    assert ledger.write(("UPDATE tokens SET revoked = ? WHERE hash = ?", ["now", "h"])) == 1
    assert ledger.write(("DELETE FROM tokens", ())) == 1
    assert ledger.write(("CREATE TABLE read_model (position bigint)", ()), ("DROP TABLE read_model", ())) < 1
    before = contents(ledger)
    for change in CHANGES + POSTGRES_CHANGES + OF_THE_OWNER:
        with psycopg.connect(service_url) as service:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                service.execute(change.encode())
            service.rollback()
    assert contents(ledger) == before
    ledger.close()


Tamper = Callable[[str], None]


@pytest.fixture
def tamper(database_url: str) -> Tamper:
    """Changes the log as somebody with the database in hand can: without the triggers."""

    def change(statement: str) -> None:
        if database_url.startswith("sqlite"):
            file = sqlite3.connect(sqlite_path(database_url), isolation_level=None)
            for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                file.execute(f"DROP TRIGGER {name}")
            file.execute(statement)
            file.close()
        else:
            with psycopg.connect(database_url) as owner:
                for table in ("stored_events", "leaves"):
                    owner.execute(f"DROP TRIGGER append_only ON {table}".encode())
                owner.execute(statement.encode())

    return change


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET topic = 'parcel.lost' WHERE notification_id = 2",
        "UPDATE stored_events SET originator_version = 9 WHERE notification_id = 2",
        "UPDATE leaves SET hash = (SELECT hash FROM leaves WHERE idx = 0) WHERE idx = 1",
        "DELETE FROM stored_events WHERE notification_id = 1",
        "DELETE FROM stored_events WHERE notification_id = 3",
        "DELETE FROM leaves WHERE idx = 1",
        "DELETE FROM leaves WHERE idx = 2",
        "UPDATE leaves SET idx = 7 WHERE idx = 2",
        "UPDATE leaves SET edition = 'another' WHERE idx = 1",
        "UPDATE leaves SET time_max = '2020-01-01T00:00:00.000000Z' WHERE idx = 1",
        "DELETE FROM leaves",
        "DELETE FROM stored_events",
    ],
)
def test_a_replay_finds_what_was_changed_past_the_triggers(two_events: Ledger, tamper: Tamper, statement: str) -> None:
    two_events.append([sent()])
    two_events.check()
    tamper(statement)
    with pytest.raises(Broken):
        two_events.check()


def test_the_origin_is_written_once(database_url: str) -> None:
    chosen = migrate(database_url)
    assert chosen.startswith("log-")
    assert chosen.endswith(".invalid")
    assert migrate(database_url) == migrate(database_url, origin=chosen) == chosen
    with pytest.raises(ValueError, match="written once"):
        migrate(database_url, origin="other.example")
    ledger = Ledger.open(database_url)
    assert ledger.origin == chosen
    ledger.close()


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\nb", "'; DROP TABLE meta; --", "é", "x" * 300, "/a", "a/"])
def test_an_origin_that_cannot_head_a_checkpoint_is_refused(tmp_path: object, origin: str) -> None:
    with pytest.raises(ValueError, match="an origin"):
        migrate(f"sqlite:///{tmp_path}/log.db", origin=origin)


def test_a_database_that_was_never_set_up_is_refused(database_url: str) -> None:
    with pytest.raises(OperationalError, match="awards migrate"):
        open_recorder(database_url)


def test_tables_of_another_version_are_refused(database_url: str) -> None:
    migrate(database_url)
    recorder = open_recorder(database_url)
    recorder.write([("UPDATE meta SET value = '0' WHERE name = 'schema'", ())])
    recorder.close()
    with pytest.raises(OperationalError, match="awards migrate"):
        open_recorder(database_url)
    migrate(database_url)
    open_recorder(database_url).close()


@pytest.mark.parametrize(
    "url", ["mysql://h/d", "sqlite://", "sqlite:///:memory:", "sqlite:///a.db?mode=ro", "awards.db"]
)
def test_a_url_of_no_use_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"database URL|needs a file"):
        migrate(url)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sqlite_keeps_what_was_committed_and_wipes_what_was_deleted(ledger: Ledger) -> None:
    told = {name: ledger.rows(f"PRAGMA {name}")[0][name] for name in ("journal_mode", "synchronous", "secure_delete")}
    assert told == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
