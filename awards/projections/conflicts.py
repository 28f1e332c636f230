"""What every recusal of an edition touches: earlier acts of the same person, scores, and with them perhaps the winner.

Nothing here has a table: it is read off the log and counted anew when asked for, and kept while the edition rests.
An act is touched when the person, under any of her ids, did it before the recusal: to the nomination, to any review of
it, or to a list or decision of its category, since who is left off a list is judged by it as much as who is on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from awards.domain import judging
from awards.domain.decision import Decision
from awards.projections import history, standing
from awards.projections.nominations import NOMINATIONS
from awards.projections.queries import Query, containing
from awards.projections.reviews import REVIEWS
from awards.projections.rows import Rows
from awards.projections.tables import View, decode

Person = Callable[[str], frozenset[str]]
"""All ids of the person who has this one."""

EVERY_EVENT = 1_000_000
FIRST = 20
"""How many places of a ranking are told, besides that of the nomination in question."""

_STANDING = Query(
    select(REVIEWS.c.id, REVIEWS.c.nomination, REVIEWS.c.reviewer, REVIEWS.c.view, NOMINATIONS.c.category)
    .join_from(REVIEWS, NOMINATIONS, NOMINATIONS.c.id == REVIEWS.c.nomination)
    .where(REVIEWS.c.edition == bindparam("edition"), REVIEWS.c.status == "recused")
    .order_by(REVIEWS.c.assigned)
)
_RECUSED = Query(
    select(REVIEWS.c.id, REVIEWS.c.stage, REVIEWS.c.nomination, REVIEWS.c.reviewer, NOMINATIONS.c.category)
    .join_from(REVIEWS, NOMINATIONS, NOMINATIONS.c.id == REVIEWS.c.nomination)
    .where(
        REVIEWS.c.edition == bindparam("edition"),
        or_(REVIEWS.c.status == "recused", REVIEWS.c.view.like(bindparam("lifted"), escape="/")),
    )
    .order_by(REVIEWS.c.assigned)
)
_OF_NOMINATION = Query(
    select(REVIEWS.c.id, REVIEWS.c.stage, REVIEWS.c.reviewer, REVIEWS.c.view).where(
        REVIEWS.c.nomination == bindparam("nomination"), REVIEWS.c.edition == bindparam("edition")
    )
)
_IN_PLAY = Query(
    select(NOMINATIONS.c.view)
    .where(
        NOMINATIONS.c.edition == bindparam("edition"),
        *(NOMINATIONS.c.status != gone for gone in ("withdrawn", "declined", "ineligible")),
    )
    .order_by(NOMINATIONS.c.submitted)
)


@dataclass(frozen=True)
class Conflict:
    """A recusal, as it happened, and what it touches; items are those of the history."""

    review: str
    stage: str
    nomination: str
    category: str
    reviewer: str
    ids: frozenset[str]
    recused: View
    declared: View | None
    cleared: View | None
    lifted: View | None
    touched: Sequence[View]
    scores: Sequence[View]
    """The finished reviews it takes out, or took out until it was lifted: review, stage, scores."""


def find_all(rows: Rows, edition: str, person: Person) -> list[Conflict]:
    """Every recusal of an edition, lifted or not, as the reviews were begun."""

    def found() -> list[Conflict]:
        recused = _RECUSED.all(rows, edition=edition, lifted=containing('"reinstated":'))
        items = cache(partial(_items, rows))
        return [conflict for row in recused for conflict in _of(rows, edition, row, person, items)]

    return rows.keep(("conflicts", edition), rows.last_of(edition), found)


def in_play(rows: Rows, edition: str) -> list[View]:
    """The nominations that may still be judged, as they came in, with what is sealed unopened."""
    return [decode(row.view) for row in _IN_PLAY.all(rows, edition=edition)]


@dataclass(frozen=True)
class Mark:
    """A recusal that stands, in short: enough to tell whether it touches an act."""

    review: str
    nomination: str
    category: str
    position: int
    item: View
    """The recusal as an item of the history, in what decides who sees it."""

    def touches(self, item: View, category: str | None, nomination: str | None) -> bool:
        """Whether it touches an act of the person about this nomination, or about a category."""
        if int(item["position"]) >= self.position or category != self.category:
            return False
        return nomination == self.nomination or (nomination is None and _of_category(item))


def marks(rows: Rows, edition: str, person: Person) -> dict[str, list[Mark]]:
    """The recusals that stand, by each id of the person whose acts they touch."""

    def found() -> dict[str, list[Mark]]:
        by_id: dict[str, list[Mark]] = {}
        for row in _STANDING.all(rows, edition=edition):
            at = decode(row.view)["recused_at"]
            item = {"kind": "review", "type": "review.recused", "stream": row.id, "actor": at["actor"]}
            mark = Mark(row.id, row.nomination, row.category, at["position"], item)
            for one in person(row.reviewer):
                by_id.setdefault(one, []).append(mark)
        return by_id

    return rows.keep(("marks", edition), rows.last_of(edition), found)


def _of_category(item: View) -> bool:
    return bool(item["type"] == "edition.shortlisted" or item["kind"] == "decision")


def _of(rows: Rows, edition: str, row: Any, person: Person, items: Callable[[str], list[View]]) -> Iterator[Conflict]:
    """The recusals of one review: more than one, if one was lifted before the next."""
    ids = person(row.reviewer)
    reviews = _OF_NOMINATION.all(rows, nomination=row.nomination, edition=edition)
    streams = {review.id: items(review.id) for review in reviews}
    acts = [item for stream in streams.values() for item in stream]
    acts += items(row.nomination)
    acts += [item for item in items(edition) if _of_category(item) and item["category"] == row.category]
    acts += items(str(Decision.id_of(edition, row.category)))
    mine = sorted((item for item in acts if _by(item["actor"], ids)), key=lambda item: int(item["position"]))
    own = streams[row.id]
    for place, recused in enumerate(own):
        if recused["type"] != "review.recused":
            continue
        declared = own[place - 1] if place and recused["how"] == "declared" else None
        ends = min((declared or recused)["position"], recused["position"])
        touched = [item for item in mine if item["position"] < ends]
        cleared = [item for item in touched if item["type"] == "review.no_conflict_declared"]
        lifted = (item for item in own[place + 1 :] if item["type"] == "review.reinstated")
        yield Conflict(
            row.id,
            row.stage,
            row.nomination,
            row.category,
            row.reviewer,
            ids,
            recused,
            declared,
            cleared[-1] if cleared else None,
            next(lifted, None),
            touched,
            [
                {"review": review.id, "stage": review.stage, "scores": view["scores"]}
                for review, view in ((review, decode(review.view)) for review in reviews)
                if review.reviewer in ids and _finished(view) and _scored_before(streams[review.id], ends)
            ],
        )


def _by(actor: Mapping[str, str], ids: frozenset[str]) -> bool:
    return actor.get("id") in ids or actor.get("on_behalf_of") in ids


def _finished(view: View) -> bool:
    """Whether a review counts, or would without a recusal."""
    stood = view.get("before", view) if view["status"] == "recused" else view
    return bool(stood["status"] == "submitted")


def _scored_before(items: Iterable[View], position: int) -> bool:
    return any(item["type"] == "review.submitted" and item["position"] < position for item in items)


def _items(rows: Rows, stream: str) -> list[View]:
    return history.find_all(rows, stream=UUID(stream), newest_first=False, limit=EVERY_EVENT).items


# Whether the winner would change.


def outcomes(
    rows: Rows, edition: str, conflict: Conflict, known: Sequence[Conflict], out: frozenset[str] = frozenset()
) -> list[View]:
    """For each stage where scores are affected, the rankings without `out`: as counted, with the affected scores, with
    those of all `known` recusals of the category, which together may change what none changes alone, and without
    everything that the reviewer scored in the category.
    """
    same = [conflict, *(one for one in known if one.category == conflict.category)]
    return [
        _outcome(rows, edition, conflict, stage, _affected(same, stage), out)
        for stage in sorted({one["stage"] for one in conflict.scores})
    ]


def _affected(conflicts: Iterable[Conflict], stage: str) -> frozenset[str]:
    return frozenset(one["review"] for conflict in conflicts for one in conflict.scores if one["stage"] == stage)


def _outcome(
    rows: Rows, edition: str, conflict: Conflict, stage: str, every: frozenset[str], out: frozenset[str]
) -> View:
    affected = _affected([conflict], stage)
    question = (edition, stage, conflict.category)
    might_be = {
        "counted": standing.recount(rows, *question, out=out),
        "with_affected": standing.recount(rows, *question, also=affected, out=out),
        "with_all_affected": standing.recount(rows, *question, also=every, out=out),
        "without_reviewer": standing.recount(rows, *question, without=conflict.ids, out=out),
    }
    winners = {tuple(entry.nomination for entry in ranking.winners) for ranking in might_be.values()}
    told = {name: _told(ranking, conflict.nomination) for name, ranking in might_be.items()}
    return {"stage": stage, "category": conflict.category, **told, "winner_changes": len(winners) > 1}


def _told(ranking: judging.Ranking, nomination: str) -> View:
    """The first places and that of the nomination."""
    entries = [
        entry.as_data()
        for place, entry in enumerate(ranking.entries)
        if place < FIRST or entry.nomination == nomination
    ]
    winners = [entry.nomination for entry in ranking.winners]
    return {"winners": winners, "decided_by": ranking.decided_by, "entries": entries}
