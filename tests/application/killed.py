"""A process that approves an erasure and is killed with SIGKILL at a step of carrying it out.

python -m tests.application.killed DATABASE KEYS KEY_FILE SUBJECT APPROVER STEP
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from awards.access import Caller
from awards.application.desk import Arrival
from awards.ledger import erasing
from tests.application.house import open_service

AFTER = {
    "the keys": lambda service: (service.keys, "erase_all"),
    "the values": lambda _: (erasing, "_forget_values"),
    "the map": lambda _: (erasing, "_forget_map"),
    "the read models": lambda service: (service.projector, "catch_up"),
    "the files": lambda service: (service.ledger, "scrub"),
}
STEPS = ("the events", *AFTER)
"""What has been done when it is killed, and what comes before it."""


def killing(step: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    """The step, at whose beginning or end the process dies."""

    def killed(*told: Any, **named: Any) -> None:
        if not before:
            step(*told, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return killed


def main(database: str, keys: str, key_file: str, subject: str, approver: str, step: str) -> None:
    service = open_service(database, keys, Path(key_file))
    holder, name = AFTER[STEPS[1] if step == STEPS[0] else step](service)
    vars(holder)[name] = killing(getattr(holder, name), before=step == STEPS[0])
    caller = Caller("subject", "approver", approver, award="*")
    service.application.erasures.approve(Arrival(caller, datetime.now(UTC)), subject)


if __name__ == "__main__":
    main(*sys.argv[1:])
