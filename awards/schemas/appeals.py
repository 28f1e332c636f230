"""Appeals of rulings and of decisions, in and out."""

from __future__ import annotations

from awards.schemas.fields import Choice, Id, Instant, Part, Shape, Text
from awards.schemas.words import APPEAL_OUTCOMES, NAME, Code, ReasonIn, Shown


class AppealRulingIn(ReasonIn):
    """Why a ruling is contested; the secretariat says for whom of the two it writes."""

    on_behalf_of = Choice("nominator", "nominee")


class DecideAppealIn(ReasonIn):
    """What comes of an appeal, and why."""

    outcome = Choice(*APPEAL_OUTCOMES, required=True)


class AppealDecided(Shape):
    """By whom an appeal was decided, and why."""

    by = Text(NAME, required=True)
    code = Code(required=True)
    text = Shown()
    time = Instant(required=True)


class Appeal(Shape):
    """A ruling or a decision is contested: by whom, as far as you see that, why, and what came of it."""

    by = Text(NAME)
    on_behalf_of = Id()
    role = Text(NAME)
    code = Code(required=True)
    text = Shown()
    time = Instant(required=True)
    outcome = Choice(*APPEAL_OUTCOMES)
    decided = Part(AppealDecided())
