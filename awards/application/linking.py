"""What follows for earlier acts when two ids turn out to be one person.

A link is a fact and is never refused for what it upsets. A review by the person of a nomination that is closed to her
is recused, or voided where it was not finished; of two reviews of one nomination at one stage the second is voided; and
a proposal that rests on any of these, or was made by somebody who must not judge, goes back.
"""

from __future__ import annotations

from uuid import UUID

from awards.application.interests import closed_to
from awards.application.work import Work
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.review import Review
from awards.domain.values import Act
from awards.projections import reviews
from awards.projections.rows import Rows

LINKED = "linked"
"""The reason code of all that follows from a link."""


def follow_up(work: Work, act: Act, rows: Rows, edition: Edition, person: frozenset[str]) -> None:
    """Bring the edition in order after `person` turned out to be one."""
    closed = closed_to(rows, edition, person)
    touched = _end_reviews(work, act, _standing(work, rows, edition, person), closed)
    own = {work.nomination(nomination).category for nomination in closed}
    upset = {work.nomination(nomination).category for nomination in touched}
    for category in edition.rules["categories"] if edition.rules else ():
        decision = work.find(Decision, Decision.id_of(edition.key, category["id"]))
        if decision is None or decision.phase != "proposed":
            continue
        if category["id"] in upset or (category["id"] in own and decision.proposer in person):
            decision.lapse(act, LINKED)


def void_second(work: Work, act: Act, review: Review, person: frozenset[str]) -> None:
    """Of a review that stands again and one by another id of the same person, keep one: the finished one first."""
    for other in sorted(person - {review.reviewer}):
        same = work.find(Review, Review.id_of(review.stage, review.nomination, other))
        if same and same.ended is None and review.ended is None:
            kept_out = same if same.scores is None else review
            kept_out.void(act, LINKED, second=True)


def _standing(work: Work, rows: Rows, edition: Edition, person: frozenset[str]) -> list[Review]:
    """The person's reviews that have not ended, finished ones first, each in the order of assignment."""
    views = [view for one in sorted(person) for view in reviews.own(rows, edition.key, one)]
    views.sort(key=lambda view: view["assigned"])
    found = [work.find(Review, UUID(view["id"])) for view in views]
    standing = [review for review in found if review and review.ended is None]
    return sorted(standing, key=lambda review: review.scores is None)


def _end_reviews(work: Work, act: Act, standing: list[Review], closed: set[str]) -> set[str]:
    """End what must not stand; gives the nominations that lost a finished review."""
    touched, kept = set(), set()
    for review in standing:
        finished, question = review.scores is not None, (review.stage, review.nomination)
        if review.nomination in closed:
            if finished:
                review.recuse(act, LINKED)
            else:
                review.void(act, LINKED)
        elif question in kept:
            review.void(act, LINKED, second=True)
        else:
            kept.add(question)
            continue
        if finished:
            touched.add(review.nomination)
    return touched
