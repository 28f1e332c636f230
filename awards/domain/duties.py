"""Duties kept apart: which roles, and which deeds, one person may not have in one edition.

What was ever held counts: an auditor who has read every score cannot become a reviewer by leaving first. A person is
all of her ids (`edition.participants_linked`), so what she holds or did under one counts for the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

SEAT_ROLES = {"member": "reviewer", "chair": "chair", "deputy": "deputy"}

NOMINATED, ENDORSED, STOOD = "nominated", "endorsed", "stood"
"""Deeds: to have put somebody forward, in person or on paper; to have endorsed; to have been put forward."""

DEEDS = frozenset({NOMINATED, ENDORSED, STOOD})

_ANY_OTHER = {"secretariat", "nominator", "reviewer", "chair", "deputy", "approver", "privacy_officer"}

INCOMPATIBLE = {
    "auditor": {*_ANY_OTHER, NOMINATED, ENDORSED, STOOD},
    "secretariat": {"reviewer", "chair", "deputy"},
    "chair": {NOMINATED},
    "deputy": {NOMINATED},
}
"""An auditor has no other part; the secretariat never scores; who leads a panel put nobody forward."""

Panel = Mapping[tuple[str, str], str]
"""Stage and participant -> seat."""


def clash(wanted: str, others: Collection[str]) -> bool:
    """Whether a role or deed goes ill with any of these roles and deeds."""
    forbidden = INCOMPATIBLE.get(wanted, set())
    return any(other in forbidden or wanted in INCOMPATIBLE.get(other, ()) for other in others)


def seats_to_give_up(panel: Panel, person: Collection[str], past: Collection[str]) -> list[tuple[str, str]]:
    """Seats of a person that clash with her past, and all but the weightiest where she has several at a stage."""
    order = ("chair", "deputy", "member")
    held = sorted((stage, order.index(seat), member) for (stage, member), seat in panel.items())
    kept: set[str] = set()
    given_up = []
    for stage, _, member in held:
        if member not in person:
            continue
        if stage in kept or clash(SEAT_ROLES[panel[stage, member]], past):
            given_up.append((stage, member))
        else:
            kept.add(stage)
    return given_up


def roles_to_give_up(
    roles: Mapping[str, Collection[str]], person: Collection[str], past: Collection[str]
) -> list[tuple[str, str]]:
    """Roles of a person that clash with her past: participant and role."""
    return [(member, role) for member in sorted(person) for role in sorted(roles.get(member, ())) if clash(role, past)]
