"""An appeal as a part of a view: of the ruling in a nomination's, of a decision in its own."""

from __future__ import annotations

from awards.domain.decision import Decision
from awards.domain.nomination import Nomination
from awards.projections.tables import View, put
from awards.projections.work import Work


def appeal_of(event: Nomination.RulingAppealed | Decision.Appealed, work: Work) -> View:
    """Who appealed, for whom and in which role, why and when."""
    told = event.actor
    appeal: View = {"by": told.get("id", told["kind"]), "role": told["role"], "code": event.code, "time": work.time}
    put(appeal, "on_behalf_of", told.get("on_behalf_of"))
    put(appeal, "text", event.text)
    return appeal


def decide_appeal(appeal: View, event: Nomination.AppealDecided | Decision.AppealDecided, work: Work) -> None:
    """What came of it, by whom, why and when."""
    appeal["outcome"] = event.outcome
    decided: View = {"by": event.actor.get("id", event.actor["kind"]), "code": event.code, "time": work.time}
    put(decided, "text", event.text)
    appeal["decided"] = decided
