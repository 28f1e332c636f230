"""Four writers and a publisher with its witness are killed with SIGKILL, whatever they are doing: the log stays whole,
and what the witness saw is what is there.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from awards.ledger.ledger import Ledger
from awards.ledger.notes import Head, Verifier, open_note
from awards.ledger.publisher import Publisher
from tests.anchoring.test_witnesses import cosigners
from tests.anchoring.witness import Witness
from tests.ledger.signing import assert_each_begins_the_next, assert_whole
from tests.soak import rounds

ROOT = Path(__file__).parents[2]
WRITERS = 4


def start(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def assert_kept(publisher: Publisher, witness: Witness) -> list[Head]:
    """Everything kept is signed by the log, and what is called cosigned is; gives the heads."""
    keys = [Verifier.read(vkey) for vkey in publisher.vkeys()]
    kept = publisher.store.kept
    notes = {size: kept.read(size) or b"" for size in kept.sizes()}
    heads = {size: Head.read(open_note(note, keys)[0]) for size, note in notes.items()}
    assert [head.size for head in heads.values()] == list(heads)
    cosigned = kept.cosigned()
    assert cosigned is not None
    assert open_note(notes[cosigned], cosigners([witness]))[0] == heads[cosigned].text()
    return list(heads.values())


@pytest.mark.soak
@pytest.mark.parametrize("database_kind", ["sqlite", "postgres"])
def test_killed_writers_and_a_killed_publisher_leave_what_the_witness_saw(
    publisher: Publisher, ledger: Ledger, database_url: str, witnesses: list[Witness], tmp_path: Path
) -> None:
    witness, moments = witnesses[0], random.Random(2026)
    (tmp_path / "policy").write_text(f"witness w {witness.vkey} {witness.url}\nquorum w\n")
    asking = ("tests.anchoring.rounds", database_url, str(tmp_path), str(tmp_path / "policy"))
    for _ in range(rounds(1, 25)):
        writers = [start("tests.ledger.writers", "write", database_url) for _ in range(WRITERS)]
        publishing = start(*asking)
        try:
            for process in (*writers, publishing):
                assert process.stdout
                assert process.stdout.readline().strip().isdigit(), publishing.communicate()
            time.sleep(moments.uniform(0.0, 0.3))
        finally:
            for process in (*writers, publishing):
                process.kill()
            for process in (*writers, publishing):
                process.communicate()
        assert publishing.returncode == -signal.SIGKILL, "it was refused before"
        # One leaf an event, and whatever was signed, kept or cosigned is a beginning of what is there now.
        publisher.check()
        head = publisher.publish().head
        assert (head.size, head.root.hex()) == ledger.check()
        assert_whole(publisher, ledger)
        seen = Head(ledger.origin, *witness.latest(ledger.origin))
        assert_each_begins_the_next(publisher, [*assert_kept(publisher, witness), seen, head])
