"""Commands on what outsiders check: the checkpoint of the log and the key that signs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import click

from awards.cli.opening import plainly
from awards.settings import Settings

if TYPE_CHECKING:
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
        show(publisher.publish())


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


def show(signed: Signed) -> None:
    """Print a checkpoint, byte for byte."""
    click.echo(signed.note, nl=False)
