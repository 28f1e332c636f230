"""The outbox: which mail is due to whom, beside the log, without any personal value.

A row is waiting, sent, failed (given up, for the operator to see) or dropped (no longer due, and why). Whoever wants to
send a row takes it first by counting its tries up, as one conditional UPDATE: of two processes one finds it taken. A
row that was taken waits until its lease ends, so that it is tried again if that process died.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from awards.domain.values import instant, moment
from awards.ledger.contacts import Tables
from awards.ledger.recorders import Statement

LEASE = timedelta(minutes=20)
"""How long a taken row is left alone: longer than an exchange with the mail server can take (see `smtp`)."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
"""Between tries, doubled each time."""

GIVE_UP = timedelta(days=7)
"""After its due time a message is old news (RFC 5321, section 4.5.4.1, asks for four to five days of trying)."""

CONCERNED = "*"
"""The recipient of a row that stands for all whom it concerns; it becomes rows of theirs when it is due."""

_INSERT = (
    "INSERT INTO outbox (cause, recipient, kind, due, facts, state, tries, next_try)"
    " SELECT ?, ?, ?, ?, ?, 'waiting', 0, CAST(? AS TEXT)"
)
_UNLESS_THERE = "ON CONFLICT (cause, recipient) DO NOTHING"
_AT = "EXISTS (SELECT 1 FROM mail_feed WHERE position = ?)"
_ROW = "WHERE cause = ? AND recipient = ? AND state = 'waiting' AND tries = ?"


@dataclass(frozen=True, kw_only=True)
class Message:
    """A row: `facts` are ids and words of the log, `why` says in a word what became of it."""

    cause: str
    recipient: str
    kind: str
    due: datetime
    facts: Mapping[str, str]
    state: str = "waiting"
    tries: int = 0
    next_try: datetime | None = None
    sent: datetime | None = None
    why: str | None = None


class Outbox:
    """The table and the feed's position."""

    def __init__(self, ledger: Tables) -> None:
        self._ledger = ledger

    # Filling.

    def position(self) -> int:
        """How much of the log was turned into mail."""
        return int(self._ledger.rows("SELECT position FROM mail_feed")[0]["position"])

    def fill(self, messages: Sequence[Message], start: int, end: int) -> bool:
        """Add the messages that follow from the events after `start` up to `end`; False if another did meanwhile.

        The first statement locks the position, so that writers come one after another; the others do nothing unless
        it is still `start`.
        """
        lock: Statement = ("UPDATE mail_feed SET position = position WHERE position = ?", [start])
        move: Statement = ("UPDATE mail_feed SET position = ? WHERE position = ?", [end, start])
        added = (_insert(message, f"WHERE {_AT}", start) for message in messages)
        return self._ledger.write(lock, *added, move) > 0

    def spread(self, message: Message, messages: Sequence[Message], why: str) -> None:
        """Put in place of a row for all concerned those of each of them."""
        done: Statement = (
            f"UPDATE outbox SET state = 'dropped', why = ? {_ROW}",  # noqa: S608  # our own text
            [why, message.cause, message.recipient, message.tries],
        )
        self._ledger.write(*(_insert(each, "WHERE 1 = 1") for each in messages), done)

    # Sending.

    def due(self, now: datetime, limit: int = 100) -> list[Message]:
        """Rows to be sent now, those that wait longest first."""
        sql = "SELECT * FROM outbox WHERE state = 'waiting' AND next_try <= ? ORDER BY next_try, cause LIMIT ?"
        return [_message(row) for row in self._ledger.rows(sql, [instant(now), limit])]

    def take(self, message: Message, now: datetime) -> Message | None:
        """Take a row for as long as the lease; None if another has."""
        until = now + LEASE
        sql = f"UPDATE outbox SET tries = tries + 1, next_try = ? {_ROW}"  # noqa: S608
        taken = self._ledger.write((sql, [instant(until), message.cause, message.recipient, message.tries]))
        return replace(message, tries=message.tries + 1, next_try=until) if taken else None

    def sent(self, message: Message, now: datetime) -> None:
        """Note that the mail server accepted it, even if the lease ended meanwhile."""
        sql = "UPDATE outbox SET state = 'sent', sent = ?, why = NULL WHERE cause = ? AND recipient = ?"
        self._ledger.write((sql, [instant(now), message.cause, message.recipient]))

    def drop(self, message: Message, why: str) -> None:
        """Note that it is no longer due."""
        self._settle(message, "dropped", why)

    def fail(self, message: Message, why: str) -> None:
        """Give it up, for the operator to see."""
        self._settle(message, "failed", why)

    def postpone(self, message: Message, until: datetime, why: str | None = None) -> None:
        """Leave it alone until then."""
        sql = f"UPDATE outbox SET next_try = ?, why = ? {_ROW}"  # noqa: S608
        self._ledger.write((sql, [instant(until), why, message.cause, message.recipient, message.tries]))

    def defer(self, message: Message, now: datetime, why: str) -> None:
        """Try again later, each time after twice as long."""
        doubled = FIRST_WAIT * 2 ** min(max(message.tries - 1, 0), 20)
        self.postpone(message, now + min(doubled, LONGEST_WAIT), why)

    def again(self, now: datetime) -> int:
        """Let what was given up be tried anew; returns how many."""
        at = instant(now)
        sql = "UPDATE outbox SET state = 'waiting', due = ?, next_try = ? WHERE state = 'failed'"
        return self._ledger.write((sql, [at, at]))

    # For the operator.

    def unsent(self, after: tuple[str, str, str] = ("", "", ""), limit: int = 500) -> list[Message]:
        """What waits or was given up, by the time it was due."""
        sql = (
            "SELECT * FROM outbox WHERE state IN ('waiting', 'failed') AND (due, cause, recipient) > (?, ?, ?)"
            " ORDER BY due, cause, recipient LIMIT ?"
        )
        return [_message(row) for row in self._ledger.rows(sql, [*after, limit])]

    def listed(self) -> Iterator[str]:
        """A line for each of them: people by their ids only."""
        after = ("", "", "")
        while some := self.unsent(after):
            for message in some:
                to = "all concerned" if message.recipient == CONCERNED else message.recipient
                why = f": {message.why}" if message.why else ""
                due, times = instant(message.due), f"{message.tries} tries"
                yield f"{message.state} {message.kind} due {due} to {to} for {message.cause}, {times}{why}"
            after = (instant(some[-1].due), some[-1].cause, some[-1].recipient)

    def counts(self) -> dict[str, int]:
        """How many rows there are in each state."""
        rows = self._ledger.rows("SELECT state, count(*) AS n FROM outbox GROUP BY state")
        return {str(row["state"]): int(row["n"]) for row in rows}

    def _settle(self, message: Message, state: str, why: str) -> None:
        sql = f"UPDATE outbox SET state = ?, why = ? {_ROW}"  # noqa: S608
        self._ledger.write((sql, [state, why, message.cause, message.recipient, message.tries]))


def _insert(message: Message, condition: str, *params: Any) -> Statement:
    due = instant(message.due)
    facts = json.dumps(message.facts, sort_keys=True)
    values = [message.cause, message.recipient, message.kind, due, facts, due, *params]
    return f"{_INSERT} {condition} {_UNLESS_THERE}", values


def _message(row: Mapping[str, Any]) -> Message:
    return Message(
        **{name: row[name] for name in ("cause", "recipient", "kind", "state", "tries", "why")},
        facts=json.loads(row["facts"]),
        due=moment(row["due"]),
        next_try=moment(row["next_try"]),
        sent=moment(row["sent"]) if row["sent"] else None,
    )
