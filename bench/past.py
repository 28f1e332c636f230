"""(p) An edition as of a moment, inside a long log and inside a short one: what it costs is to depend on the edition.

`each as of another event`: no past is asked for twice, so each is made of the edition's events. `again`: it is kept.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.settings import Settings
from bench.client import Make, get
from bench.compare import Row, row, take_turns
from bench.fill import Filling
from bench.measures import Effort, Side
from bench.scene import Databases
from bench.serve import serving

NOMINEES = 97
"""So many make an edition of about 1,000 events; the same chance makes the same edition in every log."""
CHANCE = 1_000
PASTS = 200
"""As of how many of its last events it is asked."""


@dataclass(frozen=True)
class Held:
    """A log that holds the edition, who asks, and as of when."""

    settings: dict[str, str]
    edition: str
    events: int
    token: str
    moments: Sequence[str]
    caught_up: float
    """Events a second in the first catching up."""

    def standings(self, *, again: bool) -> Make:
        """GETs of the standing: as of one moment after another, or always as of the same."""
        path = f"/api/v1/editions/{self.edition}/standing?stage=panel&at="
        moments = self.moments[:1] if again else self.moments
        requests = [get(path + moment, Authorization=f"Bearer {self.token}") for moment in moments]
        return lambda n: requests[n % len(requests)]


def looking_back(databases: Databases, effort: Effort) -> Iterator[Row]:
    """The latency of standings as of a moment, with a long log against a short one."""
    long, short = (hold(databases.settings(f"past_{size}"), size) for size in (effort.long_past, effort.short_past))
    if long.events != short.events:
        raise RuntimeError(f"the editions have {long.events} and {short.events} events")
    sizes = f"{effort.long_past:,} : {effort.short_past:,} events, {databases.kind}"
    yield row("f", f"first catching up, {sizes}", "rate", ([{"rate": long.caught_up}], [{"rate": short.caught_up}]))
    with ExitStack() as stack:
        ports = [stack.enter_context(serving({"app": "awards", "settings": held.settings})) for held in (long, short)]
        for again in (False, True):
            sides = [
                Side(port, held.standings(again=again), 200) for port, held in zip(ports, (long, short), strict=True)
            ]
            for side in sides:
                side.warm_up()
            ours, other = take_turns([partial(side.turn, effort, 1) for side in sides], effort.rounds)
            what = (
                f"standing of {long.events:,} events as of {'a moment, again' if again else 'another event'}, {sizes}"
            )
            for figure, told in (("median_ms", "median"), ("p95_ms", "p95")):
                yield row("f", f"{what}, {told}", figure, (ours, other), 1.2, at_least=False)


def hold(settings: dict[str, str], events: int) -> Held:
    """Fill a log up to so many events, with the edition in its middle."""
    service = Service.open(Settings.from_environment(settings))
    try:
        ledger, filling = service.ledger, Filling(service.ledger, service.keys, random.Random(1325))
        while ledger.position() < events // 2:
            filling.add_edition()
        edition = filling.add_edition(NOMINEES, random.Random(CHANCE))
        while ledger.position() < events:
            filling.add_edition()
        start = time.perf_counter()
        reached = service.projector.catch_up()
        caught_up = reached / (time.perf_counter() - start)
        leaves = ledger.rows("SELECT time_max FROM leaves WHERE edition = ? ORDER BY idx", (edition,))
        moments = [leaf["time_max"] for leaf in leaves[-PASTS:]]
        return Held(settings, edition, len(leaves), _auditor(service), moments, caught_up)
    finally:
        service.close()


def _auditor(service: Service) -> str:
    """The token of somebody who reads everything."""
    people, operator = service.application.people, Arrival(OPERATOR, datetime.now(UTC))
    return people.issue_token(operator, people.register(operator, "An auditor", "auditor"), "auditor")
