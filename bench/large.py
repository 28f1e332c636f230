"""A large edition: files of nominations and reviews by a seeded generator, and the edition they are imported into.

As many as were measured elsewhere: HotCRP, which loads 2,966 submissions and 11,452 reviews, and lists them by score.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from awards.access import OPERATOR, Caller
from awards.app import Service
from awards.application.desk import Arrival
from awards.importing import Import
from bench.client import get
from bench.fill import COUNTRIES, FAMILY, GIVEN, MISSIONS, RANKS, RULES, SENTENCE, STAGE

PANEL = 40
CRITERIA = [criterion["id"] for criterion in STAGE["rubric"]]


@dataclass(frozen=True)
class Size:
    """How many there are of each."""

    nominations: int
    reviews: int


HOTCRP = Size(2_966, 11_452)
HOTCRP_LOADS, HOTCRP_LISTS = 48.0, 0.22
"""Seconds HotCRP took for that, on a machine of this kind, in another run; quoted, not measured here."""
SMALL = Size(60, 232)


@dataclass(frozen=True)
class Files:
    """What is to be imported."""

    nominations: Path
    reviews: Path
    size: Size


def write_files(folder: Path, size: Size, seed: int = 1325) -> Files:
    """Both files, the same for the same seed."""
    chance = random.Random(seed)
    files = Files(folder / f"nominations-{size.nominations}.csv", folder / f"reviews-{size.reviews}.csv", size)
    _write(files.nominations, [_nomination(chance, number) for number in range(size.nominations)])
    _write(files.reviews, _reviews(chance, size))
    return files


def _nomination(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "ref": f"N-{number:05}",
        "name": _name(chance),
        "rank": chance.choice(RANKS),
        "country": chance.choice(COUNTRIES),
        "mission": chance.choice(MISSIONS),
        "statement": SENTENCE * 8,
        "nominator": _name(chance),
        "outcome": "eligible",
        "rule": "served-in-mission",
        "code": "meets-rules",
    }


def _reviews(chance: random.Random, size: Size) -> list[dict[str, Any]]:
    """As even as can be over the nominations, each by different members."""
    lines = []
    for number in range(size.nominations):
        more = number < size.reviews % size.nominations
        for member in chance.sample(range(PANEL), size.reviews // size.nominations + more):
            line: dict[str, Any] = {"nomination": f"N-{number:05}", "reviewer": f"Reviewer {member}"}
            line |= {f"scores.{criterion}": chance.randint(1, 10) for criterion in CRITERIA}
            lines.append({**line, "comment": SENTENCE * 2})
    return lines


def _name(chance: random.Random) -> str:
    return f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"


def _write(file: Path, lines: list[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def timed(act: Callable[[], object]) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


class Stand:
    """An edition that such files can be imported into, and who runs it."""

    def __init__(self, service: Service, label: str = "2032") -> None:
        self.app = service.application
        self.service = service
        now = datetime.now(UTC)
        operator = Arrival(OPERATOR, now)
        people = self.app.people
        office = people.issue_token(operator, people.register(operator, "An office", "secretariat"), "secretariat")
        self.office = self._caller(office)
        award = self.app.awards.establish(operator, f"large-{label}", {"en": "Large"}, {"en": "Large"})
        self.edition = self.app.editions.plan(self.by(self.office), award, label, RULES)
        self.app.editions.open_call(self.by(self.office), self.edition, now, now + timedelta(days=30), "UTC")
        chair = self.app.editions.appoint(self.by(self.office), self.edition, "panel", "chair", name="The chair")
        self.token = people.issue_edition_token(operator, self.edition, chair, "chair")
        self.chair = self._caller(self.token)

    def by(self, caller: Caller) -> Arrival:
        """An arrival now."""
        return Arrival(caller, datetime.now(UTC))

    def load(self, *files: Path) -> None:
        """As `awards import --appoint` does."""
        run = Import(self.app, self.by(OPERATOR), self.edition, files, appoint=True)
        run.check()
        run.record()

    def begin_reviewing(self) -> None:
        """The call is closed; so many sit that reviewing can be opened; the others are seated by the import."""
        for member in range(STAGE["quorum"] - 1):
            self.app.editions.appoint(self.by(self.office), self.edition, "panel", "member", name=f"Reviewer {member}")
        self.app.editions.close_call(self.by(self.office), self.edition)
        self.app.editions.open_reviewing(self.by(self.office), self.edition, "panel")

    def end_reviewing(self) -> None:
        self.app.editions.close_reviewing(self.by(self.office), self.edition, "panel")

    def rank(self) -> None:
        """The whole ranking, as the chair sees it."""
        self.app.reading.standing(self.by(self.chair), self.edition, "panel", "main")

    def page(self) -> bytes:
        """The request for the first 50 places."""
        path = f"/api/v1/editions/{self.edition}/standing?stage=panel&limit=50"
        return get(path, Authorization=f"Bearer {self.token}")

    def _caller(self, token: str) -> Caller:
        found = self.app.people.caller(token, datetime.now(UTC))
        assert found is not None
        return found
