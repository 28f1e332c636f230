"""The nominations: what each says, where it stands, and how far its reviews are.

`ever` is who ever endorsed it or stood in it: what was taken back or amended since still bars from judging it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Row, Select, bindparam, case, func, or_, select

from awards.domain import appealing
from awards.domain.nomination import Nomination, participants_of
from awards.projections.appeals import appeal_of, decide_appeal
from awards.projections.queries import Listing, Query, Seen, containing, filters_on
from awards.projections.reviews import REVIEWS
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import Key, ReadModel, View, decode, fixed, put, stream_table
from awards.projections.work import Work

NOMINATIONS = stream_table(
    "nominations",
    fixed("edition"),
    fixed("submitted", BigInteger),
    fixed("category"),
    fixed("nominator"),
    Column("status", Key, nullable=False),
)
Index("nominations_edition", NOMINATIONS.c.edition, NOMINATIONS.c.submitted)

# Handlers.


def _submitted(view: View, event: Nomination.Submitted, work: Work) -> None:
    view["edition"] = event.edition
    view["category"] = event.category
    view["ever"] = {"endorsed": [], "stood": []}
    _describe(view, event)
    view["nominator"] = event.nominator
    put(view, "nominator_name", event.nominator_name)
    by = event.actor.get("id", event.actor["kind"])
    if by != event.nominator:
        view["submitted_by"] = by
    view["submitted"] = work.time
    view["submitted_at"] = work.position
    view["endorsements"] = []
    view["withdrawn"] = False
    view["status"] = "submitted"


def _amended(view: View, event: Nomination.Amended, work: Work) -> None:
    _describe(view, event)
    view.pop("answer", None)
    _settle(view)


def _describe(view: View, event: Nomination.Submitted | Nomination.Amended) -> None:
    said = event.nominee
    view["nominee"] = nominee = {"kind": said["kind"], "participant": said["participant"], **said["attributes"]}
    if said.get("members"):
        nominee["members"] = said["members"]
    stood = view["ever"]["stood"]
    stood.extend(sorted(participants_of(said).difference(stood)))
    view["statement"] = event.statement


def _endorsed(view: View, event: Nomination.Endorsed, work: Work) -> None:
    view["endorsements"].append(
        {"endorser": event.endorser, "name": event.name, "statement": event.statement, "time": work.time}
    )
    endorsed = view["ever"]["endorsed"]
    endorsed.extend({event.endorser}.difference(endorsed))


def _endorsement_withdrawn(view: View, event: Nomination.EndorsementWithdrawn, work: Work) -> None:
    view["endorsements"] = [given for given in view["endorsements"] if given["endorser"] != event.endorser]


def _file_opened(view: View, event: Nomination.FileOpened, work: Work) -> None:
    if event.reviewer not in view.setdefault("opened", []):
        view["opened"].append(event.reviewer)


def _accepted(view: View, event: Nomination.Accepted, work: Work) -> None:
    view["answer"] = "accepted"
    _settle(view)


def _declined(view: View, event: Nomination.Declined, work: Work) -> None:
    view["answer"] = "declined"
    put(view, "answer_text", event.text)
    _settle(view)


def _ruled(view: View, event: Nomination.RuledEligible | Nomination.RuledIneligible, work: Work) -> None:
    outcome = "eligible" if isinstance(event, Nomination.RuledEligible) else "ineligible"
    view["ruling"] = ruling = {"outcome": outcome, "rule": event.rule, "code": event.code, "time": work.time}
    put(ruling, "text", event.text)
    _settle(view)


def _ruling_appealed(view: View, event: Nomination.RulingAppealed, work: Work) -> None:
    view["ruling"]["appeal"] = appeal_of(event, work)


def _appeal_decided(view: View, event: Nomination.AppealDecided, work: Work) -> None:
    decide_appeal(view["ruling"]["appeal"], event, work)
    _settle(view)


def _withdrawn(view: View, event: Nomination.Withdrawn, work: Work) -> None:
    view["withdrawn"] = True
    put(view, "withdrawal_text", event.text)
    _settle(view)


def _settle(view: View) -> None:
    if view["withdrawn"]:
        view["status"] = "withdrawn"
    elif view.get("answer") == "declined":
        view["status"] = "declined"
    elif "ruling" in view:
        upheld = view["ruling"].get("appeal", {}).get("outcome") == appealing.UPHELD
        view["status"] = "eligible" if upheld else view["ruling"]["outcome"]
    else:
        view["status"] = view.get("answer", "submitted")


MODEL = ReadModel(
    NOMINATIONS,
    {
        Nomination.Submitted: _submitted,
        Nomination.Amended: _amended,
        Nomination.Endorsed: _endorsed,
        Nomination.EndorsementWithdrawn: _endorsement_withdrawn,
        Nomination.Accepted: _accepted,
        Nomination.Declined: _declined,
        Nomination.FileOpened: _file_opened,
        Nomination.RuledEligible: _ruled,
        Nomination.RuledIneligible: _ruled,
        Nomination.RulingAppealed: _ruling_appealed,
        Nomination.AppealDecided: _appeal_decided,
        Nomination.Withdrawn: _withdrawn,
    },
    columns=lambda view: (view["edition"], view["submitted_at"], view["category"], view["nominator"], view["status"]),
)

# Queries.


def _with_progress(query: Select[Any]) -> Select[Any]:
    """The query's nominations with their reviews counted: only theirs, not those of the whole edition."""
    page = query.cte("page")
    status, given = REVIEWS.c.status, REVIEWS.c.given
    ended = or_(status == "declined", status == "recused", status == "voided")
    counts = (
        select(
            REVIEWS.c.nomination,
            func.sum(given).label("assigned"),
            func.sum(case((status == "submitted", 1), else_=0)).label("finished"),
            func.sum(case((ended, given), else_=0)).label("ended"),
        )
        .where(REVIEWS.c.nomination.in_(select(page.c.id)))
        .group_by(REVIEWS.c.nomination)
        .subquery("counts")
    )
    columns = (counts.c.assigned, counts.c.finished, counts.c.ended)
    joined = page.outerjoin(counts, counts.c.nomination == page.c.id)
    return select(page, *columns).select_from(joined).order_by(page.c.submitted)


_SELECTED = select(NOMINATIONS.c.submitted, NOMINATIONS.c.id, NOMINATIONS.c.view)
_BY_ID = Query(_with_progress(_SELECTED.where(NOMINATIONS.c.id == bindparam("nomination"))))
_ALL = Listing(
    _SELECTED.where(NOMINATIONS.c.edition == bindparam("edition")),
    [(NOMINATIONS.c.submitted, False)],
    filters_on({name: NOMINATIONS.c[name] for name in ("category", "status", "nominator")}),
    around=_with_progress,
)
_CATEGORIES = Query(
    select(NOMINATIONS.c.id, NOMINATIONS.c.category).where(NOMINATIONS.c.edition == bindparam("edition"))
)
_NAMING = Query(
    select(NOMINATIONS.c.view).where(
        NOMINATIONS.c.edition == bindparam("edition"), NOMINATIONS.c.view.like(bindparam("named"), escape="/")
    )
)
_APPEALED = Query(
    select(NOMINATIONS.c.view).where(
        NOMINATIONS.c.edition == bindparam("edition"),
        NOMINATIONS.c.category == bindparam("category"),
        NOMINATIONS.c.view.like(bindparam("appealed"), escape="/"),
    )
)


def appealed(rows: Rows, edition: str, category: str) -> list[View]:
    """The nominations of a category whose ruling was ever appealed, with what is sealed unopened."""
    asked = {"edition": edition, "category": category, "appealed": containing('"appeal":')}
    return [decode(row.view) for row in _APPEALED.all(rows, **asked)]


def find(rows: Rows, nomination: str) -> View | None:
    """A nomination by its id, with its progress."""
    row = _BY_ID.first(rows, nomination=nomination)
    return None if row is None else rows.opened([_view(row)])[0]


def find_all(
    rows: Rows,
    edition: str,
    *,
    category: str | None = None,
    status: str | None = None,
    nominator: str | None = None,
    after: After | None = None,
    limit: int = 50,
    seen: Seen | None = None,
) -> Page:
    """The nominations of an edition as they came in, with their progress; `after` is (submitted,)."""
    wanted = {"category": category, "status": status, "nominator": nominator}
    page = _ALL.page(rows, _view, after, limit, wanted, seen, edition=edition)
    rows.opened(page.items)
    return page


def naming(rows: Rows, edition: str, participant: str) -> list[View]:
    """The nominations of an edition that name a participant in any part, with what is sealed unopened."""
    return [decode(row.view) for row in _NAMING.all(rows, edition=edition, named=containing(participant))]


def parts(view: View) -> frozenset[str]:
    """Who must not judge it, of an unopened view: as `Nomination.interested` tells of the stream."""
    return frozenset({view["nominator"], *view["ever"]["endorsed"], *view["ever"]["stood"]})


def categories(rows: Rows, edition: str) -> Mapping[str, str]:
    """The category of each nomination of an edition."""
    asked, mark = ("categories", edition), rows.last_of(edition)
    return rows.keep(asked, mark, lambda: {row.id: row.category for row in _CATEGORIES.all(rows, edition=edition)})


def unreviewed(view: View) -> View:
    """A nomination that has no reviews, from the view of its own events."""
    return _shown(view, 0, 0, 0)


def _view(row: Row[Any]) -> View:
    return _shown(decode(row.view), int(row.assigned or 0), int(row.finished or 0), int(row.ended or 0))


def _shown(view: View, assigned: int, submitted: int, ended: int) -> View:
    del view["submitted_at"], view["ever"]
    view["progress"] = {"assigned": assigned, "submitted": submitted, "ended": ended}
    return view
