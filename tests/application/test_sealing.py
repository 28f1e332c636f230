"""A whole edition with names that nobody else bears: none of them is in the log, and all of them can be read."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from awards.access import OPERATOR
from awards.application.replaying import replay
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger
from tests.application.guards import assert_sound
from tests.application.house import AFTERWARDS, ONE_STAGE, House, nominee

# Every personal value there is, one word each, that occurs nowhere else.
WORDS = (
    "nominatorname paperauthor nomineename nomineerank nomineeunit nomineemission teamname membername runnername"
    " statementtext amendedtext endorsername endorsementtext paperendorser rulingtext ineligibletext declinetext"
    " withdrawaltext reviewername chairname commenttext revisedtext conflicttext recusaltext withheldtext citationtext"
    " presentername readingtext rivalname standingname revocationtext pastwinner pastrank pastcitation accountname"
).split()
SECRET = {word: f"Zqx{word}é" for word in WORDS}
COUNTRY = "XK"


class Edition:
    """Everything that can be said about people, said once."""

    def __init__(self, house: House) -> None:
        self.house = house
        s = SECRET
        app, by, secretary = house.app, house.by, house.secretary
        house.staff("approver", s["accountname"])
        self.id = edition = house.edition(ONE_STAGE | {"runners_up": 1})
        nominator = house.member(edition, "nominator", s["nominatorname"])
        reviewer = house.member(edition, "reviewer", s["reviewername"])
        chair = house.member(edition, "chair", s["chairname"])
        person = nominee(
            s["nomineename"], rank=s["nomineerank"], unit=s["nomineeunit"], mission=s["nomineemission"], country=COUNTRY
        )
        submit, rule = app.nominations.submit, app.nominations.rule
        case = submit(by(nominator), edition, "main", person, s["statementtext"])
        app.nominations.amend(by(nominator), case, 1, person, s["amendedtext"])
        link = house.link(case, "endorser")
        app.nominations.endorse(by(link), case, s["endorsername"], s["endorsementtext"])
        app.nominations.endorse(by(secretary), case, s["paperendorser"], s["endorsementtext"])
        rule(by(secretary), case, "eligible", "serving", "meets_rules", s["rulingtext"])
        second = house.eligible(edition, nominator, s["runnername"], statement=s["statementtext"])
        team = {"kind": "team", "name": s["teamname"], "members": [{"name": s["membername"]}]}
        third = submit(by(secretary), edition, "main", team, s["statementtext"], on_behalf_of=s["paperauthor"])
        rule(by(secretary), third, "ineligible", "serving", "left_service", s["ineligibletext"])
        fourth = submit(by(nominator), edition, "main", nominee("Other"), s["statementtext"])
        app.nominations.decline(by(house.link(fourth, "nominee")), fourth, s["declinetext"])
        fifth = submit(by(nominator), edition, "main", nominee("Other"), s["statementtext"])
        app.nominations.withdraw(by(nominator), fifth, s["withdrawaltext"])
        house.reviewing(edition)
        review = house.assign(edition, case, reviewer)
        house.score(reviewer, review, s["commenttext"], impact=5, reach=5)
        house.score(reviewer, review, s["revisedtext"], impact=5, reach=4)
        house.score(chair, house.assign(edition, second, chair), None, impact=1, reach=1)
        conflicted = house.assign(edition, second, reviewer)
        app.reviews.declare_conflict(by(reviewer), conflicted, "same_unit", s["conflicttext"])
        recused = house.assign(edition, case, chair)
        app.reviews.recuse(by(secretary), recused, "same_unit", s["recusaltext"])
        app.editions.close_reviewing(by(secretary), edition, "panel")
        deputy = house.member(edition, "deputy", "Dina")  # the chair is recused
        self.decision = decision = app.decisions.propose(by(deputy), edition, "main")
        app.decisions.approve(by(house.approver), decision)
        app.decisions.announce(by(secretary), decision, {case: {"en": s["citationtext"]}})
        [announced] = house.events("decision.announced")
        winner = announced.winners[0]["participant"]
        conferral = {"occasion": {"en": "Ministerial"}, "date": "2026-06-01", "place": "Vancouver"}
        app.decisions.confer(by(secretary), decision, conferral, [s["presentername"]])
        app.decisions.correct(
            by(secretary), decision, "name", s["standingname"], s["rivalname"], ["src"], winner, s["readingtext"]
        )
        app.decisions.propose_revocation(by(deputy), decision, winner, "false_statement", s["revocationtext"])
        app.decisions.revoke(by(house.approver), decision, winner)
        self.nominee = winner
        self.case = case
        self._withhold(house)
        self._past(house)

    def _withhold(self, house: House) -> None:
        self.second = house.edition(label="2027")
        chair = house.member(self.second, "chair", "Chiara")
        house.member(self.second, "reviewer", "Rosa")
        house.reviewing(self.second)
        house.app.editions.close_reviewing(house.by(chair), self.second, "panel")
        house.app.decisions.propose(
            house.by(chair), self.second, "main", "withheld", "none_suitable", SECRET["withheldtext"]
        )

    def _past(self, house: House) -> None:
        s = SECRET
        self.past = house.app.editions.record(
            house.by(OPERATOR), house.award, "2019", [{"key": "src", "title": "Press release"}]
        )
        told = {"kind": "person", "name": s["pastwinner"], "rank": s["pastrank"]}
        house.app.decisions.record_honour(
            house.by(OPERATOR), self.past, told, ["src"], citation={"en": s["pastcitation"]}
        )

    def read(self) -> str:
        """All that the secretariat and the public read of it, as text."""
        reading, by = self.house.app.reading, self.house.by(self.house.secretary)
        told: list[Any] = [reading.winners(AFTERWARDS).items, reading.winners(AFTERWARDS, placing="runner_up").items]
        for edition in (self.id, self.second, self.past):
            told += [reading.edition(by, edition), reading.nominations(by, edition).items]
            told += [reading.reviews(by, edition).items, reading.decisions(by, edition).items]
            told += [reading.history(by, edition, limit=1_000).items]
        return json.dumps(told, ensure_ascii=False)


def cells(ledger: Ledger, tables: Iterable[str]) -> Iterator[bytes]:
    """Every value in these tables, as bytes."""
    for table in tables:
        for row in ledger.rows(f'SELECT * FROM "{table}"'):
            yield from (value if isinstance(value, bytes) else str(value).encode() for value in row.values())


@pytest.fixture
def edition(house: House) -> Edition:
    return Edition(house)


def spellings(text: str) -> set[bytes]:
    """The ways in which a text could stand in some bytes: encodings, and what is made of them, at any offset."""
    plain = [text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")]
    plain += [json.dumps(text)[1:-1].encode(), text.lower().encode(), text.upper().encode()]
    found = set(plain)
    for one in plain:
        found |= {one.hex().encode(), one.hex().upper().encode(), one[::-1]}
        for offset in range(3):
            # Of a text somewhere inside base64, all but the characters at the ends are always the same.
            encoded = base64.b64encode(b"\0" * offset + one)
            inner = encoded[(offset * 4 + 2) // 3 + (1 if offset else 0) : -4]
            found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def test_a_spelling_is_found_wherever_it_stands() -> None:
    for offset in range(3):
        inside = base64.b64encode(b"x" * offset + "Zqxnameé".encode() + b"yyy")
        assert any(spelling in inside for spelling in spellings("Zqxnameé"))
    assert b"\x00Z\x00q\x00x" in b"".join(sorted(spellings("Zqx")))


def test_no_personal_value_stands_anywhere_but_in_the_public_roll_and_all_can_be_read(
    edition: Edition, database_url: str
) -> None:
    read = edition.read()
    ledger = edition.house.service.ledger
    states = b"\n".join(stored.state for stored in ledger.notifications(0, 100_000))
    lines = b"\n".join(ledger.lines())
    beside = b"\n".join(cells(ledger, tables(database_url) - {"stored_events", "roll"}))
    for word, text in SECRET.items():
        leaks = {
            where: spelling
            for where, store in (("states", states), ("lines", lines), ("beside", beside))
            for spelling in spellings(text)
            if spelling in store
        }
        assert leaks == {}, word
    assert f'"{COUNTRY}"'.encode() not in lines
    # A comment that was replaced by a later one, and an account, which no read shows yet.
    gone = {"commenttext", "accountname"}
    assert {word for word, text in SECRET.items() if text not in read} == gone
    assert_sound(edition.house)


def test_the_log_replays_without_any_key(edition: Edition) -> None:
    size, root, streams = replay(edition.house.service.ledger)
    assert (size, root) == edition.house.service.ledger.basis()
    assert streams == len({row["stream"] for row in edition.house.service.ledger.rows("SELECT stream FROM leaves")})


def test_the_key_store_is_apart(edition: Edition, database_url: str, keys_url: str, key_file: Path) -> None:
    log, keys = tables(database_url), tables(keys_url)
    assert "keys" in keys
    assert "stored_events" in log
    assert log & keys == set()
    store = b"\n".join(cells(edition.house.service.ledger, log))
    opened = KeyStore(keys_url, key_file)
    wrapping = [opened.get(edition.nominee, cls) for cls in ("case", "public")]
    opened.close()
    assert [key for key in [*wrapping, key_file.read_bytes()] if key is None or key in store or len(key) < 32] == []


def tables(url: str) -> set[str]:
    """The names of all tables of a database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as opened:
            return {row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    with psycopg.connect(url) as connection:
        return {
            row[0]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        }


def test_without_her_keys_a_person_is_erased_everywhere_and_the_log_is_as_it_was(edition: Edition) -> None:
    service = edition.house.service
    before = service.ledger.check()
    service.keys.erase(edition.nominee, ("case", "public"), AFTERWARDS)
    service.projector.rebuild()
    read = edition.read()
    about: tuple[str, ...] = (
        "nomineename",
        "nomineerank",
        "nomineeunit",
        "nomineemission",
        "amendedtext",
        "rulingtext",
    )
    about += ("endorsementtext", "revisedtext", "citationtext", "standingname", "rivalname", "readingtext")
    about += ("revocationtext",)
    assert [word for word in about if SECRET[word] in read] == []
    assert [word for word in ("runnername", "endorsername", "pastwinner") if SECRET[word] not in read] == []
    view = edition.house.app.reading.nomination(edition.house.by(edition.house.secretary), edition.case)
    assert (view["nominee"]["name"], view["statement"]) == ("erased", "erased")
    assert service.ledger.check() == before


def test_what_is_said_of_a_team_is_about_its_members_too(house: House) -> None:
    edition = house.edition()
    nominator, reviewer = house.member(edition, "nominator", "Nadia"), house.member(edition, "reviewer", "Rosa")
    house.member(edition, "chair", "Chad")
    case = house.eligible(edition, nominator, "Team", kind="team", members=[{"name": "Irina"}, {"name": "Olga"}])
    house.reviewing(edition)
    house.score(reviewer, house.assign(edition, case, reviewer), "Irina leads well.")
    [submitted], [review] = house.events("nomination.submitted"), house.events("review.submitted")
    assert len(review.comment["of"]) == 3
    assert review.comment["of"] == submitted.statement["of"]
