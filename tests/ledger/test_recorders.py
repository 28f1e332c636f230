"""An append is one transaction: all of it is stored, in its place in the log, or nothing."""

import json
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from eventsourcing.persistence import DatabaseError, IntegrityError, ProgrammingError
from eventsourcing.postgres import PostgresDatastore

from awards.ledger.canonical import NotCanonical
from awards.ledger.ledger import Ledger
from awards.ledger.mapper import LineTooLong
from awards.ledger.postgres_recorder import PostgresLogRecorder
from awards.ledger.recorders import Alongside, Duplicate, Moved
from awards.ledger.tree import EMPTY_ROOT, leaf_hash, root
from tests.ledger.parcel import AT, Parcel, sent, stamp, weighed

TABLES = ("stored_events", "leaves", "idempotency", "sealed")


def answer(key: str) -> dict[str, Any]:
    return {"key": key, "body": "b", "status": 201, "resource": "r", "time": "2026-11-23T09:30:00.000000Z"}


def sealed(digest: str) -> dict[str, Any]:
    return {"digest": digest, "subjects": "[]", "class": "case", "nonce": b"\0" * 12, "ciphertext": b"\xff\0"}


def counts(ledger: Ledger) -> dict[str, int]:
    return {table: ledger.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in TABLES}


def assert_stored_nothing(ledger: Ledger, event: Any, alongside: Alongside, refusal: type[Exception]) -> Any:
    before = counts(ledger), ledger.check()
    with pytest.raises(refusal) as raised:
        ledger.append([event], alongside)
    assert (counts(ledger), ledger.check()) == before
    assert ledger.append([sent()]) == before[1][0] + 1  # and the place in the log stays free for the next
    return raised.value


def test_an_empty_log(ledger: Ledger) -> None:
    assert ledger.position() == 0
    assert ledger.basis() == ledger.check() == (0, EMPTY_ROOT.hex())
    assert list(ledger.lines()) == []
    assert ledger.events_of(uuid.uuid4()) == []
    assert ledger.notifications(0) == []
    assert ledger.last_leaf_of("none") == -1


def test_positions_are_dense_and_in_order_of_the_append(ledger: Ledger) -> None:
    first, second = sent(), sent()
    third = weighed(first.originator_id, 2)
    assert ledger.append([first]) == 1
    assert ledger.append([second, third]) == 3
    assert ledger.position() == 3
    told = ledger.notifications(0)
    assert [n.id for n in told] == [1, 2, 3]
    assert [ledger.mapper.to_domain_event(n) for n in told] == [first, second, third]
    assert [n.id for n in ledger.notifications(1, 1)] == [2]
    assert ledger.events_of(first.originator_id) == [first, third]
    assert ledger.events_of(first.originator_id, after=1) == [third]


def test_pending_events_of_aggregates_are_appended(ledger: Ledger) -> None:
    parcel = Parcel._create(Parcel.Sent, contents=[], **stamp())
    assert ledger.append([parcel]) == 1
    assert ledger.append([parcel]) == 1
    assert [type(event) for event in ledger.events_of(parcel.id)] == [Parcel.Sent]


def test_a_leaf_is_the_hash_of_its_line(ledger: Ledger) -> None:
    ledger.append([sent(edition="e"), sent()])
    ledger.append([sent()])
    lines = list(ledger.lines())
    leaves = ledger.rows("SELECT * FROM leaves ORDER BY idx")
    assert [bytes(leaf["hash"]) for leaf in leaves] == [leaf_hash(text) for text in lines]
    assert [f"{leaf['stream']}/{leaf['version']}" for leaf in leaves] == [json.loads(text)["id"] for text in lines]
    assert [leaf["edition"] for leaf in leaves] == ["e", None, None]
    assert ledger.basis() == ledger.check() == (3, root(map(leaf_hash, lines)).hex())
    assert list(ledger.lines(1, 2)) == lines[1:2]
    assert list(ledger.lines(2)) == lines[2:]


def test_the_basis_grows_with_the_log(ledger: Ledger) -> None:
    for size in range(1, 6):
        ledger.append([sent()])
        assert ledger.basis() == ledger.check()
        assert ledger.basis()[0] == size


def test_the_greatest_time_so_far_never_falls(ledger: Ledger) -> None:
    ledger.append([sent(timestamp=AT + timedelta(seconds=offset)) for offset in (0, 5)])
    ledger.append([sent(timestamp=AT + timedelta(seconds=offset)) for offset in (3, 9)])
    ledger.append([sent()])
    rows = ledger.rows("SELECT time_max FROM leaves ORDER BY idx")
    assert [row["time_max"][17:19] for row in rows] == ["00", "05", "05", "09", "09"]


def test_the_streams_of_an_edition_at_a_size(ledger: Ledger) -> None:
    first, second, other = sent(edition="e"), sent(edition="e"), sent(edition="f")
    later = weighed(first.originator_id, 2, edition="e")
    ledger.append([first, second, other, later])
    ends = {str(first.originator_id): 1, str(second.originator_id): 1}
    assert ledger.edition_streams("e", 3) == sorted(ends.items())
    assert ledger.edition_streams("e", 4) == sorted((ends | {str(first.originator_id): 2}).items())
    assert ledger.edition_streams("e", 0) == []
    assert (ledger.last_leaf_of("e"), ledger.last_leaf_of("f")) == (3, 2)


def test_guards_that_hold_let_the_append_pass(ledger: Ledger) -> None:
    edition = str(uuid.uuid4())
    guard = sent(edition=edition)
    ledger.append([guard])
    event = sent(edition=edition)
    alongside = Alongside(
        expecting={guard.originator_id: 1, uuid.uuid4(): 0, event.originator_id: 0},
        editions_at={edition: 0},
        rows=[("idempotency", [answer("k")]), ("sealed", [sealed(str(n)) for n in range(120)])],
    )
    assert ledger.append([event], alongside) == 2
    assert counts(ledger) == {"stored_events": 2, "leaves": 2, "idempotency": 1, "sealed": 120}
    assert ledger.rows("SELECT * FROM sealed WHERE digest = ?", ["7"]) == [sealed("7")]


def test_a_version_conflict_stores_nothing(ledger: Ledger) -> None:
    event = sent()
    ledger.append([event])
    refusal = assert_stored_nothing(
        ledger, sent(event.originator_id), Alongside(rows=[("idempotency", [answer("k")])]), Moved
    )
    assert refusal.stream == event.originator_id
    assert isinstance(refusal, IntegrityError)


def test_a_gap_in_a_stream_stores_nothing(ledger: Ledger) -> None:
    stream = uuid.uuid4()
    assert assert_stored_nothing(ledger, weighed(stream, 2), Alongside(), Moved).stream == stream
    with pytest.raises(ProgrammingError):
        ledger.append([sent(stream), weighed(stream, 3)])
    assert ledger.events_of(stream) == []


@pytest.mark.parametrize("version", [0, 2])
def test_a_guarded_stream_that_moved_stores_nothing(ledger: Ledger, version: int) -> None:
    guard = sent()
    ledger.append([guard])
    alongside = Alongside(expecting={guard.originator_id: version}, rows=[("sealed", [sealed("d")])])
    assert assert_stored_nothing(ledger, sent(), alongside, Moved).stream == guard.originator_id


def test_a_guard_on_the_stream_that_is_written(ledger: Ledger) -> None:
    event = sent()
    refusal = assert_stored_nothing(ledger, event, Alongside(expecting={event.originator_id: 1}), Moved)
    assert refusal.stream == event.originator_id


@pytest.mark.parametrize("index", [-1, 0])
def test_an_edition_that_went_on_stores_nothing(ledger: Ledger, index: int) -> None:
    edition = str(uuid.uuid4())
    ledger.append([sent(edition=edition), sent(edition=edition)])
    refusal = assert_stored_nothing(ledger, sent(), Alongside(editions_at={edition: index}), Moved)
    assert str(refusal.stream) == edition


def test_a_key_that_is_taken_beside_the_log_stores_nothing(ledger: Ledger) -> None:
    ledger.append([sent()], Alongside(rows=[("idempotency", [answer("k")])]))
    rows = [("sealed", [sealed("d")]), ("idempotency", [answer("k")])]
    assert assert_stored_nothing(ledger, sent(), Alongside(rows=rows), Duplicate).table == "idempotency"


def test_a_second_participant_of_one_subject_in_an_edition_stores_nothing(ledger: Ledger) -> None:
    rows = [{"participant": name, "edition": "e", "subject": "s"} for name in ("p1", "p2")]
    assert assert_stored_nothing(ledger, sent(), Alongside(rows=[("participants", rows)]), Duplicate).table == (
        "participants"
    )


WRONG_ROWS: list[tuple[str, Any]] = [
    ("no_such_table", [{"key": "k"}]),
    ("idempotency", [{"no_such_column": "k"}]),
    ("idempotency", [answer("k") | {"body": None}]),
    ("idempotency", [answer("k"), answer("l") | {"time": object()}]),
]


@pytest.mark.parametrize("rows", WRONG_ROWS, ids=["table", "column", "null", "value"])
def test_an_error_in_the_rows_stores_nothing(ledger: Ledger, rows: tuple[str, Sequence[Any]]) -> None:
    alongside = Alongside(rows=[("sealed", [sealed("d")]), rows])
    refusal = assert_stored_nothing(ledger, sent(), alongside, Exception)
    assert not isinstance(refusal, Moved | Duplicate)


def test_an_event_the_log_cannot_hold_stores_nothing(ledger: Ledger) -> None:
    for event, refusal in ((sent(contents=[1.5]), NotCanonical), (sent(contents=["x" * 70_000]), LineTooLong)):
        with pytest.raises(refusal):
            ledger.append([sent(), event], Alongside(rows=[("sealed", [sealed("d")])]))
    assert counts(ledger) == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt])
def test_an_exception_anywhere_stores_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    """Every row is asked for its items at some moment within the transaction: raise there."""

    class Raising(dict[str, Any]):
        def values(self) -> Any:
            raise interruption

        def __getitem__(self, key: str) -> Any:
            raise interruption

    before = counts(ledger)
    rows: Any = [("idempotency", [answer("k")]), ("sealed", [Raising(sealed("d"))])]
    for _ in range(3):
        with pytest.raises(interruption):
            ledger.append([sent(), sent()], Alongside(rows=rows))
    assert counts(ledger) == before
    assert ledger.append([sent()]) == 1


def test_many_events_in_one_append(ledger: Ledger) -> None:
    stream = uuid.uuid4()
    events = [sent(stream), *(weighed(stream, version) for version in range(2, 1501))]
    assert ledger.append(events) == 1500
    assert ledger.events_of(stream) == events
    assert ledger.check() == ledger.basis()


def test_writing_beside_the_log(ledger: Ledger) -> None:
    insert = "INSERT INTO idempotency (key, body, status, resource, time) VALUES (?, 'a%', 201, 'r', 't')"
    assert ledger.write((insert, ["k"]), (insert, ["l"])) == 2
    with suppress(DatabaseError):
        ledger.write((insert, ["m"]), (insert, ["k"]))
    assert ledger.rows("SELECT key FROM idempotency WHERE body LIKE 'a%' ORDER BY key") == [{"key": "k"}, {"key": "l"}]
    assert ledger.write(("DELETE FROM idempotency WHERE key <> ?", ["k"])) == 1


def test_the_library_itself_reads_the_log(ledger: Ledger) -> None:
    first = sent()
    ledger.append([first, weighed(first.originator_id, 2), sent()])
    recorder: Any = ledger.recorder
    assert recorder.max_notification_id() == 3
    assert [n.id for n in recorder.select_notifications(None, 10)] == [1, 2, 3]
    assert [n.id for n in recorder.select_notifications(1, 10, 2)] == [1, 2]
    assert [n.id for n in recorder.select_notifications(1, 10, topics=["parcel.weighed"])] == [2]
    stream = first.originator_id
    assert [e.originator_version for e in recorder.select_events(stream, desc=True, limit=1)] == [2]
    assert [e.originator_version for e in recorder.select_events(stream, gt=0, lte=1)] == [1]


def test_database_functions_of_the_library_are_refused() -> None:
    datastore = PostgresDatastore("", "", "", "", "", enable_db_functions=True)
    with pytest.raises(RuntimeError, match="skip the lock"):
        PostgresLogRecorder(datastore, "log.example")
