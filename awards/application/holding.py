"""What somebody holds, across awards and editions, and whether that lies within somebody else's reach.

A one-time code opens an account with all that its subject holds. So nobody may bring one about for a person who also
acts beyond her own reach: the code remembers how far its issuer reached, which is compared again as it is redeemed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from awards.access import LINK_ROLES
from awards.application.desk import Desk
from awards.domain import refusals as no
from awards.domain.award import Award
from awards.domain.edition import Edition
from awards.domain.subject import EVERY_AWARD, Subject
from awards.ledger.tokens import Token, find_code, redeemed_by


@dataclass(frozen=True)
class Held:
    """A role somebody holds: for an award (`*`: all), in an edition, or by a redeemed link to a nomination."""

    role: str
    award: str | None = None
    edition: str | None = None
    nomination: str | None = None
    participant: str | None = None
    where: str = ""

    @property
    def key(self) -> str:
        """What a form names it by."""
        return f"{self.role}/{self.nomination or self.edition or self.award}"

    @property
    def token(self) -> Token:
        """The scope of a token for it, of nobody yet."""
        kind = "link" if self.nomination else "subject"
        scope = {name: getattr(self, name) for name in ("role", "award", "edition", "nomination", "participant")}
        return Token(hash="", kind=kind, subject="", **scope)


def held_by(desk: Desk, subject: str) -> list[Held]:
    """Every role somebody holds now."""
    found = subject_of(desk, subject)
    if found is not None and not found.active:
        return []
    held = [Held(role, award, where=_name_of(desk, award)) for role, award in sorted(found.grants if found else ())]
    for edition, participant in _editions(desk, subject):
        where = f"{_name_of(desk, edition.of_award)} {edition.label}"
        for role in sorted(edition.roles_of(participant)):
            held.append(Held(role, None, edition.key, None, participant, where))
    for code in redeemed_by(desk.ledger.rows, subject):
        if code.role in LINK_ROLES:
            held.append(Held(str(code.role), None, code.edition, code.nomination, code.participant))
    return held


def scopes_of(desk: Desk, subject: str, besides: str | None = None) -> set[str]:
    """The awards somebody acts for (`*`: all), by a role or by taking part in an edition other than `besides`."""
    found = subject_of(desk, subject)
    editions = {edition.of_award for edition, _ in _editions(desk, subject) if edition.key != besides}
    return editions | {scope for _, scope in (found.grants if found else ())}


def within(desk: Desk, reach: str | None, edition: str | None, subject: str) -> bool:
    """Whether somebody acts for no more than an award (`*`: all) and an edition."""
    return reach == EVERY_AWARD or scopes_of(desk, subject, edition) <= {reach}


def subject_of(desk: Desk, subject: str) -> Subject | None:
    """The stream of a subject; None for who never had an account or an award-wide role."""
    found = desk.streams.get(UUID(subject))
    return found if isinstance(found, Subject) else None


def is_active(desk: Desk, subject: str) -> bool:
    """Whether the account of a subject has not been ended; who has none cannot have."""
    found = subject_of(desk, subject)
    return found is None or found.active


def valid_code(desk: Desk, plain: str, at: datetime) -> Token:
    """What a one-time code stands for, or the refusal that says no more than that it is not valid."""
    code = find_code(desk.ledger.rows, plain, at)
    if code is None or not is_active(desk, code.subject):
        raise no.CodeNotValid
    return code


def _name_of(desk: Desk, award: str) -> str:
    found = desk.streams.get(UUID(award)) if award != EVERY_AWARD else None
    return found.slug if isinstance(found, Award) else award


def _editions(desk: Desk, subject: str) -> list[tuple[Edition, str]]:
    """The editions somebody takes part in, each with the participant's id."""
    rows = desk.ledger.rows(
        "SELECT edition, participant FROM participants WHERE subject = ? ORDER BY edition", [subject]
    )
    found = [(desk.streams.get(UUID(row["edition"])), str(row["participant"])) for row in rows]
    return [(edition, who) for edition, who in found if isinstance(edition, Edition)]
