"""Accounts: signing in and out, sessions, passwords, and identities at OpenID providers.

Whoever asks learns the same, after the same effort, of an unknown login, a wrong password and an ended account. A
session is a random id that only the client has; it ends here, by signing out, by a new password, by the end of the
account, after twelve hours, or after one hour without use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from awards.access import SELF, Caller
from awards.application import passwords
from awards.application.desk import Desk
from awards.application.holding import is_active
from awards.application.openings import OpeningCommands
from awards.domain import refusals as no
from awards.domain.refusals import Refusal
from awards.ledger import accounts as rows
from awards.ledger.recorders import Alongside, Duplicate

__all__ = ["Account", "AccountCommands", "Refusal"]

SWEEP = timedelta(hours=1)
"""How often a process drops the sessions that are over."""


@dataclass(frozen=True)
class Account:
    """Who is signed in; `login`: None for somebody who only signs in elsewhere."""

    subject: str
    login: str | None
    created: str

    @property
    def caller(self) -> Caller:
        """Who acts when she keeps her own account."""
        return Caller("account", SELF, self.subject)


class AccountCommands(OpeningCommands):
    """One's own account."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._sweep_after: datetime | None = None

    # Signing in and out.

    def sign_in(self, login: str, password: str, at: datetime) -> str | None:
        """A new session, or None: whether the login, the password or the account is at fault is not told."""
        for _ in range(2):  # again when another sign-in has just renewed the hash
            found = rows.account_by_login(self._query, rows.login_key(self._secret, login))
            stored = found.password if found else None
            if not passwords.matches(stored, password) or found is None or stored is None:
                return None
            if not is_active(self.desk, found.subject):
                return None
            kept = passwords.make(password) if passwords.outdated(stored) else stored
            if session := self._begin_under(found.subject, stored, kept, at):
                return session
        return None

    def _begin_under(self, subject: str, old: str, kept: str, at: datetime) -> str | None:
        """Begin a session, unless the password is no longer the one that was checked."""
        plain, hashed = rows.new_session()
        touched = self.desk.ledger.write(
            rows.set_password(subject, old, kept), rows.session_under(hashed, subject, kept, at)
        )
        self._sweep(at)
        return plain if touched == 2 else None

    def start_session(self, subject: str, at: datetime) -> str:
        """A new session of somebody who proved elsewhere who she is."""
        plain, hashed = rows.new_session()
        self.desk.ledger.append([], Alongside(rows=[("sessions", [rows.session_row(hashed, subject, at)])]))
        self._sweep(at)
        return plain

    def signed_in(self, session: str, at: datetime) -> Account | None:
        """Whose session it is; None when it is unknown or over, or the account was ended."""
        hashed = rows.hash_session(session)
        found = rows.find_session(self._query, hashed, at)
        if found is None or not is_active(self.desk, found["subject"]):
            return None
        account = rows.account_of(self._query, found["subject"])
        if account is None:
            return None
        if rows.is_stale(found, at):
            self.desk.ledger.write(rows.touch(hashed, at))
        return Account(account.subject, self._login_of(account), account.created)

    def sign_out(self, session: str, at: datetime) -> None:
        """End one session."""
        self.desk.ledger.write(rows.end_session(rows.hash_session(session)))

    def sign_out_everywhere(self, subject: str, at: datetime) -> None:
        """End every session of somebody."""
        self.desk.ledger.write(rows.end_sessions(subject))

    def change_password(self, subject: str, old: str, new: str, at: datetime) -> str | None:
        """Replace the password, which ends every session; gives a new one, None when the old password is wrong."""
        account = rows.account_of(self._query, subject)
        stored = account.password if account else None
        if not passwords.matches(stored, old) or account is None or stored is None:
            return None
        passwords.check(new, self._login_of(account) or "")
        kept = passwords.make(new)
        plain, hashed = rows.new_session()
        self.desk.ledger.write(
            rows.set_password(subject, stored, kept),
            rows.session_under(hashed, subject, kept, at),
            rows.end_sessions_unless(subject, kept, hashed),
        )
        return plain if rows.find_session(self._query, hashed, at) else None

    # Identities at OpenID providers.

    def subject_by_identity(self, issuer: str, sub: str) -> str | None:
        """The subject that an identity was attached to."""
        return rows.subject_by_identity(self._query, issuer, sub)

    def attach_identity(self, subject: str, issuer: str, sub: str, at: datetime) -> None:
        """Let somebody sign in by an identity elsewhere, too; one identity belongs to one subject."""
        try:
            row = {"issuer": issuer, "sub": sub, "subject": subject}
            self.desk.ledger.append([], Alongside(rows=[("identities", [row])]))
        except Duplicate:
            if self.subject_by_identity(issuer, sub) != subject:
                raise no.IdentityTaken from None

    def _sweep(self, at: datetime) -> None:
        if self._sweep_after is None or at >= self._sweep_after:
            self._sweep_after = at + SWEEP
            self.desk.ledger.write(rows.forget_sessions(at))
