"""What is due for erasure: requests that wait for a second person, and what is beyond the periods that the rules of
editions set. These propose; nothing is erased by itself.

An edition is over when it is cancelled, or when every category has its decision announced or withheld, with no appeal
waiting; and then since the last thing that happened to any of that, or the end of the last embargo. An account is due
when each edition its person takes part in has a period for accounts that has passed, and she holds no award-wide role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from awards.access import Caller, Place, allows, require
from awards.application.desk import Arrival
from awards.application.holding import scopes_of
from awards.application.standpoint import Standpoint
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.retention import months_later
from awards.domain.subject import EVERY_AWARD, Subject
from awards.domain.values import instant
from awards.ledger.keys import PARTICIPANT
from awards.projections import subjects

View = dict[str, Any]
Ends = dict[str, datetime]
"""Until when each class is kept."""

OVER = ("announced", "withheld")
"""Phases of a decision after which nothing more has to happen."""


class RetentionCommands(Standpoint):
    """The periods, and what is beyond them."""

    def due(self, arrival: Arrival) -> list[View]:
        """What is due within the caller's reach: {subject, participant?, edition?, label?, classes, due,
        requested?}."""
        caller, now = arrival.caller, arrival.at
        require("erasure.read", self._standing(caller))
        found = list(self._requested(caller))
        people: dict[str, list[Ends]] = {}
        ends: dict[str, Ends] = {}
        for row in self.desk.ledger.rows("SELECT edition, participant, subject FROM participants ORDER BY 1, 2"):
            edition = self._stream(Edition, row["edition"])
            if edition.key not in ends:
                ends[edition.key] = self._ends(edition)
            people.setdefault(row["subject"], []).append(ends[edition.key])
            if allows("erasure.read", self._place(caller, edition=edition)):
                found += _of_participant(edition, row, ends[edition.key], now)
        if allows("erasure.read", self._place(caller)):
            found += (view for who, all_ends in sorted(people.items()) for view in self._account(who, all_ends, now))
        return found

    def _requested(self, caller: Caller) -> Iterator[View]:
        """The requests that wait, of whoever has to do with nothing beyond the caller's reach; the oldest first."""
        if caller.edition:
            return
        with self.desk.projector.reading() as rows:
            waiting = sorted(subjects.requested(rows).items(), key=lambda one: one[::-1])
        for who, since in waiting:
            found = self._stream(Subject, who)
            reach = allows("erasure.read", self._place(caller)) or scopes_of(self.desk, who) == {caller.award}
            if reach and found.requested:
                asked = found.requested.told
                yield {"subject": who, "classes": asked["classes"], "due": since, "requested": asked}

    def _standing(self, caller: Caller) -> Place:
        if caller.edition:
            return self._place(caller, edition=self._stream(Edition, caller.edition))
        return self._place(caller, award=None if caller.award == EVERY_AWARD else caller.award)

    def _account(self, subject: str, all_ends: list[Ends], now: datetime) -> Iterator[View]:
        stream = self.desk.streams.get(UUID(subject))
        if isinstance(stream, Subject) and ("account" in stream.erased or (stream.active and stream.grants)):
            return
        ends = [one.get("account") for one in all_ends]
        last = max((end for end in ends if end), default=None)
        if last is not None and None not in ends and last <= now:
            yield {"subject": subject, "classes": ["account"], "due": instant(last)}

    def _ends(self, edition: Edition) -> Ends:
        """Until when the classes are kept for which there is a period; nothing while the edition goes on."""
        periods = (edition.rules or {}).get("retention")
        if not periods:
            return {}
        over = self._over(edition)
        return {cls: months_later(over, months) for cls, months in periods.items()} if over else {}

    def _over(self, edition: Edition) -> datetime | None:
        """Since when an edition is over; None while it is not."""
        if edition.cancelled:
            return edition.modified_on
        times: list[datetime] = []
        for category in (edition.rules or {})["categories"]:
            decision = self.desk.streams.get(Decision.id_of(edition.key, category["id"]))
            if not isinstance(decision, Decision) or decision.phase not in OVER or decision.appellants:
                return None
            times += [decision.modified_on, decision.embargo or decision.modified_on]
        return max(times)


def _of_participant(edition: Edition, row: Mapping[str, Any], ends: Ends, now: datetime) -> Iterator[View]:
    """The classes about a participant that are due: an entry for each moment since when they are."""
    gone = edition.erased.get(row["participant"], frozenset())
    by_time: dict[str, list[str]] = {}
    for cls in PARTICIPANT:
        if cls in ends and ends[cls] <= now and cls not in gone:
            by_time.setdefault(instant(ends[cls]), []).append(cls)
    for time, classes in sorted(by_time.items()):
        where = {"edition": edition.key, "label": edition.label, "participant": row["participant"]}
        yield {"subject": row["subject"], **where, "classes": classes, "due": time}
