"""Commands on editions: planning, the call, the panel, reviewing, the shortlist."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from awards.access import EDITION_ROLES
from awards.application.desk import Commands, command
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.values import Act


class EditionCommands(Commands):
    """Everything the secretariat and the chair do to an edition as a whole."""

    @command("edition.plan")
    def plan(self, work: Work, award: str, label: str, rules: dict[str, Any]) -> str:
        """Begin an edition with a copy of its rules."""
        act = self._begin(work, award, label)
        return work.begin(Edition.plan(act, award, label, rules)).key

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

    @command("edition.enter")
    def enter(
        self, work: Work, edition: str, role: str, participant: str | None = None, name: str | None = None
    ) -> str:
        """Let somebody act in a role: a participant there is, or a new one by name; gives the participant's id."""
        found = work.edition(edition)
        act = work.act(edition=found)
        if role not in EDITION_ROLES:
            raise no.UnknownRole
        who, sealed = self._somebody(work, edition, participant, name)
        found.enter(act, who, role, sealed)
        return who

    @command("edition.enter")
    def leave(self, work: Work, edition: str, role: str, participant: str) -> str:
        """End a participant's role."""
        found = work.edition(edition)
        found.leave(work.act(edition=found), participant, role)
        return edition

    @command("edition.appoint")
    def appoint(
        self,
        work: Work,
        edition: str,
        stage: str,
        seat: str,
        participant: str | None = None,
        name: str | None = None,
    ) -> str:
        """Appoint somebody to a stage's panel; gives the participant's id."""
        found = work.edition(edition)
        act = work.act(edition=found)
        who, sealed = self._somebody(work, edition, participant, name)
        found.appoint(act, stage, who, seat, sealed)
        return who

    @command("edition.appoint")
    def discharge(self, work: Work, edition: str, stage: str, participant: str, code: str) -> str:
        """Take a member off a stage's panel."""
        found = work.edition(edition)
        found.discharge(work.act(edition=found), stage, participant, code)
        return edition

    @command("edition.reviewing")
    def open_reviewing(self, work: Work, edition: str, stage: str) -> str:
        """Let a stage's panel score."""
        found = work.edition(edition)
        found.open_reviewing(work.act(edition=found), stage)
        return edition

    @command("edition.reviewing")
    def close_reviewing(self, work: Work, edition: str, stage: str) -> str:
        """End the scoring at a stage."""
        found = work.edition(edition)
        found.close_reviewing(work.act(edition=found), stage)
        return edition

    @command("edition.reviewing")
    def reopen_reviewing(self, work: Work, edition: str, stage: str, code: str) -> str:
        """Open a closed stage again, as long as no category is proposed upon."""
        found = work.edition(edition)
        act = work.act(edition=found)
        self._require_nothing_proposed(work, found)
        found.reopen_reviewing(act, stage, code)
        return edition

    @command("edition.shortlist")
    def shortlist(self, work: Work, edition: str, stage: str, category: str, nominations: list[str]) -> str:
        """Name the nominations that go on; each must be eligible and of the category."""
        found = work.edition(edition)
        act = work.act(edition=found)
        work.require_unproposed(found, category)
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

    def _somebody(
        self, work: Work, edition: str, participant: str | None, name: str | None
    ) -> tuple[str, dict[str, Any] | None]:
        """A participant there is, or a new one by name, which is sealed."""
        who = work.require_participant(edition, participant) if participant else work.newcomer(edition)
        return who, work.seal("name", name, [who]) if name else None
