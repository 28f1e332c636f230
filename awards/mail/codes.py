"""Who needs an invitation, and the one-time code that goes into it."""

from __future__ import annotations

from datetime import datetime

from awards.application.application import Application
from awards.ledger.accounts import account_of, identities_of


class Codes:
    """Asks the accounts."""

    def __init__(self, application: Application) -> None:
        self._accounts = application.accounts
        self._query = application.desk.ledger.rows

    def has_account(self, subject: str) -> bool:
        """Whether somebody can sign in already."""
        return account_of(self._query, subject) is not None or bool(identities_of(self._query, subject))

    def new_code(self, subject: str, at: datetime, expires: datetime) -> str:
        """A one-time code with which the subject makes an account."""
        return self._accounts.new_code(subject, at, expires)
