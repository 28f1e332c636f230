"""What a bundle shows: which lines, and which sealed values are due; docs/bundle.md, "What is in scope".

All follows from the log: the rules and the lots are in the first event of the edition; how far each decision is, and
which ballots are closed, in the events of its decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from awards.domain.values import Sealed, moment

AUDITOR, PUBLIC = PROFILES = ("auditor", "public")
KEPT_BACK = "ballot"
"""The class of what is secret until something ends: a choice until the ballot, a seed until a proposal tells it."""

RESULT = frozenset(f"edition.{what}" for what in ("planned", "recorded", "rules_changed", "cancelled")) | frozenset(
    f"decision.{what}" for what in ("honour_recorded", "withheld")
)
"""What publishing the result tells at any time."""

AFTER_EMBARGO = frozenset(f"decision.{what}" for what in ("announced", "conferred", "corrected", "revoked"))
"""What it tells from the end of the embargo of the decision."""


@dataclass
class Course:
    """How far a decision is: its category, the last step that counts, and until when it is not public."""

    category: str | None = None
    step: str = ""
    embargo: datetime | None = None

    def public(self, at: datetime) -> bool:
        """Whether it is public, or withheld and so never will be more public."""
        return self.step == "withheld" or self.told(at)

    def told(self, at: datetime) -> bool:
        """Whether its winners are public: announced, also if revoked since, and under no embargo any more."""
        return self.step in ("announced", "honour_recorded") and (self.embargo is None or self.embargo <= at)


STEPS = frozenset(("proposed", "returned", "approved", "withheld", "reopened", "announced", "honour_recorded"))


@dataclass
class Standing:
    """What decides on the scope, once it has taken the first event of the edition and all of its decisions."""

    profile: str
    at: datetime
    publish: str = "nothing"
    categories: frozenset[str] = frozenset()
    seeds: Mapping[str, Sealed] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    """Ids under which secrets are sealed that are secret no more."""

    def take(self, stream: str, topic: str, data: Mapping[str, Any]) -> None:
        """Go on with an event; one that says nothing about the scope is passed over."""
        kind, _, what = topic.partition(".")
        if topic == "edition.planned":
            rules = data["rules"]
            self.publish = rules["publish"]
            self.categories = frozenset(category["id"] for category in rules["categories"])
            self.seeds = data.get("seeds", {})
        elif topic == "edition.recorded":
            self.publish = "result"  # its winners are public from the beginning
        elif kind == "decision":
            self._decided(self.courses.setdefault(stream, Course()), what, data)

    def _decided(self, course: Course, what: str, data: Mapping[str, Any]) -> None:
        course.category = data.get("category", course.category)
        course.step = what if what in STEPS else course.step
        if what == "announced" or "embargo" in data:  # whatever changes an embargo tells it under this name
            course.embargo = moment(data["embargo"]) if "embargo" in data else None
        if what == "ballot_closed":
            self.ended.add(data["ballot"])
        elif what == "proposed" and "seed" in data:
            self.ended.update(self.seeds.get(data["stage"], {}).get("of", ()))

    @property
    def all_public(self) -> bool:
        """Whether every category has a decision that is public."""
        reached = {course.category for course in self.courses.values() if course.public(self.at)}
        return bool(self.categories) and reached >= self.categories

    @property
    def whole(self) -> bool:
        """Whether every line of the edition is shown."""
        return self.profile == AUDITOR or (self.publish == "scores" and self.all_public)

    def shows(self, stream: str, topic: str) -> bool:
        """Whether a line of the edition, or of its award, is shown."""
        if self.profile == AUDITOR:
            return True
        if topic.startswith("award.") or self.publish == "nothing":
            return False
        if self.whole or topic in RESULT:
            return True
        return topic in AFTER_EMBARGO and self.courses[stream].told(self.at)

    def due(self, reference: Sealed) -> bool:
        """Whether a value may be opened."""
        return self.profile == AUDITOR and (reference["class"] != KEPT_BACK or self.ended.issuperset(reference["of"]))


def references(value: Any) -> Iterator[Sealed]:
    """The sealed values that the data of an event refers to, in the order in which its line does."""
    if isinstance(value, dict):
        if "sd" in value:
            yield value
            return
        value = [value[name] for name in sorted(value)]
    if isinstance(value, list):
        for part in value:
            yield from references(part)
