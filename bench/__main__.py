"""`python -m bench`: measure, print the table, write `bench/results.json`."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import psycopg

from bench import measures, past, publishing, verifying
from bench.compare import Row, table
from bench.measures import FULL, QUICK, Effort
from bench.scene import Databases
from bench.serve import servers
from tests.postgres import PostgresServer

RESULTS = Path(__file__).with_name("results.json")
LIBRARIES = ("cheroot", "eventsourcing", "flask", "marshmallow", "psycopg", "sqlalchemy", "werkzeug")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds and logs: to see that it runs")
    parser.add_argument("--only", default="a,b,c,d,e,f,g,h", help="parts of the table, as in a,b")
    parser.add_argument("--servers", action="store_true", help="a and b on every server that is installed")
    parser.add_argument("--folder", type=Path, help="where the databases go: by default the folder for temporary files")
    options = parser.parse_args()
    effort = QUICK if options.quick else FULL
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="awards-bench-", dir=options.folder)))
        sqlite = Databases("SQLite", folder)
        postgres = Databases("PostgreSQL", folder, stack.enter_context(PostgresServer(fsync=True)))
        asked = set(options.only.split(","))
        found = every_server(sqlite, postgres, effort) if options.servers else parts(asked, sqlite, postgres, effort)
        rows = [told(row) for row in found]
        about = environment(postgres)
    print(f"\n{table(rows)}\n\n{time.monotonic() - started:.0f} s")
    if not options.quick and not options.servers and asked >= set("abcdefgh"):
        RESULTS.write_text(json.dumps({**about, "rows": [row.as_data() for row in rows]}, indent=1) + "\n")


def parts(asked: set[str], sqlite: Databases, postgres: Databases, effort: Effort) -> Iterator[Row]:
    """The rows of the parts asked for."""
    if "a" in asked:
        yield from measures.reading(sqlite, effort)
    if "b" in asked:
        yield from measures.submitting(sqlite, effort)
        yield from measures.submitting(postgres, effort)
    if "c" in asked:
        yield from measures.rebuilding(sqlite, effort)
        yield from measures.rebuilding(postgres, effort)
    if "d" in asked:
        yield from measures.growing(sqlite, effort)
    if "e" in asked:
        yield from measures.importing(sqlite, effort)
        yield from measures.importing(postgres, effort)
    if "f" in asked:
        yield from past.looking_back(sqlite, effort)
        yield from past.looking_back(postgres, effort)
    if "g" in asked:
        yield from verifying.verifying(sqlite.folder, effort)
    if "h" in asked:
        yield from publishing.publishing(sqlite, effort)
        yield from publishing.publishing(postgres, effort)


def every_server(sqlite: Databases, postgres: Databases, effort: Effort) -> Iterator[Row]:
    """The rows by which the default server was chosen: compare the rates of the service."""
    for server in servers():
        rows = [measures.reading(sqlite, effort, server), measures.submitting(sqlite, effort, server)]
        for row in chain(*rows, measures.submitting(postgres, effort, server)):
            if "ORM" not in row.what and "key" not in row.what:
                yield replace(row, what=f"{server}: {row.what}")


def told(row: Row) -> Row:
    """Show a row at once: the table comes at the end."""
    print("  ".join(cell for cell in row.told() if cell), file=sys.stderr, flush=True)
    return row


def environment(postgres: Databases) -> dict[str, object]:
    """When and on what it was measured; nothing that names the machine."""
    assert postgres.server is not None
    with psycopg.connect(postgres.server.url) as connection:
        server_version = connection.info.server_version // 10_000
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "postgresql": server_version,
        "libraries": {name: version(name) for name in LIBRARIES},
    }


if __name__ == "__main__":
    main()
