"""The roll of honour: who received which award, as the public sees it.

A row is worked out anew from the whole decision whenever that moves. It holds only what was sealed for publication,
under an id that tells nothing about the participant, and nobody sees it before its embargo ends. What a correction says
stands is shown in the field's place; the correction beside it tells both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, Row, Table, Text, bindparam, func, select

from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.values import derived_id, instant, moment
from awards.projections.awards import AWARDS
from awards.projections.bulk import upsert
from awards.projections.editions import EDITIONS, year_of
from awards.projections.opening import ERASED, OpenAll, open_in, without_sealed
from awards.projections.queries import Listing, Query, containing, filters_on
from awards.projections.rows import After, Page, Rows
from awards.projections.tables import METADATA, Key, View, decode, encode, put

ROLL = Table(
    "roll",
    METADATA,
    Column("id", Key, primary_key=True),
    Column("edition", Key, nullable=False),
    Column("award", Key, nullable=False),
    Column("label", Key, nullable=False),
    Column("year", Integer, nullable=False),  # 0: unknown
    Column("name_key", Key, nullable=False),
    Column("placing", Key, nullable=False),
    Column("country", Key),
    Column("public_from", Key, nullable=False),
    Column("searched", Text, nullable=False),
    Column("view", Text, nullable=False),
)
Index("roll_order", ROLL.c.year.desc(), ROLL.c.label.desc(), ROLL.c.name_key, ROLL.c.id)
Index("roll_award", ROLL.c.award, ROLL.c.year.desc(), ROLL.c.label.desc(), ROLL.c.name_key, ROLL.c.id)
Index("roll_public_from", ROLL.c.public_from)

PUBLIC = ("kind", "name", "rank", "country", "mission", "citation")

CHANGED_BY = frozenset(
    {
        Award.Revised,
        Decision.HonourRecorded,
        Decision.Announced,
        Decision.Conferred,
        Decision.Corrected,
        Decision.Revoked,
        Edition.ParticipantErased,
    }
)
"""The events after which the roll, or what it shows of others, may be another."""

# Rows.


def write(connection: Connection, decisions: Iterable[View], open_all: OpenAll) -> None:
    """Bring the roll up to these decisions, whose editions are written already."""
    announced = [decision for decision in decisions if decision["phase"] == "announced"]
    if not announced:
        return
    query = select(EDITIONS.c.id, EDITIONS.c.view).where(
        EDITIONS.c.id.in_({decision["edition"] for decision in announced})
    )
    editions = {id_: decode(view) for id_, view in connection.execute(query)}
    for decision in announced:
        _without_erased(decision, _erased(editions[decision["edition"]]))
    open_in(announced, open_all, only="public")
    announced = without_sealed(announced)
    named = (
        _row(decision, winner, placing, editions[decision["edition"]])
        for decision in announced
        for placing, winners in _published(decision, editions[decision["edition"]])
        for winner in winners
    )
    upsert(connection, ROLL, list(named))


def _erased(edition: View) -> dict[str, str]:
    """The participants whose public values are erased, and since when: by the events, whether their keys are gone yet
    or not.
    """
    return {gone["participant"]: gone["time"] for gone in edition.get("erased", ()) if "public" in gone["classes"]}


def _without_erased(part: Any, erased: Mapping[str, str]) -> None:
    """Put `erased` in the place of what was sealed for publication about any of these."""
    for key, value in list(part.items() if isinstance(part, dict) else enumerate(part)):
        if isinstance(value, dict) and "sd" in value:
            if value["class"] == "public" and not erased.keys().isdisjoint(value["of"]):
                part[key] = ERASED
        elif isinstance(value, dict | list):
            _without_erased(value, erased)


def _published(decision: View, edition: View) -> list[tuple[str, list[View]]]:
    """Who is named in public: the winners, and the runners-up where the edition's rules publish the result."""
    published = [("winner", decision["winners"])]
    if edition.get("rules", {}).get("publish") != "nothing":
        published.append(("runner_up", decision["runners_up"]))
    return published


def _row(decision: View, winner: View, placing: str, edition: View) -> tuple[Any, ...]:
    participant: str = winner["participant"]
    label: str = edition["label"]
    view: View = {
        "id": str(derived_id("winner", decision["id"], participant)),
        "edition": label,
        "edition_id": decision["edition"],
        "category": decision["category"],
        "placing": placing,
        **{name: winner[name] for name in PUBLIC if name in winner},
    }
    view.setdefault("name", ERASED)  # of who was erased before the announcement, no name is left to publish
    put(view, "year", year_of(label))
    if "sources" in winner:
        view["sources"] = [source for source in edition.get("sources", ()) if source["key"] in winner["sources"]]
    for conferral in decision["conferrals"]:
        if participant in conferral["winners"]:
            view["conferral"] = {name: value for name, value in conferral.items() if name != "winners"}
    view["corrections"] = []
    for correction in decision["corrections"]:
        if correction.get("winner", participant if placing == "winner" else None) == participant:
            _correct(view, correction)
    view["revoked"] = any(taken["winner"] == participant and taken["revoked"] for taken in decision["revocations"])
    view["public_from"] = view["announced"] = winner["public_from"]
    view["updated"] = max(winner["public_from"], decision["updated"], _erased(edition).get(participant, ""))
    return (
        view["id"],
        decision["edition"],
        edition["award"],
        label,
        view.get("year", 0),
        _folded(str(view.get("name", ""))),
        placing,
        view.get("country"),
        view["public_from"],
        _searched(view),
        encode(view),
    )


def _correct(view: View, correction: View) -> None:
    """Show what stands, where the field is one that is shown."""
    shown = ("field", "standing", "rival", "sources", "reading")
    view["corrections"].append({name: correction[name] for name in shown if name in correction})
    if "standing" not in correction:
        return
    field, standing = correction["field"], correction["standing"]
    part, _, name = field.rpartition(".")
    if part == "conferral" and name in view.get("conferral", ()):
        view["conferral"][name] = standing
    elif field in ("name", "rank", "country", "mission", "citation") or (field == "year" and type(standing) is int):
        view[field] = standing


def _searched(view: View) -> str:
    texts = [view.get("name"), view.get("citation"), view.get("mission"), view.get("conferral", {}).get("occasion")]
    words = [word for text in texts for word in (text.values() if isinstance(text, dict) else [text])]
    return _folded("\n".join(str(word) for word in words if word is not None))


def _folded(text: str) -> str:
    """For comparing whatever the case and the accents; without NUL, which PostgreSQL does not store."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).replace("\0", "")


# Queries.

_PUBLIC = (
    select(
        ROLL.c.year, ROLL.c.label, ROLL.c.name_key, ROLL.c.id, ROLL.c.view, AWARDS.c.slug, AWARDS.c.view.label("award")
    )
    .join_from(ROLL, AWARDS, AWARDS.c.id == ROLL.c.award)
    .where(ROLL.c.public_from <= bindparam("now"))
)
_BY_ID = Query(_PUBLIC.where(ROLL.c.id == bindparam("winner")))
_ALL = Listing(
    _PUBLIC,
    [(ROLL.c.year, True), (ROLL.c.label, True), (ROLL.c.name_key, False), (ROLL.c.id, False)],
    {
        # By the id, so that the database begins at the award's own rows instead of asking every row for its slug.
        "award": ROLL.c.award == select(AWARDS.c.id).where(AWARDS.c.slug == bindparam("award")).scalar_subquery(),
        **filters_on({name: ROLL.c[name] for name in ("edition", "year", "country", "placing")}),
        "text": ROLL.c.searched.like(bindparam("text"), escape="/"),
    },
)
_NEXT = Query(select(func.min(ROLL.c.public_from).label("next")).where(ROLL.c.public_from > bindparam("now")))


def find(rows: Rows, winner: str, now: datetime) -> View | None:
    """A winner or runner-up by the public id, once public."""
    row = _BY_ID.first(rows, winner=winner, now=instant(now))
    return None if row is None else _view(row)


def find_all(
    rows: Rows,
    now: datetime,
    *,
    award: str | None = None,
    edition: str | None = None,
    year: int | None = None,
    country: str | None = None,
    placing: str | None = "winner",
    text: str | None = None,
    after: After | None = None,
    limit: int = 50,
) -> Page:
    """The public roll, latest first, by award (slug), edition (id), year, country, placing (None: any) and free text.

    `text` is sought in name, citation, mission and occasion, whatever case and accents; `after` is (year, label,
    name_key, id).
    """
    wanted = {"award": award, "edition": edition, "year": year, "country": country, "placing": placing}
    sought = None if text is None else containing(_folded(text))
    return _ALL.page(rows, _view, after, limit, {**wanted, "text": sought}, now=instant(now))


def next_change(rows: Rows, now: datetime) -> datetime | None:
    """When the next embargo ends: what was read from the roll holds until then, if `Rows.roll_changed` stays."""
    row = _NEXT.first(rows, now=instant(now))
    return None if row is None or row.next is None else moment(row.next)


def _view(row: Row[Any]) -> View:
    view: View = decode(row.view)
    view["award"] = row.slug
    view["award_name"] = decode(row.award)["name"]
    return view
