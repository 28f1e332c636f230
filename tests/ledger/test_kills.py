"""Writers are killed with SIGKILL in the middle of their work; the log stays whole, whatever the moment."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from awards.ledger.ledger import Ledger
from tests.soak import rounds

ROOT = Path(__file__).parents[2]
WRITERS = 3


@pytest.mark.soak
def test_killed_writers_leave_one_leaf_for_each_event(ledger: Ledger, database_url: str) -> None:
    moments = random.Random(2026)
    for _ in range(rounds(3, 25)):
        command = [sys.executable, "-m", "tests.ledger.writers", "write", database_url]
        writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(WRITERS)]
        try:
            told = [writer.stdout.readline() for writer in writers for _ in range(2) if writer.stdout]
            time.sleep(moments.uniform(0.0, 0.3))
        finally:
            for writer in writers:
                writer.kill()
            rest = [writer.communicate()[0] for writer in writers]
        confirmed = [int(position) for position in "".join(told + rest).split()]
        assert len(confirmed) > WRITERS
        assert len(confirmed) == len(set(confirmed))
        size, _ = ledger.check()
        assert ledger.basis() == ledger.check()
        # What was confirmed is there; an append is there whole, with its row, or not at all.
        assert max(confirmed) <= size
        assert size % 3 == 0
        (rows,) = ledger.rows("SELECT count(*) AS n FROM idempotency")
        (streams,) = ledger.rows("SELECT count(*) AS n FROM stored_events WHERE originator_version = 3")
        assert rows["n"] == streams["n"] == size // 3
