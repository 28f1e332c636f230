"""The command line: thin commands over the application, for whoever operates the service."""

from __future__ import annotations

import click

from awards.cli import erasing, exporting, keeping, operating, people, publishing


@click.group()
@click.version_option(package_name="awards")
def main() -> None:
    """Awards: give prizes, and be able to show how each one was decided."""


for command in (
    operating.migrate,
    operating.serve,
    operating.demo,
    operating.mail,
    operating.permissions,
    operating.rebuild,
    operating.replay,
    operating.load,
    keeping.backup,
    keeping.restore,
    publishing.checkpoint,
    publishing.log_key,
    publishing.witness,
    publishing.stamp,
    exporting.export,
    operating.import_,
    people.subject,
    erasing.erase,
):
    main.add_command(command)
