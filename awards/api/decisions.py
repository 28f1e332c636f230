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
from awards.schemas.appeals import DecideAppealIn
from awards.schemas.decisions import (
    AnnounceIn,
    AppealIn,
    ConferIn,
    CorrectIn,
    DecisionOut,
    DissentIn,
    HonourIn,
    ProposeIn,
    ProposeRevocationIn,
    RevokeIn,
)
from awards.schemas.words import ReasonIn

decisions = Operations("Decisions", "Recorded outcomes, one a category of an edition.")


@decisions.get(
    "/editions/<id:edition>/decisions", out=DecisionOut(), paged=True, as_of=True, permission="decision.read"
)
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
        *("reason_missing", "run_off_needed", "casting_vote_needed", "closed_to_you", "too_many_options"),
        *("not_a_candidate", "named_twice", "too_many_runners_up", "nothing_departs", "appeal_open"),
        *("reviewing_not_reopened", "cross_check_disagrees", "cross_checks_agree", *RUN),
    ),
    permission="decision.propose",
)
def propose_decision(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Propose for a category what the count says, others for a stated reason, or to withhold the award."""
    return app.reading.decision(arrival, app.decisions.propose(arrival, edition, **body))


@decisions.get("/decisions/<id:decision>", out=DecisionOut(), as_of=True, permission="decision.read")
def get_decision(app: Application, arrival: Arrival, decision: str) -> Any:
    """Read a decision."""
    return app.reading.decision(arrival, decision)


@decisions.post(
    "/decisions/<id:decision>/approve",
    out=DecisionOut(),
    status=OK,
    errors=(
        *("not_proposed", "already_decided", "second_person_needed", "closed_to_you", "proposal_outdated"),
        *("appeal_open", "reviewing_not_reopened", "too_many_options"),
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
    "/decisions/<id:decision>/dissent",
    body=DissentIn(),
    out=DecisionOut(),
    status=OK,
    errors=("not_proposed", "already_announced", "already_dissented", "closed_to_you", *RUN),
    permission="decision.dissent",
)
def dissent(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """Record, as a member of the panel, that you do not share what is proposed or decided; once a proposal."""
    return app.reading.decision(arrival, app.decisions.dissent(arrival, decision, **body))


@decisions.post(
    "/decisions/<id:decision>/appeal",
    body=AppealIn(),
    out=DecisionOut(),
    status=OK,
    errors=("on_behalf_only", "not_approved", "appeal_open", "already_appealed", "closed_to_you", *RUN),
    permission="decision.appeal",
)
def appeal_decision(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """Contest a decision, before or after it is announced; each person once."""
    return app.reading.decision(arrival, app.appeals.appeal_decision(arrival, decision, **body))


@decisions.post(
    "/decisions/<id:decision>/decide-appeal",
    body=DecideAppealIn(),
    out=DecisionOut(),
    status=OK,
    errors=("no_appeal_open", "own_appeal", "closed_to_you", *RUN),
    permission="appeal.decide",
)
def decide_appeal_of_decision(app: Application, arrival: Arrival, decision: str, body: dict[str, Any]) -> Any:
    """Uphold an appeal or dismiss it. Upheld before the announcement, the decision is to be proposed anew; after it, a
    correction or a revocation follows.
    """
    return app.reading.decision(arrival, app.appeals.decide_decision(arrival, decision, **body))


@decisions.post(
    "/decisions/<id:decision>/announce",
    body=AnnounceIn(),
    out=DecisionOut(),
    status=OK,
    errors=("not_approved", "already_announced", "appeal_open", "citation_missing", "embargo_not_later", *ACTING),
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
