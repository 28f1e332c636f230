"""One-time codes for invitations, and who needs none because there is an account."""

from __future__ import annotations

from datetime import datetime

from awards.domain.values import instant
from awards.ledger.accounts import account_of, identities_of
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside
from awards.ledger.tokens import Token, new_token


class Codes:
    """Asks the accounts beside the log, and adds codes to the tokens there."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def has_account(self, subject: str) -> bool:
        """Whether somebody can sign in already."""
        query = self._ledger.rows
        return account_of(query, subject) is not None or bool(identities_of(query, subject))

    def new_code(self, subject: str, at: datetime, expires: datetime) -> str:
        """A one-time code with which the subject makes an account; kept as its hash only."""
        plain, hashed = new_token()
        token = Token(hash=hashed, kind="invitation", subject=subject, expires=instant(expires), issued=instant(at))
        self._ledger.append([], Alongside(rows=[("tokens", [token.row()])]))
        return plain
