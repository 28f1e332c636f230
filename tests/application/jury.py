"""What the tests of duties and of changes in the jury share: an edition under review, and what happened in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from awards.access import Caller
from awards.application.desk import Arrival
from awards.domain.review import Review
from tests.application.house import ONE_STAGE, House

SEATS = {"rosa": "reviewer", "rudi": "reviewer", "chair": "chair", "deputy": "deputy"}


class Jury:
    """Two nominations by Nadia, a panel of four, an approver and an auditor; reviewing is open unless told not to."""

    def __init__(self, house: House, label: str = "2026", *, reviewing: bool = True, **rules: Any) -> None:
        self.house, self.app = house, house.app
        self.edition = house.edition(ONE_STAGE | rules, label)
        self.people: dict[str, Caller] = {"secretary": house.secretary}
        for who, role in ({"nadia": "nominator", "abel": "approver", "ada": "auditor"} | SEATS).items():
            self.join(who, role)
        self.irina = house.eligible(self.edition, self.people["nadia"], "Irina")
        self.olga = house.eligible(self.edition, self.people["nadia"], "Olga")
        if reviewing:
            house.reviewing(self.edition)

    def join(self, who: str, role: str, **told: Any) -> Caller:
        self.people[who] = self.house.member(self.edition, role, who.title(), **told)
        return self.people[who]

    def by(self, who: str) -> Arrival:
        return self.house.by(self.people[who])

    def id(self, who: str) -> str:
        return str(self.people[who].participant)

    def nominee(self, nomination: str) -> str:
        case: Any = self.house.app.desk.streams.get(UUID(nomination))
        return str(case.nominee["participant"])

    def assign(self, nomination: str, who: str) -> str:
        return self.house.assign(self.edition, nomination, self.people[who])

    def scored(self, nomination: str, who: str, **scores: int) -> str:
        review = self.assign(nomination, who)
        return self.house.score(self.people[who], review, None, **scores)

    def review(self, review: str) -> Review:
        found: Any = self.house.app.desk.streams.get(UUID(review))
        assert isinstance(found, Review)
        return found

    def link(self, one: str, other: str) -> str:
        return self.app.editions.link_participants(self.by("secretary"), self.edition, [one, other], "same-person")

    def close(self) -> None:
        self.app.editions.close_reviewing(self.by("secretary"), self.edition, "panel")

    def propose(self, who: str = "chair") -> str:
        return self.app.decisions.propose(self.by(who), self.edition, "main")

    def standing(self) -> dict[str, int]:
        """Nomination -> how many reviews count."""
        found = self.app.reading.standing(self.by("secretary"), self.edition, "panel", "main")
        return {entry["nomination"]: entry["reviews"] for entry in found["ranking"]["entries"]}

    def happened(self, since: int) -> list[str]:
        """The names of what was recorded after so many events."""
        return self.house.topics()[since:]

    def size(self) -> int:
        return len(self.house.topics())
