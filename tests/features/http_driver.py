"""The long way: real requests to a real server, by the routes an API client uses."""

from __future__ import annotations

import json
from datetime import datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from tests.features.driver import REPLACES, Refused, View

# Command → method, path, and the members of the body that are always the same. What the path does not name of a
# command's facts is its body.
EDITION, NOMINATION, REVIEW, DECISION = (
    "/editions/{edition}",
    "/nominations/{nomination}",
    "/reviews/{review}",
    "/decisions/{decision}",
)
COMMANDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "awards.establish": ("POST", "/awards", {}),
    "awards.revise": ("PUT", "/awards/{award}", {}),
    "awards.discontinue": ("POST", "/awards/{award}/discontinue", {}),
    "editions.plan": ("POST", "/awards/{award}/editions", {}),
    "editions.record": ("POST", "/awards/{award}/past-editions", {}),
    "editions.open_call": ("POST", f"{EDITION}/open-call", {}),
    "editions.extend_call": ("POST", f"{EDITION}/extend-call", {}),
    "editions.close_call": ("POST", f"{EDITION}/close-call", {}),
    "editions.enter": ("POST", f"{EDITION}/enter", {}),
    "editions.leave": ("POST", f"{EDITION}/leave", {}),
    "editions.appoint": ("POST", f"{EDITION}/appoint", {}),
    "editions.discharge": ("POST", f"{EDITION}/discharge", {}),
    "editions.replace": ("POST", f"{EDITION}/replace", {}),
    "editions.link_participants": ("POST", f"{EDITION}/link-participants", {}),
    "editions.change_rules": ("POST", f"{EDITION}/change-rules", {}),
    "editions.open_reviewing": ("POST", f"{EDITION}/reviewing", {"state": "open"}),
    "editions.close_reviewing": ("POST", f"{EDITION}/reviewing", {"state": "closed"}),
    "editions.reopen_reviewing": ("POST", f"{EDITION}/reviewing", {"state": "open"}),
    "editions.shortlist": ("POST", f"{EDITION}/shortlist", {}),
    "editions.cancel": ("POST", f"{EDITION}/cancel", {}),
    "nominations.submit": ("POST", f"{EDITION}/nominations", {}),
    "nominations.amend": ("PUT", NOMINATION, {}),
    "nominations.accept": ("POST", f"{NOMINATION}/answer", {"answer": "accepted"}),
    "nominations.decline": ("POST", f"{NOMINATION}/answer", {"answer": "declined"}),
    "nominations.endorse": ("POST", f"{NOMINATION}/endorse", {}),
    "nominations.withdraw_endorsement": ("POST", f"{NOMINATION}/withdraw-endorsement", {}),
    "nominations.rule": ("POST", f"{NOMINATION}/rule", {}),
    "nominations.withdraw": ("POST", f"{NOMINATION}/withdraw", {}),
    "people.register": ("POST", "/subjects", {}),
    "people.grant": ("POST", "/subjects/{subject}/grant", {}),
    "people.revoke": ("POST", "/subjects/{subject}/revoke", {}),
    "people.deactivate": ("POST", "/subjects/{subject}/deactivate", {}),
    "erasures.request": ("POST", "/subjects/{subject}/erasure", {}),
    "erasures.approve": ("POST", "/subjects/{subject}/erasure/approve", {}),
    "erasures.refuse": ("POST", "/subjects/{subject}/erasure/refuse", {}),
    "invitations.to_edition": ("POST", f"{EDITION}/invitations", {}),
    "invitations.of_subject": ("POST", "/subjects/{subject}/invitations", {}),
    "invitations.take_back": ("DELETE", "/invitations/{id}", {}),
    "invitations.redeem": ("POST", "/tokens", {}),
    "assignments.record": ("POST", f"{EDITION}/assignments", {}),
    "reviews.assign": ("POST", f"{EDITION}/reviews", {}),
    "reviews.score": ("PUT", REVIEW, {}),
    "reviews.decline": ("POST", f"{REVIEW}/decline", {}),
    "reviews.declare_conflict": ("POST", f"{REVIEW}/declare-conflict", {}),
    "reviews.recuse": ("POST", f"{REVIEW}/recuse", {}),
    "conflicts.declare_none": ("POST", f"{REVIEW}/declare-no-conflict", {}),
    "conflicts.clear": ("POST", f"{EDITION}/declarations", {}),
    "conflicts.open_file": ("POST", f"{REVIEW}/open-file", {}),
    "conflicts.declare": ("POST", f"{EDITION}/recusals", {}),
    "conflicts.recuse": ("POST", f"{EDITION}/recusals", {}),
    "conflicts.reinstate": ("POST", f"{REVIEW}/reinstate", {}),
    "conflicts.affiliate": ("POST", f"{EDITION}/affiliations", {}),
    "conflicts.affiliate_oneself": ("POST", f"{EDITION}/affiliations", {}),
    "decisions.propose": ("POST", f"{EDITION}/decisions", {}),
    "decisions.approve": ("POST", f"{DECISION}/approve", {}),
    "decisions.send_back": ("POST", f"{DECISION}/return", {}),
    "decisions.dissent": ("POST", f"{DECISION}/dissent", {}),
    "appeals.appeal_ruling": ("POST", f"{NOMINATION}/appeal", {}),
    "appeals.decide_ruling": ("POST", f"{NOMINATION}/decide-appeal", {}),
    "appeals.appeal_decision": ("POST", f"{DECISION}/appeal", {}),
    "appeals.decide_decision": ("POST", f"{DECISION}/decide-appeal", {}),
    "decisions.announce": ("POST", f"{DECISION}/announce", {}),
    "decisions.confer": ("POST", f"{DECISION}/confer", {}),
    "decisions.correct": ("POST", f"{DECISION}/correct", {}),
    "decisions.propose_revocation": ("POST", f"{DECISION}/propose-revocation", {}),
    "decisions.revoke": ("POST", f"{DECISION}/revoke", {}),
    "ballots.open": ("POST", f"{EDITION}/ballots", {}),
    "ballots.vote": ("POST", "/ballots/{ballot}/vote", {}),
    "ballots.close": ("POST", "/ballots/{ballot}/close", {}),
    "decisions.record_honour": ("POST", f"{EDITION}/honours", {}),
}
READS = {
    "award": "/awards/{award}",
    "edition": EDITION,
    "nomination": NOMINATION,
    "nominations": f"{EDITION}/nominations",
    "review": REVIEW,
    "reviews": f"{EDITION}/reviews",
    "standing": f"{EDITION}/standing",
    "robustness": f"{EDITION}/robustness",
    "conflicts": f"{EDITION}/conflicts",
    "assignment_plan": f"{EDITION}/assignment-plan",
    "decision": DECISION,
    "ballot": "/ballots/{ballot}",
    "history": f"{EDITION}/history",
    "differences": f"{EDITION}/differences",
    "out_of_rank": "/awards/{award}/out-of-rank",
    "winners": "/winners",
}

QUERY = {"earlier": "from", "later": "to"}
"""What a parameter of the query is called, where it is not as the application says."""


class HttpDriver:
    """Sends requests to a server."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def do(self, token: str | None, command: str, *, as_read: View | None = None, **facts: Any) -> View:
        if_match = None
        if kind := REPLACES.get(command):
            if_match = (as_read or self.see(token, kind, **{kind: facts[kind]}))["etag"]
        method, path, fixed = COMMANDS[command]
        target, body = _address(path, {**fixed, **facts})
        return dict(self._send(method, target, token, json.dumps(_body(body), default=_time), if_match))

    def see(self, token: str | None, read: str, **asked: Any) -> Any:
        target, query = _address(READS[read], asked)
        known = {QUERY.get(name, name): _written(value) for name, value in query.items()}
        found = self._send("GET", f"{target}?{urlencode(known)}" if known else target, token)
        return found.get("items", found)

    def _send(
        self,
        method: str,
        target: str,
        token: str | None,
        body: str | None = None,
        if_match: str | None = None,
    ) -> View:
        sent = {"If-Match": if_match} if if_match else {}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            sent["Content-Type"] = "application/json"
        self._connection.request(method, f"/api/v1{target}", body and body.encode(), sent)
        answer = self._connection.getresponse()
        found: View = json.loads(answer.read() or "{}")
        if answer.status >= 400:
            raise Refused(found["code"], f"{method} {target} {found.get('errors', '')}")
        return {**found, "etag": answer.headers["ETag"]}


def _address(path: str, facts: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The path with its facts in place, and the others."""
    inside = {name for name in facts if f"{{{name}}}" in path}
    return path.format_map(facts), {name: fact for name, fact in facts.items() if name not in inside}


def _written(value: Any) -> Any:
    """A value of the query."""
    return _time(value) if isinstance(value, datetime) else str(value).lower() if isinstance(value, bool) else value


def _body(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as members: those of a conferral lie side by side, what stands is called standing."""
    renamed = {"standing" if name == "stands" else name: fact for name, fact in facts.items()}
    conferral = renamed.pop("conferral", {})
    return {name: fact for name, fact in {**renamed, **conferral}.items() if fact is not None}


def _time(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"not a fact: {value!r}")
    return value.isoformat()
