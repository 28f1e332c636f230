"""What both recorders share: an append is checked and put together here, and written by the recorder of each
database.

An append is one transaction: the events, their leaves, the checks of other streams (guards) and the rows beside the
log. Writers of one database come one after another (SQLite by its write lock, PostgreSQL by an advisory lock), the
guards are read while that lock is held, and after any refusal or error nothing of the append is stored.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from eventsourcing.persistence import IntegrityError, Notification, ProgrammingError, StoredEvent

from awards.ledger.mapper import line
from awards.ledger.tree import leaf_hash

Row = dict[str, Any]
Statement = tuple[str, Sequence[Any]]
"""SQL with `?` for each parameter, on both databases, and the parameters."""


@dataclass(frozen=True)
class Alongside:
    """What is checked and written in the transaction of an append.

    `expecting`: the version another stream must still be at, 0 when it must not exist. `editions_at`: editions and
    the index of the last leaf of each, -1 for none, refused when anything later of one is in the log. `rows`: tables
    beside the log and the rows to insert there. `statements`: other changes beside the log, after the rows.
    `taking_part`: subjects and in how many editions each takes part, refused when that is another number.
    """

    expecting: Mapping[UUID, int] = field(default_factory=dict)
    editions_at: Mapping[str, int] = field(default_factory=dict)
    rows: Sequence[tuple[str, Sequence[Mapping[str, Any]]]] = ()
    statements: Sequence[Statement] = ()
    taking_part: Mapping[str, int] = field(default_factory=dict)


NOTHING = Alongside()


class Moved(IntegrityError):
    """A stream (or an edition) is not where the command saw it: nothing was stored."""

    def __init__(self, stream: UUID | str) -> None:
        super().__init__(f"{stream} has moved")
        self.stream = UUID(str(stream))


class Duplicate(IntegrityError):
    """A row of this key is already there beside the log: nothing was stored."""

    def __init__(self, table: str) -> None:
        super().__init__(f"{table} already holds this key")
        self.table = table


@dataclass(frozen=True)
class Entry:
    """An event ready to be written: only its place in the log is still open."""

    stored: StoredEvent
    hash: bytes
    edition: str | None
    time: str

    @property
    def stream(self) -> UUID:
        """The stream the event belongs to."""
        return stream_of(self.stored)


def stream_of(stored: StoredEvent) -> UUID:
    """The stream an event belongs to; the library also allows text."""
    stream = stored.originator_id
    return stream if isinstance(stream, UUID) else UUID(stream)


class LogRecorder(Protocol):
    """What the ledger asks of a recorder, whichever the database."""

    def insert_events(self, stored_events: Sequence[StoredEvent], *, alongside: Alongside = NOTHING) -> Sequence[int]:
        """Append; return each event's position: the number of events up to and including it."""

    def select_events(
        self, originator_id: UUID | str, *, gt: int | None = None, lte: int | None = None
    ) -> Sequence[StoredEvent]:
        """Return the events of a stream, in order."""

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events in the order of the log."""

    def read(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query, each a dict by column."""

    def write(self, statements: Iterable[Statement]) -> int:
        """Run the statements in one transaction of their own; return how many rows they touched."""

    def scrub(self, tables: Sequence[str]) -> None:
        """Rewrite these tables, so that nothing of their deleted rows is left in the files of the database."""

    def close(self) -> None:
        """Close all connections."""


def entries_of(stored_events: Sequence[StoredEvent], origin: str) -> list[Entry]:
    """Hash the lines of these events; raises `LineTooLong`."""
    entries = []
    for stored in stored_events:
        state = json.loads(stored.state)
        leaf = leaf_hash(line(stored, origin, state))
        entries.append(Entry(stored, leaf, state.get("edition"), state["time"]))
    return entries


def expected_versions(stored_events: Sequence[StoredEvent], alongside: Alongside) -> dict[UUID, int]:
    """Return where every stream must be: those guarded, and those written, one version before their first event."""
    expected = dict(alongside.expecting)
    last: dict[UUID, int] = {}
    for stored in stored_events:
        stream, version = stream_of(stored), stored.originator_version
        if stream not in last:
            if expected.setdefault(stream, version - 1) != version - 1:
                raise Moved(stream)
        elif version != last[stream] + 1:
            raise ProgrammingError(f"{stream}: version {version} does not follow {last[stream]}")
        last[stream] = version
    return expected
