"""People: who holds which award-wide role, and invitations by one-time code."""

from __future__ import annotations

from typing import Any

from awards.api.answers import Paged
from awards.api.op import Operations
from awards.api.paging import Page
from awards.api.refused import RECORDED
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.problems import OK
from awards.schemas.people import (
    GrantIn,
    InvitationOut,
    InviteParticipantIn,
    InviteSubjectIn,
    InviteToNominationIn,
    RegisterIn,
    SubjectOut,
)
from awards.schemas.words import CodeIn

people = Operations("People", "Who holds which award-wide role, and how people are let in.")
INVITING = ("own_account", "beyond_your_reach", "shown_before", "person_erased")


@people.get("/subjects", out=SubjectOut(), paged=True, permission="subject.list")
def list_subjects(app: Application, arrival: Arrival, page: Page) -> Any:
    """List who holds which award-wide role, as far as you reach."""
    return Paged(*app.people.subjects(arrival, page.after, page.limit))


@people.post(
    "/subjects",
    body=RegisterIn(),
    out=SubjectOut(),
    location="/subjects/{id}",
    errors=("not_found", *RECORDED),
    permission="subject.register",
)
def register_subject(app: Application, arrival: Arrival, body: dict[str, Any]) -> Any:
    """Register somebody with an award-wide role, for an award you run."""
    award = app.people.award(body.pop("award"))
    return app.people.subject(arrival, app.people.register(arrival, award=award, **body))


@people.get("/subjects/<id:subject>", out=SubjectOut(), permission="subject.list")
def get_subject(app: Application, arrival: Arrival, subject: str) -> Any:
    """Read what somebody holds, as far as you reach."""
    return app.people.subject(arrival, subject)


@people.post(
    "/subjects/<id:subject>/grant",
    body=GrantIn(),
    out=SubjectOut(),
    status=OK,
    errors=("already_holds_role", "subject_deactivated", "self_appointment", "roles_incompatible", "person_erased"),
    permission="subject.grant",
)
def grant_role(app: Application, arrival: Arrival, subject: str, body: dict[str, Any]) -> Any:
    """Grant another person a further award-wide role."""
    app.people.grant(arrival, subject, body["role"], app.people.award(body["award"]))
    return app.people.subject(arrival, subject)


@people.post(
    "/subjects/<id:subject>/revoke",
    body=GrantIn(),
    out=None,
    errors=("role_not_held",),
    permission="subject.grant",
)
def revoke_role(app: Application, arrival: Arrival, subject: str, body: dict[str, Any]) -> Any:
    """Take an award-wide role back; it acts on the next request."""
    app.people.revoke(arrival, subject, body["role"], app.people.award(body["award"]))


@people.post(
    "/subjects/<id:subject>/deactivate",
    body=CodeIn(),
    out=None,
    errors=("subject_deactivated", "own_account", "beyond_your_reach"),
    permission="subject.deactivate",
)
def deactivate_subject(app: Application, arrival: Arrival, subject: str, body: dict[str, Any]) -> Any:
    """End another person's account: every token and session of hers, on the next request."""
    app.people.deactivate(arrival, subject, **body)


@people.post(
    "/subjects/<id:subject>/invitations",
    body=InviteSubjectIn(),
    out=InvitationOut(),
    errors=("role_not_held", "subject_deactivated", *INVITING),
    permission="person.invite",
    limit="token",
)
def invite_subject(app: Application, arrival: Arrival, subject: str, body: dict[str, Any]) -> Any:
    """Invite somebody with award-wide roles, or let her choose a new password; the code is shown this once."""
    return app.invitations.of_subject(arrival, subject, award=app.people.award(body.pop("award")), **body)


@people.post(
    "/editions/<id:edition>/invitations",
    body=InviteParticipantIn(),
    out=InvitationOut(),
    errors=("role_not_held", "subject_deactivated", *INVITING),
    permission="person.invite",
    limit="token",
)
def invite_participant(app: Application, arrival: Arrival, edition: str, body: dict[str, Any]) -> Any:
    """Invite a participant of the edition; the code is shown this once and lives for fourteen days."""
    return app.invitations.to_edition(arrival, edition, **body)


@people.post(
    "/nominations/<id:nomination>/invitations",
    body=InviteToNominationIn(),
    out=InvitationOut(),
    errors=("nominee_not_asked", "subject_deactivated", *INVITING),
    permission="person.invite",
    limit="token",
)
def invite_to_nomination(app: Application, arrival: Arrival, nomination: str, body: dict[str, Any]) -> Any:
    """Invite the nominee, or a new endorser, of a nomination; the code, shown this once, becomes the link."""
    return app.invitations.to_nomination(arrival, nomination, **body)


@people.delete("/invitations/<id:invitation>", permission="person.invite")
def take_back_invitation(app: Application, arrival: Arrival, invitation: str) -> Any:
    """Take an invitation back, as long as nobody redeemed it; to a nomination also later, with its links."""
    app.invitations.take_back(arrival, invitation)
