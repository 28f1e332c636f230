"""Commands on people and their ways in: accounts, award-wide roles, bearer tokens and links."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from awards.access import AWARD_ROLES, EDITION_ROLES, LINK_ROLES, PANEL_ROLES, Caller
from awards.application.desk import Arrival, Commands, command
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.award import Award
from awards.domain.edition import SEAT_ROLES
from awards.domain.subject import EVERY_AWARD, Subject
from awards.domain.values import instant
from awards.ledger.beside import subject_of
from awards.ledger.tokens import Token, find_token, hash_token, new_token


class PeopleCommands(Commands):
    """Who may come in, and as what."""

    def award(self, named: str) -> str:
        """The id of the award of this id or slug; `*`, for every award, stays."""
        if named == EVERY_AWARD:
            return named
        for stream in (Award.id_of(named), _uuid(named)):
            if stream and isinstance(self.desk.streams.get(stream), Award):
                return str(stream)
        raise no.NotFound(f"There is no award {named}, by its id or its slug.")

    @command("subject.register")
    def register(self, work: Work, name: str, role: str, award: str = EVERY_AWARD, kind: str = "person") -> str:
        """Register somebody with an award-wide role; gives the subject's id."""
        if role not in AWARD_ROLES:
            raise no.UnknownRole
        act = work.act()
        if award != EVERY_AWARD:
            work.award(award)
        who = work.new_subject()
        subject = Subject.register(act, UUID(who), kind, work.seal("name", name, [who], "account"))
        subject.grant(act, role, award)
        return work.begin(subject).key

    @command("subject.grant")
    def grant(self, work: Work, subject: str, role: str, award: str = EVERY_AWARD) -> str:
        """Grant a further award-wide role."""
        if role not in AWARD_ROLES:
            raise no.UnknownRole
        found = _known(work, subject)
        found.grant(work.act(), role, award)
        return subject

    @command("subject.grant")
    def revoke(self, work: Work, subject: str, role: str, award: str = EVERY_AWARD) -> str:
        """Take an award-wide role back; acts on the next request."""
        found = _known(work, subject)
        found.revoke(work.act(), role, award)
        return subject

    def issue_token(
        self, arrival: Arrival, subject: str, role: str, award: str = EVERY_AWARD, expires: datetime | None = None
    ) -> str:
        """A bearer token for an award-wide role; shown once."""
        scope = Token(hash="", kind="subject", subject=subject, role=role, award=award)
        return self._issue(arrival, scope, expires)

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
        elif token.role not in work.edition(token.edition).roles_of(str(token.participant)):
            raise no.RoleNotHeld(f"The participant does not hold the role {token.role} in this edition.")
        work.add_row("tokens", token.row())
        return token.hash

    def issue_link(self, arrival: Arrival, nomination: str, role: str, expires: datetime | None = None) -> str:
        """A link for the nominee, or for a new endorser, of one nomination; shown once."""
        if role not in LINK_ROLES:
            raise no.UnknownRole
        plain, hashed = new_token()
        self._link(arrival, nomination, role, hashed, instant(expires) if expires else None)
        return plain

    @command("token.issue")
    def _link(self, work: Work, nomination: str, role: str, hashed: str, expires: str | None) -> str:
        found = work.nomination(nomination)
        work.act()
        edition = str(found.edition)
        if role == "nominee":
            who = found.nominee["participant"]
            subject = subject_of(self.desk.ledger.rows, who)
        else:
            subject = work.new_subject()
            who = work.newcomer(edition, subject)
        if subject is None:
            raise no.NotFound
        token = Token(
            hash=hashed,
            kind="link",
            subject=subject,
            role=role,
            edition=edition,
            nomination=nomination,
            participant=who,
            expires=expires,
        )
        work.add_row("tokens", token.row())
        return hashed

    def _issue(self, arrival: Arrival, scope: Token, expires: datetime | None) -> str:
        plain, hashed = new_token()
        token = replace(scope, hash=hashed, expires=instant(expires) if expires else None)
        self._admit(arrival, token)
        return plain

    @command("token.issue")
    def revoke_token(self, work: Work, plain: str) -> str:
        """Revoke a bearer token or a link; acts on the next request."""
        work.act()
        hashed = hash_token(plain)
        touched = self.desk.ledger.write(
            ("UPDATE tokens SET revoked = ? WHERE hash = ? AND revoked IS NULL", (instant(work.at), hashed))
        )
        if not touched:
            raise no.NotFound("There is no such token, or it was revoked before.")
        return hashed

    def caller(self, plain: str, at: datetime) -> Caller | None:
        """Who a bearer token stands for; None when it is mistyped, unknown, expired or revoked."""
        token = find_token(self.desk.ledger.rows, plain, at)
        if token is None:
            return None
        return Caller(
            token.kind,
            token.role,
            token.subject,
            token.award,
            token.edition,
            token.nomination,
            token.participant,
        )


def _known(work: Work, subject: str) -> Subject:
    try:
        return work.subject(subject)
    except no.NotFound:
        raise no.NotFound(f"There is no subject {subject}.") from None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
