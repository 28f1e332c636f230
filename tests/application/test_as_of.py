"""Asking as of a position or a moment: what was read then, as far as today's reader may see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from awards.application.desk import Arrival
from awards.domain.refusals import AskByMoment, NotAllowed, NotFound, NotYet, Refusal
from tests.application.house import DURING, ONE_STAGE, House
from tests.application.jury import Jury

SECOND = timedelta(seconds=1)


@pytest.fixture
def jury(house: House) -> Jury:
    return Jury(house)


def then(arrival: Arrival, as_of: int | datetime) -> Arrival:
    """The same arrival, asking as of then."""
    return replace(arrival, as_of=as_of)


def later(jury: Jury, by: timedelta = timedelta(minutes=1)) -> datetime:
    """Let the time pass; gives the new time."""
    jury.house.at += by
    return jury.house.at


DOORS: dict[str, Callable[[Jury, Arrival], Any]] = {
    "edition": lambda jury, by: jury.app.reading.edition(by, jury.edition),
    "nominations": lambda jury, by: jury.app.reading.nominations(by, jury.edition),
    "irina": lambda jury, by: jury.app.reading.nomination(by, jury.irina),
    "reviews": lambda jury, by: jury.app.reading.reviews(by, jury.edition),
    "standing": lambda jury, by: jury.app.reading.standing(by, jury.edition, "panel", "main"),
    "decisions": lambda jury, by: jury.app.reading.decisions(by, jury.edition),
}


def answer(jury: Jury, door: str, by: Arrival) -> str:
    """What a door says, as JSON, or the code of its refusal."""
    try:
        return json.dumps(DOORS[door](jury, by), sort_keys=True)
    except Refusal as refusal:
        return refusal.code


def answers(jury: Jury, by: Arrival) -> dict[str, str]:
    return {door: answer(jury, door, by) for door in DOORS}


def course(jury: Jury) -> list[Callable[[], object]]:
    """An edition from the first review to the announcement, act by act."""
    app, reviews = jury.app, dict[str, str]()
    given = [(case, who) for case in (jury.irina, jury.olga) for who in ("rosa", "rudi", "deputy")]

    def assign(case: str, who: str) -> None:
        reviews[case + who] = jury.assign(case, who)

    def score(case: str, who: str) -> None:
        jury.house.score(jury.people[who], reviews[case + who], "Good.", impact=4, reach=2)

    acts: list[Callable[[], object]] = [partial(assign, case, who) for case, who in given]
    acts += [partial(score, case, who) for case, who in given[:-1]]
    acts += [
        lambda: app.reviews.recuse(jury.by("chair"), reviews[jury.irina + "rudi"], "same-unit", "A friend."),
        jury.close,
        jury.propose,
        lambda: app.decisions.send_back(jury.by("abel"), decision(jury), "incomplete"),
        jury.propose,
        lambda: app.decisions.approve(jury.by("abel"), decision(jury)),
        lambda: announce(jury),
    ]
    return acts


def decision(jury: Jury) -> str:
    return str(jury.app.reading.decisions(jury.by("ada"), jury.edition).items[0]["id"])


def announce(jury: Jury) -> None:
    chosen = jury.app.reading.decision(jury.by("secretary"), decision(jury))["winners"]
    citations = {winner["nomination"]: {"en": "For much."} for winner in chosen}
    jury.app.decisions.announce(jury.by("secretary"), decision(jury), citations)


def test_at_every_position_and_moment_stands_what_stood_there(jury: Jury) -> None:
    told: dict[int, tuple[datetime, dict[str, str]]] = {}
    for act in [lambda: None, *course(jury)]:
        later(jury)
        act()
        told[jury.size()] = (jury.house.at, answers(jury, jury.by("ada")))
    assert len(told) > 15
    later(jury)
    for size, (moment, expected) in told.items():
        for as_of in (size, moment, moment + timedelta(seconds=59)):
            assert answers(jury, then(jury.by("ada"), as_of)) == expected, (size, as_of)


def test_one_second_before_a_late_score_the_score_is_absent(jury: Jury) -> None:
    jury.scored(jury.irina, "rosa", impact=2, reach=2)
    on_time = answers(jury, jury.by("ada"))
    late = later(jury, timedelta(days=1))
    review = jury.scored(jury.irina, "rudi", impact=5, reach=5)
    jury.close()
    later(jury, SECOND)

    def entry(as_of: datetime) -> dict[str, Any]:
        found = jury.app.reading.standing(then(jury.by("ada"), as_of), jury.edition, "panel", "main")
        [one] = found["ranking"]["entries"]
        return dict(one)

    assert (entry(late - SECOND)["reviews"], entry(late - SECOND)["total"]) == (1, [2, 1])
    assert (entry(late)["reviews"], entry(late)["total"]) == (2, [7, 2])
    assert answers(jury, then(jury.by("ada"), late - SECOND)) == on_time
    with pytest.raises(NotFound):
        jury.app.reading.review(then(jury.by("ada"), late - SECOND), review)
    assert jury.app.reading.review(then(jury.by("ada"), late), review)["scores"] == {"impact": 5, "reach": 5}


def test_the_phase_is_that_of_then(jury: Jury) -> None:
    by = jury.by("ada")
    found = {
        as_of: jury.app.reading.edition(then(by, as_of), jury.edition)["phase"]
        for as_of in (DURING, datetime.fromisoformat("2026-05-02T00:00:00Z"), jury.house.at, jury.size())
    }
    assert list(found.values()) == ["call_open", "call_closed", "reviewing", "reviewing"]


# --- what cannot be asked


def test_what_did_not_exist_yet_is_not_found(jury: Jury) -> None:
    before = jury.house.at
    later(jury)
    review = jury.scored(jury.irina, "rosa")
    jury.close()
    proposed = jury.propose()
    by, read = jury.by("ada"), jury.app.reading
    assert read.decision(then(by, jury.house.at), proposed)["phase"] == "proposed"
    for ask in (lambda as_of: read.review(as_of, review), lambda as_of: read.decision(as_of, proposed)):
        with pytest.raises(NotFound):
            ask(then(by, before))
    first = jury.house.events("edition.planned", jury.edition)[0].position - 1
    for as_of in (0, first, datetime.fromisoformat("2026-01-01T00:00:00Z")):
        assert set(answers(jury, then(by, as_of)).values()) == {"not_found"}
    assert json.loads(answer(jury, "nominations", then(by, first + 1)))[0] == []


def test_nobody_is_told_what_has_not_happened_yet(jury: Jury) -> None:
    by = jury.by("ada")
    for as_of in (jury.house.at + timedelta(microseconds=1), jury.size() + 1, 2**53):
        for door in DOORS.values():
            with pytest.raises(NotYet):
                door(jury, then(by, as_of))


def test_a_position_is_for_who_sees_everything_it_counts(jury: Jury) -> None:
    by_number = {who: answer(jury, "edition", then(jury.by(who), jury.size())) for who in jury.people}
    refused = {who for who, told in by_number.items() if told == AskByMoment.code}
    assert refused == {"rosa", "rudi", "chair", "deputy"}
    for who in refused:  # whatever the number: the end of the log would be told by where the answer changes
        for size in (0, jury.size(), jury.size() + 1):
            with pytest.raises(AskByMoment):
                jury.app.reading.edition(then(jury.by(who), size), jury.edition)


def test_who_may_not_read_the_history_asks_for_no_past(jury: Jury, house: House) -> None:
    nominee = house.link(jury.irina, "nominee")
    for caller in (jury.people["nadia"], nominee, house.link(jury.irina, "endorser")):
        by = house.by(caller)
        jury.app.reading.nomination(by, jury.irina)
        for as_of in (house.at, jury.size()):
            with pytest.raises(NotAllowed):
                jury.app.reading.nomination(then(by, as_of), jury.irina)
            with pytest.raises(NotFound):
                jury.app.reading.nomination(then(by, as_of), jury.edition)


# --- under today's permissions and recusals


def test_todays_recusal_closes_yesterdays_nomination(jury: Jury) -> None:
    irinas = jury.scored(jury.irina, "rosa")
    jury.scored(jury.olga, "rosa")
    jury.scored(jury.irina, "rudi")
    jury.close()
    yesterday = later(jury)
    before = answers(jury, then(jury.by("rosa"), yesterday))
    assert jury.irina in before["nominations"] + before["standing"]
    later(jury, timedelta(days=1))
    jury.app.reviews.recuse(jury.by("secretary"), irinas, "same-unit")
    seen = answers(jury, then(jury.by("rosa"), yesterday))
    assert seen["irina"] == "not_found"
    others = {door: told for door, told in seen.items() if door != "reviews"}
    assert jury.irina not in "".join(others.values())
    assert json.loads(seen["edition"])["nominations"] == 1
    own = json.loads(seen["reviews"])[0]
    assert [(one["nomination"], one["reviewer"]) for one in own] == [
        (jury.irina, jury.id("rosa")),
        (jury.olga, jury.id("rosa")),
    ]
    jury.app.conflicts.reinstate(jury.by("secretary"), irinas, "mistaken")
    assert answers(jury, then(jury.by("rosa"), yesterday)) == before


def test_a_nomination_that_did_not_exist_then_is_not_counted_off(house: House) -> None:
    jury = Jury(house, reviewing=False)
    before = later(jury)
    later(jury)
    late = house.eligible(jury.edition, jury.people["nadia"], "Late")
    house.reviewing(jury.edition)
    jury.app.conflicts.declare(jury.by("rosa"), jury.edition, "panel", late, "same-unit")
    for as_of, count in ((before, 2), (house.at, 2)):
        assert jury.app.reading.edition(then(jury.by("rosa"), as_of), jury.edition)["nominations"] == count
    assert jury.app.reading.edition(then(jury.by("ada"), house.at), jury.edition)["nominations"] == 3


def test_a_role_taken_back_reads_no_past(jury: Jury) -> None:
    moment = jury.house.at
    later(jury)
    assert answer(jury, "edition", then(jury.by("rudi"), moment)) != "forbidden"
    jury.app.editions.discharge(jury.by("secretary"), jury.edition, "panel", jury.id("rudi"), "moved")
    assert answers(jury, then(jury.by("rudi"), moment))["edition"] == "forbidden"


def test_while_reviewing_is_open_a_panel_is_told_no_step_of_it(jury: Jury) -> None:
    """The difference of two standings tells one reviewer's scores, and a past what was meanwhile withdrawn."""
    for who in ("rosa", "rudi", "deputy"):
        for case in (jury.irina, jury.olga):
            later(jury)
            jury.scored(case, who)
    moment = later(jury)
    later(jury)
    for who in ("rosa", "chair", "deputy"):
        seen = answers(jury, then(jury.by(who), moment))
        assert seen["standing"] == "shown_later"
        own = [one["reviewer"] for one in json.loads(seen["reviews"])[0]]
        assert own == [jury.id(who)] * len(own)
    assert answer(jury, "standing", jury.by("rosa")) not in ("shown_later", "own_reviews_first")
    progress: dict[str, Any] = {
        who: jury.app.reading.nomination(then(jury.by(who), moment), jury.irina).get("progress")
        for who in ("rosa", "chair", "ada")
    }
    assert progress["chair"] is None
    assert (progress["rosa"]["submitted"], progress["ada"]["submitted"]) == (1, 3)
    jury.close()
    later(jury)
    for who in ("rosa", "chair"):
        seen = answers(jury, then(jury.by(who), moment))
        assert len(json.loads(seen["standing"])["ranking"]["entries"]) == 2
        assert len(json.loads(seen["reviews"])[0]) == 6
    jury.app.editions.reopen_reviewing(jury.by("secretary"), jury.edition, "panel", "late")
    assert answer(jury, "standing", then(jury.by("rosa"), moment)) == "shown_later"


def test_own_progress_is_that_of_then(jury: Jury) -> None:
    before = jury.house.at
    later(jury)
    jury.scored(jury.irina, "rosa")
    for as_of, submitted in ((before, 0), (jury.house.at, 1)):
        seen = jury.app.reading.nomination(then(jury.by("rosa"), as_of), jury.irina)
        assert seen["progress"]["submitted"] == submitted


def test_who_must_not_know_the_reviewers_is_told_no_step_of_reviewing(house: House) -> None:
    """When each review came in stands in the history, which names them: to others a past would tell it by and by."""
    jury = Jury(house, sight={"reviewers": {"approver": "never"}})
    jury.scored(jury.irina, "rosa")
    jury.close()
    moment = later(jury)
    seen = answers(jury, then(jury.by("abel"), moment))
    assert json.loads(seen["reviews"])[0] == []
    assert seen["standing"] == "shown_later"
    assert "progress" not in json.loads(seen["irina"])
    assert answer(jury, "standing", jury.by("abel")) != "shown_later"


def test_scores_that_are_not_shown_today_are_not_shown_as_of_yesterday(house: House) -> None:
    sight = {aspect: {"secretariat": "never"} for aspect in ("scores", "comments", "standing")}
    jury = Jury(house, sight=sight)
    jury.scored(jury.irina, "rosa", impact=5, reach=3)
    jury.close()
    moment = later(jury)
    seen = answers(jury, then(jury.by("secretary"), moment))
    assert seen["standing"] == "shown_later"
    [review] = json.loads(seen["reviews"])[0]
    assert "scores" not in review


def test_a_final_rank_is_of_the_present(jury: Jury) -> None:
    """Of what is closed to her the rank is shown once it is final: the ranks before are not."""
    irinas = jury.scored(jury.irina, "rosa")
    jury.scored(jury.irina, "rudi")
    jury.scored(jury.olga, "rudi")
    jury.app.reviews.recuse(jury.by("secretary"), irinas, "same-unit")
    jury.close()
    jury.app.decisions.approve(jury.by("abel"), jury.propose())
    moment = later(jury)
    assert jury.irina in answer(jury, "standing", jury.by("rosa"))
    past = answer(jury, "standing", then(jury.by("rosa"), moment))
    assert jury.olga in past
    assert jury.irina not in past


def test_nothing_more_is_shown_of_a_past_than_today(house: House) -> None:
    """Whoever asks, when a panel is at work: an id that today's answer does not have is in no past of it."""
    jury = Jury(house, **ONE_STAGE)
    asked: list[datetime] = []
    for act in course(jury):
        asked.append(later(jury))
        act()
        for who in ("rosa", "rudi", "chair"):
            now = answers(jury, jury.by(who))
            for moment in asked[-2:-1]:
                past = answers(jury, then(jury.by(who), moment))
                for door, told in past.items():
                    hidden = {jury.irina, jury.olga}.difference(
                        case for case in (jury.irina, jury.olga) if case in now[door] + now["nominations"]
                    )
                    assert not [case for case in hidden if case in told], (who, door)


# --- if the log is strange


def test_the_clock_was_set_back(jury: Jury) -> None:
    """The longest part of the log with no later time ends before the first event that came too early."""
    morning = later(jury)
    jury.scored(jury.irina, "rosa")
    ahead = later(jury, timedelta(hours=2))
    jury.scored(jury.irina, "rudi")
    jury.house.at = morning + timedelta(hours=1)
    jury.scored(jury.irina, "deputy")
    jury.house.at = ahead + SECOND

    def counted(as_of: datetime) -> int:
        found = jury.app.reading.standing(then(jury.by("ada"), as_of), jury.edition, "panel", "main")
        return int(found["ranking"]["entries"][0]["reviews"])

    assert [counted(at) for at in (morning, morning + timedelta(hours=1), ahead - SECOND, ahead)] == [1, 1, 1, 3]


def test_what_is_erased_since_shows_as_erased(jury: Jury) -> None:
    moment = jury.house.at
    assert "Irina" in answer(jury, "irina", then(jury.by("ada"), moment))
    jury.house.service.keys.erase(jury.nominee(jury.irina), ["case"], moment)
    shown = json.loads(answer(jury, "irina", then(jury.by("ada"), moment)))
    assert (shown["nominee"]["name"], shown["statement"]) == ("erased", "erased")
