"""Looking: what a read of an edition rests on, as things stand or as of a position of the log or a moment (design 5).

A past is shown to who reads now, as she stands now: her role, her recusals and how far the edition is are today's. So a
past never shows what the same read would not show today; and it tells no more than the history, which is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from awards.access import Place, require
from awards.application.desk import Arrival
from awards.application.readers import Reader
from awards.application.standpoint import Standpoint, given
from awards.domain import refusals as no
from awards.domain.values import instant, moment
from awards.projections import reviews
from awards.projections.rows import Rows


class Look(NamedTuple):
    """The read models that are asked, who reads, and what time it is there."""

    rows: Rows
    reader: Reader
    now: datetime


class Looking(Standpoint):
    """How every read of an edition begins."""

    @contextmanager
    def _looking(self, arrival: Arrival, place: Place) -> Iterator[Look]:
        """What to ask about the edition of a place, by whom, and as of when."""
        if arrival.as_of is not None:
            require("history.read", place)
        with self.desk.projector.reading() as rows:
            reader = self._reader(rows, place, arrival.at)
            if arrival.as_of is None:
                yield Look(rows, reader, arrival.at)
                return
        edition = place.edition
        assert edition is not None  # noqa: S101 - who may read the history was asked of an edition
        position, now = self._prefix(arrival, reader)
        with self.desk.projector.pasts.reading(edition.key, str(edition.of_award), position) as then:
            if then is None:
                raise no.NotFound
            own = (view for one in sorted(reader.ids) for view in reviews.own(then, edition.key, one))
            yield Look(then, replace(reader, then=given(own)), now)

    def _prefix(self, arrival: Arrival, reader: Reader) -> tuple[int, datetime]:
        """How much of the log is meant, and what time it was there."""
        ledger, as_of = self.desk.ledger, arrival.as_of
        if isinstance(as_of, datetime):
            if as_of > arrival.at:
                raise no.NotYet
            return ledger.position_at(instant(as_of)), as_of
        assert as_of is not None  # noqa: S101 - the present was told apart
        if not reader.whole:
            raise no.AskByMoment
        if as_of > ledger.position():
            raise no.NotYet
        return as_of, moment(ledger.time_at(as_of)) if as_of else arrival.at
