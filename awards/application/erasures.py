"""Commands on erasing a person: asked for by one, approved by another, and then carried out.

A person is named by the id of a subject or of a participant, and is all the ids that turned out to be hers. Events come
first, in one transaction with the list of what is to be destroyed; then keys, rows, read models and what the files of
the database still hold of them (`awards.ledger.erasing`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from awards.application.desk import Arrival, Commands, Desk, command
from awards.application.held import held_about
from awards.application.holding import scopes_of
from awards.application.people import one_award
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.subject import ERASABLE, EVERY_AWARD, ErasureRequest, Subject
from awards.domain.values import Act
from awards.ledger import erasing
from awards.ledger.beside import subject_of
from awards.ledger.database import OTHER_TABLES
from awards.ledger.keys import PARTICIPANT, SUBJECT, Pair

View = dict[str, Any]

REWRITTEN = (*(table for table in OTHER_TABLES if table != "sealed"), "roll")
"""The tables whose rows may hold something in clear; in `sealed` everything is under a key that is gone."""


class Person(NamedTuple):
    """Somebody under all her ids: participant -> edition by subject."""

    name: str
    participants: Mapping[str, Mapping[str, str]]


class ErasureCommands(Commands):
    """From the request to the last byte."""

    @command("erasure.request")
    def request(
        self,
        work: Work,
        subject: str,
        basis: str,
        classes: Collection[str] = ERASABLE,
        kept: Mapping[str, str] | None = None,
    ) -> str:
        """Ask for a person's erasure; gives the subject's id. `kept`: a class that stays -> the legal basis."""
        person = self._person(work, subject)
        act = self._act(work, person)
        classes = [cls for cls in classes if cls not in (kept or {})]
        refused: no.Refusal | None = None
        asked = 0
        for id in person.participants:
            found = work.find(Subject, UUID(id))
            try:
                if found is None:
                    work.begin(Subject.begin_erasure(act, UUID(id), classes, basis, kept or {}))
                else:
                    found.request_erasure(act, classes, basis, kept or {})
                asked += 1
            except (no.ErasureAlreadyRequested, no.PersonErased) as reason:
                refused = reason
        if refused and not asked:
            raise refused
        return person.name

    @command("erasure.approve")
    def refuse(self, work: Work, subject: str, code: str) -> str:
        """Turn a request down, or take it back."""
        person = self._person(work, subject)
        act = self._act(work, person)
        for found in self._requested(work, person):
            found.refuse_erasure(act, code)
        return person.name

    def approve(self, arrival: Arrival, subject: str) -> str:
        """Agree as the second person, and carry it out; gives the subject's id."""
        found = self._approve(arrival, subject)
        finish(self.desk)
        return found

    @command("erasure.approve")
    def _approve(self, work: Work, subject: str) -> str:
        person = self._person(work, subject)
        act = self._act(work, person)
        if work.caller.subject in person.participants:
            raise no.OwnAccount
        self._requested(work, person)
        for id, participants in person.participants.items():
            stream = work.find(Subject, UUID(id))
            if stream is None or not stream.requested:
                raise no.ErasureIncomplete
            work.expect_participants(id, len(participants))
            self._erase(work, act, stream, participants)
        return person.name

    def _erase(self, work: Work, act: Act, subject: Subject, participants: Mapping[str, str]) -> None:
        asked = subject.require_erasure_requested()
        subject.erase(act)
        work.settle(subject)
        pairs: set[Pair] = {(subject.key, cls) for cls in asked.classes if cls in SUBJECT}
        published = self._published(participants)
        for participant, edition in participants.items():
            classes, kept = _here(asked, participant in published)
            where = work.edition(edition)
            if classes := classes - where.erased.get(participant, frozenset()):
                where.erase(work.erasing(), participant, classes, asked.basis, kept)
                pairs |= {(participant, cls) for cls in classes}
        for statement in erasing.note(pairs, work.at):
            work.change(statement)

    def _published(self, participants: Collection[str]) -> set[str]:
        """Those of these about whom something is published, or sealed to be."""
        values = erasing.values_about(self.desk.ledger.rows, participants, ["public"])
        return {id for row in values for id in json.loads(row["subjects"])}

    def _requested(self, work: Work, person: Person) -> list[Subject]:
        """Those of her streams in which a request waits, of which there is one."""
        streams = (work.find(Subject, UUID(id)) for id in person.participants)
        found = [stream for stream in streams if stream and stream.requested]
        if not found:
            raise no.ErasureNotRequested
        return found

    # Looking.

    @command("erasure.read")
    def _may_read(self, work: Work, who: str) -> str:
        person = self._person(work, who)
        self._act(work, person)
        return person.name

    def erasure(self, arrival: Arrival, who: str) -> View:
        """What is held about a person and would go, what stays, and how far her erasure is."""
        subject = self._may_read(Arrival(arrival.caller, arrival.at), who)
        return held_about(self.desk, subject, self._person_of(subject).participants, arrival.at)

    # Who is meant.

    def _person(self, work: Work, who: str) -> Person:
        """The person behind an id of a subject or of a participant."""
        # By the work, so that nobody is linked to her before it is recorded.
        who = _id(who)
        person = self._person_of(work.subject_of(who) or who, lambda edition: work.find(Edition, edition))
        if not any(person.participants.values()) and work.find(Subject, UUID(person.name)) is None:
            raise no.PersonErased if self._is_officer(work) and self._is_gone(who) else no.NotFound
        return person

    def _person_of(self, subject: str, find: Callable[[UUID], Any] | None = None) -> Person:
        """All ids of a person, found by going from editions to subjects and back as long as there are new ones."""
        find = find or self.desk.streams.get
        rows = self.desk.ledger.rows
        found: dict[str, dict[str, str]] = {}
        todo = [subject]
        while todo:
            one = todo.pop()
            if one in found:
                continue
            sql = "SELECT participant, edition FROM participants WHERE subject = ? ORDER BY participant"
            found[one] = {row["participant"]: row["edition"] for row in rows(sql, [one])}
            for participant, edition in found[one].items():
                where = find(UUID(edition))
                others = where.person(participant) - {participant} if isinstance(where, Edition) else ()
                todo += [other for one in sorted(others) if (other := subject_of(rows, one))]
        return Person(subject, found)

    def _is_officer(self, work: Work) -> bool:
        """Whether the caller may act so for every award, or for one."""
        return work.allowed(None) or (work.caller.award is not None and work.allowed(one_award(work.caller.award)))

    def _is_gone(self, who: str) -> bool:
        return any((who, cls) in self.desk.keys.tombstones() for cls in (*PARTICIPANT, *SUBJECT))

    def _act(self, work: Work, person: Person) -> Act:
        """The act of an officer for every award, or for the only one that the person has to do with.

        A person has one account for all editions, so an officer of one edition reaches nobody.
        """
        if work.allowed(None):
            return work.act()
        if work.caller.edition:
            work.act(edition=work.edition(work.caller.edition))
            raise no.BeyondReach("An erasure reaches beyond one edition: ask an officer of the award, or of all.")
        act = work.act(award=one_award(work.caller.award or EVERY_AWARD))
        scopes = {scope for id in person.participants for scope in scopes_of(self.desk, id)}
        if not scopes and self._is_gone(person.name):
            raise no.PersonErased
        if work.caller.award not in scopes:
            raise no.NotFound
        if scopes != {work.caller.award}:
            raise no.BeyondReach
        return act


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise no.NotFound from None


def _here(asked: ErasureRequest, published: bool) -> tuple[frozenset[str], dict[str, str]]:
    """What goes in one edition, and what is kept there: nothing where nothing is published."""
    classes = frozenset(cls for cls in asked.classes if cls in PARTICIPANT)
    kept = dict(asked.kept)
    if classes and not published:
        return classes | kept.keys(), {}
    return classes, kept if classes else {}


def finish(desk: Desk) -> int:
    """Carry out every recorded erasure that is not known to be carried out; gives how many keys were destroyed."""
    todo = erasing.due(desk.ledger)
    if not todo:
        return 0
    for one in todo:
        erasing.destroy(desk.ledger, desk.keys, one)
    desk.projector.forget()
    desk.projector.catch_up()
    desk.ledger.scrub(REWRITTEN)
    erasing.settle(desk.ledger, todo)
    return sum(len(one.pairs) for one in todo)
