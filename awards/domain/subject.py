"""Subject: a person, team, organisation or work with an account or an award-wide role.

Subject events never name an edition: within one, the same person is a participant under another id.
"""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from awards.domain import refusals as no
from awards.domain.duties import clash
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act

Sealed = dict[str, Any]

EVERY_AWARD = "*"
"""The scope of a role held for all awards of the installation."""


class Subject(Stream):
    """Somebody who signs in, and the award-wide roles held."""

    TOPIC = "subject"

    class Event(StreamEvent):
        pass

    # The events, as they stand on disk.

    class Known(Event, FirstEvent):
        TOPIC = "subject.known"
        kind: str
        name: Sealed

    class RoleGranted(Event):
        TOPIC = "subject.role_granted"
        role: str
        scope: str

    class RoleRevoked(Event):
        TOPIC = "subject.role_revoked"
        role: str
        scope: str

    class Deactivated(Event):
        TOPIC = "subject.deactivated"
        code: str

    # Predicates.

    def holds(self, role: str, award: str) -> bool:
        """Whether the subject holds a role for an award, or for all."""
        return self.active and bool({(role, award), (role, EVERY_AWARD)} & self.grants)

    # Deciding.

    @classmethod
    def register(cls, act: Act, stream: UUID, kind: str, name: Sealed) -> Self:
        """Begin the stream of somebody who gets an account or an award-wide role."""
        return cls._begin(cls.Known, act, stream, kind=kind, name=name)

    def grant(self, act: Act, role: str, scope: str) -> None:
        """Grant a role for one award (its id) or for all (`*`)."""
        if not self.active:
            raise no.SubjectDeactivated
        if (role, scope) in self.grants:
            raise no.AlreadyHoldsRole
        if act.by == self.key:
            raise no.SelfAppointment
        if clash(role, [held for held, where in self.grants if where == scope or EVERY_AWARD in (where, scope)]):
            raise no.RolesIncompatible
        self._record(self.RoleGranted, act, role=role, scope=scope)

    def revoke(self, act: Act, role: str, scope: str) -> None:
        """Take a role back."""
        if (role, scope) not in self.grants:
            raise no.RoleNotHeld
        self._record(self.RoleRevoked, act, role=role, scope=scope)

    def deactivate(self, act: Act, code: str) -> None:
        """End the account; what was done stays."""
        if not self.active:
            raise no.SubjectDeactivated
        self._record(self.Deactivated, act, code=code)

    # Applying.

    def _on_known(self, _event: Known) -> None:
        self.active = True
        self.grants: set[tuple[str, str]] = set()

    def _on_role_granted(self, event: RoleGranted) -> None:
        self.grants.add((event.role, event.scope))

    def _on_role_revoked(self, event: RoleRevoked) -> None:
        self.grants.discard((event.role, event.scope))

    def _on_deactivated(self, _event: Deactivated) -> None:
        self.active = False
