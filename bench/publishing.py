"""(h) What publishing costs a writer: a submission, then the checkpoint over it or its receipt, beside the submission.

One request after another on one connection, so that each checkpoint is signed for one write; where many write at once
they share one. Every answer is read; a receipt is the one that the answer to the submission names.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from bench.client import Answer, Connection, Make, Unexpected, get
from bench.compare import Figures, Row, row, take_turns
from bench.measures import Effort
from bench.scene import Databases, set_up, submission
from bench.serve import serving

RECEIPT = re.compile(rb"<(/api/v1/receipts/\d+)>")
CHECKPOINT = get("/log/checkpoint")

Then = Callable[[Answer], bytes | None]
"""What is asked for after a write, by the answer to it."""

_numbers = count(50_000_000)


def publishing(databases: Databases, effort: Effort) -> Iterator[Row]:
    """The latency of a write with what is asked for after it, against the write alone."""
    settings = databases.settings("publishing")
    settings["AWARDS_LOG_STORE"] = str(databases.folder / f"publishing_{databases.kind}")
    call = set_up(settings)
    asked: tuple[Then, ...] = (lambda answer: CHECKPOINT, partial(_receipt, call.token), lambda answer: None)
    with serving({"app": "awards", "settings": settings}) as port:
        sides = [partial(_turn, port, submission(call), then, effort.seconds) for then in asked]
        for side in sides:
            side()
        published, proved, alone = take_turns(sides, effort.rounds)
    for what, found in (("the checkpoint", published), ("its receipt", proved)):
        for figure, told in (("median_ms", "median"), ("p95_ms", "p95")):
            yield row("h", f"submit, then {what} : submit, {databases.kind}, {told}", figure, (found, alone))


def _receipt(token: str, answer: Answer) -> bytes:
    found = RECEIPT.search(answer.head)
    if found is None:
        raise Unexpected(f"no receipt is named: {answer.head!r}")
    return get(found[1].decode(), Authorization=f"Bearer {token}")


def _turn(port: int, make: Make, then: Then, seconds: float) -> Figures:
    """Write, and ask for what comes then, for so long."""
    connection = Connection(port)
    try:
        latencies, until = [], time.perf_counter() + seconds
        while (start := time.perf_counter()) < until:
            answer = _ask(connection, make(next(_numbers)), 201)
            if request := then(answer):
                _ask(connection, request, 200)
            latencies.append(time.perf_counter() - start)
    finally:
        connection.close()
    worst = sorted(latencies)[int(len(latencies) * 0.95)]
    return {"median_ms": statistics.median(latencies) * 1e3, "p95_ms": worst * 1e3}


def _ask(connection: Connection, request: bytes, status: int) -> Answer:
    connection.send(request)
    while (answer := connection.receive()) is None:
        pass
    if answer.status != status:
        raise Unexpected(f"{answer.status} instead of {status}: {answer.body[:1000]!r}")
    return answer
