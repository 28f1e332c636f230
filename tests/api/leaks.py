"""An edition in which everything that could leak is unmistakable, and a reader who opens every door there is.

What is planted is a text, an id or a score that stands for one aspect; `Seen.bears` says which aspects are in all the
bytes of all answers, headers included, that a reader gets from every GET operation the API declares.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from awards.api import GROUPS
from awards.api.op import Operation
from awards.domain.decision import Decision
from tests.api.client import Answer
from tests.api.play import STAGE, Facts, Person, Play, now, written

IMPACT, REACH = 937, 953
SCALE = {"scale": {"lowest": 0, "highest": 1000}, "ties": ["lead-criterion", "joint-winners"]}
PANEL, STAFF, OUTSIDE = ("reviewer", "chair", "deputy"), ("secretariat", "approver", "auditor"), ("nominator",)
PHASES = ("before", "own_in", "closed", "decided", "announced")
PLANTED = ("nominator", "endorser", "nominee", "unit", "comment", "rudi")
FLEETING = ("date", "server", "x-request-id", "traceparent")
READS = [operation for group in GROUPS for operation in group.declared if operation.method == "GET"]


@dataclass
class Seen:
    """All that a reader was answered with, by address."""

    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Every byte, headers included."""
        return "\n".join(
            f"{answer.status} {sorted(told(answer.headers).items())} {answer.data.decode()}"
            for answer in self.answers.values()
        )

    @property
    def etags(self) -> dict[str, str]:
        return {path: answer.headers.get("etag", str(answer.status)) for path, answer in self.answers.items()}


def told(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that do not differ from one answer to the next."""
    return {name: value for name, value in headers.items() if name not in FLEETING}


class Stage:
    """One edition under review: a case with everything in it, and a panel of three and one more."""

    def __init__(self, play: Play, sight: Facts | None = None, **rules: Any) -> None:
        self.play, self.api = play, play.api
        mark = secrets.token_hex(4)
        self.names = {name: f"{name}-canary-{mark}" for name in PLANTED}
        rules |= {"sight": sight} if sight else {}
        self.edition = play.open(stages=[STAGE | SCALE], consent="informed", **rules)
        self.nominator = play.enter(self.edition, "nominator", self.names["nominator"])
        self.case = self._nominate(self.names["nominee"], unit=self.names["unit"])
        self.other, self.third_case = self._nominate("Another"), self._nominate("A third")
        self.links = {role: play.link(self.case, role) for role in ("nominee", "endorser")}
        told = {"name": self.names["endorser"], "statement": "I was there."}
        self._did(f"nominations/{self.case['id']}/endorse", told, self.links["endorser"])
        self.people = {role: self._appoint(role) for role in PANEL}
        self.rudi = self._appoint("reviewer", self.names["rudi"])
        self.auditor = play.enter(self.edition, "auditor", "Ines")
        self.act("close-call", {})
        self.act("reviewing", {"stage": "panel", "state": "open"})
        self.ballots: list[str] = []
        self.reviews: dict[str, Facts] = {}
        for name, person in {**self.people, "rudi": self.rudi}.items():
            self.reviews[name] = play.assign(self.edition, self.case, person)
        self.score("rudi", IMPACT, REACH, self.names["comment"])
        self.pasts = [written(now())]

    def _nominate(self, name: str, **facts: Any) -> Facts:
        case = self.play.submit(self.edition, self.nominator.token, name, **facts)
        ruling = {"outcome": "eligible", "rule": "service", "code": "meets-the-rules"}
        return self._did(f"nominations/{case['id']}/rule", ruling, self.play.secretariat)

    def _appoint(self, role: str, name: str = "") -> Person:
        facts = {"stage": "panel", "seat": "member" if role == "reviewer" else role, "name": name or f"The {role}"}
        who = self.act("appoint", facts)["participant"]
        return Person(who, self.play.token(self.edition, who, role))

    def _did(self, path: str, body: Facts, token: str) -> Facts:
        return self.play.did(self.api.post(path, body, token))

    def act(self, what: str, body: Facts, token: str | None = None) -> Facts:
        """An act on the edition, by the secretariat unless somebody else is named."""
        return self.play.act(self.edition, what, body, token)

    def token(self, reader: str) -> str:
        """How somebody signs in."""
        staff = {"secretariat": self.play.secretariat, "approver": self.play.approver, "auditor": self.auditor.token}
        panel = {name: person.token for name, person in self.people.items()}
        return {**staff, **panel, **self.links, "nominator": self.nominator.token, "rudi": self.rudi.token}[reader]

    def person(self, name: str) -> Person:
        """Somebody on the panel."""
        return self.rudi if name == "rudi" else self.people[name]

    def score(self, who: str, impact: int, reach: int, comment: str = "Own words.", review: str | None = None) -> None:
        """A review made, or made anew; by default that of the case."""
        path, token = f"reviews/{self.reviews[review or who]['id']}", self.token(who)
        body = {"scores": {"impact": impact, "reach": reach}, "comment": comment}
        self.play.did(self.api.put(path, body, token, If_Match=self.api.get(path, token).etag))

    def ask(self, **told: Any) -> str:
        """A question to the panel, put by the chair."""
        path = f"editions/{self.edition['id']}/ballots"
        self.ballots.append(self.play.did(self.api.post(path, told, self.token("chair")), 201)["id"])
        return self.ballots[-1]

    def vote(self, who: str, ballot: str, *groups: list[str]) -> None:
        """A vote; none of anything: an abstention."""
        body: Facts = {"ranking": [*groups]} if groups else {"abstain": True}
        self._did(f"ballots/{ballot}/vote", body, self.token(who))

    # How an edition goes on.

    def go(self, phase: str) -> None:
        """From the phase before to this one; what was before is a past to ask for."""
        self.pasts = [self.pasts[0], written(now())]
        if phase == "own_in":
            for place, who in enumerate(PANEL):
                self.score(who, 100 + place, 200 + place)
        elif phase == "closed":
            self.act("reviewing", {"stage": "panel", "state": "closed"})
        elif phase == "decided":
            path = f"editions/{self.edition['id']}/decisions"
            self.play.did(self.api.post(path, {"category": "main"}, self.token("chair")), 201)
            self._did(f"decisions/{self.decision}/approve", {}, self.token("approver"))
        elif phase == "announced":
            self.announce()

    def announce(self, embargo: timedelta | None = None) -> None:
        """Tell the public, at once or later."""
        body: Facts = {"citations": {self.case["id"]: {"en": "For her service."}}}
        if embargo:
            body["embargo"] = written(now() + embargo)
        self._did(f"decisions/{self.decision}/announce", body, self.token("secretariat"))

    @property
    def decision(self) -> str:
        return str(Decision.id_of(self.edition["id"], "main"))

    # What a reader gets.

    def seen(self, reader: str | None, public: bool = True) -> Seen:
        """Everything that every declared read answers to this reader, lists page by page."""
        seen, token = Seen(), self.token(reader) if reader else None
        for operation in (operation for operation in READS if public or not operation.public):
            for path in self.paths(operation):
                self._follow(seen, path, token)
        return seen

    def _follow(self, seen: Seen, path: str, token: str | None) -> None:
        while path and path not in seen.answers:
            answer = seen.answers[path] = self.api.get(path, token)
            further = re.match("<([^>]+)>", answer.headers.get("link", ""))
            path = further[1] if further else ""

    def paths(self, operation: Operation) -> Iterator[str]:
        """Every address of an operation that leads to something of this edition."""
        reviews = [review["id"] for review in self.reviews.values()]
        streams = [self.case["id"], self.other["id"], *reviews, self.decision]
        known: Mapping[str, Sequence[str]] = {
            "award": [self.edition["award_slug"]],
            "edition": [self.edition["id"]],
            "nomination": [self.case["id"], self.other["id"]],
            "review": reviews,
            "decision": [self.decision],
            "ballot": self.ballots,
        }
        asked = {
            "get_standing": ["?stage=panel"],
            "get_robustness": ["?stage=panel"],
            "list_reviews": ["", "?limit=2", *(f"?nomination={case}" for case in known["nomination"])],
            "list_nominations": ["?limit=2"],
            "get_differences": [f"?from={past}" for past in self.pasts],
            "list_history": ["?limit=200", "?limit=25", *(f"?stream={stream}" for stream in streams)],
        }.get(operation.name, [""])
        if operation.as_of:
            asked += [f"{query or '?'}&at={past}".replace("?&", "?") for query in asked for past in self.pasts]
        addresses = [operation.path]
        for name, kind in operation.parameters.items():
            values = known.get(name, [str(uuid.UUID(int=0))])
            part = f"<{kind}:{name}>" if f"<{kind}:" in operation.path else f"<{name}>"
            addresses = [address.replace(part, value) for address in addresses for value in values]
        return (f"{address}{query}" for address in addresses for query in asked)

    def planted(self) -> dict[str, list[str]]:
        """Aspect -> what stands for it."""
        return {
            "nominator": [self.names["endorser"], self.nominator.participant],
            "nominee": [self.names["unit"]],
            "scores": [f'"impact":{IMPACT}', f'"reach":{REACH}'],
            "comments": [self.names["comment"]],
            "reviewers": [self.names["rudi"], self.rudi.participant],
            "standing": ['"total":['],
        }

    def derived(self) -> dict[str, list[str]]:
        """Aspect -> what would give it away; it need not be shown where the aspect is."""
        return {
            "nominator": [self.names["nominator"]],
            "reviewers": [self.reviews["rudi"]["id"], self.people["chair"].participant],
            "standing": ['"decided_by"', '"rank":1'],
        }
