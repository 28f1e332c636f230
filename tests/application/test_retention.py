"""Periods propose erasures: what is due is listed when an edition has been over for so long, and nothing is erased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from awards.access import OPERATOR, Caller
from awards.domain import refusals as no
from tests.application.house import AFTERWARDS, House
from tests.application.jury import Jury

PERIODS = {"case": 1, "public": 3, "account": 2}
EMBARGO = datetime(2026, 6, 30, 12, tzinfo=UTC)
CASE, ACCOUNT, PUBLIC = (datetime(2026, month, day, 12, tzinfo=UTC) for month, day in ((7, 30), (8, 30), (9, 30)))


def decided(house: House, **rules: Any) -> Jury:
    """An edition whose decision is announced, under an embargo of a month."""
    jury = Jury(house, retention=PERIODS, **rules)
    for case in (jury.irina, jury.olga):
        jury.scored(case, "rosa")
    jury.close()
    decision = jury.propose()
    house.app.decisions.approve(jury.by("abel"), decision)
    cited = {case: {"en": "For much."} for case in (jury.irina, jury.olga)}
    house.app.decisions.announce(house.by(house.secretary), decision, cited, EMBARGO)
    return jury


def due(house: House, at: datetime, caller: Caller = OPERATOR) -> list[tuple[str, tuple[str, ...]]]:
    """Who is due with what: participants and, for accounts, subjects."""
    house.at = at
    found = house.app.retention.due(house.by(caller))
    return [(str(view.get("participant", view["subject"])), tuple(view["classes"])) for view in found]


def test_what_is_due_comes_with_the_periods_and_goes_with_the_erasure(house: House) -> None:
    jury = decided(house)
    irina = jury.nominee(jury.irina)
    assert due(house, CASE - timedelta(seconds=1)) == []
    first = due(house, CASE)
    assert (irina, ("case",)) in first
    rows = house.service.ledger.rows("SELECT participant, subject FROM participants")
    assert len(first) == len(rows) > 8
    staff = {house.secretary.subject, house.approver.subject}
    accounts = {(str(row["subject"]), ("account",)) for row in rows if row["subject"] not in staff}
    assert set(due(house, ACCOUNT)) == {*first, *accounts}
    at_last = due(house, PUBLIC)
    assert [what for who, what in at_last if who == irina] == [("case",), ("public",)]
    assert house.counts()["sealed"] > 0
    officer = house.staff("privacy_officer", "Priya")
    house.app.erasures.request(house.by(officer), irina, "period-over")
    house.app.erasures.approve(house.by(house.approver), irina)
    gone = {irina, *(row["subject"] for row in rows if row["participant"] == irina)}
    assert due(house, PUBLIC) == [one for one in at_last if one[0] not in gone]


def test_an_edition_that_goes_on_or_has_no_periods_has_nothing_due(house: House) -> None:
    later = datetime(2040, 1, 1, tzinfo=UTC)
    going_on = Jury(house, "2027", retention=PERIODS)
    Jury(house, "2028")
    assert due(house, later) == []
    house.at = AFTERWARDS
    house.app.editions.cancel(going_on.by("secretary"), going_on.edition, "no-nominations")
    found = due(house, later)
    assert (going_on.nominee(going_on.irina), ("case",)) in found
    assert {who for who, what in found if what == ("account",)} != set()


def test_an_account_is_not_due_while_another_edition_of_hers_keeps_it(house: House) -> None:
    jury = decided(house)
    rosa = str(jury.people["rosa"].subject)
    assert (rosa, ("account",)) in due(house, ACCOUNT)
    later = Jury(house, "2029")
    work = {"participant": "2c687777-ef58-42a9-8529-a15355a2800b", "edition": later.edition, "subject": rosa}
    house.service.ledger.write(("INSERT INTO participants VALUES (?, ?, ?)", list(work.values())))
    assert (rosa, ("account",)) not in due(house, ACCOUNT)


def test_an_officer_sees_what_is_due_within_her_reach(house: House) -> None:
    decided(house)
    everywhere, here = house.staff("privacy_officer", "Priya"), house.staff("privacy_officer", "Paul", house.award)
    assert due(house, ACCOUNT, everywhere) == due(house, ACCOUNT)
    assert due(house, ACCOUNT, here) == [one for one in due(house, ACCOUNT) if one[1] != ("account",)]
    with pytest.raises(no.NotAllowed):
        due(house, ACCOUNT, house.secretary)
