"""The feed: from the events of the log to rows of the outbox, each event once.

A cause names what a message is for: `<stream>/<version>` of an event, or `reminder/<edition>/<what>/<deadline>`. Only
ids and words of the log go into a row. Whether the message is still due, and to whom a row for all concerned goes, is
asked when it is sent (`letters`, `concerned`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from eventsourcing.persistence import Notification
from eventsourcing.utils import get_topic

from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.subject import Subject
from awards.domain.values import moment
from awards.ledger.beside import subject_of
from awards.ledger.ledger import Ledger
from awards.mail.outbox import CONCERNED, Message, Outbox

BATCH = 500
"""Events a transaction."""

AHEAD = timedelta(hours=72)
"""How long before a deadline those who still owe something are reminded."""

Recipient = Callable[[str], str | None]
"""The subject behind a participant."""


class Feed:
    """Fills the outbox. Any number of processes may feed: each batch is written by one of them."""

    def __init__(self, ledger: Ledger, outbox: Outbox) -> None:
        self._ledger = ledger
        self._outbox = outbox

    def catch_up(self) -> int:
        """Turn what is new in the log into rows; gives the position reached."""
        while True:
            start = self._outbox.position()
            batch = self._ledger.notifications(start, BATCH)
            if not batch:
                return start
            messages = [message for stored in batch for message in self._messages(stored)]
            self._outbox.fill(messages, start, batch[-1].id)

    def _messages(self, stored: Notification) -> Iterator[Message]:
        follow = FOLLOW.get(stored.topic)
        if follow is not None:
            event: Any = self._ledger.mapper.to_domain_event(stored)
            yield from follow(event, lambda participant: subject_of(self._ledger.rows, participant))


def _caused(event: Any, recipient: str | None, kind: str, facts: Mapping[str, str]) -> Iterator[Message]:
    """The message an event is the cause of; none to somebody erased."""
    if recipient is not None:
        cause = f"{event.originator_id}/{event.originator_version}"
        yield Message(cause=cause, recipient=recipient, kind=kind, due=event.timestamp, facts=facts)


def _reminder(event: Any, what: str, deadline: str, facts: Mapping[str, str]) -> Iterator[Message]:
    """A reminder to all concerned; none where the deadline is near already."""
    due = moment(deadline) - AHEAD
    if due > event.timestamp:
        cause = f"reminder/{event.edition}/{what}/{deadline}"
        told = {"edition": str(event.edition), "deadline": deadline, **facts}
        yield Message(cause=cause, recipient=CONCERNED, kind="reminder", due=due, facts=told)


# What follows from which event.


def _granted(event: Subject.RoleGranted, _recipient: Recipient) -> Iterator[Message]:
    yield from _caused(event, str(event.originator_id), "role", {"role": event.role, "scope": event.scope})


def _entered(event: Edition.RoleEntered, recipient: Recipient) -> Iterator[Message]:
    if event.actor.get("id") != event.participant:  # who enters by an act of her own knows
        facts = {"edition": str(event.edition), "participant": event.participant, "role": event.role}
        yield from _caused(event, recipient(event.participant), "role", facts)


def _appointed(event: Edition.PanelMemberAppointed, recipient: Recipient) -> Iterator[Message]:
    facts = {"edition": str(event.edition), "participant": event.participant, "stage": event.stage, "seat": event.seat}
    yield from _caused(event, recipient(event.participant), "role", facts)


def _call(event: Edition.CallOpened | Edition.CallExtended, _recipient: Recipient) -> Iterator[Message]:
    yield from _reminder(event, "call", event.closes, {"what": "call", "zone": event.zone})


def _reviewing(event: Edition.ReviewingOpened | Edition.ReviewingReopened, _recipient: Recipient) -> Iterator[Message]:
    if event.due is not None:
        yield from _reminder(event, event.stage, event.due, {"what": "reviews", "stage": event.stage, "zone": "UTC"})


def _assigned(event: Review.Assigned, recipient: Recipient) -> Iterator[Message]:
    facts = {"edition": str(event.edition), "participant": event.reviewer, "review": str(event.originator_id)}
    yield from _caused(event, recipient(event.reviewer), "assignment", facts)


def _submitted(event: Nomination.Submitted, recipient: Recipient) -> Iterator[Message]:
    facts = {"edition": str(event.edition), "participant": event.nominator, "nomination": str(event.originator_id)}
    yield from _caused(event, recipient(event.nominator), "receipt", facts)


def _announced(event: Decision.Announced, _recipient: Recipient) -> Iterator[Message]:
    facts = {"edition": str(event.edition), "decision": str(event.originator_id)}
    public: datetime = moment(event.embargo) if event.embargo else event.timestamp
    for message in _caused(event, CONCERNED, "results", facts):
        yield Message(cause=message.cause, recipient=CONCERNED, kind="results", due=public, facts=facts)


Follow = Callable[[Any, Recipient], Iterator[Message]]

_FOLLOW: dict[type, Follow] = {
    Subject.RoleGranted: _granted,
    Edition.RoleEntered: _entered,
    Edition.PanelMemberAppointed: _appointed,
    Edition.CallOpened: _call,
    Edition.CallExtended: _call,
    Edition.ReviewingOpened: _reviewing,
    Edition.ReviewingReopened: _reviewing,
    Review.Assigned: _assigned,
    Nomination.Submitted: _submitted,
    Decision.Announced: _announced,
}
FOLLOW: Mapping[str, Follow] = {get_topic(event_class): follow for event_class, follow in _FOLLOW.items()}
