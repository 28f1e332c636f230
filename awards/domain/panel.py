"""Who acts in an edition: roles, seats on the panels of its stages, and which ids are one person.

Methods of `Edition`. Which duties are kept apart is in `duties`; here they are asked for whenever somebody takes one
up, and again when two ids turn out to be one person. What somebody did outside the edition's stream (`did`: nominated,
endorsed, stood) is brought by the caller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awards.domain import refusals as no
from awards.domain.duties import SEAT_ROLES, clash, roles_to_give_up, seats_to_give_up
from awards.domain.rules import stage_of
from awards.domain.values import Act

if TYPE_CHECKING:
    from awards.domain.edition import Edition

Sealed = dict[str, Any]
Deeds = frozenset[str]
NOTHING: Deeds = frozenset()

INCOMPATIBLE_CODE = "roles-incompatible"
"""Why somebody loses a seat or a role when two ids turn out to be one person."""


# Predicates.


def person(edition: Edition, participant: str) -> frozenset[str]:
    """All ids of the person who acts under this one."""
    return edition.links.get(participant, frozenset({participant}))


def roles_of(edition: Edition, participant: str, stage: str | None = None) -> frozenset[str]:
    """The roles a participant holds now, seats on panels included: those of all stages, or of one."""
    if edition.is_erased(participant):
        return frozenset()
    seats = {
        SEAT_ROLES[seat]
        for (of_stage, member), seat in edition.panel.items()
        if member == participant and stage in (None, of_stage)
    }
    return edition.roles.get(participant, frozenset()) | seats


def past_of(edition: Edition, participant: str) -> frozenset[str]:
    """The roles a person ever held in the edition, under all ids."""
    return frozenset().union(*(edition.ever.get(one, frozenset()) for one in edition.person(participant)))


def seats_at(edition: Edition, stage: str) -> dict[str, str]:
    """The panel of a stage: participant -> seat."""
    return {member: seat for (of_stage, member), seat in edition.panel.items() if of_stage == stage}


# Deciding.


def enter(
    edition: Edition, act: Act, participant: str, role: str, name: Sealed | None = None, did: Deeds = NOTHING
) -> None:
    """Record that a participant acts in this edition in a role."""
    edition.require_other_than(act.by, participant)
    _take_up(edition, act, participant, role, name, did)


def come_in(edition: Edition, act: Act, role: str) -> None:
    """Record that somebody acts here by an award-wide role, for the first time."""
    _take_up(edition, act, act.by, role, None, NOTHING)


def _take_up(edition: Edition, act: Act, participant: str, role: str, name: Sealed | None, did: Deeds) -> None:
    edition.require_not_cancelled()
    edition.require_not_erased(participant)
    if role in edition.roles_of(participant):
        raise no.AlreadyHoldsRole
    edition.require_compatible(participant, role, did)
    edition._record(edition.RoleEntered, act, participant=participant, role=role, name=name)


def leave(edition: Edition, act: Act, participant: str, role: str, code: str | None = None) -> None:
    """Record that a participant no longer acts in a role."""
    if role not in edition.roles.get(participant, frozenset()):
        raise no.RoleNotHeld
    edition._record(edition.RoleLeft, act, participant=participant, role=role, code=code)


def appoint(
    edition: Edition,
    act: Act,
    stage: str,
    participant: str,
    seat: str,
    name: Sealed | None = None,
    did: Deeds = NOTHING,
) -> None:
    """Appoint a member, the chair or the deputy to a stage's panel."""
    edition.require_run()
    stage_of(edition.rules, stage)
    edition.require_other_than(act.by, participant)
    edition.require_not_erased(participant)
    panel = edition.seats_at(stage)
    if not edition.person(participant).isdisjoint(panel):
        raise no.AlreadyOnPanel
    if seat != "member" and seat in panel.values():
        raise no.SeatTaken
    edition.require_compatible(participant, SEAT_ROLES[seat], did)
    if edition.reviewing.get(stage) == "open" and "approver" in edition.past_of(participant) | did:
        raise no.RolesIncompatible("An approver, who reads every score, takes no seat while others score.")
    edition._record(edition.PanelMemberAppointed, act, stage=stage, participant=participant, seat=seat, name=name)


def discharge(edition: Edition, act: Act, stage: str, participant: str, code: str) -> None:
    """Take a member off a stage's panel; finished reviews stay."""
    edition.require_run()
    edition.require_on_panel(stage, participant)
    edition._record(edition.PanelMemberDischarged, act, stage=stage, participant=participant, code=code)


def link(
    edition: Edition, act: Act, one: str, other: str, code: str, text: Sealed | None = None, did: Deeds = NOTHING
) -> None:
    """Record that two ids are one person; whatever she holds now and could not be given now, she loses."""
    if one == other or other in edition.person(one):
        raise no.AlreadyLinked
    edition.require_not_erased(one)
    edition.require_not_erased(other)
    edition._record(edition.ParticipantsLinked, act, participants=sorted([one, other]), code=code, text=text)
    whole = edition.person(one)
    past = edition.past_of(one) | did
    for stage, member in seats_to_give_up(edition.panel, whole, past):
        edition._record(edition.PanelMemberDischarged, act, stage=stage, participant=member, code=INCOMPATIBLE_CODE)
    for member, role in roles_to_give_up(edition.roles, whole, past):
        edition._record(edition.RoleLeft, act, participant=member, role=role, code=INCOMPATIBLE_CODE)


# Guards that other commands ask for.


def require_on_panel(edition: Edition, stage: str, participant: str) -> None:
    """Refuse what needs a seat at the stage."""
    stage_of(edition.rules, stage)
    if (stage, participant) not in edition.panel:
        raise no.NotOnPanel


def require_sat(edition: Edition, stage: str, participant: str) -> None:
    """Refuse what needs a seat at the stage, held now or once."""
    stage_of(edition.rules, stage)
    if (stage, participant) not in edition.sat:
        raise no.NotOnPanel


def require_compatible(edition: Edition, participant: str, wanted: str, did: Deeds = NOTHING) -> None:
    """Refuse a role, or a deed, that does not go with what the person ever held or did here."""
    if clash(wanted, edition.past_of(participant) | did):
        raise no.RolesIncompatible


def require_other_than(edition: Edition, by: str, participant: str) -> None:
    """Refuse what nobody gives to herself."""
    if by in edition.person(participant):
        raise no.SelfAppointment
