"""The reads: read models brought up to the end of the log, filtered for the reader.

A committee read catches up first, so a client always reads its own writes; a public read is at most a second old.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from awards.access import allows, require
from awards.application import sight
from awards.application.desk import Arrival
from awards.application.out_of_rank import OutOfRank
from awards.application.readers import Of, Reader, sees
from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.stream import Stream
from awards.domain.subject import EVERY_AWARD
from awards.projections import awards, decisions, editions, history, nominations, reviews, roll, standing
from awards.projections.rows import After, Page, Rows

View = dict[str, Any]
PUBLIC_AGE = 1.0
"""Seconds that a public read may be old."""


class OwnReviewsFirst(no.NotAllowed):
    code = "own_reviews_first"
    message = "The standing is shown when your own reviews of the stage are in, or reviewing is closed."


class ShownLater(no.NotAllowed):
    code = "shown_later"
    message = "By the edition's rules the standing is shown later, or not to your role."


class Reading(OutOfRank):
    """What each reader may know."""

    # Public.

    def awards(self, after: After | None = None, limit: int = 50) -> Page:
        """The awards, by slug."""
        with self.desk.projector.reading(PUBLIC_AGE) as rows:
            return awards.find_all(rows, after=after, limit=limit)

    def award(self, award: str) -> View:
        """An award by its id or its slug."""
        with self.desk.projector.reading() as rows:
            found = awards.find(rows, award) or awards.find_by_slug(rows, award)
        if found is None:
            raise no.NotFound
        return found

    def winners(self, at: datetime, *, after: After | None = None, limit: int = 50, **filters: Any) -> Page:
        """The roll of honour as it is public at a moment; filters: award (slug), year, country, placing, text."""
        with self.desk.projector.reading(PUBLIC_AGE) as rows:
            return roll.find_all(rows, at, after=after, limit=limit, **filters)

    def winner(self, at: datetime, winner: str) -> View:
        """One entry of the roll."""
        with self.desk.projector.reading(PUBLIC_AGE) as rows:
            found = roll.find(rows, winner, at)
        if found is None:
            raise no.NotFound
        return found

    def roll_mark(self, at: datetime) -> tuple[int, datetime | None]:
        """What a copy of the roll is good for: the position of its last change, and when the next embargo ends."""
        with self.desk.projector.reading(PUBLIC_AGE) as rows:
            return rows.roll_changed, roll.next_change(rows, at)

    # For those who act in an edition.

    def editions(self, arrival: Arrival, award: str | None = None, after: After | None = None, limit: int = 50) -> Page:
        """The editions the caller acts in: one, or those of an award, or all."""
        caller = arrival.caller
        if caller.edition:
            view = self.edition(arrival, caller.edition)
            return Page([view] if award in (None, view["award"]) else [], None)
        scope = award or (caller.award if caller.award != EVERY_AWARD else None)
        place = self._place(caller, award=scope)
        require("edition.read", place)
        with self.desk.projector.reading() as rows:
            page = editions.find_all(rows, arrival.at, award=scope, after=after, limit=limit)
            return Page([self._edition_seen(rows, arrival, view) for view in page.items], page.after)

    def edition(self, arrival: Arrival, edition: str) -> View:
        """An edition with its rules, phase, panel and counts."""
        self._in_edition("edition.read", arrival.caller, edition)
        with self.desk.projector.reading() as rows:
            view = _found(editions.find(rows, edition, arrival.at))
            return self._edition_seen(rows, arrival, view)

    def _edition_seen(self, rows: Rows, arrival: Arrival, view: View) -> View:
        place = self._place(arrival.caller, edition=self._stream(Edition, view["id"]))
        return sight.edition_view(self._reader(rows, place, arrival.at), view)

    def nominations(
        self,
        arrival: Arrival,
        edition: str,
        category: str | None = None,
        status: str | None = None,
        after: After | None = None,
        limit: int = 50,
    ) -> Page:
        """The nominations of an edition as they came in; a nominator's own only."""
        place = self._in_edition("nomination.list", arrival.caller, edition)
        own_only = place.participant if arrival.caller.role == "nominator" else None
        with self.desk.projector.reading() as rows:
            reader = self._reader(rows, place, arrival.at)
            wanted: dict[str, Any] = {"category": category, "status": status, "nominator": own_only}
            seen = partial(sight.nomination_view, reader)
            return nominations.find_all(rows, edition, **wanted, after=after, limit=limit, seen=seen)

    def nomination(self, arrival: Arrival, nomination: str) -> View:
        """A nomination."""
        return self.nomination_to_replace(arrival, nomination)[0]

    def nomination_to_replace(self, arrival: Arrival, nomination: str) -> tuple[View, int]:
        """A nomination as the caller sees it, and its version, which not everybody sees."""
        case = self._stream(Nomination, nomination)
        place = self._place(arrival.caller, edition=self._stream(Edition, str(case.edition)), nomination=case)
        if not allows("nomination.read", place):
            raise no.NotFound
        with self.desk.projector.reading() as rows:
            view = _found(nominations.find(rows, nomination))
            return _found(sight.nomination_view(self._reader(rows, place, arrival.at), view)), view["version"]

    def submitted(self, arrival: Arrival, nomination: str) -> View:
        """A nomination as its submission is answered: nobody reviewed it yet, so its own events tell all of it."""
        case = self.desk.streams.kept(UUID(nomination))
        edition = self.desk.streams.kept(UUID(case.edition)) if case else None
        if not (isinstance(case, Nomination) and isinstance(edition, Edition)) or case.version > 1:
            return self.nomination(arrival, nomination)
        place = self._place(arrival.caller, edition=edition, nomination=case)
        if not allows("nomination.read", place):
            raise no.NotFound
        view = nominations.unreviewed(self.desk.projector.of_events(case.id))
        return _found(sight.nomination_view(Reader(place), view))

    def reviews(
        self,
        arrival: Arrival,
        edition: str,
        nomination: str | None = None,
        mine: bool = False,
        after: After | None = None,
        limit: int = 50,
    ) -> Page:
        """The reviews of an edition as they were assigned, as far as the caller may see them."""
        place = self._in_edition("review.read", arrival.caller, edition)
        if mine and place.participant is None:
            return Page([], None)
        own_only = place.participant if mine else None
        with self.desk.projector.reading() as rows:
            reader, categories = self._reader(rows, place, arrival.at), nominations.categories(rows, edition)
            wanted = {"edition": edition, "nomination": nomination, "reviewer": own_only}
            if reader.all_open and {role for _, role in reader.seats} == {"reviewer"} and len(reader.ids) == 1:
                wanted["among"] = place.participant  # for she sees no review of what she does not review

            def seen(view: View) -> View | None:
                return sight.review_view(reader, view, categories[view["nomination"]])

            return reviews.find_all(rows, **wanted, after=after, limit=limit, seen=seen)

    def review(self, arrival: Arrival, review: str) -> View:
        """A review; its id names the reviewer, so it is shown to who sees that."""
        return self.review_to_replace(arrival, review)[0]

    def review_to_replace(self, arrival: Arrival, review: str) -> tuple[View, int]:
        """A review as the caller sees it, and its version, which not everybody sees."""
        found = self._stream(Review, review)
        place = self._place(arrival.caller, edition=self._stream(Edition, str(found.edition)), review=found)
        if not allows("review.read", place):
            raise no.NotFound
        with self.desk.projector.reading() as rows:
            view = _found(reviews.find(rows, review))
            reader, category = self._reader(rows, place, arrival.at), self._category_of(view["nomination"])
            seen = _found(sight.review_view(reader, view, str(category)))
        if "id" not in seen:
            raise no.NotFound
        return seen, view["version"]

    def standing(self, arrival: Arrival, edition: str, stage: str, category: str) -> View:
        """The ranking of a stage and category as it stands."""
        place = self._in_edition("standing.read", arrival.caller, edition)
        with self.desk.projector.reading() as rows:
            reader = self._reader(rows, place, arrival.at)
            if not sees(reader, "standing", Of(category, None, stage)):
                due = {reader.rules["sight"]["standing"].get(role) for role in reader.roles(stage)}
                raise OwnReviewsFirst if due == {"own_in"} else ShownLater
            takes_part = partial(sight.ranked, reader, stage, category)
            return sight.standing_view(reader, standing.find(rows, edition, stage, category, takes_part))

    def decisions(self, arrival: Arrival, edition: str, after: After | None = None, limit: int = 50) -> Page:
        """The decisions of an edition, by category."""
        place = self._in_edition("decision.read", arrival.caller, edition)
        with self.desk.projector.reading() as rows:
            reader = self._reader(rows, place, arrival.at)
            page = decisions.find_all(rows, edition, after=after, limit=limit)
            return Page([sight.decision_view(reader, view) for view in page.items], page.after)

    def decision(self, arrival: Arrival, decision: str) -> View:
        """A decision."""
        found = self._stream(Decision, decision)
        place = self._place(arrival.caller, edition=self._stream(Edition, str(found.edition)))
        if not allows("decision.read", place):
            raise no.NotFound
        with self.desk.projector.reading() as rows:
            view = _found(decisions.find(rows, decision))
            return sight.decision_view(self._reader(rows, place, arrival.at), view)

    def history(
        self,
        arrival: Arrival,
        edition: str,
        stream: str | None = None,
        after: After | None = None,
        limit: int = 50,
    ) -> Page:
        """Who did what when in an edition, or in one of its streams, oldest first."""
        place = self._in_edition("history.read", arrival.caller, edition)
        one = self._stream(Stream, stream) if stream else None
        if one is not None and one.edition != edition:
            raise no.NotFound
        with self.desk.projector.reading() as rows:
            reader = self._reader(rows, place, arrival.at)
            seen = partial(self._touched_by, reader, self._marks(rows, reader))
            asked: dict[str, Any] = {"edition": edition, "stream": one.id if one else None, "newest_first": False}
            page = history.find_all(rows, **asked, after=after, limit=limit, seen=seen)
        if one is not None and not page.items and after is None:
            raise no.NotFound  # of an id that can be worked out, nothing tells whether it exists
        return page

    def may_read(self, arrival: Arrival, noun: str, resource: str) -> bool:
        """Whether a nomination, review or decision is there for this reader."""
        read = {"nomination": self.nomination, "review": self.review, "decision": self.decision}[noun]
        try:
            read(arrival, resource)
        except no.NotFound:
            return False
        return True


def _found(view: View | None) -> View:
    if view is None:
        raise no.NotFound
    return view
