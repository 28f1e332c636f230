"""Nominations: from submission to the ruling on eligibility."""

from __future__ import annotations

from typing import Any

from awards.api.answers import IfMatch, Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.api.refused import ACTING, CALL, RUN, STANDS
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.appeals import AppealRulingIn, DecideAppealIn
from awards.schemas.fields import Choice, Shape, Slug
from awards.schemas.nominations import (
    STATUSES,
    AmendIn,
    AnswerIn,
    EndorseIn,
    NominationIn,
    NominationOut,
    RuleIn,
    WithdrawEndorsementIn,
)
from awards.schemas.words import TextIn

nominations = Operations("Nominations", "The cases for those put forward.")


class Which(Shape):
    """Which nominations to list."""

    category = Slug()
    status = Choice(*STATUSES)


@nominations.get(
    "/editions/<id:edition>/nominations",
    out=NominationOut(),
    query=Which(),
    paged=True,
    as_of=True,
    permission="nomination.list",
)
def list_nominations(app: Application, arrival: Arrival, edition: str, query: dict[str, Any], page: Page) -> Any:
    """List the nominations of an edition as they came in."""
    return Paged(*app.reading.nominations(arrival, edition, **query, after=page.after, limit=page.limit))


@nominations.post(
    "/editions/<id:edition>/nominations",
    body=NominationIn(),
    out=NominationOut(),
    location="/nominations/{id}",
    errors=("on_behalf_only", "unknown_category", "nominee_kind_mismatch", "self_nomination", *CALL, *RUN),
    permission="nomination.submit",
)
def submit_nomination(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Put somebody or something forward while the call is open."""
    return app.reading.submitted(arrival, app.nominations.submit(arrival, edition, **body))


@nominations.get(
    "/nominations/<id:nomination>",
    out=NominationOut(),
    as_of=True,
    permission="nomination.read",
)
def get_nomination(app: Application, arrival: Arrival, nomination: str) -> Any:
    """Read a nomination, as far as you may see it."""
    return app.reading.nomination(arrival, nomination)


@nominations.put(
    "/nominations/<id:nomination>",
    body=AmendIn(),
    out=NominationOut(),
    errors=("nominee_kind_mismatch", "already_ruled", *STANDS, *CALL, *RUN),
    permission="nomination.amend",
)
def amend_nomination(
    app: Application, arrival: Arrival, nomination: str, body: dict[str, Any], if_match: IfMatch
) -> Any:
    """Replace what a nomination says, while the call is open."""
    shown, version = app.reading.nomination_to_replace(arrival, nomination)
    if_match.require(shown)
    return app.reading.nomination(arrival, app.nominations.amend(arrival, nomination, version, **body))


@nominations.post(
    "/nominations/<id:nomination>/answer",
    body=AnswerIn(),
    out=NominationOut(),
    status=OK,
    errors=("nominee_not_asked", "nomination_withdrawn", "already_answered", "already_proposed", *RUN),
    permission="nomination.answer",
)
def answer(app: Application, arrival: Arrival, nomination: str, body: dict[str, Any]) -> Any:
    """Accept or decline to stand."""
    if body["answer"] == "accepted":
        app.nominations.accept(arrival, nomination)
    else:
        app.nominations.decline(arrival, nomination, body.get("text"))
    return app.reading.nomination(arrival, nomination)


@nominations.post(
    "/nominations/<id:nomination>/endorse",
    body=EndorseIn(),
    out=NominationOut(),
    status=OK,
    errors=("already_endorsed", "self_nomination", *STANDS, *RUN),
    permission="nomination.endorse",
)
def endorse(app: Application, arrival: Arrival, nomination: str, body: dict[str, Any]) -> Any:
    """Add a signed statement in support."""
    return app.reading.nomination(arrival, app.nominations.endorse(arrival, nomination, **body))


@nominations.post(
    "/nominations/<id:nomination>/withdraw-endorsement",
    body=WithdrawEndorsementIn(),
    out=NominationOut(),
    status=OK,
    errors=("not_endorsed", *STANDS, *RUN),
    permission="nomination.endorse",
)
def withdraw_endorsement(app: Application, arrival: Arrival, nomination: str, body: dict[str, Any]) -> Any:
    """Take a statement in support back."""
    return app.reading.nomination(arrival, app.nominations.withdraw_endorsement(arrival, nomination, **body))


@nominations.post(
    "/nominations/<id:nomination>/rule",
    body=RuleIn(),
    out=NominationOut(),
    status=OK,
    errors=("already_ruled", "consent_missing", "already_proposed", *STANDS, *RUN),
    permission="nomination.rule",
)
def rule(app: Application, arrival: Arrival, nomination: str, body: dict[str, Any]) -> Any:
    """Rule the nomination eligible or ineligible, by a rule and for a reason."""
    return app.reading.nomination(arrival, app.nominations.rule(arrival, nomination, **body))


@nominations.post(
    "/nominations/<id:nomination>/appeal",
    body=AppealRulingIn(),
    out=NominationOut(),
    status=OK,
    errors=(
        *("on_behalf_only", "appeal_open", "already_appealed", "nothing_to_appeal", "already_decided"),
        *(*STANDS, *RUN),
    ),
    permission="nomination.appeal",
)
def appeal_ruling(app: Application, arrival: Arrival, nomination: str, body: dict[str, Any]) -> Any:
    """Contest the ruling that the nomination is ineligible, as its nominator or nominee; once."""
    return app.reading.nomination(arrival, app.appeals.appeal_ruling(arrival, nomination, **body))


@nominations.post(
    "/nominations/<id:nomination>/decide-appeal",
    body=DecideAppealIn(),
    out=NominationOut(),
    status=OK,
    errors=(
        *("no_appeal_open", "own_appeal", "consent_missing", "already_proposed", "closed_to_you"),
        *(*STANDS, *RUN),
    ),
    permission="appeal.decide",
)
def decide_appeal_of_ruling(app: Application, arrival: Arrival, nomination: str, body: dict[str, Any]) -> Any:
    """Uphold an appeal, and the nomination is eligible, or dismiss it; never who ruled or who appealed."""
    return app.reading.nomination(arrival, app.appeals.decide_ruling(arrival, nomination, **body))


@nominations.post(
    "/nominations/<id:nomination>/withdraw",
    body=TextIn(),
    out=NominationOut(),
    status=OK,
    errors=("already_proposed", *STANDS, *ACTING),
    permission="nomination.amend",
)
def withdraw(app: Application, arrival: Arrival, nomination: str, body: dict[str, Any]) -> Any:
    """Take the nomination back."""
    return app.reading.nomination(arrival, app.nominations.withdraw(arrival, nomination, **body))
