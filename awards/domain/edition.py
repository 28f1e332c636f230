"""Edition: one run of an award, its rules and phases, and who acts in it.

Phases follow from events and the clock: a nomination counts by its time of arrival (opens <= arrival < closes), and the
deadline closes by itself. Once `call_closed` or a later phase event is in the log nothing lands, whatever its arrival.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from awards.domain import refusals as no
from awards.domain.rules import Rules, check_rules, completed, require_category, stage_of
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act, derived_id, instant, moment

Sealed = dict[str, Any]

INCOMPATIBLE = {
    "auditor": {"secretariat", "nominator", "reviewer", "chair", "deputy", "approver", "privacy_officer"},
    "secretariat": {"reviewer", "chair", "deputy"},
}
"""Roles nobody may hold together in one edition: an auditor holds no other; the secretariat never scores."""

SEAT_ROLES = {"member": "reviewer", "chair": "chair", "deputy": "deputy"}


class Edition(Stream):
    """One run of an award, from planning to the end; one a label of the award."""

    TOPIC = "edition"

    class Event(StreamEvent):
        pass

    # The events, as they stand on disk.

    class Planned(Event, FirstEvent):
        TOPIC = "edition.planned"
        of_award: str
        label: str
        rules: dict[str, Any]

    class Recorded(Event, FirstEvent):
        TOPIC = "edition.recorded"
        of_award: str
        label: str
        sources: list[dict[str, str]]

    class CallOpened(Event):
        TOPIC = "edition.call_opened"
        opens: str
        closes: str
        zone: str

    class CallExtended(Event):
        TOPIC = "edition.call_extended"
        closes: str
        zone: str

    class CallClosed(Event):
        TOPIC = "edition.call_closed"
        code: str | None = None

    class RoleEntered(Event):
        TOPIC = "edition.role_entered"
        participant: str
        role: str
        name: Sealed | None = None

    class RoleLeft(Event):
        TOPIC = "edition.role_left"
        participant: str
        role: str

    class PanelMemberAppointed(Event):
        TOPIC = "edition.panel_member_appointed"
        stage: str
        participant: str
        seat: str
        name: Sealed | None = None

    class PanelMemberDischarged(Event):
        TOPIC = "edition.panel_member_discharged"
        stage: str
        participant: str
        code: str

    class ReviewingOpened(Event):
        TOPIC = "edition.reviewing_opened"
        stage: str

    class ReviewingClosed(Event):
        TOPIC = "edition.reviewing_closed"
        stage: str

    class ReviewingReopened(Event):
        TOPIC = "edition.reviewing_reopened"
        stage: str
        code: str

    class Shortlisted(Event):
        TOPIC = "edition.shortlisted"
        stage: str
        category: str
        nominations: list[str]

    class Cancelled(Event):
        TOPIC = "edition.cancelled"
        code: str

    @staticmethod
    def id_of(award: str, label: str) -> UUID:
        """The edition's id, derived from the award's id and the label, whatever its case and spacing."""
        return derived_id("edition", award, " ".join(label.casefold().split()))

    # Predicates.

    def takes_nominations(self, at: datetime) -> bool:
        """Whether a nomination arriving at `at` lands."""
        return self.opens is not None and not self.call_ended and self.opens <= at < self.closes

    def roles_of(self, participant: str) -> frozenset[str]:
        """The roles a participant holds now, seats on panels included."""
        seats = {SEAT_ROLES[seat] for (_, member), seat in self.panel.items() if member == participant}
        return self.roles.get(participant, frozenset()) | seats

    def person(self, participant: str) -> frozenset[str]:
        """All ids of the person who acts under this one."""
        return self.links.get(participant, frozenset({participant}))

    def seats_at(self, stage: str) -> dict[str, str]:
        """The panel of a stage: participant -> seat."""
        return {member: seat for (of_stage, member), seat in self.panel.items() if of_stage == stage}

    # Deciding.

    @classmethod
    def plan(cls, act: Act, award: str, label: str, rules: Rules) -> Self:
        """Begin an edition with its rules; whoever plans it acts in it."""
        check_rules(rules)
        rules = completed(rules)
        stream = cls.id_of(award, label)
        return cls._begin(cls.Planned, act, stream, edition=str(stream), of_award=award, label=label, rules=rules)

    @classmethod
    def record(cls, act: Act, award: str, label: str, sources: list[dict[str, str]]) -> Self:
        """Begin a past edition from sources; its rules are unknown."""
        stream = cls.id_of(award, label)
        return cls._begin(cls.Recorded, act, stream, edition=str(stream), of_award=award, label=label, sources=sources)

    def open_call(self, act: Act, opens: datetime, closes: datetime, zone: str) -> None:
        """Invite nominations from `opens` (inclusive) to `closes` (exclusive); `zone`: the deadline's IANA zone."""
        self.require_run()
        if self.opens is not None:
            raise no.CallAlreadyOpened
        if closes <= opens or closes <= act.at:
            raise no.DeadlineNotLater
        self._record(self.CallOpened, act, opens=instant(opens), closes=instant(closes), zone=zone)

    def extend_call(self, act: Act, closes: datetime, zone: str) -> None:
        """Move the deadline to a later moment, also after it passed as long as nothing later happened."""
        self._require_call_opened()
        if self.call_ended:
            raise no.CallClosed
        if closes <= self.closes or closes <= act.at:
            raise no.DeadlineNotLater
        self._record(self.CallExtended, act, closes=instant(closes), zone=zone)

    def close_call(self, act: Act, code: str | None = None) -> None:
        """Close the call before its deadline."""
        self.require_call_open(act.at)
        self._record(self.CallClosed, act, code=code)

    def enter(self, act: Act, participant: str, role: str, name: Sealed | None = None) -> None:
        """Record that a participant acts in this edition in a role."""
        self.require_not_cancelled()
        if role in self.roles_of(participant):
            raise no.AlreadyHoldsRole
        self._require_compatible(participant, role)
        self._record(self.RoleEntered, act, participant=participant, role=role, name=name)

    def leave(self, act: Act, participant: str, role: str) -> None:
        """Record that a participant no longer acts in a role."""
        if role not in self.roles.get(participant, frozenset()):
            raise no.RoleNotHeld
        self._record(self.RoleLeft, act, participant=participant, role=role)

    def appoint(self, act: Act, stage: str, participant: str, seat: str, name: Sealed | None = None) -> None:
        """Appoint a member, the chair or the deputy to a stage's panel."""
        self.require_run()
        stage_of(self.rules, stage)
        panel = self.seats_at(stage)
        if participant in panel:
            raise no.AlreadyOnPanel
        if seat != "member" and seat in panel.values():
            raise no.SeatTaken
        self._require_compatible(participant, SEAT_ROLES[seat])
        self._record(self.PanelMemberAppointed, act, stage=stage, participant=participant, seat=seat, name=name)

    def discharge(self, act: Act, stage: str, participant: str, code: str) -> None:
        """Take a member off a stage's panel; finished reviews stay."""
        self.require_run()
        self.require_on_panel(stage, participant)
        self._record(self.PanelMemberDischarged, act, stage=stage, participant=participant, code=code)

    def open_reviewing(self, act: Act, stage: str) -> None:
        """Let the panel of a stage score; needs a closed call and a panel of at least the quorum."""
        self.require_run()
        rules = stage_of(self.rules, stage)
        if stage in self.reviewing:
            raise no.ReviewingAlreadyOpen if self.reviewing[stage] == "open" else no.ReviewingClosed
        self._require_call_opened()
        if self.takes_nominations(act.at) or act.at < self.opens:
            raise no.CallStillOpen
        if len(self.seats_at(stage)) < rules["quorum"]:
            raise no.PanelTooSmall
        self._record(self.ReviewingOpened, act, stage=stage)

    def close_reviewing(self, act: Act, stage: str) -> None:
        """End the scoring at a stage."""
        self.require_reviewing_open(stage)
        self._record(self.ReviewingClosed, act, stage=stage)

    def reopen_reviewing(self, act: Act, stage: str, code: str) -> None:
        """Open a closed stage again, for a stated reason; finished reviews stay."""
        self.require_reviewing_closed(stage)
        self._record(self.ReviewingReopened, act, stage=stage, code=code)

    def shortlist(self, act: Act, stage: str, category: str, nominations: list[str]) -> None:
        """Name the nominations that go on from a stage; what follows rests on the latest list."""
        self.require_reviewing_closed(stage)
        require_category(self.rules, category)
        self._record(self.Shortlisted, act, stage=stage, category=category, nominations=sorted(set(nominations)))

    def cancel(self, act: Act, code: str) -> None:
        """End the edition without a decision."""
        self.require_run()
        self._record(self.Cancelled, act, code=code)

    # Guards that other commands ask for.

    def require_not_cancelled(self) -> None:
        if self.cancelled:
            raise no.EditionCancelled

    def require_run(self) -> None:
        """Refuse what needs an edition that is run here, by rules."""
        if self.rules is None:
            raise no.EditionFromSources
        self.require_not_cancelled()

    def require_call_open(self, at: datetime) -> None:
        """Refuse what must arrive while the call is open."""
        self._require_call_opened()
        if self.takes_nominations(at):
            return
        raise no.CallNotYetOpen if not self.call_ended and at < self.opens else no.CallClosed

    def require_sources(self, sources: Collection[str]) -> None:
        """Refuse a fact that cites what the edition was not recorded from."""
        if self.rules is None and not self.sources.issuperset(sources):
            raise no.UnknownSource

    def require_on_panel(self, stage: str, participant: str) -> None:
        stage_of(self.rules, stage)
        if (stage, participant) not in self.panel:
            raise no.NotOnPanel

    def require_reviewing_open(self, stage: str) -> None:
        self.require_run()
        stage_of(self.rules, stage)
        if self.reviewing.get(stage) != "open":
            raise no.ReviewingNotOpen

    def require_reviewing_closed(self, stage: str) -> None:
        self.require_run()
        stage_of(self.rules, stage)
        if self.reviewing.get(stage) != "closed":
            raise no.ReviewingNotClosed

    def _require_call_opened(self) -> None:
        self.require_run()
        if self.opens is None:
            raise no.CallNotOpened

    def _require_compatible(self, participant: str, role: str) -> None:
        for held in self.roles_of(participant):
            if role in INCOMPATIBLE.get(held, ()) or held in INCOMPATIBLE.get(role, ()):
                raise no.RolesIncompatible

    # Applying.

    def _on_planned(self, event: Planned) -> None:
        self._start(event.edition, event.of_award, event.label, event.rules)
        if event.actor["kind"] == "participant":
            self.roles[event.actor["id"]] = frozenset({event.actor["role"]})

    def _on_recorded(self, event: Recorded) -> None:
        self._start(event.edition, event.of_award, event.label, None)
        self.sources = frozenset(source["key"] for source in event.sources)
        if event.actor["kind"] == "participant":
            self.roles[event.actor["id"]] = frozenset({event.actor["role"]})

    def _start(self, edition: str | None, award: str, label: str, rules: Any) -> None:
        self.edition = edition
        self.of_award = award
        self.label = label
        self.rules = rules
        self.opens: Any = None
        self.closes: Any = None
        self.call_ended = False
        self.cancelled = False
        self.roles: dict[str, frozenset[str]] = {}
        self.panel: dict[tuple[str, str], str] = {}
        self.links: dict[str, frozenset[str]] = {}
        self.reviewing: dict[str, str] = {}
        self.shortlists: dict[tuple[str, str], tuple[str, ...]] = {}

    def _on_call_opened(self, event: CallOpened) -> None:
        self.opens, self.closes = moment(event.opens), moment(event.closes)

    def _on_call_extended(self, event: CallExtended) -> None:
        self.closes = moment(event.closes)

    def _on_call_closed(self, _event: CallClosed) -> None:
        self.call_ended = True

    def _on_role_entered(self, event: RoleEntered) -> None:
        self.roles[event.participant] = self.roles.get(event.participant, frozenset()) | {event.role}

    def _on_role_left(self, event: RoleLeft) -> None:
        self.roles[event.participant] = self.roles.get(event.participant, frozenset()) - {event.role}

    def _on_panel_member_appointed(self, event: PanelMemberAppointed) -> None:
        self.panel[event.stage, event.participant] = event.seat

    def _on_panel_member_discharged(self, event: PanelMemberDischarged) -> None:
        self.panel.pop((event.stage, event.participant), None)

    def _on_reviewing_opened(self, event: ReviewingOpened) -> None:
        self.call_ended = True
        self.reviewing[event.stage] = "open"

    def _on_reviewing_closed(self, event: ReviewingClosed) -> None:
        self.reviewing[event.stage] = "closed"

    def _on_reviewing_reopened(self, event: ReviewingReopened) -> None:
        self.reviewing[event.stage] = "open"

    def _on_shortlisted(self, event: Shortlisted) -> None:
        self.shortlists[event.stage, event.category] = tuple(event.nominations)

    def _on_cancelled(self, _event: Cancelled) -> None:
        self.call_ended = self.cancelled = True
