"""Destroying what a recorded erasure names: keys first, then every row beside the log about whom it names.

The log is the register of erasures. Beside it `erasing` lists, in the transaction of its events, what is still to be
destroyed; a row goes only when everything is gone, so that a process that is killed anywhere between leaves the rest to
the next one. Everything here may run any number of times, by several processes at once.

A key is named by an id and a class: those of a participant are `case` and `public`, that of a subject is `account`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from awards.domain.values import instant, moment
from awards.ledger import affiliations, contacts
from awards.ledger.beside import Query
from awards.ledger.keys import PARTICIPANT, SUBJECT, KeyStore, Pair
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Statement

SOME = 20
"""Ids looked for by one statement."""

GONE = "erased"
"""In the place of a keyed hash of a request's body, which then fits no body."""

TOPICS = ("subject.erased", "edition.participant_erased")


@dataclass(frozen=True)
class Destroyed:
    """Keys to destroy, and when that was decided."""

    pairs: frozenset[Pair]
    at: datetime


def note(pairs: Iterable[Pair], at: datetime) -> list[Statement]:
    """The statements that list what is to be destroyed, for the transaction of the events."""
    sql = "INSERT INTO erasing (id, class, time) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    return [(sql, [id, cls, instant(at)]) for id, cls in sorted(pairs)]


def due(ledger: Ledger) -> list[Destroyed]:
    """What is listed and not known to be gone, by the time of its events."""
    by_time: dict[str, set[Pair]] = {}
    for row in ledger.rows("SELECT id, class, time FROM erasing"):
        by_time.setdefault(row["time"], set()).add((row["id"], row["class"]))
    return [Destroyed(frozenset(pairs), moment(time)) for time, pairs in sorted(by_time.items())]


def recorded(ledger: Ledger) -> list[Destroyed]:
    """What any event of the log says is erased; reads the whole log."""
    return list(_recorded(ledger))


def _recorded(ledger: Ledger) -> Iterator[Destroyed]:
    after = 0
    while found := ledger.recorder.select_notifications(after + 1, 1000, topics=TOPICS):
        for event in found:
            pairs = pairs_of(event.topic, str(event.originator_id), event.state)
            yield Destroyed(pairs, moment(json.loads(event.state)["time"]))
        after = found[-1].id


def pairs_of(topic: str, stream: str, state: bytes) -> frozenset[Pair]:
    """What an event, as it is stored, says is erased."""
    if topic not in TOPICS:
        return frozenset()
    told = json.loads(state)
    id, known = (told["participant"], PARTICIPANT) if "participant" in told else (stream, SUBJECT)
    return frozenset((id, cls) for cls in told["classes"] if cls in known)


def destroy(ledger: Ledger, keys: KeyStore, one: Destroyed) -> None:
    """Destroy the keys, and then delete every row about those they were of."""
    keys.erase_all(one.pairs, one.at)
    forget(ledger, keys, one.pairs, one.at)


def settle(ledger: Ledger, done: Iterable[Destroyed]) -> None:
    """Take off the list what is gone for good."""
    sql = "DELETE FROM erasing WHERE id = ? AND class = ?"
    ledger.write(*((sql, list(pair)) for one in done for pair in sorted(one.pairs)))


# --- rows about somebody


def forget(ledger: Ledger, keys: KeyStore, pairs: Collection[Pair], before: datetime) -> None:
    """Delete what lies beside the log about these, whose keys are gone. `before`: of requests only earlier ones."""
    participants = sorted({id for id, cls in pairs if cls in PARTICIPANT})
    subjects = sorted({id for id, cls in pairs if cls in SUBJECT})
    _forget_values(ledger, pairs)
    _forget_imports(ledger, participants)
    for participant in participants:
        ledger.write(*_of_participant(participant))
    for subject in subjects:
        ledger.write(*_of_subject(subject))
    _forget_map(ledger, keys, participants, subjects)
    body = "UPDATE idempotency SET body = ? WHERE body <> ? AND time < ?"
    # Whose request a row keeps, and about whom, its hashes do not tell: so none is left that fits a body. Counters of
    # attempts are by keyed hashes of logins.
    ledger.write((body, [GONE, GONE, instant(before)]), ("DELETE FROM limits", []))


def _forget_values(ledger: Ledger, pairs: Collection[Pair]) -> None:
    """A value about several people goes with any one of them."""
    for cls in sorted({cls for _, cls in pairs}):
        for row in values_about(ledger.rows, [id for id, of in pairs if of == cls], [cls]):
            ledger.write(("DELETE FROM sealed WHERE digest = ?", [row["digest"]]))


def _of_participant(participant: str) -> list[Statement]:
    return [
        ("DELETE FROM spent WHERE hash IN (SELECT hash FROM tokens WHERE participant = ?)", [participant]),
        ("DELETE FROM tokens WHERE participant = ?", [participant]),
        ("DELETE FROM outbox WHERE facts LIKE ?", [f'%"{participant}"%']),
    ]


def _forget_imports(ledger: Ledger, participants: Sequence[str]) -> None:
    """Forget the keyed hashes of lines that told of these: nominations naming them, their reviews and those of them."""
    for row in list(
        _chunked(ledger.rows, "SELECT participant, edition FROM participants WHERE participant IN", participants)
    ):
        marked = ledger.rows("SELECT DISTINCT stream FROM imported WHERE edition = ?", [row["edition"]])
        streams = [UUID(one["stream"]) for one in marked]
        naming = ledger.streams_naming(streams, [row["participant"]])
        naming |= ledger.streams_naming(streams, [str(one) for one in naming])
        ledger.write(*(("DELETE FROM imported WHERE stream = ?", [str(one)]) for one in naming))


def _of_subject(subject: str) -> list[Statement]:
    by_subject = ("accounts", "identities", "sessions", "tokens")
    return [
        ("DELETE FROM spent WHERE hash IN (SELECT hash FROM tokens WHERE subject = ?)", [subject]),
        *((f"DELETE FROM {table} WHERE subject = ?", [subject]) for table in by_subject),  # noqa: S608
        *contacts.forget(subject),
        *affiliations.forget(subject),
    ]


def _forget_map(ledger: Ledger, keys: KeyStore, participants: Sequence[str], subjects: Sequence[str]) -> None:
    """Forget under which id a person took part where nothing of her is left: neither there, nor her account.

    Where her published name was kept the row stays, so that it can be erased later.
    """
    for column, ids in (("participant", participants), ("subject", subjects)):
        for row in _chunked(ledger.rows, f"SELECT participant, subject FROM participants WHERE {column} IN", ids):  # noqa: S608
            wanted = [*((row["participant"], cls) for cls in PARTICIPANT), *((row["subject"], cls) for cls in SUBJECT)]
            if not any(keys.get_many(wanted).values()):
                ledger.write(("DELETE FROM participants WHERE participant = ?", [row["participant"]]))


def values_about(query: Query, ids: Collection[str], classes: Collection[str]) -> list[Mapping[str, Any]]:
    """The sealed values about any of these ids, alone or with others: digest, subjects, class."""
    found: list[Mapping[str, Any]] = []
    of_class = ", ".join("?" * len(classes))
    for some in _some(sorted(ids)):
        about = " OR ".join(["subjects LIKE ?"] * len(some))
        sql = f"SELECT digest, subjects, class FROM sealed WHERE class IN ({of_class}) AND ({about})"  # noqa: S608
        found += query(sql, [*classes, *(f'%"{id}"%' for id in some)])
    return list({row["digest"]: row for row in found}.values())


def _chunked(query: Query, sql: str, ids: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for some in _some(ids):
        yield from query(f"{sql} ({', '.join('?' * len(some))})", some)


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + SOME] for start in range(0, len(ids), SOME))
