"""Review: one reviewer, one nomination, one stage; one stream, because its id is derived from the three."""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from awards.domain import refusals as no
from awards.domain.rules import Stage, check_scores
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act, derived_id

Sealed = dict[str, Any]
Scores = dict[str, int]


class Review(Stream):
    """A reviewer's work on a nomination: assigned, then scored, declined or ended by recusal."""

    TOPIC = "review"

    class Event(StreamEvent):
        pass

    # The events, as they stand on disk.

    class Assigned(Event, FirstEvent):
        TOPIC = "review.assigned"
        stage: str
        nomination: str
        reviewer: str

    class ReviewerDeclined(Event):
        TOPIC = "review.reviewer_declined"
        code: str

    class ConflictDeclared(Event):
        TOPIC = "review.conflict_declared"
        code: str
        text: Sealed | None = None

    class Recused(Event):
        TOPIC = "review.recused"
        how: str
        code: str
        text: Sealed | None = None

    class Submitted(Event):
        TOPIC = "review.submitted"
        scores: Scores
        comment: Sealed | None = None

    class Revised(Event):
        TOPIC = "review.revised"
        scores: Scores
        comment: Sealed | None = None

    @staticmethod
    def id_of(stage: str, nomination: str, reviewer: str) -> UUID:
        """The review's id, derived from stage, nomination and participant."""
        return derived_id("review", stage, nomination, reviewer)

    # Deciding.

    @classmethod
    def assign(
        cls, act: Act, edition: str, stage: str, nomination: str, reviewer: str, interested: frozenset[str]
    ) -> Self:
        """Give a nomination to a reviewer who has no part in it."""
        if reviewer in interested:
            raise no.ReviewerHasInterest
        stream = cls.id_of(stage, nomination, reviewer)
        return cls._begin(
            cls.Assigned, act, stream, edition=edition, stage=stage, nomination=nomination, reviewer=reviewer
        )

    def decline(self, act: Act, code: str) -> None:
        """The reviewer refuses the assignment."""
        self._require_unsubmitted()
        self._record(self.ReviewerDeclined, act, code=code)

    def declare_conflict(self, act: Act, code: str, text: Sealed | None = None) -> None:
        """The reviewer declares a conflict of interest and is recused by it, whatever was scored before."""
        self._require_not_recused()
        self._record(self.ConflictDeclared, act, code=code, text=text)
        self._record(self.Recused, act, how="declared", code=code)

    def recuse(self, act: Act, code: str, text: Sealed | None = None) -> None:
        """Another person takes the reviewer off the nomination."""
        self._require_not_recused()
        self._record(self.Recused, act, how="imposed", code=code, text=text)

    def submit(self, act: Act, stage: Stage, scores: Scores, comment: Sealed | None = None) -> None:
        """Give one score to each criterion of the rubric."""
        self._require_unsubmitted()
        check_scores(stage, scores)
        self._record(self.Submitted, act, scores=scores, comment=comment)

    def revise(self, act: Act, stage: Stage, scores: Scores, comment: Sealed | None = None) -> None:
        """Replace one's own scores while reviewing is open; the log keeps both."""
        self._require_active()
        if self.scores is None:
            raise no.NotYetSubmitted
        check_scores(stage, scores)
        self._record(self.Revised, act, scores=scores, comment=comment)

    def _require_active(self) -> None:
        if self.ended is not None:
            raise no.ReviewEnded

    def _require_unsubmitted(self) -> None:
        self._require_active()
        if self.scores is not None:
            raise no.AlreadySubmitted

    def _require_not_recused(self) -> None:
        if self.ended == "recused":
            raise no.AlreadyRecused

    # Applying.

    def _on_assigned(self, event: Assigned) -> None:
        self.edition = event.edition
        self.stage = event.stage
        self.nomination = event.nomination
        self.reviewer = event.reviewer
        self.scores: Scores | None = None
        self.ended: str | None = None

    def _on_reviewer_declined(self, _event: ReviewerDeclined) -> None:
        self.ended = "declined"

    def _on_conflict_declared(self, _event: ConflictDeclared) -> None:
        pass

    def _on_recused(self, _event: Recused) -> None:
        self.ended = "recused"

    def _on_submitted(self, event: Submitted) -> None:
        self.scores = event.scores

    def _on_revised(self, event: Revised) -> None:
        self.scores = event.scores
