"""What shows how an edition goes: the standing of a stage, and the history."""

from __future__ import annotations

from typing import Any

from awards.api.answers import Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.schemas.fields import Id, Shape, Slug
from awards.schemas.history import HistoryOut
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
    errors=(
        *("unknown_stage", "unknown_category", "own_reviews_first", "shown_later", "number_too_large"),
        *("edition_from_sources", "too_many_options"),
    ),
    permission="standing.read",
)
def get_standing(app: Application, arrival: Arrival, edition: str, query: dict[str, Any]) -> Any:
    """Read the ranking of a stage and category as it stands, in exact numbers, once the edition's rules show it."""
    return app.reading.standing(arrival, edition, query["stage"], query["category"])


@oversight.get(
    "/editions/<id:edition>/history", out=HistoryOut(), query=OfStream(), paged=True, permission="history.read"
)
def list_history(app: Application, arrival: Arrival, edition: str, query: dict[str, Any], page: Page) -> Any:
    """List who did what when, as the events tell it, as far as you may see it."""
    return Paged(*app.reading.history(arrival, edition, query.get("stream"), page.after, page.limit))
