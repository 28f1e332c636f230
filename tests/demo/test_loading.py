"""Loading a roll: all of the file, once, or nothing of it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from awards.access import OPERATOR
from awards.application.application import Application
from awards.application.desk import Arrival, Desk
from awards.application.replaying import replay
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside
from awards.loading import InvalidRoll, Loaded, load_roll
from awards.projections.catch_up import Projector
from tests import set_up
from tests.conftest import NewDatabase

ROLL = files("awards").joinpath("demo/roll.json").read_bytes()
ALL = Loaded(editions=9, winners=10, corrections=5)
NOTHING = Loaded(editions=0, winners=0, corrections=0)
EVENTS = 1 + 9 + 10 + 9 + 5
"""Established, recorded, honours, conferrals, corrections."""


class Killed(BaseException):
    """What a process does not live to handle."""


class Mortal(Ledger):
    """A ledger that dies at the n-th append."""

    lives = -1

    def append(self, recorded: Any, alongside: Alongside = Alongside()) -> int:  # noqa: B008
        if self.lives == 0:
            raise Killed
        self.lives -= 1
        return super().append(recorded, alongside)


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """The URL of an empty log with its read models."""
    return new_database("awards", set_up.log_and_views)


@pytest.fixture
def keys_url(new_database: NewDatabase) -> str:
    """The URL of an empty key store."""
    return new_database("keys", set_up.keys)


@pytest.fixture
def ledger(database_url: str) -> Iterator[Mortal]:
    opened = Mortal.open(database_url)
    assert isinstance(opened, Mortal)
    yield opened
    opened.close()


@pytest.fixture
def application(ledger: Ledger, database_url: str, keys_url: str, tmp_path: Path) -> Iterator[Application]:
    keys = KeyStore(keys_url, tmp_path / "test.key")
    projector = Projector(ledger, keys, database_url)
    yield Application(Desk(ledger, keys, projector))
    projector.close()
    keys.close()


def load(application: Application, roll: Any = None) -> Loaded:
    data = ROLL if roll is None else json.dumps(roll).encode()
    return load_roll(application, Arrival(OPERATOR, datetime.now(UTC)), data)


def facts(application: Application) -> list[dict[str, Any]]:
    """The public roll without ids and times."""
    page = application.reading.winners(datetime.now(UTC), limit=100)
    changing = {"id", "announced", "public_from", "updated", "edition_id"}
    return [{name: value for name, value in winner.items() if name not in changing} for winner in page.items]


def test_everything_is_recorded_with_its_sources(application: Application, ledger: Ledger) -> None:
    assert load(application) == ALL
    assert ledger.position() == EVENTS
    assert replay(ledger)[0] == EVENTS
    winners = facts(application)
    assert [(winner["edition"], winner["name"]) for winner in winners][4:7] == [
        ("2020", "Steplyne Nyaboga"),
        ("2019", "Carla Monteiro de Castro Araujo"),
        ("2019", "Suman Gawani"),
    ]
    assert winners[4]["conferral"] == {
        "occasion": {
            "en": "International Day of UN Peacekeepers",
            "fr": "Journée internationale des Casques bleus des Nations Unies",
        },
        "date": "2021-05-27",
        "date_certainty": "inferred from 'last Thursday'",
        "place": "online",
        "presented_by": ["António Guterres"],
    }
    assert winners[4]["corrections"] == [
        {
            "field": "year",
            "standing": 2020,
            "rival": 2021,
            "sources": ["defenceweb-2021", "un-australia-2021"],
            "reading": "edition 2020, ceremony 2021",
        }
    ]


def test_no_name_is_in_the_log(application: Application, ledger: Ledger) -> None:
    load(application)
    log = b"\n".join(ledger.lines())
    for personal in (b"Gawani", b"Araujo", b"Guterres", b"Captain", b"captain", b"UNISFA"):
        assert personal not in log
    assert b"Vancouver" in log


def test_loading_again_records_nothing(application: Application, ledger: Ledger) -> None:
    load(application)
    before = facts(application)
    assert load(application) == NOTHING
    assert ledger.position() == EVENTS
    assert facts(application) == before


@pytest.mark.parametrize("lives", [0, 1, 2, 3, 12, 13, 14, 15, EVENTS - 1])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_killed_load_goes_on(application: Application, ledger: Mortal, lives: int) -> None:
    ledger.lives = lives
    with pytest.raises(Killed):
        load(application)
    assert ledger.position() == lives
    ledger.lives = -1
    load(application)
    assert ledger.position() == EVENTS
    assert load(application) == NOTHING


def test_a_killed_load_goes_on_on_both_databases(application: Application, ledger: Mortal) -> None:
    ledger.lives = 13  # the second winner of an edition is missing
    with pytest.raises(Killed):
        load(application)
    ledger.lives = -1
    load(application)
    assert ledger.position() == EVENTS


def test_a_longer_file_adds_what_is_new(application: Application) -> None:
    roll = json.loads(ROLL)
    later = roll["editions"].pop()
    load(application, roll)
    roll["editions"].append(later)
    assert load(application, roll) == Loaded(editions=1, winners=1, corrections=0)


Change = Callable[[dict[str, Any]], object]
BAD: list[tuple[Change, str]] = [
    (lambda roll: roll.pop("award"), "/award: This member is required."),
    (lambda roll: roll.update(extra=1), "/extra: There is no such member."),
    (
        lambda roll: roll["award"].update(since="2016-13"),
        "/award/since: This must be a date as in 2019-05-29, a month as in 2019-05 or a year.",
    ),
    (
        lambda roll: roll["editions"][3]["winners"][1].update(country="XX"),
        "/editions/3/winners/1/country: There is no such country code.",
    ),
    (
        lambda roll: roll["editions"][3]["winners"][1].update(name="Carla Monteiro de Castro Araujo"),
        "/editions/3/winners/1/name: 'Carla Monteiro de Castro Araujo' comes twice",
    ),
    (lambda roll: roll["editions"][1].update(label="2016"), "/editions/1/label: '2016' comes twice"),
    (
        lambda roll: roll["editions"][1]["sources"].append("gossip"),
        "/editions/1/sources/2: there is no source 'gossip'",
    ),
    (lambda roll: roll["sources"].append(roll["sources"][0]), "/sources/17/key: 'africanews-2016' comes twice"),
    (
        lambda roll: roll["editions"][1]["conferral"].update(date="2017-02-29"),
        "/editions/1/conferral/date: There is no such date.",
    ),
    (
        lambda roll: roll["editions"][2]["corrections"][0]["rival"].update(value="2019"),
        "/editions/2/corrections/0/rival/value: This must be a whole number.",
    ),
    (
        lambda roll: roll["editions"][2]["corrections"][0]["rival"].update(value=2018),
        "/editions/2/corrections/0/rival/value: this is what stands already",
    ),
    (
        lambda roll: roll["editions"][3]["corrections"][0].pop("winner"),
        "/editions/3/corrections/0/winner: say which of the winners this is about",
    ),
    (
        lambda roll: roll["editions"][3]["corrections"][0].update(winner="Nobody"),
        "/editions/3/corrections/0/winner: the edition has no winner of this name",
    ),
    (
        lambda roll: roll["editions"][8]["winners"][0].update(name="A\u202eB"),
        "/editions/8/winners/0/name: This contains a character that reorders text.",
    ),
]


@pytest.mark.parametrize(("change", "says"), BAD)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_mistake_is_told_with_its_place_and_nothing_is_recorded(
    application: Application, ledger: Ledger, change: Change, says: str
) -> None:
    roll = json.loads(ROLL)
    change(roll)
    with pytest.raises(InvalidRoll) as refused:
        load(application, roll)
    assert str(refused.value) == says
    assert ledger.position() == 0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "The file is not JSON: "),
        (b"\xff", "The file is not JSON: "),
        (b'{"award": 1, "award": 2}', "The file is not JSON: an object names 'award' twice"),
        (b'{"award": NaN}', "The file is not JSON: NaN is not JSON"),
        (b"[" * 100_000, "The file is nested too deeply."),
        (b"[]", "This must be an object."),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_no_roll_is_refused(application: Application, ledger: Ledger, data: bytes, says: str) -> None:
    with pytest.raises(InvalidRoll) as refused:
        load_roll(application, Arrival(OPERATOR, datetime.now(UTC)), data)
    assert str(refused.value).startswith(says)
    assert ledger.position() == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_file_that_contradicts_the_log_is_refused(application: Application, ledger: Ledger) -> None:
    load(application)
    roll = json.loads(ROLL)
    roll["editions"][0]["winners"][0]["name"] = "A. O. Issaka"
    roll["editions"][0]["corrections"] = []
    with pytest.raises(
        InvalidRoll, match=r"^/editions/0/winners: the log names other winners: Aichatou Ousmane Issaka$"
    ):
        load(application, roll)
    assert ledger.position() == EVENTS
