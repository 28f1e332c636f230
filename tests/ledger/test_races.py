"""What happens when commands meet: threads and processes on one database, and connections that break.

The race: a nomination is filed (here a parcel) on the condition that its edition stands where it was seen, while
somebody closes the edition. Once the close is in the log, nothing filed may follow it, however the two meet.
"""

import json
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from awards.ledger.ledger import Ledger
from awards.ledger.postgres_recorder import LOCK
from awards.ledger.recorders import Alongside, Moved
from tests.ledger.parcel import new_ledger, sent, weighed
from tests.ledger.proxy import Proxy
from tests.soak import rounds

ROOT = Path(__file__).parents[2]


def file_until_closed(ledger: Ledger, edition: UUID, begin: Callable[[], Any]) -> int:
    """File parcels that expect the edition at version 1, until the first refusal; return how many were stored."""
    begin()
    stored, deadline = 0, time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            ledger.append([sent(edition=str(edition))], Alongside(expecting={edition: 1}))
        except Moved as refusal:
            if refusal.stream != edition:
                raise
            return stored
        stored += 1
    raise TimeoutError("the edition was never closed")


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Runs a loop of `tests.ledger.writers` in a process of its own, gone by the end of the test."""
    started: list[subprocess.Popen[str]] = []

    def run(what: str, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.ledger.writers", what, *arguments]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def close_in_the_midst(ledger: Ledger, edition: UUID) -> None:
    """The edition moves on when some parcels are filed, however slow they are."""
    deadline = time.monotonic() + 60
    while len(ledger.rows("SELECT 1 FROM leaves WHERE edition = ?", [str(edition)])) < 12:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    ledger.append([weighed(edition, 2, edition=str(edition))])


def assert_nothing_after_the_close(ledger: Ledger, edition: UUID, stored: int) -> None:
    lines = [json.loads(text) for text in ledger.lines()]
    ours = [text["id"] for text in lines if text.get("subject") == str(edition)]
    assert len(ours) == stored + 2
    assert (ours[0], ours[-1]) == (f"{edition}/1", f"{edition}/2")


@pytest.mark.soak
def test_threads_file_nothing_after_the_close(ledger: Ledger) -> None:
    for _ in range(rounds(3, 60)):
        edition = uuid.uuid4()
        ledger.append([sent(edition, edition=str(edition))])
        begin = threading.Barrier(9)
        with ThreadPoolExecutor(8) as pool:
            filing = [pool.submit(file_until_closed, ledger, edition, begin.wait) for _ in range(8)]
            begin.wait()
            close_in_the_midst(ledger, edition)
            stored = sum(future.result(timeout=60) for future in filing)
        assert stored > 0
        assert_nothing_after_the_close(ledger, edition, stored)
    assert ledger.check() == ledger.basis()


@pytest.mark.soak
def test_processes_file_nothing_after_the_close(ledger: Ledger, database_url: str, start: Start) -> None:
    for _ in range(rounds(1, 20)):
        edition = uuid.uuid4()
        ledger.append([sent(edition, edition=str(edition))])
        others = [start("file", database_url, str(edition)) for _ in range(4)]
        for other in others:
            assert other.stdout
            assert other.stdout.readline() == "ready\n"
        for other in others:
            assert other.stdin
            other.stdin.write("go\n")
            other.stdin.flush()
        close_in_the_midst(ledger, edition)
        told = [other.communicate(timeout=60)[0] for other in others]
        assert [other.returncode for other in others] == [0] * 4
        stored = sum(int(text) for text in told)
        assert stored > 0
        assert_nothing_after_the_close(ledger, edition, stored)
    assert ledger.check() == ledger.basis()


@pytest.mark.soak
def test_one_of_many_wins_a_version(ledger: Ledger) -> None:
    stream = uuid.uuid4()
    ledger.append([sent(stream)])
    version = 1
    for _ in range(rounds(10, 200)):
        version += 1
        begin = threading.Barrier(8)

        def attempt(begin: threading.Barrier = begin, version: int = version) -> bool:
            begin.wait()
            try:
                ledger.append([weighed(stream, version)])
            except Moved as refusal:
                if refusal.stream != stream:
                    raise
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            won = [pool.submit(attempt) for _ in range(8)]
            assert sum(future.result(timeout=60) for future in won) == 1
    assert [event.originator_version for event in ledger.events_of(stream)] == list(range(1, version + 1))


@pytest.mark.soak
def test_every_reader_sees_whole_appends_in_order(ledger: Ledger) -> None:
    """Positions appear without gaps: who has read up to a position will never find something new below it."""
    done = threading.Event()

    def write() -> None:
        for _ in range(rounds(30, 500)):
            stream = uuid.uuid4()
            ledger.append([sent(stream), weighed(stream, 2), weighed(stream, 3)])

    def read() -> int:
        position = 0
        while True:
            last = done.is_set()
            for notification in ledger.notifications(position):
                assert notification.id == position + 1
                position = notification.id
            assert position % 3 == 0
            size, _ = ledger.basis()
            assert size % 3 == 0
            if last:
                return position

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for writer in [pool.submit(write) for _ in range(4)]:
                writer.result(timeout=120)
        finally:
            done.set()
        assert [reader.result(timeout=60) for reader in readers] == [ledger.position()] * 2
    assert ledger.check() == ledger.basis()


def test_more_threads_than_connections_all_get_their_turn(ledger: Ledger) -> None:
    with ThreadPoolExecutor(40) as pool:
        futures = [pool.submit(ledger.append, [sent()]) for _ in range(200)]
        assert sorted(future.result(timeout=60) for future in futures) == list(range(1, 201))


@pytest.fixture
def proxied(database_url: str) -> Iterator[tuple[Ledger, Proxy]]:
    """A ledger whose connections can be cut at will."""
    new_ledger(database_url).close()
    with Proxy(database_url) as proxy:
        ledger = Ledger.open(proxy.url)
        yield ledger, proxy
        ledger.close()


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_a_commit_whose_answer_was_lost_is_recognised(proxied: tuple[Ledger, Proxy]) -> None:
    ledger, proxy = proxied
    first = sent()
    ledger.append([first])
    rows = [("idempotency", [{"key": "k", "body": "b", "status": 201, "resource": "r", "time": "t"}])]
    events = [sent(), weighed(first.originator_id, 2)]
    proxy.lose_the_next_answer()
    assert ledger.append(events, Alongside(rows=rows)) == 3
    assert proxy.lost == 1
    assert ledger.position() == 3
    assert ledger.check() == ledger.basis()


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_somebody_elses_commit_is_not_taken_for_ours(proxied: tuple[Ledger, Proxy], database_url: str) -> None:
    ledger, proxy = proxied
    stream = uuid.uuid4()
    ledger.append([sent(stream)])
    other = Ledger.open(database_url)
    proxy.lose_the_next_request(meanwhile=lambda: other.append([weighed(stream, 2)]))
    with pytest.raises(Moved) as refusal:
        ledger.append([weighed(stream, 2)])
    assert refusal.value.stream == stream
    assert ledger.position() == 2
    other.close()


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_a_server_that_stays_away_is_an_operational_error(proxied: tuple[Ledger, Proxy], database_url: str) -> None:
    ledger, proxy = proxied
    ledger.append([sent()])
    pool: Any = ledger.recorder.datastore.pool  # type: ignore[attr-defined]
    pool.timeout = 0.5
    proxy.lose_every_answer()
    with pytest.raises(OperationalError):
        ledger.append([sent()])
    proxy.recover()
    pool.timeout = 30
    direct = Ledger.open(database_url)
    position = direct.position()
    assert position in (1, 2)  # which of them is open, and that is what the exception says
    assert direct.check()[0] == position
    assert ledger.append([sent()]) == position + 1
    direct.close()


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_idle_connections_that_died_are_replaced(ledger: Ledger, database_url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: ledger.append([sent()]), range(30)))
    with psycopg.connect(database_url, autocommit=True) as admin:
        end_all = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
        admin.execute(end_all.encode() + b" AND pid <> pg_backend_pid()")
    assert ledger.append([sent()]) == 31
    assert ledger.position() == 31


def who_waits(admin: psycopg.Connection[Any]) -> int:
    """The server's process that waits for the lock of the log, once there is one."""
    waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    deadline = time.monotonic() + 60
    while not (found := admin.execute(waiting.encode()).fetchall()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(found[0][0])


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_a_writer_ended_while_it_waits_stores_its_events_once(ledger: Ledger, database_url: str) -> None:
    event = sent()
    with psycopg.connect(database_url, autocommit=True) as admin, ThreadPoolExecutor(1) as pool:
        admin.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        appending = pool.submit(ledger.append, [event])
        admin.execute("SELECT pg_terminate_backend(%s)", (who_waits(admin),))
        time.sleep(0.1)
        admin.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
        assert appending.result(timeout=30) == 1
    assert ledger.events_of(event.originator_id) == [event]
    assert ledger.check()[0] == 1


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_a_transaction_that_is_serialisable_by_default_still_sees_the_close(database_url: str) -> None:
    """The lock is waited for before the guards are read; a snapshot taken earlier would miss what came meanwhile."""
    new_ledger(database_url).close()
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'".encode())
    ledger, edition = Ledger.open(database_url), uuid.uuid4()
    ledger.append([sent(edition)])
    with psycopg.connect(database_url, autocommit=True) as admin, ThreadPoolExecutor(1) as pool:
        admin.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        appending = pool.submit(ledger.append, [sent()], Alongside(expecting={edition: 1}))
        who_waits(admin)
        admin.execute(
            "INSERT INTO stored_events VALUES (%s, 2, 'parcel.weighed', %s, 2)",
            (edition, ledger.mapper.to_stored_event(weighed(edition, 2)).state),
        )
        admin.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
        with pytest.raises(Moved):
            appending.result(timeout=30)
    ledger.close()
