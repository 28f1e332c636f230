"""Where a caller stands: built in one way for commands and for reads, so that they cannot differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from awards.access import Caller, Place
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.subject import Subject
from awards.ledger.beside import participant_of


def place_of(
    caller: Caller,
    find_subject: Callable[[UUID], Subject | None],
    rows: Any,
    *,
    award: str | None = None,
    edition: Edition | None = None,
    nomination: Nomination | None = None,
    review: Review | None = None,
    stage: str | None = None,
) -> Place:
    """The caller's account, the caller's id in the edition if there is one, and what is asked about.

    `rows` runs a query beside the log.
    """
    participant = caller.participant
    if edition and caller.subject and not participant:
        participant = participant_of(rows, edition.key, caller.subject)
    subject = find_subject(UUID(caller.subject)) if caller.subject else None
    award = edition.of_award if edition else award
    return Place(caller, participant, subject, award, edition, nomination, review, stage)
