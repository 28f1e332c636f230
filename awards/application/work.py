"""One try at a command: what it read, what it wants recorded, and who acts.

Every stream read is expected unmoved at the save, so no rule rests on what has changed meanwhile. People named for the
first time get their ids (whose keys are durable already) and their place in the map in the same transaction; whoever
acts in an edition for the first time by an award-wide role enters it by an event before the act.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from awards.access import Caller, allows, require
from awards.application.places import place_of
from awards.domain import refusals as no
from awards.domain.award import Award
from awards.domain.balloting import Ballot
from awards.domain.decision import UNPROPOSED, Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.stream import Stream, StreamEvent
from awards.domain.subject import Subject
from awards.domain.values import Act, instant
from awards.ledger.beside import subject_of
from awards.ledger.keys import BALLOT, PARTICIPANT, SUBJECT
from awards.ledger.recorders import Alongside, Statement
from awards.ledger.sealed import AboutErased, from_table, open_all, seal
from awards.projections import ballots

if TYPE_CHECKING:
    from awards.application.desk import Desk
    from awards.projections.rows import Rows

A = TypeVar("A", bound=Stream)


class Work:
    """The unit of work of one command."""

    def __init__(self, desk: Desk, permission: str, caller: Caller, at: datetime) -> None:
        self.caller = caller
        self.at = at
        self._desk = desk
        self._permission = permission
        self._correlation = str(uuid.uuid4())
        self._held: dict[UUID, Stream] = {}
        self._expecting: dict[UUID, int] = {}
        self._editions_at: dict[str, int] = {}
        self._taking_part: dict[str, int] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._newcomers: set[str] = set()
        self._settled: list[StreamEvent] = []
        self.named: list[tuple[str, str]] = []
        """What the command was asked about, by the noun and the id."""
        self._statements: list[Statement] = []

    # What it reads.

    def award(self, stream: str, version: int | None = None) -> Award:
        return self._get(Award, stream, version)

    def edition(self, stream: str) -> Edition:
        return self._get(Edition, stream)

    def nomination(self, stream: str, version: int | None = None) -> Nomination:
        self.named.append(("nomination", stream))
        return self._get(Nomination, stream, version)

    def review(self, stream: str, version: int | None = None) -> Review:
        self.named.append(("review", stream))
        return self._get(Review, stream, version)

    def decision(self, stream: str) -> Decision:
        self.named.append(("decision", stream))
        return self._get(Decision, stream)

    def ballot(self, ballot: str) -> tuple[Decision, Ballot]:
        """A ballot, and the decision in whose stream it is, which never changes."""
        self.named.append(("ballot", ballot))
        with self._desk.projector.reading() as rows:
            stream = ballots.decision_of(rows, ballot)
        if stream is None:
            raise no.NotFound
        found = self._get(Decision, stream, None)
        return found, found.ballot_of(ballot)

    def subject(self, stream: str) -> Subject:
        return self._get(Subject, stream)

    def find(self, kind: type[A], stream: UUID) -> A | None:
        """The stream if it exists; either way it is expected to stay as it is."""
        if stream not in self._expecting:
            self._take(stream, self._desk.streams.get(stream))
        held = self._held.get(stream)
        return held if isinstance(held, kind) else None

    def find_many(self, streams: Iterable[UUID]) -> None:
        """Read many streams in few queries, so that `find` has them at hand."""
        missing = (stream for stream in streams if stream not in self._expecting)
        for stream, found in self._desk.streams.get_many(missing).items():
            self._take(stream, found)

    def _take(self, stream: UUID, found: Stream | None) -> None:
        self._expecting[stream] = found.version if found else 0
        if found is not None:
            self._held[stream] = found.fork()

    def erasing(self) -> Act:
        """The act of the service itself, in an edition, when an erasure was approved: it names neither of the two
        people, and has a correlation of its own, so that nothing tells of which other editions it is.
        """
        return Act({"kind": "system", "role": "erasure"}, self.at, str(uuid.uuid4()))

    def require_unproposed(self, edition: Edition, category: str) -> None:
        """Refuse what would change the ground under a decision that is proposed or made."""
        decision = self.find(Decision, Decision.id_of(edition.key, category))
        if decision and decision.phase not in UNPROPOSED:
            raise no.AlreadyProposed

    def expect_edition(self, edition: str, last_leaf: int) -> None:
        """Refuse to record if anything of the edition comes after this leaf."""
        self._editions_at.setdefault(edition, last_leaf)

    @contextmanager
    def ground(self, edition: Edition) -> Iterator[Rows]:
        """The read models as they stand; refuse to record if anything of the edition comes after them."""
        self.expect_edition(edition.key, self._desk.ledger.last_leaf_of(edition.key))
        with self._desk.projector.reading() as rows:
            yield rows

    def _get(self, kind: type[A], stream: str, version: int | None = None) -> A:
        try:
            found = self.find(kind, UUID(stream))
        except ValueError:
            found = None
        if found is None or found.key != stream:  # another spelling of an id must not enter the log
            raise no.NotFound
        if version not in (None, found.version):
            raise no.Stale
        return found

    # Who acts.

    def act(
        self,
        *,
        award: str | None = None,
        edition: Edition | None = None,
        nomination: Nomination | None = None,
        review: Review | None = None,
        stage: str | None = None,
        on_behalf_of: str | None = None,
    ) -> Act:
        """Check the permission where the caller wants to act, and give the act to stamp events with."""
        asked: dict[str, Any] = {"award": award, "edition": edition, "nomination": nomination, "review": review}
        place = place_of(self.caller, self._subject, self._desk.ledger.rows, stage=stage, **asked)
        require(self._permission, place)
        caller, participant = self.caller, place.participant
        if edition and caller.subject and not participant:
            participant = self.newcomer(edition.key, caller.subject)
        act = Act(self._actor(participant, on_behalf_of), self.at, self._correlation)
        if edition and participant and not caller.edition and caller.role not in edition.roles_of(participant):
            edition.come_in(act, str(caller.role))
        return act

    def allowed(self, award: str | None) -> bool:
        """Whether the table grants this command for an award; None: for all of them."""
        return allows(self._permission, place_of(self.caller, self._subject, self._desk.ledger.rows, award=award))

    def act_first(self, award: str, edition: str) -> Act:
        """The act of beginning an edition: the caller becomes its first participant."""
        self.act(award=award)
        participant = None
        if self.caller.subject:
            participant = self.newcomer(edition, self.caller.subject)
        return Act(self._actor(participant, None), self.at, self._correlation)

    def _subject(self, subject: UUID) -> Subject | None:
        return self.find(Subject, subject)

    def _actor(self, participant: str | None, on_behalf_of: str | None) -> Mapping[str, str]:
        caller = self.caller
        if caller.kind == "operator":
            actor = {"kind": "operator", "role": "operator"}
        elif caller.kind == "link":
            actor = {"kind": "link", "id": str(caller.participant), "role": str(caller.role)}
        elif participant:
            actor = {"kind": "participant", "id": participant, "role": str(caller.role)}
        else:
            actor = {"kind": "subject", "id": str(caller.subject), "role": str(caller.role)}
        return {**actor, "on_behalf_of": on_behalf_of} if on_behalf_of else actor

    # What is recorded beside the log.

    def newcomer(self, edition: str, subject: str | None = None) -> str:
        """A new participant of an edition: somebody known, or a new subject."""
        if subject is not None and (found := self.find(Subject, UUID(subject))):
            found.require_not_erased()
        participant = self._desk.keys.mint(PARTICIPANT)
        row = {"participant": participant, "edition": edition, "subject": subject or self.new_subject()}
        self._rows.setdefault("participants", []).append(row)
        self._newcomers.add(participant)
        return participant

    def is_newcomer(self, participant: str) -> bool:
        """Whether this command brings the participant in."""
        return participant in self._newcomers

    def participants_of(self, subject: str) -> Sequence[Mapping[str, Any]]:
        """Under which ids somebody takes part in which editions: {participant, edition}."""
        return self._desk.ledger.rows(
            "SELECT participant, edition FROM participants WHERE subject = ? ORDER BY participant", [subject]
        )

    def expect_participants(self, subject: str, editions: int) -> None:
        """Refuse to record unless somebody takes part in so many editions."""
        self._taking_part[subject] = editions

    def require_participant(self, edition: str, participant: str) -> str:
        """Refuse an id that is nobody's in this edition, or of somebody erased."""
        found = self.find(Edition, UUID(edition))
        if found is not None:
            found.require_not_erased(participant)
        rows = self._desk.ledger.rows("SELECT edition FROM participants WHERE participant = ?", [participant])
        if not rows or rows[0]["edition"] != edition:
            raise no.NotFound("There is no such participant in this edition.")
        return participant

    def subject_of(self, participant: str) -> str | None:
        """The subject behind a participant; None when it is unknown or erased."""
        return subject_of(self._desk.ledger.rows, participant)

    def new_subject(self) -> str:
        """The id of a new subject, with its keys."""
        return self._desk.keys.mint(SUBJECT)

    def new_ballot(self) -> str:
        """The id of a new ballot, with the key of what is chosen in it."""
        return self._desk.keys.mint(BALLOT)

    def seal(self, name: str, value: object, of: Iterable[str], cls: str = "case") -> dict[str, Any]:
        """Seal a value about somebody; gives the reference for the event."""
        try:
            reference, row = seal(name, value, of, cls, self._desk.keys)
        except AboutErased:
            raise no.PersonErased from None
        self._rows.setdefault("sealed", []).append(row)
        return reference

    def expect_newcomers(self, participants: int) -> None:
        """Have the ids of so many new people ready, each a subject too, with their keys."""
        self._desk.keys.mint_ahead(participants, PARTICIPANT)
        self._desk.keys.mint_ahead(participants, SUBJECT)

    def expect_values_about(self, people: Iterable[Iterable[str]]) -> None:
        """Have the keys at hand for values of deliberation about these people or groups of them."""
        self._desk.keys.ciphers((tuple(sorted(set(of))), "case") for of in people)

    def seal_text(self, name: str, text: str | None, of: Iterable[str]) -> dict[str, Any] | None:
        """Seal a text if there is one."""
        return None if text is None else self.seal(name, text, of)

    def open(self, references: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """The values behind references, by digest."""
        return open_all(from_table(self._desk.ledger.rows), references, self._desk.keys)

    def add_row(self, table: str, row: dict[str, Any]) -> None:
        """Record a row beside the log with the events."""
        self._rows.setdefault(table, []).append(row)

    def change(self, statement: Statement) -> None:
        """Make another change beside the log with the events."""
        self._statements.append(statement)

    def answer(self, key: str, body: str, status: int, resource: str) -> None:
        """Record what a repetition of this request is answered with."""
        row = {"key": key, "body": body, "status": status, "resource": resource, "time": instant(self.at)}
        self.add_row("idempotency", row)

    # What is saved.

    def begin(self, aggregate: A) -> A:
        """Take up a new stream."""
        self._held[aggregate.id] = aggregate
        self._expecting.setdefault(aggregate.id, 0)
        return aggregate

    def changed(self) -> list[Stream]:
        """The streams with something to record, those entered first."""
        return [stream for stream in self._held.values() if stream.version > self._expecting[stream.id]]

    def records(self) -> bool:
        """Whether there is anything to record at all."""
        return bool(self._rows or self._statements or self.changed())

    def settle(self, *streams: Stream) -> None:
        """Put what is pending of these streams next into the log, whatever comes of them later."""
        for stream in streams:
            self._settled += stream.collect_events()  # type: ignore[arg-type]

    def next_of_many(self) -> None:
        """Begin the next of several decisions that are recorded together: it has a correlation of its own."""
        self._correlation = str(uuid.uuid4())

    def events(self) -> list[StreamEvent]:
        """The new events: as they were settled, then stream by stream in the order the streams were read."""
        pending = [event for stream in self.changed() for event in stream.collect_events()]
        return [*self._settled, *pending]  # type: ignore[list-item]

    def alongside(self) -> Alongside:
        """What must hold, and what is stored with the events."""
        rows = tuple(self._rows.items())
        return Alongside(self._expecting, self._editions_at, rows, self._statements, self._taking_part)


class Rehearsal(Work):
    """A try of which nothing is recorded: decides as any other, but makes no keys and seals nothing."""

    def newcomer(self, edition: str, subject: str | None = None) -> str:
        """An id that is nobody's."""
        participant = str(uuid.uuid4())
        self._newcomers.add(participant)
        return participant

    def expect_newcomers(self, participants: int) -> None:
        """None is to have a key."""

    def expect_values_about(self, people: Iterable[Iterable[str]]) -> None:
        """Nothing is to be sealed."""

    def seal(self, name: str, value: object, of: Iterable[str], cls: str = "case") -> dict[str, Any]:
        """A reference to nothing."""
        return {"sd": "", "of": sorted(set(of)), "class": cls}
