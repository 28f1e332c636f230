"""Commands on people: award-wide roles, and the end of an account.

A secretariat of one award registers, grants, invites and deactivates for that award only; nobody does it to herself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from awards.access import AWARD_ROLES, Place, allows, require
from awards.application.desk import Arrival, command
from awards.application.holding import Held, held_by, scopes_of, subject_of
from awards.application.interests import require_no_part
from awards.application.tokens import TokenCommands
from awards.application.work import Work
from awards.domain import refusals as no
from awards.domain.award import Award
from awards.domain.subject import EVERY_AWARD, Subject
from awards.ledger.accounts import account_of
from awards.projections import subjects
from awards.projections.rows import After, Page

View = dict[str, Any]


class PeopleCommands(TokenCommands):
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
        act = work.act(award=one_award(award))
        if award != EVERY_AWARD:
            work.award(award)
        who = work.new_subject()
        subject = Subject.register(act, UUID(who), kind, work.seal("name", name, [who], "account"))
        subject.grant(act, role, award)
        return work.begin(subject).key

    @command("subject.grant")
    def grant(self, work: Work, subject: str, role: str, award: str = EVERY_AWARD) -> str:
        """Grant another person a further award-wide role."""
        if role not in AWARD_ROLES:
            raise no.UnknownRole
        act = work.act(award=one_award(award))
        if role == "auditor":
            require_no_part(work, subject, award)
        known(work, subject).grant(act, role, award)
        return subject

    @command("subject.grant")
    def revoke(self, work: Work, subject: str, role: str, award: str = EVERY_AWARD) -> str:
        """Take an award-wide role back; acts on the next request."""
        act = work.act(award=one_award(award))
        known(work, subject).revoke(act, role, award)
        return subject

    @command("subject.deactivate")
    def deactivate(self, work: Work, subject: str, code: str) -> str:
        """End another person's account; acts on the next request, on every token and session."""
        found = known(work, subject)
        if work.allowed(None):
            act = work.act()
        else:
            act = work.act(award=one_award(work.caller.award or EVERY_AWARD))
            if not (scopes := scopes_of(self.desk, subject)):
                raise no.NotFound
            if not all(work.allowed(one_award(scope)) for scope in scopes):
                raise no.BeyondReach
        require_another(work, subject)
        found.deactivate(act, code)
        return subject

    # Reading.

    def subjects(self, arrival: Arrival, after: After | None = None, limit: int = 50) -> Page:
        """Who holds which award-wide role, of the awards the caller reaches; in the order they were registered."""
        require("subject.list", self._place(arrival, arrival.caller.award))
        with self.desk.projector.reading() as rows:
            page = subjects.find_all(rows, after=after, limit=limit)
        seen = (self._seen(arrival, view) for view in page.items)
        return Page([view for view in seen if view is not None], page.after)

    def subject(self, arrival: Arrival, subject: str) -> View:
        """Somebody who is known to the secretariat that asks."""
        require("subject.list", self._place(arrival, arrival.caller.award))
        with self.desk.projector.reading() as rows:
            found = subjects.find(rows, subject)
        seen = self._seen(arrival, found) if found else None
        if seen is None:
            raise no.NotFound
        return seen

    def held(self, arrival: Arrival) -> list[Held]:
        """Every role the caller holds now, whichever she acts in."""
        return held_by(self.desk, str(arrival.caller.subject))

    def _seen(self, arrival: Arrival, view: View) -> View | None:
        """A view with the roles within the caller's reach; None if there is none."""

        def reaches(award: str) -> bool:
            return allows("subject.list", self._place(arrival, award))

        if not reaches(EVERY_AWARD):
            roles = [held for held in view["roles"] if held["award"] == EVERY_AWARD or reaches(held["award"])]
            if not roles and not (not view["roles"] and _all(reaches, scopes_of(self.desk, view["id"]))):
                return None
            view = {**view, "roles": roles}
        return {**view, "account": account_of(self.desk.ledger.rows, view["id"]) is not None}

    def _place(self, arrival: Arrival, award: str | None) -> Place:
        caller = arrival.caller
        subject = subject_of(self.desk, caller.subject) if caller.subject else None
        return Place(caller, None, subject, one_award(award or EVERY_AWARD))


def one_award(award: str) -> str | None:
    """An award's id; None for all of them, which only a role for all of them covers."""
    return None if award == EVERY_AWARD else award


def known(work: Work, subject: str) -> Subject:
    """The subject, or a refusal that names what was not found."""
    try:
        found = work.subject(subject)
    except no.NotFound:
        raise no.NotFound(f"There is no subject {subject}.") from None
    if not found.known:  # nothing but a request to erase somebody without an account
        raise no.NotFound(f"There is no subject {subject}.")
    return found


def _all(reaches: Callable[[str], bool], scopes: set[str]) -> bool:
    return bool(scopes) and all(map(reaches, scopes))


def require_another(work: Work, subject: str) -> None:
    """Refuse what nobody does to herself."""
    if work.caller.subject == subject:
        raise no.OwnAccount


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
