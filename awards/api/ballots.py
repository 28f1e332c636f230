"""Ballots: questions put to the panel, votes, counts."""

from __future__ import annotations

from typing import Any

from awards.api.answers import Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.api.refused import ELIGIBLE, RUN
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.ballots import BallotOut, OpenBallotIn, VoteIn

ballots = Operations("Ballots", "Questions put to the panel, open or secret, and the votes on a tie.")


@ballots.get("/editions/<id:edition>/ballots", out=BallotOut(), paged=True, permission="ballot.read")
def list_ballots(app: Application, arrival: Arrival, edition: str, page: Page) -> Any:
    """List the ballots of an edition as they were opened, as far as you may see them."""
    return Paged(*app.reading.ballots(arrival, edition, page.after, page.limit))


@ballots.post(
    "/editions/<id:edition>/ballots",
    body=OpenBallotIn(),
    out=BallotOut(),
    location="/ballots/{id}",
    errors=(
        *("unknown_category", "unknown_stage", "unknown_method", "closed_to_you", "invalid_options"),
        *("nobody_to_vote", "quorum_out_of_reach", "reviewing_not_closed", "no_open_tie", "ballot_still_open"),
        *("already_proposed", "already_decided", "invalid_rules", "too_many_options", *ELIGIBLE, *RUN),
    ),
    permission="ballot.run",
)
def open_ballot(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Put a question to the panel; who may vote is settled now."""
    return app.reading.ballot(arrival, app.ballots.open(arrival, edition, **body))


@ballots.get("/ballots/<id:ballot>", out=BallotOut(), permission="ballot.read")
def get_ballot(app: Application, arrival: Arrival, ballot: str) -> Any:
    """Read a ballot."""
    return app.reading.ballot(arrival, ballot)


@ballots.post(
    "/ballots/<id:ballot>/vote",
    body=VoteIn(),
    out=BallotOut(),
    status=OK,
    errors=("ballot_closed", "not_a_voter", "not_on_panel", "invalid_vote", *RUN),
    permission="ballot.vote",
)
def vote(app: Application, arrival: Arrival, ballot: str, body: dict[str, Any]) -> Any:
    """Vote, or vote anew: the last vote before the close counts."""
    return app.reading.ballot(arrival, app.ballots.vote(arrival, ballot, **body))


@ballots.post(
    "/ballots/<id:ballot>/close",
    out=BallotOut(),
    status=OK,
    errors=("ballot_closed", "closed_to_you", *RUN),
    permission="ballot.run",
)
def close_ballot(app: Application, arrival: Arrival, ballot: str) -> Any:
    """End the ballot and count."""
    return app.reading.ballot(arrival, app.ballots.close(arrival, ballot))
