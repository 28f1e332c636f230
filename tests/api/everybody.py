"""Everybody there is, in one edition, with tokens good and bad; what each may do there by the table of permissions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from uuid import UUID

from awards.access import ANYBODY, Caller, Place, allows
from awards.api.op import Operation
from awards.domain.edition import Edition
from awards.domain.nomination import Nomination
from awards.domain.review import Review
from awards.ledger.beside import participant_of
from tests.api.bodies import Bodies
from tests.api.client import Answer
from tests.api.play import Facts, Play, now

# What the document cannot say of a body: the members that make it a request somebody could mean.
MORE: dict[str, Facts] = {
    "change_rules": {"quorum": 1},
    "vote": {"ranking": [["yes"]]},
    "correct": {"field": "rank", "standing": "Major", "rival": "Captain"},
    "replace": {"by": {"name": "Somebody"}},
}


# What a query has to say, where it is not a number.
ASKED = {"stage": "panel", "profile": "public", "from": "2026-01-01T00:00:00Z"}

# Operation -> where a person acts for herself by one of its permissions, the member that would name another.
OWN = {"add_recusal": {"conflict.declare": "reviewer"}, "state_affiliations": {"affiliation.own": "participant"}}


PLACES = {"award", "edition", "nomination", "review", "decision", "ballot"}
"""Where somebody may stand, as paths name it."""


class Scene:
    """An edition in which everybody takes part, and tokens of everybody, good and bad."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.people = play.service.application.people
        award = play.award()
        self.edition = self._open(award)
        self.nominator, self.other_nominator = play.enter(self.edition), play.enter(self.edition, name="Dede")
        self.case = play.eligible(self.edition, self.nominator.token)
        self.other_case = play.eligible(self.edition, self.other_nominator.token, "Carla Monteiro")
        self.seats = {seat: play.appoint(self.edition, seat) for seat in ("chair", "deputy", "member")}
        self.second_member = play.appoint(self.edition)
        play.act(self.edition, "close-call", {})
        play.act(self.edition, "reviewing", {"stage": "panel", "state": "open"})
        self.review = play.assign(self.edition, self.case, self.seats["member"])
        play.score(self.review, self.seats["member"].token, 5, 5)
        play.act(self.edition, "reviewing", {"stage": "panel", "state": "closed"})
        self.decision = self._proposed()
        self.ballot = self._asked()
        self.award = award
        self.tokens = dict(self._tokens())
        self.ids = {
            "award": award["slug"],
            "edition": self.edition["id"],
            "nomination": self.case["id"],
            "review": self.review["id"],
            "decision": self.decision["id"],
            "ballot": self.ballot["id"],
            "subject": self._subject(play.secretariat),
            "stream": self.case["id"],
            "index": str(play.events() - 1),
            "level": "0",
            "tile": "000.p/1",
        }

    def _open(self, award: Facts) -> Facts:
        edition = self.play.edition(award)
        opens, closes = "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
        return self.play.act(edition, "open-call", {"opens": opens, "closes": closes, "zone": "UTC"})

    def _asked(self) -> Facts:
        chair = self.seats["chair"].token
        return self.play.did(self.play.api.post(f"editions/{self.edition['id']}/ballots", {}, chair), 201)

    def _proposed(self) -> Facts:
        chair = self.seats["chair"].token
        return self.play.did(self.play.api.post(f"editions/{self.edition['id']}/decisions", {}, chair), 201)

    def _tokens(self) -> Iterator[tuple[str, str | None]]:
        play, edition = self.play, self.edition
        yield from (("nobody", None), ("malformed", "awd_no-token"), ("unknown", "awd_" + "A" * 43))
        yield from (("expired", self._ended(expired=True)), ("revoked", self._ended(expired=False)))
        yield from (("the secretariat of all awards", play.secretariat), ("the approver of all awards", play.approver))
        for role in ("secretariat", "approver", "privacy_officer", "auditor"):
            yield f"the {role} of the award", self._staff(role, self.award["id"])
            yield f"the {role} of the edition", play.enter(edition, role, role).token
        yield "the auditor of all awards", self._staff("auditor", "*")
        yield "the secretariat of another award", self._staff("secretariat", play.award()["id"])
        yield from (("the nominator", self.nominator.token), ("another nominator", self.other_nominator.token))
        yield from ((f"the {seat}", person.token) for seat, person in self.seats.items())
        yield "another member", self.second_member.token
        yield "the nominee", play.link(self.case, "nominee")
        yield "an endorser", play.link(self.case, "endorser")
        yield "the nominee of another", play.link(self.other_case, "nominee")
        left = play.appoint(edition)
        play.act(edition, "discharge", {"stage": "panel", "participant": left.participant, "code": "left"})
        yield "who has left the panel", left.token
        elsewhere = play.edition()
        yield "the chair of another edition", play.appoint(elsewhere, "chair").token

    def _ended(self, *, expired: bool) -> str:
        who = self.seats["chair"].participant
        arrival = self.play._operator()
        token = self.people.issue_edition_token(arrival, self.edition["id"], who, "chair", now() if expired else None)
        if not expired:
            self.people.revoke_token(arrival, token)
        return token

    def _staff(self, role: str, award: str) -> str:
        arrival = self.play._operator()
        return self.people.issue_token(arrival, self.people.register(arrival, role, role, award), role, award)

    def _subject(self, token: str) -> str:
        caller = self.people.caller(token, now())
        assert caller is not None
        return str(caller.subject)

    # What is asked.

    def address(self, rule: str) -> str:
        """The rule with the scene's own ids in it; an id of nothing where the scene has none."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: self.ids.get(found[1], str(UUID(int=1))), rule)

    @cached_property
    def bodies(self) -> Bodies:
        """Bodies about the scene's own things."""
        document = self.play.api.get("/api/openapi.json").json
        known = {**self.ids, "stage": "panel", "category": "main", "reviewer": self.second_member.participant}
        known |= {"participant": self.second_member.participant, "scores": {"impact": 5, "reach": 5}}
        known |= {"participants": [self.nominator.participant, self.other_nominator.participant]}
        known["citations"] = {self.case["id"]: {"en": "For two years of patrols."}}
        known["award"] = self.award["id"]
        return Bodies(document, known)

    def ask(self, operation: Operation, token: str | None, **headers: str) -> Answer:
        """Call an operation as somebody."""
        address = self.address(operation.path)
        asked = [field.data_key or name for name, field in operation.asks.fields.items() if field.required]
        query = "&".join(f"{name}={ASKED.get(name, '1')}" for name in asked)
        sent = self.bodies.body_of(operation.name)
        headers |= {"If-Match": "*"} if operation.replaces else {}
        if sent is not None:
            sent |= MORE.get(operation.name, {})
            for own, whose in OWN.get(operation.name, {}).items():
                if allows(own, self.place(operation, self.caller(token))):
                    sent.pop(whose)
        target = f"{address}?{query}" if query else address
        return self.play.api.send(operation.method, target, sent, token, headers)

    # What the table says.

    def granted(self, operation: Operation, token: str | None) -> bool:
        """Whether the table grants somebody any of the permissions that guard an operation."""
        place = self.place(operation, self.caller(token))
        return operation.public or any(allows(permission, place) for permission in operation.permissions)

    def caller(self, token: str | None) -> Caller:
        """Whose token it is."""
        return (self.people.caller(token, now()) if token else None) or ANYBODY

    def place(self, operation: Operation, caller: Caller) -> Place:
        """Where somebody stands who calls an operation of the scene."""
        desk = self.play.service.application.desk
        within = self._within(operation) or self._own(operation, caller)
        edition: Any = desk.streams.get(UUID(within["edition"])) if "edition" in within else None
        nomination: Any = desk.streams.get(UUID(within["nomination"])) if "nomination" in within else None
        review: Any = desk.streams.get(UUID(within["review"])) if "review" in within else None
        assert isinstance(edition, Edition | None)
        assert isinstance(nomination, Nomination | None)
        assert isinstance(review, Review | None)
        subject: Any = desk.streams.get(UUID(caller.subject)) if caller.subject else None
        participant = caller.participant
        if edition and caller.subject and not participant:
            participant = participant_of(desk.ledger.rows, edition.key, caller.subject)
        award = edition.of_award if edition else self.award["id"] if "award" in within else caller.award
        return Place(caller, participant, subject, award, edition, nomination, review)

    def _within(self, operation: Operation) -> dict[str, str]:
        """The scene's things that an operation is about, by what its path names."""
        within = {name: self.ids[name] for name in operation.parameters if name in PLACES}
        if within.keys() & {"nomination", "review", "decision", "ballot"}:
            within["edition"] = self.edition["id"]
        if "review" in within:
            within["nomination"] = self.case["id"]
        return within

    def _own(self, operation: Operation, caller: Caller) -> dict[str, str]:
        """What it is about where the path names nothing: the award in the body, or that for which the token is."""
        if operation.rule.startswith(("/subjects", "/awards")):
            in_body = operation.body is not None and "award" in operation.body.fields
            return {"award": self.award["id"]} if in_body else {}
        own = {"edition": caller.edition, "nomination": caller.nomination}
        return {name: known for name, known in own.items() if known}


class Stages:
    """Scenes for what is allowed, which may change who may do what: then the next one begins anew."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._scene = Scene(play)

    def where(self, operation: Operation, who: str) -> Scene:
        """A scene in which somebody may call an operation."""
        if not self._scene.granted(operation, self._scene.tokens[who]):
            self._scene = Scene(self._play)
        return self._scene
