"""Reviews: assigning, scoring, and the ways an assignment ends."""

from __future__ import annotations

from typing import Any

from awards.api.answers import IfMatch, Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.api.refused import ACTING, ELIGIBLE, RUN
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.fields import Choice, Id, Shape
from awards.schemas.reviews import AssignIn, ReviewOut, ScoreIn
from awards.schemas.words import CodeIn, ReasonIn

reviews = Operations("Reviews", "What reviewers are given, and what they make of it.")


class Which(Shape):
    """Which reviews to list."""

    nomination = Id()
    mine = Choice("true", "false", load_default="false", metadata={"description": "Your own only."})


@reviews.get(
    "/editions/<id:edition>/reviews", out=ReviewOut(), query=Which(), paged=True, as_of=True, permission="review.read"
)
def list_reviews(app: Application, arrival: Arrival, edition: str, query: dict[str, Any], page: Page) -> Any:
    """List the reviews of an edition as they were assigned, as far as you may see them."""
    mine = query["mine"] == "true"
    return Paged(*app.reading.reviews(arrival, edition, query.get("nomination"), mine, page.after, page.limit))


@reviews.post(
    "/editions/<id:edition>/reviews",
    body=AssignIn(),
    out=ReviewOut(),
    location="/reviews/{id}",
    errors=(
        *("unknown_stage", "not_on_panel", "not_shortlisted", "already_assigned", "reviewer_has_interest"),
        "already_recused",
        *ELIGIBLE,
        *RUN,
    ),
    permission="review.assign",
)
def assign(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Give an eligible nomination to a member of the stage's panel."""
    return app.reading.review(arrival, app.reviews.assign(arrival, edition, **body))


@reviews.get("/reviews/<id:review>", out=ReviewOut(), as_of=True, permission="review.read")
def get_review(app: Application, arrival: Arrival, review: str) -> Any:
    """Read a review, as far as you may see it."""
    return app.reading.review(arrival, review)


@reviews.put(
    "/reviews/<id:review>",
    body=ScoreIn(),
    out=ReviewOut(),
    errors=(
        *("unknown_stage", "reviewing_not_open", "not_on_panel", "review_ended"),
        *("declaration_missing", "file_not_opened", "reviewer_has_interest", "already_recused"),
        *("scores_incomplete", "score_out_of_scale", *ELIGIBLE, *RUN),
    ),
    permission="review.own",
)
def score(app: Application, arrival: Arrival, review: str, body: dict[str, Any], if_match: IfMatch) -> Any:
    """Score a nomination on every criterion, or score it anew, while reviewing is open."""
    shown, version = app.reading.review_to_replace(arrival, review)
    if_match.require(shown)
    return app.reading.review(arrival, app.reviews.score(arrival, review, version, **body))


@reviews.post(
    "/reviews/<id:review>/decline",
    body=CodeIn(),
    out=ReviewOut(),
    status=OK,
    errors=("review_ended", "already_submitted", *ACTING),
    permission="review.own",
)
def decline(app: Application, arrival: Arrival, review: str, body: dict[str, Any]) -> Any:
    """Refuse one's assignment."""
    return app.reading.review(arrival, app.reviews.decline(arrival, review, **body))


@reviews.post(
    "/reviews/<id:review>/declare-conflict",
    body=ReasonIn(),
    out=ReviewOut(),
    status=OK,
    errors=("already_recused", *ACTING),
    permission="review.own",
)
def declare_conflict(app: Application, arrival: Arrival, review: str, body: dict[str, Any]) -> Any:
    """Declare a conflict of interest, which recuses at once."""
    return app.reading.review(arrival, app.reviews.declare_conflict(arrival, review, **body))


@reviews.post(
    "/reviews/<id:review>/recuse",
    body=ReasonIn(),
    out=ReviewOut(),
    status=OK,
    errors=("already_recused", *ACTING),
    permission="review.recuse",
)
def recuse(app: Application, arrival: Arrival, review: str, body: dict[str, Any]) -> Any:
    """Take a reviewer off a nomination."""
    return app.reading.review(arrival, app.reviews.recuse(arrival, review, **body))
