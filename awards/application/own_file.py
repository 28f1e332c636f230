"""Somebody's own file: what is held on her, with proofs, and nothing about others.

What the log says of her is told by the list in `own_words`. Everything she may be told herself by way of her link, her
reviews or the roll is told here, too, and nothing earlier: of a nomination she was not to be told of, once the decision
is public; of a decision, once its embargo is over. A receipt proves the line without showing it, because a line names
others. With a token the file reaches as far as the token: what lies outside of an edition is for who is signed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from awards.access import Caller
from awards.application.desk import Arrival, Desk, command
from awards.application.own_beside import beside
from awards.application.own_events import Line, Telling
from awards.application.proving import receipt_of
from awards.application.standpoint import Standpoint
from awards.application.tokens import stand
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.subject import EVERY_AWARD, Subject
from awards.ledger.beside import subject_of
from awards.ledger.ledger import BATCH
from awards.ledger.publisher import Publisher
from awards.ledger.tree import leaf_hash
from awards.projections import decisions
from awards.projections.opening import open_in

View = dict[str, Any]

_EVENTS = (
    "SELECT l.idx, e.originator_id, e.topic, e.state FROM leaves l "
    "JOIN stored_events e ON e.notification_id = l.idx + 1 WHERE {} AND l.idx >= ? ORDER BY l.idx LIMIT ?"
)
_OF_EDITION, _OUTSIDE = _EVENTS.format("l.edition = ?"), _EVENTS.format("l.edition IS NULL")

NOT_TOLD = (
    "This file says nothing about others. So it has neither what others said or scored in deliberation, nor texts that "
    "are about somebody else as well, nor a decision before it is public; docs/erasure.md says which and why."
)


class OwnFileCommands(Standpoint):
    """The right of access."""

    def __init__(self, desk: Desk, publisher: Publisher | None = None) -> None:
        super().__init__(desk)
        self._publisher = publisher

    @command("file.own")
    def _may_read(self, work: Work) -> str:
        stand(work)
        return ""

    @command("file.of")
    def _may_read_of(self, work: Work) -> str:
        work.act()
        return ""

    def own_file(self, arrival: Arrival) -> View:
        """One's own file: of somebody signed in all of it, of a token what lies within its scope."""
        self._may_read(replace(arrival, once=None))
        caller = arrival.caller
        return self._file(str(caller.subject), arrival.at, caller)

    def file_of(self, arrival: Arrival, who: str) -> View:
        """The whole file of somebody, by the id of the subject or of a participant, for whoever answers her request."""
        self._may_read_of(replace(arrival, once=None))
        subject = subject_of(self.desk.ledger.rows, who) or who
        if not self._is_known(subject):
            raise no.NotFound(f"Nothing is held on {who}.")
        return self._file(subject, arrival.at, None)

    def _is_known(self, subject: str) -> bool:
        try:
            stream = self.desk.streams.get(UUID(subject))
        except ValueError:
            return False
        rows = self.desk.ledger.rows("SELECT 1 FROM participants WHERE subject = ? LIMIT 1", [subject])
        return isinstance(stream, Subject) or bool(rows)

    def _file(self, subject: str, at: datetime, caller: Caller | None) -> View:
        everything = caller is None or caller.kind == "account"
        file: View = {
            "subject": subject,
            "log": self.desk.ledger.origin,
            "not_told": NOT_TOLD,
            "editions": [self._edition(row, subject, at) for row in self._takes_part(subject, caller)],
        }
        if everything:
            told = Telling(frozenset({subject}), lambda _: False, lambda _: False)
            file["events"] = self._told(told, _OUTSIDE, [])
            file["beside"] = beside(self.desk, subject, at)
        return {name: value for name, value in file.items() if value not in ([], {})}

    # Within an edition.

    def _takes_part(self, subject: str, caller: Caller | None) -> list[tuple[Edition, str]]:
        """The editions within reach, with her id in each."""
        sql = "SELECT edition, participant FROM participants WHERE subject = ? ORDER BY edition"
        rows = self.desk.ledger.rows(sql, [subject])
        found = [(self._stream(Edition, row["edition"]), str(row["participant"])) for row in rows]
        if caller is None or caller.kind == "account":
            return found
        if caller.edition is not None:
            return [(edition, who) for edition, who in found if edition.key == caller.edition]
        return [(edition, who) for edition, who in found if caller.award in (EVERY_AWARD, edition.of_award)]

    def _edition(self, taking_part: tuple[Edition, str], subject: str, at: datetime) -> View:
        edition, participant = taking_part
        ids = edition.person(participant)
        with self.desk.projector.reading() as rows:
            _, public = decisions.how_far(rows, edition.key, at)
        told_all = edition.rules is None or edition.rules["consent"] != "not_told"

        def category_of(stream: str) -> str | None:
            found = self.desk.streams.kept(UUID(stream))
            return found.category if isinstance(found, Decision | Nomination) else None

        telling = Telling(
            ids | {subject},
            is_public=lambda stream: category_of(stream) in public,
            may_know=lambda stream: told_all or category_of(stream) in public,
        )
        award = self.desk.streams.get(UUID(edition.of_award))
        return {
            "edition": edition.key,
            "label": edition.label,
            "award": award.slug if isinstance(award, Award) else edition.of_award,
            "participants": sorted(ids),
            "events": self._told(telling, _OF_EDITION, [edition.key]),
        }

    # Events, with values opened and proofs.

    def _told(self, telling: Telling, sql: str, params: list[Any]) -> list[View]:
        found = [view for view in map(telling.tell, self._lines(sql, params)) if view is not None]
        open_in(found, self.desk.projector.open_all)
        return [view | self._receipt(view["index"]) for view in found]

    def _lines(self, sql: str, params: list[Any]) -> Iterator[Line]:
        start = 0
        while rows := self.desk.ledger.rows(sql, [*params, start, BATCH]):
            for row in rows:
                stream = str(UUID(str(row["originator_id"])))
                yield Line(row["idx"], stream, row["topic"], bytes(row["state"]))
            start = rows[-1]["idx"] + 1

    def _receipt(self, index: int) -> View:
        """The proof that a line is in the log; it names others, so the receipt has no more than its hash."""
        if self._publisher is None:
            return {}
        [line] = self.desk.ledger.lines(index, index + 1)
        return {"receipt": receipt_of(self._publisher, index, leaf_hash(line))}
