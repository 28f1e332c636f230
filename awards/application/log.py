"""What outsiders check: the signed checkpoint, the tiles below it, and receipts for what was recorded.

The checkpoint and the hashes are for anybody. The lines are for whoever audits the log of every award. A receipt is
for whoever did what is recorded, and for those who see the whole of its edition; the index in it counts what the size
of any checkpoint counts, so it tells nobody more than when she acted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from awards.access import Caller, allows, require
from awards.application.announced import announcing
from awards.application.desk import Arrival, Desk, command
from awards.application.proving import in_turn, receipt_of
from awards.application.standpoint import PUBLIC_AGE, Standpoint
from awards.application.tokens import stand
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.review import Review
from awards.ledger.beside import participant_of
from awards.ledger.mapper import line
from awards.ledger.publisher import Publisher
from awards.ledger.sealed import disclose_all, from_table
from awards.ledger.tree import leaf_hash
from awards.projections import roll

View = dict[str, Any]


class NoCheckpointStore(no.NotFound):
    code = "log_not_published"
    message = "This process has no checkpoint store; ask the one that publishes the log."


class LinesNotPublished(no.NotFound):
    code = "lines_not_published"
    message = "The rules of this edition publish no line of the log."


class LogCommands(Standpoint):
    """The log as it is proved to outsiders."""

    def __init__(self, desk: Desk, publisher: Publisher | None) -> None:
        super().__init__(desk)
        self._published_by = publisher

    @property
    def _publisher(self) -> Publisher:
        if self._published_by is None:
            raise NoCheckpointStore
        return self._published_by

    def checkpoint(self) -> bytes:
        """The checkpoint over everything recorded, signed now unless it is already; cosigned, if it is by now."""
        with in_turn():
            return self._publisher.told(self._publisher.publish())

    def vkeys(self) -> list[str]:
        """The keys that check the checkpoints, the newest first."""
        with in_turn():
            return self._publisher.vkeys()

    def tile(self, level: int, tile: int, width: int) -> Sequence[bytes]:
        """So many hashes of a tile."""
        hashes = self._publisher.tile(level, tile, width)
        if hashes is None:
            raise no.NotFound
        return hashes

    def lines(self, arrival: Arrival, tile: int, width: int) -> Sequence[bytes]:
        """The lines below so many hashes of a tile."""
        caller = arrival.caller
        require("log.read", self._place(caller, award=caller.award))
        lines = self._publisher.lines(tile, width)
        if lines is None:
            raise no.NotFound
        return lines

    @command("receipt.read")
    def _may_ask(self, work: Work) -> str:
        stand(work)
        return ""

    def receipt(self, arrival: Arrival, index: int) -> str:
        """The receipt of an event.

        Beside the proof stands the line, or only its hash where the version in it would tell how much else happened.
        """
        publisher = self._publisher
        self._may_ask(replace(arrival, once=None))
        stored = next(iter(self.desk.ledger.notifications(index, 1)), None)
        if stored is None:
            raise no.NotFound
        event: Any = self.desk.ledger.mapper.to_domain_event(stored)
        whole, ids = self._sees_whole(arrival, event), self._ids(arrival.caller, event.edition)
        if not whole and event.actor.get("id") not in ids:
            raise no.NotFound
        text = line(stored, self.desk.ledger.origin)
        told = text if whole or event.originator_version == 1 or self._own_review(event, ids) else leaf_hash(text)
        return receipt_of(publisher, index, told)

    def winner_proof(self, at: datetime, winner: str) -> View:
        """The receipt of the line that made a winner or a runner-up public, once it did, and what opens it."""
        publisher = self._publisher
        with self.desk.projector.reading(PUBLIC_AGE) as rows:
            shown = roll.find(rows, winner, at)
        if shown is None:
            raise no.NotFound
        edition = self._stream(Edition, shown["edition_id"])
        if edition.rules and edition.rules["publish"] == "nothing":
            raise LinesNotPublished
        decision = Decision.id_of(edition.key, shown["category"])
        told = announcing(self.desk.ledger.events_of(decision), winner)
        index = self.desk.ledger.position_of(decision, told.event.originator_version) - 1
        (text,) = self.desk.ledger.lines(index, index + 1)
        opened = disclose_all(from_table(self.desk.ledger.rows), told.sealed, self.desk.keys)
        return {
            "receipt": receipt_of(publisher, index, text),
            "disclosures": [disclosure for disclosure in opened.values() if disclosure],
        }

    def _sees_whole(self, arrival: Arrival, event: Any) -> bool:
        """Whether nothing of where the event belongs is kept from the caller."""
        caller = arrival.caller
        if allows("log.read", self._place(caller, award=caller.award)):
            return True
        if event.edition is None:
            return False
        place = self._place(caller, edition=self._stream(Edition, event.edition))
        if not allows("history.read", place):
            return False
        with self.desk.projector.reading() as rows:
            return self._reader(rows, place, arrival.at).whole

    def _ids(self, caller: Caller, edition: str | None) -> set[str | None]:
        """Who the caller is where the event belongs; a token for an edition is for nobody elsewhere."""
        if caller.edition not in (None, edition):
            return set()
        within = participant_of(self.desk.ledger.rows, edition, caller.subject) if edition and caller.subject else None
        return {caller.subject, caller.participant, within} - {None}

    def _own_review(self, event: Any, ids: set[str | None]) -> bool:
        """Whether the event is of a review by the caller, who sees all of that."""
        stream = self.desk.streams.get(event.originator_id)
        return isinstance(stream, Review) and stream.reviewer in ids
