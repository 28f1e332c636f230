"""Whom and what the tests of the API play with: tokens as the command line issues them, everything else over HTTP."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from tests.api.client import Answer, Client

Facts = dict[str, Any]

STAGE: Facts = {
    "id": "panel",
    "name": {"en": "Panel", "fr": "Jury"},
    "rubric": [
        {"id": "impact", "name": {"en": "Impact"}, "weight": 2, "lead": True},
        {"id": "reach", "name": {"en": "Reach"}, "weight": 1},
    ],
    "scale": {"lowest": 0, "highest": 10},
}
STATEMENT = "She brought patrols and women's groups together."


def now() -> datetime:
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Person:
    """Somebody in an edition, with a token for one role there."""

    participant: str
    token: str


@dataclass
class Play:
    """A running service, and the secretariat and the approver of all its awards."""

    api: Client
    service: Service
    secretariat: str = field(init=False)
    approver: str = field(init=False)

    def __post_init__(self) -> None:
        self.secretariat = self._registered("Ada", "secretariat")
        self.approver = self._registered("Bo", "approver")

    def _registered(self, name: str, role: str) -> str:
        people = self.service.application.people
        return people.issue_token(self._operator(), people.register(self._operator(), name, role), role)

    def _operator(self) -> Arrival:
        return Arrival(OPERATOR, now())

    def events(self) -> int:
        """How many events the log holds."""
        return self.service.ledger.position()

    def did(self, answer: Answer, status: int = 200) -> Facts:
        """What was answered, having checked that it was done."""
        assert answer.status == status, answer.text
        told: Facts = answer.json
        return told

    # Awards and editions.

    def award(self, **facts: Any) -> Facts:
        """A new award."""
        body = {
            "slug": f"award-{secrets.token_hex(6)}",
            "name": {"en": "Award of the Year", "fr": "Prix de l'année"},
            "awarding_body": {"en": "The Office"},
            **facts,
        }
        return self.did(self.api.post("awards", body, self.secretariat), 201)

    def edition(self, award: Facts | None = None, label: str = "2026", **rules: Any) -> Facts:
        """A planned edition, of a new award unless one is given."""
        award = award or self.award()
        body = {"label": label, "rules": {"stages": [STAGE], **rules}}
        return self.did(self.api.post(f"awards/{award['slug']}/editions", body, self.secretariat), 201)

    def act(self, edition: Facts, what: str, body: Facts, token: str | None = None) -> Facts:
        """An act on an edition."""
        return self.did(self.api.post(f"editions/{edition['id']}/{what}", body, token or self.secretariat))

    def open(self, **rules: Any) -> Facts:
        """An edition whose call is open."""
        edition = self.edition(**rules)
        opens, closes = now() - timedelta(minutes=1), now() + timedelta(hours=1)
        return self.act(
            edition, "open-call", {"opens": written(opens), "closes": written(closes), "zone": "Europe/Paris"}
        )

    def enter(self, edition: Facts, role: str = "nominator", name: str = "Chidi") -> Person:
        """Somebody new in a role."""
        who = self.act(edition, "enter", {"role": role, "name": name})["participant"]
        return Person(who, self.token(edition, who, role))

    def appoint(self, edition: Facts, seat: str = "member", stage: str = "panel") -> Person:
        """Somebody new on the panel."""
        who = self.act(edition, "appoint", {"stage": stage, "seat": seat, "name": f"A {seat}"})["participant"]
        return Person(who, self.token(edition, who, "reviewer" if seat == "member" else seat))

    def token(self, edition: Facts, participant: str, role: str) -> str:
        """A token for a role in an edition."""
        return self.service.application.people.issue_edition_token(self._operator(), edition["id"], participant, role)

    def link(self, nomination: Facts, role: str) -> str:
        """A token for the nominee or an endorser of one nomination."""
        return self.service.application.people.issue_link(self._operator(), nomination["id"], role)

    # Nominations, reviews, decisions.

    def submit(self, edition: Facts, token: str, name: str = "Suman Gawani", **nominee: Any) -> Facts:
        """A nomination."""
        body = {"nominee": {"name": name, **nominee}, "statement": STATEMENT}
        if token == self.secretariat:
            body["on_behalf_of"] = "Chidi"
        return self.did(self.api.post(f"editions/{edition['id']}/nominations", body, token), 201)

    def eligible(self, edition: Facts, token: str, name: str = "Suman Gawani", **nominee: Any) -> Facts:
        """A nomination whose nominee has accepted and which is ruled eligible."""
        nomination = self.submit(edition, token, name, **nominee)
        path = f"nominations/{nomination['id']}"
        self.did(self.api.post(f"{path}/answer", {"answer": "accepted"}, self.secretariat))
        ruling = {"outcome": "eligible", "rule": "service", "code": "meets-the-rules"}
        return self.did(self.api.post(f"{path}/rule", ruling, self.secretariat))

    def assign(self, edition: Facts, nomination: Facts, reviewer: Person) -> Facts:
        """A review to be made."""
        body = {"stage": "panel", "nomination": nomination["id"], "reviewer": reviewer.participant}
        return self.did(self.api.post(f"editions/{edition['id']}/reviews", body, self.secretariat), 201)

    def score(self, review: Facts, token: str, impact: int, reach: int) -> Facts:
        """A review made."""
        path = f"reviews/{review['id']}"
        etag = self.api.get(path, token).etag
        body = {"scores": {"impact": impact, "reach": reach}, "comment": "Solid."}
        return self.did(self.api.put(path, body, token, If_Match=etag))

    def recorded(self, award: Facts | None = None, label: str = "2019", **winner: Any) -> Facts:
        """A past edition of one winner; gives the decision."""
        award = award or self.award()
        body: Facts = {"label": label, "sources": [{"key": "gazette", "title": "The Gazette, 29 May 2019"}]}
        edition = self.did(self.api.post(f"awards/{award['slug']}/past-editions", body, self.secretariat), 201)
        return self.honour(edition, **winner)

    def honour(self, edition: Facts, **winner: Any) -> Facts:
        """One more winner of a past edition; gives the decision."""
        citation = winner.pop("citation", {"en": "For her service.", "fr": "Pour son service."})
        body = {"winner": {"name": "Suman Gawani", **winner}, "sources": ["gazette"], "citation": citation}
        return self.did(self.api.post(f"editions/{edition['id']}/honours", body, self.secretariat), 201)
