"""Reading: what queries are given, the read models as of one position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from eventsourcing.persistence import Mapper, Notification
from sqlalchemy import Connection

from awards.projections.opening import OpenAll, open_in
from awards.projections.tables import View

After = tuple[Any, ...]
"""Sort values of the last item of the page before."""


class Page(NamedTuple):
    """Some items of a list, and after which sort values the next page begins (None: there is none)."""

    items: list[View]
    after: After | None


KEPT = 100
"""Answers kept in a process."""

Kept = TypeVar("Kept")


class Log(Protocol):
    """What read models need of the ledger."""

    @property
    def mapper(self) -> Mapper[UUID]: ...

    def position(self) -> int: ...

    def notifications(self, after: int, limit: int) -> Sequence[Notification]: ...

    def events_of(self, stream: UUID) -> Sequence[Any]: ...

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Rows:
    """The read models at one position, in one transaction."""

    connection: Connection
    position: int
    roll_changed: int
    """The position of the last event that could change the roll: what was read from it at this value still holds."""

    log: Log
    open_all: OpenAll
    kept: dict[Any, tuple[int, Any]]
    """What this process worked out, by what was asked; with the mark it was worked out at."""

    def opened(self, views: list[View]) -> list[View]:
        """The views with all sealed values opened, those nobody can open any more as "erased"."""
        open_in(views, self.open_all)
        return views

    def keep(self, asked: Any, mark: int, work_out: Callable[[], Kept]) -> Kept:
        """What is worked out for a question, once for each mark."""
        known = self.kept.get(asked)
        if known is None or known[0] != mark:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            self.kept[asked] = known = (mark, work_out())
        return known[1]

    def last_of(self, edition: str) -> int:
        """The position of the last event of an edition, 0 for none."""
        query = "SELECT max(idx) + 1 AS position FROM leaves WHERE edition = ? AND idx < ?"
        ((row),) = self.log.rows(query, (edition, self.position))
        return row["position"] or 0
