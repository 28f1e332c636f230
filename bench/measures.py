"""The four measures of `make bench`, each beside its baseline."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from awards.app import Service
from awards.ledger.ledger import BATCH
from awards.settings import Settings
from bench import baseline
from bench.client import Answer, Make, ask, drive, get
from bench.compare import Figures, Row, figures, row, take_turns
from bench.fill import fill
from bench.scene import WINNERS, Call, Databases, other_winners, set_up, submission, winners
from bench.serve import DEFAULT, serving

CONNECTIONS = (8, 1)
WARM_UP = 0.5


@dataclass(frozen=True)
class Effort:
    """How long everything takes."""

    rounds: int
    seconds: float
    rebuilt: int
    small: int
    large: int


FULL = Effort(rounds=9, seconds=0.8, rebuilt=20_000, small=1_000, large=200_000)
QUICK = Effort(rounds=3, seconds=0.4, rebuilt=4_000, small=1_000, large=10_000)


@dataclass(frozen=True)
class Side:
    """A server and what is asked of it."""

    port: int
    make: Make
    status: int

    def turn(self, effort: Effort, connections: int) -> Figures:
        """Ask for as long as a round lasts."""
        return figures(drive(self.port, self.make, status=self.status, seconds=effort.seconds, connections=connections))

    def warm_up(self) -> None:
        """Ask for a while, so that statements are prepared, caches filled and keys minted."""
        drive(self.port, self.make, status=self.status, seconds=WARM_UP, connections=max(CONNECTIONS))


# (a) the public read


def reading(databases: Databases, effort: Effort, server: str = DEFAULT) -> Iterator[Row]:
    """`GET /api/v1/winners` against a route that returns the same bytes under the same headers."""
    settings = databases.settings("reading")
    set_up(settings)
    request = get(WINNERS)
    with serving({"app": "awards", "settings": settings}, server) as ours:
        answer = ask(ours, request)
        spec = {"app": "bare", "path": WINNERS, "body": answer.body.decode(), "headers": _own_headers(answer)}
        with serving(spec, server) as bare:
            _require_same(answer, ask(bare, request))
            sides = [Side(port, winners(), 200) for port in (ours, bare)]
            yield from _rates("a", "10 winners", sides, effort)


def _own_headers(answer: Answer) -> dict[str, str]:
    """The headers the application gave, without those that are the server's."""
    servers = {"server", "content-length", "connection", "keep-alive", "transfer-encoding", "via"}
    return {name: value for name, value in answer.headers.items() if name.lower() not in servers}


def _require_same(answer: Answer, other: Answer) -> None:
    if (answer.status, answer.headers, answer.body) != (other.status, other.headers, other.body):
        raise RuntimeError(f"the baseline answers differently: {answer.head!r}, {other.head!r}")


# (b) a nomination


def submitting(databases: Databases, effort: Effort, server: str = DEFAULT) -> Iterator[Row]:
    """Submitting a nomination against one INSERT, plain and under an Idempotency-Key that both honour."""
    settings, plain_url = databases.settings("submitting"), databases.create("plain")
    call = set_up(settings)
    baseline.prepare(plain_url, call.edition, call.token)
    with (
        serving({"app": "awards", "settings": settings}, server) as ours,
        serving({"app": "plain", "database_url": plain_url}, server) as plain,
    ):
        for once in (False, True):
            sides = [Side(port, submission(call, once=once), 201) for port in (ours, plain)]
            name = f"submit, {databases.kind}{', Idempotency-Key' if once else ''}"
            yield from _rates("b", name, sides, effort)


def _rates(part: str, name: str, sides: list[Side], effort: Effort) -> Iterator[Row]:
    ours, other = sides
    for side in sides:
        side.warm_up()
    for connections in CONNECTIONS:
        found = take_turns(
            lambda: ours.turn(effort, connections),  # noqa: B023  # called before the next
            lambda: other.turn(effort, connections),  # noqa: B023
            effort.rounds,
        )
        yield row(part, f"{name}, {connections} at a time", "rate", found, 0.8)


# (c) rebuilding the read models


def rebuilding(databases: Databases, effort: Effort) -> Iterator[Row]:
    """The rebuild of all read models against a bare loop that reads and decodes the same events."""
    with _service(databases.settings("rebuilding")) as service:
        events = fill(service.ledger, service.keys, effort.rebuilt)
        service.projector.catch_up()
        found = take_turns(
            lambda: {"rate": events / _timed(service.projector.rebuild)},
            lambda: {"rate": events / _timed(lambda: _decode_all(service))},
            max(3, effort.rounds // 3),
        )
        yield row("c", f"rebuild of {events:,} events, {databases.kind}", "rate", found, 0.3)


def _decode_all(service: Service) -> None:
    recorder, mapper, position = service.ledger.recorder, service.ledger.mapper, 0
    while batch := recorder.select_notifications(position + 1, BATCH):
        for stored in batch:
            mapper.to_domain_event(stored)
        position = batch[-1].id


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


# (d) a long log


def growing(databases: Databases, effort: Effort) -> Iterator[Row]:
    """The latency of a submission and of reads, with a long log against a short one."""
    long, short = databases.settings("long"), databases.settings("short")
    calls = [_filled(long, effort.large), _filled(short, effort.small)]
    with (
        serving({"app": "awards", "settings": long}) as at_length,
        serving({"app": "awards", "settings": short}) as in_short,
    ):
        ports = (at_length, in_short)
        asked: list[tuple[str, list[Make], int]] = [
            ("submit", [submission(call) for call in calls], 201),
            ("winners", [winners("?limit=10")] * 2, 200),
            ("winners, asked anew", [other_winners()] * 2, 200),
        ]
        for name, makes, status in asked:
            ours, other = (Side(port, make, status) for port, make in zip(ports, makes, strict=True))
            ours.warm_up()
            other.warm_up()
            found = take_turns(lambda: ours.turn(effort, 1), lambda: other.turn(effort, 1), effort.rounds)  # noqa: B023
            what = f"{name}, {effort.large:,} : {effort.small:,} events, {databases.kind}"
            yield row("d", f"{what}, median", "median_ms", found, 1.2, at_least=False)
            yield row("d", f"{what}, p95", "p95_ms", found, 1.2, at_least=False)


def _filled(settings: dict[str, str], events: int) -> Call:
    with _service(settings) as service:
        fill(service.ledger, service.keys, events)
    return set_up(settings)


@contextmanager
def _service(settings: dict[str, str]) -> Iterator[Service]:
    service = Service.open(Settings.from_environment(settings))
    try:
        yield service
    finally:
        service.close()
