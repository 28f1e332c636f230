"""`kill -9` of the server in the middle of a load of submissions, again and again.

What was answered 201 is there after a restart; what was cut off can be sent again under its Idempotency-Key, and is
then there once. The log has one leaf for each event, and read models made anew are the same as those caught up.
"""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import pytest
from sqlalchemy import select

from awards.projections import moving
from awards.projections.database import open_engine
from awards.projections.tables import METADATA
from tests.api.client import Client
from tests.races.installation import Installation, nomination
from tests.soak import rounds

THREADS = 6
GIVE_UP = 30


def submit(client: Client, edition: str, token: str, marker: str) -> str:
    """Submit a nomination under a key of its own; gives its id."""
    answer = client.post(f"editions/{edition}/nominations", nomination(marker), token, Idempotency_Key=marker)
    assert answer.status == 201, answer
    return str(answer.json["id"])


def submit_until_killed(
    client: Client, edition: str, token: str, started: threading.Barrier, name: str
) -> tuple[dict[str, str], str]:
    """Submit until the server is gone; gives the ids answered by marker, and the marker that got no answer."""
    answered: dict[str, str] = {}
    deadline = time.monotonic() + GIVE_UP
    try:
        while time.monotonic() < deadline:
            marker = f"{name}-{len(answered)}"
            try:
                answered[marker] = submit(client, edition, token, marker)
            except (OSError, HTTPException):
                return answered, marker
            if len(answered) == 1:
                started.wait()
    finally:
        client.close()
    raise TimeoutError("the server was never killed")


@pytest.mark.soak
def test_nothing_answered_is_lost(installation: Installation) -> None:
    server = installation.serve()
    installation.award(server.client, "prize")
    edition = installation.edition(server.client, "prize", "2026")
    token = installation.nominator(edition)
    moments = random.Random(2026)
    kept: dict[str, str] = {}
    for number in range(rounds(3, 60)):
        started = threading.Barrier(THREADS + 1)
        with ThreadPoolExecutor(THREADS) as pool:
            loads = [
                pool.submit(submit_until_killed, server.client, edition, token, started, f"{number}-{thread}")
                for thread in range(THREADS)
            ]
            started.wait(timeout=GIVE_UP)
            time.sleep(moments.uniform(0.0, 0.3))
            server.kill()
            results = [load.result(timeout=GIVE_UP + 30) for load in loads]
        server.client.close()

        server = installation.serve()
        for answered, _ in results:
            kept |= answered
        there = markers(installation, server.client, edition)
        assert kept.items() <= there.items()
        cut_off = {marker for _, marker in results}
        assert there.keys() - kept.keys() <= cut_off
        for marker in cut_off:
            kept[marker] = submit(server.client, edition, token, marker)
            assert there.get(marker, kept[marker]) == kept[marker]
        assert markers(installation, server.client, edition) == kept
        installation.cli("replay")

    caught_up = read_models(installation.database_url)
    server.stop()
    installation.cli("rebuild")
    assert read_models(installation.database_url) == caught_up


def markers(installation: Installation, client: Client, edition: str) -> dict[str, str]:
    """The nominations there are: marker → id."""
    items = installation.items(client, f"editions/{edition}/nominations")
    found = {item["statement"]: item["id"] for item in items}
    assert len(found) == len(items), "a nomination is there twice"
    return found


def read_models(url: str) -> dict[str, list[Any]]:
    """Every row of every read model."""
    assert {model.table for model in moving.MODELS} < set(METADATA.sorted_tables)
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in METADATA.sorted_tables
            }
    finally:
        engine.dispose()
