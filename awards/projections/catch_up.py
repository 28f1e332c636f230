"""Catching up: new events of the log become rows, a batch at a time, each event once.

Commands record and never project; a read first brings the read models up to the end of the log. The position row is
locked for each batch, and rows and position are written in one transaction, so any number of threads and processes may
catch up at once: one applies the batch, the others find it done. When an event cannot be projected, the batch is rolled
back and taken again event by event, so that the error names the event; recording goes on, reads are refused until the
program is mended.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Notification
from eventsourcing.persistence import OperationalError as LogUnavailable
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from awards.domain.edition import Edition
from awards.domain.values import Sealed
from awards.ledger import sealed
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Broken
from awards.projections import decisions, roll
from awards.projections.database import clear, open_engine, writing
from awards.projections.moving import HANDLERS, Told, decoded, move, move_all
from awards.projections.opening import ERASED, open_in
from awards.projections.pasts import Pasts
from awards.projections.rows import Log, Rows
from awards.projections.tables import PROJECTION, VERSION, ReadModel, View
from awards.projections.work import Work

BATCH = 2000
"""Events a transaction: enough to share its cost, few enough not to keep writers of one SQLite file waiting."""


class ProjectionFailed(Exception):
    """An event could not be projected: reads are refused, recording goes on."""

    def __init__(self, position: int, topic: str) -> None:
        super().__init__(f"the event at position {position} ({topic}) cannot be projected")
        self.position = position
        self.topic = topic


class OtherVersion(Exception):
    """The read models in this database are of another version of the program."""


NOT_THE_EVENTS = (OperationalError, InterfaceError, LogUnavailable, Broken, OtherVersion)
"""What no other event could make better: a database that does not answer, and the like."""


class Projector:
    """Keeps the read models of one database up to the log. Safe to share between threads."""

    def __init__(self, ledger: Log, keys: KeyStore, url: str) -> None:
        self._ledger = ledger
        self._keys = keys
        self._engine = open_engine(url)
        self._kept: dict[Any, tuple[int, Any]] = {}
        self.pasts = Pasts(ledger, self.open_all)
        self._turn = threading.Lock()
        self._known = 0  # a position that this process has seen the read models reach
        self._looked = float("-inf")  # when it last looked where the log ends

    def close(self) -> None:
        """Close all connections."""
        self.pasts.clear()
        self._engine.dispose()

    # Reading.

    @contextmanager
    def reading(self, max_age_seconds: float = 0.0) -> Iterator[Rows]:
        """The read models at the end of the log, or at most so old: what one request reads, at one position."""
        needed = self._needed(max_age_seconds)
        while True:
            with self._engine.connect() as connection, connection.begin():
                rows = Rows(connection, *_state(connection), self._ledger, self.open_all, self._kept)
                # Behind also after another process began to rebuild, which nothing in this one would tell.
                if rows.position >= needed:
                    yield rows
                    return
            self._known = min(self._known, rows.position)
            self.ensure(needed)

    def fresh(self, max_age_seconds: float = 1.0) -> int:
        """Catch up unless this process did so within the last second; return the position."""
        self.ensure(self._needed(max_age_seconds))
        return self._known

    def forget(self) -> None:
        """Keep nothing that was worked out from what has been erased."""
        self._kept.clear()
        self.pasts.clear()

    def catch_up(self) -> int:
        """Bring the read models up to the end of the log; return the position."""
        return self.fresh(0.0)

    def of_events(self, stream: UUID) -> View:
        """The view of a stream made of its own events alone, opened: nothing else is looked at, nothing caught up."""
        work = Work()
        view: View = {}
        for event in self._ledger.events_of(stream):
            view = move(work, event, event.TOPIC)
        open_in(view, self.open_all)
        return view

    def _needed(self, max_age_seconds: float) -> int:
        now = time.monotonic()
        if now - self._looked < max_age_seconds:
            return self._known
        end = self._ledger.position()
        if end > self._known:
            self.ensure(end)
        self._looked = now
        return end

    # Writing.

    def ensure(self, position: int) -> None:
        """Bring the read models at least up to this position of the log; raises `ProjectionFailed`."""
        with self._turn:
            limit = BATCH
            while self._known < position:
                try:
                    self._known = self._advance(limit, position)
                except NOT_THE_EVENTS:
                    raise
                except Exception:
                    if limit == 1:
                        raise
                    limit = 1

    def rebuild(self) -> int:
        """Drop all rows and start from position 0; reads wait meanwhile, recording does not. Return the position."""
        with self._turn, writing(self._engine) as connection, connection.begin():
            _lock(connection)
            clear(connection)
            self._known = 0
        return self.catch_up()

    def _advance(self, limit: int, needed: int) -> int:
        """Apply the next events in one transaction; return the position reached, which another may have moved on."""
        with writing(self._engine) as connection, connection.begin():
            start = _lock(connection)
            if start >= needed:
                return start
            batch = self._ledger.notifications(start, limit)
            end = start + len(batch)
            if not batch or batch[-1].id != end:
                raise Broken(f"the log should go on from position {start} to {needed}, and does not")
            try:
                self._apply(connection, batch)
            except NOT_THE_EVENTS:
                raise
            except Exception as error:
                raise ProjectionFailed(batch[0].id, batch[0].topic) from error
            return end

    def _apply(self, connection: Connection, batch: Sequence[Notification]) -> None:
        work = Work()
        events = decoded(self._ledger.mapper, batch)
        work.load(connection, _rows_to_load(events))
        move_all(work, events)
        work.write(connection)
        erased = {str(event.edition) for _, event in events if isinstance(event, Edition.ParticipantErased)}
        moved = [*work.views(decisions.MODEL), *decisions.of_editions(connection, erased)]
        roll.write(connection, moved, self.open_all)
        changed = {"roll_changed": work.roll_changed} if work.roll_changed else {}
        connection.execute(update(PROJECTION).values(position=batch[-1].id, **changed))

    def open_all(self, references: Iterable[Sealed]) -> dict[str, Any]:
        """The values of many references by digest, `ERASED` among them."""
        opened = sealed.open_all(self._fetch, references, self._keys)
        return {digest: ERASED if value is sealed.ERASED else value for digest, value in opened.items()}

    def _fetch(self, digests: Sequence[str]) -> list[dict[str, Any]]:
        marks = ", ".join("?" * len(digests))
        return self._ledger.rows(f"SELECT * FROM sealed WHERE digest IN ({marks})", digests)  # noqa: S608


def _rows_to_load(events: Sequence[Told]) -> dict[ReadModel, list[str]]:
    """The rows there may be already: those whose first event in the batch is not the first of all of its stream."""
    seen = set()
    wanted: dict[ReadModel, list[str]] = {}
    for stored, event in events:
        if stored.topic in HANDLERS:
            model = HANDLERS[stored.topic][0]
            row = model.row(event)
            if (model, row) not in seen:
                seen.add((model, row))
                if stored.originator_version > 1:
                    wanted.setdefault(model, []).append(row)
    return wanted


def _lock(connection: Connection) -> int:
    """Wait for whoever is catching up, keep the others waiting, and return the position."""
    row = connection.execute(select(PROJECTION.c.position, PROJECTION.c.version).with_for_update()).one()
    if row.version != VERSION:
        raise OtherVersion(f"the read models are of version {row.version}, this program writes {VERSION}")
    return int(row.position)


def _state(connection: Connection) -> tuple[int, int]:
    position, roll_changed = connection.exec_driver_sql("SELECT position, roll_changed FROM projection").one()
    return position, roll_changed
