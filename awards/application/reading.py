"""The reads: read models brought up to the end of the log, filtered for the reader.

A committee read catches up first, so a client always reads its own writes; a public read is at most a second old.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from awards.access import Caller, Place, allows, require
from awards.application import sight
from awards.application.desk import Arrival, Commands
from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.stream import Stream
from awards.domain.subject import EVERY_AWARD, Subject
from awards.ledger.beside import participant_of
from awards.projections import awards, decisions, editions, history, nominations, reviews, roll, standing
from awards.projections.rows import After, Page, Rows

A = TypeVar("A", bound=Stream)
View = dict[str, Any]
PUBLIC_AGE = 1.0
"""Seconds that a public read may be old."""


class OwnReviewsFirst(no.NotAllowed):
    code = "own_reviews_first"
    message = "The standing is shown when your own reviews of the stage are in, or reviewing is closed."


class Reading(Commands):
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
            return Page([self._edition_seen(rows, caller, view) for view in page.items], page.after)

    def edition(self, arrival: Arrival, edition: str) -> View:
        """An edition with its rules, phase, panel and counts."""
        self._in_edition("edition.read", arrival.caller, edition)
        with self.desk.projector.reading() as rows:
            view = _found(editions.find(rows, edition, arrival.at))
            return self._edition_seen(rows, arrival.caller, view)

    def _edition_seen(self, rows: Rows, caller: Caller, view: View) -> View:
        place = self._place(caller, edition=self._stream(Edition, view["id"]))
        return sight.edition_view(place, view, self._bench(rows, place))

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
            page = nominations.find_all(
                rows, edition, category=category, status=status, nominator=own_only, after=after, limit=limit
            )
            bench = self._bench(rows, place)
        seen = [view for view in page.items if view["id"] not in bench.barred]
        return Page([sight.nomination_view(place, view) for view in seen], page.after)

    def nomination(self, arrival: Arrival, nomination: str) -> View:
        """A nomination."""
        case = self._stream(Nomination, nomination)
        edition = self._stream(Edition, str(case.edition))
        place = self._place(arrival.caller, edition=edition, nomination=case)
        if not allows("nomination.read", place):
            raise no.NotFound
        with self.desk.projector.reading() as rows:
            view = _found(nominations.find(rows, nomination))
            bench = self._bench(rows, place)
        if nomination in bench.barred:
            raise no.NotFound
        return sight.nomination_view(place, view)

    def submitted(self, arrival: Arrival, nomination: str) -> View:
        """A nomination as its submission is answered: nobody reviewed it yet, so its own events tell all of it."""
        case = self.desk.streams.kept(UUID(nomination))
        edition = self.desk.streams.kept(UUID(case.edition)) if case else None
        if not (isinstance(case, Nomination) and isinstance(edition, Edition)) or case.version > 1:
            return self.nomination(arrival, nomination)
        place = self._place(arrival.caller, edition=edition, nomination=case)
        if not allows("nomination.read", place):
            raise no.NotFound
        return sight.nomination_view(place, nominations.unreviewed(self.desk.projector.of_events(case.id)))

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
        with self.desk.projector.reading() as rows:
            page = reviews.find_all(
                rows,
                edition=edition,
                nomination=nomination,
                reviewer=place.participant if mine else None,
                after=after,
                limit=limit,
            )
            bench = self._bench(rows, place)
        seen = (sight.review_view(place, view, bench) for view in page.items)
        return Page([view for view in seen if view is not None], page.after)

    def review(self, arrival: Arrival, review: str) -> View:
        """A review."""
        found = self._stream(Review, review)
        place = self._place(arrival.caller, edition=self._stream(Edition, str(found.edition)), review=found)
        if not allows("review.read", place):
            raise no.NotFound
        with self.desk.projector.reading() as rows:
            view = _found(reviews.find(rows, review))
            bench = self._bench(rows, place)
        return _found(sight.review_view(place, view, bench))

    def standing(self, arrival: Arrival, edition: str, stage: str, category: str) -> View:
        """The ranking of a stage and category as it stands."""
        place = self._in_edition("standing.read", arrival.caller, edition)
        with self.desk.projector.reading() as rows:
            bench = self._bench(rows, place)
            if not sight.may_see_standing(place, stage, bench):
                raise OwnReviewsFirst
            return sight.standing_view(standing.find(rows, edition, stage, category), bench)

    def decisions(self, arrival: Arrival, edition: str, after: After | None = None, limit: int = 50) -> Page:
        """The decisions of an edition, by category."""
        place = self._in_edition("decision.read", arrival.caller, edition)
        with self.desk.projector.reading() as rows:
            page = decisions.find_all(rows, edition, after=after, limit=limit)
            bench = self._bench(rows, place)
        return Page([sight.decision_view(view, bench, arrival.at) for view in page.items], page.after)

    def decision(self, arrival: Arrival, decision: str) -> View:
        """A decision."""
        found = self._stream(Decision, decision)
        place = self._place(arrival.caller, edition=self._stream(Edition, str(found.edition)))
        if not allows("decision.read", place):
            raise no.NotFound
        with self.desk.projector.reading() as rows:
            view = _found(decisions.find(rows, decision))
            return sight.decision_view(view, self._bench(rows, place), arrival.at)

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
            page = history.find_all(
                rows,
                edition=edition,
                stream=one.id if one else None,
                newest_first=False,
                after=after,
                limit=limit,
            )
            bench = self._bench(rows, place)
        seen = [item for item in page.items if sight.may_see_item(place, item, bench, self._nomination_of(item))]
        return Page([sight.history_item(place, item, bench) for item in seen], page.after)

    # Where the reader stands.

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
        subject = self._stream(Subject, caller.subject) if caller.subject and not caller.edition else None
        participant = caller.participant
        if edition and caller.subject and not participant:
            participant = participant_of(self.desk.ledger.rows, edition.key, caller.subject)
        return Place(caller, participant, subject, edition.of_award if edition else award, edition, nomination, review)

    def _stream(self, kind: type[A], stream: str) -> A:
        try:
            found = self.desk.streams.get(UUID(stream))
        except ValueError:
            found = None
        if not isinstance(found, kind) or found.key != stream:
            raise no.NotFound
        return found

    def _bench(self, rows: Rows, place: Place) -> sight.Bench:
        """What a panel member has to do with the nominations of the edition."""
        if not (sight.sits(place) and place.edition and place.participant):
            return sight.Bench()
        edition, participant = place.edition.key, place.participant

        def seat() -> sight.Bench:
            own = reviews.own(rows, edition, participant)
            return sight.bench_of(participant, own, nominations.naming(rows, edition, participant))

        return rows.keep(("bench", edition, participant), rows.last_of(edition), seat)

    def _nomination_of(self, item: View) -> str | None:
        """The nomination an item of the history is about; of a review only the first event names it."""
        if item["kind"] == "nomination":
            return str(item["stream"])
        review = self.desk.streams.kept(UUID(item["stream"])) if item["kind"] == "review" else None
        return review.nomination if isinstance(review, Review) else None


def _found(view: View | None) -> View:
    if view is None:
        raise no.NotFound
    return view
