"""Commands on people and their ways in: `awards subject …`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from awards.cli.opening import arrival, opened, show
from awards.cli.words import (
    DAYS,
    LINE,
    Role,
    award_roles,
    edition_roles,
    edition_roles_and_seats,
    expiry,
    reason_code,
)

if TYPE_CHECKING:
    from awards.service import Service


@click.group()
def subject() -> None:
    """People and their ways in: accounts, roles, bearer tokens, links."""


@subject.command()
@click.argument("name", type=LINE)
@click.option("--role", type=Role(award_roles), default="secretariat", show_default=True, help="An award-wide role.")
@click.option("--award", type=LINE, default="*", show_default=True, help="The award's slug or id; * for all.")
@click.option("--login", type=LINE, help="For a person: prints a one-time code to sign in with, and no token.")
@DAYS
def register(name: str, role: str, award: str, login: str | None, days: int | None) -> None:
    """Register somebody with a role.

    The role is award-wide; prints the subject's id and a token, or a one-time code.
    """
    with opened(create=True) as service:
        people = service.application.people
        scope = people.award(award)
        if login:
            service.application.accounts.require_free(login)
        who = people.register(arrival(), name, role, scope)
        if login:
            service.application.accounts.reserve(who, login, arrival().at)
            show(subject=who, **invitation(service, who))
        else:
            show(subject=who, token=people.issue_token(arrival(), who, role, scope, expiry(days)))


@subject.command()
@click.argument("who", type=LINE)
def invite(who: str) -> None:
    """Let somebody with an award-wide role make an account, or choose a new password.

    Prints a one-time code that lives for fourteen days.
    """
    with opened() as service:
        show(**invitation(service, who))


@subject.command()
@click.argument("who", type=LINE)
@click.argument("code", type=LINE)
def deactivate(who: str, code: str) -> None:
    """End somebody's account, for a reason given as a code (`left-the-office`).

    Acts on the next request, on every token and session.
    """
    with opened() as service:
        service.application.people.deactivate(arrival(), who, reason_code(code))
        show(subject=who)


@subject.command()
@click.argument("who", type=LINE)
@click.argument("role", type=Role(award_roles))
@click.option("--award", type=LINE, default="*", show_default=True, help="The award's slug or id; * for all.")
@DAYS
def grant(who: str, role: str, award: str, days: int | None) -> None:
    """Grant a further award-wide role; prints a token for it."""
    with opened() as service:
        people = service.application.people
        scope = people.award(award)
        people.grant(arrival(), who, role, scope)
        show(subject=who, token=people.issue_token(arrival(), who, role, scope, expiry(days)))


@subject.command()
@click.argument("who", type=LINE)
@click.argument("role", type=Role(award_roles))
@click.option("--award", type=LINE, default="*", show_default=True, help="The award's slug or id; * for all.")
def revoke(who: str, role: str, award: str) -> None:
    """Take an award-wide role back.

    Acts on the next request.
    """
    with opened() as service:
        people = service.application.people
        people.revoke(arrival(), who, role, people.award(award))
        show(subject=who)


@subject.command()
@click.argument("edition", type=LINE)
@click.argument("role", type=Role(edition_roles))
@click.argument("name", type=LINE)
@DAYS
def enter(edition: str, role: str, name: str, days: int | None) -> None:
    """Let somebody act in an edition.

    Prints the participant's id and a token.
    """
    with opened() as service:
        app = service.application
        who = app.editions.enter(arrival(), edition, role, name=name)
        show(participant=who, token=app.people.issue_edition_token(arrival(), edition, who, role, expiry(days)))


@subject.command()
@click.argument("edition", type=LINE)
@click.argument("participant", type=LINE)
@click.argument("role", type=Role(edition_roles_and_seats))
@DAYS
def token(edition: str, participant: str, role: str, days: int | None) -> None:
    """Issue a token to a participant.

    For a role held in the edition, or a seat on a panel.
    """
    with opened() as service:
        people = service.application.people
        show(token=people.issue_edition_token(arrival(), edition, participant, role, expiry(days)))


@subject.command()
@click.argument("nomination", type=LINE)
@click.argument("role", type=click.Choice(["nominee", "endorser"]))
@DAYS
def link(nomination: str, role: str, days: int | None) -> None:
    """Issue a token for one nomination.

    For the nominee, or for a new endorser; it is good for nothing else.
    """
    with opened() as service:
        show(token=service.application.people.issue_link(arrival(), nomination, role, expiry(days)))


@subject.command("file")
@click.argument("who", type=LINE)
def own_file(who: str) -> None:
    """Print what is held on somebody, as JSON, to be sent to her: her right of access.

    By the id of the subject or of a participant; it says nothing about others, and each event has its receipt.
    """
    with opened() as service:
        click.echo(json.dumps(service.application.files.file_of(arrival(), who), ensure_ascii=False, indent=2))


@subject.command("revoke-token")
@click.argument("plain", type=LINE)
def revoke_token(plain: str) -> None:
    """Revoke a token.

    Acts on the next request.
    """
    with opened() as service:
        service.application.people.revoke_token(arrival(), plain)
        click.echo("revoked")


def invitation(service: Service, who: str) -> dict[str, str]:
    """A one-time code for somebody's account, and the link that brings it along without sending it to any server."""
    code = service.application.invitations.of_subject(arrival(), who).code
    settings = service.settings
    site = settings.base_url or f"http://{settings.host}:{settings.port}"
    return {"code": code, "link": f"{site}/enter#{code}"}
