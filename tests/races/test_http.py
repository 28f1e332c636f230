"""Nominations race the close of the call over real HTTP, on PostgreSQL through two servers.

Whoever is answered 201 is in; everybody else is told, by a clear 409, that the call is closed. Nothing of an edition is
recorded after its close.
"""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.client import Client
from tests.races.installation import Installation, nomination
from tests.soak import rounds

THREADS = 8
GIVE_UP = 120


def submit_until_closed(client: Client, edition: str, token: str, told: threading.Semaphore, name: str) -> list[str]:
    """Submit until the call is closed, telling of each that landed; gives the ids of what was answered 201."""
    landed: list[str] = []
    deadline = time.monotonic() + GIVE_UP
    try:
        while time.monotonic() < deadline:
            answer = client.post(f"editions/{edition}/nominations", nomination(f"{name}-{len(landed)}"), token)
            if answer.status != 201:
                assert answer.problem == (409, "call_closed")
                return landed
            landed.append(answer.json["id"])
            told.release()
    finally:
        client.close()
    raise TimeoutError("the call was never closed")


@pytest.mark.soak
def test_nothing_lands_after_the_close(installation: Installation, database_kind: str) -> None:
    servers = [installation.serve() for _ in range(2 if database_kind == "postgres" else 1)]
    client = servers[0].client
    installation.award(client, "prize")
    moments = random.Random(2026)
    for label in range(rounds(3, 60)):
        edition = installation.edition(client, "prize", str(label))
        token = installation.nominator(edition)
        told = threading.Semaphore(0)
        with ThreadPoolExecutor(THREADS) as pool:
            racing = [
                pool.submit(
                    submit_until_closed, servers[number % len(servers)].client, edition, token, told, str(number)
                )
                for number in range(THREADS)
            ]
            for _ in range(moments.randint(1, 5 * THREADS)):  # in the midst of them, however slow they are
                assert told.acquire(timeout=GIVE_UP)
            installation.act(client, f"editions/{edition}/close-call", {})
            landed = [nominated for racer in racing for nominated in racer.result(timeout=GIVE_UP + 30)]
        assert landed
        assert sorted(item["id"] for item in installation.items(client, f"editions/{edition}/nominations")) == sorted(
            landed
        )
        history = [item["type"] for item in installation.items(client, f"editions/{edition}/history")]
        assert history.count("nomination.submitted") == len(landed)
        assert history[-1] == "edition.call_closed"
    for server in servers:
        server.stop()
    installation.cli("replay")


@pytest.mark.soak
def test_one_of_two_who_close_is_told_so(installation: Installation, database_kind: str) -> None:
    servers = [installation.serve() for _ in range(2 if database_kind == "postgres" else 1)]
    client = servers[0].client
    installation.award(client, "prize")
    for label in range(rounds(3, 100)):
        edition = installation.edition(client, "prize", str(label))
        begin = threading.Barrier(THREADS)

        def close(number: int, edition: str = edition, begin: threading.Barrier = begin) -> tuple[int, str]:
            own = servers[number % len(servers)].client
            begin.wait()
            answer = own.post(f"editions/{edition}/close-call", {}, installation.secretariat)
            own.close()
            return (200, "") if answer.status == 200 else answer.problem

        with ThreadPoolExecutor(THREADS) as pool:
            answers = sorted(pool.map(close, range(THREADS)))
        assert answers == [(200, ""), *[(409, "call_closed")] * (THREADS - 1)]
