"""Catching up: every event once, whoever does it, and whatever happens meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from awards.domain.stream import StreamEvent
from awards.projections import catch_up, moving, nominations
from awards.projections.bulk import upsert
from awards.projections.catch_up import ProjectionFailed, Projector
from awards.projections.database import clear, open_engine
from awards.projections.rows import Rows
from awards.projections.tables import METADATA, VERSION
from tests.projections.histories import History
from tests.projections.random_history import Chance
from tests.soak import rounds


def dump(url: str) -> dict[str, list[Any]]:
    """Every row of every read model."""
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {
            name: sorted(tuple(row) for row in connection.execute(table.select()))
            for name, table in METADATA.tables.items()
        }
    engine.dispose()
    return found


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "BATCH", 7)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("seed", range(rounds(2, 40)))
def test_rebuild_gives_the_rows_that_catching_up_gave(
    seed: int, history: History, projector: Projector, database_url: str
) -> None:
    chance = Chance(history, seed)
    for _ in range(12):
        chance.play(chance.random.randint(1, 20))
        projector.catch_up()
    caught_up = dump(database_url)
    assert all(caught_up[name] for name in METADATA.tables)
    assert projector.rebuild() == history.ledger.position()
    assert dump(database_url) == caught_up


def test_every_event_moves_a_row() -> None:
    classes: list[type] = [StreamEvent]
    for event_class in classes:  # grows while it is walked
        classes += event_class.__subclasses__()
    ours = (vars(event_class) for event_class in classes if event_class.__module__.startswith("awards."))
    topics = {members["TOPIC"] for members in ours if "TOPIC" in members}
    assert topics == set(moving.HANDLERS)


def test_a_read_sees_what_was_recorded_before_it(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    for count in range(1, 4):
        history.nomination(edition)
        with projector.reading() as rows:
            assert rows.position == history.ledger.position()
            assert len(nominations.find_all(rows, edition.key).items) == count


def test_a_public_read_looks_again_only_after_the_age_it_may_have(history: History, projector: Projector) -> None:
    history.award()
    assert projector.fresh() == 1
    history.award("second")
    assert projector.fresh(60) == 1
    with projector.reading(60) as rows:
        assert rows.position == 1
    assert projector.fresh(0) == 2


def test_threads_that_catch_up_at_once_apply_each_event_once(
    history: History, projector: Projector, database_url: str
) -> None:
    Chance(history, 1).play(60)
    failures: list[Exception] = []
    others = [Projector(history.ledger, history.keys, database_url) for _ in range(3)]

    def read(own: Projector) -> None:
        try:
            with own.reading() as rows:
                assert rows.position == history.ledger.position()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read, args=(own,)) for own in [projector, *others] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for own in others:
        own.close()
    assert not failures
    caught_up = dump(database_url)
    projector.rebuild()
    assert dump(database_url) == caught_up


CATCHING_UP = """
import sys
from pathlib import Path
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from awards.projections import catch_up
catch_up.BATCH = 3
ledger = Ledger.open(sys.argv[1])
keys = KeyStore(sys.argv[2], Path(sys.argv[3]))
projector = catch_up.Projector(ledger, keys, sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(projector.catch_up(), flush=True)
"""


@pytest.fixture
def processes(
    history: History, database_url: str, keys_url: str, tmp_path: Path
) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that catch up when they are sent a line."""
    command = [sys.executable, "-c", CATCHING_UP, database_url, keys_url, str(tmp_path / "keys.key")]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_processes_that_catch_up_at_once_apply_each_event_once(
    history: History, projector: Projector, processes: list[subprocess.Popen[str]], database_url: str
) -> None:
    Chance(history, 2).play(60)
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    reached = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert reached == [str(history.ledger.position())] * 3
    caught_up = dump(database_url)
    projector.rebuild()
    assert dump(database_url) == caught_up


def test_a_process_that_is_killed_leaves_whole_batches(
    history: History, projector: Projector, processes: list[subprocess.Popen[str]], database_url: str
) -> None:
    Chance(history, 3).play(rounds(100, 1000))
    for process in processes:
        assert process.stdin is not None
        before = position_of(database_url)
        process.stdin.write("\n")
        process.stdin.flush()
        while position_of(database_url) < min(before + 10, history.ledger.position()):
            time.sleep(0.002)
        process.kill()
        process.wait()
        assert rows_match_position(history, database_url)
    projector.catch_up()
    caught_up = dump(database_url)
    projector.rebuild()
    assert dump(database_url) == caught_up


def position_of(url: str) -> int:
    ((_, _, position, _),) = dump(url)["projection"]
    return int(position)


def rows_match_position(history: History, url: str) -> bool:
    """Whether there is a row, at its version, for each thing the first events are of, and none for any other."""
    found = dump(url)
    position = position_of(url)
    models = {model.table.name for model in moving.MODELS}
    rows = {row[0]: row[1] for name in models for row in found[name]}
    told: dict[str, int] = {}
    for stored in history.ledger.notifications(0, 100_000):
        if stored.id <= position and stored.topic in moving.HANDLERS:
            model, _ = moving.HANDLERS[stored.topic]
            told[model.row(history.ledger.mapper.to_domain_event(stored))] = stored.originator_version
    return rows == told


def test_an_event_that_cannot_be_projected_is_named_and_never_skipped(
    history: History, projector: Projector, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = history.open_edition(history.award())
    before = history.ledger.position()
    history.nomination(edition)
    model, _ = moving.HANDLERS["nomination.submitted"]

    def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setitem(moving.HANDLERS, "nomination.submitted", (model, broken))
        for _ in range(2):
            with pytest.raises(ProjectionFailed, match=r"nomination\.submitted") as failure, projector.reading():
                pass
            assert (failure.value.position, failure.value.topic) == (before + 1, "nomination.submitted")
        history.nomination(edition)  # recording goes on
        assert position_of(database_url) == before  # what came before it is there
    with projector.reading() as rows:
        assert len(nominations.find_all(rows, edition.key).items) == 2


def test_rows_of_a_batch_that_fails_are_rolled_back(
    history: History, projector: Projector, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.award()

    def failing(*args: Any) -> None:
        upsert(*args)
        raise RuntimeError("after the rows were written")

    with monkeypatch.context() as patch:
        patch.setattr("awards.projections.work.upsert", failing)
        with pytest.raises(ProjectionFailed):
            projector.catch_up()
    found = dump(database_url)
    assert (found["awards"], found["projection"]) == ([], [(1, VERSION, 0, 0)])
    assert projector.catch_up() == 1


def test_a_reader_notices_that_another_process_rebuilds(
    history: History, projector: Projector, database_url: str
) -> None:
    edition = history.open_edition(history.award())
    history.nomination(edition)
    projector.catch_up()
    engine = open_engine(database_url)
    with engine.connect() as connection, connection.begin():
        clear(connection)
    engine.dispose()
    for age in (0.0, 60.0):
        with projector.reading(age) as rows:
            assert rows.position == history.ledger.position()
            assert len(nominations.find_all(rows, edition.key).items) == 1


def test_rows_of_another_version_are_made_anew(history: History, projector: Projector, database_url: str) -> None:
    history.award()
    projector.catch_up()
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE projection SET version = 0"))
    engine.dispose()
    history.award("second")
    with pytest.raises(catch_up.OtherVersion):
        projector.catch_up()
    again = Projector(history.ledger, history.keys, database_url)
    assert again.catch_up() == 2
    again.close()
    assert len(dump(database_url)["awards"]) == 2


def test_a_read_is_of_one_moment(history: History, projector: Projector) -> None:
    edition = history.open_edition(history.award())
    history.nomination(edition)
    with projector.reading() as rows:
        assert counted(rows, edition.key) == 1
        history.nomination(edition)
        assert projector.catch_up() == rows.position + 1
        assert counted(rows, edition.key) == 1


def counted(rows: Rows, edition: str) -> int:
    return len(nominations.find_all(rows, edition).items)
