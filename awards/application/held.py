"""What is held about a person, counted: what an erasure would take, what others lose with it, and what stays.

It names nobody and opens nothing. Scores and ballots stay, and every event: they hold nothing personal.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from awards.application.desk import Desk
from awards.domain.edition import Edition
from awards.domain.subject import Subject
from awards.ledger import erasing
from awards.ledger.keys import PARTICIPANT, SUBJECT
from awards.projections import editions, reviews
from awards.projections.rows import Rows

View = dict[str, Any]

BESIDE = {
    "logins": "SELECT count(*) AS n FROM accounts WHERE subject = ? AND login IS NOT NULL",
    "identities": "SELECT count(*) AS n FROM identities WHERE subject = ?",
    "sessions": "SELECT count(*) AS n FROM sessions WHERE subject = ?",
    "tokens": "SELECT count(*) AS n FROM tokens WHERE subject = ?",
    "addresses": "SELECT count(*) AS n FROM contacts WHERE subject = ? AND email IS NOT NULL",
    "letters": "SELECT count(*) AS n FROM outbox WHERE recipient = ?",
    "affiliations": "SELECT count(*) AS n FROM affiliations WHERE subject = ?",
}
"""What lies beside the log about a subject, by the words of the report."""


def held_about(desk: Desk, subject: str, ids: Mapping[str, Mapping[str, str]], now: datetime) -> View:
    """The report on a person. `ids`: participant -> edition, by subject; the person is named by `subject`."""
    view: View = {"subject": subject, "erased": [], "editions": []}
    for id in ids:
        found = desk.streams.get(UUID(id))
        if isinstance(found, Subject):
            view["erased"] = sorted({*view["erased"], *found.erased})
            if found.requested:
                view["requested"] = found.requested.told
    participants = {one: edition for places in ids.values() for one, edition in places.items()}
    pending = {id for one in erasing.due(desk.ledger) for id, _ in one.pairs}
    view["finished"] = pending.isdisjoint({*ids, *participants})
    about = _values(desk, participants)
    with desk.projector.reading() as rows:
        for participant, edition in sorted(participants.items(), key=lambda place: place[::-1]):
            stream = desk.streams.get(UUID(edition))
            if isinstance(stream, Edition):
                place = _place(rows, stream, participant, now)
                view["editions"].append(
                    place | {"values": about[participant], "shared": about[participant].pop("shared")}
                )
    view["account"] = _account(desk, ids)
    return view


def _values(desk: Desk, participants: Iterable[str]) -> dict[str, Counter[str]]:
    """How many sealed values of each class are about each of these, and how many of them about others too."""
    counts = {one: Counter({**dict.fromkeys(PARTICIPANT, 0), "shared": 0}) for one in participants}
    for row in erasing.values_about(desk.ledger.rows, counts.keys(), PARTICIPANT):
        of = json.loads(row["subjects"])
        for one in counts.keys() & set(of):
            counts[one][row["class"]] += 1
            counts[one]["shared"] += len(of) > 1
    return counts


def _place(rows: Rows, edition: Edition, participant: str, now: datetime) -> View:
    told = editions.find(rows, edition.key, now) or {}
    given = [view for view in reviews.own(rows, edition.key, participant) if view["status"] == "submitted"]
    return {
        "edition": edition.key,
        "participant": participant,
        "award": edition.of_award,
        "label": edition.label,
        "phase": told.get("phase", ""),
        "roles": sorted(edition.roles_of(participant)),
        "scored": len(given),
        "erased": sorted(edition.erased.get(participant, ())),
    }


def _account(desk: Desk, subjects: Iterable[str]) -> dict[str, int]:
    total: Counter[str] = Counter(dict.fromkeys(("values", *BESIDE), 0))
    for subject in subjects:
        total["values"] += len(erasing.values_about(desk.ledger.rows, [subject], SUBJECT))
        for name, sql in BESIDE.items():
            total[name] += desk.ledger.rows(sql, [subject])[0]["n"]
    return dict(total)
