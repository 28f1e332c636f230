"""One scenario: an award of its own, and how its edition goes, step by step, up to where the scenario begins."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from tests.features.clock import Clock, let_pass
from tests.features.driver import Driver, View
from tests.features.house import House
from tests.features.scene import SECRETARIAT, Scene

STAGE = {
    "id": "review",
    "name": {"en": "Review"},
    "rubric": [
        {"id": "impact", "name": {"en": "Impact"}, "weight": 2, "lead": True},
        {"id": "initiative", "name": {"en": "Initiative"}, "weight": 1},
    ],
    "scale": {"lowest": 1, "highest": 5},
    "method": {"name": "weighted-rubric-mean", "version": 1},
    "ties": ["lead-criterion", "joint-winners"],
    "quorum": 1,
    "minimum_reviews": 1,
}
RULES: View = {
    "categories": [{"id": "main", "name": {"en": "Main"}}],
    "stages": [STAGE],
    "nominators": "invited",
    "self_nomination": False,
    "consent": "informed",
    "publish": "result",
    "runners_up": 0,
}
NAMED = {"name": {"en": "Advocate of the Year"}, "awarding_body": {"en": "United Nations"}}


class World(Scene):
    """What the steps of a scenario share; each part of the course does what it needs before it."""

    def __init__(self, way: Driver, short: Driver, clock: Clock, house: House) -> None:
        super().__init__(way, short, clock, house)
        self.rules = deepcopy(RULES)
        self.remembered = clock.now()

    # Planning and the call.

    def establish(self, slug: str | None = None, **texts: Any) -> None:
        award = self.secretariat("awards.establish", slug=slug or self.slug, **{**deepcopy(NAMED), **texts})
        self.award = award["id"]

    def plan(self) -> None:
        if not self.award:
            self.establish()
        planned = self.secretariat("editions.plan", award=self.award, label="2026", rules=self.rules)
        self.edition = planned["id"]

    def record(self, label: str, source: str) -> None:
        """A past edition, known from a source."""
        if not self.award:
            self.establish()
        known = [{"key": source, "title": source.capitalize()}]
        self.edition = self.secretariat("editions.record", award=self.award, label=label, sources=known)["id"]

    def need_edition(self) -> None:
        if not self.edition:
            self.plan()

    def open_call(self, opens: timedelta = timedelta(0), closes: timedelta = timedelta(days=7)) -> None:
        self.need_edition()
        now = self.clock.now()
        self._open(now + opens, now + closes)

    def open_call_that_passes(self) -> None:
        self.need_edition()
        opens = self.clock.now() - timedelta(days=7)
        let_pass(self.clock, lambda closes: self._open(opens, closes), "deadline_not_later")

    def _open(self, opens: datetime, closes: datetime) -> None:
        self.secretariat("editions.open_call", edition=self.edition, opens=opens, closes=closes, zone="Africa/Accra")

    def nominate(self, who: str, name: str, statement: str = "She led from the front.", **facts: Any) -> None:
        person = {"kind": "person", "name": name, "rank": "Major", "country": "GH", "mission": "MINUSCA"}
        case = {
            "category": "main",
            "nominee": {**person, "unit": "Engagement"},
            "statement": statement,
            **facts,
        }
        made = self.do(who, "nominations.submit", edition=self.edition, **case)
        self.nominations[name] = made["id"]

    def rule(
        self,
        nominee: str,
        outcome: str = "eligible",
        rule: str = "served-in-mission",
        code: str = "served",
        who: str = SECRETARIAT,
    ) -> None:
        facts = {"outcome": outcome, "rule": rule, "code": code}
        self.do(who, "nominations.rule", nomination=self.nominations[nominee], **facts)

    def review_of(self, *nominees: str, ineligible: tuple[str, ...] = ()) -> None:
        """Reviewing is open for eligible nominees, with Ravi and Rosa as members of the panel."""
        self.open_call()
        for nominee in (*nominees, *ineligible):
            self.nominate("the nominator", nominee)
            self.rule(nominee, "ineligible" if nominee in ineligible else "eligible")
        for who, seat in (("Ravi", "member"), ("Rosa", "member"), ("the chair", "chair")):
            self.appoint(who, seat)
        self.secretariat("editions.close_call", edition=self.edition)
        self.secretariat("editions.open_reviewing", edition=self.edition, stage=self.stage)

    def assign(self, nominee: str, reviewer: str, stage: str | None = None, who: str = "the chair") -> None:
        stage = stage or self.stage
        facts = {"stage": stage, "nomination": self.nominations[nominee], "reviewer": self.participant(reviewer)}
        made = self.do(who, "reviews.assign", edition=self.edition, **facts)
        self.reviews[nominee, reviewer, stage] = made["id"]

    def review(self, nominee: str, reviewer: str, stage: str | None = None) -> str:
        """The id of a review."""
        return self.reviews[nominee, reviewer, stage or self.stage]

    def score(self, reviewer: str, nominee: str, impact: int, initiative: int) -> None:
        if (nominee, reviewer, self.stage) not in self.reviews:
            self.assign(nominee, reviewer)
        scores = {"impact": impact, "initiative": initiative}
        self.do(reviewer, "reviews.score", review=self.review(nominee, reviewer), scores=scores, comment="steady")

    def close_reviewing(self, who: str = "the chair") -> None:
        self.do(who, "editions.close_reviewing", edition=self.edition, stage=self.stage)

    def shortlist(self, *nominees: str, who: str = "the chair") -> None:
        listed = [self.nominations[nominee] for nominee in nominees]
        facts = {"stage": self.stage, "category": "main", "nominations": listed}
        self.do(who, "editions.shortlist", edition=self.edition, **facts)

    def review_all(self, impact_of: dict[str, int]) -> None:
        """Reviewing is over, with one review of each nominee."""
        self.review_of(*impact_of)
        for nominee, impact in impact_of.items():
            self.score("Ravi", nominee, impact, 3)
        self.close_reviewing()

    def propose(self, who: str = "the chair", **facts: Any) -> None:
        if not self.edition or not self.nominations:
            self.review_all({"Ama": 5, "Bintou": 4})
        self.decision = self.do(who, "decisions.propose", edition=self.edition, category="main", **facts)["id"]

    def approve(self) -> None:
        if not self.decision:
            self.propose()
        self.do("the approver", "decisions.approve", decision=self.decision)

    def announce(
        self, embargo: datetime | None = None, citations: dict[str, str] | None = None, who: str = SECRETARIAT
    ) -> None:
        """Announce the decision, by default with a citation for each of its winners."""
        winners = self.see(SECRETARIAT, "decision", decision=self.decision)["winners"]
        texts = {winner["nomination"]: {"en": "for two years of patrols"} for winner in winners}
        if citations is not None:
            texts = {self.nominations[nominee]: {"en": text} for nominee, text in citations.items()}
        self.do(who, "decisions.announce", decision=self.decision, citations=texts, embargo=embargo)

    def approve_and_announce(self) -> None:
        self.approve()
        self.announce()

    def confer(self, winners: list[str] | None = None) -> None:
        """Give the award in Vancouver, to all winners or to those named by their participants."""
        facts = {"occasion": {"en": "Ministerial meeting"}, "date": "2017-11-15", "place": "Vancouver"}
        given = {"conferral": facts, "presented_by": ["The Under-Secretary"], "winners": winners}
        self.secretariat("decisions.confer", decision=self.decision, **given)

    def correct(self, nominee: str, field: str, stands: object, rival: object, source: str) -> None:
        facts = {"field": field, "stands": stands, "rival": rival, "sources": [source]}
        self.secretariat("decisions.correct", decision=self.decision, winner=self.winner(nominee), **facts)


STATES: dict[str, Callable[[World], object]] = {
    "proposed": World.propose,
    "approved": World.approve,
    "announced": World.approve_and_announce,
}
"""How far a decision may be."""
