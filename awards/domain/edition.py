"""Edition: one run of an award, its rules and phases, and who acts in it.

Its events, how they are applied, and the phases; what is decided of the call is in `call`, of roles, seats and persons
in `panel`, of stages in `reviewing`. Phases follow from events and the clock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self, cast
from uuid import UUID

from awards.domain import call, erasing, panel, reviewing
from awards.domain import refusals as no
from awards.domain.duties import SEAT_ROLES
from awards.domain.rules import Rules, check_rules, completed, with_stage
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act, derived_id, moment

Sealed = dict[str, Any]


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
        seeds: dict[str, Sealed] | None = None

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
        code: str | None = None

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

    class ParticipantsLinked(Event):
        TOPIC = "edition.participants_linked"
        participants: list[str]
        code: str
        text: Sealed | None = None

    class ParticipantErased(Event):
        TOPIC = "edition.participant_erased"
        participant: str
        classes: list[str]
        basis: str
        kept: dict[str, str] | None = None

    class RulesChanged(Event):
        TOPIC = "edition.rules_changed"
        stage: str
        code: str
        quorum: int | None = None
        minimum_reviews: int | None = None

    class ReviewingOpened(Event):
        TOPIC = "edition.reviewing_opened"
        stage: str
        due: str | None = None

    class ReviewingClosed(Event):
        TOPIC = "edition.reviewing_closed"
        stage: str

    class ReviewingReopened(Event):
        TOPIC = "edition.reviewing_reopened"
        stage: str
        code: str
        due: str | None = None

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

    # The call, the stages, and who acts: methods that stand in files of their own.

    takes_nominations = call.takes_nominations
    open_call = call.open_call
    extend_call = call.extend_call
    close_call = call.close_call
    require_call_opened = call.require_call_opened
    require_call_open = call.require_call_open

    change_rules = reviewing.change_rules
    open_reviewing = reviewing.open_reviewing
    close_reviewing = reviewing.close_reviewing
    reopen_reviewing = reviewing.reopen_reviewing
    shortlist = reviewing.shortlist
    require_reviewing_open = reviewing.require_reviewing_open
    require_reviewing_closed = reviewing.require_reviewing_closed
    closed_since = reviewing.closed_since

    person = panel.person
    roles_of = panel.roles_of
    past_of = panel.past_of
    seats_at = panel.seats_at
    enter = panel.enter
    come_in = panel.come_in
    leave = panel.leave
    appoint = panel.appoint
    discharge = panel.discharge
    link = panel.link
    erase = erasing.erase
    is_erased = erasing.is_erased
    require_not_erased = erasing.require_not_erased
    require_on_panel = panel.require_on_panel
    require_sat = panel.require_sat
    require_compatible = panel.require_compatible
    require_other_than = panel.require_other_than

    seeds = cast("Mapping[str, Sealed]", MappingProxyType({}))

    # Deciding.

    @classmethod
    def plan(cls, act: Act, award: str, label: str, rules: Rules, seeds: dict[str, Sealed] | None = None) -> Self:
        """Begin an edition with its rules, and the sealed seeds of its lots by stage; whoever plans it acts in it."""
        check_rules(rules)
        rules = completed(rules)
        stream = cls.id_of(award, label)
        told = {"of_award": award, "label": label, "rules": rules, "seeds": seeds or None}
        return cls._begin(cls.Planned, act, stream, edition=str(stream), **told)

    @classmethod
    def record(cls, act: Act, award: str, label: str, sources: list[dict[str, str]]) -> Self:
        """Begin a past edition from sources; its rules are unknown."""
        stream = cls.id_of(award, label)
        return cls._begin(cls.Recorded, act, stream, edition=str(stream), of_award=award, label=label, sources=sources)

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

    def require_sources(self, sources: Collection[str]) -> None:
        """Refuse a fact that cites what the edition was not recorded from."""
        if self.rules is None and not self.sources.issuperset(sources):
            raise no.UnknownSource

    # Applying.

    def _on_planned(self, event: Planned) -> None:
        self._start(event.edition, event.of_award, event.label, event.rules)
        self.seeds = event.seeds or {}
        self._begin_with(event.actor)

    def _on_recorded(self, event: Recorded) -> None:
        self._start(event.edition, event.of_award, event.label, None)
        self.sources = frozenset(source["key"] for source in event.sources)
        self._begin_with(event.actor)

    def _begin_with(self, actor: dict[str, str]) -> None:
        if actor["kind"] == "participant":
            self._take(actor["id"], actor["role"])
            self.roles[actor["id"]] = frozenset({actor["role"]})

    def _take(self, participant: str, role: str) -> None:
        self.ever[participant] = self.ever.get(participant, frozenset()) | {role}

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
        self.sat: frozenset[tuple[str, str]] = frozenset()
        self.ever: dict[str, frozenset[str]] = {}
        self.links: dict[str, frozenset[str]] = {}
        self.erased: dict[str, frozenset[str]] = {}
        self.reviewing: dict[str, str] = {}
        self.closed_at: dict[str, datetime] = {}
        self.due: dict[str, str | None] = {}
        self.shortlists: dict[tuple[str, str], tuple[str, ...]] = {}

    def _on_call_opened(self, event: CallOpened) -> None:
        self.opens, self.closes = moment(event.opens), moment(event.closes)

    def _on_call_extended(self, event: CallExtended) -> None:
        self.closes = moment(event.closes)

    def _on_call_closed(self, _event: CallClosed) -> None:
        self.call_ended = True

    def _on_role_entered(self, event: RoleEntered) -> None:
        self._take(event.participant, event.role)
        self.roles[event.participant] = self.roles.get(event.participant, frozenset()) | {event.role}

    def _on_role_left(self, event: RoleLeft) -> None:
        self.roles[event.participant] = self.roles.get(event.participant, frozenset()) - {event.role}

    def _on_panel_member_appointed(self, event: PanelMemberAppointed) -> None:
        self._take(event.participant, SEAT_ROLES[event.seat])
        self.panel[event.stage, event.participant] = event.seat
        self.sat |= {(event.stage, event.participant)}

    def _on_panel_member_discharged(self, event: PanelMemberDischarged) -> None:
        self.panel.pop((event.stage, event.participant), None)

    def _on_participants_linked(self, event: ParticipantsLinked) -> None:
        whole = frozenset().union(*(self.links.get(one, frozenset({one})) for one in event.participants))
        self.links.update(dict.fromkeys(whole, whole))

    def _on_participant_erased(self, event: ParticipantErased) -> None:
        self.erased[event.participant] = self.erased.get(event.participant, frozenset()) | frozenset(event.classes)

    def _on_rules_changed(self, event: RulesChanged) -> None:
        changed = {"quorum": event.quorum, "minimum_reviews": event.minimum_reviews}
        self.rules = with_stage(self.rules, event.stage, changed) if self.rules else self.rules

    def _on_reviewing_opened(self, event: ReviewingOpened) -> None:
        self.call_ended = True
        self.reviewing[event.stage] = "open"
        self.due[event.stage] = event.due

    def _on_reviewing_closed(self, event: ReviewingClosed) -> None:
        self.reviewing[event.stage] = "closed"
        self.closed_at[event.stage] = event.timestamp

    def _on_reviewing_reopened(self, event: ReviewingReopened) -> None:
        self.reviewing[event.stage] = "open"
        self.due[event.stage] = event.due

    def _on_shortlisted(self, event: Shortlisted) -> None:
        self.shortlists[event.stage, event.category] = tuple(event.nominations)

    def _on_cancelled(self, _event: Cancelled) -> None:
        self.call_ended = self.cancelled = True
