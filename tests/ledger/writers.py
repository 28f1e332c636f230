"""What the processes in tests of races and of kills run: `python -m tests.ledger.writers WHAT URL ...`."""

import sys
import time
import uuid
from uuid import UUID

from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside, Moved
from tests.ledger.parcel import sent, weighed


def file(url: str, edition: str) -> None:
    """File parcels that expect the edition at version 1, until the first refusal; print how many were stored."""
    ledger = Ledger.open(url)
    print("ready", flush=True)
    sys.stdin.readline()
    stored, deadline = 0, time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            ledger.append([sent(edition=edition)], Alongside(expecting={UUID(edition): 1}))
            stored += 1
    except Moved:
        print(stored, flush=True)
    ledger.close()


def write(url: str) -> None:
    """Append three events at a time and a row beside them, and print each position, until killed."""
    ledger = Ledger.open(url)
    while True:
        stream = uuid.uuid4()
        row = {"key": str(stream), "body": "b", "status": 201, "resource": "r", "time": "t"}
        events = [sent(stream), weighed(stream, 2), weighed(stream, 3)]
        print(ledger.append(events, Alongside(rows=[("idempotency", [row])])), flush=True)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what == "file":
        file(*arguments)
    else:
        write(*arguments)
