"""What the tests of guards share: commands at the same moment, and a store that is whole."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from awards.application.desk import Once
from tests.application.house import House, nominee, outcome

ONCE = Once("key", "body", 201)


def at_once(commands: Sequence[Callable[[], str]]) -> list[str]:
    """Run all at the same moment; what each answered."""
    ready = threading.Barrier(len(commands))

    def run(command: Callable[[], str]) -> str:
        ready.wait(timeout=60)
        return outcome(command)

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(run, commands))


def assert_sound(house: House) -> None:
    """Events, leaves and rows beside the log belong together: nothing is half there."""
    ledger = house.service.ledger
    size, _ = ledger.check()
    counts = house.counts()
    assert counts["stored_events"] == counts["leaves"] == size
    lines = [text.decode() for text in ledger.lines()]
    digests = {row["digest"] for row in ledger.rows("SELECT digest FROM sealed")}
    assert digests == {found for text in lines for found in sealed_in(json.loads(text)["data"])}
    everything = "\n".join(lines)
    tokens = {row["participant"] for row in ledger.rows("SELECT participant FROM tokens")}
    for row in ledger.rows("SELECT participant FROM participants"):
        assert row["participant"] in everything or row["participant"] in tokens


def sealed_in(told: Any) -> list[str]:
    if isinstance(told, dict) and "sd" in told:
        return [told["sd"]]
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return [digest for part in parts for digest in sealed_in(part)]


def is_id(answer: str) -> bool:
    return len(answer) == 36


def submit(house: House, edition: str, nominator: Any, once: Once | None = None) -> str:
    return house.app.nominations.submit(
        house.by(nominator, once), edition, "main", nominee("Irina", rank="Major"), "She did much."
    )
