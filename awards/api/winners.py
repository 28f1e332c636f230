"""The roll of honour: for anybody, from any origin, in four formats.

What was made once is kept as long as the roll stands where it stood: no event has changed it and no embargo has ended.
Where it stands is looked up at most once a second, which is how old an answer may be.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from flask import current_app, request

from awards.api.answers import Paged, Reply
from awards.api.formats import ATOM, CSV, JSON_LD, LANGUAGES, MEDIA, as_atom, as_csv, as_json_ld
from awards.api.op import PREFIX, Operations
from awards.api.paging import Page
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.schemas.fields import Choice, Country, Shape, Slug, Text, Written
from awards.schemas.winners import PLACINGS, WinnerOut, WinnerProofOut
from awards.schemas.words import NAME

winners = Operations("Roll of honour", "The public list of winners; no account is needed.")
BASE_URL = "AWARDS_BASE_URL"
OLDEST = 1.0
LONGEST = 60


class Which(Shape):
    """Whom to list, and in which format."""

    award = Slug(metadata={"description": "The award's slug."})
    year = Written(1, 9999)
    country = Country()
    q = Text(NAME, metadata={"description": "Sought in name, citation, mission and occasion, whatever the accents."})
    placing = Choice(*PLACINGS, "any", load_default="winner")
    format = Choice(*MEDIA, metadata={"description": "The format, whatever `Accept` prefers."})


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where the roll stood when this process last looked."""

    looked: float
    mark: tuple[Any, ...]
    next_change: datetime | None

    def holds(self, now: datetime) -> bool:
        return time.monotonic() - self.looked < OLDEST and (self.next_change is None or now < self.next_change)


_standings: WeakKeyDictionary[Application, _Standing] = WeakKeyDictionary()


def roll_standing(app: Application) -> tuple[tuple[Any, ...], str]:
    """Where the roll stands, and for how long what is shown of it may be kept: never past the end of an embargo."""
    now = datetime.now(UTC)
    standing = _standings.get(app)
    if standing is None or not standing.holds(now):
        looked = time.monotonic()
        changed, ends = app.reading.roll_mark(now)
        next_change = datetime.fromisoformat(ends) if isinstance(ends, str) else ends
        standing = _standings[app] = _Standing(looked, (changed, next_change), next_change)
    if standing.next_change is None:
        return standing.mark, f"public, max-age={LONGEST}"
    left = int((standing.next_change - now).total_seconds())
    return standing.mark, f"public, max-age={max(0, min(LONGEST, left))}"


@winners.get(
    "/winners",
    out=WinnerOut(),
    query=Which(),
    paged=True,
    public=True,
    produces=tuple(MEDIA.values()),
    languages=LANGUAGES,
    cached=roll_standing,
)
def list_winners(
    app: Application, arrival: Arrival, query: dict[str, Any], page: Page, media: str, language: str
) -> Any:
    """List the winners, the latest first, by award, year, country or free text.

    JSON and JSON-LD hold every language there is; CSV and Atom the one that `Accept-Language` prefers.
    """
    media = MEDIA.get(query.pop("format", ""), media)
    placing = query.pop("placing")
    found, beyond = app.reading.winners(
        arrival.at,
        placing=None if placing == "any" else placing,
        text=query.pop("q", None),
        **query,
        after=page.after,
        limit=page.limit,
    )
    if media == CSV:
        content_type = "text/csv; charset=utf-8; header=present"
        return Paged(found, beyond, lambda items, _next: (as_csv(items, language), content_type))
    if media == ATOM:
        return Paged(found, beyond, lambda items, after: (_feed(items, language, after), f"{ATOM}; charset=utf-8"))
    told = {"Content-Language": ", ".join(LANGUAGES)}
    if media == JSON_LD:
        return Reply(Paged(found, beyond, lambda items, _next: (as_json_ld(items), JSON_LD)), told)
    return Reply(Paged(found, beyond), told)


@winners.get("/winners/<id:winner>", out=WinnerOut(), public=True, cached=roll_standing)
def get_winner(app: Application, arrival: Arrival, winner: str) -> Any:
    """Read one entry of the roll."""
    return app.reading.winner(arrival.at, winner)


@winners.get(
    "/winners/<id:winner>/proof",
    out=WinnerProofOut(),
    public=True,
    errors=("lines_not_published", "log_not_published"),
)
def get_winner_proof(app: Application, arrival: Arrival, winner: str) -> Any:
    """Prove an entry of the roll: that the log had it, sealed, since it was announced, and what it said."""
    return Reply(app.log.winner_proof(arrival.at, winner), {"Cache-Control": f"public, max-age={LONGEST}"})


def _feed(items: Any, language: str, beyond: str | None) -> bytes:
    """The feed at its public address."""
    root = current_app.config[BASE_URL] or request.host_url.rstrip("/")
    asked = urlencode(sorted(request.args.items(multi=True)))
    here = f"{root}{PREFIX}/winners" + (f"?{asked}" if asked else "")
    return as_atom(items, language, here, beyond and root + beyond, f"{root}{PREFIX}/winners/")
