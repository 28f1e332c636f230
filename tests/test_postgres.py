"""The databases the other tests stand on: real, apart, and of the kind asked for."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.postgres import PostgresServer

ROOT = Path(__file__).parent.parent
OWNER = """
import time
from tests.postgres import PostgresServer
with PostgresServer(fsync=True) as server:
    print(server.url, flush=True)
    time.sleep(60)
"""


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            with connection:
                return connection.execute(statement).fetchall()
        finally:
            connection.close()
    with psycopg.connect(url) as server_connection:
        cursor = server_connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def ends_within(seconds: float, url: str) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            run(url, "SELECT 1")
        except psycopg.OperationalError:
            return True
        time.sleep(0.05)
    return False


def test_a_real_server_answers(postgres_server: PostgresServer) -> None:
    [(version,)] = run(postgres_server.url, "SELECT version()")
    assert str(version).startswith("PostgreSQL ")


def test_databases_are_apart(database_kind: str, database_url: str, keys_url: str) -> None:
    assert urlsplit(database_url).scheme.startswith(database_kind)
    run(database_url, "CREATE TABLE t (place TEXT)")
    run(keys_url, "CREATE TABLE t (place TEXT)")
    run(database_url, "INSERT INTO t VALUES ('here')")
    assert run(database_url, "SELECT place FROM t") == [("here",)]
    assert run(keys_url, "SELECT place FROM t") == []


def test_a_copy_has_what_its_template_has(postgres_server: PostgresServer) -> None:
    template = postgres_server.create_database()
    run(template, "CREATE TABLE t (place TEXT)")
    copy = postgres_server.create_database(template=template)
    assert run(copy, "SELECT place FROM t") == []
    for url in (copy, template):
        postgres_server.drop_database(url)


def test_a_dropped_database_is_gone(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database()
    postgres_server.drop_database(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        run(url, "SELECT 1")


@pytest.mark.skipif("AWARDS_TEST_PG_URL" in os.environ, reason="the server is not ours")
def test_a_server_ends_with_its_owner() -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        url = owner.stdout.readline().strip()
        assert run(url, "SHOW fsync") == [("on",)]
        owner.kill()
    assert ends_within(10, url)
