"""What must never happen, worked out from the log's own lines by a second, small reading of them.

It imports nothing of the service: it knows the events as they stand on disk, who may be behind each, and what nobody in
a given part may be shown, whatever the edition's rules of sight say. The rules may show less; never more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Event = Mapping[str, Any]
"""One line: `topic`, `stream` and, as `data`, the state."""

SECRETARIAT = frozenset({"secretariat"})
LEADS = frozenset({"chair", "deputy"})
PANEL = LEADS | {"reviewer"}

# Topic -> the roles one of which whoever is behind the event acted in.
WHO: dict[str, frozenset[str]] = {
    "edition.planned": SECRETARIAT,
    "edition.rules_changed": SECRETARIAT,
    "edition.call_opened": SECRETARIAT,
    "edition.call_extended": SECRETARIAT,
    "edition.call_closed": SECRETARIAT,
    "edition.panel_member_appointed": SECRETARIAT,
    "edition.participants_linked": SECRETARIAT,
    "edition.cancelled": SECRETARIAT,
    "edition.role_left": SECRETARIAT,
    "edition.panel_member_discharged": SECRETARIAT,
    "edition.reviewing_opened": SECRETARIAT | LEADS,
    "edition.reviewing_closed": SECRETARIAT | LEADS,
    "edition.reviewing_reopened": SECRETARIAT | LEADS,
    "edition.shortlisted": LEADS,
    "nomination.submitted": SECRETARIAT | {"nominator"},
    "nomination.amended": SECRETARIAT | {"nominator"},
    "nomination.withdrawn": SECRETARIAT | {"nominator"},
    "nomination.endorsed": SECRETARIAT | {"endorser"},
    "nomination.endorsement_withdrawn": SECRETARIAT | {"endorser"},
    "nomination.accepted": SECRETARIAT | {"nominee"},
    "nomination.declined": SECRETARIAT | {"nominee"},
    "nomination.ruled_eligible": SECRETARIAT,
    "nomination.ruled_ineligible": SECRETARIAT,
    "nomination.file_opened": PANEL,
    "review.assigned": SECRETARIAT | LEADS,
    "review.voided": SECRETARIAT | LEADS,
    "review.reinstated": SECRETARIAT | LEADS,
    "review.recused": SECRETARIAT | PANEL,
    "review.conflict_declared": PANEL,
    "review.no_conflict_declared": PANEL,
    "review.reviewer_declined": PANEL,
    "review.submitted": PANEL,
    "review.revised": PANEL,
    "decision.ballot_opened": LEADS,
    "decision.ballot_closed": LEADS,
    "decision.vote_cast": PANEL,
    "decision.proposed": LEADS,
    "decision.approved": frozenset({"approver"}),
    "decision.withheld": frozenset({"approver"}),
    "decision.returned": SECRETARIAT | {"approver"},  # by the secretariat when a link takes its ground away
    "decision.dissent_recorded": PANEL,
    "decision.appealed": SECRETARIAT | PANEL,
    "decision.appeal_decided": frozenset({"approver"}),
    "decision.reopened": frozenset({"approver"}),
    "nomination.ruling_appealed": SECRETARIAT | {"nominator", "nominee"},
    "nomination.appeal_decided": frozenset({"approver"}),
    "decision.announced": SECRETARIAT,
    "decision.conferred": SECRETARIAT,
    "decision.corrected": SECRETARIAT,
    "decision.revocation_proposed": SECRETARIAT | LEADS,
    "decision.revoked": frozenset({"approver"}),
}
BY_THE_REVIEWER = {
    *("review.submitted", "review.revised", "review.reviewer_declined"),
    *("review.conflict_declared", "review.no_conflict_declared"),
}
SEATS = {"member": "reviewer", "chair": "chair", "deputy": "deputy"}
ASPECT = {
    "nominee": "nominee",
    "nominator": "nominator",
    "who": "nominator",
    "score": "scores",
    "total": "standing",
    "comment": "comments",
    "said": "comments",
}
SINCE = ("own_in", "closed", "decided", "announced")
"""What the rules of sight wait for; whoever sees something from one of them on still sees it after the next."""


@dataclass(frozen=True)
class Reader:
    """Who reads: a role's token, a link to one nomination, or (without either) anybody."""

    participant: str | None = None
    role: str | None = None
    nomination: str | None = None


@dataclass(frozen=True)
class Secret:
    """What stands nowhere else: the texts that show it, its kind (nominee, score, total and so on), and of what."""

    texts: tuple[str, ...]
    kind: str
    nomination: str
    stage: str | None = None
    by: str | None = None

    def stands_in(self, response: str) -> bool:
        """Whether a response shows it."""
        return any(text in response for text in self.texts)


@dataclass
class Case:
    """What a nomination's events say."""

    category: str
    nominator: str
    nominees: frozenset[str]
    endorsers: set[str] = field(default_factory=set)


@dataclass
class Seen:
    """What a review's events say."""

    stage: str
    nomination: str
    reviewer: str
    submitted: bool = False
    recused: bool = False


class Record:
    """The state of one edition, from its lines; `breaches` are the lines nobody should have been able to record."""

    def __init__(self) -> None:
        self.sight: Mapping[str, Mapping[str, str]] = {}
        self.roles: dict[str, set[str]] = {}
        self.seats: dict[tuple[str, str], str] = {}
        self.linked: list[frozenset[str]] = []
        self.cases: dict[str, Case] = {}
        self.reviews: dict[str, Seen] = {}
        self.reviewing: dict[str, str] = {}
        self.proposers: dict[str, str] = {}
        self.open_ballots: dict[str, list[str]] = {}
        self.decided: set[str] = set()
        self.appellants: dict[str, set[str]] = {}
        self.ruled: dict[str, str] = {}
        self.announced: set[str] = set()
        self.public = False
        self.breaches: list[str] = []

    def read(self, events: Iterable[Event]) -> None:
        """Take in further lines, each judged by what stood before it."""
        for event in events:
            self.breaches += self._wrong_with(event)
            self._take(event)

    # Who acts.

    def person(self, participant: str) -> frozenset[str]:
        """All ids of the same person."""
        known = {participant}
        while more := {one for link in self.linked if link & known for one in link} - known:
            known |= more
        return frozenset(known)

    def holds(self, participant: str) -> set[str]:
        """The roles and seats of a participant id."""
        seats = {SEATS[seat] for (_, member), seat in self.seats.items() if member == participant}
        return self.roles.get(participant, set()) | seats

    def interested(self, nomination: str) -> set[str]:
        """Everybody with a part in a nomination, under whatever id."""
        case = self.cases[nomination]
        part = {case.nominator, *case.nominees, *case.endorsers}
        return {one for somebody in part for one in self.person(somebody)}

    def barred(self, participant: str, nomination: str) -> bool:
        """Whether somebody is recused from a nomination or has a part in it."""
        ids = self.person(participant)
        recused = any(
            one.recused and one.nomination == nomination for one in self.reviews.values() if one.reviewer in ids
        )
        return recused or not ids.isdisjoint(self.interested(nomination))

    def _wrong_with(self, event: Event) -> Iterable[str]:
        topic, data = event["topic"], event["data"]
        actor = data["actor"]
        if actor["kind"] in ("operator", "system"):
            return
        role = actor["role"]
        if topic == "edition.role_entered":
            return  # its own permission: the secretariat, or whoever comes in by an award-wide role
        if role not in WHO[topic]:
            yield f"{topic} by the {role}"
        if actor["kind"] == "participant" and topic != "edition.planned" and role not in self.holds(actor["id"]):
            yield f"{topic} by somebody who is not the {role}"
        yield from self._wrong_with_judging(event, actor.get("id", ""))

    def _wrong_with_judging(self, event: Event, actor: str) -> Iterable[str]:
        topic, data, stream = event["topic"], event["data"], event["stream"]
        review = self.reviews.get(stream)
        if topic in BY_THE_REVIEWER and review is not None and actor != review.reviewer:
            yield f"{topic} by somebody else than the reviewer"
        if topic in ("review.submitted", "review.revised"):
            assert review is not None
            if self.barred(review.reviewer, review.nomination):
                yield f"{topic} by somebody who must not touch it"
            if self.reviewing.get(review.stage) != "open":
                yield f"{topic} while reviewing is not open"
        if topic == "review.assigned" and self.barred(data["reviewer"], data["nomination"]):
            yield "an assignment to somebody who must not touch it"
        if topic == "review.reinstated" and review is not None and actor in self.person(review.reviewer):
            yield "a recusal lifted by the person recused"
        yield from self._wrong_with_deciding(event, actor)
        yield from self._wrong_with_appeals(event, actor)

    def _wrong_with_deciding(self, event: Event, actor: str) -> Iterable[str]:
        topic, data, stream = event["topic"], event["data"], event["stream"]
        if topic == "decision.vote_cast":
            about = self.open_ballots.get(data["ballot"])
            if about is None or actor != data["voter"]:
                yield "a vote for somebody else, or after the close"
            elif any(self.barred(actor, nomination) for nomination in about):
                yield "a vote by somebody who must not judge what it is about"
        if topic in ("decision.approved", "decision.withheld") and actor in self.person(self.proposers[stream]):
            yield "one person proposed and approved"
        if topic == "decision.reopened" and stream not in self.decided:
            yield "reopened what was not decided"

    def _wrong_with_appeals(self, event: Event, actor: str) -> Iterable[str]:
        topic, stream = event["topic"], event["stream"]
        if topic.endswith(".appeal_decided"):
            barred = self.appellants[stream] | {self.ruled.get(stream, "")}
            if actor in {one for who in barred for one in self.person(who)}:
                yield "an appeal decided by who made it, or who ruled"
        appealed = self.appellants.keys() & self.cases.keys()
        if topic in ("decision.proposed", "decision.approved", "decision.withheld") and appealed:
            yield "decided while a ruling is appealed"
        if topic == "decision.announced" and stream in self.appellants:
            yield "announced over an open appeal"

    # What the lines say.

    def _take(self, event: Event) -> None:
        part, _, what = event["topic"].partition(".")
        getattr(self, f"_take_{part}")(what, event["stream"], event["data"])

    def _take_edition(self, what: str, _stream: str, data: Mapping[str, Any]) -> None:
        actor = data["actor"]
        if what == "planned":
            self.sight = data["rules"]["sight"]
            self.roles[actor["id"]] = {actor["role"]}
        elif what == "role_entered":
            self.roles.setdefault(data["participant"], set()).add(data["role"])
        elif what == "role_left":
            self.roles[data["participant"]].discard(data["role"])
        elif what == "panel_member_appointed":
            self.seats[data["stage"], data["participant"]] = data["seat"]
        elif what == "panel_member_discharged":
            self.seats.pop((data["stage"], data["participant"]), None)
        elif what == "participants_linked":
            self.linked.append(frozenset(data["participants"]))
        elif what in ("reviewing_opened", "reviewing_reopened", "reviewing_closed"):
            self.reviewing[data["stage"]] = "closed" if what == "reviewing_closed" else "open"

    def _take_nomination(self, what: str, stream: str, data: Mapping[str, Any]) -> None:
        if what in ("submitted", "amended"):
            nominee = data["nominee"]
            people = frozenset({nominee["participant"], *(one["participant"] for one in nominee.get("members", ()))})
            if what == "submitted":
                self.cases[stream] = Case(data["category"], data["nominator"], people)
            else:
                self.cases[stream].nominees |= people  # who once had a part may never judge it
        elif what == "endorsed":
            self.cases[stream].endorsers.add(data["endorser"])
        elif what == "ruled_ineligible":
            self.ruled[stream] = data["actor"]["id"]
        self._take_appeal(what, stream, data)

    def _take_appeal(self, what: str, stream: str, data: Mapping[str, Any]) -> None:
        if what in ("appealed", "ruling_appealed"):
            actor = data["actor"]
            self.appellants[stream] = {actor["id"], actor.get("on_behalf_of", actor["id"])}
        elif what in ("appeal_decided", "withdrawn", "declined"):
            self.appellants.pop(stream, None)

    def _take_review(self, what: str, stream: str, data: Mapping[str, Any]) -> None:
        if stream not in self.reviews:
            self.reviews[stream] = Seen(data["stage"], data["nomination"], data["reviewer"])
        review = self.reviews[stream]
        review.submitted = review.submitted or what in ("submitted", "revised")
        if what in ("recused", "reinstated"):
            review.recused = what == "recused"

    def _take_decision(self, what: str, stream: str, data: Mapping[str, Any]) -> None:
        if what == "ballot_opened":
            self.open_ballots[data["ballot"]] = [one for one in data["options"] if one in self.cases]
        elif what == "ballot_closed":
            del self.open_ballots[data["ballot"]]
        elif what == "proposed":
            self.proposers[stream] = data["actor"]["id"]
        elif what in ("approved", "withheld"):
            self.decided.add(stream)
        elif what == "reopened":
            self.decided.discard(stream)
        elif what == "announced":
            self.public = True
            self.announced |= {one["nomination"] for one in (*data["winners"], *data["runners_up"])}
        self._take_appeal(what, stream, data)

    # What may be seen.

    def hidden(self, secret: Secret, reader: Reader) -> str | None:
        """Why a reader must not be shown a secret now, or None."""
        if secret.kind == "said":
            return self._said_hidden(secret, reader)
        public = secret.kind == "nominee" and secret.nomination in self.announced
        return None if public else self._case_hidden(secret, reader)

    def _case_hidden(self, secret: Secret, reader: Reader) -> str | None:
        judged = secret.kind in ("score", "total", "comment")
        if reader.role is None:
            return "it is not public"
        if reader.nomination is not None:
            own = reader.nomination == secret.nomination
            return None if own and not judged else "a link shows its own nomination, and nothing of its judging"
        assert reader.participant is not None
        if reader.role == "nominator":
            own = self.cases[secret.nomination].nominator == reader.participant
            return None if own and not judged else "a nominator sees her own nominations, and nothing of their judging"
        seats = {role for one in self.person(reader.participant) for role in self.holds(one) & PANEL}
        if secret.kind == "who":
            return self._who_hidden(secret, reader.participant, seats or {reader.role})
        barred = self._hidden_from_panel(secret, reader.participant, judged) if seats else None
        return barred or self._too_early(secret, reader.participant, seats or {reader.role})

    def _said_hidden(self, secret: Secret, reader: Reader) -> str | None:
        """What is said of a decision in dissent, in an appeal or for an override, is the committee's, and one's own."""
        if reader.participant is None or reader.nomination is not None or reader.role == "nominator":
            return "who is not on the committee reads no deliberation"
        if secret.by in self.person(reader.participant):
            return None
        seats = {role for one in self.person(reader.participant) for role in self.holds(one) & PANEL}
        if seats and any(self.barred(reader.participant, case) for case in self.cases):
            return "something of the category is closed to her"
        return self._too_early(secret, reader.participant, seats or {str(reader.role)})

    def _hidden_from_panel(self, secret: Secret, participant: str, judged: bool) -> str | None:
        """What no rules change for whoever has a seat."""
        if self.decided:
            return None
        if self.barred(participant, secret.nomination):
            own = judged and secret.by in self.person(participant)
            return None if own else "she is recused from it or has a part in it"
        if not judged or secret.by in self.person(participant) or self._reached("closed", secret, participant):
            return None
        own_in = self._reached("own_in", secret, participant)
        return None if own_in else "her own review is not in, and reviewing is not closed"

    def _who_hidden(self, secret: Secret, participant: str, roles: set[str]) -> str | None:
        """An id tells who nominated, unless it stands for something else too or is told with another nomination."""
        who = secret.texts[0]
        named = any(who in case.nominees | case.endorsers for case in self.cases.values())
        if self.holds(who) != {"nominator"} or named or any(who in link for link in self.linked):
            return None
        theirs = [replace(secret, nomination=key) for key, case in self.cases.items() if case.nominator == who]
        early = [self._too_early(one, participant, roles) for one in theirs]
        return early[0] if early and all(early) else None

    def _too_early(self, secret: Secret, participant: str, roles: set[str]) -> str | None:
        """What the edition's rules keep back, in any of the roles."""
        if secret.kind not in ASPECT or secret.by in self.person(participant):
            return None
        for role in roles:
            since = self.sight[ASPECT[secret.kind]][role]
            if since == "always":
                continue
            awaited = SINCE[SINCE.index(since) :] if since in SINCE else ()
            if not any(self._reached(moment, secret, participant) for moment in awaited):
                return f"the rules show the {secret.kind} to the {role} since {since}"
        return None

    def _reached(self, moment: str, secret: Secret, participant: str) -> bool:
        if moment == "own_in":
            ids = self.person(participant)
            mine = [
                one
                for one in self.reviews.values()
                if one.reviewer in ids and one.nomination == secret.nomination and secret.stage in (None, one.stage)
            ]
            return bool(mine) and all(one.submitted and not one.recused for one in mine)
        if moment == "closed":
            return self.reviewing.get(secret.stage or "panel") == "closed"
        return bool(self.decided) if moment == "decided" else self.public
