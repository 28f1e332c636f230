"""What the steps talk to: commands and reads by the names of the application, whatever way they travel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

View = dict[str, Any]


class Refused(Exception):
    """The service said no; tests read refusals by code."""

    def __init__(self, code: str, about: str) -> None:
        super().__init__(f"{about} was refused: {code}")
        self.code = code


class Driver(Protocol):
    """One way to the service."""

    soon: tuple[timedelta, ...]
    """How far off a deadline may be that a scenario waits for; the next if the one before had passed on the way."""

    def now(self) -> datetime:
        """The time at the service."""

    def wait_until(self, moment: datetime) -> None:
        """Let the time pass."""

    def do(self, token: str, command: str, *, as_read: View | None = None, **facts: Any) -> View:
        """Carry out `family.command` and give the resource as it is then.

        What replaces a resource does so as it was read (`as_read`), by default as it is read now.
        """

    def see(self, token: str | None, read: str, **asked: Any) -> Any:
        """Read a resource, or the items of a list."""


REPLACES = {"awards.revise": "award", "nominations.amend": "nomination", "reviews.score": "review"}
"""Commands that replace a resource, and what they read before."""


def let_pass(driver: Driver, act: Callable[[datetime], Any], too_late: str) -> None:
    """Act with a moment that lies shortly ahead, and wait until it has passed; `too_late`: the code if it had."""
    for delay in driver.soon:
        moment = driver.now() + delay
        try:
            act(moment)
        except Refused as refused:
            if refused.code != too_late or delay == driver.soon[-1]:
                raise
        else:
            driver.wait_until(moment)
            return
