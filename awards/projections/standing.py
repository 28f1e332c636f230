"""The standing of a stage and category: the ranking that its reviews give, computed on read and kept while it holds.

Which nominations and reviews count, and by which code the others are left out, is docs/judging.md, sections 1 and 6.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from awards.domain import judging
from awards.domain.judging.robustness import Makings, sheet
from awards.domain.refusals import EditionFromSources, NotFound
from awards.domain.rules import previous_stage, require_category, stage_of
from awards.projections.editions import EDITIONS
from awards.projections.nominations import NOMINATIONS
from awards.projections.queries import Query
from awards.projections.reviews import REVIEWS
from awards.projections.rows import Rows
from awards.projections.tables import View, decode
from awards.projections.ties import Ties

REASONS = {"submitted": "not_ruled", "accepted": "not_ruled", "declined": "nominee_declined"}
"""Status of a nomination that is no candidate -> why it is left out; the other statuses are codes themselves."""

ENDED = {
    "assigned": "not_submitted",
    "lifted": "not_submitted",
    "declined": "reviewer_declined",
    "recused": "recused",
    "voided": "voided",
}
"""Status of a review that does not count -> why."""

_EDITION = Query(select(EDITIONS.c.view).where(EDITIONS.c.id == bindparam("edition")))
_NOMINATIONS = Query(
    select(NOMINATIONS.c.id, NOMINATIONS.c.status).where(
        NOMINATIONS.c.edition == bindparam("edition"), NOMINATIONS.c.category == bindparam("category")
    )
)
_REVIEWS = Query(
    select(REVIEWS.c.id, REVIEWS.c.nomination, REVIEWS.c.reviewer, REVIEWS.c.status, REVIEWS.c.view).where(
        REVIEWS.c.edition == bindparam("edition"), REVIEWS.c.stage == bindparam("stage")
    )
)
_RECUSED = Query(
    select(REVIEWS.c.nomination, REVIEWS.c.reviewer).where(
        REVIEWS.c.edition == bindparam("edition"), REVIEWS.c.status == "recused"
    )
)


class Given(NamedTuple):
    """A review of the stage: what was scored, and whether it counts or why not."""

    id: str
    nomination: str
    reviewer: str
    person: str
    """One id for all ids of the reviewer."""
    scores: Mapping[str, Any]
    code: str


@dataclass(frozen=True)
class Question:
    """What a count is made of: the stage's rules, how each nomination of the category stands, its reviews."""

    rules: Mapping[str, Any]
    standings: Mapping[str, str]
    reviews: Sequence[Given]
    ties: Ties


@dataclass(frozen=True)
class Count:
    """The ranking, and for every nomination and review of the question whether it is counted or why not."""

    ranking: judging.Ranking
    standings: Mapping[str, str]


LeftOut = Callable[[frozenset[str]], frozenset[str]]
"""Which of the nominations in a standing take no part in it for who reads."""


def find(rows: Rows, edition: str, stage: str, category: str) -> View:
    """The whole standing as data, and the position of the edition's last event, which it is of."""
    return page(rows, edition, stage, category, lambda named: frozenset(), 0, None)[0]


def page(
    rows: Rows, edition: str, stage: str, category: str, left_out: LeftOut, first: int, limit: int | None
) -> tuple[View, int | None]:
    """The standing as data with so many places from the `first`, counted from 0, and where the next page begins.

    What does not take part is not there: the others are ranked without it, so no gap tells its place. A page costs what
    is on it: the ranking is worked out once for the last event of the edition.
    """
    size, asked = rows.last_of(edition), (edition, stage, category)
    ranking = count(rows, *asked).ranking
    if out := left_out(rows.keep(("named", *asked), size, lambda: _named(ranking))):
        ranking = rows.keep(("count", *asked, out), size, lambda: _count(rows, *asked, out=out)).ranking
    data = _cut(ranking, first, limit).as_data()
    beyond = first + (limit or 0)
    goes_on = limit is not None and beyond < len(ranking.entries) + len(ranking.unranked)
    view = {"edition": edition, "stage": stage, "category": category, "ranking": data, "size": size}
    return view, beyond if goes_on else None


def _named(ranking: judging.Ranking) -> frozenset[str]:
    return frozenset([entry.nomination for entry in ranking.entries] + [one.nomination for one in ranking.unranked])


def _cut(ranking: judging.Ranking, first: int, limit: int | None) -> judging.Ranking:
    """The ranking with a page of its places, those without a rank after the others."""
    if limit is None:
        return ranking
    ranked = len(ranking.entries)
    start, stop = max(0, first - ranked), max(0, first + limit - ranked)
    return replace(ranking, entries=ranking.entries[first : first + limit], unranked=ranking.unranked[start:stop])


def count(rows: Rows, edition: str, stage: str, category: str, seed: str | None = None) -> Count:
    """Count the reviews of one stage and category, again when something happened in the edition.

    `seed`: that of the lot, when it is opened; afterwards the decision tells it.
    """
    asked, mark = ("count", edition, stage, category, seed), rows.last_of(edition)
    return rows.keep(asked, mark, lambda: _count(rows, edition, stage, category, seed=seed))


def recount(
    rows: Rows,
    edition: str,
    stage: str,
    category: str,
    also: Collection[str] = (),
    without: Collection[str] = (),
    out: Collection[str] = (),
) -> judging.Ranking:
    """What might have been: the ranking if these reviews counted, recusal or not, or nothing by these reviewers did."""
    return _count(rows, edition, stage, category, also, without, out).ranking


def cross_checks(
    rows: Rows, edition: str, stage: str, category: str, seed: str | None = None
) -> Mapping[str, judging.Ranking | None]:
    """The same count by each of the stage's cross-checks, by the name of the method, with the same votes and lot."""

    def made() -> Mapping[str, judging.Ranking | None]:
        question = _asked(rows, edition, stage, category)
        counted = _makings(question, question.reviews)
        _, settled = question.ties.climbed(rows, counted.settled_by, seed)
        return judging.cross_checked(
            counted.stage, counted.nominations, counted.reviews, counted.minimum_reviews, settled
        )

    return rows.keep(("cross-checks", edition, stage, category, seed), rows.last_of(edition), made)


def _count(
    rows: Rows,
    edition: str,
    stage: str,
    category: str,
    also: Collection[str] = (),
    without: Collection[str] = (),
    out: Collection[str] = (),
    seed: str | None = None,
) -> Count:
    question = _asked(rows, edition, stage, category)
    standings, reviews = question.standings, question.reviews
    if also or without:
        reviews = [review._replace(code=_as_if(review, standings, also, without)) for review in reviews]
    ranking, _ = question.ties.climbed(rows, _makings(question, reviews, out).settled_by, seed)
    left_out = {unranked.nomination: unranked.code for unranked in ranking.unranked}
    return Count(ranking, {**standings, **left_out, **{review.id: review.code for review in reviews}})


def robustness(rows: Rows, edition: str, stage: str, category: str) -> View:
    """How firm the ranking stands, as data, worked out again when something happened in the edition."""
    question = _asked(rows, edition, stage, category)

    def told() -> View:
        made = _makings(question, question.reviews)
        _, settled = question.ties.climbed(rows, made.settled_by)
        return sheet(replace(made, settled=settled))

    asked = ("robustness", edition, stage, category)
    return {
        "edition": edition,
        "stage": stage,
        "category": category,
        **rows.keep(asked, rows.last_of(edition), told),
    }


def _makings(question: Question, reviews: Sequence[Given], out: Collection[str] = ()) -> Makings:
    """What is ranked, and by which reviews."""
    return Makings(
        question.rules,
        [one for one, code in question.standings.items() if code == judging.COUNTED and one not in out],
        [
            judging.CountedReview(review.person, review.nomination, review.scores)
            for review in reviews
            if review.code == judging.COUNTED
        ],
        question.rules["minimum_reviews"],
    )


def _asked(rows: Rows, edition: str, stage: str, category: str) -> Question:
    asked = ("question", edition, stage, category)
    return rows.keep(asked, rows.last_of(edition), lambda: _question(rows, edition, stage, category))


def _question(rows: Rows, edition: str, stage: str, category: str) -> Question:
    found = _edition(rows, edition)
    rules = stage_of(found["rules"], stage)
    require_category(found["rules"], category)
    standings = _nominations(rows, edition, category, _shortlist(found, stage, category))
    person = partial(_person, found)
    seats = {seat["participant"]: seat["seat"] for seat in found["panel"] if seat["stage"] == stage}
    given = _reviews(rows, edition, stage, standings, person)
    return Question(rules, standings, given, Ties(edition, stage, category, seats, person))


def _edition(rows: Rows, edition: str) -> View:
    row = _EDITION.first(rows, edition=edition)
    if row is None:
        raise NotFound
    view: View = decode(row.view)
    if "rules" not in view:
        raise EditionFromSources
    return view


def _shortlist(edition: View, stage: str, category: str) -> set[str] | None:
    """Who may be counted at a stage that is not the first: the latest shortlist of the stage before."""
    before = previous_stage(edition["rules"], stage)
    if before is None:
        return None
    listed = (one for one in edition["shortlists"] if (one["stage"], one["category"]) == (before, category))
    return {nomination for one in listed for nomination in one["nominations"]}


def _nominations(rows: Rows, edition: str, category: str, shortlist: set[str] | None) -> dict[str, str]:
    found = _NOMINATIONS.all(rows, edition=edition, category=category)
    return {row.id: _standing(row.id, row.status, shortlist) for row in found}


def _standing(nomination: str, status: str, shortlist: set[str] | None) -> str:
    if status != "eligible":
        return judging.standing([REASONS.get(status, status)])
    if shortlist is not None and nomination not in shortlist:
        return judging.standing(["not_shortlisted"])
    return judging.COUNTED


def _person(edition: View, participant: str) -> Collection[str]:
    """All ids of the person who has this one."""
    linked: list[list[str]] = edition.get("persons", [])
    return next((ids for ids in linked if participant in ids), (participant,))


def _reviews(
    rows: Rows, edition: str, stage: str, nominations: Mapping[str, str], person: Callable[[str], Collection[str]]
) -> list[Given]:
    """The reviews of the stage and these nominations; who is recused at any stage, under any id, is recused at all."""
    recused = {(row.nomination, one) for row in _RECUSED.all(rows, edition=edition) for one in person(row.reviewer)}
    return [
        Given(
            row.id,
            row.nomination,
            row.reviewer,
            min(person(row.reviewer)),
            decode(row.view).get("scores", {}),
            _code(row.status, nominations[row.nomination], (row.nomination, row.reviewer) in recused),
        )
        for row in _REVIEWS.all(rows, edition=edition, stage=stage)
        if row.nomination in nominations
    ]


def _code(status: str, nomination: str, recused: bool) -> str:
    reasons: list[str] = [ENDED[status]] if status in ENDED else []
    reasons += ["recused"] if recused else []
    reasons += [] if nomination == judging.COUNTED else ["nomination_left_out"]
    return judging.standing(reasons)


def _as_if(review: Given, nominations: Mapping[str, str], also: Collection[str], without: Collection[str]) -> str:
    """How a review would stand if the reviews in `also` counted and nothing by the reviewers in `without` did."""
    if review.reviewer in without:
        return "recused"
    if review.id in also and review.scores and nominations[review.nomination] == judging.COUNTED:
        return judging.COUNTED
    return review.code
