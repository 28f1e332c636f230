"""The decisions: what was proposed, approved and announced, and what was given, corrected or taken away since."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Index, Row, bindparam, select

from awards.domain.decision import Decision
from awards.domain.proposing import departure
from awards.domain.values import moment
from awards.projections.appeals import appeal_of, decide_appeal
from awards.projections.queries import Listing, Query, filters_on
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import Key, ReadModel, View, decode, fixed, put, stream_table
from awards.projections.work import Work

DECISIONS = stream_table(
    "decisions",
    fixed("edition"),
    fixed("category"),
    Column("phase", Key, nullable=False),
)
Index("decisions_edition", DECISIONS.c.edition, DECISIONS.c.category)

UNDECIDED = ("proposed", "returned", "reopened")
"""Phases of a decision that is none yet, or none any more."""

OF_A_PROPOSAL = (
    *("outcome", "stage", "method", "basis", "inputs", "decided_by", "winners", "runners_up", "computed", "departs"),
    *("override", "cross_checks", "cross_check", "code", "text", "proposer", "approver", "dissents"),
)
"""What is told of a proposal; of one that led to a decision which was reopened, it moves to `earlier`."""

# Handlers.


def _proposed(view: View, event: Decision.Proposed, work: Work) -> None:
    for name in ("approver", "dissents"):
        view.pop(name, None)
    _begin(view, event, "proposed", event.outcome)
    for name in ("stage", "method", "basis", "inputs", "decided_by"):
        view[name] = getattr(event, name)
    view["winners"] = [{"nomination": nomination} for nomination in event.winners]
    view["runners_up"] = [{"nomination": nomination} for nomination in event.runners_up]
    put(view, "computed", event.computed)
    put(view, "departs", departure(event.computed, event.outcome, event.winners, event.runners_up))
    put(view, "override", event.override)
    put(view, "cross_checks", event.cross_checks)
    put(view, "cross_check", event.cross_check)
    view["proposer"] = _by(event)
    put(view, "seed", event.seed)
    _reason(view, event, work)


def _honour_recorded(view: View, event: Decision.HonourRecorded, work: Work) -> None:
    view["updated"] = work.time
    if "phase" not in view:
        _begin(view, event, "announced", "awarded")
    winner = _named(event.winner, work)
    winner["sources"] = event.sources
    winner["public_from"] = work.time
    view["winners"].append(winner)


def _begin(view: View, event: Decision.Proposed | Decision.HonourRecorded, phase: str, outcome: str) -> None:
    view["edition"] = event.edition
    view["category"] = event.category
    view["phase"] = phase
    view["outcome"] = outcome
    for name in ("winners", "runners_up", "conferrals", "corrections", "revocations"):
        view[name] = []


def _returned(view: View, event: Decision.Returned, work: Work) -> None:
    view["phase"] = "returned"
    back = {"proposer": view["proposer"], "by": _by(event), "code": event.code, "time": work.time}
    put(back, "text", event.text)
    view.setdefault("returned", []).append(back)


def _approved(view: View, event: Decision.Approved, work: Work) -> None:
    view["phase"] = "approved"
    view["approver"] = _by(event)


def _withheld(view: View, event: Decision.Withheld, work: Work) -> None:
    view["phase"] = "withheld"
    view["outcome"] = "withheld"
    view["approver"] = _by(event)
    _reason(view, event, work)


def _reason(view: View, event: Decision.Proposed | Decision.Withheld, work: Work) -> None:
    put(view, "code", event.code)
    put(view, "text", event.text)


def _dissent_recorded(view: View, event: Decision.DissentRecorded, work: Work) -> None:
    view.setdefault("dissents", []).append({"by": _by(event), "text": event.text, "time": work.time})


def _appealed(view: View, event: Decision.Appealed, work: Work) -> None:
    view.setdefault("appeals", []).append(appeal_of(event, work))


def _appeal_decided(view: View, event: Decision.AppealDecided, work: Work) -> None:
    decide_appeal(view["appeals"][-1], event, work)


def _reopened(view: View, event: Decision.Reopened, work: Work) -> None:
    earlier = {name: view[name] for name in OF_A_PROPOSAL if name in view}
    view.setdefault("earlier", []).append(earlier | {"reopened": {"code": event.code, "time": work.time}})
    for name in OF_A_PROPOSAL:
        view.pop(name, None)
    view |= {"stage": earlier["stage"], "winners": [], "runners_up": [], "phase": "reopened"}


def _announced(view: View, event: Decision.Announced, work: Work) -> None:
    view["updated"] = work.time
    view["phase"] = "announced"
    put(view, "embargo", event.embargo)
    for place, named in (("winners", event.winners), ("runners_up", event.runners_up)):
        view[place] = [_named(winner, work) for winner in named]
        for winner in view[place]:
            winner["public_from"] = event.embargo or work.time


def _named(said: View, work: Work) -> View:
    known: View = {name: said[name] for name in ("nomination", "participant", "kind") if name in said}
    winner: View = {**known, **said.get("attributes", {})}
    put(winner, "citation", said.get("citation"))
    return winner


def _conferred(view: View, event: Decision.Conferred, work: Work) -> None:
    view["updated"] = work.time
    conferral: View = {"winners": event.winners, "occasion": event.occasion, "date": event.date}
    put(conferral, "place", event.place)
    conferral["presented_by"] = [presenter["name"] for presenter in event.presented_by or ()]
    put(conferral, "date_certainty", event.date_certainty)
    put(conferral, "place_certainty", event.place_certainty)
    view["conferrals"].append(conferral)


def _corrected(view: View, event: Decision.Corrected, work: Work) -> None:
    view["updated"] = work.time
    correction: View = {"field": event.field, "standing": event.standing, "rival": event.rival}
    correction["sources"] = event.sources
    put(correction, "winner", event.winner)
    put(correction, "reading", event.reading)
    correction["time"] = work.time
    view["corrections"].append(correction)


def _revocation_proposed(view: View, event: Decision.RevocationProposed, work: Work) -> None:
    revocation = {"winner": event.winner, "code": event.code, "revoked": False, "proposer": _by(event)}
    put(revocation, "text", event.text)
    view["revocations"].append(revocation)


def _revoked(view: View, event: Decision.Revoked, work: Work) -> None:
    view["updated"] = work.time
    for revocation in view["revocations"]:
        if revocation["winner"] == event.winner:
            revocation["revoked"] = True


def _by(event: Decision.Event | Decision.Proposed) -> str:
    return event.actor.get("id", event.actor["kind"])


MODEL = ReadModel(
    DECISIONS,
    {
        Decision.Proposed: _proposed,
        Decision.HonourRecorded: _honour_recorded,
        Decision.Returned: _returned,
        Decision.Approved: _approved,
        Decision.Withheld: _withheld,
        Decision.DissentRecorded: _dissent_recorded,
        Decision.Appealed: _appealed,
        Decision.AppealDecided: _appeal_decided,
        Decision.Reopened: _reopened,
        Decision.Announced: _announced,
        Decision.Conferred: _conferred,
        Decision.Corrected: _corrected,
        Decision.RevocationProposed: _revocation_proposed,
        Decision.Revoked: _revoked,
    },
    columns=lambda view: (view["edition"], view["category"], view["phase"]),
)

# Queries.

_BY_ID = Query(select(DECISIONS.c.view).where(DECISIONS.c.id == bindparam("decision")))
_ALL = Listing(
    select(DECISIONS.c.category, DECISIONS.c.view),
    [(DECISIONS.c.category, False)],
    filters_on({"edition": DECISIONS.c.edition}),
)
_OF_EDITION = Query(select(DECISIONS.c.category, DECISIONS.c.view).where(DECISIONS.c.edition == bindparam("edition")))


def how_far(rows: Rows, edition: str, now: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """The categories of an edition that are decided, and those whose decision is public at `now`.

    What is withheld is never announced: it is as public as it will be.
    """
    views = {row.category: decode(row.view) for row in _OF_EDITION.all(rows, edition=edition)}
    decided = (category for category, view in views.items() if view["phase"] not in UNDECIDED)
    return frozenset(decided), frozenset(category for category, view in views.items() if _is_public(view, now))


def of_editions(connection: Connection, editions: Collection[str]) -> list[View]:
    """Every decision of these editions, with what is sealed unopened."""
    query = select(DECISIONS.c.view).where(DECISIONS.c.edition.in_(editions))
    return [decode(row.view) for row in connection.execute(query)] if editions else []


def _is_public(view: View, now: datetime) -> bool:
    over = "embargo" not in view or moment(view["embargo"]) <= now
    return view["phase"] == "withheld" or (view["phase"] == "announced" and over)


def seed_of(rows: Rows, edition: str, category: str, stage: str) -> str | None:
    """The seed of the lot that a decision of this stage was drawn with."""
    row = _BY_ID.first(rows, decision=str(Decision.id_of(edition, category)))
    view = {} if row is None else decode(row.view)
    return view.get("seed") if view.get("stage") == stage else None


def find(rows: Rows, decision: str) -> View | None:
    """A decision by its id."""
    row = _BY_ID.first(rows, decision=decision)
    return None if row is None else rows.opened([_view(row)])[0]


def find_all(rows: Rows, edition: str, *, after: After | None = None, limit: int = 50) -> Page:
    """The decisions of an edition by category; `after` is (category,)."""
    page = _ALL.page(rows, _view, after, limit, {"edition": edition})
    rows.opened(page.items)
    return page


def _view(row: Row[Any]) -> View:
    view: View = decode(row.view)
    for winner in (*view["winners"], *view["runners_up"]):
        winner.pop("public_from", None)
    return view
