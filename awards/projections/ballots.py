"""The ballots: what was put to the panel, who has voted, and what came out.

A row keeps a secret choice as the event does, as a reference; nothing here opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Index, Row, bindparam, select

from awards.domain.decision import Decision
from awards.projections.queries import Listing, Query, Seen, filters_on
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import ReadModel, View, decode, fixed, put, stream_table
from awards.projections.work import Work

BALLOTS = stream_table("ballots", fixed("edition"), fixed("decision"), fixed("opened"))
Index("ballots_edition", BALLOTS.c.edition, BALLOTS.c.opened, BALLOTS.c.id)

# Handlers.


def _opened(view: View, event: Decision.BallotOpened, work: Work) -> None:
    view["edition"] = event.edition
    view["decision"] = str(event.originator_id)
    for name in ("category", "stage", "purpose", "method", "options", "voters", "quorum", "secret"):
        view[name] = getattr(event, name)
    put(view, "text", event.text)
    view["status"] = "open"
    view["opened"] = work.time
    view["opened_by"] = event.actor.get("id", event.actor["kind"])
    view["votes"] = []


def _cast(view: View, event: Decision.VoteCast, work: Work) -> None:
    before = [vote for vote in view["votes"] if vote["voter"] == event.voter]
    vote: View = {"voter": event.voter, "time": work.time, "changes": before[0]["changes"] + 1 if before else 0}
    for name in ("ranking", "abstained", "choice"):
        put(vote, name, getattr(event, name))
    view["votes"] = [one for one in view["votes"] if one["voter"] != event.voter] + [vote]


def _closed(view: View, event: Decision.BallotClosed, work: Work) -> None:
    view["status"] = "closed"
    view["closed"] = work.time
    for name in ("counted", "abstained", "left_out", "result", "code"):
        put(view, name, getattr(event, name))


MODEL = ReadModel(
    BALLOTS,
    {Decision.BallotOpened: _opened, Decision.VoteCast: _cast, Decision.BallotClosed: _closed},
    columns=lambda view: (view["edition"], view["decision"], view["opened"]),
    row=lambda event: str(event.ballot),
)

# Queries.

_BY_ID = Query(select(BALLOTS.c.view).where(BALLOTS.c.id == bindparam("ballot")))
_DECISION = Query(select(BALLOTS.c.decision).where(BALLOTS.c.id == bindparam("ballot")))
_CLOSED = Query(
    select(BALLOTS.c.view).where(BALLOTS.c.edition == bindparam("edition")).order_by(BALLOTS.c.opened, BALLOTS.c.id)
)
_ALL = Listing(
    select(BALLOTS.c.opened, BALLOTS.c.id, BALLOTS.c.view),
    [(BALLOTS.c.opened, False), (BALLOTS.c.id, False)],
    filters_on({"edition": BALLOTS.c.edition}),
)


def decision_of(rows: Rows, ballot: str) -> str | None:
    """The decision in whose stream a ballot is."""
    row = _DECISION.first(rows, ballot=ballot)
    return None if row is None else str(row.decision)


def find(rows: Rows, ballot: str) -> View | None:
    """A ballot by its id, with what is sealed unopened."""
    row = _BY_ID.first(rows, ballot=ballot)
    return None if row is None else _view(row)


def find_all(rows: Rows, edition: str, *, seen: Seen, after: After | None = None, limit: int = 50) -> Page:
    """The ballots of an edition as they were opened, each as `seen` shows it; `after` is (opened, id)."""
    return _ALL.page(rows, _view, after, limit, {"edition": edition}, seen)


def result_on(
    rows: Rows, edition: str, stage: str, purpose: str, options: Sequence[str], holds: Callable[[list[str]], bool]
) -> View | None:
    """What the last vote of this purpose on exactly these options came to; `holds` says of the voters whose votes were
    counted whether they may have decided it, as is known by now.
    """
    views = (decode(row.view) for row in _CLOSED.all(rows, edition=edition))
    asked = (stage, purpose, sorted(options))
    held = [view for view in views if (view["stage"], view["purpose"], sorted(view["options"])) == asked]
    results: list[View] = [view["result"] for view in held if "result" in view and holds(_counted(view))]
    return results[-1] if results else None


def _counted(view: View) -> list[str]:
    """Whose votes were counted."""
    out = {one["voter"] for one in view.get("left_out", ())}
    return [vote["voter"] for vote in view["votes"] if vote["voter"] not in out]


def _view(row: Row[Any]) -> View:
    view: View = decode(row.view)
    return view
