"""Assigning by rule: look at a plan, then record it."""

from __future__ import annotations

from typing import Any

from awards.api.op import Operations
from awards.api.refused import ELIGIBLE, RUN
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.schemas.assignments import AssignmentsIn, AssignmentsOut, PlanOut, PlanQuery

assignments = Operations("Assignments", "Who reviews what, worked out for a whole stage at once.")
SEATS = {"panel": ("member", "chair", "deputy"), "members": ("member",)}


@assignments.get(
    "/editions/<id:edition>/assignment-plan",
    out=PlanOut(),
    query=PlanQuery(),
    errors=("unknown_stage", "unknown_category", "not_enough_reviewers", "edition_from_sources", "edition_cancelled"),
    permission="review.assign",
)
def plan_assignments(app: Application, arrival: Arrival, edition: str, query: dict[str, Any]) -> Any:
    """Work out the most even assignments that bring every nomination to so many reviews.

    What is assigned stays; conflicts of interest, recusals and declined assignments are passed over. Nothing is
    recorded: POST the `assignments` and the `basis` to do so.
    """
    asked = {**query, "seats": SEATS[query["seats"]]}
    return app.assignments.plan(arrival, edition, **asked)


@assignments.post(
    "/editions/<id:edition>/assignments",
    body=AssignmentsIn(),
    out=AssignmentsOut(),
    large=True,
    errors=(
        *("unknown_stage", "not_on_panel", "not_shortlisted", "already_assigned", "reviewer_has_interest"),
        *("already_recused", "plan_outdated"),
        *ELIGIBLE,
        *RUN,
    ),
    permission="review.assign",
)
def record_assignments(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Assign all of these, or none: the first that is no longer allowed is named, and nothing is recorded."""
    app.assignments.record(arrival, edition, **body)
    return app.assignments.recorded(edition, body["stage"], body["assignments"])
