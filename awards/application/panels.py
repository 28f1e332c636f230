"""Commands on who acts in an edition: roles, panels, changes of the jury mid-round, and ids that are one person.

What follows from a change is recorded with it, in the same transaction: whoever loses a seat loses the assignments she
had not finished, and nothing that was finished is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from awards.access import EDITION_ROLES
from awards.application.desk import Commands, command
from awards.application.interests import award_wide, deeds_of, unfinished
from awards.application.linking import follow_up
from awards.application.reviews import give
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.duties import DEEDS, INCOMPATIBLE, SEAT_ROLES
from awards.domain.edition import Edition
from awards.domain.values import Act
from awards.projections.rows import Rows

Sealed = dict[str, Any]


class PanelCommands(Commands):
    """Who takes part in an edition, and as what."""

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
        found.enter(act, who, role, sealed, self._did(work, found, who, role))
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
        return self._appoint(work, act, found, stage, seat, {"participant": participant, "name": name})

    @command("edition.appoint")
    def discharge(self, work: Work, edition: str, stage: str, participant: str, code: str) -> str:
        """Take a member off a stage's panel: what is finished stays and counts, the rest is voided."""
        found = work.edition(edition)
        act = work.act(edition=found)
        with work.ground(found) as rows:
            self._discharge(work, act, rows, found, stage, participant, code)
        return edition

    @command("edition.appoint")
    def replace(self, work: Work, edition: str, stage: str, participant: str, by: Mapping[str, str], code: str) -> str:
        """Put another person on a member's seat, and hand over what she had not finished; gives the other's id."""
        found = work.edition(edition)
        act = work.act(edition=found)
        found.require_on_panel(stage, participant)
        seat = found.seats_at(stage)[participant]
        with work.ground(found) as rows:
            left = self._discharge(work, act, rows, found, stage, participant, code)
        who = self._appoint(work, act, found, stage, seat, by)
        for nomination in left:
            # She may have an interest in it or be recused, or it stands no more: then nobody has it.
            with suppress(no.OutOfOrder):
                give(work, act, found, stage, nomination, who)
        return who

    @command("edition.link")
    def link_participants(
        self, work: Work, edition: str, participants: list[str], code: str, text: str | None = None
    ) -> str:
        """Record that two ids are one person; what follows for earlier acts is recorded with it."""
        found = work.edition(edition)
        act = work.act(edition=found)
        one, other = (work.require_participant(edition, participant) for participant in participants)
        whole = found.person(one) | found.person(other)
        with work.ground(found) as rows:
            held = set(found.panel)
            did = deeds_of(rows, found, whole)
            for who in sorted(whole):
                did |= award_wide(work, found, who)
            found.link(act, one, other, code, work.seal_text("text", text, [one, other]), did)
            for stage, member in sorted(held - set(found.panel)):
                _void_unfinished(work, act, rows, found, stage, member, "roles-incompatible")
            follow_up(work, act, rows, found, whole)
        return edition

    def _appoint(
        self, work: Work, act: Act, edition: Edition, stage: str, seat: str, somebody: Mapping[str, str | None]
    ) -> str:
        who, sealed = self._somebody(work, edition.key, somebody.get("participant"), somebody.get("name"))
        edition.appoint(act, stage, who, seat, sealed, self._did(work, edition, who, SEAT_ROLES[seat]))
        return who

    def _discharge(
        self, work: Work, act: Act, rows: Rows, edition: Edition, stage: str, participant: str, code: str
    ) -> list[str]:
        edition.discharge(act, stage, participant, code)
        return _void_unfinished(work, act, rows, edition, stage, participant, code)

    def _did(self, work: Work, edition: Edition, participant: str, wanted: str) -> frozenset[str]:
        """What a person did before that may go ill with a role she is to take up; a newcomer did nothing."""
        if work.is_newcomer(participant):
            return frozenset()
        whole = edition.person(participant)
        did: Collection[str] = ()
        if not INCOMPATIBLE.get(wanted, set()).isdisjoint(DEEDS):
            with work.ground(edition) as rows:
                did = deeds_of(rows, edition, whole)
        return frozenset(did).union(*(award_wide(work, edition, who) for who in sorted(whole)))

    def _somebody(
        self, work: Work, edition: str, participant: str | None, name: str | None
    ) -> tuple[str, Sealed | None]:
        """A participant there is, or a new one by name, which is sealed."""
        who = work.require_participant(edition, participant) if participant else work.newcomer(edition)
        return who, work.seal("name", name, [who]) if name else None


def _void_unfinished(
    work: Work, act: Act, rows: Rows, edition: Edition, stage: str, participant: str, code: str
) -> list[str]:
    """End what a member had not finished; gives the nominations, in the order in which she was given them."""
    left = unfinished(work, rows, edition, stage, participant)
    for review in left:
        review.void(act, code)
    return [review.nomination for review in left]
