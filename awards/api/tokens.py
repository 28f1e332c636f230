"""Tokens for programs: a one-time code becomes one; one's own are listed and revoked.

With a token nobody can make another. Further ones are issued on the page of one's account, for what one holds.
"""

from __future__ import annotations

from typing import Any

from awards.api.answers import Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.schemas.people import RedeemedOut, RedeemIn, TokenOut

tokens = Operations("Tokens", "Bearer tokens, each for one role in one award, edition or nomination.")


@tokens.post(
    "/tokens",
    body=RedeemIn(),
    out=RedeemedOut(),
    errors=("code_not_valid", "code_without_role", "role_not_held", "shown_before"),
    permission="code.redeem",
    limit="token",
    by_code=True,
)
def redeem_code(app: Application, arrival: Arrival, body: dict[str, Any]) -> Any:
    """Exchange a one-time code for a bearer token, which is shown this once and lives for 90 days."""
    return app.invitations.redeem(arrival, **body)


@tokens.get("/tokens", out=TokenOut(), paged=True, permission="token.list")
def list_tokens(app: Application, arrival: Arrival, page: Page) -> Any:
    """List your own tokens for the role and within the scope of the one you send."""
    found = app.people.tokens(arrival)
    start = page.after or 0
    end = start + page.limit
    return Paged(found[start:end], end if end < len(found) else None)


@tokens.delete("/tokens/<id:token>", permission="token.revoke")
def revoke_token(app: Application, arrival: Arrival, token: str) -> Any:
    """Revoke a token of your own that `GET /tokens` lists; it acts on the next request."""
    app.people.revoke_own(arrival, token)
