"""Commands that run the service and look after its log."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from awards.cli.opening import arrival, opened, plainly
from awards.cli.words import LINE
from awards.settings import Settings


@click.command()
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


@click.command()
def serve() -> None:
    """Serve the API and the pages until SIGTERM or SIGINT."""
    from awards.production import require_ready
    from awards.restoring import erase_again
    from awards.server import run

    with plainly():
        require_ready(Settings.from_environment())
    with opened(create=True) as service:
        erase_again(service.application.desk, datetime.now(UTC))  # a file may have been put back by hand
        if service.publisher:
            service.publisher.check_all()
            service.publisher.publish()
        try:
            run(service)
        except (OSError, UnicodeError) as problem:  # UnicodeError: no name of a host is like this
            where = f"{service.settings.host}:{service.settings.port}"
            told = f"cannot serve on {where}; choose another address by AWARDS_HOST and AWARDS_PORT: {problem}"
            raise click.ClickException(told) from None


@click.command()
@click.option("--check", is_flag=True, help="Play everything over HTTP on a free port, verify it, and stop.")
def demo(check: bool) -> None:
    """Run the worked example in a fresh folder and say where to look."""
    from awards.demo import play

    sys.exit(play(check))


@click.command()
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


@click.command()
def permissions() -> None:
    """Print who may do what, as in docs/permissions.md."""
    from awards.api import GROUPS
    from awards.api.permissions import markdown
    from awards.web.guards import PAGES, WITH_PROVIDER

    click.echo(markdown(GROUPS, {**PAGES, **WITH_PROVIDER}), nl=False)


@click.command()
def rebuild() -> None:
    """Drop every read model and build it anew from the log."""
    with opened() as service:
        click.echo(f"rebuilt at position {service.projector.rebuild()}")


@click.command()
def replay() -> None:
    """Replay the whole log: every stored event against its leaf, every stream through its aggregate."""
    from awards.application.replaying import replay as replayed
    from awards.service import open_ledger, open_publisher

    with plainly():
        settings = Settings.from_environment()
        with closing(open_ledger(settings, create=False)) as ledger:
            size, root, streams = replayed(ledger)
            publisher = open_publisher(settings, ledger)
            signed = publisher.check_all() if publisher else None
            told = f", as signed up to position {signed.size}" if signed else ""
            click.echo(f"{size} events of {streams} streams replayed, root {root}{told}")


@click.command("import")
@click.argument("edition", type=LINE)
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--stage", type=LINE, help="Of reviews: the stage they are of, where the edition has several.")
@click.option("--appoint", is_flag=True, help="Of reviews: seat reviewers who are not on the panel, by their names.")
def import_(edition: str, files: tuple[Path, ...], stage: str | None, appoint: bool) -> None:
    """Import nominations, or reviews, from CSV or JSON Lines files; run again, it goes on where it was cut short.

    Every line is checked first: what is wrong is told by file, line and field, and then nothing is recorded.
    """
    from awards.importing import Import

    with opened() as service:
        run = Import(service.application, arrival(), edition, files, stage, appoint=appoint)
        with click.progressbar(length=len(run.lines), label="checking") as bar:
            todo = run.check(bar.update)
        with click.progressbar(length=todo, label="recording") as bar:
            done = run.record(bar.update)
    click.echo(f"{done.recorded} {done.kind}s recorded, {done.before} were there already")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Record an award with its past editions and winners from a JSON file of sourced facts."""
    from awards.loading import load_roll

    with opened(create=True) as service:
        loaded = load_roll(service.application, arrival(), file.read_bytes())
        click.echo(f"{loaded.editions} editions, {loaded.winners} winners, {loaded.corrections} corrections recorded")
