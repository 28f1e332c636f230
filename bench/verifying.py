"""(g) `awards-verify` on a long bundle, beside a bare loop that parses each line as JSON and hashes it.

The lines that are shown are of the award, which the history has least to do with: what is measured is bytes, tree, form
and order. `SHOWN` is the share of them; the others are hashes, as lines of other editions are.
"""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from awards.verifier import NO_KNOWN_HEAD, main
from bench.compare import Figures, Row, row, take_turns
from bench.measures import Effort
from tests.verifier.bags import Bundle, hidden, line

SHOWN = (1.0, 0.1)
ROUNDS = 3
STREAMS = 10_000
TEXT = "x" * 200
"""Makes the mean line one of 650 bytes, as those of real editions are."""


def verifying(folder: Path, effort: Effort) -> Iterator[Row]:
    """The events a second, for each share of lines that are shown."""
    for share in SHOWN:
        bundle = Bundle(folder / f"bundle_{share}").write(_lines(effort.long_past, share))

        def ours(bundle: Bundle = bundle) -> Figures:
            start = time.perf_counter()
            with contextlib.redirect_stdout(io.StringIO()) as told:
                if main([str(bundle.folder)]) != NO_KNOWN_HEAD:
                    raise RuntimeError(told.getvalue())
            return {"rate": len(bundle.leaves) / (time.perf_counter() - start)}

        def bare(bundle: Bundle = bundle) -> Figures:
            start = time.perf_counter()
            with bundle.file("data/events.jsonl").open("rb") as file:
                for one in file:
                    json.loads(one)
                    sha256(b"\0" + one[:-1]).digest()
            return {"rate": len(bundle.leaves) / (time.perf_counter() - start)}

        sides = take_turns([ours, bare], ROUNDS)
        what = f"awards-verify on {effort.long_past:,} events, {share:.0%} of them shown"
        yield row("g", what, "rate", (sides[0], sides[1]), 0.3 if share == 1 else None)


def _lines(events: int, share: float) -> Iterator[bytes]:
    shown = 0
    for index in range(events):
        shows = int((index + 1) * share) > int(index * share)
        stream = f"{shown % STREAMS:08x}-0000-4000-8000-000000000000"
        one = line("award.revised", shown // STREAMS + 1, stream=stream, name={"en": TEXT}, number=index)
        yield one if shows else hidden(one)
        shown += shows
