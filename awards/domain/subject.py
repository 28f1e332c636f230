"""Subject: a person, team, organisation or work with an account or an award-wide role, or whose erasure was asked for.

Subject events never name an edition: within one, the same person is a participant under another id. A request to erase
may begin the stream: a nominee has no account. Erasing takes two people, neither of whom is the person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, Self, cast
from uuid import UUID

from awards.domain import refusals as no
from awards.domain.duties import clash
from awards.domain.stream import FirstEvent, Stream, StreamEvent
from awards.domain.values import Act

Sealed = dict[str, Any]

EVERY_AWARD = "*"
"""The scope of a role held for all awards of the installation."""


ERASABLE = ("case", "public", "account")
"""The classes of values that are about a person (design of the log, item 7)."""

KEEPABLE = ("public",)
"""What may be kept for a legal basis: a winner's published name."""


class ErasureRequest(NamedTuple):
    """What is asked for: by whom, which classes, why (a code), and what is kept on which basis."""

    by: str
    classes: tuple[str, ...]
    basis: str
    kept: tuple[tuple[str, str], ...]

    @property
    def told(self) -> dict[str, Any]:
        """The request as it is shown."""
        return {"by": self.by, "classes": list(self.classes), "basis": self.basis, "kept": dict(self.kept)}


class Subject(Stream):
    """Somebody who signs in, and the award-wide roles held."""

    TOPIC = "subject"

    # As they are where the stream begins with a request to erase. No annotations: see `Stream`.
    known = False
    active = True
    grants = cast("frozenset[tuple[str, str]]", frozenset())
    requested = cast("ErasureRequest | None", None)
    erased = cast("frozenset[str]", frozenset())

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

    class ErasureRequested(Event, FirstEvent):
        TOPIC = "subject.erasure_requested"
        classes: list[str]
        basis: str
        kept: dict[str, str] | None = None

    class ErasureRefused(Event):
        TOPIC = "subject.erasure_refused"
        code: str

    class Erased(Event):
        TOPIC = "subject.erased"
        classes: list[str]
        basis: str

    # Predicates.

    def holds(self, role: str, award: str) -> bool:
        """Whether the subject holds a role for an award, or for all."""
        return self.active and bool({(role, award), (role, EVERY_AWARD)} & self.grants)

    # Deciding.

    @classmethod
    def register(cls, act: Act, stream: UUID, kind: str, name: Sealed, found: Self | None = None) -> Self:
        """Begin the stream of somebody who gets an account or an award-wide role, or go on with one (`found`) that a
        request to erase began.
        """
        if found is None:
            return cls._begin(cls.Known, act, stream, kind=kind, name=name)
        found.require_not_erased()
        found._record(cls.Known, act, kind=kind, name=name)
        return found

    @classmethod
    def begin_erasure(
        cls, act: Act, stream: UUID, classes: Collection[str], basis: str, kept: Mapping[str, str]
    ) -> Self:
        """Ask for the erasure of somebody who has no stream yet."""
        return cls._begin(cls.ErasureRequested, act, stream, **_asked(classes, basis, kept))

    def request_erasure(self, act: Act, classes: Collection[str], basis: str, kept: Mapping[str, str]) -> None:
        """Ask for the erasure of these classes; `kept`: those that stay, with the legal basis, a code."""
        asked = _asked(classes, basis, kept)
        if self.requested:
            raise no.ErasureAlreadyRequested
        if self.erased.issuperset(classes):
            raise no.PersonErased
        self._record(self.ErasureRequested, act, **asked)

    def refuse_erasure(self, act: Act, code: str) -> None:
        """Turn the request down, or take it back."""
        self.require_erasure_requested()
        self._record(self.ErasureRefused, act, code=code)

    def erase(self, act: Act) -> None:
        """Approve the request, as the second person."""
        asked = self.require_erasure_requested()
        if act.by == asked.by:
            raise no.SecondPersonNeeded
        if act.by == self.key:
            raise no.OwnAccount
        self._record(self.Erased, act, classes=list(asked.classes), basis=asked.basis)

    def grant(self, act: Act, role: str, scope: str) -> None:
        """Grant a role for one award (its id) or for all (`*`)."""
        self.require_not_erased()
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

    # Guards that other commands ask for.

    def require_not_erased(self) -> None:
        """Refuse what would bring an erased account back."""
        if "account" in self.erased:
            raise no.PersonErased

    def require_erasure_requested(self) -> ErasureRequest:
        """The request that waits for a second person."""
        if self.requested is None:
            raise no.ErasureNotRequested
        return self.requested

    # Applying.

    def _on_known(self, _event: Known) -> None:
        self.known = self.active = True
        self.grants = frozenset()

    def _on_role_granted(self, event: RoleGranted) -> None:
        self.grants |= {(event.role, event.scope)}

    def _on_role_revoked(self, event: RoleRevoked) -> None:
        self.grants -= {(event.role, event.scope)}

    def _on_deactivated(self, _event: Deactivated) -> None:
        self.active = False

    def _on_erasure_requested(self, event: ErasureRequested) -> None:
        by = event.actor.get("id", event.actor["kind"])
        kept = tuple(sorted((event.kept or {}).items()))
        self.requested = ErasureRequest(by, tuple(event.classes), event.basis, kept)

    def _on_erasure_refused(self, _event: ErasureRefused) -> None:
        self.requested = None

    def _on_erased(self, event: Erased) -> None:
        self.requested = None
        self.erased |= frozenset(event.classes)
        self.active = self.active and "account" not in self.erased


def _asked(classes: Collection[str], basis: str, kept: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a request, in one order; refused where it contradicts itself."""
    if not classes or not set(classes) <= set(ERASABLE):
        raise no.NotErasable
    if set(kept) & set(classes) or not set(kept) <= set(KEEPABLE):
        raise no.NotKeepable
    return {"classes": [cls for cls in ERASABLE if cls in classes], "basis": basis, "kept": dict(kept) or None}
