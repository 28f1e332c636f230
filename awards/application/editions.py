"""Commands on editions: planning, the call, reviewing, the rules, the shortlist; who acts in them is in `panels`."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from awards.application.desk import command
from awards.application.interests import require_panel_open_to
from awards.application.panels import PanelCommands
from awards.application.work import Work
from awards.domain import judging
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.values import Act


class EditionCommands(PanelCommands):
    """Everything the secretariat and the chair do to an edition as a whole."""

    @command("edition.plan")
    def plan(self, work: Work, award: str, label: str, rules: dict[str, Any]) -> str:
        """Begin an edition with a copy of its rules."""
        act = self._begin(work, award, label)
        rules, seeds = _with_lots(work, rules)
        return work.begin(Edition.plan(act, award, label, rules, seeds)).key

    @command("honour.record")
    def record(self, work: Work, award: str, label: str, sources: list[dict[str, str]]) -> str:
        """Record a past edition from sources; its rules are unknown."""
        act = self._begin(work, award, label)
        return work.begin(Edition.record(act, award, label, sources)).key

    def _begin(self, work: Work, award: str, label: str) -> Act:
        found = work.award(award)
        stream = Edition.id_of(award, label)
        act = work.act_first(award, str(stream))
        found.require_standing()
        if work.find(Edition, stream):
            raise no.EditionExists
        return act

    @command("edition.call")
    def open_call(self, work: Work, edition: str, opens: datetime, closes: datetime, zone: str) -> str:
        """Invite nominations from `opens` to `closes`."""
        found = work.edition(edition)
        found.open_call(work.act(edition=found), opens, closes, zone)
        return edition

    @command("edition.call")
    def extend_call(self, work: Work, edition: str, closes: datetime, zone: str) -> str:
        """Move the deadline to a later moment."""
        found = work.edition(edition)
        found.extend_call(work.act(edition=found), closes, zone)
        return edition

    @command("edition.call")
    def close_call(self, work: Work, edition: str, code: str | None = None) -> str:
        """Close the call before its deadline."""
        found = work.edition(edition)
        found.close_call(work.act(edition=found), code)
        return edition

    @command("edition.reviewing")
    def open_reviewing(self, work: Work, edition: str, stage: str, due: datetime | None = None) -> str:
        """Let a stage's panel score; reviews may be asked for by a time, which ends nothing by itself."""
        found = work.edition(edition)
        found.open_reviewing(self._running(work, found, stage), stage, due)
        return edition

    @command("edition.reviewing")
    def close_reviewing(self, work: Work, edition: str, stage: str) -> str:
        """End the scoring at a stage."""
        found = work.edition(edition)
        found.close_reviewing(self._running(work, found, stage), stage)
        return edition

    @command("edition.reviewing")
    def reopen_reviewing(self, work: Work, edition: str, stage: str, code: str, due: datetime | None = None) -> str:
        """Open a closed stage again, as long as no category is proposed upon."""
        found = work.edition(edition)
        act = self._running(work, found, stage)
        self._require_nothing_proposed(work, found)
        found.reopen_reviewing(act, stage, code, due)
        return edition

    def _running(self, work: Work, edition: Edition, stage: str) -> Act:
        """The act of opening or closing a stage, which every nomination of the edition feels."""
        act = work.act(edition=edition, stage=stage)
        require_panel_open_to(work, edition, act)
        return act

    @command("edition.rules")
    def change_rules(
        self,
        work: Work,
        edition: str,
        stage: str,
        code: str,
        quorum: int | None = None,
        minimum_reviews: int | None = None,
    ) -> str:
        """Change what a stage asks for, as long as nothing is proposed; what was planned stays in the history."""
        found = work.edition(edition)
        act = work.act(edition=found)
        self._require_nothing_proposed(work, found)
        found.change_rules(act, stage, code, quorum, minimum_reviews)
        return edition

    @command("edition.shortlist")
    def shortlist(self, work: Work, edition: str, stage: str, category: str, nominations: list[str]) -> str:
        """Name the nominations that go on; each must be eligible and of the category."""
        found = work.edition(edition)
        act = work.act(edition=found, stage=stage)
        work.require_unproposed(found, category)
        require_panel_open_to(work, found, act, category)
        for listed in nominations:
            nomination = work.nomination(listed)
            if nomination.edition != edition or nomination.category != category:
                raise no.NotFound("There is no such nomination in this category.")
            nomination.require_eligible()
        found.shortlist(act, stage, category, nominations)
        return edition

    @command("edition.cancel")
    def cancel(self, work: Work, edition: str, code: str) -> str:
        """End an edition without a decision, as long as none is proposed."""
        found = work.edition(edition)
        act = work.act(edition=found)
        self._require_nothing_proposed(work, found)
        found.cancel(act, code)
        return edition

    def _require_nothing_proposed(self, work: Work, edition: Edition) -> None:
        edition.require_run()
        for category in edition.rules["categories"]:
            work.require_unproposed(edition, category["id"])


def _with_lots(work: Work, rules: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rules with the commitment to a seed in every stage whose ladder has the lot, and the sealed seeds by stage.

    A seed is drawn here and opened only when a decision needs it, so that nobody can know what would be drawn.
    """
    stages, seeds = [], {}
    for stage in rules["stages"]:
        if "lot" in stage:
            raise no.InvalidRules("The seed of the lot is drawn by the service, and its SHA-256 added to the rules.")
        if judging.LOT in stage["ties"]:
            seed = secrets.token_hex(32)
            seeds[stage["id"]] = work.seal("seed", seed, [work.new_ballot()], "ballot")
            stages.append({**stage, "lot": judging.commitment_to(seed)})
        else:
            stages.append(stage)
    return {**rules, "stages": stages}, seeds
