"""The command line: thin commands over the application, for whoever operates the service."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from awards.settings import InvalidSetting, Settings

if TYPE_CHECKING:
    from awards.app import Service
    from awards.application.desk import Arrival


@contextmanager
def plainly() -> Iterator[None]:
    """What the operator can mend is told in one line."""
    from eventsourcing.persistence import PersistenceError

    from awards.domain.refusals import Refusal
    from awards.ledger.key_file import KeyStoreError
    from awards.ledger.ledger import Broken
    from awards.production import NotForProduction

    try:
        yield
    except (InvalidSetting, Refusal, KeyStoreError, PersistenceError, Broken, NotForProduction) as problem:
        raise click.ClickException(str(problem)) from None


@contextmanager
def opened(*, create: bool = False) -> Iterator[Service]:
    """The service the environment describes.

    Only a command that begins something may `create` what is missing: in a wrong folder every other would pass on
    an empty log.
    """
    from awards.app import Service

    with plainly():
        service = Service.open(Settings.from_environment(), create=create)
        try:
            yield service
        finally:
            service.close()


def arrival() -> Arrival:
    """The operator, now."""
    from awards.access import OPERATOR
    from awards.application.desk import Arrival

    return Arrival(OPERATOR, datetime.now(UTC))


def expiry(days: int | None) -> datetime | None:
    """The moment a token ends."""
    return datetime.now(UTC) + timedelta(days=days) if days else None


class Unusable(click.ClickException):
    """An argument that cannot be used, told in one line."""

    exit_code = 2

    def __init__(self, param: click.Parameter | None, problem: str) -> None:
        where = param.get_error_hint(None) if param else ""
        super().__init__(f"{where}: {problem}")


class Line(click.ParamType):  # type: ignore[type-arg]  # not generic in every click we allow
    """A line of text under the API's rule for names, so that what comes in here can be shown everywhere."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what the API would."""
        from marshmallow import ValidationError

        from awards.schemas.text import Text
        from awards.schemas.words import NAME

        try:
            return str(Text(NAME).deserialize(value))
        except ValidationError as error:
            raise Unusable(param, " ".join(map(str, error.messages))) from None


LINE = Line()


class Role(click.ParamType):  # type: ignore[type-arg]  # not generic in every click we allow
    """One of the roles that can be given here; another word is answered with those."""

    name = "role"

    def __init__(self, choices: Callable[[], Collection[str]]) -> None:
        self._choices = choices

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse another word."""
        if value not in self._choices():
            raise Unusable(param, f"there is no such role here; choose one of {', '.join(self._choices())}")
        return str(value)


def award_roles() -> Collection[str]:
    """The roles held for an award, or for all."""
    from awards.access import AWARD_ROLES

    return AWARD_ROLES


def edition_roles() -> Collection[str]:
    """The roles somebody enters an edition in."""
    from awards.access import EDITION_ROLES

    return EDITION_ROLES


def edition_roles_and_seats() -> Collection[str]:
    """The roles there are tokens for in an edition; a seat will do as well."""
    from awards.access import EDITION_ROLES, PANEL_ROLES
    from awards.domain.duties import SEAT_ROLES

    return tuple(dict.fromkeys([*EDITION_ROLES, *PANEL_ROLES, *SEAT_ROLES]))


days_option = click.option(
    "--days", type=click.IntRange(1, 366), help="Let the token expire after so many days; by default 90."
)


@click.group()
@click.version_option(package_name="awards")
def main() -> None:
    """Awards: give prizes, and be able to show how each one was decided."""


@main.command()
@click.option("--origin", help="The name of the log, written once; by default log-<random>.invalid.")
@click.option("--role", "service_role", help="PostgreSQL: the role the service runs as; gets only what it needs.")
def migrate(origin: str | None, service_role: str | None) -> None:
    """Create what is missing in the database; run it as the owner."""
    from awards.ledger.database import migrate as create

    with plainly():
        settings = Settings.from_environment()
        try:
            click.echo(f"ready, the log is {create(settings.database_url, origin or settings.origin, service_role)}")
        except ValueError as problem:
            raise click.ClickException(str(problem)) from None


@main.command()
def serve() -> None:
    """Serve the API and the pages until SIGTERM or SIGINT."""
    from awards.production import require_ready
    from awards.server import run

    with plainly():
        require_ready(Settings.from_environment())
    with opened(create=True) as service:
        try:
            run(service)
        except (OSError, UnicodeError) as problem:  # UnicodeError: no name of a host is like this
            where = f"{service.settings.host}:{service.settings.port}"
            told = f"cannot serve on {where}; choose another address by AWARDS_HOST and AWARDS_PORT: {problem}"
            raise click.ClickException(told) from None


@main.command()
@click.option("--check", is_flag=True, help="Play everything over HTTP on a free port, verify it, and stop.")
def demo(check: bool) -> None:
    """Run the worked example in a fresh folder and say where to look."""
    from awards.demo import play

    sys.exit(play(check))


@main.command()
@click.option("--list", "listed", is_flag=True, help="Show what waits or was given up, without sending anything.")
@click.option("--retry", is_flag=True, help="Try what was given up anew.")
def mail(listed: bool, retry: bool) -> None:
    """Send the mail that is due, once; `awards serve` does so all the time."""
    from awards.app import open_courier
    from awards.mail.outbox import Outbox
    from awards.mail.smtp import Unreachable

    with opened() as service:
        outbox = Outbox(service.ledger)
        if retry:
            click.echo(f"{outbox.again(datetime.now(UTC))} to be tried anew")
        if listed:
            for line in outbox.listed():
                click.echo(line)
            return
        courier = open_courier(service)
        if courier is None:
            raise click.ClickException("no mail server is set: see AWARDS_SMTP")
        try:
            done = courier.round()
        except Unreachable as trouble:
            raise click.ClickException(f"the mail server cannot be reached: {trouble}") from None
        click.echo(f"sent {done.sent}, to be tried again {done.deferred}, given up {done.failed}")


@main.command()
def permissions() -> None:
    """Print who may do what, as in docs/permissions.md."""
    from awards.api import GROUPS
    from awards.api.permissions import markdown
    from awards.web.guards import PAGES, WITH_PROVIDER

    click.echo(markdown(GROUPS, {**PAGES, **WITH_PROVIDER}), nl=False)


@main.command()
def rebuild() -> None:
    """Drop every read model and build it anew from the log."""
    with opened() as service:
        click.echo(f"rebuilt at position {service.projector.rebuild()}")


@main.command()
def replay() -> None:
    """Replay the whole log: every stored event against its leaf, every stream through its aggregate."""
    from awards.app import open_ledger
    from awards.application.replaying import replay as replayed

    with plainly(), closing(open_ledger(Settings.from_environment(), create=False)) as ledger:
        size, root, streams = replayed(ledger)
        click.echo(f"{size} events of {streams} streams replayed, root {root}")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Record an award with its past editions and winners from a JSON file of sourced facts."""
    from awards.loading import load_roll

    with opened(create=True) as service:
        loaded = load_roll(service.application, arrival(), file.read_bytes())
        click.echo(f"{loaded.editions} editions, {loaded.winners} winners, {loaded.corrections} corrections recorded")


@main.group()
def subject() -> None:
    """People and their ways in: accounts, roles, bearer tokens, links."""


@subject.command()
@click.argument("name", type=LINE)
@click.option("--role", type=Role(award_roles), default="secretariat", show_default=True, help="An award-wide role.")
@click.option("--award", type=LINE, default="*", show_default=True, help="The award's slug or id; * for all.")
@click.option("--login", type=LINE, help="For a person: prints a one-time code to sign in with, and no token.")
@days_option
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
@days_option
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
@days_option
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
@days_option
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
@days_option
def link(nomination: str, role: str, days: int | None) -> None:
    """Issue a token for one nomination.

    For the nominee, or for a new endorser; it is good for nothing else.
    """
    with opened() as service:
        show(token=service.application.people.issue_link(arrival(), nomination, role, expiry(days)))


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


def reason_code(text: str) -> str:
    """A reason as the API takes it: it stands in clear in the log, so it is a word or three."""
    from marshmallow import ValidationError

    from awards.schemas.words import Code

    try:
        return str(Code().deserialize(text))
    except ValidationError:
        raise click.ClickException("a reason code is made of lower-case words and hyphens: left-the-office") from None


def show(**facts: Any) -> None:
    """Print facts, a line each."""
    for name, value in facts.items():
        click.echo(f"{name} {value}")
