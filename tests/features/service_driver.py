"""The short way: straight to the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from awards.access import ANYBODY, Caller
from awards.api.assignments import SEATS
from awards.application.application import Application
from awards.application.desk import Arrival
from awards.application.invitations import Invitation, Redeemed
from awards.domain.refusals import Refusal
from tests.features.clock import Clock
from tests.features.driver import REPLACES, Refused, View

WITHOUT_CALLER = {"award", "awards"}
REPLACED = {"nomination", "review"}
"""What a replacement names the version of, which a reader need not see."""
WITH_TIME_ONLY = {"winners", "winner"}


class ServiceDriver:
    """Calls the application's methods."""

    def __init__(self, application: Application, clock: Clock) -> None:
        self._app = application
        self._clock = clock

    def do(self, token: str | None, command: str, *, as_read: View | None = None, **facts: Any) -> View:
        family, _, name = command.partition(".")
        if kind := REPLACES.get(command):
            facts["version"] = (as_read or self.see(token, kind, **{kind: facts[kind]}))["version"]
        with refusals(command):
            made = getattr(getattr(self._app, family), name)(self._arrival(token), **facts)
        if isinstance(made, Invitation | Redeemed):
            return vars(made)
        return {"participant" if name in ("enter", "appoint", "replace") else "id": made}

    def see(self, token: str | None, read: str, *, at: datetime | None = None, **asked: Any) -> Any:
        method: Any = self._plan if read == "assignment_plan" else getattr(self._app.reading, read)
        with refusals(read):
            if read in WITHOUT_CALLER:
                found = method(**asked)
            elif read in WITH_TIME_ONLY:
                found = method(self._clock.now(), **asked)
            elif read in REPLACED:
                view, version = getattr(self._app.reading, f"{read}_to_replace")(self._arrival(token, at), **asked)
                return view | {"version": version}
            else:
                found = method(self._arrival(token, at), **asked)
        return found if isinstance(found, dict) else list(found.items)

    def _plan(self, arrival: Arrival, seats: str = "panel", **asked: Any) -> View:
        return self._app.assignments.plan(arrival, seats=SEATS[seats], **asked)

    def _arrival(self, token: str | None, as_of: datetime | None = None) -> Arrival:
        return Arrival(self._caller(token), self._clock.now(), as_of=as_of)

    def _caller(self, token: str | None) -> Caller:
        if token is None:
            return ANYBODY
        caller = self._app.people.caller(token, self._clock.now())
        if caller is None:
            raise Refused("unauthenticated", "the token")
        return caller


@contextmanager
def refusals(about: str) -> Iterator[None]:
    """Turn the domain's refusals into the one the steps know."""
    try:
        yield
    except Refusal as refusal:
        raise Refused(refusal.code, about) from refusal
