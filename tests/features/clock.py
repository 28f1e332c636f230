"""The time at the service: one that can be set, and the real one, for which a scenario waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from tests.features.driver import Refused


class Clock(Protocol):
    """What time it is, and waiting."""

    soon: tuple[timedelta, ...]
    """How far off a deadline may be that a scenario waits for; the next if the one before had passed on the way."""

    def now(self) -> datetime:
        """The time."""

    def wait_until(self, moment: datetime) -> None:
        """Let the time pass."""


class SetClock:
    """Stands still until it is moved; begins no earlier than `latest`, where the clock of another scenario ended."""

    soon: tuple[timedelta, ...] = (timedelta(hours=1),)

    def __init__(self, latest: datetime) -> None:
        self._now = max(datetime.now(UTC), latest)

    def now(self) -> datetime:
        return self._now

    def wait_until(self, moment: datetime) -> None:
        self._now = moment


class RealClock:
    """The clock of a real server."""

    soon: tuple[timedelta, ...] = (timedelta(seconds=0.1), timedelta(seconds=0.3), timedelta(seconds=3))

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait_until(self, moment: datetime) -> None:
        time.sleep(max(0.0, (moment - self.now()).total_seconds()))


def let_pass(clock: Clock, act: Callable[[datetime], Any], too_late: str) -> None:
    """Act with a moment that lies shortly ahead, and wait until it has passed; `too_late`: the code if it had."""
    for delay in clock.soon:
        moment = clock.now() + delay
        try:
            act(moment)
        except Refused as refused:
            if refused.code != too_late or delay == clock.soon[-1]:
                raise
        else:
            clock.wait_until(moment)
            return
