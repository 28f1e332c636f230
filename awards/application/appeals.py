"""Commands on appeals: of a ruling on eligibility, and of a decision; each decided by somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from awards.application.desk import Commands, command
from awards.application.interests import require_category_open_to, require_open_to, require_panel_open_to
from awards.application.nominations import OnBehalf
from awards.application.work import Work
from awards.domain import appealing
from awards.domain import refusals as no
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.rules import last_stage
from awards.domain.values import moment
from awards.projections import nominations


class ReviewingNotReopened(no.OutOfOrder):
    code = "reviewing_not_reopened"
    message = (
        "Since reviewing was closed an appeal brought a nomination back: reopen every stage, so that it can be judged."
    )


class AppealCommands(Commands):
    """What is contested, and what comes of it."""

    @command("nomination.appeal")
    def appeal_ruling(
        self, work: Work, nomination: str, code: str, text: str | None = None, on_behalf_of: str | None = None
    ) -> str:
        """Contest a ruling: its nominator, or the nominee; the secretariat writes for one of the two."""
        found, edition = self._case(work, nomination)
        if (work.caller.role == "secretariat") != (on_behalf_of is not None):
            raise OnBehalf
        sides = {"nominator": found.nominator, "nominee": found.nominee["participant"]}
        act = work.act(edition=edition, nomination=found, on_behalf_of=sides[on_behalf_of] if on_behalf_of else None)
        edition.require_run()
        decision = work.find(Decision, Decision.id_of(edition.key, found.category))
        if decision and decision.phase in appealing.DECIDED:
            raise no.AlreadyDecided
        found.appeal(act, code, work.seal_text("text", text, found.nominees))
        return nomination

    @command("appeal.decide")
    def decide_ruling(self, work: Work, nomination: str, outcome: str, code: str, text: str | None = None) -> str:
        """Uphold or dismiss the appeal of a ruling; what is proposed for the category goes back first."""
        found, edition = self._case(work, nomination)
        act = work.act(edition=edition, nomination=found)
        edition.require_run()
        require_open_to(work, edition, found, act)
        require_category_open_to(work, edition, act, found.category)
        if outcome == appealing.UPHELD:
            work.require_unproposed(edition, found.category)
        sealed = work.seal_text("text", text, found.nominees)
        found.decide_appeal(act, outcome, code, edition.rules["consent"], sealed, edition.person(act.by))
        return nomination

    @command("decision.appeal")
    def appeal_decision(
        self, work: Work, decision: str, code: str, text: str | None = None, on_behalf_of: str | None = None
    ) -> str:
        """Contest a decision; the secretariat may do so for a participant of the edition."""
        found = work.decision(decision)
        edition = work.edition(str(found.edition))
        stage = last_stage(edition.rules)["id"] if edition.rules else None
        if on_behalf_of is not None:
            if work.caller.role != "secretariat":
                raise OnBehalf
            work.require_participant(edition.key, on_behalf_of)
        act = work.act(edition=edition, stage=stage, on_behalf_of=on_behalf_of)
        edition.require_run()
        require_panel_open_to(work, edition, act, found.category)
        about = nominees_of(work, found.chosen) or [act.by]
        found.appeal(act, code, work.seal_text("text", text, about), edition.person(on_behalf_of or act.by))
        return decision

    @command("appeal.decide")
    def decide_decision(self, work: Work, decision: str, outcome: str, code: str, text: str | None = None) -> str:
        """Uphold or dismiss the appeal of a decision; upheld before the announcement, it is to be proposed anew."""
        found = work.decision(decision)
        edition = work.edition(str(found.edition))
        act = work.act(edition=edition)
        edition.require_run()
        require_category_open_to(work, edition, act, found.category)
        about = nominees_of(work, found.chosen) or [act.by]
        sealed = work.seal_text("text", text, about)
        found.decide_appeal(act, outcome, code, sealed, edition.person(act.by))
        return decision

    def _case(self, work: Work, nomination: str) -> tuple[Nomination, Edition]:
        found = work.nomination(nomination)
        return found, work.edition(str(found.edition))


def require_appeals_settled(work: Work, edition: Edition, category: str) -> None:
    """Refuse to decide while a ruling of the category is appealed, or one that fell has not come before the panel."""
    with work.ground(edition) as rows:
        appealed = nominations.appealed(rows, edition.key, category)
    for view in appealed:
        appeal = view["ruling"]["appeal"]
        if "outcome" not in appeal and view["status"] == "ineligible":
            raise appealing.AppealOpen
        if view["status"] == "eligible" and not edition.closed_since(moment(appeal["decided"]["time"])):
            raise ReviewingNotReopened


def nominees_of(work: Work, nominations: Iterable[str]) -> list[str]:
    """Whom a text about nominations is about."""
    cases = (work.find(Nomination, UUID(one)) for one in sorted(nominations))
    return sorted({who for case in cases if case for who in case.nominees})
