"""What shows how an edition goes: the standing of a stage, and the history."""

from __future__ import annotations

from typing import Any

from awards.api.answers import InPages, Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.schemas.fields import Id, Shape, Slug
from awards.schemas.history import HistoryOut
from awards.schemas.moments import Between, DifferencesOut
from awards.schemas.out_of_rank import OfYear, OutOfRankOut
from awards.schemas.robustness import RobustnessOut
from awards.schemas.standing import StandingOut

oversight = Operations("Oversight", "How the count stands, and who did what when.")


class Question(Shape):
    """Which count to show."""

    stage = Slug(required=True)
    category = Slug(load_default="main")


class OfStream(Shape):
    """Which events to list."""

    stream = Id(metadata={"description": "Of this resource only, by its id."})


@oversight.get(
    "/editions/<id:edition>/standing",
    out=StandingOut(),
    query=Question(),
    paged=True,
    errors=(
        *("unknown_stage", "unknown_category", "own_reviews_first", "shown_later", "number_too_large"),
        *("edition_from_sources", "too_many_options"),
    ),
    as_of=True,
    permission="standing.read",
)
def get_standing(app: Application, arrival: Arrival, edition: str, query: dict[str, Any], page: Page) -> Any:
    """Read the ranking of a stage and category as it stands, in exact numbers, once the edition's rules show it.

    Places come in pages, those without a rank last; where something happens between two pages, the second is of the
    new ranking.
    """
    asked = (edition, query["stage"], query["category"], page.after or 0, page.limit)
    return InPages(*app.reading.standing_page(arrival, *asked))


@oversight.get(
    "/editions/<id:edition>/robustness",
    out=RobustnessOut(),
    query=Question(),
    errors=(
        *("unknown_stage", "unknown_category", "closed_to_you", "shown_later", "number_too_large"),
        *("edition_from_sources", "too_many_options"),
    ),
    permission="standing.read",
)
def get_robustness(app: Application, arrival: Arrival, edition: str, query: dict[str, Any]) -> Any:
    """Read what would have to be otherwise for others to win: a reviewer, the method, the ladder for ties, some points.

    When reviewing is closed, to who sees the standing, the scores and the reviewers, and has no part in the category.
    """
    return app.reading.robustness(arrival, edition, query["stage"], query["category"])


@oversight.get(
    "/editions/<id:edition>/differences",
    out=DifferencesOut(),
    query=Between(),
    errors=("not_yet", "ask_by_moment"),
    permission="history.read",
)
def get_differences(app: Application, arrival: Arrival, edition: str, query: dict[str, Any]) -> Any:
    """Compare an edition with itself at another time, as far as you may see both."""
    return app.reading.differences(arrival, edition, **query)


@oversight.get("/awards/<slug:award>/out-of-rank", out=OutOfRankOut(), query=OfYear(), permission="award.out_of_rank")
def get_out_of_rank(app: Application, arrival: Arrival, award: str, query: dict[str, Any]) -> Any:
    """Read which decisions of an award departed from the ranking, why, and how many did not."""
    return app.reading.out_of_rank(arrival, award, query.get("year"))


@oversight.get(
    "/editions/<id:edition>/history", out=HistoryOut(), query=OfStream(), paged=True, permission="history.read"
)
def list_history(app: Application, arrival: Arrival, edition: str, query: dict[str, Any], page: Page) -> Any:
    """List who did what when, as the events tell it, as far as you may see it."""
    return Paged(*app.reading.history(arrival, edition, query.get("stream"), page.after, page.limit))
