"""What the operator may write: names, roles, reason codes, days; each refused as the API would, in one line."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import click


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


DAYS = click.option(
    "--days", type=click.IntRange(1, 366), help="Let the token expire after so many days; by default 90."
)


def expiry(days: int | None) -> datetime | None:
    """The moment a token ends."""
    return datetime.now(UTC) + timedelta(days=days) if days else None


def reason_code(text: str) -> str:
    """A reason as the API takes it: it stands in clear in the log, so it is a word or three."""
    from marshmallow import ValidationError

    from awards.schemas.words import Code

    try:
        return str(Code().deserialize(text))
    except ValidationError:
        raise click.ClickException("a reason code is made of lower-case words and hyphens: left-the-office") from None
