"""Commands on reviews: assignment, scoring, conflicts of interest."""

from __future__ import annotations

from awards.access import PANEL_ROLES
from awards.application.desk import Commands, command
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
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
        act = work.act(edition=found)
        return give(work, act, found, stage, nomination, reviewer)

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
        edition = work.edition(str(found.edition))
        act = work.act(edition=edition, review=found)
        if act.by != found.reviewer:
            _require_open_to_actor(work, edition, work.nomination(found.nomination), act)
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
        text = work.seal_text("comment", comment, case.nominees)
        give(act, stage_of(edition.rules, found.stage), scores, text)
        return review

    def _own(self, work: Work, review: str, version: int | None = None) -> tuple[Review, Edition, Act]:
        found = work.review(review, version)
        edition = work.edition(str(found.edition))
        return found, edition, work.act(edition=edition, review=found)


def give(work: Work, act: Act, edition: Edition, stage: str, nomination: str, reviewer: str) -> str:
    """Assign one nomination, or refuse: every way to assign ends here."""
    case = work.nomination(nomination)
    if case.edition != edition.key:
        raise no.NotFound
    edition.require_run()
    _require_open_to_actor(work, edition, case, act)
    edition.require_on_panel(stage, reviewer)
    case.require_eligible()
    before = previous_stage(edition.rules, stage)
    if before and nomination not in edition.shortlists.get((before, case.category), ()):
        raise no.NotShortlisted
    if work.find(Review, Review.id_of(stage, nomination, reviewer)):
        raise no.AlreadyAssigned
    if _recused(work, edition, nomination, reviewer):
        raise no.AlreadyRecused
    review = Review.assign(act, edition.key, stage, nomination, reviewer, case.interested())
    return work.begin(review).key


def _require_open_to_actor(work: Work, edition: Edition, case: Nomination, act: Act) -> None:
    """Refuse a chair who is recused from the nomination or has a part in it: the deputy or the secretariat acts."""
    if work.caller.role not in PANEL_ROLES:
        return
    if act.by in case.interested() or _recused(work, edition, case.key, act.by):
        raise no.ClosedToYou


def _recused(work: Work, edition: Edition, nomination: str, participant: str) -> bool:
    """Whether somebody is recused from a nomination, at whatever stage."""
    stages = (stage["id"] for stage in edition.rules["stages"])
    reviews = [work.find(Review, Review.id_of(stage, nomination, participant)) for stage in stages]
    return any(review is not None and review.ended == "recused" for review in reviews)
