"""Witnesses and the authority for time stamps are asked in a thread of the server, as mail is sent."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager
from functools import partial

from awards.anchoring.stamps import NotStamped, Stamping
from awards.anchoring.witnesses import Witnessing
from awards.background import in_background

EVERY_SECONDS = 60.0
STOP_SECONDS = 2.0
"""How long a round under way may go on when the server stops; then it is left, and comes again."""

log = logging.getLogger(__name__)


class Anchoring:
    """Rounds of both, for ever."""

    def __init__(self, witnessing: Witnessing | None, stamping: Stamping | None) -> None:
        self._witnessing = witnessing
        self._stamping = stamping
        self._told: dict[str, str] = {}

    def round(self) -> None:
        """Ask the witnesses, then for a time stamp if one is due, which so is over their cosignatures too."""
        if self._witnessing:
            done = self._witnessing.round()
            for name in done.cosigned:
                self._told.pop(f"the witness {name}", None)
            for name, why in done.failed.items():
                self._warn(f"the witness {name}", why)
        if self._stamping and self._stamping.due():
            try:
                self._stamping.stamp()
                self._told.pop("the time stamp", None)
            except NotStamped as why:
                self._warn("the time stamp", str(why))

    def _warn(self, what: str, why: str) -> None:
        """Log what failed; again only when the reason changes."""
        if self._told.get(what) != why:
            self._told[what] = why
            log.warning("%s is missing: %s", what, why)

    def working(self, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
        """Rounds in a thread of their own while the block runs."""
        return in_background("anchoring", partial(self._work, every_seconds), STOP_SECONDS)

    def _work(self, every_seconds: float, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.round()
            except Exception as error:
                # A database or a store that is away: the service goes on, and says so itself where it matters.
                self._warn("a round of witnesses and time stamps", type(error).__name__)
            stop.wait(every_seconds)
