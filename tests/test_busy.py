"""A database that does not answer in time is told as 503 with Retry-After, nothing of it is stored, and it passes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlalchemy import create_engine
from sqlalchemy.exc import TimeoutError as NoConnectionInTime
from sqlalchemy.pool import QueuePool

from awards import server
from awards.app import Service
from awards.ledger import key_tables, postgres_recorder, sqlite_recorder
from awards.ledger.busy import is_busy
from awards.ledger.database import is_sqlite, migrate, sqlite_path
from awards.ledger.keys import BATCH
from awards.projections import database
from awards.settings import Settings
from tests.api.client import Client
from tests.api.play import Play

AWARD = {"slug": "an-award", "name": {"en": "An Award"}, "awarding_body": {"en": "The Office"}}


@pytest.fixture
def play(database_url: str, keys_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    for module in (sqlite_recorder, postgres_recorder, key_tables, database):
        monkeypatch.setattr(module, "WAIT", 1)
    migrate(database_url)
    environ = {"AWARDS_DATABASE_URL": database_url, "AWARDS_KEYS": keys_url, "AWARDS_PORT": "0"}
    settings = Settings.from_environment({**environ, "AWARDS_KEY_FILE": str(tmp_path / "key")})
    with (
        closing(Service.open(settings)) as service,
        server.serving(service) as (host, port),
        closing(Client(host, port)) as client,
    ):
        yield Play(client, service)


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    """Somebody else holds a lock on the table, or on all of SQLite."""
    if is_sqlite(url):
        with closing(sqlite3.connect(sqlite_path(url), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(url) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def test_a_locked_log_is_told_as_too_busy(play: Play, database_url: str) -> None:
    before = play.events()
    with locked(database_url, "leaves"):
        answer = play.api.post("awards", AWARD, play.secretariat)
        assert answer.problem == (503, "too_busy")
        assert answer.headers["retry-after"] == "1"
        assert "lock" not in answer.text
    assert play.events() == before
    play.did(play.api.post("awards", AWARD, play.secretariat), 201)


def test_a_locked_read_model_is_told_as_too_busy(play: Play, database_url: str) -> None:
    play.did(play.api.get("awards"))
    play.service.application.people.register(play._operator(), "Somebody", "auditor")  # something to catch up with
    with locked(database_url, "projection"):
        answer = play.api.get("editions", play.secretariat)
        assert answer.problem == (503, "too_busy")
    play.did(play.api.get("editions", play.secretariat))


def test_a_locked_key_store_is_told_as_too_busy(play: Play, keys_url: str) -> None:
    edition = play.open()
    enter = {"role": "nominator", "name": "Chidi"}
    with locked(keys_url, "keys"):
        for _ in range(2 * BATCH):  # ids that were minted ahead are used up first
            answer = play.api.post(f"editions/{edition['id']}/enter", enter, play.secretariat)
            if answer.status != 200:
                break
        assert answer.problem == (503, "too_busy")
    play.act(edition, "enter", enter)


def test_a_statement_that_takes_too_long_is_told_as_too_busy(play: Play, database_kind: str, database_url: str) -> None:
    if database_kind == "sqlite":
        return  # knows no such limit
    with psycopg.connect(database_url) as other:
        other.execute("SET LOCAL statement_timeout = 1")
        with pytest.raises(psycopg.errors.QueryCanceled) as told:
            other.execute("SELECT pg_sleep(5)")
    assert is_busy(told.value)


@pytest.mark.parametrize("statement", ["SELECT * FROM nowhere", "not SQL", "INSERT INTO meta VALUES ('schema', '9')"])
def test_a_mistake_of_ours_is_none(play: Play, statement: str) -> None:
    with pytest.raises(Exception) as told:  # noqa: PT011 - each database has its own
        play.service.ledger.write((statement, ()))
    assert not is_busy(told.value)


def test_a_page_tells_it_too(play: Play, database_url: str) -> None:
    form = b"login=ada&password=not-hers-at-all"
    said = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    with locked(database_url, "limits"):
        answer = play.api.send("POST", "/sign-in", form, headers=said)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_no_connection_in_time_is_busy(database_url: str) -> None:
    address = database_url.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(address, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.1)
    with engine.connect(), pytest.raises(NoConnectionInTime) as told:
        engine.connect()
    engine.dispose()
    assert is_busy(told.value)
    if is_sqlite(database_url):
        return
    with (
        ConnectionPool(database_url, min_size=1, max_size=1, open=True, timeout=0.1) as pool,
        pool.connection(),
        pytest.raises(PoolTimeout) as late,
    ):
        pool.getconn()
    assert is_busy(late.value)
