"""What an edition records of the erasure of a person, and what follows: she neither acts there nor is named again.

Methods of `Edition`. Who asked and who agreed stands in the Subject's stream, which never names an edition; here stands
only which participant's values are gone, and on which basis, so that the edition can be checked by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from awards.domain import refusals as no
from awards.domain.values import Act

if TYPE_CHECKING:
    from awards.domain.edition import Edition


def erase(
    edition: Edition, act: Act, participant: str, classes: Collection[str], basis: str, kept: Mapping[str, str]
) -> None:
    """Record that a participant's values of these classes are erased; `kept`: those that stay, and on which basis."""
    if edition.erased.get(participant, frozenset()).issuperset(classes):
        raise no.PersonErased
    edition._record(
        edition.ParticipantErased,
        act,
        participant=participant,
        classes=sorted(classes),
        basis=basis,
        kept=dict(kept) or None,
    )


def is_erased(edition: Edition, participant: str) -> bool:
    """Whether anything about the participant was erased: then nobody acts under this id, nor is it named again."""
    return participant in edition.erased


def require_not_erased(edition: Edition, participant: str) -> None:
    """Refuse to let an erased participant act, or to name her."""
    if edition.is_erased(participant):
        raise no.PersonErased
