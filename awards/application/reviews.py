"""Commands on reviews: assignment, scoring, conflicts of interest."""

from __future__ import annotations

from awards.application.desk import Commands, command
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.review import Review
from awards.domain.rules import previous_stage, stage_of
from awards.domain.values import Act

Scores = dict[str, int]


class ReviewCommands(Commands):
    """What the chair, the secretariat and the reviewers do to a review."""

    @command("review.assign")
    def assign(self, work: Work, edition: str, stage: str, nomination: str, reviewer: str) -> str:
        """Give an eligible nomination to a member of the stage's panel."""
        found = work.edition(edition)
        case = work.nomination(nomination)
        if case.edition != edition:
            raise no.NotFound
        act = work.act(edition=found, nomination=case)
        found.require_run()
        found.require_on_panel(stage, reviewer)
        case.require_eligible()
        before = previous_stage(found.rules, stage)
        if before and nomination not in found.shortlists.get((before, case.category), ()):
            raise no.NotShortlisted
        if work.find(Review, Review.id_of(stage, nomination, reviewer)):
            raise no.AlreadyAssigned
        review = Review.assign(act, edition, stage, nomination, reviewer, case.interested())
        return work.begin(review).key

    @command("review.own")
    def decline(self, work: Work, review: str, code: str) -> str:
        """Refuse one's assignment."""
        found, _, act = self._own(work, review)
        found.decline(act, code)
        return review

    @command("review.own")
    def declare_conflict(self, work: Work, review: str, code: str, text: str | None = None) -> str:
        """Declare a conflict of interest; it recuses at once."""
        found, _, act = self._own(work, review)
        found.declare_conflict(act, code, work.seal_text("text", text, [found.reviewer]))
        return review

    @command("review.recuse")
    def recuse(self, work: Work, review: str, code: str, text: str | None = None) -> str:
        """Take a reviewer off a nomination."""
        found = work.review(review)
        act = work.act(edition=work.edition(str(found.edition)), review=found)
        found.recuse(act, code, work.seal_text("text", text, [found.reviewer]))
        return review

    @command("review.own")
    def score(self, work: Work, review: str, version: int, scores: Scores, comment: str | None = None) -> str:
        """Score a nomination on every criterion, or score it anew, as read at `version`, while reviewing is open."""
        found, edition, act = self._own(work, review, version)
        edition.require_reviewing_open(found.stage)
        edition.require_on_panel(found.stage, found.reviewer)
        case = work.nomination(found.nomination)
        case.require_eligible()
        give = found.submit if found.scores is None else found.revise
        text = work.seal_text("comment", comment, [case.nominee["participant"]])
        give(act, stage_of(edition.rules, found.stage), scores, text)
        return review

    def _own(self, work: Work, review: str, version: int | None = None) -> tuple[Review, Edition, Act]:
        found = work.review(review, version)
        edition = work.edition(str(found.edition))
        return found, edition, work.act(edition=edition, review=found)
