"""Histories for the read models: aggregates that decide, values that are sealed, events that are recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.rules import completed
from awards.domain.values import Act
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside
from awards.ledger.sealed import seal

START = datetime(2026, 3, 1, 12, tzinfo=UTC)

STAGE: dict[str, Any] = {
    "id": "review",
    "name": {"en": "Review"},
    "rubric": [
        {"id": "impact", "name": {"en": "Impact"}, "weight": 3, "lead": True},
        {"id": "reach", "name": {"en": "Reach"}, "weight": 1},
    ],
    "scale": {"lowest": 1, "highest": 5},
    "method": {"name": "weighted-rubric-mean", "version": 1},
    "ties": ["lead-criterion", "joint-winners"],
    "quorum": 1,
    "minimum_reviews": 1,
}
RULES: dict[str, Any] = completed(
    {
        "categories": [{"id": "main", "name": {"en": "Main"}}],
        "stages": [STAGE],
        "nominators": "anyone",
        "self_nomination": False,
        "consent": "informed",
        "publish": "result",
        "runners_up": 1,
    }
)

CONFERRAL = {"occasion": {"en": "Peacekeepers' Day"}, "date": "2026-05-29", "place": "New York"}


@dataclass
class History:
    """Records what a test tells, a minute after what was before."""

    ledger: Ledger
    keys: KeyStore
    now: datetime = START
    sealed: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def begin(cls, url: str, keys_url: str, folder: Path) -> History:
        return cls(Ledger.open(url), KeyStore(keys_url, folder / "keys.key"))

    def close(self) -> None:
        self.ledger.close()
        self.keys.close()

    def act(self, by: str | None = None, role: str = "secretariat", **more: str) -> Act:
        self.now += timedelta(minutes=1)
        actor = {"kind": "participant", "id": by, "role": role, **more} if by else {"kind": "operator"}
        return Act(actor, self.now, str(uuid4()))

    def seal(self, name: str, value: object, *of: str, cls: str = "case") -> dict[str, Any]:
        reference, row = seal(name, value, of, cls, self.keys)
        self.sealed.append(row)
        return reference

    def record(self, *aggregates: Any) -> int:
        """Append what these have pending, with the values sealed since."""
        rows, self.sealed = self.sealed, []
        return self.ledger.append(aggregates, Alongside(rows=[("sealed", rows)] if rows else []))

    # Short ways.

    def award(self, slug: str = "advocate", **texts: Any) -> Award:
        award = Award.establish(self.act(), slug, texts.get("name", {"en": "Advocate"}), {"en": "The body"})
        self.record(award)
        return award

    def edition(self, award: Award, label: str = "2026", rules: dict[str, Any] | None = None) -> Edition:
        edition = Edition.plan(self.act(self.keys.mint()), award.key, label, rules or RULES)
        self.record(edition)
        return edition

    def open_edition(self, award: Award, label: str = "2026", **more: Any) -> Edition:
        edition = self.edition(award, label, **more)
        edition.open_call(self.act(), self.now, self.now + timedelta(days=7), "Europe/Vienna")
        self.record(edition)
        return edition

    def nominee(self, **attributes: str) -> dict[str, Any]:
        person = self.keys.mint()
        said = {"name": "Ada Lovelace", **attributes}
        return {
            "kind": "person",
            "participant": person,
            "attributes": {name: self.seal(name, value, person) for name, value in said.items()},
        }

    def nomination(self, edition: Edition, category: str = "main", **attributes: str) -> Nomination:
        nominee = self.nominee(**attributes)
        nominator = self.keys.mint()
        statement = self.seal("statement", "She was first.", nominee["participant"])
        nomination = Nomination.submit(
            self.act(nominator, "nominator"),
            uuid4(),
            edition.key,
            category,
            nominee,
            nominator,
            statement,
            False,
        )
        self.record(nomination)
        return nomination

    def eligible(self, edition: Edition, category: str = "main", **attributes: str) -> Nomination:
        nomination = self.nomination(edition, category, **attributes)
        nomination.rule_eligible(self.act(), "served", "meets_rules", "informed")
        self.record(nomination)
        return nomination

    def review(
        self,
        nomination: Nomination,
        reviewer: str,
        scores: Iterable[int] | None = None,
        stage: dict[str, Any] = STAGE,
        comment: str | None = None,
    ) -> Review:
        review = Review.assign(
            self.act(), str(nomination.edition), stage["id"], nomination.key, reviewer, nomination.interested()
        )
        if scores is not None:
            given = dict(zip(("impact", "reach"), scores, strict=True))
            said = self.seal("comment", comment, nomination.nominee["participant"]) if comment else None
            review.submit(self.act(reviewer, "reviewer"), stage, given, said)
        self.record(review)
        return review

    def winner(self, participant: str, nomination: str | None = None, **attributes: Any) -> dict[str, Any]:
        """A winner as `announced` and `honour_recorded` name one: everything sealed anew for publication."""
        citation = attributes.pop("citation", {"en": "For being first.", "fr": "Pour avoir été la première."})
        attributes = attributes or {"name": "Ada Lovelace"}
        said = {
            "participant": participant,
            "kind": "person",
            "attributes": {
                name: self.seal(name, value, participant, cls="public") for name, value in attributes.items()
            },
            "citation": self.seal("citation", citation, participant, cls="public"),
        }
        return said if nomination is None else {**said, "nomination": nomination}

    def published(self, nomination: Nomination, **attributes: Any) -> dict[str, Any]:
        """A nomination as `announced` names it."""
        return self.winner(nomination.nominee["participant"], nomination.key, **attributes)

    def honour(self, edition: Edition, category: str = "main", **attributes: Any) -> Decision:
        """A past winner from sources."""
        winner = self.winner(self.keys.mint(), **attributes)
        decision = Decision.record_honour(self.act(), edition.key, category, winner, ["press-2016"])
        self.record(decision)
        return decision

    def past_edition(self, award: Award, label: str) -> Edition:
        sources = [{"key": "press-2016", "title": "The press"}]
        edition = Edition.record(self.act(), award.key, label, sources)
        self.record(edition)
        return edition

    def approved(self, edition: Edition, nominations: list[Nomination], category: str = "main") -> Decision:
        """A decision of two people that gives the award to these nominations."""
        count = {
            "stage": "review",
            "outcome": "awarded",
            "method": {"name": "weighted-rubric-mean", "version": 1},
            "basis": {"size": self.ledger.position(), "root": "00"},
            "inputs": {"count": 1, "sha256": "00"},
            "decided_by": "none",
            "winners": sorted(nomination.key for nomination in nominations),
            "runners_up": [],
        }
        decision = Decision.propose(self.act("chair", "chair"), edition.key, category, count)
        decision.approve(self.act("second", "approver"))
        self.record(decision)
        return decision
