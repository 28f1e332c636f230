"""A body that gives one award, played through the application; its clock is set by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from awards.access import OPERATOR, PANEL_ROLES, Caller
from awards.app import Service
from awards.application.desk import Arrival, Once
from awards.domain.refusals import Refusal
from awards.domain.subject import EVERY_AWARD
from awards.settings import Settings
from tests.domain.cases import PANEL, RULES
from tests.set_up import ORIGIN

BEFORE, DURING, AFTERWARDS = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (2, 4, 6))
OPENS, CLOSES = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
ONE_STAGE = RULES | {"stages": [PANEL], "consent": "informed"}
SCORES = {"impact": 4, "reach": 2}
SEATS = {"reviewer": "member", "chair": "chair", "deputy": "deputy"}


def open_service(database_url: str, keys_url: str, key_file: Path) -> Service:
    """The service on these databases, which are set up."""
    named = {
        "AWARDS_DATABASE_URL": database_url,
        "AWARDS_KEYS": keys_url,
        "AWARDS_KEY_FILE": str(key_file),
        "AWARDS_ORIGIN": ORIGIN,
    }
    return Service.open(Settings.from_environment(named))


def nominee(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "person", "name": name, **more}


class House:
    """The service and the people who use it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.app = service.application
        self.at = BEFORE
        self.secretary = self.staff("secretariat", "Sada")
        self.approver = self.staff("approver", "Abena")
        self.award = self.app.awards.establish(self.by(OPERATOR), "advocate", {"en": "Advocate"}, {"en": "Body"})

    def by(self, caller: Caller, once: Once | None = None) -> Arrival:
        """An arrival now."""
        return Arrival(caller, self.at, once)

    def staff(self, role: str, name: str, award: str = EVERY_AWARD) -> Caller:
        """Somebody with an award-wide role, by her token."""
        subject = self.app.people.register(self.by(OPERATOR), name, role, award)
        return self._came_by(self.app.people.issue_token(self.by(OPERATOR), subject, role, award))

    def edition(self, rules: dict[str, Any] | None = None, label: str = "2026") -> str:
        """An edition whose call is open."""
        self.at = BEFORE
        edition = self.app.editions.plan(self.by(self.secretary), self.award, label, rules or ONE_STAGE)
        self.app.editions.open_call(self.by(self.secretary), edition, OPENS, CLOSES, "Europe/Paris")
        self.at = DURING
        return edition

    def member(
        self, edition: str, role: str, name: str, stage: str = "panel", participant: str | None = None
    ) -> Caller:
        """Somebody who acts in the edition in a role, by her token."""
        told = {"participant": participant} if participant else {"name": name}
        by = self.by(self.secretary)
        if role in PANEL_ROLES:
            who = self.app.editions.appoint(by, edition, stage, SEATS[role], **told)
        else:
            who = self.app.editions.enter(by, edition, role, **told)
        return self._came_by(self.app.people.issue_edition_token(self.by(OPERATOR), edition, who, role))

    def link(self, nomination: str, role: str) -> Caller:
        """Whoever holds a link to a nomination."""
        return self._came_by(self.app.people.issue_link(self.by(OPERATOR), nomination, role))

    def _came_by(self, token: str) -> Caller:
        caller = self.app.people.caller(token, self.at)
        assert caller is not None
        return caller

    def eligible(self, edition: str, nominator: Caller, name: str, **more: Any) -> str:
        """A nomination ruled eligible; the call is still open."""
        statement = more.pop("statement", f"{name} did much.")
        submitted = self.app.nominations.submit(self.by(nominator), edition, "main", nominee(name, **more), statement)
        return self.app.nominations.rule(self.by(self.secretary), submitted, "eligible", "serving", "meets_rules")

    def reviewing(self, edition: str, stage: str = "panel") -> None:
        """The call is over, reviewing begins."""
        self.at = AFTERWARDS
        self.app.editions.open_reviewing(self.by(self.secretary), edition, stage)

    def assign(self, edition: str, nomination: str, reviewer: Caller, stage: str = "panel") -> str:
        who = str(reviewer.participant)
        return self.app.reviews.assign(self.by(self.secretary), edition, stage, nomination, who)

    def score(self, reviewer: Caller, review: str, comment: str | None = None, **scores: int) -> str:
        version = self.service.ledger.events_of(_uuid(review))[-1].originator_version
        return self.app.reviews.score(self.by(reviewer), review, version, scores or SCORES, comment)

    # What is in the store.

    def events(self, topic: str, edition: str | None = None) -> list[Any]:
        """The events of this name in the order of the log, each with its `position`."""
        found = []
        for stored in self.service.ledger.notifications(0, 100_000):
            event: Any = self.service.ledger.mapper.to_domain_event(stored)
            if stored.topic == topic and edition in (None, event.edition):
                event.__dict__["position"] = stored.id
                found.append(event)
        return found

    def topics(self) -> list[str]:
        return [stored.topic for stored in self.service.ledger.notifications(0, 100_000)]

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        rows = self.service.ledger.rows
        return {table: int(rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]) for table in TABLES}


TABLES = ("stored_events", "leaves", "sealed", "participants", "tokens", "idempotency")


def outcome(command: Callable[[], str]) -> str:
    """What a command answers: an id, or the code of the refusal."""
    try:
        return command()
    except Refusal as refusal:
        return refusal.code


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


def acting_as(caller: Caller, role: str) -> Caller:
    """The same person by a token for another role."""
    return replace(caller, role=role)
