"""Rate limits: a burst, then a steady rate; shared where a secret is guarded, bounded whatever is thrown at them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from awards.ledger.ledger import Ledger
from awards.limits import RATES, SECOND, Buckets, Kind, Limits, Rate, client_network
from tests import set_up
from tests.conftest import NewDatabase

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SHARED: list[Kind] = ["token", "sign_in", "login"]


@pytest.fixture
def ledger(new_database: NewDatabase) -> Iterator[Ledger]:
    with closing(Ledger.open(new_database("awards", set_up.log))) as ledger:
        yield ledger


def limits(ledger: Ledger, scale: int = 1) -> Limits:
    return Limits(ledger, b"s" * 32, scale)


def names(ledger: Ledger) -> list[str]:
    return [row["name"] for row in ledger.rows("SELECT name FROM limits ORDER BY full_at")]


@pytest.mark.parametrize("kind", RATES)
def test_after_a_burst_one_must_wait_as_long_as_one_is_told(ledger: Ledger, kind: Kind) -> None:
    some = limits(ledger)
    rate = RATES[kind]
    assert [some.take(kind, "ada", NOW) for _ in range(rate.burst)] == [None] * rate.burst
    wait = some.take(kind, "ada", NOW)
    assert wait == rate.interval / SECOND
    assert some.take(kind, "bo", NOW) is None
    assert some.take(kind, "ada", NOW + timedelta(seconds=wait / 2)) == wait / 2
    assert some.take(kind, "ada", NOW + timedelta(seconds=wait)) is None
    assert some.take(kind, "ada", NOW + timedelta(seconds=wait)) == wait


@pytest.mark.parametrize("kind", RATES)
def test_a_bucket_fills_up_again_and_no_further(ledger: Ledger, kind: Kind) -> None:
    some = limits(ledger)
    rate = RATES[kind]
    some.take(kind, "ada", NOW)
    later = NOW + timedelta(days=365)
    taken = [some.take(kind, "ada", later) for _ in range(rate.burst + 1)]
    assert taken == [None] * rate.burst + [rate.interval / SECOND]


@pytest.mark.parametrize("kind", RATES)
def test_a_clock_that_is_set_back_locks_nobody_out(ledger: Ledger, kind: Kind) -> None:
    some = limits(ledger)
    for _ in range(RATES[kind].burst):
        some.take(kind, "ada", NOW)
    assert some.take(kind, "ada", NOW - timedelta(days=1)) is None


@pytest.mark.parametrize("kind", RATES)
def test_who_asked_a_moment_before_and_is_heard_after_waits_too(ledger: Ledger, kind: Kind) -> None:
    some = limits(ledger)
    rate = RATES[kind]
    for _ in range(rate.burst):
        some.take(kind, "ada", NOW)
    for seconds in (0.000001, 5, 30):  # one of many at once, one behind a lock, one at a machine whose clock is behind
        late = some.take(kind, "ada", NOW - timedelta(seconds=seconds))
        assert late == pytest.approx(rate.interval / SECOND + seconds)
    assert some.take(kind, "ada", NOW) == rate.interval / SECOND


@pytest.mark.parametrize("kind", SHARED)
def test_what_guards_a_secret_is_counted_by_all_processes_together(ledger: Ledger, kind: Kind) -> None:
    processes = [limits(ledger) for _ in range(4)]
    burst = RATES[kind].burst
    with ThreadPoolExecutor(16) as threads:
        taken = list(threads.map(lambda n: processes[n % 4].take(kind, "ada", NOW), range(burst + 40)))
    assert taken.count(None) == burst


def test_writes_are_counted_by_all_threads_together(ledger: Ledger) -> None:
    some = limits(ledger)
    burst = RATES["write"].burst
    with ThreadPoolExecutor(16) as threads:
        taken = list(threads.map(lambda _: some.take("write", "ada", NOW), range(burst + 500)))
    assert taken.count(None) == burst


def test_rows_tell_nobody_and_go_when_their_bucket_is_full(ledger: Ledger) -> None:
    some = limits(ledger)
    some.sign_in("203.0.113.7", "ada@example.org", NOW)
    found = names(ledger)
    assert len(found) == 2
    assert not any("ada@example" in name or "203.0" in name for name in found)
    some.take("sign_in", "203.0.113.8", NOW + timedelta(minutes=2))
    assert len(names(ledger)) == 1
    assert names(ledger)[0] not in found


def test_made_up_logins_fill_the_table_no_faster_than_an_address_may_ask(ledger: Ledger) -> None:
    some = limits(ledger)
    taken = [some.sign_in("203.0.113.7", f"login {number}", NOW) for number in range(200)]
    burst = RATES["sign_in"].burst
    assert taken.count(None) == burst
    assert len(names(ledger)) == 1 + burst


def test_a_login_is_limited_from_wherever_it_is_tried(ledger: Ledger) -> None:
    some = limits(ledger)
    spellings = ["Ada@Example.org", "ada@example.org", "ａda@example.org", "ADA＠EXAMPLE.ORG", "𝐚da@example.org"]
    taken = [some.sign_in(f"203.0.113.{number}", spellings[number % 5], NOW) for number in range(20)]
    assert taken.count(None) == RATES["login"].burst
    assert some.sign_in("203.0.113.99", "ada@example.org", NOW) == 60


def test_what_somebody_calls_herself_is_only_a_name(ledger: Ledger) -> None:
    some = limits(ledger)
    for who in ("", "a\nb", "'; DROP TABLE limits; --", "\x00", "\ud800", "é" * 100_000, "%s", "?"):
        assert some.take("token", who, NOW) is None
        assert some.take("write", who, NOW) is None


def test_a_scale_multiplies_and_nought_lifts(ledger: Ledger) -> None:
    asked = [kind for kind in RATES for _ in range(1000)]
    assert [limits(ledger, 0).take(kind, "ada", NOW) for kind in asked] == [None] * len(asked)
    twice = limits(ledger, 2)
    taken = [twice.take("write", "ada", NOW) for _ in range(500)]
    assert taken.count(None) == 2 * RATES["write"].burst
    assert taken[-1] == 0.025


def test_no_number_of_names_fills_the_memory_and_who_is_limited_stays_so() -> None:
    buckets = Buckets(Rate(burst=3, interval=SECOND), most=1000)
    start = 10**15
    for _ in range(3):
        assert buckets.take("busy", start) == 0
    for number in range(20_000):
        assert buckets.take(f"made up {number}", start) == 0
        assert len(buckets) <= 1000
    assert buckets.take("busy", start) == SECOND


def test_buckets_agree_with_counting_by_hand() -> None:
    rate = Rate(burst=5, interval=SECOND)
    play = random.Random(7)
    buckets, tokens, last = Buckets(rate), 5.0, 10**15
    for _ in range(5000):
        moment = last + play.randrange(2 * SECOND) // 4 * 2
        tokens = min(5.0, tokens + (moment - last) / SECOND)
        last = moment
        allowed = tokens >= 1 - 1e-9
        assert (buckets.take("ada", moment) == 0) is allowed
        tokens -= allowed


def test_a_write_is_judged_in_microseconds(ledger: Ledger) -> None:
    some = limits(ledger)
    started = time.perf_counter()
    for number in range(10_000):
        some.take("write", f"caller {number % 300}", NOW)
    assert (time.perf_counter() - started) / 10_000 < 50e-6  # measured: about one


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix:" + "x" * 1000, "unix:" + "x" * 59),
    ],
)
def test_an_address_counts_as_what_one_subscriber_has(address: str, network: str) -> None:
    assert client_network(address) == network
