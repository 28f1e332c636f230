"""The past of an edition: what was read then is read again by the same queries, and nothing but its own rows is."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from awards.domain.refusals import Refusal
from awards.domain.values import instant
from awards.ledger import ledger
from awards.ledger.ledger import Ledger
from awards.projections import decisions, editions, nominations, pasts, reviews, standing
from awards.projections.catch_up import Projector
from awards.projections.rows import Rows
from tests.projections.histories import History
from tests.projections.random_history import Chance
from tests.soak import rounds

EVERY = 10_000


def answers(rows: Rows, key: str, now: datetime) -> str:
    """What every query tells of an edition, as JSON."""
    told: dict[str, Any] = {
        "edition": editions.find(rows, key, now),
        "nominations": nominations.find_all(rows, key, limit=EVERY).items,
        "reviews": reviews.find_all(rows, edition=key, limit=EVERY).items,
        "decisions": decisions.find_all(rows, key, limit=EVERY).items,
        "categories": dict(nominations.categories(rows, key)),
    }
    try:
        told["standing"] = standing.find(rows, key, "review", "main")
    except Refusal as refusal:
        told["standing"] = refusal.code
    return json.dumps(told, sort_keys=True)


@pytest.mark.parametrize("seed", range(rounds(2, 40)))
def test_every_position_tells_what_it_told_when_the_log_ended_there(
    seed: int, history: History, projector: Projector
) -> None:
    chance = Chance(history, seed)
    told: dict[tuple[int, str], tuple[datetime, str]] = {}
    for _ in range(40):
        chance.play(1)
        with projector.reading() as rows:
            for edition in {edition.key for edition in chance.editions} | {
                str(one.edition) for one in chance.decisions
            }:
                told[rows.position, edition] = (history.now, answers(rows, edition, history.now))
    asked = list(told.items())
    chance.random.shuffle(asked)
    for (position, edition), (now, expected) in asked:
        with projector.pasts.reading(edition, chance.award.key, position) as then:
            assert then is not None
            assert answers(then, edition, now) == expected


# --- from a moment to a position


@pytest.fixture
def clock_trouble(history: History) -> list[datetime]:
    """Times of eight events: two at one time, and then the clock is set back for a while."""
    steps = (1, 2, 2, 9, 3, 4, 10, 11)
    award = history.award()  # the first, by the clock a minute after START
    begin = history.now
    times = [begin]
    for place, step in enumerate(steps):
        history.now = begin + timedelta(minutes=step - 1)
        history.edition(award, str(2030 + place))
        times.append(history.now)
    return times


def longest(times: list[datetime], moment: datetime) -> int:
    """The longest prefix with no later time, by its definition."""
    return max(size for size in range(len(times) + 1) if all(time <= moment for time in times[:size]))


def test_a_moment_is_the_longest_prefix_with_no_later_time(history: History, clock_trouble: list[datetime]) -> None:
    tick = timedelta(microseconds=1)
    moments = [time + step for time in clock_trouble for step in (-tick, timedelta(), tick, timedelta(seconds=30))]
    for moment in moments:
        assert history.ledger.position_at(instant(moment)) == longest(clock_trouble, moment)
    assert history.ledger.position_at("9999-12-31T23:59:59.999999Z") == len(clock_trouble)
    greatest = [max(clock_trouble[:size]) for size in range(1, len(clock_trouble) + 1)]
    assert [history.ledger.time_at(size) for size in range(1, len(clock_trouble) + 1)] == list(map(instant, greatest))


def test_an_empty_log_has_no_past(history: History, projector: Projector) -> None:
    assert history.ledger.position_at(instant(datetime.now(UTC))) == 0
    award = history.award()
    edition = history.edition(award)
    for position, exists in ((0, False), (1, False), (2, True), (99, True)):
        with projector.pasts.reading(edition.key, award.key, position) as then:
            assert (then is not None) == exists


# --- what is shown, and what is kept


def test_what_was_sealed_under_a_key_that_is_gone_is_erased_in_every_past(
    history: History, projector: Projector
) -> None:
    award = history.award()
    edition = history.open_edition(award)
    case = history.nomination(edition, name="Ada Lovelace")

    def name() -> str:
        with projector.pasts.reading(edition.key, award.key, history.ledger.position()) as then:
            assert then is not None
            return str(nominations.find_all(then, edition.key).items[0]["nominee"]["name"])

    assert name() == "Ada Lovelace"
    history.keys.erase(case.nominee["participant"], ["case"], history.now)
    assert name() == "erased"


def test_a_past_holds_no_sealed_value(history: History, projector: Projector) -> None:
    award = history.award()
    edition = history.open_edition(award)
    history.nomination(edition, name="Ada Lovelace")
    with projector.pasts.reading(edition.key, award.key, history.ledger.position()) as then:
        assert then is not None
        nominations.find_all(then, edition.key)
        held = "".join(then.connection.exec_driver_sql("SELECT view FROM nominations").scalars())
        assert '"sd"' in held
        assert "Lovelace" not in held
        assert not any("Lovelace" in str(kept) for kept in then.kept.values())


def test_few_pasts_are_kept_and_asked_for_again_they_are_not_made_again(
    history: History, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    award = history.award()
    edition = history.open_edition(award)
    for _ in range(12):
        history.nomination(edition)
    made: list[Any] = []
    events = pasts._events

    def counted(log: Any, *asked: Any) -> Any:
        made.append(asked)
        return events(log, *asked)

    monkeypatch.setattr(pasts, "_events", counted)

    def counts(positions: Iterator[int] | range) -> list[int]:
        found = []
        for position in positions:
            with projector.pasts.reading(edition.key, award.key, position) as then:
                assert then is not None
                found.append(len(nominations.find_all(then, edition.key).items))
        return found

    last = history.ledger.position()
    assert counts(range(3, last + 1)) == list(range(13))
    assert len(made) == 13
    assert counts(range(last, last - pasts.MOST_PASTS, -1)) == list(range(12, 12 - pasts.MOST_PASTS, -1))
    assert len(made) == 13
    counts(range(3, 4))
    assert len(made) == 14
    monkeypatch.setattr(pasts, "MOST_EVENTS", 20)
    counts(range(last, last + 1))
    assert sum(past.size for past in projector.pasts._kept.values()) <= 20
    so_far = len(made)
    history.edition(award, "2099")
    assert counts(iter([history.ledger.position()])) == [12]
    assert len(made) == so_far, "an event of another edition makes no other past"
    projector.pasts.clear()
    assert not projector.pasts._kept


def test_a_revised_award_is_another_past(history: History, projector: Projector) -> None:
    award = history.award()
    edition = history.open_edition(award)
    before = history.ledger.position()
    award.revise(history.act(), {"en": "New name"}, {"en": "Body"})
    history.record(award)
    for position, name in ((before, "Advocate"), (before + 1, "New name"), (before, "Advocate")):
        with projector.pasts.reading(edition.key, award.key, position) as then:
            assert then is not None
            found = editions.find(then, edition.key, history.now)
            assert found is not None
            assert found["award_name"] == {"en": name}


def test_threads_that_ask_for_few_and_many_pasts_get_each_its_own(
    history: History, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasts, "MOST_PASTS", 2)  # so that pasts are forgotten while others read them
    award = history.award()
    edition = history.open_edition(award)
    for _ in range(6):
        history.nomination(edition)
    failures: list[BaseException] = []

    def read(start: int) -> None:
        try:
            for step in range(30):
                count = (start + step) % 7
                with projector.pasts.reading(edition.key, award.key, 3 + count) as then:
                    assert then is not None
                    assert len(nominations.find_all(then, edition.key).items) == count
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=read, args=(start,)) for start in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(projector.pasts._kept) <= 2


def test_a_past_that_could_not_be_made_is_made_the_next_time(
    history: History, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    award = history.award()
    edition = history.open_edition(award)
    with monkeypatch.context() as patch:
        patch.setattr(pasts, "move_all", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError), projector.pasts.reading(edition.key, award.key, 3):
            pass
    with projector.pasts.reading(edition.key, award.key, 3) as then:
        assert then is not None
        assert editions.find(then, edition.key, history.now) is not None


# --- what it costs


def plan(url: str, log: Ledger, query: str, params: tuple[Any, ...]) -> str:
    """How a database goes about it; PostgreSQL, which scans a log of 37 events, when it is told not to."""
    if url.startswith("sqlite"):
        steps = [str(row["detail"]) for row in log.rows("EXPLAIN QUERY PLAN " + query, params)]
        return "\n".join(step for step in steps if step.startswith("SCAN"))
    with psycopg.connect(url) as connection:
        connection.execute("SET enable_seqscan = off")
        found = connection.execute("EXPLAIN " + query.replace("?", "%s"), params)
        return "\n".join(step for (step,) in found if "Seq Scan" in step)


def test_only_rows_of_the_edition_are_read(history: History, database_url: str) -> None:
    award = history.award()
    others = [history.open_edition(award, str(2030 + place)) for place in range(3)]
    for place in range(30):
        history.nomination(others[place % 3])
    key, end = others[1].key, history.ledger.position()
    asked: list[tuple[str, tuple[Any, ...]]] = [
        (pasts._EDITION, (key, -1, end, pasts.PAGE)),
        (pasts._ENDS, (key, end, award.id.hex, end)),
        (pasts._AWARD, (award.id.hex, 1)),
        (ledger._POSITION_AT, (instant(history.now), instant(history.now))),
    ]
    for query, params in asked:
        scanned = plan(database_url, history.ledger, query, params)
        assert not [step for step in scanned.splitlines() if "leaves" in step or " l" in step or "events" in step]


def test_pages_of_a_long_edition_lack_nothing(
    history: History, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    award = history.award()
    edition = history.open_edition(award)
    for _ in range(10):
        history.nomination(edition)
        history.award(f"other-{history.ledger.position()}")
    monkeypatch.setattr(pasts, "PAGE", 3)
    found = list(pasts._events(history.ledger, edition.key, award.key, history.ledger.position() - 1, 1))
    stored = [event for event in history.ledger.notifications(0, 1_000) if _of(history, event) == edition.key]
    assert found[1:] == stored
    assert [event.topic for event in found[:1]] == ["award.established"]


def _of(history: History, stored: Any) -> Any:
    event: Any = history.ledger.mapper.to_domain_event(stored)
    return event.edition
