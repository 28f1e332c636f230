"""What lies beside the log about one person: her account, how she is written to, her tokens, her organisations.

Never what would let anybody in: no password, not even its hash, no token, no session.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from awards.application.desk import Desk
from awards.application.tokens import token_view
from awards.ledger.accounts import account_of, identities_of
from awards.ledger.affiliations import organisations_of
from awards.ledger.contacts import contact_of
from awards.ledger.sealed import ERASED, from_table, open_all
from awards.ledger.tokens import Token, tokens_of

View = dict[str, Any]


def beside(desk: Desk, subject: str, at: datetime) -> View:
    """Everything that lies beside the log about a subject; what there is none of is left out."""
    rows = desk.ledger.rows
    found = {
        "account": _account(desk, subject),
        "contact": _contact(desk, subject),
        "organisations": organisations_of(rows, subject, desk.keys),
        "tokens": [_token(token) for token in tokens_of(rows, subject, at)],
        "sessions": rows("SELECT created, used, expires FROM sessions WHERE subject = ? ORDER BY created", [subject]),
        "mail": rows("SELECT kind, due, state, sent FROM outbox WHERE recipient = ? ORDER BY due, cause", [subject]),
    }
    return {name: value for name, value in found.items() if value}


def _token(token: Token) -> View:
    """A token, without the nomination that a link is for: that is somebody else's case, unless she is put forward."""
    view = token_view(token)
    return view | {"scope": {name: where for name, where in view["scope"].items() if name != "nomination"}}


def _account(desk: Desk, subject: str) -> View | None:
    found = account_of(desk.ledger.rows, subject)
    if found is None:
        return None
    login = None
    if found.login:
        opened = open_all(from_table(desk.ledger.rows), [found.login], desk.keys)[found.login["sd"]]
        login = "erased" if opened is ERASED else opened
    told = {
        "created": found.created,
        "login": login,
        "password": found.password is not None,
        "identities": [dict(one) for one in identities_of(desk.ledger.rows, subject)],
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def _contact(desk: Desk, subject: str) -> View | None:
    found = contact_of(desk.ledger.rows, desk.keys, subject)
    if found is None:
        return None
    told = {"email": found.email, "language": found.language, "wants": list(found.wants)}
    return {name: value for name, value in told.items() if value is not None}
