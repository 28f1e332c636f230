"""Commands on bearer tokens: issuing, listing, revoking, and telling who a token stands for.

A token stands for one role in one award or edition, and gives nothing once the role is no longer held or the account is
ended: both are looked up on every request. With a token nobody can make another; that takes a sign-in or the operator.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from awards.access import EDITION_ROLES, LINK_ROLES, PANEL_ROLES, Caller
from awards.application.desk import Arrival, Commands, command
from awards.application.holding import is_active
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.duties import SEAT_ROLES
from awards.domain.edition import Edition
from awards.domain.subject import EVERY_AWARD
from awards.domain.values import Act, instant
from awards.ledger.beside import participant_of, subject_of
from awards.ledger.tokens import (
    LONGEST_TOKEN_LIFE,
    TOKEN_LIFE,
    Token,
    ended,
    ends_with_its_code,
    find_any,
    find_token,
    hash_token,
    is_spent,
    new_token,
    redeemed_by,
    token_by_id,
    tokens_of,
)

View = dict[str, Any]


class TokenCommands(Commands):
    """Ways in for programs."""

    # By the operator.

    def issue_token(
        self, arrival: Arrival, subject: str, role: str, award: str = EVERY_AWARD, expires: datetime | None = None
    ) -> str:
        """A bearer token for an award-wide role, for 90 days unless told otherwise; shown once."""
        return self._issue(arrival, Token(hash="", kind="subject", subject=subject, role=role, award=award), expires)

    def issue_edition_token(
        self, arrival: Arrival, edition: str, participant: str, role: str, expires: datetime | None = None
    ) -> str:
        """A bearer token for a role held in one edition, or for a seat there; good while an event holds the role."""
        role = SEAT_ROLES.get(role, role)
        if role not in EDITION_ROLES + PANEL_ROLES:
            raise no.UnknownRole
        subject = subject_of(self.desk.ledger.rows, participant)
        if subject is None:
            raise no.NotFound(f"There is no participant {participant}.")
        scope = Token(hash="", kind="subject", subject=subject, role=role, edition=edition, participant=participant)
        return self._issue(arrival, scope, expires)

    @command("token.issue")
    def _admit(self, work: Work, token: Token) -> str:
        work.act()
        if token.edition is None:
            work.subject(token.subject)
        else:
            require_role(work.edition(token.edition), token)
        work.add_row("tokens", token.row())
        return str(token.id)

    def issue_link(self, arrival: Arrival, nomination: str, role: str, expires: datetime | None = None) -> str:
        """A link for the nominee, or for a new endorser, of one nomination; shown once."""
        plain, token = issued(Token(hash="", kind="link", subject="", role=role), arrival.at, expires)
        self._link(arrival, nomination, token)
        return plain

    @command("token.issue")
    def _link(self, work: Work, nomination: str, token: Token) -> str:
        work.nomination(nomination)
        work.act()
        work.add_row("tokens", for_nomination(work, nomination, token).row())
        return str(token.id)

    def _issue(self, arrival: Arrival, scope: Token, expires: datetime | None) -> str:
        plain, token = issued(scope, arrival.at, expires)
        self._admit(arrival, token)
        return plain

    @command("token.issue")
    def revoke_token(self, work: Work, plain: str) -> str:
        """Revoke a bearer token, a link or a one-time code; acts on the next request."""
        work.act()
        hashed = hash_token(plain)
        found = self.desk.ledger.rows("SELECT * FROM tokens WHERE hash = ? AND revoked IS NULL", [hashed])
        if not found or is_spent(self.desk.ledger.rows, Token(**found[0])):
            raise no.NotFound("There is no such token, or it was revoked before.")
        for statement in ended(Token(**found[0]), work.at):
            work.change(statement)
        return hashed

    # One's own.

    def issue_own(self, arrival: Arrival, scope: Token, expires: datetime | None = None) -> str:
        """A bearer token for what the signed-in subject holds, as `Held.token` says it; shown once."""
        subject = str(arrival.caller.subject)
        plain, token = issued(replace(scope, subject=subject), arrival.at, expires)
        if self._issue_own(arrival, token) != token.id:
            raise no.ShownBefore
        return plain

    @command("token.own")
    def _issue_own(self, work: Work, token: Token) -> str:
        work.act()
        if token.nomination:
            codes = {(each.nomination, each.role, each.participant): each for each in self._redeemed(token.subject)}
            code = codes.get((token.nomination, token.role, token.participant))
            if code is None:
                raise no.RoleNotHeld
            work.change(ends_with_its_code(token, code))
        elif token.edition:
            if participant_of(self.desk.ledger.rows, token.edition, token.subject) != token.participant:
                raise no.RoleNotHeld
            require_role(work.edition(token.edition), token)
        elif (token.role, token.award) not in work.subject(token.subject).grants:
            raise no.RoleNotHeld
        work.add_row("tokens", token.row())
        return str(token.id)

    def _redeemed(self, subject: str) -> list[Token]:
        return redeemed_by(self.desk.ledger.rows, subject)

    @command("token.list")
    def _may_list(self, work: Work) -> str:
        stand(work)
        return ""

    def tokens(self, arrival: Arrival) -> list[View]:
        """One's own tokens that can be used: of somebody signed in all, of a token those of its role and scope."""
        self._may_list(replace(arrival, once=None))
        mine = tokens_of(self.desk.ledger.rows, str(arrival.caller.subject), arrival.at)
        return [token_view(token) for token in mine if self._within(arrival.caller, token)]

    @command("token.revoke")
    def revoke_own(self, work: Work, id: str) -> str:
        """Revoke a token of one's own; acts on the next request."""
        stand(work)
        token = token_by_id(self.desk.ledger.rows, id)
        if token is None or token.kind == "invitation" or not token.lives(work.at):
            raise no.NotFound
        if token.subject != work.caller.subject or not self._within(work.caller, token):
            raise no.NotFound
        for statement in ended(token, work.at):
            work.change(statement)
        return id

    def _within(self, caller: Caller, token: Token) -> bool:
        """Whether a caller reaches as far as a token of the same subject."""
        if caller.kind == "account":
            return True
        if (caller.kind, caller.role) != (token.kind, token.role):
            return False
        if caller.edition:
            return (caller.edition, caller.nomination) == (token.edition, token.nomination)
        if caller.award in (None, EVERY_AWARD, token.award):
            return True
        edition = self.desk.streams.get(UUID(token.edition)) if token.edition else None
        return isinstance(edition, Edition) and edition.of_award == caller.award

    # Who calls.

    def caller(self, plain: str, at: datetime) -> Caller | None:
        """Who a bearer token stands for; None when it is mistyped, unknown, expired, revoked, or the account ended."""
        token = find_token(self.desk.ledger.rows, plain, at)
        if token is None or not is_active(self.desk, token.subject):
            return None
        return _caller(token.kind, token)

    def former_caller(self, plain: str, at: datetime) -> Caller | None:
        """Whose token it was that is good no longer, for those who watch: its kind says why."""
        token = find_any(self.desk.ledger.rows, plain)
        if token is None:
            return None
        spent = "code" if token.kind == "invitation" else "ended"
        return _caller("revoked" if token.revoked else spent if token.lives(at) else "expired", token)


def _caller(kind: str, token: Token) -> Caller:
    return Caller(kind, token.role, token.subject, token.award, token.edition, token.nomination, token.participant)


def issued(scope: Token, at: datetime, expires: datetime | None = None) -> tuple[str, Token]:
    """A new token for a scope: its text, and what is kept of it."""
    ends = expires or at + TOKEN_LIFE
    if ends > at + LONGEST_TOKEN_LIFE:
        raise no.LifeTooLong
    plain, hashed = new_token()
    return plain, replace(scope, hash=hashed, issued=instant(at), expires=instant(ends))


def require_role(edition: Edition, token: Token) -> None:
    """Refuse a token for a role that its participant does not hold in the edition."""
    if token.role not in edition.roles_of(str(token.participant)):
        raise no.RoleNotHeld(f"The participant does not hold the role {token.role} in this edition.")


def for_nomination(work: Work, nomination: str, token: Token) -> Token:
    """The token with its scope: the nominee's, or that of a new endorser."""
    if token.role not in LINK_ROLES:
        raise no.UnknownRole
    found = work.nomination(nomination)
    edition = str(found.edition)
    if token.role == "nominee":
        who = found.nominee["participant"]
        work.edition(edition).require_not_erased(who)
        subject = work.subject_of(who)
    else:
        subject = work.new_subject()
        who = work.newcomer(edition, subject)
    if subject is None:
        raise no.NotFound
    return replace(token, subject=subject, edition=edition, nomination=nomination, participant=who)


def stand(work: Work) -> Act:
    """Check the permission where the caller's own token, or session, stands."""
    caller = work.caller
    edition = work.edition(caller.edition) if caller.edition else None
    nomination = work.nomination(caller.nomination) if caller.nomination else None
    return work.act(award=None if caller.award == EVERY_AWARD else caller.award, edition=edition, nomination=nomination)


def token_view(token: Token) -> View:
    """What is told of a token; never the token."""
    told = {name: getattr(token, name) for name in ("id", "label", "role", "issued", "expires")}
    return {name: value for name, value in {**told, "scope": scope_of(token)}.items() if value is not None}


def scope_of(token: Token) -> View:
    """How far a token reaches: one of award (an id, or `*`), edition, or nomination in its edition."""
    parts = {"award": token.award, "edition": token.edition, "nomination": token.nomination}
    return {name: value for name, value in parts.items() if value is not None}
