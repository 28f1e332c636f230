"""Decisions: proposed by one, approved by another, announced, conferred, corrected, revoked; and past winners."""

from __future__ import annotations

from typing import Any

from awards.api.answers import Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.api.refused import ACTING, RUN, WINNER
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.decisions import (
    AnnounceIn,
    ConferIn,
    CorrectIn,
    DecisionOut,
    HonourIn,
    ProposeIn,
    ProposeRevocationIn,
    RevokeIn,
)
from awards.schemas.words import ReasonIn

decisions = Operations("Decisions", "Recorded outcomes, one a category of an edition.")


@decisions.get("/editions/<id:edition>/decisions", out=DecisionOut(), paged=True, permission="decision.read")
def list_decisions(app: Application, arrival: Arrival, edition: str, page: Page) -> Any:
    """List the decisions of an edition, by category."""
    return Paged(*app.reading.decisions(arrival, edition, page.after, page.limit))


@decisions.post(
    "/editions/<id:edition>/decisions",
    body=ProposeIn(),
    out=DecisionOut(),
    location="/decisions/{id}",
    errors=(
        *("unknown_category", "reviewing_not_closed", "already_proposed", "already_decided", "nothing_to_decide"),
        *("reason_missing", "run_off_needed", "casting_vote_needed", "closed_to_you", "too_many_options", *RUN),
    ),
    permission="decision.propose",
)
def propose_decision(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Propose for a category what the count says, or to withhold the award."""
    return app.reading.decision(arrival, app.decisions.propose(arrival, edition, **body))


@decisions.get("/decisions/<id:decision>", out=DecisionOut(), permission="decision.read")
def get_decision(app: Application, arrival: Arrival, decision: str) -> Any:
    """Read a decision."""
    return app.reading.decision(arrival, decision)


@decisions.post(
    "/decisions/<id:decision>/approve",
    out=DecisionOut(),
    status=OK,
    errors=(
        *(
            "not_proposed",
            "already_decided",
            "second_person_needed",
            "closed_to_you",
            "proposal_outdated",
            "too_many_options",
        ),
        *ACTING,
    ),
    permission="decision.approve",
)
def approve(app: Application, arrival: Arrival, decision: str) -> Any:
    """Agree as the second person: the award is given, or withheld, as proposed."""
    return app.reading.decision(arrival, app.decisions.approve(arrival, decision))


@decisions.post(
    "/decisions/<id:decision>/return",
    body=ReasonIn(),
    out=DecisionOut(),
    status=OK,
    errors=("not_proposed", "already_decided", "second_person_needed", "closed_to_you", *ACTING),
    permission="decision.approve",
)
def send_back(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """Disagree as the second person: the proposal goes back, and another may be made."""
    return app.reading.decision(arrival, app.decisions.send_back(arrival, decision, **body))


@decisions.post(
    "/decisions/<id:decision>/announce",
    body=AnnounceIn(),
    out=DecisionOut(),
    status=OK,
    errors=("not_approved", "already_announced", "citation_missing", "embargo_not_later", *ACTING),
    permission="decision.announce",
)
def announce(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """Publish the winners with a citation each, at once or when the embargo ends."""
    return app.reading.decision(arrival, app.decisions.announce(arrival, decision, **body))


@decisions.post(
    "/decisions/<id:decision>/confer",
    body=ConferIn(),
    out=DecisionOut(),
    status=OK,
    errors=("embargo_not_over", "already_conferred", *WINNER, *ACTING),
    permission="decision.confer",
)
def confer(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """Record the giving of the award, to all winners or to those named."""
    presented_by, winners = body.pop("presented_by", []), body.pop("winners", None)
    return app.reading.decision(arrival, app.decisions.confer(arrival, decision, body, presented_by, winners))


@decisions.post(
    "/decisions/<id:decision>/correct",
    body=CorrectIn(),
    out=DecisionOut(),
    status=OK,
    errors=("winner_missing", *WINNER, *ACTING),
    permission="decision.confer",
)
def correct(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """State which value of a fact stands and which other one a source gives; nothing is overwritten."""
    stands = body.pop("standing")
    return app.reading.decision(arrival, app.decisions.correct(arrival, decision, stands=stands, **body))


@decisions.post(
    "/decisions/<id:decision>/propose-revocation",
    body=ProposeRevocationIn(),
    out=DecisionOut(),
    status=OK,
    errors=("revocation_already_proposed", "closed_to_you", *WINNER, *ACTING),
    permission="decision.propose_revocation",
)
def propose_revocation(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """Propose to take the award away from a winner."""
    return app.reading.decision(arrival, app.decisions.propose_revocation(arrival, decision, **body))


@decisions.post(
    "/decisions/<id:decision>/revoke",
    body=RevokeIn(),
    out=DecisionOut(),
    status=OK,
    errors=("revocation_not_proposed", "second_person_needed", "closed_to_you", *WINNER, *ACTING),
    permission="decision.approve",
)
def revoke(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """Agree to a revocation as the second person; the history stays."""
    return app.reading.decision(arrival, app.decisions.revoke(arrival, decision, **body))


@decisions.post(
    "/editions/<id:edition>/honours",
    body=HonourIn(),
    out=DecisionOut(),
    location="/decisions/{id}",
    errors=("edition_not_from_sources", "unknown_source", "already_proposed", *ACTING),
    permission="honour.record",
)
def record_honour(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Record a winner of a past edition from sources."""
    return app.reading.decision(arrival, app.decisions.record_honour(arrival, edition, **body))
