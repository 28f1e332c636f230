"""Erasing a person: the report, the request, and the second person."""

from __future__ import annotations

from typing import Any

from awards.api.answers import Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.erasures import DueOut, ErasureIn, ErasureOut
from awards.schemas.words import CodeIn, Nothing

erasures = Operations("Erasing", "What is held about a person, and how it goes, by two people.")
REACHED = ("beyond_your_reach", "person_erased")
SECOND = ("erasure_not_requested", *REACHED)


@erasures.get("/subjects/<id:subject>/erasure", out=ErasureOut(), errors=REACHED, permission="erasure.read")
def get_erasure(app: Application, arrival: Arrival, subject: str) -> Any:
    """Read what is held about a person, by the id of the subject or of a participant, and would go."""
    return app.erasures.erasure(arrival, subject)


@erasures.get("/due", out=DueOut(), paged=True, permission="erasure.read")
def list_due(app: Application, arrival: Arrival, page: Page) -> Any:
    """List what is due for erasure: requests that wait for a second person, then what is beyond the periods that the
    rules of editions set; nothing is erased by itself.
    """
    found = app.retention.due(arrival)
    start = page.after or 0
    end = start + page.limit
    return Paged(found[start:end], end if end < len(found) else None)


@erasures.post(
    "/subjects/<id:subject>/erasure",
    body=ErasureIn(),
    out=ErasureOut(),
    status=OK,
    errors=("erasure_already_requested", "not_erasable", "not_keepable", *REACHED),
    permission="erasure.request",
)
def request_erasure(app: Application, arrival: Arrival, subject: str, body: dict[str, Any]) -> Any:
    """Request a person's erasure; another person approves it."""
    return app.erasures.erasure(arrival, app.erasures.request(arrival, subject, **body))


@erasures.post(
    "/subjects/<id:subject>/erasure/approve",
    body=Nothing(),
    out=None,
    errors=("second_person_needed", "own_account", "erasure_incomplete", *SECOND),
    permission="erasure.approve",
)
def approve_erasure(app: Application, arrival: Arrival, subject: str, body: dict[str, Any]) -> Any:
    """Approve an erasure as the second person; what is named is gone when this answers."""
    app.erasures.approve(arrival, subject)


@erasures.post(
    "/subjects/<id:subject>/erasure/refuse",
    body=CodeIn(),
    out=ErasureOut(),
    status=OK,
    errors=SECOND,
    permission="erasure.approve",
)
def refuse_erasure(app: Application, arrival: Arrival, subject: str, body: dict[str, Any]) -> Any:
    """Turn an erasure down, or take the request back."""
    return app.erasures.erasure(arrival, app.erasures.refuse(arrival, subject, **body))
