"""Commands that keep the log and the key store from being lost: backups apart, and what is erased stays erased."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from awards.cli.opening import arrival, plainly
from awards.settings import Settings

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@FILE
@click.option("--keys", is_flag=True, help="Of the key store instead of the log; the key file is not in it.")
def backup(file: Path, keys: bool) -> None:
    """Write a backup of the log, without any key, into a new file for its owner only; others may go on writing.

    With --keys one of the key store: keep that for a short time, apart from this one and from the key file.
    """
    from awards.ledger.backup import write_backup
    from awards.ledger.key_backup import write_key_backup
    from awards.service import has_tables, open_ledger

    with plainly(), _copying(f"cannot write {file}"):
        settings = Settings.from_environment()
        if keys:
            if not has_tables(settings.keys_url):
                raise click.ClickException("there is no key store where AWARDS_KEYS says")
            count = write_key_backup(settings.keys_url, file)
            click.echo(f"{count} keys and tombstones; the key file {settings.key_file} is not in it: keep it elsewhere")
            return
        open_ledger(settings, create=False).close()
        made = write_backup(settings.database_url, file, arrival().at)
        click.echo(f"the log {made.origin}, {made.size} events, root {made.root}; no key is in it")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", is_flag=True, help="The key store instead of the log; what is erased stays erased.")
@click.option("--role", "service_role", help="PostgreSQL: the role the service runs as, as for `awards migrate`.")
def restore(file: Path, keys: bool, service_role: str | None) -> None:
    """Restore the log from a backup, into a database that holds none; run it as the owner of the database.

    Who was erased since the backup is erased in it, too. Then it is compared with the last signed checkpoint.
    """
    from awards.restoring import restore_key_store, restore_log

    with plainly(), _copying(f"cannot restore {file}"):
        settings = Settings.from_environment()
        if keys:
            count = restore_key_store(settings, file, arrival().at)
            click.echo(f"{count} keys and tombstones restored; what is erased stays erased")
            return
        made = restore_log(settings, file, arrival().at, service_role)
        click.echo(f"the log {made.origin}, {made.size} events, root {made.root}, restored")
        if settings.log_key and not settings.log_key.exists():
            click.echo(f"the key of the log is not there: put it at {settings.log_key}, or a new one signs")


@contextmanager
def _copying(failed: str) -> Iterator[None]:
    """A file that cannot be written and a database that does not answer are told in one line."""
    try:
        yield
    except OSError as problem:
        raise click.ClickException(f"{failed}: {problem.strerror or problem}") from None
    except _of_databases() as problem:
        raise click.ClickException(f"{failed}: {str(problem).partition(chr(10))[0]}") from None


def _of_databases() -> tuple[type[Exception], ...]:
    psycopg = sys.modules.get("psycopg")  # an extra, there if a database of its kind is asked
    return (sqlite3.Error, *([psycopg.Error] if psycopg else []))
