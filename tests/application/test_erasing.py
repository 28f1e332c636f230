"""Erasing a person: two people, everything beside the log, nothing of the log."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from awards.access import OPERATOR
from awards.api.formats import as_atom, as_csv, as_json_ld
from awards.application import passwords
from awards.application.desk import Once
from awards.application.erasures import finish
from awards.domain import refusals as no
from awards.ledger.accounts import account_of
from awards.ledger.tokens import CODE_LIFE
from awards.restoring import erase_again
from tests.application.house import House, outcome
from tests.application.marked import PASSWORD, Marked, dumped, files_of, found_in, wal_of

BESIDE = {
    **dict.fromkeys(("sealed", "participants", "tokens", "accounts", "identities", "sessions", "contacts"), "deleted"),
    **dict.fromkeys(("organisations", "affiliations", "outbox", "imported", "spent", "limits"), "deleted"),
    "erasing": "what is to be destroyed, until it is",
    "idempotency": "blanked",
    "meta": "nobody",
    "mail_feed": "nobody",
    **dict.fromkeys(("stored_events", "leaves"), "the log: ids and digests"),
    "roll": "written anew",
    **dict.fromkeys(("awards", "editions", "nominations", "reviews", "decisions", "ballots", "subjects"), "references"),
    "projection": "nobody",
    "keys": "tombstones",
    "key_store": "nobody",
    "sqlite_sequence": "nobody",
}  # fmt: skip
"""What an erasure does to each table there is. Whoever adds one says so here, and in `awards.ledger.erasing`."""

PUBLISHED = {"name", "country", "rank", "right rank", "wrong rank", "mission", "citation", "reading"}
"""What is said of a winner in the roll of honour and on her page."""

MAY_NAME_HER = ("stored_events", "leaves", "keys", "subjects")
"""Where the random id of an erased subject still stands."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Weak hashes of passwords."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._dummy.cache_clear()
    yield
    passwords._dummy.cache_clear()


@pytest.fixture
def marked(house: House) -> Marked:
    return Marked(house)


def test_of_an_erased_winner_no_byte_is_left_and_the_log_is_as_it_was(
    marked: Marked, tmp_path: Path, database_url: str, keys_url: str
) -> None:
    ledger, marks = marked.service.ledger, marked.marks["irina"]
    urls = [database_url, keys_url]
    winner = marked.winners()[0]
    lines, size = list(ledger.lines()), ledger.basis()[0]
    before = {name.split(" in ")[0] for name in found_in(files_of(urls, tmp_path), marks)}
    assert before >= {"name", "country", "mission", "citation", "right rank"}
    marked.house.at += timedelta(days=1)
    marked.erase(marked.irina)
    assert found_in(files_of(urls, tmp_path), marks) == []
    assert list(ledger.lines())[:size] == lines
    assert ledger.check()[0] > size
    (gone,) = [one for one in marked.winners() if one["id"] == winner["id"]]
    assert (gone["name"], gone["citation"], gone["updated"] > winner["updated"]) == ("erased", "erased", True)
    assert {"country", "mission"} & gone.keys() <= {name for name in gone if gone[name] == "erased"}
    here = "https://awards.example/"
    assert b"erased" in as_atom([gone], "en", here, None, here)
    assert b"erased" in as_csv([gone], "en")
    assert marks["name"].encode() not in as_json_ld([gone])


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_in_the_write_ahead_log_of_postgresql_little_was_ever_in_clear(marked: Marked, database_url: str) -> None:
    marked.winners()
    for who in (marked.irina, marked.rosa):
        marked.erase(who)
    log = wal_of(database_url)
    assert log != []
    assert {told.split(" in ")[0] for told in found_in(log, marked.marks["irina"])} <= PUBLISHED
    assert {told.split(" in ")[0] for told in found_in(log, marked.marks["rosa"])} <= {"identity", "label"}


def test_a_read_model_that_is_built_anew_equals_the_one_that_caught_up(marked: Marked, database_url: str) -> None:
    marked.winners()
    marked.erase(marked.irina)
    marked.erase(marked.rosa, {"public": "archive"})
    caught_up = dumped(database_url)
    marked.service.projector.rebuild()
    rebuilt = dumped(database_url)
    for table in ("editions", "nominations", "reviews", "decisions", "roll", "subjects"):
        assert rebuilt[table] == caught_up[table]


def test_the_name_of_a_winner_may_be_kept_and_go_later(marked: Marked) -> None:
    name = marked.winners()[0]["name"]
    marked.erase(marked.irina, {"public": "archive"})
    (event,) = marked.house.events("edition.participant_erased")
    assert (event.classes, event.kept, event.basis) == (["case"], {"public": "archive"}, "asked")
    assert [one["name"] for one in marked.winners()] == [name]
    view = marked.app.reading.nomination(marked.jury.by("secretary"), marked.nomination)
    assert {view["nominee"]["name"], view["nominee"]["unit"], view["statement"]} == {"erased"}
    past = marked.app.reading.decision(marked.jury.by("secretary"), marked.decision)
    assert [winner["name"] for winner in past["winners"]] == [name]
    marked.erase(marked.irina)
    assert [one["name"] for one in marked.winners()] == ["erased"]
    assert [event.classes for event in marked.house.events("edition.participant_erased")] == [["case"], ["public"]]


def test_a_reviewer_loses_her_account_and_whatever_names_her_and_her_scores_stay(
    marked: Marked, tmp_path: Path, database_url: str, keys_url: str
) -> None:
    house, rosa, marks = marked.house, marked.rosa, marked.marks["rosa"]
    standing = marked.jury.standing()
    before = dumped(database_url)
    named = {table for table, rows in before.items() if rosa in rows}
    beside = {"participants", "tokens", "accounts", "identities", "sessions", "contacts", "affiliations", "sealed"}
    assert named >= beside
    marked.erase(rosa)
    assert found_in(files_of([database_url, keys_url], tmp_path), marks) == []
    after = dumped(database_url) | dumped(keys_url)
    assert {table for table, rows in after.items() if rosa in rows} <= {*MAY_NAME_HER}
    assert marked.jury.standing() == standing
    assert marked.app.accounts.sign_in(marks["login"], PASSWORD, house.at) is None
    assert account_of(marked.service.ledger.rows, rosa) is None
    with pytest.raises(no.NotAllowed):
        marked.app.reading.edition(marked.jury.by("rosa"), marked.edition)


def test_every_table_there_is_was_thought_of(marked: Marked, database_url: str, keys_url: str) -> None:
    marked.winners()
    assert {*dumped(database_url), *dumped(keys_url)} - {"sqlite_sequence"} == BESIDE.keys() - {"sqlite_sequence"}


# --- two people


def test_one_person_cannot_erase_another(marked: Marked) -> None:
    erasures, house = marked.app.erasures, marked.house
    officer, other = house.by(marked.officer), house.by(house.staff("privacy_officer", "Paul"))
    approver, secretary = house.by(house.approver), marked.jury.by("secretary")
    assert outcome(lambda: erasures.approve(approver, marked.irina)) == "erasure_not_requested"
    assert outcome(lambda: erasures.request(secretary, marked.irina, "asked")) == "forbidden"
    assert outcome(lambda: erasures.request(approver, marked.irina, "asked")) == "forbidden"
    subject = erasures.request(officer, marked.irina, "asked")
    assert outcome(lambda: erasures.request(other, subject, "asked")) == "erasure_already_requested"
    assert outcome(lambda: erasures.approve(officer, subject)) == "second_person_needed"
    assert outcome(lambda: erasures.approve(house.by(OPERATOR), subject)) == "forbidden"
    assert erasures.refuse(approver, subject, "identity") == subject
    assert outcome(lambda: erasures.approve(approver, subject)) == "erasure_not_requested"
    assert erasures.request(house.by(OPERATOR), subject, "asked") == subject
    assert erasures.approve(officer, marked.irina) == subject
    assert outcome(lambda: erasures.request(officer, marked.irina, "asked")) == "person_erased"
    assert outcome(lambda: erasures.request(officer, subject, "asked")) == "person_erased"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_whoever_may_approve_finds_the_requests_that_wait(marked: Marked) -> None:
    app, house = marked.app, marked.house
    officer, approver = house.by(marked.officer), house.by(house.approver)
    here = house.by(house.staff("privacy_officer", "Paula", house.award))
    other = app.awards.establish(house.by(OPERATOR), "other", {"en": "Other"}, {"en": "Body"})
    elsewhere = house.by(house.staff("privacy_officer", "Pia", other))
    own = str(house.approver.subject)
    assert app.retention.due(approver) == []
    subject = app.erasures.request(officer, marked.irina, "asked", kept={"public": "archive"})
    app.erasures.request(officer, own, "asked")
    asked: dict[str, Any] = {"by": officer.caller.subject, "classes": ["case", "account"], "basis": "asked"}
    asked["kept"] = {"public": "archive"}
    for by in (officer, approver, house.by(OPERATOR)):
        found = {one["subject"]: one for one in app.retention.due(by)}
        assert found.keys() == {subject, own}
        assert (found[subject]["classes"], found[subject]["requested"]) == (["case", "account"], asked)
    assert [one["subject"] for one in app.retention.due(here)] == [subject]
    assert app.retention.due(elsewhere) == []
    app.erasures.approve(approver, subject)
    app.erasures.refuse(officer, own, "identity")
    assert app.retention.due(officer) == []


def test_nobody_approves_her_own_erasure(marked: Marked) -> None:
    erasures, house = marked.app.erasures, marked.house
    own = str(house.approver.subject)
    erasures.request(house.by(marked.officer), own, "asked")
    assert outcome(lambda: erasures.approve(house.by(house.approver), own)) == "own_account"


def test_an_officer_of_one_award_reaches_whoever_has_to_do_with_that_award_alone(marked: Marked) -> None:
    house, erasures = marked.house, marked.app.erasures
    hers = house.by(house.staff("privacy_officer", "Paula", house.award))
    elsewhere = marked.app.awards.establish(house.by(OPERATOR), "other", {"en": "Other"}, {"en": "Body"})
    theirs = house.by(house.staff("privacy_officer", "Pia", elsewhere))
    assert outcome(lambda: erasures.request(theirs, marked.irina, "asked")) == "not_found"
    assert outcome(lambda: erasures.request(hers, str(house.approver.subject), "asked")) in (
        "not_found",
        "beyond_your_reach",
    )
    subject = erasures.request(hers, marked.irina, "asked")
    assert erasures.erasure(hers, subject)["requested"]["by"] == hers.caller.subject
    erasures.approve(house.by(house.approver), subject)
    assert outcome(lambda: erasures.request(hers, subject, "asked")) == "person_erased"
    assert outcome(lambda: erasures.request(hers, marked.irina, "asked")) == "person_erased"
    assert outcome(lambda: str(erasures.erasure(hers, marked.irina))) == "person_erased"
    assert outcome(lambda: erasures.request(marked.jury.by("secretary"), marked.irina, "asked")) == "not_found"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_officer_of_one_edition_is_told_that_a_person_is_beyond_her_reach(marked: Marked) -> None:
    hers = marked.house.by(marked.house.member(marked.edition, "privacy_officer", "Pola"))
    for asked in (
        lambda: marked.app.erasures.request(hers, marked.irina, "asked"),
        lambda: str(marked.app.erasures.erasure(hers, marked.irina)),
        lambda: marked.app.erasures.approve(hers, marked.irina),
    ):
        assert outcome(asked) == "beyond_your_reach"
    assert outcome(lambda: marked.app.erasures.request(marked.jury.by("nadia"), marked.irina, "asked")) == "forbidden"


def test_whoever_is_one_person_is_erased_under_every_id(marked: Marked) -> None:
    jury, erasures, house = marked.jury, marked.app.erasures, marked.house
    officer, approver = house.by(marked.officer), house.by(house.approver)
    subject = erasures.request(officer, jury.id("rosa"), "asked")
    jury.link(jury.id("rosa"), jury.id("rudi"))
    assert outcome(lambda: erasures.approve(approver, subject)) == "erasure_incomplete"
    assert erasures.request(officer, subject, "asked") == subject
    erasures.approve(approver, subject)
    gone = house.events("edition.participant_erased")
    assert {event.participant for event in gone} == {jury.id("rosa"), jury.id("rudi")}
    assert len({event.correlation for event in gone}) == len(gone)
    assert {event.actor["kind"] for event in gone} == {"system"}


def test_an_erased_person_is_not_named_again(marked: Marked) -> None:
    jury, house = marked.jury, marked.house
    link = marked.link
    marked.erase(marked.irina, {"public": "archive"})
    by = jury.by("secretary")
    again = {
        "enter": lambda: marked.app.editions.enter(by, marked.edition, "nominator", participant=marked.irina),
        "appoint": lambda: marked.app.editions.appoint(by, marked.edition, "panel", "member", participant=marked.irina),
        "link": lambda: jury.link(marked.irina, jury.id("rudi")),
        "revoke": lambda: marked.app.decisions.propose_revocation(by, marked.decision, marked.irina, "x", "Words."),
        "nominee": lambda: marked.app.people.issue_link(house.by(OPERATOR), marked.nomination, "nominee"),
    }
    assert {what: outcome(act) for what, act in again.items()} == dict.fromkeys(again, "person_erased")
    with pytest.raises(no.NotFound):
        marked.app.reading.nomination(house.by(link), marked.nomination)


def test_the_report_counts_what_would_go_and_says_what_stays(marked: Marked) -> None:
    erasures, officer = marked.app.erasures, marked.house.by(marked.officer)
    irina, rosa = (erasures.erasure(officer, who) for who in (marked.irina, marked.rosa))
    (won,), (sat,) = irina["editions"], rosa["editions"]
    assert (won["values"]["case"] >= 7, won["values"]["public"] >= 6, won["roles"], won["shared"]) == (
        True,
        True,
        [],
        0,
    )
    assert (sat["roles"], sat["scored"], sat["phase"]) == (["reviewer"], 1, "announced")
    account = rosa["account"]
    told = ("logins", "identities", "sessions", "tokens", "addresses", "affiliations")
    assert {name: account[name] > 0 for name in told} == dict.fromkeys(told, True)
    marked.erase(marked.rosa)
    after = erasures.erasure(officer, marked.rosa)
    assert (after["editions"], set(after["account"].values()), after["erased"]) == (
        [],
        {0},
        ["account", "case", "public"],
    )
    assert after["finished"]


# --- races


def test_two_approvals_at_once_are_one(marked: Marked) -> None:
    erasures, house = marked.app.erasures, marked.house
    subject = erasures.request(house.by(marked.officer), marked.irina, "asked")
    others = [house.by(house.staff("privacy_officer", f"P{number}")) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: outcome(lambda: erasures.approve(one, subject)), others))
    assert sorted(answers) == sorted([subject, *["erasure_not_requested"] * 3])
    assert len(house.events("subject.erased")) == 1


def test_who_comes_into_another_edition_meanwhile_is_erased_there_too(
    marked: Marked, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasures, house, desk = marked.app.erasures, marked.house, marked.app.desk
    other = house.edition(label="2031")  # which the secretary of the house takes part in already
    subject = erasures.request(house.by(marked.officer), str(house.approver.subject), "asked")
    recording = desk._record

    def meanwhile(*told: Any) -> None:
        monkeypatch.undo()
        house.app.editions.enter(house.by(house.secretary), other, "nominator", name="Nils")
        desk.ledger.write((COMES_IN, [desk.keys.mint(), other, subject]))
        recording(*told)

    monkeypatch.setattr(desk, "_record", meanwhile)
    assert erasures.approve(petra_too(house), subject) == subject
    assert [event.edition for event in house.events("edition.participant_erased")] == [other]
    assert marked.service.ledger.rows("SELECT participant FROM participants WHERE subject = ?", [subject]) == []


COMES_IN = "INSERT INTO participants (participant, edition, subject) VALUES (?, ?, ?)"


def petra_too(house: House) -> Any:
    return house.by(house.staff("privacy_officer", "Petra Two"))


def test_who_is_erased_comes_into_no_other_edition(marked: Marked) -> None:
    house = marked.house
    edition = house.edition(label="2032")
    sara = house.staff("secretariat", "Sara")
    marked.erase(str(sara.subject))
    with pytest.raises(no.NotAllowed):
        marked.app.editions.cancel(house.by(sara), edition, "x")
    nadia = str(marked.jury.people["nadia"].subject)
    marked.erase(nadia)
    assert outcome(lambda: joined(marked, edition, nadia)) == "person_erased"


def joined(marked: Marked, edition: str, subject: str) -> str:
    def decide(work: Any) -> str:
        work.act(edition=work.edition(edition))
        return str(work.newcomer(edition, subject))

    return marked.app.desk.carry_out("edition.enter", marked.house.by(marked.house.secretary), decide)


def test_what_is_sealed_about_her_meanwhile_is_refused_or_goes_too(marked: Marked) -> None:
    erasures, house, jury = marked.app.erasures, marked.house, marked.jury
    subject = erasures.request(house.by(marked.officer), marked.irina, "asked")
    told = []

    def correct(number: int) -> None:
        reading = f"Reading {number}."
        by = jury.by("secretary")
        fact = ("rank", "a", "b", ["un-2019"])
        told.append(
            outcome(
                lambda: marked.app.decisions.correct(by, marked.decision, *fact, winner=marked.irina, reading=reading)
            )
        )

    with ThreadPoolExecutor(4) as pool:
        done = pool.submit(erasures.approve, house.by(house.approver), subject)
        list(pool.map(correct, range(24)))
        done.result()
    assert set(told) <= {marked.decision, "person_erased", "busy"}
    references = [event.reading for event in house.events("decision.corrected") if event.reading]
    opened = marked.app.decisions.desk.projector.open_all(references)
    assert set(opened.values()) == {"erased"}


def test_a_request_is_repeated_with_its_key_and_no_hash_of_a_body_is_left(marked: Marked) -> None:
    house, erasures = marked.house, marked.app.erasures
    subject = erasures.request(house.by(marked.officer, Once("k1", "hash of a body", 200)), marked.irina, "asked")
    house.at = house.at.replace(minute=30)
    approving = house.by(house.approver, Once("k2", "hash of nothing", 200))
    assert erasures.approve(approving, subject) == subject
    assert erasures.approve(approving, subject) == subject
    bodies = {row["key"]: row["body"] for row in marked.service.ledger.rows("SELECT key, body FROM idempotency")}
    assert bodies == {"k1": "erased", "k2": "hash of nothing"}


# --- again


def test_everything_that_was_ever_erased_can_be_destroyed_again(marked: Marked, database_url: str) -> None:
    marked.erase(marked.rosa)
    marked.erase(marked.irina)
    service, before = marked.service, dumped(database_url)
    assert (erase_again(marked.app.desk, marked.house.at), dumped(database_url)) == (0, before)
    assert finish(marked.app.desk) == 0
    assert service.ledger.rows("SELECT * FROM erasing") == []


def test_a_key_store_that_came_back_loses_the_keys_again(marked: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(marked.service.keys, "erase_all", lambda pairs, at: kept.update(dict(pairs)))
    marked.erase(marked.irina)
    assert kept
    monkeypatch.undo()
    assert any(marked.service.keys.get_many([(marked.irina, "case")]).values())
    erase_again(marked.app.desk, marked.house.at)
    assert not any(marked.service.keys.get_many([(marked.irina, "case"), (marked.irina, "public")]).values())


def test_who_is_erased_can_still_win_without_a_word_on_her(house: House) -> None:
    from tests.application.test_afterwards import announce, approved, roll

    decision, cases = approved(house, "Irina", "Olga")
    (irina,) = (event for event in house.events("nomination.submitted") if str(event.originator_id) == cases[0])
    officer = house.by(house.staff("privacy_officer", "Petra"))
    house.app.erasures.request(officer, irina.nominee["participant"], "asked")
    house.app.erasures.approve(house.by(house.approver), irina.nominee["participant"])
    announce(house, decision, cases)
    assert sorted(roll(house)) == ["Olga", "erased"]


def test_a_code_of_hers_opens_nothing(marked: Marked) -> None:
    accounts, at = marked.app.accounts, marked.house.at
    code = accounts.new_code(marked.rosa, at, at + CODE_LIFE)
    marked.erase(marked.rosa)
    assert accounts.accept(code, at, "another", PASSWORD) is None
    late = accounts.new_code(marked.rosa, at, at + CODE_LIFE)
    assert accounts.accept(late, at, "another", PASSWORD) is None
