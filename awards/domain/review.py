"""Review: one reviewer, one nomination, one stage; one stream, because its id is derived from the three.

It begins with an assignment, or with a recusal where nothing was assigned: a chair who reviews nothing may have a
conflict too. A recusal may be lifted; what was assigned then goes on where it stood, the rest may be assigned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self
from uuid import UUID

from awards.domain import refusals as no
from awards.domain.rules import Stage, check_scores
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act, derived_id

Sealed = dict[str, Any]
Scores = dict[str, int]

NOTHING = "lifted"
"""How a review ended of which nothing is left: a recusal that was lifted where nothing had been assigned."""

VOIDED = "voided"
"""How an unfinished review ended that lost its reviewer: with the seat on the panel, or to a link."""


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

    class NoConflictDeclared(Event, FirstEvent):
        TOPIC = "review.no_conflict_declared"
        policy: str
        stage: str | None = None
        nomination: str | None = None
        reviewer: str | None = None

    class ConflictDeclared(Event, FirstEvent):
        TOPIC = "review.conflict_declared"
        code: str
        text: Sealed | None = None
        policy: str | None = None
        stage: str | None = None
        nomination: str | None = None
        reviewer: str | None = None

    class Recused(Event, FirstEvent):
        TOPIC = "review.recused"
        how: str
        code: str
        text: Sealed | None = None
        stage: str | None = None
        nomination: str | None = None
        reviewer: str | None = None

    class Reinstated(Event):
        TOPIC = "review.reinstated"
        code: str
        text: Sealed | None = None

    class Voided(Event):
        TOPIC = "review.voided"
        code: str

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

    def assign_anew(self, act: Act, interested: frozenset[str]) -> None:
        """Give the nomination to a reviewer whose recusal was lifted and who had no assignment, or a voided one."""
        self._require_not_recused()
        if self.ended not in (NOTHING, VOIDED):
            raise no.AlreadyAssigned
        if self.reviewer in interested:
            raise no.ReviewerHasInterest
        self._record(self.Assigned, act, stage=self.stage, nomination=self.nomination, reviewer=self.reviewer)

    @classmethod
    def begin_clear(cls, act: Act, edition: str, about: Mapping[str, str], policy: str | None) -> Self:
        """Declare to have no conflict where nothing is assigned. `about`: stage, nomination, reviewer."""
        if policy is None:
            raise no.NoConflictPolicy
        stream = cls.id_of(**about)
        return cls._begin(cls.NoConflictDeclared, act, stream, edition=edition, policy=policy, **about)

    @classmethod
    def begin_with_conflict(
        cls,
        act: Act,
        edition: str,
        about: Mapping[str, str],
        code: str,
        text: Sealed | None = None,
        policy: str | None = None,
    ) -> Self:
        """Declare a conflict where nothing is assigned. `about`: stage, nomination, reviewer."""
        stream = cls.id_of(**about)
        review = cls._begin(
            cls.ConflictDeclared, act, stream, edition=edition, code=code, text=text, policy=policy, **about
        )
        review._record(cls.Recused, act, how="declared", code=code)
        return review

    @classmethod
    def begin_recused(
        cls, act: Act, edition: str, about: Mapping[str, str], code: str, text: Sealed | None = None
    ) -> Self:
        """Keep somebody off a nomination before anything is assigned. `about`: stage, nomination, reviewer."""
        stream = cls.id_of(**about)
        return cls._begin(cls.Recused, act, stream, edition=edition, how="imposed", code=code, text=text, **about)

    def decline(self, act: Act, code: str) -> None:
        """The reviewer refuses the assignment."""
        self._require_unsubmitted()
        self._record(self.ReviewerDeclined, act, code=code)

    def declare_no_conflict(self, act: Act, policy: str | None) -> None:
        """The reviewer declares to have no conflict of interest. `policy`: the version of the policy's text."""
        self.require_not_ended()
        if policy is None:
            raise no.NoConflictPolicy
        if self.no_conflict == policy:
            raise no.AlreadyDeclared
        self._record(self.NoConflictDeclared, act, policy=policy)

    def declare_conflict(self, act: Act, code: str, text: Sealed | None = None, policy: str | None = None) -> None:
        """The reviewer declares a conflict of interest and is recused by it, whatever was scored before."""
        self._require_not_recused()
        self._record(self.ConflictDeclared, act, code=code, text=text, policy=policy)
        self._record(self.Recused, act, how="declared", code=code)

    def recuse(self, act: Act, code: str, text: Sealed | None = None) -> None:
        """Another person takes the reviewer off the nomination."""
        self._require_not_recused()
        self._record(self.Recused, act, how="imposed", code=code, text=text)

    def reinstate(
        self,
        act: Act,
        person: frozenset[str],
        interested: frozenset[str],
        code: str,
        text: Sealed | None = None,
        *,
        chairs: bool = False,
    ) -> None:
        """Lift the recusal. `person`: all ids of the reviewer; `chairs`: whether one of them holds a chair."""
        if self.ended != "recused":
            raise no.NotRecused
        if act.by in person or (chairs and act.actor.get("role") == "chair"):
            raise no.OwnRecusal
        if not interested.isdisjoint(person):
            raise no.ReviewerHasInterest
        self._record(self.Reinstated, act, code=code, text=text)

    def void(self, act: Act, code: str, *, second: bool = False) -> None:
        """End an unfinished assignment that no longer has a reviewer; or one person's second review."""
        if second:
            self.require_active()
        else:
            self._require_unsubmitted()
        self._record(self.Voided, act, code=code)

    def submit(self, act: Act, stage: Stage, scores: Scores, comment: Sealed | None = None) -> None:
        """Give one score to each criterion of the rubric."""
        self._require_unsubmitted()
        check_scores(stage, scores)
        self._record(self.Submitted, act, scores=scores, comment=comment)

    def revise(self, act: Act, stage: Stage, scores: Scores, comment: Sealed | None = None) -> None:
        """Replace one's own scores while reviewing is open; the log keeps both."""
        self.require_active()
        if self.scores is None:
            raise no.NotYetSubmitted
        check_scores(stage, scores)
        self._record(self.Revised, act, scores=scores, comment=comment)

    # Guards.

    def require_not_ended(self) -> None:
        """Refuse what is over; where nothing was assigned nothing is."""
        if self.ended != NOTHING:
            self.require_active()

    def require_declared(self, policy: str | None) -> None:
        """Refuse what needs a declaration of no conflict under this version of the policy, if there is a policy."""
        if policy is not None and self.no_conflict != policy:
            raise no.DeclarationMissing

    def require_active(self) -> None:
        """Refuse what needs an assignment that stands."""
        if self.ended is not None:
            raise no.ReviewEnded

    def _require_unsubmitted(self) -> None:
        self.require_active()
        if self.scores is not None:
            raise no.AlreadySubmitted

    def _require_not_recused(self) -> None:
        if self.ended == "recused":
            raise no.AlreadyRecused

    # Applying.

    def _start(self, event: Assigned | NoConflictDeclared | ConflictDeclared | Recused) -> None:
        self.edition = event.edition
        self.stage, self.nomination, self.reviewer = str(event.stage), str(event.nomination), str(event.reviewer)
        self.scores: Scores | None = None
        self.no_conflict: str | None = None
        self.ended: str | None = NOTHING
        self.stood: str | None = NOTHING

    def _on_assigned(self, event: Assigned) -> None:
        if event.originator_version == self.INITIAL_VERSION:
            self._start(event)
        self.scores = self.ended = None

    def _on_reviewer_declined(self, _event: ReviewerDeclined) -> None:
        self.ended = "declined"

    def _on_no_conflict_declared(self, event: NoConflictDeclared) -> None:
        if event.originator_version == self.INITIAL_VERSION:
            self._start(event)
        self.no_conflict = event.policy

    def _on_conflict_declared(self, event: ConflictDeclared) -> None:
        if event.originator_version == self.INITIAL_VERSION:
            self._start(event)
        self.no_conflict = None

    def _on_recused(self, event: Recused) -> None:
        if event.originator_version == self.INITIAL_VERSION:
            self._start(event)
        if self.ended != "recused":
            self.stood, self.ended = self.ended, "recused"

    def _on_reinstated(self, _event: Reinstated) -> None:
        self.ended = self.stood

    def _on_voided(self, _event: Voided) -> None:
        self.ended = VOIDED

    def _on_submitted(self, event: Submitted) -> None:
        self.scores = event.scores

    def _on_revised(self, event: Revised) -> None:
        self.scores = event.scores
