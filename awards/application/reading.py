"""The reads: read models brought up to the end of the log, filtered for the reader.

A committee read catches up first, so a client always reads its own writes; a public read is at most a second old.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from awards.access import allows, require
from awards.application import ballot_sight, sight
from awards.application.ballots import unpadded
from awards.application.desk import Arrival
from awards.application.looking import Look, Looking
from awards.application.out_of_rank import OutOfRank
from awards.application.readers import Of, Reader, sees
from awards.application.standpoint import PUBLIC_AGE
from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.stream import Stream
from awards.domain.subject import EVERY_AWARD
from awards.projections import awards, ballots, decisions, editions, history, nominations, reviews, roll, standing
from awards.projections.rows import After, Page, Rows

View = dict[str, Any]
MADE_OF = ("standing", "scores", "reviewers")
"""What a sheet of robustness tells of: how the ranking would be without one reviewer tells what she gave."""


class OwnReviewsFirst(no.NotAllowed):
    code = "own_reviews_first"
    message = "The standing is shown when your own reviews of the stage are in, or reviewing is closed."


class ShownLater(no.NotAllowed):
    code = "shown_later"
    message = "By the edition's rules the standing is shown later, or not to your role."


class Reading(Looking, OutOfRank):
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
            seen = [self._edition_seen(self._at_present(rows, arrival, view), view) for view in page.items]
            return Page(seen, page.after)

    def edition(self, arrival: Arrival, edition: str) -> View:
        """An edition with its rules, phase, panel and counts."""
        place = self._in_edition("edition.read", arrival.caller, edition)
        with self._looking(arrival, place) as look:
            return self._edition_seen(look, _found(editions.find(look.rows, edition, look.now)))

    def _at_present(self, rows: Rows, arrival: Arrival, view: View) -> Look:
        place = self._place(arrival.caller, edition=self._stream(Edition, view["id"]))
        return Look(rows, self._reader(rows, place, arrival.at), arrival.at)

    def _edition_seen(self, look: Look, view: View) -> View:
        counted = nominations.categories(look.rows, view["id"]) if look.reader.barred else {}
        return sight.edition_view(look.reader, view, counted)

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
        with self._looking(arrival, place) as (rows, reader, _):
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
        with self._looking(arrival, place) as (rows, reader, _):
            view = _found(nominations.find(rows, nomination))
            return _found(sight.nomination_view(reader, view)), view["version"]

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
        with self._looking(arrival, place) as (rows, reader, _):
            categories = nominations.categories(rows, edition)
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
        with self._looking(arrival, place) as (rows, reader, _):
            view = _found(reviews.find(rows, review))
            seen = _found(sight.review_view(reader, view, str(self._category_of(view["nomination"]))))
        if "id" not in seen:
            raise no.NotFound
        return seen, view["version"]

    def standing(self, arrival: Arrival, edition: str, stage: str, category: str) -> View:
        """The whole ranking of a stage and category as it stands."""
        return self.standing_page(arrival, edition, stage, category, 0, None)[0]

    def standing_page(
        self, arrival: Arrival, edition: str, stage: str, category: str, first: int, limit: int | None
    ) -> tuple[View, int | None]:
        """So many places of the ranking, from the `first` one on, and where the next page begins."""
        place = self._in_edition("standing.read", arrival.caller, edition)
        with self._looking(arrival, place) as look:
            return self._standing(look, edition, stage, category, first, limit)

    def _standing(
        self, look: Look, edition: str, stage: str, category: str, first: int = 0, limit: int | None = None
    ) -> tuple[View, int | None]:
        rows, reader, _ = look
        if not sight.shows_standing(reader, stage, category):
            due = {reader.rules["sight"]["standing"].get(role) for role in reader.roles(stage)}
            raise OwnReviewsFirst if due == {"own_in"} and reader.then is None else ShownLater
        left_out = partial(sight.unranked, reader, stage, category)
        view, following = standing.page(rows, edition, stage, category, left_out, first, limit)
        return sight.standing_view(reader, view), following

    def robustness(self, arrival: Arrival, edition: str, stage: str, category: str) -> View:
        """How firm a ranking stands, to who sees all that it is made of, once nothing of it changes any more."""
        place = self._in_edition("standing.read", arrival.caller, edition)
        with self.desk.projector.reading() as rows:
            reader, of = self._reader(rows, place, arrival.at), Of(category, None, stage)
            if category in reader.barred.values():
                raise no.ClosedToYou
            if not (reader.closed(of) and all(sees(reader, made_of, of) for made_of in MADE_OF)):
                raise ShownLater
            return standing.robustness(rows, edition, stage, category)

    def decisions(self, arrival: Arrival, edition: str, after: After | None = None, limit: int = 50) -> Page:
        """The decisions of an edition, by category."""
        place = self._in_edition("decision.read", arrival.caller, edition)
        with self._looking(arrival, place) as (rows, reader, _):
            page = decisions.find_all(rows, edition, after=after, limit=limit)
            return Page([sight.decision_view(reader, view) for view in page.items], page.after)

    def decision(self, arrival: Arrival, decision: str) -> View:
        """A decision."""
        found = self._stream(Decision, decision)
        place = self._place(arrival.caller, edition=self._stream(Edition, str(found.edition)))
        if not allows("decision.read", place):
            raise no.NotFound
        with self._looking(arrival, place) as (rows, reader, _):
            return sight.decision_view(reader, _found(decisions.find(rows, decision)))

    def ballots(self, arrival: Arrival, edition: str, after: After | None = None, limit: int = 50) -> Page:
        """The ballots of an edition as they were opened, as far as the caller may see them."""
        place = self._in_edition("ballot.read", arrival.caller, edition)
        with self.desk.projector.reading() as rows:
            seen = partial(ballot_sight.ballot_view, self._reader(rows, place, arrival.at))
            page = ballots.find_all(rows, edition, seen=seen, after=after, limit=limit)
            return Page([_with_choices(view) for view in rows.opened(page.items)], page.after)

    def ballot(self, arrival: Arrival, ballot: str) -> View:
        """A ballot."""
        with self.desk.projector.reading() as rows:
            view = _found(ballots.find(rows, ballot))
            place = self._place(arrival.caller, edition=self._stream(Edition, view["edition"]))
            if not allows("ballot.read", place):
                raise no.NotFound
            seen = _found(ballot_sight.ballot_view(self._reader(rows, place, arrival.at), view))
            return _with_choices(rows.opened([seen])[0])

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
        read = {"nomination": self.nomination, "review": self.review, "decision": self.decision, "ballot": self.ballot}[
            noun
        ]
        try:
            read(arrival, resource)
        except no.NotFound:
            return False
        return True


def _with_choices(view: View) -> View:
    """A ballot with the secret votes, where they were opened, told like those of an open one."""
    for vote in view.get("votes", ()):
        choice = vote.pop("choice", None)
        vote.update(unpadded(choice) if isinstance(choice, dict) else {})
    return view


def _found(view: View | None) -> View:
    if view is None:
        raise no.NotFound
    return view
