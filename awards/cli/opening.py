"""Opening the service for a command: by the environment, as the operator, and what goes wrong in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from awards.settings import InvalidSetting, Settings

if TYPE_CHECKING:
    from awards.application.desk import Arrival
    from awards.service import Service


class NotWhatWasSigned(click.ClickException):
    """The database is not the one that was signed, which a script must be able to tell from other trouble."""

    exit_code = 3


@contextmanager
def plainly() -> Iterator[None]:
    """What the operator can mend is told in one line."""
    from eventsourcing.persistence import PersistenceError

    from awards.domain.refusals import Refusal
    from awards.ledger.backup import BackupInvalid
    from awards.ledger.heads import StoreBusy
    from awards.ledger.key_file import KeyStoreError
    from awards.ledger.ledger import Broken
    from awards.ledger.log_keys import LogKeyError
    from awards.ledger.publisher import LogRefused
    from awards.ledger.restoring import NotEmpty
    from awards.production import NotForProduction

    kept = (BackupInvalid, NotEmpty, FileExistsError)
    stores = (InvalidSetting, KeyStoreError, LogKeyError, PersistenceError, Broken, StoreBusy)
    try:
        yield
    except LogRefused as problem:
        raise NotWhatWasSigned(str(problem)) from None
    except (*stores, *kept, Refusal, NotForProduction) as problem:
        raise click.ClickException(str(problem)) from None


@contextmanager
def opened(*, create: bool = False) -> Iterator[Service]:
    """The service the environment describes.

    Only a command that begins something may `create` what is missing: in a wrong folder every other would pass on
    an empty log.
    """
    from awards.service import Service

    with plainly():
        service = Service.open(Settings.from_environment(), create=create)
        try:
            yield service
        finally:
            service.close()


@contextmanager
def finding(missing: str) -> Iterator[None]:
    """Says in the operator's words what was not found."""
    from awards.domain.refusals import NotFound

    try:
        yield
    except NotFound:
        raise click.ClickException(missing) from None


def arrival() -> Arrival:
    """The operator, now."""
    from awards.access import OPERATOR
    from awards.application.desk import Arrival

    return Arrival(OPERATOR, datetime.now(UTC))


def show(**facts: Any) -> None:
    """Print facts, a line each."""
    for name, value in facts.items():
        click.echo(f"{name} {value}")
