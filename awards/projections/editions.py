"""The editions: rules, calls, panels, shortlists.

The phase is worked out when an edition is read, because a deadline passes without an event.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from awards.domain.edition import Edition
from awards.domain.rules import with_stage
from awards.domain.values import moment
from awards.projections.awards import AWARDS
from awards.projections.decisions import DECISIONS, UNDECIDED
from awards.projections.nominations import NOMINATIONS
from awards.projections.queries import Listing, Query, filters_on
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import ReadModel, View, decode, fixed, put, stream_table
from awards.projections.work import Work

EDITIONS = stream_table("editions", fixed("award"), fixed("label"))

# Handlers.


def _planned(view: View, event: Edition.Planned, work: Work) -> None:
    _begin(view, event, "run")
    view["rules"] = event.rules


def _recorded(view: View, event: Edition.Recorded, work: Work) -> None:
    _begin(view, event, "sources")
    view["sources"] = event.sources


def _begin(view: View, event: Edition.Planned | Edition.Recorded, origin: str) -> None:
    view["award"] = event.of_award
    view["label"] = event.label
    view["origin"] = origin
    view["reviewing"] = {}
    view["panel"] = []
    view["roles"] = []
    if event.actor["kind"] == "participant":
        view["roles"].append({"participant": event.actor["id"], "role": event.actor["role"]})
    view["shortlists"] = []
    view["cancelled"] = False


def _call_opened(view: View, event: Edition.CallOpened, work: Work) -> None:
    view["call"] = {"opens": event.opens, "closes": event.closes, "zone": event.zone, "ended": False}


def _call_extended(view: View, event: Edition.CallExtended, work: Work) -> None:
    view["call"].update(closes=event.closes, zone=event.zone)


def _call_closed(view: View, event: Edition.CallClosed, work: Work) -> None:
    _end_call(view)


def _end_call(view: View) -> None:
    if "call" in view:
        view["call"]["ended"] = True


def _role_entered(view: View, event: Edition.RoleEntered, work: Work) -> None:
    held = {"participant": event.participant, "role": event.role}
    put(held, "name", event.name)
    view["roles"].append(held)


def _role_left(view: View, event: Edition.RoleLeft, work: Work) -> None:
    left = (event.participant, event.role)
    view["roles"] = [held for held in view["roles"] if (held["participant"], held["role"]) != left]


def _panel_member_appointed(view: View, event: Edition.PanelMemberAppointed, work: Work) -> None:
    seat = {"stage": event.stage, "participant": event.participant, "seat": event.seat}
    put(seat, "name", event.name)
    view["panel"].append(seat)


def _panel_member_discharged(view: View, event: Edition.PanelMemberDischarged, work: Work) -> None:
    gone = (event.stage, event.participant)
    view["panel"] = [seat for seat in view["panel"] if (seat["stage"], seat["participant"]) != gone]


def _participants_linked(view: View, event: Edition.ParticipantsLinked, work: Work) -> None:
    known = view.setdefault("persons", [])
    named = set(event.participants)
    whole = named.union(*(ids for ids in known if not named.isdisjoint(ids)))
    view["persons"] = [*(ids for ids in known if named.isdisjoint(ids)), sorted(whole)]


def _participant_erased(view: View, event: Edition.ParticipantErased, work: Work) -> None:
    gone = {"participant": event.participant, "classes": event.classes, "time": work.time}
    view.setdefault("erased", []).append(gone)


def _rules_changed(view: View, event: Edition.RulesChanged, work: Work) -> None:
    changed = {"quorum": event.quorum, "minimum_reviews": event.minimum_reviews}
    change: View = {"stage": event.stage, "code": event.code, "time": work.time}
    for name, value in changed.items():
        put(change, name, value)
    view.setdefault("rule_changes", []).append(change)
    if "rules" in view:
        view["rules"] = with_stage(view["rules"], event.stage, changed)


def _reviewing_opened(view: View, event: Edition.ReviewingOpened | Edition.ReviewingReopened, work: Work) -> None:
    view["reviewing"][event.stage] = "open"
    due: View = view.setdefault("reviews_due", {})
    due.pop(event.stage, None)
    put(due, event.stage, event.due)
    _end_call(view)


def _reviewing_closed(view: View, event: Edition.ReviewingClosed, work: Work) -> None:
    view["reviewing"][event.stage] = "closed"


def _shortlisted(view: View, event: Edition.Shortlisted, work: Work) -> None:
    question = (event.stage, event.category)
    others = [made for made in view["shortlists"] if (made["stage"], made["category"]) != question]
    made = {"stage": event.stage, "category": event.category, "nominations": event.nominations}
    view["shortlists"] = [*others, made]


def _cancelled(view: View, event: Edition.Cancelled, work: Work) -> None:
    view["cancelled"] = True
    _end_call(view)


MODEL = ReadModel(
    EDITIONS,
    {
        Edition.Planned: _planned,
        Edition.Recorded: _recorded,
        Edition.CallOpened: _call_opened,
        Edition.CallExtended: _call_extended,
        Edition.CallClosed: _call_closed,
        Edition.RoleEntered: _role_entered,
        Edition.RoleLeft: _role_left,
        Edition.PanelMemberAppointed: _panel_member_appointed,
        Edition.PanelMemberDischarged: _panel_member_discharged,
        Edition.ParticipantsLinked: _participants_linked,
        Edition.ParticipantErased: _participant_erased,
        Edition.RulesChanged: _rules_changed,
        Edition.ReviewingOpened: _reviewing_opened,
        Edition.ReviewingClosed: _reviewing_closed,
        Edition.ReviewingReopened: _reviewing_opened,
        Edition.Shortlisted: _shortlisted,
        Edition.Cancelled: _cancelled,
    },
    columns=lambda view: (view["award"], view["label"]),
)

# Queries.


def _counted(*conditions: Any) -> Any:
    return select(func.count()).where(*conditions).scalar_subquery()


_PHASE, _OWN = DECISIONS.c.phase, DECISIONS.c.edition == EDITIONS.c.id
_SELECTED = select(
    AWARDS.c.slug,
    EDITIONS.c.label,
    EDITIONS.c.view,
    AWARDS.c.view.label("award_view"),
    _counted(NOMINATIONS.c.edition == EDITIONS.c.id).label("nominations"),
    _counted(_OWN, *(phase != _PHASE for phase in UNDECIDED)).label("decided"),
    _counted(_OWN, or_(_PHASE == "withheld", _PHASE == "announced")).label("done"),
).join_from(EDITIONS, AWARDS, AWARDS.c.id == EDITIONS.c.award)
_BY_ID = Query(_SELECTED.where(EDITIONS.c.id == bindparam("edition")))
_ALL = Listing(_SELECTED, [(AWARDS.c.slug, False), (EDITIONS.c.label, True)], filters_on({"award": EDITIONS.c.award}))


_OF_AWARD = Query(select(EDITIONS.c.id).where(EDITIONS.c.award == bindparam("award")).order_by(EDITIONS.c.label))


def of_award(rows: Rows, award: str) -> list[str]:
    """The ids of an award's editions, by label."""
    return [row.id for row in _OF_AWARD.all(rows, award=award)]


def find(rows: Rows, edition: str, now: datetime) -> View | None:
    """An edition by its id, in its phase at `now`."""
    row = _BY_ID.first(rows, edition=edition)
    return None if row is None else rows.opened([_view(row, now)])[0]


def find_all(
    rows: Rows, now: datetime, *, award: str | None = None, after: After | None = None, limit: int = 50
) -> Page:
    """The editions, of one award (its id) or of all: by slug, the latest label first; `after` is (slug, label)."""
    page = _ALL.page(rows, lambda row: _view(row, now), after, limit, {"award": award})
    rows.opened(page.items)
    return page


def _view(row: Row[Any], now: datetime) -> View:
    view: View = decode(row.view)
    view["award_slug"] = row.slug
    view["award_name"] = decode(row.award_view)["name"]
    view["nominations"] = row.nominations
    view["phase"] = phase(view, row.decided, row.done, now)
    return view


def phase(view: View, decided: int, done: int, now: datetime) -> str:
    """The phase of an edition at `now`. It is decided, or announced, when that is true of every category."""
    if view["origin"] == "sources":
        return "recorded"
    if view["cancelled"]:
        return "cancelled"
    categories = len(view["rules"]["categories"])
    if done >= categories:
        return "announced"
    if decided >= categories:
        return "decided"
    if view["reviewing"]:
        last = view["rules"]["stages"][-1]["id"]
        over = view["reviewing"].get(last) == "closed" and "open" not in view["reviewing"].values()
        return "reviewed" if over else "reviewing"
    return _call_phase(view.get("call"), now)


def _call_phase(call: View | None, now: datetime) -> str:
    if call is None:
        return "planned"
    if call["ended"] or now >= moment(call["closes"]):
        return "call_closed"
    return "call_open" if now >= moment(call["opens"]) else "call_announced"


def year_of(label: str) -> int | None:
    """The year that an edition's label names, if any."""
    named = re.search(r"(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)", label)
    return int(named[0]) if named else None
