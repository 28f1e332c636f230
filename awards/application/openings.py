"""Opening an account by a one-time code, with a login and a password or with an identity elsewhere.

One transaction spends the code, makes the person known to the log if she was only a participant so far, writes the
account, ends its other sessions and begins one.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from uuid import UUID

from awards.access import OPERATOR, SELF, Caller
from awards.application import passwords
from awards.application.desk import Arrival, Commands, Desk, command
from awards.application.holding import valid_code, within
from awards.application.tokens import issued
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.edition import Edition
from awards.domain.subject import EVERY_AWARD, Subject
from awards.domain.values import Act, instant
from awards.ledger import accounts as rows
from awards.ledger.accounts import AccountRow
from awards.ledger.beside import Query
from awards.ledger.recorders import Alongside
from awards.ledger.sealed import from_table, open_all
from awards.ledger.tokens import Token, spent_row

SHORTEST, LONGEST = 3, 200
"""Characters of a login."""


class OpeningCommands(Commands):
    """How an account comes about."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._secret = desk.keys.secret("login")

    def new_code(self, subject: str, at: datetime, expires: datetime) -> str:
        """A one-time code for the account of a subject, issued by the service itself when it writes to her."""
        plain, code = issued(Token(hash="", kind="invitation", subject=subject, reach=EVERY_AWARD), at, expires)
        self.desk.ledger.append([], Alongside(rows=[("tokens", [code.row()])]))
        return plain

    def accept(self, code: str, at: datetime, login: str, password: str) -> str | None:
        """Redeem a code for the account of its subject, with this login and password; gives a session.

        None when the code is not valid. An account that exists gets the new login and password, if the code's issuer
        reached as far as the account does; an empty login keeps the one there is.
        """
        try:
            found = self._for_account(code, at)
            login = self._usable(login, found.subject)
            passwords.check(password, login)
            plain, hashed = rows.new_session()
            arrival = Arrival(Caller("code", SELF, found.subject), at)
            self._accept(arrival, code, login, passwords.make(password), hashed)
        except no.CodeNotValid:
            return None
        return plain

    @command("code.redeem")
    def _accept(self, work: Work, code: str, login: str, password: str, session: str) -> str:
        found = self._for_account(code, work.at)
        subject, act = found.subject, work.act()
        known = rows.account_of(self._query, subject)
        key = rows.login_key(self._secret, login)
        other = rows.account_by_login(self._query, key)
        if other and other.subject != subject:
            raise no.LoginTaken
        self._make_known(work, act, subject, login)
        sealed = work.seal("login", login, [subject], "account")
        created = known.created if known else instant(work.at)
        work.change(rows.put_account(AccountRow(subject, key, password, sealed, created)))
        if known and known.login:
            work.change(rows.drop_sealed(known.login))
        work.change(rows.end_sessions_unless(subject, password, session))
        work.add_row("sessions", rows.session_row(session, subject, work.at))
        work.add_row("spent", spent_row(found, work.at))
        return subject

    def accept_identity(self, code: str, at: datetime, issuer: str, sub: str, name: str) -> str | None:
        """Redeem a code for the account of its subject by an identity elsewhere; gives a session, or None."""
        try:
            found = self._for_account(code, at)
            plain, hashed = rows.new_session()
            arrival = Arrival(Caller("code", SELF, found.subject), at)
            self._accept_identity(arrival, code, issuer, sub, name, hashed)
        except no.CodeNotValid:
            return None
        return plain

    @command("code.redeem")
    def _accept_identity(self, work: Work, code: str, issuer: str, sub: str, name: str, session: str) -> str:
        found = self._for_account(code, work.at)
        subject, act = found.subject, work.act()
        self._make_known(work, act, subject, name)
        taken = rows.subject_by_identity(self._query, issuer, sub)
        if taken not in (None, subject):
            raise no.IdentityTaken
        if taken is None:
            work.add_row("identities", {"issuer": issuer, "sub": sub, "subject": subject})
        if rows.account_of(self._query, subject) is None:
            work.add_row("accounts", AccountRow(subject, None, None, None, instant(work.at)).row())
        work.add_row("sessions", rows.session_row(session, subject, work.at))
        work.add_row("spent", spent_row(found, work.at))
        return subject

    def _for_account(self, code: str, at: datetime) -> Token:
        found = valid_code(self.desk, code, at)
        if not within(self.desk, found.reach, found.edition, found.subject):
            raise no.BeyondReach
        return found

    def _make_known(self, work: Work, act: Act, subject: str, otherwise: str) -> None:
        """Begin the stream of somebody who was only a participant, under the name she has in her edition."""
        found = work.find(Subject, UUID(subject))
        if found is None or not found.known:
            name = work.seal("name", self._name_in_edition(subject) or otherwise, [subject], "account")
            begun = Subject.register(act, UUID(subject), "person", name, found)
            if found is None:
                work.begin(begun)

    def _name_in_edition(self, subject: str) -> str | None:
        for row in self._query("SELECT edition, participant FROM participants WHERE subject = ?", [subject]):
            for event in self.desk.ledger.events_of(UUID(row["edition"])):
                named = isinstance(event, Edition.RoleEntered | Edition.PanelMemberAppointed) and event.name
                if named and event.participant == row["participant"]:  # type: ignore[attr-defined]
                    opened = open_all(from_table(self._query), [named], self.desk.keys)[named["sd"]]
                    return opened if isinstance(opened, str) else None
        return None

    def reserve(self, subject: str, login: str, at: datetime) -> None:
        """Give somebody a login before she has a password; a one-time code lets her choose one."""
        self._reserve(Arrival(OPERATOR, at), subject, self._usable(login, subject))

    def require_free(self, login: str) -> None:
        """Refuse a login that cannot be one, or that an account has."""
        if rows.account_by_login(self._query, rows.login_key(self._secret, self._usable(login))):
            raise no.LoginTaken

    @command("person.invite")
    def _reserve(self, work: Work, subject: str, login: str) -> str:
        work.act()
        work.subject(subject)
        key = rows.login_key(self._secret, login)
        if rows.account_by_login(self._query, key) or rows.account_of(self._query, subject):
            raise no.LoginTaken
        sealed = work.seal("login", login, [subject], "account")
        work.add_row("accounts", AccountRow(subject, key, None, sealed, instant(work.at)).row())
        return subject

    def _usable(self, login: str, subject: str = "") -> str:
        """The login as it is kept, or the one there is; refused when it cannot be one."""
        login = unicodedata.normalize("NFC", login).strip()
        if not login and (known := rows.account_of(self._query, subject)):
            login = self._login_of(known) or ""
        if not SHORTEST <= len(login) <= LONGEST or not login.isprintable():
            raise no.LoginNotUsable
        return login

    def _login_of(self, account: AccountRow) -> str | None:
        if account.login is None:
            return None
        opened = open_all(from_table(self._query), [account.login], self.desk.keys)[account.login["sd"]]
        return opened if isinstance(opened, str) else None

    @property
    def _query(self) -> Query:
        return self.desk.ledger.rows
