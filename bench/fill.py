"""Filling a log: whole editions from the plan to the conferral, made by the domain, appended an edition at a time.

What the application would record command by command goes into few transactions, so that 200,000 events take well
under a minute. The mix is that of small panels: 9 to 25 nominees, 3 to 9 reviewers, four reviews a nomination.

    python -m bench.fill sqlite:///full.db --events 200000
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from awards.domain import judging
from awards.domain.award import Award
from awards.domain.decision import Decision
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.domain.stream import Stream
from awards.domain.values import Act
from awards.ledger.database import migrate
from awards.ledger.keys import PARTICIPANT, SUBJECT, KeyStore
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside
from awards.ledger.sealed import seal

EDITIONS_AN_AWARD = 20
START = datetime(2020, 1, 1, tzinfo=UTC)

STAGE: dict[str, Any] = {
    "id": "panel",
    "name": {"en": "Panel", "fr": "Jury"},
    "rubric": [
        {"id": "impact", "name": {"en": "Impact", "fr": "Effet"}, "weight": 3, "lead": True},
        {"id": "reach", "name": {"en": "Reach", "fr": "Portée"}, "weight": 2},
        {"id": "example", "name": {"en": "Example", "fr": "Exemple"}, "weight": 1},
    ],
    "scale": {"lowest": 1, "highest": 10},
    "method": {"name": "weighted-rubric-mean", "version": 1},
    "ties": ["lead-criterion", "joint-winners"],
    "quorum": 3,
    "minimum_reviews": 1,
}
RULES: dict[str, Any] = {
    "categories": [{"id": "main", "name": {"en": "Main", "fr": "Principal"}}],
    "stages": [STAGE],
    "nominators": "invited",
    "self_nomination": False,
    "consent": "informed",
    "publish": "result",
    "runners_up": 1,
}
GIVEN = "Ada Aïssatou Bodil Carla Djamila Elif Fatou Grace Hawa Irina Jyoti Kōko Leïla Marie Nadia Oluchi".split()
FAMILY = "Adeyemi Bâ Castro Diallo Estévez Fofana García Hossain Issaka Juma Kaya Larsen Müller Ndiaye Okoye".split()
RANKS = ("Captain", "Major", "Lieutenant Colonel", "Corporal")
COUNTRIES = ("NE", "KE", "BR", "IN", "ZA", "ZW", "GH", "SE")
MISSIONS = ("MINUSMA", "MINUSCA", "MONUSCO", "UNMISS", "UNIFIL", "UNISFA")
SENTENCE = "Brought women and men of the district to one table, and changed how patrols are planned. "


def fill(ledger: Ledger, keys: KeyStore, events: int, seed: int = 1325) -> int:
    """Append whole editions until the log holds at least so many events; return its position."""
    filling = Filling(ledger, keys, random.Random(seed))
    while (position := ledger.position()) < events:
        filling.add_edition()
    return position


class Filling:
    """Plays editions; what an aggregate has pending is collected step by step, so the log is in the order of time."""

    def __init__(self, ledger: Ledger, keys: KeyStore, chance: random.Random) -> None:
        self._ledger = ledger
        self._keys = keys
        self._chance = chance
        self._now = START
        self._editions = 0
        self._pending: list[Any] = []
        self._rows: dict[str, list[Mapping[str, Any]]] = {"participants": [], "sealed": []}
        self._regulars = [keys.mint(SUBJECT) for _ in range(40)]  # subjects who nominate and review again and again

    def add_edition(self) -> None:
        """One edition, from its plan to the conferral."""
        if self._editions % EDITIONS_AN_AWARD == 0:
            self._award = self._establish()
        label = str(2001 + self._editions % EDITIONS_AN_AWARD)
        self._editions += 1
        self._key = str(Edition.id_of(self._award.key, label))
        self._regular = iter(self._chance.sample(self._regulars, 40))
        secretariat, approver = self._person(regular=True), self._person(regular=True)
        self._office: Callable[[], Act] = lambda: self._act(secretariat, "secretariat")
        edition = Edition.plan(self._office(), self._award.key, label, RULES)
        edition.enter(self._office(), approver, "approver")
        panel = self._appoint(edition)
        edition.open_call(self._office(), self._now, self._now + timedelta(days=60), "Europe/Paris")
        self._keep(edition)
        eligible = [case for _ in range(self._chance.randint(9, 25)) if (case := self._nomination()).in_play()]
        edition.close_call(self._office())
        edition.open_reviewing(self._office(), "panel")
        self._keep(edition)
        reviews = [review for case in eligible for review in self._reviews(case, panel)]
        edition.close_reviewing(self._office(), "panel")
        edition.shortlist(self._office(), "panel", "main", [case.key for case in eligible])
        self._keep(edition)
        self._flush()
        self._decide(eligible, reviews, panel[0], approver)
        self._flush()

    def _establish(self) -> Award:
        name = f"Award {self._editions // EDITIONS_AN_AWARD + 1}"
        act = Act({"kind": "operator", "role": "operator"}, self._now, str(uuid4()))
        award = Award.establish(act, name.lower().replace(" ", "-"), {"en": name}, {"en": "The awarding body"})
        self._keep(award)
        return award

    def _appoint(self, edition: Edition) -> list[str]:
        panel = [self._person(regular=True) for _ in range(self._chance.randint(3, 9))]
        for place, member in enumerate(panel):
            name = self._seal("name", self._name(), member)
            edition.appoint(self._office(), "panel", member, "member" if place else "chair", name)
        return panel

    def _nomination(self) -> Nomination:
        nominee, nominator = self._person(), self._person(regular=self._chance.random() < 0.2)
        told = {
            "name": self._name(),
            "rank": self._chance.choice(RANKS),
            "country": self._chance.choice(COUNTRIES),
            "mission": self._chance.choice(MISSIONS),
        }
        case = Nomination.submit(
            self._act(nominator, "nominator"),
            uuid4(),
            self._key,
            "main",
            {
                "kind": "person",
                "participant": nominee,
                "attributes": {name: self._seal(name, value, nominee) for name, value in told.items()},
            },
            nominator,
            self._seal("statement", SENTENCE * 8, nominee),
            False,
        )
        if self._chance.random() < 0.4:
            endorser = self._person()
            name = self._seal("name", self._name(), endorser)
            case.endorse(self._act(endorser, "endorser"), endorser, name, self._seal("statement", SENTENCE, nominee))
        if self._chance.random() < 0.6:
            case.accept(self._act(nominee, "nominee"), "informed")
        if self._chance.random() < 0.9:
            case.rule_eligible(self._office(), "served-in-mission", "meets_rules", "informed")
        else:
            text = self._seal("text", SENTENCE, nominee)
            case.rule_ineligible(self._office(), "served-in-mission", "not_in_mission", text)
        self._keep(case)
        return case

    def _reviews(self, case: Nomination, panel: list[str]) -> list[Review]:
        reviews = []
        able = [member for member in panel if member not in case.interested()]
        for reviewer in self._chance.sample(able, min(4, len(able))):
            review = Review.assign(self._office(), self._key, "panel", case.key, reviewer, case.interested())
            act = self._act(reviewer, "reviewer")
            if self._chance.random() < 0.03:
                review.declare_conflict(act, "same_unit", self._seal("text", SENTENCE, reviewer))
            else:
                comment = self._seal("comment", SENTENCE * 2, case.nominee["participant"])
                review.submit(act, STAGE, self._scores(), comment)
                reviews.append(review)
            if review.scores and self._chance.random() < 0.1:
                review.revise(self._act(reviewer, "reviewer"), STAGE, self._scores())
            self._keep(review)
        return reviews

    def _scores(self) -> dict[str, int]:
        return {criterion["id"]: self._chance.randint(1, 10) for criterion in STAGE["rubric"]}

    def _decide(self, eligible: list[Nomination], reviews: list[Review], chair: str, approver: str) -> None:
        cases = {case.key: case for case in eligible}
        counted = [judging.CountedReview(one.reviewer, one.nomination, one.scores) for one in reviews if one.scores]
        ranking = judging.rank(STAGE, cases, counted, 1)
        size, root = self._ledger.basis()
        streams = self._ledger.edition_streams(self._key, size)
        taken = {*cases, *(review.key for review in reviews)}
        count, digest = judging.inputs_digest(
            (stream, version, judging.COUNTED if stream in taken else judging.NOT_COUNTED)
            for stream, version in streams
        )
        said = {
            "stage": "panel",
            "outcome": "awarded",
            "method": {**STAGE["method"], "parameters": {"scale": STAGE["scale"], "ties": STAGE["ties"]}},
            "basis": {"size": size, "root": root},
            "inputs": {"count": count, "sha256": digest},
            "decided_by": ranking.decided_by,
            "winners": [entry.nomination for entry in ranking.winners],
            "runners_up": [entry.nomination for entry in ranking.runners_up(1)],
        }
        decision = Decision.propose(self._act(chair, "chair"), self._key, "main", said)
        decision.approve(self._act(approver, "approver"))
        winners = [self._published(cases[nomination]) for nomination in decision.chosen]
        decision.announce(self._office(), winners, [self._published(cases[next_]) for next_ in decision.next_ranked])
        presenter = self._person()
        conferral = {
            "occasion": {"en": "Peacekeepers’ Day", "fr": "Journée des Casques bleus"},
            "date": self._now.date().isoformat(),
            "place": "New York",
            "presented_by": [{"participant": presenter, "name": self._seal("name", self._name(), presenter, "public")}],
        }
        decision.confer(self._office(), conferral)
        self._keep(decision)

    def _published(self, case: Nomination) -> dict[str, Any]:
        who = case.nominee["participant"]
        told = {"name": self._name(), "rank": "Major", "country": "NE", "mission": "MINUSMA"}
        return {
            "nomination": case.key,
            "kind": "person",
            "participant": who,
            "attributes": {name: self._seal(name, value, who, "public") for name, value in told.items()},
            "citation": self._seal("citation", {"en": SENTENCE.strip()}, who, "public"),
        }

    # Small parts.

    def _act(self, by: str, role: str) -> Act:
        self._now += timedelta(minutes=1)
        return Act({"kind": "participant", "id": by, "role": role}, self._now, str(uuid4()))

    def _person(self, *, regular: bool = False) -> str:
        participant = self._keys.mint(PARTICIPANT)
        subject = next(self._regular) if regular else self._keys.mint(SUBJECT)
        row = {"participant": participant, "edition": self._key, "subject": subject}
        self._rows["participants"].append(row)
        return participant

    def _seal(self, name: str, value: object, about: str, cls: str = "case") -> dict[str, Any]:
        reference, row = seal(name, value, [about], cls, self._keys)
        self._rows["sealed"].append(row)
        return reference

    def _name(self) -> str:
        return f"{self._chance.choice(GIVEN)} {self._chance.choice(FAMILY)}"

    def _keep(self, aggregate: Stream) -> None:
        self._pending += aggregate.collect_events()

    def _flush(self) -> None:
        rows = tuple((table, list(some)) for table, some in self._rows.items() if some)
        self._ledger.append(self._pending, Alongside(rows=rows))
        self._pending.clear()
        for some in self._rows.values():
            some.clear()


def main() -> None:
    """Fill the database at a URL, its key store beside it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("url", help="sqlite:///file.db")
    parser.add_argument("--keys", required=True, help="the key store: sqlite:///keys.db")
    parser.add_argument("--key-file", required=True, type=Path)
    parser.add_argument("--events", type=int, default=200_000)
    options = parser.parse_args()
    migrate(options.url)
    ledger, keys = Ledger.open(options.url), KeyStore(options.keys, options.key_file)
    try:
        print(f"{fill(ledger, keys, options.events):,} events")
    finally:
        keys.close()
        ledger.close()


if __name__ == "__main__":
    main()
