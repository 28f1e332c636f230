"""What is measured stands here: databases, an edition whose call is open, the real roll of honour, and the requests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.ledger.database import migrate
from awards.loading import load_roll
from awards.settings import Settings
from bench.client import Make, get, post
from bench.fill import RULES, SENTENCE
from tests.postgres import PostgresServer

ROLL = "un-military-gender-advocate"
WINNERS = "/api/v1/winners"
MARK = b"@@@@@@@@"  # where the number of a request goes


@dataclass(frozen=True)
class Databases:
    """Where fresh databases of one kind come from."""

    kind: str
    folder: Path
    server: PostgresServer | None = None

    def create(self, name: str) -> str:
        """The address of one more empty database."""
        if self.server is not None:
            return self.server.create_database(name)
        return f"sqlite:///{self.folder / name}_{token_hex(4)}.db"

    def settings(self, name: str) -> dict[str, str]:
        """The settings of a service on a fresh, migrated database."""
        url = self.create(name)
        migrate(url)
        return {
            "AWARDS_DATABASE_URL": url,
            "AWARDS_LIMITS": "1000",  # judged as everywhere, and never reached
            "AWARDS_KEYS": self.create(f"{name}_keys"),
            "AWARDS_KEY_FILE": str(self.folder / f"{name}_{token_hex(4)}.key"),
        }


@dataclass(frozen=True)
class Call:
    """An open call: the edition, and a nominator's token for it."""

    edition: str
    token: str

    @property
    def path(self) -> str:
        """Where nominations go."""
        return f"/api/v1/editions/{self.edition}/nominations"


def open_call(service: Service) -> Call:
    """An edition with an open call, made by the commands that anybody would use."""
    now = datetime.now(UTC)
    app, operator = service.application, Arrival(OPERATOR, now)
    secretariat = app.people.issue_token(
        operator, app.people.register(operator, "An office", "secretariat"), "secretariat"
    )
    caller = app.people.caller(secretariat, now)
    assert caller is not None
    arrival = Arrival(caller, now)
    award = app.awards.establish(operator, "bench", {"en": "Bench"}, {"en": "Bench"})
    edition = app.editions.plan(arrival, award, "2031", RULES)
    app.editions.open_call(arrival, edition, now, now + timedelta(days=30), "Europe/Paris")
    nominator = app.editions.enter(arrival, edition, "nominator", name="A nominator")
    return Call(edition, app.people.issue_edition_token(operator, edition, nominator, "nominator"))


def set_up(settings: dict[str, str]) -> Call:
    """The roll and an open call on the service's database."""
    service = Service.open(Settings.from_environment(settings))
    try:
        roll = (files("awards.demo") / "roll.json").read_bytes()
        load_roll(service.application, Arrival(OPERATOR, datetime.now(UTC)), roll)
        call = open_call(service)
        service.projector.catch_up()
    finally:
        service.close()
    return call


def submission(call: Call, *, once: bool = False) -> Make:
    """POSTs of nominations, each of somebody else; `once`: under an Idempotency-Key."""
    number = MARK.decode()
    nominee = {
        "kind": "person",
        "name": f"Hawa Diallo {number}",
        "rank": "Major",
        "country": "NE",
        "unit": "2nd Battalion",
        "mission": "MINUSMA",
    }
    body = json.dumps({"category": "main", "nominee": nominee, "statement": SENTENCE * 8}).encode()
    headers = {"Authorization": f"Bearer {call.token}"} | ({"Idempotency_Key": f"bench-{number}"} if once else {})
    template = post(call.path, body, **headers)
    return lambda n: template.replace(MARK, b"%08d" % n)


def winners(query: str = "") -> Make:
    """GETs of the roll."""
    request = get(WINNERS + query)
    return lambda n: request


def other_winners() -> Make:
    """GETs of the ten real winners, asked so differently that none is answered from what is kept."""
    requests = [
        get(f"{WINNERS}?award={ROLL}&limit={limit}&placing={placing}")
        for limit in range(11, 201)
        for placing in ("winner", "any")
    ]
    return lambda n: requests[n % len(requests)]
