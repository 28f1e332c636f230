"""Who has an interest in a nomination: for the whole person, whatever the id by which she acts.

One person may have two ids in an edition (`edition.participants_linked`), so a part in a nomination, a recusal or a
proposal counts for all of them. The guards here are asked by every command that touches a nomination from a panel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from awards.access import AWARD_ROLES, PANEL_ROLES
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.duties import ENDORSED, NOMINATED, STOOD, clash
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.subject import EVERY_AWARD, Subject
from awards.domain.values import Act
from awards.projections import nominations, reviews, ties
from awards.projections.rows import Rows

CATEGORY_CLOSED = (
    "You are recused from a nomination of this category or have a part in one; the deputy or another person acts."
)


def persons(edition: Edition, participants: Iterable[str]) -> frozenset[str]:
    """These participants under all their ids."""
    return frozenset().union(*map(edition.person, participants))


def interested(edition: Edition, case: Nomination) -> frozenset[str]:
    """Who must not judge the nomination: nominator, endorsers, nominee and members, under all their ids."""
    return persons(edition, case.interested())


def recused(work: Work, edition: Edition, nomination: str, participant: str) -> bool:
    """Whether somebody is recused from a nomination, at whatever stage and under whatever id."""
    return any(review.ended == "recused" for review in _reviews_of(work, edition, nomination, participant))


def _reviews_of(work: Work, edition: Edition, nomination: str, participant: str) -> Iterator[Review]:
    stages = [stage["id"] for stage in edition.rules["stages"]] if edition.rules else []
    for who in sorted(edition.person(participant)):
        for stage in stages:
            if review := work.find(Review, Review.id_of(stage, nomination, who)):
                yield review


def require_open_to(work: Work, edition: Edition, case: Nomination, act: Act) -> None:
    """Refuse whoever has a part in the nomination, or leads a panel and is recused from it: another acts instead.

    To her it is as if there were no such nomination, whatever she asks.
    """
    leads = work.caller.role in PANEL_ROLES
    if act.by in interested(edition, case) or (leads and recused(work, edition, case.key, act.by)):
        raise no.NotFound


def require_category_open_to(work: Work, edition: Edition, act: Act, category: str | None = None) -> None:
    """Refuse whoever may not judge some nomination in play in the category, or in any: another person acts there."""
    if is_closed_to(work, edition, act.by, category):
        raise no.ClosedToYou(CATEGORY_CLOSED)


def is_closed_to(
    work: Work, edition: Edition, participant: str, category: str | None = None, among: Collection[str] = ()
) -> bool:
    """Whether somebody may not judge some nomination in play in the category, or in any; where told, `among` these."""
    with work.ground(edition) as rows:
        closed = closed_to(rows, edition, edition.person(participant))
    # Not `work.nomination`: it names what the caller asked for, and of what is closed nothing is to be told.
    asked = closed.intersection(among) if among else closed
    cases = (work.find(Nomination, UUID(nomination)) for nomination in sorted(asked))
    return any(case and (among or case.in_play()) and category in (None, case.category) for case in cases)


def require_panel_open_to(work: Work, edition: Edition, act: Act, category: str | None = None) -> None:
    """The same for whoever leads a panel; the secretariat never judges."""
    if work.caller.role in PANEL_ROLES:
        require_category_open_to(work, edition, act, category)


def closed_to(rows: Rows, edition: Edition, person: Iterable[str]) -> set[str]:
    """The nominations in which a person has a part or from which she is recused, under whatever id."""
    return ties.closed_to(rows, edition.key, person)


def deeds_of(rows: Rows, edition: Edition, person: Iterable[str]) -> frozenset[str]:
    """What a person did in the edition beside her roles: nominated, endorsed, stood."""
    named = ((one, view) for one in sorted(person) for view in nominations.naming(rows, edition.key, one))
    return frozenset().union(*(_deeds(view, one) for one, view in named))


def _deeds(view: dict[str, Any], participant: str) -> frozenset[str]:
    ever = view["ever"]
    parts = {NOMINATED: [view["nominator"]], ENDORSED: ever["endorsed"], STOOD: ever["stood"]}
    return frozenset(deed for deed, who in parts.items() if participant in who)


def require_no_part(work: Work, subject: str, award: str) -> None:
    """Refuse to make somebody an auditor of awards in whose editions she had any part."""
    for one in work.participants_of(subject):
        edition = work.edition(one["edition"])
        if award not in (EVERY_AWARD, edition.of_award):
            continue
        with work.ground(edition) as rows:
            did = deeds_of(rows, edition, edition.person(one["participant"]))
        if clash("auditor", edition.past_of(one["participant"]) | did):
            raise no.RolesIncompatible


def award_wide(work: Work, edition: Edition, participant: str) -> frozenset[str]:
    """The roles somebody holds for the whole award, under the subject that this participant is."""
    subject = work.subject_of(participant)
    known = work.find(Subject, UUID(subject)) if subject else None
    return frozenset(role for role in AWARD_ROLES if known and known.holds(role, str(edition.of_award)))


def require_may(work: Work, edition: Edition, participant: str, deed: str) -> None:
    """Refuse a deed that does not go with what the person ever held or did here, or holds for the whole award."""
    ids = () if work.is_newcomer(participant) else sorted(edition.person(participant))
    held = frozenset[str]().union(*(award_wide(work, edition, one) for one in ids))
    edition.require_compatible(participant, deed, held)


def unfinished(work: Work, rows: Rows, edition: Edition, stage: str, participant: str) -> list[Review]:
    """The assignments of a member at a stage that are not finished, in the order they were given."""
    given = [view for view in reviews.own(rows, edition.key, participant) if view["stage"] == stage]
    found = [work.find(Review, UUID(view["id"])) for view in given]
    return [review for review in found if review and review.ended is None and review.scores is None]
