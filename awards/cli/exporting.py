"""The command that writes a bundle: `awards export`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

import click

from awards.cli.opening import arrival, finding, opened
from awards.cli.words import LINE

if TYPE_CHECKING:
    from awards.bundle.contents import Built
    from awards.service import Service

STDOUT = Path("-")


class WouldReplace(click.ClickException):
    """There is a file of this name already."""

    exit_code = 4

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already; with --force it is replaced")


@click.command()
@click.argument("edition", type=LINE)
@click.option(
    "--profile",
    type=click.Choice(["auditor", "public"]),
    default="auditor",
    show_default=True,
    help="What is in it: all that can be opened, or what the edition's rules publish.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it, - for standard output; by default <edition>-<size>-<profile>.zip here.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def export(edition: str, profile: str, output: Path | None, force: bool) -> None:
    """Write an edition's history to a file, with everything that is needed to check it without this service.

    EDITION is its id, or the award's slug and the label: advocate/2026. The file is a BagIt bag in a zip
    (docs/bundle.md); it is there whole or not at all. Nothing is recorded. Told are its name and its SHA-256.
    """
    if output == STDOUT and sys.stdout.isatty():
        raise click.ClickException("a zip does not belong on a terminal: name a file")
    if output not in (None, STDOUT) and output.exists() and not force:
        raise WouldReplace(output)
    missing = f"there is no such edition as {edition}: give its id, or the award's slug and the label, as advocate/2026"
    with opened() as service, finding(missing):
        found = service.application.bundles.named(edition)
        if output == STDOUT:
            with TemporaryFile() as file:
                _built(service, found, profile, file)
                file.seek(0)
                shutil.copyfileobj(file, sys.stdout.buffer)
            return
        with _draft(output.parent if output else Path()) as (file, keep):
            built = _built(service, found, profile, file)
            path = output or Path(f"{built.name}.zip")
            keep(path, force)
    with path.open("rb") as whole:
        digest = file_digest(whole, "sha256").hexdigest()
    click.echo(f"{path} {digest}", err=True)


def _built(service: Service, edition: str, profile: str, file: BinaryIO) -> Built:
    """Write the bundle, with a bar where somebody looks."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=service.ledger.position(), label="exporting", file=sys.stderr, hidden=hidden) as bar:
        return service.application.bundles.export(arrival(), edition, profile, file, bar.update)


@contextmanager
def _draft(folder: Path) -> Iterator[tuple[BinaryIO, Callable[[Path, bool], None]]]:
    """A file that only its owner may read, and what gives it its name at the end; without that it is gone."""
    try:
        file = NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False)  # noqa: SIM115 - closed below
    except OSError as problem:
        raise click.ClickException(f"cannot write to {folder}: {problem.strerror}") from None
    draft = Path(file.name)

    def keep(path: Path, force: bool) -> None:
        file.flush()
        os.fsync(file.fileno())
        if force:
            draft.replace(path)
            return
        try:
            os.link(draft, path)  # never replaces a file, whoever made it meanwhile
        except FileExistsError:
            raise WouldReplace(path) from None

    try:
        with file:
            yield file, keep  # type: ignore[misc]
    except OSError as problem:
        raise click.ClickException(f"cannot write to {folder}: {problem}") from None
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
