"""An import that is killed, and run again until it ends, records every line once."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.ledger.ledger import Ledger
from tests.conftest import NewDatabase
from tests.races.installation import AWARDS, Installation
from tests.soak import rounds

LINES = 1_300
GIVE_UP = 120


@pytest.fixture
def installation(database_url: str, new_database: NewDatabase, tmp_path: Path) -> Iterator[Installation]:
    with Installation(database_url, new_database("keys"), tmp_path) as made:
        yield made


def killed_at(installation: Installation, ledger: Ledger, arguments: list[str], position: int) -> bool:
    """Run a command and SIGKILL it once the log has grown to a position; whether it was still running."""
    process = subprocess.Popen(
        [AWARDS, *arguments], env=installation.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + GIVE_UP
    while process.poll() is None and ledger.position() < position and time.monotonic() < deadline:
        time.sleep(0.002)
    running = process.poll() is None
    process.kill()
    process.wait()
    return running


@pytest.mark.soak
def test_every_line_is_recorded_once(installation: Installation, tmp_path: Path) -> None:
    server = installation.serve()
    installation.award(server.client, "prize")
    edition = installation.edition(server.client, "prize", "2026")
    server.stop()
    file = tmp_path / "nominations.jsonl"
    told = {"nominator": "Nadia", "answer": "accepted"}
    lines = [{"ref": f"N-{n}", "name": f"Nominee {n}", "statement": f"S-{n}", **told} for n in range(LINES)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    arguments = ["import", edition, str(file)]

    ledger = Ledger.open(installation.database_url)
    moments, start, kills = random.Random(1325), ledger.position(), 0
    for number in range(count := rounds(2, 30)):
        aim = start + 1 + number * 2 * (LINES - 400) // count + moments.randrange(100)
        kills += killed_at(installation, ledger, arguments, aim)
    assert kills
    assert installation.cli(*arguments).splitlines()[-1].endswith("were there already")
    assert installation.cli(*arguments).splitlines()[-1] == f"0 nominations recorded, {LINES} were there already"

    assert ledger.position() - start == 2 * LINES
    (imported,) = ledger.rows("SELECT count(*) AS n, count(DISTINCT stream) AS streams FROM imported")
    assert (imported["n"], imported["streams"]) == (LINES, LINES)
    ledger.close()
    installation.cli("replay")
    server = installation.serve()
    found = installation.items(server.client, f"editions/{edition}/nominations")
    assert [item["statement"] for item in found] == [line["statement"] for line in lines]
