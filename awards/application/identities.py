"""Signing in by an identity elsewhere: who somebody is at an OpenID provider, by issuer and sub, and by nothing else.

An identity belongs to somebody because she redeemed a one-time code with it (`accounts.accept_identity`); an e-mail
address that a provider tells is no proof and is not asked for. Whoever asks learns the same of an identity that nobody
attached and of an account that has ended.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from awards.application.accounts import AccountCommands
from awards.application.desk import Desk
from awards.application.holding import is_active
from awards.domain.refusals import Refusal
from awards.domain.values import instant

LIFE = timedelta(minutes=10)
"""How long a question to a provider may wait for its answer."""

_SPEND = "INSERT INTO spent (hash, time) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING"
_FORGET = "DELETE FROM spent WHERE hash LIKE 'question:%' AND time <= ?"


class NotAttached(Exception):
    """The identity is somebody else's already, or the code reaches less far than the account; `code` says which."""

    def __init__(self, refusal: Refusal) -> None:
        self.code = refusal.code


class IdentityCommands:
    """The way in through a provider."""

    def __init__(self, desk: Desk, accounts: AccountCommands) -> None:
        self._desk = desk
        self._accounts = accounts

    def answer_once(self, state: str, at: datetime) -> bool:
        """Take the answer to a question, by its state: of all who bring it, one does, once and for all processes."""
        hashed = "question:" + hashlib.sha256(state.encode()).hexdigest()
        # Twice its life, so that it cannot be forgotten here while a clock elsewhere still accepts it.
        self._desk.ledger.write((_FORGET, [instant(at - 2 * LIFE)]))
        return self._desk.ledger.write((_SPEND, [hashed, instant(at)])) == 1

    def sign_in(self, issuer: str, sub: str, at: datetime) -> tuple[str, str] | None:
        """Subject and new session of whom the identity was attached to; None when it is nobody who may come in."""
        subject = self._accounts.subject_by_identity(issuer, sub)
        if subject is None or not is_active(self._desk, subject):
            return None
        return subject, self._accounts.start_session(subject, at)

    def accept(self, code: str, issuer: str, sub: str, at: datetime) -> tuple[str, str] | None:
        """Attach the identity to whom a one-time code was issued to; subject and new session, None for no such code.

        Raises `NotAttached`, and then the code can still be used.
        """
        try:
            session = self._accounts.accept_identity(code, at, issuer, sub, sub)
        except Refusal as refusal:
            raise NotAttached(refusal) from None
        subject = self._accounts.subject_by_identity(issuer, sub) if session else None
        return (subject, session) if subject and session else None

    def sign_out(self, session: str, at: datetime) -> None:
        """End the session that a new one takes the place of, if there is one."""
        if session:
            self._accounts.sign_out(session, at)
