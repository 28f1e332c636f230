"""The edition as its report tells it, made of the lines that the bundle shows, one after another.

It grows with the streams and the steps of decisions, not with every event: what is said anew replaces what was said. A
sealed value is there as it was opened, or as a `Hidden` that says why it is not.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awards.bundle.scope import AUDITOR, Standing
from awards.domain.rules import with_stage

Data = dict[str, Any]
Opened = Mapping[str, str | None]


@dataclass(frozen=True)
class Hidden:
    """A sealed value that is not shown, and why."""

    why: str


COMMON = frozenset(("actor", "award", "causation", "class_version", "correlation", "edition", "nonce", "time"))
"""What every event carries."""

UNSAID = frozenset(("ballot", "inputs", "policy", "voter"))
"""What the report tells otherwise, or leaves to programs."""

BALLOT = ("ballot_opened", "vote_cast", "ballot_closed")
CONFLICTS = ("conflict_declared", "recused", "reinstated")
STATUS = {
    "accepted": "accepted",
    "declined": "declined",
    "ruled_eligible": "eligible",
    "ruled_ineligible": "ineligible",
    "withdrawn": "withdrawn",
}


class Story:
    """What happened, by what it happened to."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self.award: Data = {}
        self.label = ""
        self.rules: Data | None = None
        self.sources: list[Data] = []
        self.course: list[Data] = []
        self.people: dict[str, Data] = {}
        self.nominations: dict[str, Data] = {}
        self.reviews: dict[str, Data] = {}
        self.conflicts: list[Data] = []
        self.cleared: dict[str, int] = {}
        """Reviewer -> how often she declared that she has no conflict."""
        self.ballots: dict[str, Data] = {}
        self.decisions: dict[str, Data] = {}
        self.erased: list[Data] = []

    def take(self, stream: str, topic: str, data: Mapping[str, Any], opened: Opened) -> None:
        """Go on with a line; `opened` holds the disclosures of what is due, by digest, None where there is none."""
        kind, _, what = topic.partition(".")
        told = self._shown(dict(data), opened)
        step = {"what": what, "time": data["time"], "actor": data["actor"]}
        step["said"] = {name: value for name, value in told.items() if name not in COMMON | UNSAID}
        getattr(self, f"_{kind}")(stream, what, told, step)

    def _shown(self, value: Any, opened: Opened) -> Any:
        if isinstance(value, dict):
            if "sd" in value:
                return self._value(value, opened)
            return {name: self._shown(part, opened) for name, part in value.items()}
        return [self._shown(part, opened) for part in value] if isinstance(value, list) else value

    def _value(self, reference: Mapping[str, Any], opened: Opened) -> Any:
        if not self._standing.due(reference):
            return Hidden("not opened yet" if self._standing.profile == AUDITOR else "sealed")
        disclosure = opened[reference["sd"]]
        if disclosure is None:
            return Hidden("erased")
        return json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))[2]

    # One method a kind of stream.

    def _award(self, _stream: str, what: str, told: Data, _step: Data) -> None:
        if what in ("established", "revised"):
            self.award |= {name: told[name] for name in ("slug", "name", "awarding_body", "purpose") if name in told}

    def _edition(self, _stream: str, what: str, told: Data, step: Data) -> None:
        if what in ("planned", "recorded"):
            self.label, self.rules = told["label"], told.get("rules")
            self.sources = told.get("sources", [])
            step["said"] = {}
            self._person(told["actor"].get("id"), role=told["actor"]["role"], since=told["time"])
        elif what in ("role_entered", "panel_member_appointed"):
            named = {name: told[name] for name in ("name", "role", "seat", "stage") if name in told}
            self._person(told["participant"], since=told["time"], **named)
        elif what in ("role_left", "panel_member_discharged"):
            held = (told.get("role"), told.get("stage"))
            for one in self._person(told["participant"])["held"]:
                if (one.get("role"), one.get("stage")) == held and "until" not in one:
                    one |= {"until": told["time"], "code": told.get("code")}
        elif what == "participant_erased":
            self.erased.append(step)
        if what == "rules_changed" and self.rules is not None:
            self.rules = with_stage(self.rules, told["stage"], {k: told.get(k) for k in ("quorum", "minimum_reviews")})
        if not what.startswith(("role_", "panel_", "participant_")):
            self.course.append(step)

    def _person(self, participant: str | None, **told: Any) -> Data:
        person = self.people.setdefault(str(participant), {"held": []})
        if "name" in told:
            person["name"] = told.pop("name")
        if told:
            person["held"].append(told)
        return person

    def _name(self, named: Data) -> None:
        """Know somebody who only stands for an award by her name."""
        for one in (named, *named.get("members", ())):
            name = one.get("name", one.get("attributes", {}).get("name"))
            if name is not None:
                self.people.setdefault(one["participant"], {"held": []})["name"] = name

    def _nomination(self, stream: str, what: str, told: Data, step: Data) -> None:
        view = self.nominations.setdefault(stream, {"endorsers": {}, "steps": [], "status": "submitted"})
        if what in ("submitted", "amended"):
            view |= {name: told[name] for name in ("category", "nominee", "nominator", "statement") if name in told}
            view.setdefault("submitted", told["time"])
            self._name(told["nominee"])
            if "nominator_name" in told:
                self._person(told["nominator"])["name"] = told["nominator_name"]
        elif what == "endorsed":
            view["endorsers"][told["endorser"]] = told["name"]
        elif what == "endorsement_withdrawn":
            view["endorsers"].pop(told["endorser"], None)
        elif what != "file_opened":
            view["status"] = STATUS.get(what, view["status"])
            view["steps"].append(step)

    def _review(self, stream: str, what: str, told: Data, step: Data) -> None:
        view = self.reviews.setdefault(stream, {"status": ""})
        view |= {name: told[name] for name in ("stage", "nomination", "reviewer", "scores", "comment") if name in told}
        if what in CONFLICTS:
            where = {name: view[name] for name in ("nomination", "stage", "reviewer") if name in view}
            self.conflicts.append(step | {"said": where | step["said"]})
        elif what == "no_conflict_declared":
            self.cleared[view["reviewer"]] = self.cleared.get(view["reviewer"], 0) + 1
        if what not in ("conflict_declared", "no_conflict_declared"):
            view["status"] = what

    def _decision(self, stream: str, what: str, told: Data, step: Data) -> None:
        view = self.decisions.setdefault(stream, {"steps": []})
        view["category"] = step["said"].pop("category", view.get("category"))
        for named in (told.get("winner"), *told.get("winners", ()), *told.get("presented_by", ())):
            if isinstance(named, dict):
                self._name(named)
        if what not in BALLOT:
            view["steps"].append(step)
            return
        ballot = self.ballots.setdefault(told["ballot"], {"votes": {}})
        if what == "vote_cast":
            ballot["votes"][told["voter"]] = step
        else:
            ballot[what] = step
