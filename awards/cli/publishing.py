"""Commands on what outsiders check: the checkpoint of the log and the key that signs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import click

from awards.cli.opening import plainly
from awards.settings import Settings

if TYPE_CHECKING:
    from awards.anchoring.witnesses import Round
    from awards.ledger.publisher import Publisher, Signed


@contextmanager
def publishing() -> Iterator[Publisher]:
    """The publisher of the log the environment names, without anything else of the service."""
    from awards.service import open_ledger, open_publisher

    with plainly():
        settings = Settings.from_environment()
        with closing(open_ledger(settings, create=False)) as ledger:
            publisher = open_publisher(settings, ledger)
            if publisher is None:
                raise click.ClickException("AWARDS_LOG_STORE names no checkpoint store, and nothing is published here")
            yield publisher


@click.command()
def checkpoint() -> None:
    """Print the signed checkpoint over all events; publishes it first."""
    with publishing() as publisher:
        click.echo(publisher.told(publisher.publish()), nl=False)


@click.group("log-key")
def log_key() -> None:
    """The key that signs the checkpoints of the log."""


@log_key.command("show")
def show_key() -> None:
    """Print the key that checks the checkpoints, for auditors; two of them while one follows the other."""
    with publishing() as publisher:
        for vkey in publisher.vkeys():
            click.echo(vkey)


@log_key.command()
def rotate() -> None:
    """Let a new key sign.

    The old one signs beside it until it is retired, so that whoever knows it learns of the new one.
    """
    with publishing() as publisher:
        show(publisher.rotate())


@log_key.command()
def retire() -> None:
    """Let only the new one of two keys sign."""
    with publishing() as publisher:
        show(publisher.retire())


@click.command()
def witness() -> None:
    """Ask the witnesses to cosign the last checkpoint, once; `awards serve` does so all the time."""
    from awards.anchoring.opening import open_witnessing

    with publishing() as publisher:
        witnessing = open_witnessing(Settings.from_environment(), publisher)
        if witnessing is None:
            raise click.ClickException("no witnesses are named: see AWARDS_WITNESS_POLICY")
        tell(witnessing.round())


def tell(done: Round) -> None:
    """Print who cosigned, and who did not and why; it is an error if that is not enough."""
    for name in done.cosigned:
        click.echo(f"{name} has cosigned the checkpoint over {done.size} events")
    for name, why in done.failed.items():
        click.echo(f"{name} has not: {why}", err=True)
    if not done.enough:
        raise click.ClickException("these are not as many as the policy asks for; nothing waits for them")


@click.command()
def stamp() -> None:
    """Have the last checkpoint time-stamped now; `awards serve` does so once a day."""
    from awards.anchoring.opening import open_stamping
    from awards.anchoring.stamps import NotStamped

    with publishing() as publisher:
        stamping = open_stamping(Settings.from_environment(), publisher)
        if stamping is None:
            raise click.ClickException("no authority for time stamps is named: see AWARDS_TSA")
        try:
            click.echo(f"the checkpoint over {stamping.stamp()} events is stamped")
        except NotStamped as why:
            raise click.ClickException(f"there is no time stamp: {why}") from None


def show(signed: Signed) -> None:
    """Print a checkpoint, byte for byte."""
    click.echo(signed.note, nl=False)
