"""An edition with everything a bundle can hold, and others beside it of which nothing may be in one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from awards.access import OPERATOR, Caller
from awards.app import Service
from awards.application.desk import Arrival
from awards.settings import Settings
from tests.application.house import AFTERWARDS, ONE_STAGE, House
from tests.application.jury import Jury
from tests.domain.cases import PANEL
from tests.set_up import ORIGIN

HOSTILE = '<script>alert("x")</script> & \u202eנועה'
NAMES = {"Irina Šimić": "She brought patrols together.", "Olga Nowak": "She led.", HOSTILE: "</td><img src=x>"}
PRIVATE = ("Irina Šimić", "Olga Nowak", "Rosa", "Nadia", "A careful comment.", "She brought patrols together.")
ELSEWHERE = ("Elsewhere Person", "Nobody Else")
EMBARGO = AFTERWARDS + timedelta(days=30)
DURING_EMBARGO, PUBLIC_SINCE = EMBARGO - timedelta(days=1), EMBARGO + timedelta(days=1)
LOT = [PANEL | {"ties": ["lead-criterion", "lot"]}]


def open_service(folder: Path, database_url: str, keys_url: str) -> Service:
    """The service on these databases, with a checkpoint store in the folder."""
    named = {
        "AWARDS_DATABASE_URL": database_url,
        "AWARDS_KEYS": keys_url,
        "AWARDS_KEY_FILE": str(folder / "awards.key"),
        "AWARDS_ORIGIN": ORIGIN,
        "AWARDS_LOG_STORE": str(folder / "log"),
        "AWARDS_LOG_KEY": str(folder / "log.key"),
        "AWARDS_PORT": "0",
    }
    return Service.open(Settings.from_environment(named))


@dataclass(frozen=True)
class Opened:
    """A bundle as it was written."""

    data: bytes
    name: str
    digest: str

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Its files by path."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            return {name.removeprefix(f"{self.name}/"): archive.read(name) for name in archive.namelist()}

    @cached_property
    def lines(self) -> list[bytes]:
        return self.files["data/events.jsonl"].splitlines()

    @cached_property
    def shown(self) -> dict[int, dict[str, Any]]:
        """The lines that are shown, by leaf."""
        told = {index: json.loads(line) for index, line in enumerate(self.lines)}
        return {index: event for index, event in told.items() if "leaf" not in event}

    @property
    def topics(self) -> list[str]:
        return [event["type"].rpartition(".")[0] for event in self.shown.values()]

    @property
    def disclosures(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.files["data/disclosures.jsonl"].splitlines()]

    @property
    def report(self) -> str:
        return self.files["data/report.html"].decode()


class Scene:
    """The edition: ballots open and secret, one of them not closed; a lot; a recusal; an embargo, then a conferral."""

    def __init__(self, service: Service, publish: str = "scores") -> None:
        self.service = service
        self.house = House(service)
        self.app = self.house.app
        self.jury = Jury(self.house, stages=LOT, publish=publish, reviewing=False, conflict_policy={"en": "Tell ties."})
        self.edition = self.jury.edition
        self._nominate()
        self._review()
        self._ballots()
        self._decide()
        self._elsewhere()

    def by(self, who: str) -> Arrival:
        return self.jury.by(who)

    def _nominate(self) -> None:
        nadia, app = self.jury.people["nadia"], self.app
        self.cases = [
            self.house.eligible(self.edition, nadia, name, statement=told, country="BR") for name, told in NAMES.items()
        ]
        app.nominations.endorse(self.house.by(self.house.link(self.cases[0], "endorser")), self.cases[0], "Eve", "Yes.")
        refused = app.nominations.submit(
            self.by("nadia"), self.edition, "main", {"kind": "person", "name": "Late Comer"}, "Too late."
        )
        app.nominations.rule(self.by("secretary"), refused, "ineligible", "serving", "not_serving", "She has left.")

    def _review(self) -> None:
        jury, app = self.jury, self.app
        self.house.reviewing(self.edition)
        for who, score in (("rosa", 4), ("rudi", 2)):
            for case in self.cases[:2]:
                review = jury.assign(case, who)
                app.conflicts.declare_none(jury.by(who), review)
                app.conflicts.open_file(jury.by(who), review)
                self.house.score(jury.people[who], review, "A careful comment.", impact=score, reach=score)
        review = jury.assign(self.cases[2], "rosa")
        app.conflicts.declare(jury.by("rosa"), self.edition, "panel", self.cases[2], "family", "My cousin.")
        jury.close()

    def _ballots(self) -> None:
        app, jury = self.app, self.jury
        about = self.cases[:2]
        self.open, self.secret, self.running = (
            app.ballots.open(jury.by("chair"), self.edition, options=about, secret=secret, text=text)
            for secret, text in ((False, "Whom?"), (True, "In secret?"), (True, "Still open?"))
        )
        for ballot in (self.open, self.secret, self.running):
            app.ballots.vote(jury.by("rosa"), ballot, [[about[0]], [about[1]]])
            app.ballots.vote(jury.by("rudi"), ballot, None, True)
        for ballot in (self.open, self.secret):
            app.ballots.close(jury.by("chair"), ballot)

    def _decide(self) -> None:
        app, jury, house = self.app, self.jury, self.house
        self.undecided = house.service.ledger.position()
        self.decision = jury.propose()
        app.decisions.dissent(jury.by("rudi"), self.decision, "I would have waited.")
        app.decisions.approve(jury.by("abel"), self.decision)
        winners = {one: {"en": "For her service."} for one in self._winners()}
        app.decisions.announce(jury.by("secretary"), self.decision, winners, EMBARGO)
        house.at = EMBARGO + timedelta(hours=1)
        conferral = {"occasion": {"en": "Ministerial"}, "date": "2026-07-02", "place": "Vancouver"}
        app.decisions.confer(jury.by("secretary"), self.decision, conferral, ["Ann Presenter"])

    def _winners(self) -> Sequence[str]:
        (proposed,) = self.house.events("decision.proposed", self.edition)
        winners: list[str] = proposed.winners
        return winners

    def _elsewhere(self) -> None:
        """Another edition of the award, and an edition of another award."""
        later = self.house.edition(ONE_STAGE, "2027")
        nominator = self.house.member(later, "nominator", "Nobody Else")
        self.house.eligible(later, nominator, "Elsewhere Person")
        self.later = later
        house = self.house
        gazette = [{"key": "gazette", "title": "The Gazette"}]
        self.recorded = self.app.editions.record(house.by(house.secretary), house.award, "2019", gazette)
        other = self.app.awards.establish(house.by(OPERATOR), "other", {"en": "Other"}, {"en": "Body"})
        self.app.editions.plan(house.by(house.secretary), other, "2026", ONE_STAGE)

    def bundle(
        self, profile: str = "auditor", at: datetime = PUBLIC_SINCE, caller: Caller = OPERATOR, edition: str = ""
    ) -> Opened:
        """A bundle of the edition."""
        out = io.BytesIO()
        built = self.app.bundles.export(Arrival(caller, at), edition or self.edition, profile, out)
        return Opened(out.getvalue(), built.name, built.digest)
