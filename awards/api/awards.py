"""Awards: for anybody to read, for the secretariat to keep."""

from __future__ import annotations

from typing import Any

from awards.api.answers import IfMatch, Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.api.refused import RECORDED
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.awards import AwardIn, AwardOut, AwardTexts, DiscontinueIn

awards = Operations("Awards", "Standing honours that can be given.")


@awards.get("/awards", out=AwardOut(), paged=True, public=True)
def list_awards(app: Application, _arrival: Arrival, page: Page) -> Any:
    """List the awards, by slug."""
    return Paged(*app.reading.awards(page.after, page.limit))


@awards.post(
    "/awards",
    body=AwardIn(),
    out=AwardOut(),
    location="/awards/{slug}",
    errors=("award_exists", *RECORDED),
    permission="award.establish",
)
def establish_award(app: Application, arrival: Arrival, body: dict[str, Any]) -> Any:
    """Establish an award under a slug that no other award has."""
    return app.reading.award(app.awards.establish(arrival, **body))


@awards.get("/awards/<slug:award>", out=AwardOut(), public=True)
def get_award(app: Application, _arrival: Arrival, award: str) -> Any:
    """Read an award, by its slug or its id."""
    return app.reading.award(award)


@awards.put(
    "/awards/<slug:award>",
    body=AwardTexts(),
    out=AwardOut(),
    errors=("award_discontinued", *RECORDED),
    permission="award.revise",
)
def revise_award(app: Application, arrival: Arrival, award: str, body: dict[str, Any], if_match: IfMatch) -> Any:
    """Replace an award's texts; its editions keep the rules they were planned with."""
    shown = app.reading.award(award)
    if_match.require(shown)
    return app.reading.award(app.awards.revise(arrival, shown["id"], shown["version"], **body))


@awards.post(
    "/awards/<slug:award>/discontinue",
    body=DiscontinueIn(),
    out=AwardOut(),
    status=OK,
    errors=("award_discontinued",),
    permission="award.discontinue",
)
def discontinue_award(app: Application, arrival: Arrival, award: str, body: dict[str, Any]) -> Any:
    """End an award: no further edition can be planned."""
    return app.reading.award(app.awards.discontinue(arrival, app.reading.award(award)["id"], **body))
