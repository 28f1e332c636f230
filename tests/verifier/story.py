"""An edition with most of what can happen in one, played through the application; and its log, to be tampered with.

Tampered as by an administrator who writes the log anew: what he inserts or takes out leaves no gap in the versions and
moves the bases of later decisions, so that nothing but what follows from what can tell.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests import set_up
from tests.application.house import House, open_service
from tests.application.jury import Jury
from tests.verifier.histories import history_of, lines_of, opened_in, told_of

Line = dict[str, Any]
POLICY = {"en": "Whoever is related to a nominee says so and takes no part."}


def house_in(folder: Path) -> House:
    """A body on databases of its own."""
    urls = [f"sqlite:///{folder / name}.db" for name in ("awards", "keys")]
    set_up.log_and_views(urls[0])
    set_up.keys(urls[1])
    return House(open_service(urls[0], urls[1], folder / "awards.key"))


@dataclass
class Told:
    """A log, the opened choices, and the edition in question."""

    lines: list[Line]
    opened: Mapping[str, Any]
    edition: str

    @classmethod
    def of(cls, house: House, edition: str) -> Told:
        lines = lines_of(house.service)
        return cls(lines, opened_in(house.service, lines), edition)

    def found(self, *, whole: bool = True) -> list[tuple[int, int | None, str]]:
        """What the verifier finds: verdict, leaf, words."""
        events = history_of(self.lines, self.edition, self.opened)
        return [(one.verdict, one.index, one.text) for one in told_of(events, self.edition, whole=whole)]

    def forged(self) -> Told:
        return Told(copy.deepcopy(self.lines), dict(self.opened), self.edition)

    # Looking.

    def index(self, topic: str, number: int = 0, **told: Any) -> int:
        """The leaf of one of the events of a topic, those that tell this."""
        there = [i for i, line in enumerate(self.lines) if line["type"] == f"{topic}.v1" and self._tells(line, told)]
        return there[number]

    def _tells(self, line: Line, told: Mapping[str, Any]) -> bool:
        data = line["data"]
        mine = data.get("edition") == self.edition
        return mine and all(data.get(name, data["actor"].get(name)) == value for name, value in told.items())

    def data(self, index: int) -> dict[str, Any]:
        data: dict[str, Any] = self.lines[index]["data"]
        return data

    # Tampering.

    def drop(self, index: int) -> None:
        """Take a line out."""
        stream, version = self._place(self.lines.pop(index))
        self._move(index, stream, version, -1)

    def insert(self, index: int, like: int, stream: str | None = None, **told: Any) -> int:
        """Put a line in, like another but for what is told, in its stream or another; gives its leaf."""
        line = copy.deepcopy(self.lines[like])
        line["data"].update({"correlation": f"forged-{index}"} | told)
        line["time"] = line["data"]["time"]
        stream = stream or self._place(line)[0]
        before = [self._place(one)[1] for one in self.lines[:index] if self._place(one)[0] == stream]
        version = 1 + max(before, default=0)
        self._move(index, stream, version - 1, 1)
        line["id"] = f"{stream}/{version}"
        self.lines.insert(index, line)
        return index

    def move(self, index: int, to: int) -> int:
        """Take a line out and put it in elsewhere, as an act of its own."""
        self.lines.append(line := copy.deepcopy(self.lines[index]))
        self.drop(index)
        self.insert(to, len(self.lines) - 1, self._place(line)[0])
        self.lines.pop()
        return to

    def _move(self, index: int, stream: str, version: int, by: int) -> None:
        """Renumber what comes after a change: versions of the stream, and the bases of decisions."""
        for line in self.lines[index:]:
            of, number = self._place(line)
            if of == stream and number > version:
                line["id"] = f"{stream}/{number + by}"
            if "basis" in line["data"] and line["type"].startswith("decision.proposed"):
                line["data"]["basis"]["size"] += by

    def _place(self, line: Line) -> tuple[str, int]:
        stream, _, version = line["id"].partition("/")
        return stream, int(version)

    def text(self) -> str:
        return json.dumps(self.lines)


class Story(Jury):
    """Irina wins before Olga: the deputy, who scored Olga highest, was recused; the award is revoked in the end."""

    def __init__(self, house: House, label: str = "2026") -> None:
        super().__init__(house, label, reviewing=False, conflict_policy=POLICY, runners_up=1)
        self._nominate()
        house.reviewing(self.edition)
        self._review()
        self._ask()
        self.app.reviews.recuse(self.by("secretary"), self.olga_by_deputy, "kin")
        self.close()
        self._decide()

    def tick(self, hours: int = 1) -> None:
        self.house.at += timedelta(hours=hours)

    def _nominate(self) -> None:
        nominations, nadia = self.app.nominations, self.people["nadia"]
        self.people["endorser"] = self.house.link(self.irina, "endorser")
        nominations.endorse(self.by("endorser"), self.irina, "Edda", "I saw it.")
        self.people["nominee"] = self.house.link(self.irina, "nominee")
        nominations.accept(self.by("nominee"), self.irina)
        self.vera = nominations.submit(
            self.by("nadia"), self.edition, "main", {"kind": "person", "name": "Vera"}, "Vera did."
        )
        nominations.rule(self.by("secretary"), self.vera, "ineligible", "serving", "left")
        self.tick()
        self.app.appeals.appeal_ruling(self.by("nadia"), self.vera, "she-serves")
        self.app.appeals.decide_ruling(self.by("abel"), self.vera, "dismissed", "left")
        self.zoe = self.house.eligible(self.edition, nadia, "Zoe")
        nominations.withdraw(self.by("nadia"), self.zoe)

    def _review(self) -> None:
        self.irina_by_rosa = self._scored(self.irina, "rosa", impact=5, reach=4)
        self.olga_by_rosa = self._scored(self.olga, "rosa", impact=4, reach=4)
        self._scored(self.irina, "rudi", impact=4, reach=4)
        self.olga_by_rudi = self._scored(self.olga, "rudi", impact=3, reach=4)
        self.house.score(self.people["rudi"], self.olga_by_rudi, None, impact=4, reach=4)
        self.olga_by_deputy = self._scored(self.olga, "deputy", impact=5, reach=5)
        self.assign(self.irina, "deputy")

    def _scored(self, nomination: str, who: str, **scores: int) -> str:
        review = self.assign(nomination, who)
        self.app.conflicts.declare_none(self.by(who), review)
        self.app.conflicts.open_file(self.by(who), review)
        return self.house.score(self.people[who], review, None, **scores)

    def _ask(self) -> None:
        ballots = self.app.ballots
        for secret in (False, True):
            ballot = ballots.open(self.by("chair"), self.edition, quorum=2, secret=secret)
            for who, answer in (("rosa", "yes"), ("rudi", "yes"), ("chair", "no")):
                ballots.vote(self.by(who), ballot, [[answer]])
            ballots.vote(self.by("deputy"), ballot, abstain=True)
            ballots.close(self.by("chair"), ballot)

    def _decide(self) -> None:
        decisions = self.app.decisions
        self.decision = self.propose()
        decisions.send_back(self.by("abel"), self.decision, "unclear")
        self.propose()
        decisions.dissent(self.by("rosa"), self.decision, "Not so.")
        decisions.approve(self.by("abel"), self.decision)
        embargo = self.house.at + timedelta(hours=2)
        decisions.announce(self.by("secretary"), self.decision, {self.irina: {"en": "For it."}}, embargo)
        self.tick(3)
        given = {"occasion": {"en": "A day"}, "date": "2026-06-02"}
        decisions.confer(self.by("secretary"), self.decision, given, [])
        winner = self.nominee(self.irina)
        decisions.propose_revocation(self.by("secretary"), self.decision, winner, "forged")
        decisions.revoke(self.by("abel"), self.decision, winner)
