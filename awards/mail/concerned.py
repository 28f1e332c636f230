"""Whom a row for all concerned goes to, asked when it is due: who owes something, who took part.

Those asked about are participants; a person is written to once a cause, in the part named first. Whether it concerns
one of them still is asked again when the letter goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from awards.application.desk import Desk
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination, participants_of
from awards.domain.values import moment
from awards.mail.outbox import Message
from awards.projections import concerned

Facts = Mapping[str, str]


def spread(desk: Desk, message: Message, now: datetime) -> list[Message]:
    """A message to each of those concerned, in place of the one for all."""
    edition = desk.streams.get(UUID(message.facts["edition"]))
    if not isinstance(edition, Edition) or edition.cancelled:
        return []
    rows = desk.ledger.rows("SELECT participant, subject FROM participants WHERE edition = ?", [edition.key])
    subjects = {row["participant"]: row["subject"] for row in rows}
    concerned_by = _took_part if message.kind == "results" else _owing
    messages: dict[str, Message] = {}
    for facts in concerned_by(desk, edition, message.facts, now):
        subject = subjects.get(facts["participant"])
        if subject is not None and subject not in messages:
            told = {**message.facts, **facts}
            messages[subject] = Message(cause=message.cause, recipient=subject, kind=message.kind, due=now, facts=told)
    return list(messages.values())


# Who owes something.


def _owing(desk: Desk, edition: Edition, facts: Facts, now: datetime) -> Iterator[Facts]:
    if not _stands(edition, facts, now):
        return
    with desk.projector.reading() as rows:
        if facts["what"] == "call":
            done = concerned.nominators(rows, edition.key)
            who = frozenset(one for one, roles in edition.roles.items() if "nominator" in roles) - done
        else:
            who = concerned.owing_reviews(rows, edition.key, facts["stage"]) & edition.seats_at(facts["stage"]).keys()
    yield from ({"participant": participant} for participant in sorted(who))


def owes(desk: Desk, edition: Edition, facts: Facts, now: datetime) -> bool:
    """Whether a participant has still to do before a deadline what the reminder is about."""
    who = facts["participant"]
    if not _stands(edition, facts, now):
        return False
    with desk.projector.reading() as rows:
        if facts["what"] == "call":
            return "nominator" in edition.roles_of(who) and who not in concerned.nominators(rows, edition.key)
        seated = who in edition.seats_at(facts["stage"])
        return seated and concerned.owes_review(rows, edition.key, facts["stage"], who)


def _stands(edition: Edition, facts: Facts, now: datetime) -> bool:
    """Whether the deadline is still this one, and still ahead."""
    deadline = moment(facts["deadline"])
    if edition.cancelled or deadline <= now:
        return False
    if facts["what"] == "call":
        return edition.closes == deadline and edition.takes_nominations(now)
    stage = facts["stage"]
    return edition.reviewing.get(stage) == "open" and edition.due.get(stage) == facts["deadline"]


# Who took part.


def _took_part(desk: Desk, edition: Edition, facts: Facts, _now: datetime) -> Iterator[Facts]:
    """Panel, nominators and nominees of a decision's category; nominees only where they were asked or told."""
    decision = desk.streams.get(UUID(facts["decision"]))
    if not isinstance(decision, Decision):
        return
    for _, member in sorted(edition.panel):
        yield {"participant": member, "part": "panel"}
    with desk.projector.reading() as rows:
        cases = concerned.of_category(rows, edition.key, decision.category)
    standing = [case for case in cases if case["status"] not in ("withdrawn", "declined")]
    for case in standing:
        yield {"participant": case["nominator"], "part": "nominator", "case": case["id"]}
    for case in standing:
        if _told(edition, case.get("answer")):
            for one in (case["nominee"], *case["nominee"].get("members", ())):
                yield {"participant": one["participant"], "part": "nominee", "case": case["id"]}


def took_part(desk: Desk, edition: Edition, facts: Facts) -> bool:
    """Whether a participant has still the part in a decision by which the result concerns her."""
    who, part = facts["participant"], facts["part"]
    if part == "panel":
        return any(member == who for _, member in edition.panel)
    case = desk.streams.get(UUID(facts["case"]))
    if not isinstance(case, Nomination) or case.withdrawn or case.answer == "declined":
        return False
    if part == "nominator":
        return case.nominator == who
    return who in participants_of(case.nominee) and _told(edition, case.answer)


def _told(edition: Edition, answer: str | None) -> bool:
    """Whether a nominee may be written to as one: nobody learns by mail of having been put forward in silence."""
    return answer == "accepted" or (edition.rules is not None and edition.rules["consent"] == "informed")
