"""Who has an interest in a nomination: for the whole person, whatever the id by which she acts.

One person may have two ids in an edition (`edition.participants_linked`), so a part in a nomination, a recusal or a
proposal counts for all of them. The guards here are asked by every command that touches a nomination from a panel.
"""

from __future__ import annotations

from collections.abc import Iterable

from awards.access import PANEL_ROLES
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.values import Act


def persons(edition: Edition, participants: Iterable[str]) -> frozenset[str]:
    """These participants under all their ids."""
    return frozenset().union(*map(edition.person, participants))


def interested(edition: Edition, case: Nomination) -> frozenset[str]:
    """Who must not judge the nomination: nominator, endorsers, nominee and members, under all their ids."""
    return persons(edition, case.interested())


def recused(work: Work, edition: Edition, nomination: str, participant: str) -> bool:
    """Whether somebody is recused from a nomination, at whatever stage and under whatever id."""
    if edition.rules is None:
        return False
    stages = [stage["id"] for stage in edition.rules["stages"]]
    ids = (Review.id_of(stage, nomination, who) for who in sorted(edition.person(participant)) for stage in stages)
    reviews = [work.find(Review, stream) for stream in ids]
    return any(review is not None and review.ended == "recused" for review in reviews)


def require_open_to(work: Work, edition: Edition, case: Nomination, act: Act) -> None:
    """Refuse whoever leads a panel and has a part in the nomination or is recused from it: another acts instead.

    To her it is as if there were no such nomination, whatever she asks.
    """
    if work.caller.role not in PANEL_ROLES:
        return
    if act.by in interested(edition, case) or recused(work, edition, case.key, act.by):
        raise no.NotFound
