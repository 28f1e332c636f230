"""What the steps talk to: commands and reads by the names of the application, whatever way they travel."""

from __future__ import annotations

from typing import Any, Protocol

View = dict[str, Any]


class Refused(Exception):
    """The service said no; tests read refusals by code."""

    def __init__(self, code: str, about: str) -> None:
        super().__init__(f"{about} was refused: {code}")
        self.code = code


class Driver(Protocol):
    """One way to the service."""

    def do(self, token: str | None, command: str, *, as_read: View | None = None, **facts: Any) -> View:
        """Carry out `family.command`; gives at least the `id` of the resource, or the `participant` who entered.

        What replaces a resource does so as it was read (`as_read`), by default as it is read now.
        """

    def see(self, token: str | None, read: str, **asked: Any) -> Any:
        """Read a resource, or the items of a list."""


REPLACES = {"awards.revise": "award", "nominations.amend": "nomination", "reviews.score": "review"}
"""Commands that replace a resource, and what they read before."""
