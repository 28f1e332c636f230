"""What the processes in tests of publishing run: `python -m tests.ledger.publishers WHAT URL FOLDER ...`."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from awards.ledger import heads
from awards.ledger.ledger import Ledger
from awards.ledger.publisher import LogRefused
from tests.ledger.parcel import sent
from tests.ledger.signing import publisher_of

# Where a publisher can die: after the append, before and after its tiles are written, before and after the swap.
MOMENTS = ("committed", "signing", "tiles", "synced", "swapped")


def race(url: str, folder: str, seconds: str) -> None:
    """Append and publish by turns, and print every checkpoint that was published: size and root."""
    publish_by_turns(url, folder, seconds)


def compete(url: str, folder: str, seconds: str) -> None:
    """The same against others who publish another database: what is refused is passed over."""
    publish_by_turns(url, folder, seconds, LogRefused)


def publish_by_turns(url: str, folder: str, seconds: str, *passed_over: type[Exception]) -> None:
    ledger = Ledger.open(url)
    publisher = publisher_of(ledger, Path(folder))
    print("ready", flush=True)
    sys.stdin.readline()
    deadline = time.monotonic() + float(seconds)
    while time.monotonic() < deadline:
        ledger.append([sent()])
        with suppress(*passed_over):
            head = publisher.publish().head
            print(head.size, head.root.hex(), flush=True)
    ledger.close()


def die(url: str, folder: str, moment: str, events: str) -> None:
    """Append events, publish, and be killed at a moment of it."""
    ledger = Ledger.open(url)
    publisher = publisher_of(ledger, Path(folder))
    killed = {"signing": "extend", "tiles": "swap", "synced": "replace_private"}.get(moment)
    ledger.append([sent() for _ in range(int(events))])
    if moment == "committed":
        kill()
    if killed == "replace_private":
        vars(heads)["replace_private"] = lambda *_: kill()
    elif killed:
        setattr(publisher.store, killed, lambda *_, **__: kill())
    publisher.publish()
    kill()


def kill() -> None:
    """Be gone at once, with time for nothing."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    acts: dict[str, Callable[..., None]] = {"race": race, "compete": compete, "die": die}
    acts[what](*arguments)
