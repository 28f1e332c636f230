"""Publishers that meet, and publishers that are killed: one root for each size, and the next pass goes on."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from awards.ledger.ledger import Ledger
from awards.ledger.notes import Head
from tests.ledger.publishers import MOMENTS
from tests.ledger.signing import add, assert_each_begins_the_next, assert_whole, publisher_of
from tests.soak import rounds

ROOT = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Runs a loop of `tests.ledger.publishers` in a process of its own, gone by the end of the test."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.ledger.publishers", *arguments]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def begin(publishers: list[subprocess.Popen[str]]) -> None:
    for publisher in publishers:
        assert publisher.stdout
        assert publisher.stdout.readline() == "ready\n"
    for publisher in publishers:
        assert publisher.stdin
        publisher.stdin.write("go\n")
        publisher.stdin.flush()


def published(told: str, origin: str = "log.example") -> list[Head]:
    """The heads that a process printed; a line that was cut off by its end does not count."""
    lines = [line.split() for line in told.splitlines(keepends=True) if line.endswith("\n")]
    return [Head(origin, int(size), bytes.fromhex(root)) for size, root in lines]


def assert_one_root_for_each_size(heads: list[Head]) -> None:
    roots: dict[int, bytes] = {}
    for head in heads:
        assert roots.setdefault(head.size, head.root) == head.root, f"two roots for {head.size}"


@pytest.mark.soak
def test_processes_that_publish_at_once_sign_one_root_for_each_size(
    ledger: Ledger, database_url: str, tmp_path: Path, start: Start
) -> None:
    racers = [start("race", database_url, str(tmp_path), str(rounds(1, 20))) for _ in range(3)]
    begin(racers)
    told = [racer.communicate(timeout=120)[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 3
    heads = [head for one in told for head in published(one)]
    assert all(published(one) for one in told), "each had its turn"
    assert_one_root_for_each_size(heads)
    publisher = publisher_of(ledger, tmp_path)
    assert publisher.publish().head.size == ledger.position()
    assert_each_begins_the_next(publisher, heads)
    assert_whole(publisher, ledger)


@pytest.mark.soak
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_publishers_of_a_database_and_of_its_restored_copy_never_sign_two_roots_for_one_size(
    ledger: Ledger, database_url: str, tmp_path: Path, start: Start
) -> None:
    add(ledger, 5)
    publisher_of(ledger, tmp_path).publish()
    path = Path(database_url.removeprefix("sqlite:///"))
    ledger.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = tmp_path / "restored.db"
    shutil.copy(path, copy)
    racers = [
        start("compete", url, str(tmp_path), "1") for url in (database_url, f"sqlite:///{copy}") for _ in range(2)
    ]
    begin(racers)
    told = [racer.communicate(timeout=120)[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 4
    heads = [head for one in told for head in published(one)]
    assert heads
    assert_one_root_for_each_size(heads)
    # One of the two is the log, wholly; the other was refused from its first event on.
    won, lost = (sorted(published(told[a]) + published(told[a + 1]), key=lambda head: head.size) for a in (0, 2))
    assert not (won and lost)
    log = Ledger.open(database_url if won else f"sqlite:///{copy}")
    publisher = publisher_of(log, tmp_path)
    publisher.publish()
    assert_whole(publisher, log)
    assert_each_begins_the_next(publisher, heads)
    log.close()


@pytest.mark.soak
def test_whatever_the_moment_of_its_death_the_next_publisher_goes_on(
    ledger: Ledger, database_url: str, tmp_path: Path, start: Start
) -> None:
    chosen, heads = random.Random(2026), []
    for number in range(rounds(len(MOMENTS), 60)):
        moment = MOMENTS[number % len(MOMENTS)]
        dying = start("die", database_url, str(tmp_path), moment, str(chosen.choice([1, 90, 300])))
        assert dying.wait(timeout=60) == -signal.SIGKILL
        publisher = publisher_of(ledger, tmp_path)
        publisher.check()
        last = publisher.last()
        assert (last is not None and last.head.size == ledger.position()) == (moment == "swapped")
        heads += [last.head] if last else []
        heads.append(publisher.publish().head)
        assert (heads[-1].size, heads[-1].root.hex()) == ledger.check()
    assert_one_root_for_each_size(heads)
    assert_each_begins_the_next(publisher_of(ledger, tmp_path), heads)
    assert_whole(publisher_of(ledger, tmp_path), ledger)


@pytest.mark.soak
def test_publishers_killed_at_any_moment_leave_a_whole_log(
    ledger: Ledger, database_url: str, tmp_path: Path, start: Start
) -> None:
    moments, heads = random.Random(2026), []
    for _ in range(rounds(2, 40)):
        racers = [start("race", database_url, str(tmp_path), "60") for _ in range(3)]
        begin(racers)
        time.sleep(moments.uniform(0.1, 0.4))
        for racer in racers:
            racer.kill()
        heads += [head for racer in racers for head in published(racer.communicate()[0])]
        publisher = publisher_of(ledger, tmp_path)
        heads.append(publisher.publish().head)
        assert (heads[-1].size, heads[-1].root.hex()) == ledger.check()
        assert_whole(publisher, ledger)
    assert_one_root_for_each_size(heads)
    assert_each_begins_the_next(publisher, heads)
