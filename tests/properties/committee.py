"""Somebody of every kind around one edition, and acts at random: by whom, on what and with which words is drawn.

Every word given to the service is a canary: it stands nowhere else, so that where it shows up in a response says whose
eyes it reached.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from awards.api import GROUPS
from awards.api.op import Operation
from tests.api.client import Answer
from tests.api.play import Facts, Person, Play
from tests.properties.oracle import Reader, Record, Secret

HIGHEST = 999
STAGE: Facts = {
    "id": "panel",
    "name": {"en": "Panel"},
    "rubric": [{"id": "impact", "name": {"en": "Impact"}, "weight": 1}],
    "scale": {"lowest": 0, "highest": HIGHEST},
}
SOMEBODY = "00000000-0000-4000-8000-000000000000"
Pick = Callable[[Iterable[Any]], Any]
"""Draws one of what there is."""

OPERATIONS = {operation.name: operation for group in GROUPS for operation in group.declared}
READS = [operation for operation in OPERATIONS.values() if operation.method == "GET"]
# An act on all of the service: not about the edition, and there is no end of new awards.
LEFT_OUT = {"establish_award", "revise_award", "discontinue_award", "plan_edition", "record_edition", "cancel"}
ACTS = sorted(name for name, one in OPERATIONS.items() if one.method != "GET" and name not in LEFT_OUT)
PHASES = ("call", "reviewing", "half judged", "judged", "closed", "proposed", "approved", "announced")
DELIBERATING = {
    *("propose_decision", "dissent", "appeal_ruling", "decide_appeal_of_ruling", "appeal_decision"),
    "decide_appeal_of_decision",
}
Said = list[tuple[str, tuple[str, ...]]]
"""What of a request is secret: its kind, and the texts that would show it."""


@dataclass
class Committee:
    """One edition, those who act in it, and what was said there."""

    play: Play
    edition: Facts
    people: dict[str, tuple[Reader, str | None]] = field(default_factory=dict)
    """Whom we know: a name for the report -> who that is, and the token."""
    secrets: list[Secret] = field(default_factory=list)
    record: Record = field(default_factory=Record)
    position: int = 0
    ballots: list[str] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)
    """When something happened: of these, pasts are asked."""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(101))

    @classmethod
    def begin(cls, play: Play, **rules: Any) -> Committee:
        """An edition with an open call, its secretariat, an approver, an auditor, and a panel of four."""
        edition = play.open(stages=[STAGE], self_nomination=True, consent="informed", **rules)
        assert edition["rules"]["sight"], "the rules are told in full"
        committee = cls(play, edition)
        committee.people["anybody"] = (Reader(), None)
        for role in ("secretariat", "approver", "auditor", "nominator", "nominator"):
            committee.know(role, play.enter(edition, role))
        for seat in ("chair", "deputy", "member", "member"):
            committee.know({"member": "reviewer"}.get(seat, seat), play.appoint(edition, seat))
        return committee

    def know(self, role: str, person: Person) -> None:
        """Somebody more, with a token for a role."""
        self.people[f"{role} {len(self.people)}"] = (Reader(person.participant, role), person.token)

    def link(self, nomination: str, role: str) -> None:
        """A link to a nomination for its nominee or an endorser."""
        reader = Reader("a link holder", role, nomination)
        self.people[f"{role} {len(self.people)}"] = (reader, self.play.link({"id": nomination}, role))

    def catch_up(self) -> list[str]:
        """Read what the log has more; gives the topics."""
        ledger = self.play.service.ledger
        fresh = []
        for stored in ledger.notifications(self.position):
            data = json.loads(stored.state)
            if data.get("edition") == self.edition["id"]:
                fresh.append({"topic": stored.topic, "stream": str(stored.originator_id), "data": data})
                self.moments.append(data["time"])
            self.position = stored.id
            if stored.topic == "decision.ballot_opened":
                self.ballots.append(data["ballot"])
        self.record.read(fresh)
        return [event["topic"] for event in fresh]

    def word(self, kind: str) -> str:
        """A text that stands nowhere else, in no other edition either."""
        return f"{kind}{next(self.numbers)}.{self.edition['id']}."

    # Acting.

    def act(self, who: str, name: str, pick: Pick) -> Answer:
        """One act by somebody, about something there is, with new words."""
        operation = OPERATIONS[name]
        _, token = self.people[who]
        known = self.known()
        path = {parameter: pick(known.get(parameter) or [SOMEBODY]) for parameter in operation.parameters}
        return self._send(operation, token, path, *self._body(operation, pick))

    def did(self, role: str, name: str, body: Facts, number: int = 0, **path: str) -> Answer:
        """An act that succeeds, by one of those we know in a role."""
        token = self.people[self.acting_as(role)[number]][1]
        said = self._said(body, name)
        answer = self._send(OPERATIONS[name], token, {"edition": self.edition["id"], **path}, said, body)
        assert answer.status < 300, answer.text
        return answer

    def _send(self, operation: Operation, token: str | None, path: Facts, said: Said, body: Any) -> Answer:
        headers = {"If_Match": "*"} if operation.method == "PUT" else {}
        answer = self.play.api.send(operation.method, filled(operation.path, path), body, token, headers)
        self.catch_up()
        if answer.status < 300:
            self.secrets += [self._secret(kind, texts, answer, path, token) for kind, texts in said]
        return answer

    def _secret(self, kind: str, texts: tuple[str, ...], answer: Answer, path: Facts, token: str | None) -> Secret:
        if kind == "said":
            by = next(reader.participant for reader, held in self.people.values() if held == token)
            return Secret(texts, kind, answer.json["id"], by=by)
        if "review" not in path:
            return Secret(texts, kind, path.get("nomination") or answer.json["id"])
        review = self.record.reviews[path["review"]]
        return Secret(texts, kind, review.nomination, review.stage, review.reviewer)

    def known(self) -> dict[str, list[str]]:
        """The ids there are, by the name of the path's parameter."""
        return {
            "edition": [self.edition["id"]],
            "award": [self.edition["award_slug"]],
            "nomination": sorted(self.record.cases),
            "review": sorted(self.record.reviews),
            "decision": sorted(self.record.proposers),
            "ballot": self.ballots,
        }

    def _body(self, operation: Operation, pick: Pick) -> tuple[Said, Any]:
        """Something to say, and what of it is secret."""
        if operation.name in ("submit_nomination", "amend_nomination"):
            body = self.nomination()
            if operation.name == "submit_nomination" and pick((False, False, True)):
                body["on_behalf_of"] = self.word("BEHALF")
            if pick((False, False, True)):
                body["nominee"]["participant"] = pick(self.participants())
        elif operation.name == "score":
            body = self.scores()
        else:
            words = _Words(self, pick)
            names = list(operation.body.fields) if operation.body is not None else []
            if "participant" in names and "name" in names:  # somebody there is; newcomers come in by `know`
                names = [name for name in names if name != "name"]
            body = {name: words.of(name) for name in names if words.has(name)}
            if operation.name in DELIBERATING:
                body |= self._deliberated(operation.name, pick)
        return self._said(body, operation.name), body

    def _deliberated(self, name: str, pick: Pick) -> Facts:
        """What deliberating is about: other winners for a reason, dissent, appeals."""
        text = self.word("SAID")
        if name == "propose_decision":
            winners = [pick(self.known()["nomination"] or [SOMEBODY])]
            told = {"outcome": "awarded", "winners": winners, "override": {"code": "as-drawn", "text": text}}
            return pick((told, told, {"outcome": "withheld"}))
        return {"text": text} | ({"outcome": pick(("upheld", "dismissed"))} if name.startswith("decide") else {})

    def _said(self, body: Facts, name: str = "") -> Said:
        if name in DELIBERATING:
            kind = "statement" if name.endswith("ruling") else "said"
            reason = body.get("override", body)
            return [(kind, (reason["text"],))] if "text" in reason else []
        if "nominee" in body:
            told: Said = [("nominee", (body["nominee"]["name"],)), ("statement", (body["statement"],))]
            return told + ([("nominator", (body["on_behalf_of"],))] if "on_behalf_of" in body else [])
        if {"name", "statement"} <= body.keys():
            return [("nominator", (body["name"],))]
        if "scores" in body:
            number = body["scores"]["impact"]
            shown = [("score", (f'"impact":{number}',)), ("total", (f"[{number},1]",))]
            return [*shown, ("comment", (body["comment"],))]
        return []

    def nomination(self) -> Facts:
        """The body of a nomination."""
        return {"nominee": {"name": self.word("NAME")}, "statement": self.word("CASE")}

    def scores(self) -> Facts:
        """The body of a review."""
        return {"scores": {"impact": next(self.numbers)}, "comment": self.word("COMMENT")}

    def participants(self) -> list[str]:
        """The ids of those who act."""
        ids = {reader.participant for reader, _ in self.people.values() if reader.nomination is None}
        return sorted(one for one in ids if one is not None)

    def acting_as(self, role: str) -> list[str]:
        """Those we know with a token for a role."""
        return [who for who, (reader, _) in self.people.items() if reader.role == role]

    # The course of an edition.

    def advance(self, phase: str) -> None:
        """Play on from an open call until a phase is reached."""
        for step in PHASES[: PHASES.index(phase) + 1]:
            getattr(self, f"_{step.replace(' ', '_')}")()

    def _call(self) -> None:
        for number in (0, 1, 1):
            case = self.did("nominator", "submit_nomination", self.nomination(), number).json["id"]
            self.did("secretariat", "answer", {"answer": "accepted"}, nomination=case)
            self.did("secretariat", "rule", {"outcome": "eligible", "rule": "any", "code": "any"}, nomination=case)

    def _reviewing(self) -> None:
        self.did("secretariat", "close_call", {})
        self.did("secretariat", "set_reviewing", {"stage": "panel", "state": "open"})
        for case in sorted(self.record.cases):
            for role in ("deputy", "reviewer"):
                member = self.people[self.acting_as(role)[0]][0].participant
                self.did("chair", "assign", {"stage": "panel", "nomination": case, "reviewer": member})

        for about in ([], sorted(self.record.cases)):
            self.did("chair", "open_ballot", {"options": about, "quorum": 1} if about else {"secret": True})

    def _half_judged(self) -> None:
        self._judge("reviewer")

    def _judged(self) -> None:
        self._judge("deputy")

    def _judge(self, role: str) -> None:
        member = self.people[self.acting_as(role)[0]][0].participant
        for stream, review in sorted(self.record.reviews.items()):
            if review.reviewer == member:
                if "conflict_policy" in self.edition["rules"]:
                    self.did(role, "declare_no_conflict", {}, review=stream)
                    self.did(role, "open_file", {}, review=stream)
                self.did(role, "score", self.scores(), review=stream)

    def _closed(self) -> None:
        self.did("secretariat", "set_reviewing", {"stage": "panel", "state": "closed"})

    def _proposed(self) -> None:
        self.did("chair", "propose_decision", {})

    def _approved(self) -> None:
        self.did("approver", "approve", {}, decision=next(iter(self.record.proposers)))

    def _announced(self) -> None:
        [decision] = self.record.proposers
        told = self.play.api.get(f"decisions/{decision}", self.people[self.acting_as("auditor")[0]][1]).json
        citations = {winner["nomination"]: {"en": "For service."} for winner in told["winners"]}
        self.did("secretariat", "announce", {"citations": citations}, decision=decision)

    # Reading.

    def leaks(self, who: str) -> list[str]:
        """What somebody is shown that must not be, over every read there is."""
        reader, token = self.people[who]
        cases = self.record.cases.items()
        whose = [Secret((case.nominator,), "who", nomination, by=case.nominator) for nomination, case in cases]
        hidden = [(secret, why) for secret in [*self.secrets, *whose] if (why := self.record.hidden(secret, reader))]
        found = []
        for path in self.paths():
            answer = self.play.api.get(path, token)
            assert answer.status < 500, answer.text
            shown = f"{answer.headers} {answer.text}"
            found += [
                f"{who} reads {secret.kind} at {path}: {why}" for secret, why in hidden if secret.stands_in(shown)
            ]
        return found

    def paths(self) -> Iterator[str]:
        """Every read of everything there is."""
        known = self.known()
        for operation in READS:
            for ids in itertools.product(*(known.get(name, [SOMEBODY]) for name in operation.parameters)):
                path = filled(operation.path, dict(zip(operation.parameters, ids, strict=True)))
                asking = ASKING.get(operation.name, "")
                if operation.name == "get_differences":
                    yield f"{path}?from={self._moment()}"
                else:
                    yield path + asking
                if operation.as_of:
                    yield f"{path}{asking}{'&' if asking else '?'}at={self._moment()}"

    def _moment(self) -> str:
        """Now one past, now another."""
        return self.moments[next(self.numbers) * 7 % len(self.moments)]


ASKING = {
    "get_standing": "?stage=panel",
    "get_robustness": "?stage=panel",
    "list_nominations": "?limit=200",
    "list_reviews": "?limit=200",
    "list_history": "?limit=200",
}


class _Words:
    """Something to say for every member of a body, by its name."""

    def __init__(self, committee: Committee, pick: Pick) -> None:
        self._committee = committee
        self._pick = pick

    def has(self, name: str) -> bool:
        return hasattr(self, f"_{name}")

    def of(self, name: str) -> Any:
        return getattr(self, f"_{name}")()

    def _role(self) -> str:
        return self._pick(("secretariat", "nominator", "approver", "auditor"))

    def _participant(self) -> str:
        return self._pick(self._committee.participants())

    def _by(self) -> str:
        return self._participant()

    def _reviewer(self) -> str:
        return self._participant()

    def _participants(self) -> list[str]:
        return sorted({self._participant(), self._participant()})

    def _nomination(self) -> str:
        return self._pick(self._committee.known()["nomination"] or [SOMEBODY])

    def _nominations(self) -> list[str]:
        return sorted({self._nomination(), self._nomination()})

    def _stage(self) -> str:
        return "panel"

    def _category(self) -> str:
        return "main"

    def _seat(self) -> str:
        return self._pick(("member", "chair", "deputy"))

    def _state(self) -> str:
        return self._pick(("open", "closed"))

    def _code(self) -> str:
        return "as-drawn"

    def _rule(self) -> str:
        return "as-drawn"

    def _outcome(self) -> str:
        return self._pick(("eligible", "eligible", "ineligible"))

    def _answer(self) -> str:
        return self._pick(("accepted", "accepted", "declined"))

    def _name(self) -> str:
        return self._committee.word("ENDORSER")

    def _statement(self) -> str:
        return self._committee.word("ENDORSEMENT")

    def _options(self) -> list[str]:
        choices = (["yes", "no"], ["no-award", *self._committee.known()["nomination"]])
        return [*self._pick(choices)]

    def _ranking(self) -> list[list[str]]:
        return [[self._pick(("yes", "no", "no-award", *self._committee.known()["nomination"]))]]

    def _secret(self) -> bool:
        return bool(self._pick((True, False)))

    def _citations(self) -> Facts:
        return {nomination: {"en": "For service."} for nomination in self._committee.known()["nomination"]}


def filled(rule: str, path: Facts) -> str:
    """A rule with its parameters filled in."""
    for name, value in path.items():
        rule = re.sub(rf"<\w+:{name}>", value, rule)
    return rule
