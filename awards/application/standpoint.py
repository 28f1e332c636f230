"""Where a reader stands: the caller's place, and the reader that `sight` is asked for, from the read models at hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from awards.access import Caller, Place, auditor, nominator, require
from awards.application.desk import Commands
from awards.application.places import place_of
from awards.application.readers import Of, Reader, barred_by
from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.stream import Stream
from awards.domain.subject import Subject
from awards.projections import decisions, nominations, reviews
from awards.projections.rows import Rows

A = TypeVar("A", bound=Stream)
View = dict[str, Any]
PUBLIC_AGE = 1.0
"""Seconds that a public read may be old."""

Part = tuple[dict[str, list[View]], dict[str, str]]
"""Somebody's own assignments by nomination, and the nominations that are closed to her with their categories."""


class Standpoint(Commands):
    """What every read begins with."""

    def _in_edition(self, permission: str, caller: Caller, edition: str) -> Place:
        place = self._place(caller, edition=self._stream(Edition, edition))
        require(permission, place)
        return place

    def _place(
        self,
        caller: Caller,
        award: str | None = None,
        edition: Edition | None = None,
        nomination: Nomination | None = None,
        review: Review | None = None,
    ) -> Place:
        rows = self.desk.ledger.rows
        asked: dict[str, Any] = {"award": award, "edition": edition, "nomination": nomination, "review": review}
        return place_of(caller, self._subject, rows, **asked)

    def _subject(self, subject: UUID) -> Subject | None:
        found = self.desk.streams.get(subject)
        return found if isinstance(found, Subject) else None

    def _stream(self, kind: type[A], stream: str) -> A:
        try:
            found = self.desk.streams.get(UUID(stream))
        except ValueError:
            found = None
        if not isinstance(found, kind) or found.key != stream:
            raise no.NotFound
        return found

    def _reader(self, rows: Rows, place: Place, at: datetime) -> Reader:
        """Who reads. An auditor reads everything in scope; a nominator's or a link's token shows its own."""
        edition, caller = place.edition, place.caller
        if edition is None:
            return Reader(place)
        decided, public = decisions.how_far(rows, edition.key, at)
        ids = edition.person(place.participant) if place.participant else frozenset[str]()
        if not ids or caller.kind == "link" or nominator(place) or auditor(place):
            return Reader(place, ids, decided=decided, public=public)
        asked = ("reader", edition.key, ids)
        own, barred = rows.keep(asked, rows.last_of(edition.key), lambda: self._part(rows, edition.key, ids))
        return Reader(place, ids, own, barred, decided, public)

    def _part(self, rows: Rows, edition: str, ids: frozenset[str]) -> Part:
        naming = [view for one in sorted(ids) for view in nominations.naming(rows, edition, one)]
        own = [view for one in sorted(ids) for view in reviews.own(rows, edition, one)]
        barred = barred_by(ids, own, naming)
        return given(own), {nomination: str(self._category_of(nomination)) for nomination in barred}

    def _category_of(self, nomination: str) -> str | None:
        """The category of a nomination, which never changes."""
        case = self.desk.streams.kept(UUID(nomination))
        return case.category if isinstance(case, Nomination) else None

    def _about(self, item: View) -> tuple[Of, frozenset[str]]:
        """What an item of the history is about, and who has opened that file; often only a first event tells."""
        stream = self.desk.streams.kept(UUID(item["stream"]))
        if isinstance(stream, Nomination):
            return Of(stream.category, stream.key), frozenset(stream.opened)
        if isinstance(stream, Review):
            return Of(self._category_of(stream.nomination), stream.nomination, stream.stage), frozenset()
        category = stream.category if isinstance(stream, Decision) else item.get("category")
        return Of(category, None, item.get("stage")), frozenset()


def given(own: Iterable[View]) -> dict[str, list[View]]:
    """Somebody's own assignments by nomination; a recusal of what was never assigned is no work done."""
    found: dict[str, list[View]] = {}
    for review in own:
        if review["given"]:
            found.setdefault(review["nomination"], []).append(review)
    return found
