"""What is stored of an event, and the line it makes."""

import json
import subprocess
import uuid
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from eventsourcing.persistence import StoredEvent

from awards.ledger.canonical import NotCanonical
from awards.ledger.mapper import LINE_LIMIT, LineTooLong, LogMapper, UnknownTopic, line
from awards.ledger.tree import leaf_hash
from tests.ledger.parcel import AT, Parcel, sent, stamp, weighed

STREAM = UUID("5b0d4e2c-3f7a-4b6e-9d1c-2a8f0e6c7d31")
FIXED: dict[str, Any] = {"actor": {"kind": "system"}, "correlation": "c-1", "nonce": "00" * 16}

mapper = LogMapper()


def stamped(version: int, **fields: Any) -> Any:
    kind: Any = Parcel.Stamped
    return kind(originator_id=STREAM, originator_version=version, **fields, **stamp())


def stored(topic: str, state: bytes, version: int = 1) -> StoredEvent:
    return StoredEvent(STREAM, version, topic, state)


def test_the_state_on_disk_is_this() -> None:
    event = sent(STREAM, **FIXED, edition="e-1")
    assert mapper.to_stored_event(event) == stored(
        "parcel.sent",
        '{"actor":{"kind":"system"},"contents":["Nüsse","a book"],"correlation":"c-1","edition":"e-1",'
        '"nonce":"00000000000000000000000000000000","time":"2026-11-23T09:30:00.123456Z"}'.encode(),
    )


@pytest.mark.parametrize(
    "event",
    [
        sent(),
        sent(edition=str(uuid.uuid4()), causation=str(uuid.uuid4()), note="für Sie"),
        weighed(uuid.uuid4(), 2, award=str(uuid.uuid4())),
        stamped(3, country="CH", price={"minor": 1}),
    ],
    ids=lambda event: event.TOPIC,
)
def test_an_event_comes_back_as_it_was(event: Any) -> None:
    written = mapper.to_stored_event(event)
    back = mapper.to_domain_event(written)
    assert back == event
    assert vars(back) == vars(event)
    assert mapper.to_stored_event(back) == written


def test_a_first_event_begins_its_aggregate_again() -> None:
    event = mapper.to_domain_event(mapper.to_stored_event(sent(STREAM)))
    assert event.originator_topic == "parcel"  # type: ignore[attr-defined]
    assert b"originator" not in mapper.to_stored_event(event).state


def test_what_was_left_out_is_the_default_of_its_field() -> None:
    event: Any = mapper.to_domain_event(stored("parcel.weighed", b'{"grams":5,"time":"2026-11-23T09:30:00.123456Z"}'))
    assert (event.scale, event.causation, event.grams) == ("kitchen", None, 5)


def test_none_is_refused_where_it_would_come_back_as_something_else() -> None:
    with pytest.raises(NotCanonical):
        mapper.to_stored_event(weighed(STREAM, 2, scale=None))


def test_time_is_written_in_utc_with_microseconds() -> None:
    zurich = timezone(timedelta(hours=1))
    event = sent(timestamp=datetime(2026, 1, 1, 0, 30, tzinfo=zurich))
    written = mapper.to_stored_event(event)
    assert json.loads(written.state)["time"] == "2025-12-31T23:30:00.000000Z"
    assert mapper.to_domain_event(written).timestamp == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # type: ignore[attr-defined]


def test_an_older_shape_is_read_in_the_newest() -> None:
    first = b'{"cents":150,"land":"CH","time":"2026-11-23T09:30:00.123456Z"}'
    second = b'{"cents":150,"class_version":2,"country":"CH","time":"2026-11-23T09:30:00.123456Z"}'
    for state in (first, second):
        event: Any = mapper.to_domain_event(stored("parcel.stamped", state, 4))
        assert (event.country, event.price, event.timestamp) == ("CH", {"minor": 150, "currency": "CHF"}, AT)
        assert "class_version" not in vars(event)


@pytest.mark.parametrize("topic", ["parcel.lost", "os.path", "tests.ledger.parcel:Parcel", "parcel", ""])
def test_an_unknown_topic_is_refused_and_imports_nothing(topic: str) -> None:
    with pytest.raises(UnknownTopic):
        LogMapper().to_domain_event(stored(topic, b"{}"))


@pytest.mark.parametrize(
    ("about", "subject"),
    [({"edition": "e-1", "award": "a-1"}, "e-1"), ({"award": "a-1"}, "a-1"), ({}, None)],
    ids=["edition", "award", "neither"],
)
def test_a_line_is_a_cloud_event_in_canonical_form(about: dict[str, str], subject: str | None) -> None:
    event = mapper.to_stored_event(sent(STREAM, **about))
    text = line(event, "log.example/2026")
    expected = {
        "data": json.loads(event.state),
        "id": f"{STREAM}/1",
        "source": "log.example/2026",
        "specversion": "1.0",
        "time": "2026-11-23T09:30:00.123456Z",
        "type": "parcel.sent.v1",
    }
    assert text == rfc8785.dumps(expected | ({"subject": subject} if subject else {}))


def test_the_type_tells_the_version_of_the_shape() -> None:
    event = stamped(2, country="CH", price={})
    assert json.loads(line(mapper.to_stored_event(event), "o"))["type"] == "parcel.stamped.v3"


def test_a_line_holds_what_needs_escaping() -> None:
    event = mapper.to_stored_event(sent(STREAM, edition='"é"'))
    text = line(event, 'a "log"')
    assert text == rfc8785.dumps(json.loads(text))
    assert json.loads(text)["subject"] == '"é"'


def test_a_shell_computes_the_same_leaf() -> None:
    text = line(mapper.to_stored_event(sent()), "log.example")
    command = "(printf '\\0'; sed -n '1p' | tr -d '\\n') | sha256sum"
    told = subprocess.run(["sh", "-c", command], input=text + b"\n", capture_output=True, check=True)
    assert told.stdout.split()[0].decode() == leaf_hash(text).hex() == sha256(b"\0" + text).hexdigest()


def test_a_line_has_its_limit() -> None:
    room = LINE_LIMIT - len(line(mapper.to_stored_event(sent(contents=[""])), "o"))
    fits = mapper.to_stored_event(sent(contents=["x" * room]))
    assert len(line(fits, "o")) == LINE_LIMIT == 65_535
    with pytest.raises(LineTooLong):
        line(mapper.to_stored_event(sent(contents=["x" * (room + 1)])), "o")
