"""The measures of `make bench`, each beside its baseline."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from awards.app import Service
from awards.ledger.ledger import BATCH
from awards.settings import Settings
from bench import baseline
from bench.client import Answer, Make, ask, drive, get
from bench.compare import Figures, Row, figures, quoted, row, take_turns
from bench.fill import fill
from bench.large import HOTCRP, HOTCRP_LISTS, HOTCRP_LOADS, SMALL, Size, Stand, timed, write_files
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
    imported: Size
    short_past: int = 10_000
    long_past: int = 1_000_000


FULL = Effort(rounds=7, seconds=0.5, rebuilt=20_000, small=1_000, large=200_000, imported=HOTCRP)
QUICK = Effort(
    rounds=3, seconds=0.4, rebuilt=4_000, small=1_000, large=10_000, imported=Size(300, 1_160), long_past=40_000
)


@dataclass(frozen=True)
class Side:
    """A server and what is asked of it."""

    port: int
    make: Make
    status: int

    def turn(self, effort: Effort, connections: int) -> Figures:
        """Ask for as long as a turn lasts."""
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
    """Submitting a nomination against one INSERT by SQLAlchemy Core (with the aim) and by its ORM (to compare).

    `key`: under an Idempotency-Key, which both honour.
    """
    settings = databases.settings("submitting")
    call = set_up(settings)
    core, orm = (
        {"app": "plain", "database_url": databases.create(name), "orm": name == "orm"} for name in ("core", "orm")
    )
    for spec in (core, orm):
        baseline.prepare(str(spec["database_url"]), call.edition, call.token)
    with (
        serving({"app": "awards", "settings": settings}, server) as ours,
        serving(core, server) as plain,
        serving(orm, server) as mapped,
    ):
        name = f"submit, {databases.kind}"
        sides = [Side(port, submission(call), 201) for port in (ours, plain, mapped)]
        yield from _rates("b", name, sides, effort, (", Core", ", ORM"))
        sides = [Side(port, submission(call, once=True), 201) for port in (ours, plain)]
        yield from _rates("b", name, sides, effort, (", Core, key",))


def _rates(part: str, name: str, sides: list[Side], effort: Effort, others: Sequence[str] = ("",)) -> Iterator[Row]:
    """The first side against each other one, the first of which has the aim."""
    for side in sides:
        side.warm_up()
    for connections in CONNECTIONS:
        turns = [partial(side.turn, effort, connections) for side in sides]
        ours, *found = take_turns(turns, effort.rounds)
        for place, other in enumerate(others):
            what = f"{name}{other}, {connections} at a time"
            yield row(part, what, "rate", (ours, found[place]), None if place else 0.8)


# (c) rebuilding the read models


def rebuilding(databases: Databases, effort: Effort) -> Iterator[Row]:
    """The rebuild of all read models against a bare loop that reads and decodes the same events."""
    with _service(databases.settings("rebuilding")) as service:
        events = fill(service.ledger, service.keys, effort.rebuilt)
        service.projector.catch_up()
        acts = (service.projector.rebuild, partial(_decode_all, service))
        ours, loop = take_turns([partial(_rate, events, act) for act in acts], max(3, effort.rounds // 2))
        yield row("c", f"rebuild of {events:,} events, {databases.kind}", "rate", (ours, loop), 0.3)


def _decode_all(service: Service) -> None:
    recorder, mapper, position = service.ledger.recorder, service.ledger.mapper, 0
    while batch := recorder.select_notifications(position + 1, BATCH):
        for stored in batch:
            mapper.to_domain_event(stored)
        position = batch[-1].id


def _rate(events: int, act: Callable[[], object]) -> Figures:
    start = time.perf_counter()
    act()
    return {"rate": events / (time.perf_counter() - start)}


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
            sides = [Side(port, make, status) for port, make in zip(ports, makes, strict=True)]
            for side in sides:
                side.warm_up()
            ours, other = take_turns([partial(side.turn, effort, 1) for side in sides], effort.rounds)
            what = f"{name}, {effort.large:,} : {effort.small:,} events, {databases.kind}"
            for figure, told in (("median_ms", "median"), ("p95_ms", "p95")):
                yield row("d", f"{what}, {told}", figure, (ours, other), 1.2, at_least=False)


def _filled(settings: dict[str, str], events: int) -> Call:
    with _service(settings) as service:
        fill(service.ledger, service.keys, events)
    return set_up(settings)


# (e) a large edition


def importing(databases: Databases, effort: Effort) -> Iterator[Row]:
    """Importing a large edition and listing its whole ranking, beside what HotCRP took, which is quoted and was not
    measured here; and a page of 50 of the ranking beside that of a small edition.
    """
    settings = databases.settings("import")
    with _service(settings) as service:
        stands = []
        for size in (effort.imported, SMALL):
            stand, files = Stand(service, str(size.nominations)), write_files(databases.folder, size)
            seconds = timed(partial(stand.load, files.nominations))
            stand.begin_reviewing()
            seconds += timed(partial(stand.load, files.reviews))
            stand.end_reviewing()
            stands.append(stand)
            if size != SMALL:
                what = (
                    f"import of {size.nominations:,} nominations, {size.reviews:,} reviews, {databases.kind} : HotCRP"
                )
                yield quoted("e", what, [seconds], HOTCRP_LOADS)
        first, *again = [timed(stands[0].rank) for _ in range(1 + effort.rounds)]
        yield quoted("e", "ranking of all, first time : HotCRP's list", [first], HOTCRP_LISTS)
        yield quoted("e", "ranking of all, again : HotCRP's list", again, HOTCRP_LISTS)
    with serving({"app": "awards", "settings": settings}) as port:
        sides = [Side(port, partial(_same, stand.page()), 200) for stand in stands]
        for side in sides:
            side.warm_up()
        ours, other = take_turns([partial(side.turn, effort, 1) for side in sides], effort.rounds)
        what = f"50 of {effort.imported.nominations:,} ranked : 50 of {SMALL.nominations}, median"
        yield row("e", what, "median_ms", (ours, other), 1.5, at_least=False)


def _same(request: bytes, _number: int) -> bytes:
    return request


@contextmanager
def _service(settings: dict[str, str]) -> Iterator[Service]:
    service = Service.open(Settings.from_environment(settings))
    try:
        yield service
    finally:
        service.close()
