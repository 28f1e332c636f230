"""A database administrator who has every key: he writes the log anew, signs it, and gives out a bundle of that."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from awards.access import OPERATOR
from awards.application.desk import Arrival
from awards.ledger.canonical import canonical
from awards.ledger.database import LOG_TABLES, migrate, open_recorder
from awards.ledger.mapper import line
from awards.ledger.tree import Frontier, leaf_hash
from tests.bundle.scene import PUBLIC_SINCE, open_service
from tests.set_up import ORIGIN

_ALL = "SELECT originator_id, topic, state FROM stored_events ORDER BY notification_id"


@dataclass
class Record:
    """An event as he finds it, or would have it: its stream, its name and its state."""

    stream: str
    topic: str
    state: dict[str, Any] = field(repr=False)


Edit = Callable[[list[Record]], None]


class Administrator:
    """At work on a copy of an installation whose files are in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._url = f"sqlite:///{folder / 'awards.db'}"

    @classmethod
    def of(cls, folder: Path, copy: Path) -> Administrator:
        """Of a copy of everything but what was signed, whose place is given."""
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("log", "*-wal", "*-shm"))
        for name in ("awards.db", "keys.db"):
            with closing(sqlite3.connect(folder / name)) as here, closing(sqlite3.connect(copy / name)) as there:
                here.backup(there)
        return cls(copy)

    def forget(self, digest: str) -> None:
        """Let a sealed value disappear."""
        with closing(sqlite3.connect(self.folder / "awards.db")) as database, database:
            assert database.execute("DELETE FROM sealed WHERE digest = ?", [digest]).rowcount == 1

    def rewrite(self, edit: Edit) -> None:
        """Write the log anew, versions, leaves and all, and what decisions say of the tree they rest on."""
        with closing(sqlite3.connect(self.folder / "awards.db")) as database:
            records = [Record(stream, topic, json.loads(state)) for stream, topic, state in database.execute(_ALL)]
            edit(records)
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f"DROP TRIGGER {name}")
            for table in LOG_TABLES:
                database.execute(f"DELETE FROM {table}")
            database.commit()
        migrate(self._url, None)
        with closing(open_recorder(self._url)) as recorder:
            recorder.insert_events(list(_events(records)))

    def bundle(self, edition: str, profile: str, to: Path) -> Path:
        """Give out a bundle, signed with the key of the log."""
        service = open_service(self.folder, self._url, f"sqlite:///{self.folder / 'keys.db'}")
        try:
            with to.open("wb+") as file:
                service.application.bundles.export(Arrival(OPERATOR, PUBLIC_SINCE), edition, profile, file)
            (to.parent / "vkey").write_text(service.application.log.vkeys()[0])
            (to.parent / "checkpoint").write_bytes(service.application.log.checkpoint())
        finally:
            service.close()
        return to


def _events(records: Iterable[Record]) -> Iterable[StoredEvent]:
    versions: Counter[str] = Counter()
    frontier = Frontier()
    roots = {0: frontier.root().hex()}
    for record in records:
        versions[record.stream] += 1
        if record.topic == "decision.proposed":
            record.state["basis"]["root"] = roots[record.state["basis"]["size"]]
        state = canonical(record.state)
        event = StoredEvent(UUID(record.stream), versions[record.stream], record.topic, state)
        frontier.append(leaf_hash(line(event, ORIGIN)))
        roots[frontier.size] = frontier.root().hex()
        yield event
