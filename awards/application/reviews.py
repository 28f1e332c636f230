"""Commands on reviews: assignment, scoring, conflicts of interest."""

from __future__ import annotations

from awards.application.desk import Commands, command
from awards.application.interests import interested, recused, require_open_to
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.rules import policy_version, previous_stage, stage_of
from awards.domain.values import Act

Scores = dict[str, int]


class ReviewCommands(Commands):
    """What the chair, the secretariat and the reviewers do to a review."""

    @command("review.assign")
    def assign(self, work: Work, edition: str, stage: str, nomination: str, reviewer: str) -> str:
        """Give an eligible nomination to a member of the stage's panel."""
        found = work.edition(edition)
        act = work.act(edition=found, stage=stage)
        return give(work, act, found, stage, nomination, reviewer)

    @command("review.own")
    def decline(self, work: Work, review: str, code: str) -> str:
        """Refuse one's assignment."""
        found, _, act = own(work, review)
        found.decline(act, code)
        return review

    @command("review.own")
    def declare_conflict(self, work: Work, review: str, code: str, text: str | None = None) -> str:
        """Declare a conflict of interest; it recuses at once."""
        found, edition, act = own(work, review)
        sealed = work.seal_text("text", text, [found.reviewer])
        found.declare_conflict(act, code, sealed, policy_version(edition.rules))
        return review

    @command("review.recuse")
    def recuse(self, work: Work, review: str, code: str, text: str | None = None) -> str:
        """Take a reviewer off a nomination."""
        found = work.review(review)
        edition = work.edition(str(found.edition))
        act = work.act(edition=edition, review=found, stage=found.stage)
        if act.by not in edition.person(found.reviewer):
            require_open_to(work, edition, work.nomination(found.nomination), act)
        found.recuse(act, code, work.seal_text("text", text, [found.reviewer]))
        return review

    @command("review.own")
    def score(self, work: Work, review: str, version: int, scores: Scores, comment: str | None = None) -> str:
        """Score a nomination on every criterion, or score it anew, as read at `version`, while reviewing is open."""
        found, edition, act = own(work, review, version)
        give_scores(work, act, edition, found, scores, comment, anew=found.scores is not None)
        return review


def own(work: Work, review: str, version: int | None = None) -> tuple[Review, Edition, Act]:
    """One's own review, where it is, and the act."""
    found = work.review(review, version)
    edition = work.edition(str(found.edition))
    return found, edition, work.act(edition=edition, review=found)


def may_judge(work: Work, edition: Edition, review: Review) -> Nomination:
    """The nomination a reviewer is to judge, or a refusal: the assignment stands, and nothing is in the way."""
    review.require_active()
    case = work.nomination(review.nomination)
    require_clear(work, edition, case, review.stage, review.reviewer)
    return case


def require_clear(work: Work, edition: Edition, case: Nomination, stage: str, reviewer: str) -> None:
    """Refuse unless the seat and the nomination stand, and the person, under whatever id, has no part in it and is not
    recused from it at any stage.
    """
    edition.require_on_panel(stage, reviewer)
    case.require_eligible()
    if recused(work, edition, case.key, reviewer):
        raise no.AlreadyRecused
    if reviewer in interested(edition, case):
        raise no.ReviewerHasInterest


def give_scores(
    work: Work, act: Act, edition: Edition, review: Review, scores: Scores, comment: str | None, *, anew: bool = False
) -> None:
    """Submit or revise a review, or refuse: every way to score ends here."""
    edition.require_reviewing_open(review.stage)
    case = may_judge(work, edition, review)
    if policy := policy_version(edition.rules):
        review.require_declared(policy)
        case.require_opened(review.reviewer)
    record = review.revise if anew else review.submit
    text = work.seal_text("comment", comment, case.nominees)
    record(act, stage_of(edition.rules, review.stage), scores, text)


def give(work: Work, act: Act, edition: Edition, stage: str, nomination: str, reviewer: str) -> str:
    """Assign one nomination, or refuse: every way to assign ends here."""
    case = work.nomination(nomination)
    if case.edition != edition.key:
        raise no.NotFound
    edition.require_run()
    require_open_to(work, edition, case, act)
    edition.require_on_panel(stage, reviewer)
    case.require_eligible()
    before = previous_stage(edition.rules, stage)
    if before and nomination not in edition.shortlists.get((before, case.category), ()):
        raise no.NotShortlisted
    if recused(work, edition, nomination, reviewer):
        raise no.AlreadyRecused
    for other in sorted(edition.person(reviewer) - {reviewer}):
        same_person = work.find(Review, Review.id_of(stage, nomination, other))
        if same_person and same_person.ended is None:
            raise no.AlreadyAssigned
    if earlier := work.find(Review, Review.id_of(stage, nomination, reviewer)):
        earlier.assign_anew(act, interested(edition, case))
        return earlier.key
    review = Review.assign(act, edition.key, stage, nomination, reviewer, interested(edition, case))
    return work.begin(review).key
