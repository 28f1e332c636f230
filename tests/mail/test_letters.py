"""What is written to whom, when, in which language, and what is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from awards.access import Caller
from awards.domain.values import instant
from awards.ledger.accounts import AccountRow, put_account
from awards.ledger.contacts import CHOICES
from awards.ledger.keys import SUBJECT
from awards.ledger.tokens import find_code
from awards.mail.courier import Courier
from awards.mail.texts import TEXTS
from tests.application.house import AFTERWARDS, CLOSES, DURING, ONE_STAGE, nominee
from tests.mail.conftest import MailHouse
from tests.mail.server import Got, MailServer

HOUR = timedelta(hours=1)


def rows(house: MailHouse) -> list[tuple[str, str, str | None]]:
    """Kind, state and reason of every row that is somebody's."""
    found = house.service.ledger.rows("SELECT kind, state, why FROM outbox WHERE recipient <> '*' ORDER BY kind, state")
    return [(row["kind"], row["state"], row["why"]) for row in found]


def to(mail: MailServer, email: str) -> list[Got]:
    return [got for got in mail.got if got.recipients == [email]]


def signs_in(house: MailHouse, who: Caller | str) -> None:
    """Somebody has an account."""
    subject = house.subject(who)
    house.service.ledger.write(put_account(AccountRow(subject, f"key-{subject}", "hash", None, instant(house.at))))


@pytest.fixture
def edition(house: MailHouse) -> str:
    return house.edition()


# --- invitations and notices


def test_who_has_no_account_is_invited_with_a_code_made_at_that_moment(
    house: MailHouse, edition: str, courier: Courier, mail: MailServer
) -> None:
    rosa = house.member(edition, "reviewer", "Rosa")
    house.writes_to(rosa, "rosa@example.org")
    codes = "SELECT hash FROM tokens WHERE kind = 'invitation'"
    assert house.service.ledger.rows(codes) == []
    assert courier.round().sent == 1
    (got,) = mail.got
    assert got.recipients == ["rosa@example.org"]
    assert got.sender == "awards@example.org"
    assert got["Subject"] == "Invitation: Advocate, edition 2026"
    (link,) = [line for line in got.text.splitlines() if line.startswith("https://")]
    address, _, code = link.partition("#")
    assert address == "https://awards.example.org/enter"
    stands_for = find_code(house.service.ledger.rows, code, house.at)
    assert stands_for is not None
    assert stands_for.subject == house.subject(rosa)
    assert find_code(house.service.ledger.rows, code, house.at + timedelta(days=14)) is None
    assert len(house.service.ledger.rows(codes)) == 1


def test_who_has_an_account_is_only_told(house: MailHouse, edition: str, courier: Courier, mail: MailServer) -> None:
    rosa = house.member(edition, "chair", "Rosa")
    house.writes_to(rosa, "rosa@example.org")
    signs_in(house, rosa)
    courier.round()
    (got,) = mail.got
    assert got["Subject"] == "Your part in Advocate, edition 2026"
    assert "as chair of the panel" in got.text
    assert "awd_" not in got.text


def test_who_gets_an_award_wide_role_is_invited_too(house: MailHouse, courier: Courier, mail: MailServer) -> None:
    house.writes_to(house.secretary, "sada@example.org", "fr")
    courier.round()
    (got,) = mail.got
    assert got["Subject"] == "Invitation : tous les prix"


def test_who_enters_by_an_act_of_her_own_knows(house: MailHouse, edition: str, courier: Courier) -> None:
    house.at = DURING
    house.writes_to(house.secretary, "sada@example.org")
    courier.round()
    roles = house.service.ledger.rows("SELECT facts FROM outbox WHERE kind = 'role'")
    assert all(edition not in row["facts"] for row in roles)


def test_a_role_that_ended_before_the_letter_went_is_not_told(
    house: MailHouse, edition: str, courier: Courier, mail: MailServer
) -> None:
    rosa, nadia = house.member(edition, "reviewer", "Rosa"), house.member(edition, "nominator", "Nadia")
    for who in (rosa, nadia):
        house.writes_to(who, "x@example.org")
    by = house.by(house.secretary)
    house.app.editions.discharge(by, edition, "panel", str(rosa.participant), "left")
    house.app.editions.leave(by, edition, "nominator", str(nadia.participant))
    courier.round()
    assert mail.got == []
    assert [state for kind, state, why in rows(house) if why == "over"] == ["dropped", "dropped"]


# --- assignments


@pytest.fixture
def assigned(house: MailHouse, edition: str) -> tuple[Caller, str, str]:
    """A reviewer with an account, her review, and the nomination."""
    nadia, rosa = house.member(edition, "nominator", "Nadia"), house.member(edition, "reviewer", "Rosa")
    nomination = house.eligible(edition, nadia, "Nneka Canary")
    house.writes_to(rosa, "rosa@example.org")
    signs_in(house, rosa)
    house.wants(rosa, "assignment", "results")
    house.member(edition, "chair", "Chidi")
    house.reviewing(edition)
    return rosa, house.assign(edition, nomination, rosa), nomination


def test_a_reviewer_is_told_of_an_assignment_and_of_no_name(
    house: MailHouse, assigned: tuple[Caller, str, str], courier: Courier, mail: MailServer
) -> None:
    courier.round()
    (got,) = mail.got
    assert got["Subject"] == "A review for you: Advocate, edition 2026"
    assert assigned[1] in got.text
    assert "Canary" not in got.content.decode()
    assert "Nadia" not in got.content.decode()


@pytest.mark.parametrize("end", ["recuse", "decline", "score", "discharge", "withdraw", "deactivate", "erase"])
def test_what_is_no_longer_ones_own_is_not_told(
    house: MailHouse, edition: str, assigned: tuple[Caller, str, str], courier: Courier, mail: MailServer, end: str
) -> None:
    rosa, review, nomination = assigned
    secretary = house.by(house.secretary)
    if end == "recuse":
        house.app.reviews.recuse(secretary, review, "family")
    elif end == "decline":
        house.app.reviews.decline(house.by(rosa), review, "no-time")
    elif end == "score":
        house.score(rosa, review)
    elif end == "discharge":
        house.app.editions.discharge(secretary, edition, "panel", str(rosa.participant), "left")
    elif end == "withdraw":
        house.app.nominations.withdraw(secretary, nomination)
    elif end == "erase":
        house.service.keys.erase(house.subject(rosa), SUBJECT, house.at)
    else:
        deactivate(house, rosa)
    courier.round()
    assert mail.got == []
    assert courier.outbox.due(house.at) == []


def deactivate(house: MailHouse, who: Caller) -> None:
    from uuid import UUID

    from awards.domain.subject import Subject
    from awards.domain.values import Act
    from awards.ledger.sealed import seal

    ledger, keys, subject = house.service.ledger, house.service.keys, house.subject(who)
    name, _ = seal("name", "Rosa", [subject], "account", keys)
    act = Act({"kind": "operator", "role": "operator"}, house.at, subject)
    known = Subject.register(act, UUID(subject), "person", name)
    known.deactivate(act, "left")
    ledger.append([known])


# --- receipts, language, choices


def submit(house: MailHouse, edition: str, nominator: Caller) -> str:
    return house.app.nominations.submit(house.by(nominator), edition, "main", nominee("Nneka Canary"), "She did much.")


def test_a_nominator_gets_a_receipt_in_her_language(
    house: MailHouse, edition: str, courier: Courier, mail: MailServer
) -> None:
    nadia = house.member(edition, "nominator", "Nadia")
    house.writes_to(nadia, "nadia@example.org", "fr")
    signs_in(house, nadia)
    house.wants(nadia, "receipt", language="fr")
    nomination = submit(house, edition, nadia)
    courier.round()
    (got,) = mail.got
    assert got["Subject"] == "Votre candidature est bien arrivée : Advocate, édition 2026"
    assert got["Content-Language"] == "fr"
    assert nomination in got.text
    assert "Canary" not in got.content.decode()


def test_nobody_gets_what_she_does_not_want(house: MailHouse, edition: str, courier: Courier, mail: MailServer) -> None:
    nadia = house.member(edition, "nominator", "Nadia")
    house.writes_to(nadia, "nadia@example.org")
    signs_in(house, nadia)
    house.wants(nadia)
    submit(house, edition, nadia)
    courier.round()
    assert mail.got == []
    assert [why for kind, _, why in rows(house) if kind == "receipt"] == ["not_wanted"]


def test_an_award_is_named_in_the_readers_language_where_it_has_a_name_in_it(
    house: MailHouse, courier: Courier, mail: MailServer
) -> None:
    names = {"fr": "Prix de la défense", "en": "Defence prize"}
    house.award = house.app.awards.establish(house.by(house.secretary), "defence", names, {"en": "Body"})
    edition = house.edition()
    for name, language in (("Nadia", "en"), ("Noé", "fr")):
        house.writes_to(house.member(edition, "nominator", name), f"{language}@example.org", language)
    courier.round()
    assert {got.recipients[0]: got["Subject"] for got in mail.got} == {
        "en@example.org": "Invitation: Defence prize, edition 2026",
        "fr@example.org": "Invitation : Prix de la défense, édition 2026",
    }


def test_who_cannot_be_reached_is_listed_as_that(house: MailHouse, edition: str, courier: Courier) -> None:
    house.member(edition, "nominator", "Nadia")
    courier.round()
    assert ("role", "dropped", "no_address") in rows(house)


def test_who_gets_an_address_later_gets_the_invitation_then(
    house: MailHouse, edition: str, courier: Courier, mail: MailServer
) -> None:
    nadia = house.member(edition, "nominator", "Nadia")
    submit(house, edition, nadia)
    assert courier.round().sent == 0
    house.at += HOUR
    house.writes_to(nadia, "nadia@example.org")
    assert courier.round().sent == 1
    assert mail.subjects() == ["Invitation: Advocate, edition 2026"]
    house.writes_to(nadia, "new@example.org")
    assert courier.round().sent == 0


# --- reminders before a deadline


@pytest.fixture
def nominators(house: MailHouse, edition: str, courier: Courier, mail: MailServer) -> dict[str, Caller]:
    """Nominators who have been told all that is to tell so far."""
    people = {name: house.member(edition, "nominator", name) for name in ("idle", "busy", "left", "silent")}
    for name, caller in people.items():
        house.writes_to(caller, f"{name}@example.org")
        signs_in(house, caller)
    house.wants(people["silent"], *(kind for kind in CHOICES if kind != "reminder"))
    submit(house, edition, people["busy"])
    courier.round()
    mail.got.clear()
    return people


def test_only_nominators_who_sent_nothing_are_reminded_and_only_once(
    house: MailHouse, edition: str, nominators: dict[str, Caller], courier: Courier, mail: MailServer
) -> None:
    left = str(nominators["left"].participant)
    house.app.editions.leave(house.by(house.secretary), edition, "nominator", left)
    house.at = CLOSES - timedelta(hours=72, seconds=1)
    assert courier.round().sent == 0
    house.at = CLOSES - timedelta(hours=72)
    assert courier.round().sent == 1
    assert [got.recipients for got in mail.got] == [["idle@example.org"]]
    assert "closes on 2026-05-01 02:00 (Europe/Paris)" in mail.got[0].text
    house.at = CLOSES - HOUR
    assert courier.round().sent == 0


def test_a_reminder_that_is_no_longer_true_is_not_sent(
    house: MailHouse, edition: str, nominators: dict[str, Caller], courier: Courier, mail: MailServer
) -> None:
    mail.behaviour.data = "451 4.3.0 later"
    house.at = CLOSES - timedelta(hours=72)
    assert courier.round().deferred == 2
    submit(house, edition, nominators["idle"])
    house.wants(nominators["left"])
    mail.behaviour.data = None
    house.at += HOUR
    courier.round()
    assert [got["Subject"] for got in mail.got if "closes" in got["Subject"]] == []


def test_a_moved_deadline_is_reminded_of_at_its_own_time(
    house: MailHouse, edition: str, nominators: dict[str, Caller], courier: Courier, mail: MailServer
) -> None:
    later = CLOSES + timedelta(days=10)
    house.app.editions.extend_call(house.by(house.secretary), edition, later, "Europe/Paris")
    house.at = CLOSES - timedelta(hours=72)
    assert courier.round().sent == 0
    house.at = later - timedelta(hours=72)
    assert courier.round().sent == 2
    assert {got.recipients[0] for got in mail.got} == {"idle@example.org", "left@example.org"}


def test_nobody_is_reminded_of_a_call_that_was_closed(
    house: MailHouse, edition: str, nominators: dict[str, Caller], courier: Courier, mail: MailServer
) -> None:
    house.app.editions.close_call(house.by(house.secretary), edition)
    house.at = CLOSES - timedelta(hours=72)
    courier.round()
    assert mail.got == []


@pytest.fixture
def reviewers(house: MailHouse, edition: str, courier: Courier, mail: MailServer) -> dict[str, Caller]:
    """Reviewers with something to review in ten days, who know of it."""
    nadia = house.member(edition, "nominator", "Nadia")
    nominations = [house.eligible(edition, nadia, name) for name in ("Nneka Canary", "Olu")]
    people = {name: house.member(edition, "reviewer", name) for name in ("slow", "quick", "recused", "left")}
    house.member(edition, "chair", "Chidi")
    for name, caller in people.items():
        house.writes_to(caller, f"{name}@example.org")
        signs_in(house, caller)
    house.at = AFTERWARDS
    due = AFTERWARDS + timedelta(days=10)
    house.app.editions.open_reviewing(house.by(house.secretary), edition, "panel", due)
    reviews = {name: [house.assign(edition, one, caller) for one in nominations] for name, caller in people.items()}
    house.score(people["slow"], reviews["slow"][0])
    for review in reviews["quick"]:
        house.score(people["quick"], review)
    for review in reviews["recused"]:
        house.app.reviews.recuse(house.by(house.secretary), review, "family")
    courier.round()
    mail.got.clear()
    left = str(people["left"].participant)
    house.app.editions.discharge(house.by(house.secretary), edition, "panel", left, "left")
    return people


def test_only_reviewers_who_owe_a_review_are_reminded(
    house: MailHouse, edition: str, reviewers: dict[str, Caller], courier: Courier, mail: MailServer
) -> None:
    house.at = AFTERWARDS + timedelta(days=7, seconds=-1)
    assert courier.round().sent == 0
    house.at += timedelta(seconds=1)
    assert courier.round().sent == 1
    (got,) = mail.got
    assert got.recipients == ["slow@example.org"]
    assert "due by 2026-06-11 12:00 (UTC)" in got.text
    assert "Canary" not in got.content.decode()
    assert courier.round().sent == 0


@pytest.mark.parametrize("act", ["close", "reopen"])
def test_nobody_is_reminded_of_reviews_that_are_no_longer_due_then(
    house: MailHouse, edition: str, reviewers: dict[str, Caller], courier: Courier, mail: MailServer, act: str
) -> None:
    by = house.by(house.secretary)
    house.app.editions.close_reviewing(by, edition, "panel")
    if act == "reopen":
        due = AFTERWARDS + timedelta(days=30)
        house.app.editions.reopen_reviewing(by, edition, "panel", "late", due)
    house.at = AFTERWARDS + timedelta(days=7)
    assert courier.round().sent == 0
    house.at = AFTERWARDS + timedelta(days=27)
    assert courier.round().sent == (1 if act == "reopen" else 0)


# --- results


def announced(house: MailHouse, rules: dict[str, Any], **people: str) -> tuple[str, str, dict[str, str]]:
    """A decided edition; gives edition, decision and the participants by name."""
    edition = house.edition(rules)
    nadia = house.member(edition, "nominator", "Nadia")
    noah = house.member(edition, "nominator", "Noah")
    best, second = house.eligible(edition, nadia, "Nneka"), house.eligible(edition, noah, "Olu")
    gone = house.app.nominations.submit(house.by(noah), edition, "main", nominee("Gone"), "Text.")
    house.app.nominations.withdraw(house.by(house.secretary), gone)
    chair, rosa = house.member(edition, "chair", "Chidi"), house.member(edition, "reviewer", "Rosa")
    house.reviewing(edition)
    for nomination, impact in ((best, 5), (second, 2)):
        for reviewer in (chair, rosa):
            house.score(reviewer, house.assign(edition, nomination, reviewer), impact=impact, reach=impact)
    house.app.editions.close_reviewing(house.by(house.secretary), edition, "panel")
    decision = house.app.decisions.propose(house.by(chair), edition, "main")
    house.app.decisions.approve(house.by(house.approver), decision)
    events = {event.nominee["participant"]: event for event in house.events("nomination.submitted", edition)}
    names = ("Nneka", "Olu", "Gone")
    who = dict(zip(names, events, strict=True))
    who |= {"Nadia": str(nadia.participant), "Noah": str(noah.participant)}
    who |= {"Chidi": str(chair.participant), "Rosa": str(rosa.participant)}
    for name, participant in who.items():
        signs_in(house, participant)
        house.writes_to(participant, f"{name.lower()}@example.org")
        house.wants(participant, "results")
    house.at += HOUR
    embargo = house.at + timedelta(days=3)
    house.app.decisions.announce(house.by(house.secretary), decision, {best: {"en": "For much."}}, embargo)
    return edition, decision, who


def test_results_go_to_those_who_took_part_when_the_embargo_is_over_and_not_before(
    house: MailHouse, courier: Courier, mail: MailServer
) -> None:
    announced(house, ONE_STAGE)
    start = house.at
    for moment in (start, start + timedelta(days=3) - timedelta(seconds=1)):
        house.at = moment
        courier.round()
        assert mail.got == []
    house.at = start + timedelta(days=3)
    assert courier.round().sent == 6
    told = {got.recipients[0].partition("@")[0]: got.text.splitlines()[0] for got in mail.got}
    panel, nominator, put_forward = "on whose panel you sat", "to which you sent", "in which you were put forward"
    expected = {"chidi": panel, "rosa": panel, "nadia": nominator, "noah": nominator, "nneka": put_forward}
    assert told.keys() == {*expected, "olu"}
    assert all(part in told[name] for name, part in expected.items())
    everything = b"".join(got.content for got in mail.got).decode()
    assert "For much" not in everything
    assert "Nneka" not in everything
    assert courier.round().sent == 0


def test_nominees_who_were_never_told_learn_nothing_by_mail(
    house: MailHouse, courier: Courier, mail: MailServer
) -> None:
    announced(house, ONE_STAGE | {"consent": "not_told"})
    house.at += timedelta(days=3)
    courier.round()
    assert {got.recipients[0].partition("@")[0] for got in mail.got} == {"chidi", "rosa", "nadia", "noah"}


def test_who_left_the_panel_meanwhile_is_not_told(house: MailHouse, courier: Courier, mail: MailServer) -> None:
    edition, _, who = announced(house, ONE_STAGE)
    courier.round()
    house.app.editions.discharge(house.by(house.secretary), edition, "panel", who["Rosa"], "left")
    house.at += timedelta(days=3)
    courier.round()
    assert "rosa@example.org" not in {got.recipients[0] for got in mail.got}


# --- the texts


def shape(texts: Any) -> Any:
    """The keys of a language, and the blanks of each text."""
    import string

    if isinstance(texts, str):
        return sorted({name for _, name, _, _ in string.Formatter().parse(texts) if name})
    if isinstance(texts, tuple):
        return [shape(text) for text in texts]
    return {name: shape(text) for name, text in texts.items()}


def test_every_language_says_the_same() -> None:
    assert shape(TEXTS["en"]) == shape(TEXTS["fr"])
    assert AFTERWARDS > CLOSES
