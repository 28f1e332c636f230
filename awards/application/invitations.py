"""Commands on invitations: one-time codes, and what they are exchanged for.

A code is for a subject that exists: redeemed on a page it opens that subject's account, redeemed through the API it
becomes a bearer token for the one role it names (or, for a nomination, the link). It is shown once, lives for fourteen
days and is spent once, by whoever comes first; an exchange and its spending are one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from awards.access import AWARD_ROLES, SELF, Caller
from awards.application.desk import Arrival, Commands, command
from awards.application.holding import is_active, scopes_of, valid_code, within
from awards.application.people import known, one_award, require_another
from awards.application.tokens import for_nomination, issued, require_role, scope_of
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.subject import EVERY_AWARD
from awards.domain.values import instant
from awards.ledger.contacts import put_contact
from awards.ledger.sealed import AboutErased
from awards.ledger.tokens import CODE_LIFE, Token, ended, is_spent, link_ended, token_by_id


@dataclass(frozen=True)
class Invitation:
    """A one-time code, shown once; `id` is what it is taken back by."""

    id: str
    code: str
    expires: str


@dataclass(frozen=True)
class Redeemed:
    """The token that a code was exchanged for, shown once."""

    id: str
    token: str
    role: str
    scope: dict[str, Any]
    expires: str


class InvitationCommands(Commands):
    """Letting people in."""

    def to_edition(
        self,
        arrival: Arrival,
        edition: str,
        participant: str,
        role: str | None = None,
        email: str | None = None,
        language: str | None = None,
    ) -> Invitation:
        """Invite a participant; with a role, which must be held, the code can be exchanged for a token for it."""
        scope = Token(hash="", kind="invitation", subject="", role=role, edition=edition, participant=participant)
        return self._invite(arrival, scope, email, language)

    def to_nomination(
        self, arrival: Arrival, nomination: str, role: str, email: str | None = None, language: str | None = None
    ) -> Invitation:
        """Invite the nominee, or a new endorser, of a nomination; the code becomes the link."""
        scope = Token(hash="", kind="invitation", subject="", role=role, nomination=nomination)
        return self._invite(arrival, scope, email, language)

    def of_subject(
        self,
        arrival: Arrival,
        subject: str,
        role: str | None = None,
        award: str = EVERY_AWARD,
        email: str | None = None,
        language: str | None = None,
    ) -> Invitation:
        """Invite somebody with award-wide roles, or let her choose a new password."""
        scope = Token(hash="", kind="invitation", subject=subject, role=role, award=award if role else None)
        return self._invite(arrival, scope, email, language)

    def _invite(self, arrival: Arrival, scope: Token, email: str | None, language: str | None) -> Invitation:
        plain, code = issued(scope, arrival.at, arrival.at + CODE_LIFE)
        id = self._record(arrival, code, bool(email))
        if id != code.id:
            raise no.ShownBefore
        kept = token_by_id(self.desk.ledger.rows, id)
        if email and kept:
            try:
                put_contact(self.desk.ledger, self.desk.keys, kept.subject, email, language)
            except AboutErased:
                raise no.PersonErased from None
        return Invitation(id, plain, str(code.expires))

    @command("person.invite")
    def _record(self, work: Work, code: Token, writes_to: bool) -> str:
        """Record a code as it was asked for, completed by whom it is for and how far its issuer reaches."""
        if code.nomination:
            code = for_nomination(work, code.nomination, code)
            edition = work.edition(str(code.edition))
            work.act(edition=edition, nomination=work.nomination(str(code.nomination)))
            if code.role == "nominee" and edition.rules and edition.rules["consent"] == "not_told":
                raise no.NotAsked
        elif code.edition:
            code = self._for_participant(work, code)
        else:
            code = self._for_subject(work, code)
        require_another(work, code.subject)
        if not is_active(self.desk, code.subject):
            raise no.SubjectDeactivated
        code = replace(code, reach=self._reach(work, code))
        beyond = not within(self.desk, code.reach, code.edition, code.subject)
        if beyond and (writes_to or code.edition is None):
            raise no.BeyondReach
        work.add_row("tokens", code.row())
        return str(code.id)

    def _for_participant(self, work: Work, code: Token) -> Token:
        edition = work.edition(str(code.edition))
        work.act(edition=edition)
        participant = work.require_participant(edition.key, str(code.participant))
        if code.role:
            require_role(edition, code)
        subject = work.subject_of(participant)
        if subject is None:
            raise no.NotFound
        return replace(code, subject=subject)

    def _for_subject(self, work: Work, code: Token) -> Token:
        own = None if work.allowed(None) else work.caller.award
        work.act(award=one_award(own or EVERY_AWARD))
        found = known(work, code.subject)
        if own and not scopes_of(self.desk, code.subject):
            raise no.NotFound
        if code.role and code.role not in AWARD_ROLES:
            raise no.UnknownRole
        if code.role and (code.role, code.award) not in found.grants:
            where = "all awards" if code.award == EVERY_AWARD else "this award"
            raise no.RoleNotHeld(f"The role {code.role} is not held for {where}; say in `award` for which it is.")
        return code

    def _reach(self, work: Work, code: Token) -> str | None:
        if work.allowed(None):
            return EVERY_AWARD
        award = work.edition(code.edition).of_award if code.edition else str(work.caller.award)
        return award if work.allowed(award) else None

    @command("person.invite")
    def take_back(self, work: Work, id: str) -> str:
        """Take an invitation back, as long as it was not redeemed; to a nomination also later, with its links."""
        code = token_by_id(self.desk.ledger.rows, id)
        if code is None or code.kind != "invitation" or code.revoked:
            raise no.NotFound
        redeemed = is_spent(self.desk.ledger.rows, code)
        if code.edition:
            work.act(edition=work.edition(code.edition))
        else:
            work.act(award=None if work.allowed(None) else one_award(str(work.caller.award)))
            if not within(self.desk, self._reach(work, code), None, code.subject):
                raise no.NotFound
        if redeemed and code.nomination:
            work.change(link_ended(code, work.at))
        elif redeemed or not code.lives(work.at):
            raise no.NotFound
        else:
            for statement in ended(code, work.at):
                work.change(statement)
        return id

    # By whoever has the code.

    def redeem(self, arrival: Arrival, code: str, label: str | None = None) -> Redeemed:
        """Exchange a code for a token for its role, for 90 days; shown once."""
        found = valid_code(self.desk, code, arrival.at)
        kind = "link" if found.nomination else "subject"
        scope = replace(found, kind=kind, label=label, reach=None, id=Token(hash="", subject="", kind="").id)
        plain, token = issued(scope, arrival.at)
        by_code = replace(arrival, caller=Caller("code", SELF, found.subject))
        if self._redeem(by_code, code, token) != token.id:
            raise no.ShownBefore
        return Redeemed(str(token.id), plain, str(token.role), scope_of(token), str(token.expires))

    @command("code.redeem")
    def _redeem(self, work: Work, code: str, token: Token) -> str:
        found = valid_code(self.desk, code, work.at)
        work.act()
        if found.role is None:
            raise no.CodeWithoutRole
        if token.edition and not token.nomination:
            require_role(work.edition(token.edition), token)
        elif not token.edition and (token.role, token.award) not in known(work, token.subject).grants:
            raise no.RoleNotHeld
        work.add_row("spent", {"hash": found.hash, "time": instant(work.at)})
        work.add_row("tokens", token.row())
        return str(token.id)
