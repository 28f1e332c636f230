"""Commands that meet: no rule rests on what has changed meanwhile, and what is refused leaves no trace."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from awards.access import OPERATOR
from awards.application.desk import Once
from awards.application.nominations import NominationCommands
from awards.domain import refusals as no
from tests.application.guards import ONCE, assert_sound, at_once, is_id, submit
from tests.application.house import ONE_STAGE, House, nominee, outcome
from tests.soak import rounds

# --- the close of the call


@pytest.mark.soak
def test_nothing_lands_after_the_close_and_nothing_answered_is_lost(house: House) -> None:
    for number in range(rounds(2, 40)):
        edition = house.edition(label=str(number))
        nominator = house.member(edition, "nominator", "Nadia")
        begin = threading.Barrier(7)

        def keep_submitting(_: int, edition: str = edition, who: Any = nominator, begin: Any = begin) -> list[str]:
            begin.wait(timeout=60)
            answers: list[str] = []
            while not answers or is_id(answers[-1]):
                answers.append(outcome(lambda: submit(house, edition, who)))
            return answers

        with ThreadPoolExecutor(6) as pool:
            running = pool.map(keep_submitting, range(6))
            begin.wait(timeout=60)
            close_in_the_midst(house, edition)
            answers = [answer for answered in running for answer in answered]
        assert_closed(house, edition, answers, refused=6)
    assert_sound(house)


@pytest.mark.soak
def test_nothing_lands_after_the_close_from_other_processes(
    house: House, database_url: str, keys_url: str, key_file: Path
) -> None:
    for number in range(rounds(1, 10)):
        edition = house.edition(label=str(number))
        who = str(house.member(edition, "nominator", "Nadia").participant)
        token = house.app.people.issue_edition_token(house.by(OPERATOR), edition, who, "nominator")
        command = [sys.executable, "-m", "tests.application.submitter", database_url, keys_url, str(key_file)]
        with ExitStack() as stack:
            processes = [
                stack.enter_context(
                    subprocess.Popen(
                        [*command, token, edition], stdin=PIPE, stdout=PIPE, text=True, cwd=Path(__file__).parents[2]
                    )
                )
                for _ in range(3)
            ]
            for process in processes:
                stack.callback(process.kill)
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
            for process in processes:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
            close_in_the_midst(house, edition)
            answers = [answer for process in processes for answer in json.loads(process.communicate(timeout=60)[0])]
        assert_closed(house, edition, answers, refused=3)
    assert_sound(house)


def close_in_the_midst(house: House, edition: str) -> None:
    """Close the call when some nominations have landed."""
    while len(house.service.ledger.rows("SELECT 1 FROM leaves WHERE edition = ?", [edition])) < 12:
        time.sleep(0.001)
    house.app.editions.close_call(house.by(house.secretary), edition)


def assert_closed(house: House, edition: str, answers: list[str], refused: int) -> None:
    """All that was answered landed, nothing else did, and nothing after the close."""
    landed = house.events("nomination.submitted", edition)
    [closed] = house.events("edition.call_closed", edition)
    assert max(event.position for event in landed) < closed.position
    assert sorted(str(event.originator_id) for event in landed) == sorted(filter(is_id, answers))
    assert [answer for answer in answers if not is_id(answer)] == ["call_closed"] * refused


# --- commands that decide the same thing


def test_twenty_identical_requests_are_one(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    answers = at_once([lambda: submit(house, edition, nominator, ONCE)] * 20)
    [submitted] = house.events("nomination.submitted")
    assert answers == [str(submitted.originator_id)] * 20
    assert house.counts()["idempotency"] == 1
    assert_sound(house)


def test_a_key_serves_one_request_for_a_day(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    first = submit(house, edition, nominator, ONCE)
    before = house.counts()
    assert outcome(lambda: submit(house, edition, nominator, Once("key", "other", 201))) == "idempotency_key_reused"
    assert submit(house, edition, nominator, ONCE) == first
    assert house.counts() == before
    house.at += timedelta(hours=24)
    second = submit(house, edition, nominator, Once("key", "other", 201))
    assert second != first
    assert house.counts()["idempotency"] == 1
    assert_sound(house)


def test_records_of_requests_are_gone_after_a_day_also_where_no_key_comes_again(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    for key in ("first", "second"):
        submit(house, edition, nominator, Once(key, "body", 201))
    house.at += timedelta(hours=24)
    submit(house, edition, nominator, Once("third", "body", 201))
    assert house.counts()["idempotency"] == 1


def test_who_may_not_plan_is_not_told_what_is_planned(house: House) -> None:
    house.edition(label="2026")
    for label in ("2026", "2027"):
        with pytest.raises(no.NotAllowed):
            house.app.editions.plan(house.by(house.approver), house.award, label, ONE_STAGE)


def judged(house: House) -> tuple[str, Any, Any]:
    """An edition ready for its decision, its chair and its deputy."""
    edition = house.edition()
    nominator, chair = house.member(edition, "nominator", "Nadia"), house.member(edition, "chair", "Chiara")
    deputy = house.member(edition, "deputy", "Dana")
    case = house.eligible(edition, nominator, "Irina")
    house.reviewing(edition)
    house.score(chair, house.assign(edition, case, chair))
    house.app.editions.close_reviewing(house.by(chair), edition, "panel")
    return edition, chair, deputy


def test_two_proposals_at_once_are_one(house: House) -> None:
    edition, chair, deputy = judged(house)
    answers = at_once(
        [partial(house.app.decisions.propose, house.by(who), edition, "main") for who in (chair, deputy)] * 2
    )
    [proposed] = house.events("decision.proposed")
    assert Counter(answers) == {str(proposed.originator_id): 1, "already_proposed": 3}
    assert_sound(house)


def test_two_approvals_at_once_are_one(house: House) -> None:
    edition, chair, _ = judged(house)
    decision = house.app.decisions.propose(house.by(chair), edition, "main")
    second = house.staff("approver", "Aino")
    answers = at_once(
        [partial(house.app.decisions.approve, house.by(who), decision) for who in (house.approver, second)] * 2
    )
    assert Counter(answers) == {decision: 1, "already_decided": 3}
    assert len(house.events("decision.approved")) == 1
    assert_sound(house)


def test_whoever_acts_by_an_award_wide_role_enters_the_edition_once(house: House) -> None:
    edition = house.edition()
    newcomer = house.staff("secretariat", "Selma")
    answers = at_once(
        [
            partial(house.app.editions.enter, house.by(newcomer), edition, "nominator", name=f"Nadia {number}")
            for number in range(6)
        ]
    )
    assert len({*filter(is_id, answers)}) == 6
    entered = [event for event in house.events("edition.role_entered") if event.role == "secretariat"]
    [known] = house.service.ledger.rows("SELECT participant FROM participants WHERE subject = ?", [newcomer.subject])
    assert [event.participant for event in entered] == [known["participant"]]
    assert {event.actor["id"] for event in house.events("edition.role_entered")[-6:]} == {known["participant"]}
    assert_sound(house)


@pytest.mark.soak
def test_no_score_lands_after_reviewing_closed(house: House) -> None:
    for number in range(rounds(3, 40)):
        edition = house.edition(label=str(number))
        nominator, chair = house.member(edition, "nominator", "Nadia"), house.member(edition, "chair", "Chiara")
        reviewers = [house.member(edition, "reviewer", f"Rosa {one}") for one in range(4)]
        case = house.eligible(edition, nominator, "Irina")
        house.reviewing(edition)
        reviews = [house.assign(edition, case, reviewer) for reviewer in reviewers]
        scoring = [partial(house.score, who, review, "Good.") for who, review in zip(reviewers, reviews, strict=True)]
        closing = partial(house.app.editions.close_reviewing, house.by(chair), edition, "panel")
        *answers, closed = at_once([*scoring, closing])
        assert closed == edition
        [end] = house.events("edition.reviewing_closed", edition)
        scored = house.events("review.submitted", edition)
        assert all(event.position < end.position for event in scored)
        assert {str(event.originator_id) for event in scored} == {*filter(is_id, answers)}
        assert {answer for answer in answers if not is_id(answer)} <= {"reviewing_not_open"}
    assert_sound(house)


# --- what was read has moved


def test_what_is_replaced_must_be_what_was_read(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    case = submit(house, edition, nominator)
    house.app.nominations.amend(house.by(nominator), case, 1, nominee("Irina Petrova"), "More.")
    before = house.counts()
    for version in (1, 3):
        with pytest.raises(no.Stale):
            house.app.nominations.amend(house.by(nominator), case, version, nominee("Ivana"), "Other.")
    assert house.counts() == before
    answers = at_once(
        [
            partial(house.app.nominations.amend, house.by(nominator), case, 2, nominee("Irina"), f"Text {number}")
            for number in range(4)
        ]
    )
    assert Counter(answers) == {case: 1, "stale": 3}
    assert_sound(house)


def moving(house: House, edition: str, times: int) -> Callable[[Any, Any], str]:
    """A submission in whose midst somebody else enters the edition, so many times."""
    left = [times]

    def decide(work: Any, nominator: Any) -> str:
        made: str = vars(NominationCommands)["submit"].__wrapped__(
            house.app.nominations, work, edition, "main", nominee("Irina"), "She did much."
        )
        if left[0]:
            left[0] -= 1
            house.app.editions.enter(house.by(house.secretary), edition, "nominator", name="Nina")
        return made

    return decide


def test_a_command_that_was_overtaken_looks_again_and_leaves_nothing_of_its_first_try(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    decide = moving(house, edition, 3)
    case = house.app.desk.carry_out(
        "nomination.submit", house.by(nominator, ONCE), lambda work: decide(work, nominator)
    )
    [submitted] = house.events("nomination.submitted")
    assert str(submitted.originator_id) == case
    assert_sound(house)


def test_a_command_that_is_overtaken_again_and_again_gives_up_with_nothing_stored(house: House) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    decide = moving(house, edition, 100)
    with pytest.raises(no.Busy):
        house.app.desk.carry_out("nomination.submit", house.by(nominator, ONCE), lambda work: decide(work, nominator))
    assert (house.events("nomination.submitted"), house.counts()["idempotency"]) == ([], 0)
    assert_sound(house)


def test_an_edition_that_moved_since_the_count_is_counted_again(house: House) -> None:
    edition, chair, _ = judged(house)
    withdrawn: list[str] = []

    def decide(work: Any) -> str:
        made: str = type(house.app.decisions).propose.__wrapped__(house.app.decisions, work, edition, "main")  # type: ignore[attr-defined]
        if not withdrawn:
            [case] = house.events("nomination.submitted")
            withdrawn.append(house.app.nominations.withdraw(house.by(house.secretary), str(case.originator_id)))
        return made

    assert outcome(lambda: house.app.desk.carry_out("decision.propose", house.by(chair), decide)) == "nothing_to_decide"
    assert house.events("decision.proposed") == []
    assert_sound(house)
