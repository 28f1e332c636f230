"""Conflicts of interest: declared, imposed and lifted over time, and what they touch."""

from __future__ import annotations

from typing import Any

from awards.api.op import Operations
from awards.api.refused import ACTING, ELIGIBLE, RUN
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.conflicts import AffiliationsIn, AffiliationsOut, ConflictsOut
from awards.schemas.nominations import NominationOut
from awards.schemas.reviews import DeclarationIn, RecusalIn, ReviewOut
from awards.schemas.words import ReasonIn

conflicts = Operations("Conflicts", "Ties that could tilt judgement: declared, imposed, lifted, and what they touch.")
JUDGING = ("unknown_stage", "not_on_panel", "review_ended", "already_recused", "reviewer_has_interest")


@conflicts.post(
    "/reviews/<id:review>/declare-no-conflict",
    out=ReviewOut(),
    status=OK,
    errors=("no_conflict_policy", "already_declared", *JUDGING, *ELIGIBLE, *ACTING),
    permission="review.own",
)
def declare_no_conflict(app: Application, arrival: Arrival, review: str) -> Any:
    """Declare to have no conflict of interest under the present conflict policy, which comes before the file."""
    return app.reading.review(arrival, app.conflicts.declare_none(arrival, review))


@conflicts.post(
    "/editions/<id:edition>/declarations",
    body=DeclarationIn(),
    out=ReviewOut(),
    location="/reviews/{id}",
    errors=("no_conflict_policy", "already_declared", *JUDGING, *ELIGIBLE, *RUN),
    permission="conflict.declare",
)
def declare_clear(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Declare to have no conflict of interest with a nomination, also one that you do not review but want to read."""
    return app.reading.review(arrival, app.conflicts.clear(arrival, edition, **body))


@conflicts.post(
    "/reviews/<id:review>/open-file",
    out=NominationOut(),
    status=OK,
    errors=("declaration_missing", *JUDGING, *ELIGIBLE, *RUN),
    permission="review.own",
)
def open_file(app: Application, arrival: Arrival, review: str) -> Any:
    """Open the file of the nomination, which is recorded the first time; opened again it is the same answer."""
    return app.reading.nomination(arrival, app.conflicts.open_file(arrival, review))


@conflicts.post(
    "/reviews/<id:review>/reinstate",
    body=ReasonIn(),
    out=ReviewOut(),
    status=OK,
    errors=("not_recused", "own_recusal", "reviewer_has_interest", "closed_to_you", "already_proposed", *RUN),
    permission="review.reinstate",
)
def reinstate(app: Application, arrival: Arrival, review: str, body: dict[str, Any]) -> Any:
    """Lift a recusal, for a reason; a finished review counts again, and what was never assigned may be."""
    return app.reading.review(arrival, app.conflicts.reinstate(arrival, review, **body))


@conflicts.post(
    "/editions/<id:edition>/recusals",
    body=RecusalIn(),
    out=ReviewOut(),
    location="/reviews/{id}",
    errors=("unknown_stage", "not_on_panel", "already_recused", "closed_to_you", *RUN),
    permission=("conflict.declare", "review.recuse"),
)
def add_recusal(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Declare a conflict of interest with a nomination, or keep somebody off it, whether or not it is assigned."""
    reviewer = body.pop("reviewer", None)
    if reviewer in (None, arrival.caller.participant):
        made = app.conflicts.declare(arrival, edition, **body)
    else:
        made = app.conflicts.recuse(arrival, edition, reviewer=reviewer, **body)
    return app.reading.review(arrival, made)


@conflicts.get(
    "/editions/<id:edition>/conflicts",
    out=ConflictsOut(),
    errors=("number_too_large", "too_many_options"),
    permission="conflicts.read",
)
def get_conflicts(app: Application, arrival: Arrival, edition: str) -> Any:
    """Read every recusal, the acts and scores it touches, whether the winner would change, and which are proposed."""
    return app.reading.conflicts(arrival, edition)


@conflicts.post(
    "/editions/<id:edition>/affiliations",
    body=AffiliationsIn(),
    out=AffiliationsOut(),
    status=OK,
    errors=ACTING,
    permission=("affiliation.own", "affiliation.enter"),
)
def state_affiliations(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """State to which organisations somebody belongs, instead of what was stated before; none of it enters the log."""
    who, organisations = body.get("participant"), body["organisations"]
    if who in (None, arrival.caller.participant):
        who = app.conflicts.affiliate_oneself(arrival, edition, organisations)
    else:
        who = app.conflicts.affiliate(arrival, edition, who, organisations)
    return {"participant": who, "organisations": app.conflicts.organisations_of(who)}
