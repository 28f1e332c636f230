"""A subject's own file: everything that is held on her, each event with its proof, and nothing about anybody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from awards.access import OPERATOR, SELF, Caller
from awards.application.own_words import DONE, NAMED, OF_NOMINEE, OF_REVIEWER, OF_SUBJECT
from awards.domain import refusals as no
from awards.ledger.contacts import put_contact
from awards.ledger.database import migrate
from awards.ledger.notes import Verifier
from awards.ledger.receipts import Receipt
from awards.ledger.sealed import ERASED
from awards.ledger.tree import leaf_hash
from tests.application.house import House, open_service
from tests.application.jury import Jury
from tests.golden.test_golden import CLASSES
from tests.set_up import ORIGIN

TEXTS = {
    "statement": "A statement on Ilse by Nadia.",
    "endorsement": "An endorsement of Ilse by Eno.",
    "comment": "Rosa said this of Ilse.",
    "other comment": "Rudi said that of Ilse.",
    "conflict": "Rudi went to school with somebody.",
    "ruling": "The office on Ilse.",
    "citation": "For what Ilse did.",
    "dissent": "The deputy would have had Olga.",
    "login": "ilse-login",
    "address": "ilse@mail.example",
}
GIVEN = {"rosa": {"impact": 5, "reach": 1}, "rudi": {"impact": 3, "reach": 2}}
EMBARGO = timedelta(days=10)


class Told:
    """An edition in which everything is said that could be told to somebody it does not concern."""

    def __init__(self, house: House, **rules: Any) -> None:
        self.house, self.jury = house, Jury(house, reviewing=False, **rules)
        jury, app = self.jury, house.app
        self.case = app.nominations.submit(
            jury.by("nadia"),
            jury.edition,
            "main",
            {"kind": "person", "name": "Ilse", "unit": "Ilse's unit"},
            TEXTS["statement"],
        )
        link = house.link(self.case, "endorser")
        app.nominations.endorse(house.by(link), self.case, "Eno", TEXTS["endorsement"])
        ruling = ("eligible", "serving", "meets_rules", TEXTS["ruling"])
        app.nominations.rule(house.by(house.secretary), self.case, *ruling)
        self.endorser = link
        self.nominee = house.link(self.case, "nominee") if rules.get("consent") != "not_told" else None
        house.reviewing(jury.edition)
        for who, text in (("rosa", TEXTS["comment"]), ("rudi", TEXTS["other comment"])):
            house.score(jury.people[who], jury.assign(self.case, who), text, **GIVEN[who])
        app.conflicts.declare(jury.by("rudi"), jury.edition, "panel", jury.olga, "same_unit", TEXTS["conflict"])
        jury.close()
        self.decision = jury.propose()
        app.decisions.dissent(jury.by("deputy"), self.decision, TEXTS["dissent"])
        app.decisions.approve(jury.by("abel"), self.decision)
        self.opens = house.at + EMBARGO
        cited = {self.case: {"en": TEXTS["citation"]}}
        app.decisions.announce(house.by(house.secretary), self.decision, cited, self.opens)

    def subject(self, participant: str) -> str:
        rows = self.house.service.ledger.rows
        return str(rows("SELECT subject FROM participants WHERE participant = ?", [participant])[0]["subject"])

    @property
    def winner(self) -> str:
        return self.subject(self.jury.nominee(self.case))

    def file_of(self, who: str) -> dict[str, Any]:
        """The whole file of somebody, as the operator gets it."""
        return self.house.app.files.file_of(self.house.by(OPERATOR), who)

    def own(self, who: str) -> dict[str, Any]:
        """The file that somebody on the jury gets with her token."""
        return self.house.app.files.own_file(self.jury.by(who))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The story, with what is published of it still under its embargo."""
    folder = tmp_path_factory.mktemp("own_file")
    migrate(f"sqlite:///{folder / 'awards.db'}", ORIGIN)
    service = open_service(f"sqlite:///{folder / 'awards.db'}", f"sqlite:///{folder / 'keys.db'}", folder / "key")
    with closing(service):
        yield Told(House(service))


def events(file: dict[str, Any], *types: str) -> list[dict[str, Any]]:
    """The events of a file with one edition, of some types, without the receipts."""
    (edition,) = file["editions"]
    found = [{k: v for k, v in event.items() if k not in ("receipt", "index", "time")} for event in edition["events"]]
    return [event for event in found if not types or event["type"] in types]


def everybody(told: Told) -> dict[str, set[str]]:
    """What tells of each person by herself: her ids, her name, and the texts that are about her alone."""
    rows = told.house.service.ledger.rows("SELECT participant, subject FROM participants")
    people = {row["participant"]: {row["participant"], row["subject"]} for row in rows}
    words = {"nadia": {"Nadia"}, "rosa": {"Rosa"}, "rudi": {"Rudi"}, "chair": {"Chair"}, "deputy": {"Deputy"}}
    for who, names in words.items():
        people[told.jury.id(who)] |= names
    people[str(told.endorser.participant)] |= {"Eno"}
    for case, name in ((told.jury.irina, "Irina"), (told.jury.olga, "Olga"), (told.case, "Ilse")):
        people[told.jury.nominee(case)] |= {name, case}
    return people


def test_nothing_about_anybody_else_is_in_anybodys_file(told: Told) -> None:
    people = everybody(told)
    assert len(people) > 9
    for at in (told.house.at, told.opens):
        told.house.at = at
        for who, hers in people.items():
            file = told.file_of(who)
            shown = json.dumps({**file, "not_told": ""})
            others = set().union(*(each for other, each in people.items() if other != who)) - hers
            assert {word for word in others if word in shown} == set(), who
            assert who in shown
    told.house.at = told.opens - EMBARGO


def test_a_winner_learns_of_the_decision_when_everybody_does_and_of_the_deliberation_never(told: Told) -> None:
    before = told.file_of(told.winner)
    named = {"as": ["nominee"], "type": "nomination.submitted"}
    attributes = {"name": "Ilse", "unit": "Ilse's unit"}
    assert events(before) == [
        named | {"told": {"kind": "person", "attributes": attributes}},
        {"as": ["nominee"], "type": "nomination.ruled_eligible"},
    ]
    told.house.at = told.opens
    after = told.file_of(told.winner)
    told.house.at = told.opens - EMBARGO
    assert events(after)[2:] == [
        {
            "as": ["winner"],
            "type": "decision.announced",
            "told": {"kind": "person", "attributes": {"name": "Ilse"}, "citation": {"en": TEXTS["citation"]}},
        }
    ]
    shown = json.dumps(after)
    deliberation = {name for name in TEXTS if name not in ("citation", "login", "address")}
    assert {name for name in deliberation if TEXTS[name] in shown} == set()
    assert "scores" not in shown


def test_a_reviewer_gets_what_she_gave_and_what_she_said_of_herself(told: Told) -> None:
    rudi = told.own("rudi")
    assert [event["told"] for event in events(rudi, "review.submitted")] == [{"scores": GIVEN["rudi"]}]
    declared = events(rudi, "review.conflict_declared")
    assert [event["told"] for event in declared] == [{"code": "same_unit", "text": TEXTS["conflict"]}]
    seat = {"stage": "panel", "seat": "member", "name": "Rudi"}
    assert [event["told"] for event in events(rudi, "edition.panel_member_appointed")] == [seat]
    assert TEXTS["other comment"] not in json.dumps(rudi)
    assert TEXTS["conflict"] not in json.dumps(told.own("rosa"))


def test_every_event_comes_with_a_receipt_that_proves_its_line_without_showing_it(told: Told) -> None:
    file = told.file_of(told.winner)
    keys = [Verifier.read(vkey) for vkey in told.house.app.log.vkeys()]
    found = file["editions"][0]["events"]
    assert len(found) == 2
    for event in found:
        receipt = Receipt.read(event["receipt"])
        [line] = told.house.service.ledger.lines(event["index"], event["index"] + 1)
        assert receipt.verify(leaf_hash(line), keys).size > event["index"]
        assert (receipt.index, receipt.extra) == (event["index"], leaf_hash(line))


def test_with_a_token_the_file_reaches_as_far_as_the_token(told: Told) -> None:
    house = told.house
    put_contact(house.service.ledger, house.service.keys, told.winner, TEXTS["address"])
    assert told.nominee is not None
    by_link = house.app.files.own_file(house.by(told.nominee))
    assert by_link.keys() == {"subject", "log", "not_told", "editions"}
    assert TEXTS["address"] not in json.dumps(by_link)
    whole = house.app.files.own_file(house.by(Caller("account", SELF, told.winner)))
    assert whole == told.file_of(told.winner)
    assert whole["beside"]["contact"]["email"] == TEXTS["address"]
    assert whole["editions"] == by_link["editions"]
    elsewhere = house.edition(label="2027")
    other = replace(told.jury.people["rudi"], edition=elsewhere, participant=None)
    with pytest.raises(no.NotAllowed):
        house.app.files.own_file(house.by(other))


def test_the_file_of_somebody_else_is_for_the_operator_and_the_privacy_officer_of_every_award(told: Told) -> None:
    house = told.house
    officer = house.staff("privacy_officer", "Priya")
    assert house.app.files.file_of(house.by(officer), told.winner) == told.file_of(told.winner)
    of_one = house.staff("privacy_officer", "Paul", house.award)
    for caller in (of_one, house.secretary, told.jury.people["chair"], told.jury.people["ada"]):
        with pytest.raises(no.NotAllowed):
            house.app.files.file_of(house.by(caller), told.winner)
    with pytest.raises(no.NotFound):
        told.file_of(house.award)


def test_who_was_not_to_be_told_of_a_nomination_is_not_told_before_the_decision_is_public(house: House) -> None:
    told = Told(house, consent="not_told")
    who = told.winner
    assert told.file_of(who)["editions"][0]["events"] == []
    told.house.at = told.opens
    assert next(event["type"] for event in events(told.file_of(who))) == "nomination.submitted"
    told.house.service.keys.erase(told.jury.nominee(told.case), ["case"], told.house.at)
    (submitted,) = events(told.file_of(who), "nomination.submitted")
    assert submitted["told"]["attributes"] == {"name": ERASED.value, "unit": ERASED.value}


def test_what_may_be_told_is_listed_by_events_and_fields_that_there_are() -> None:
    topics = {name.rpartition(".v")[0]: event for name, event in CLASSES.items()}
    listed = [*NAMED, *OF_REVIEWER, *OF_NOMINEE, *DONE, *OF_SUBJECT]
    assert set(listed) <= topics.keys()
    for table in (OF_REVIEWER, DONE, OF_SUBJECT):
        for topic, fields in table.items():
            assert set(fields) <= vars(topics[topic])["__dataclass_fields__"].keys(), topic
