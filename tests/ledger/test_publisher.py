"""The publisher signs what is in the log, once for each size, and refuses a database that is not what it signed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from awards.ledger.heads import HeadStore
from awards.ledger.ledger import Broken, Ledger
from awards.ledger.log_keys import LogKeyMissing, LogKeys, NoOverlap
from awards.ledger.notes import BadNote, Verifier, open_note
from awards.ledger.publisher import AnotherLog, LogForked, LogTruncated, Publisher, StoreInvalid
from awards.ledger.receipts import Receipt
from awards.ledger.tree import EMPTY_ROOT, BadProof, consistency, leaf_hash, verify_consistency
from tests.ledger.parcel import new_ledger, sent
from tests.ledger.signing import add, assert_each_begins_the_next, assert_whole, opened, publisher_of

ONLY_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def publisher(ledger: Ledger, tmp_path: Path) -> Publisher:
    return publisher_of(ledger, tmp_path)


def test_an_empty_log_has_a_checkpoint_too(publisher: Publisher) -> None:
    head = opened(publisher, publisher.publish())
    assert (head.size, head.root) == (0, EMPTY_ROOT)
    assert publisher.tile(0, 0, 1) is None
    publisher.check()


def test_what_is_recorded_is_signed_and_each_head_begins_the_next(publisher: Publisher, ledger: Ledger) -> None:
    heads = []
    for more in (1, 2, 252, 1, 1, 0, 300, 3):
        add(ledger, more)
        heads.append(opened(publisher, publisher.publish()))
        assert (heads[-1].size, heads[-1].root.hex()) == ledger.basis()
        assert publisher.check_all() == heads[-1]
    assert [head.size for head in heads] == [1, 3, 255, 256, 257, 257, 557, 560]
    assert_whole(publisher, ledger)
    assert_each_begins_the_next(publisher, heads)


@ONLY_SQLITE
def test_nothing_new_is_not_signed_again(publisher: Publisher, ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, 3)
    first = publisher.publish()
    file = tmp_path / "log" / "checkpoint"
    before = file.stat()
    assert publisher.publish() == first == publisher_of(ledger, tmp_path).publish()
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@ONLY_SQLITE
def test_publishing_reads_what_is_new_and_not_the_log(publisher: Publisher, ledger: Ledger) -> None:
    add(ledger, 700)
    publisher.publish()
    read: list[int] = []
    select = ledger.recorder.select_notifications
    counted: Any = lambda *given, **more: [read.append(1) or one for one in select(*given, **more)]  # type: ignore[func-returns-value]  # noqa: E731
    ledger.recorder.select_notifications = counted  # type: ignore[method-assign]
    add(ledger, 2)
    publisher.publish()
    assert len(read) == 3, "the two new events, and the last one that was signed"


def test_each_receipt_holds_against_every_later_checkpoint(publisher: Publisher, ledger: Ledger) -> None:
    receipts, heads = [], []
    for more in (1, 4, 250, 1, 1, 3):
        add(ledger, more)
        index = ledger.position() - 1
        signed, path = publisher.proof(index)
        receipts.append(Receipt.read(Receipt(index, path, signed.note).text()))
        heads.append(opened(publisher, publisher.publish()))
    lines = list(ledger.lines())
    keys = list(map(Verifier.read, publisher.vkeys()))
    for receipt in receipts:
        leaf = leaf_hash(lines[receipt.index])
        old = receipt.verify(leaf, keys)
        with pytest.raises(BadProof):
            receipt.verify(leaf_hash(lines[receipt.index - 1] if receipt.index else b""), keys)
        for new in heads:
            if new.size >= old.size:
                path = consistency(old.size, new.size, publisher.nodes(new.size))
                verify_consistency(old.size, new.size, old.root, new.root, path)
    first = receipts[0].index
    signed, path = publisher.proof(first)
    assert Receipt(first, path, signed.note).verify(leaf_hash(lines[first]), keys) == old


@pytest.mark.parametrize(
    "spoil", [("index 0", "index 00"), ("tlog-proof@v1", "tlog-proof@v2"), ("index", "extra \nindex")]
)
@ONLY_SQLITE
def test_what_is_no_receipt_is_refused(publisher: Publisher, ledger: Ledger, spoil: tuple[str, str]) -> None:
    add(ledger, 2)
    signed, path = publisher.proof(0)
    text = Receipt(0, path, signed.note, b"extra").text()
    assert Receipt.read(text).extra == b"extra"
    with pytest.raises(BadNote):
        Receipt.read(text.replace(*spoil))


# --- the key


@ONLY_SQLITE
def test_a_key_is_followed_by_another_with_an_overlap(publisher: Publisher, ledger: Ledger) -> None:
    add(ledger, 2)
    before = publisher.publish()
    [old] = map(Verifier.read, publisher.vkeys())
    overlap = publisher.rotate()
    new, still = map(Verifier.read, publisher.vkeys())
    assert still == old
    assert overlap.head == before.head
    assert open_note(overlap.note, [new, old])[1] == [new, old]
    add(ledger, 1)
    assert open_note(publisher.publish().note, [new, old])[1] == [new, old]
    after = publisher.retire()
    assert list(map(Verifier.read, publisher.vkeys())) == [new]
    assert open_note(after.note, [new, old])[1] == [new]
    with pytest.raises(BadNote):
        open_note(after.note, [old])
    add(ledger, 1)
    opened(publisher, publisher.publish())


@ONLY_SQLITE
def test_a_rotation_that_was_cut_short_is_finished_before_the_old_key_goes(
    publisher: Publisher, ledger: Ledger, tmp_path: Path
) -> None:
    add(ledger, 1)
    publisher.publish()
    LogKeys(tmp_path / "log.key", ledger.origin).rotate()  # and the process died here
    with pytest.raises(NoOverlap, match="only now"):
        publisher.retire()
    both = list(map(Verifier.read, publisher.vkeys()))
    assert len(both) == 2
    assert open_note(publisher.publish().note, both)[1] == both
    publisher.retire()


@ONLY_SQLITE
def test_without_its_key_nothing_is_signed_and_no_other_is_made(
    publisher: Publisher, ledger: Ledger, tmp_path: Path
) -> None:
    add(ledger, 1)
    signed = publisher.publish()
    (tmp_path / "log.key").rename(tmp_path / "away.key")
    add(ledger, 1)
    with pytest.raises(LogKeyMissing):
        publisher.publish()
    assert publisher.last() == signed
    LogKeys(tmp_path / "log.key", ledger.origin).make()
    with pytest.raises(StoreInvalid, match="none of the keys"):
        publisher.publish()
    (tmp_path / "away.key").rename(tmp_path / "log.key")
    assert publisher.publish().head.size == 2


# --- databases that are not what was signed


def execute(url: str, *statements: str) -> None:
    """What somebody with all rights on the database does, without the triggers that stop accidents."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
        connection.close()
    else:
        with psycopg.connect(url, autocommit=True) as admin:
            for table in ("stored_events", "leaves"):
                admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only".encode())
            for statement in statements:
                admin.execute(statement.encode())


TAIL = ("DELETE FROM leaves WHERE idx >= 298", "DELETE FROM stored_events WHERE notification_id > 298")


@pytest.fixture
def signed_log(publisher: Publisher, ledger: Ledger) -> Publisher:
    """300 events that are signed."""
    add(ledger, 300)
    publisher.publish()
    return publisher


def refuses(publisher: Publisher, kind: type[Exception], *checks: Callable[[], Any]) -> None:
    for check in checks:
        with pytest.raises(kind):
            check()
    assert publisher.last() is not None
    assert publisher.last().head.size == 300  # type: ignore[union-attr]


def test_a_tail_that_was_cut_off_is_refused(signed_log: Publisher, ledger: Ledger, database_url: str) -> None:
    execute(database_url, *TAIL)
    refuses(signed_log, LogTruncated, signed_log.check, signed_log.check_all, signed_log.publish)


@pytest.mark.parametrize("more", [2, 7])
def test_a_tail_that_was_replaced_is_refused(
    signed_log: Publisher, ledger: Ledger, database_url: str, more: int
) -> None:
    execute(database_url, *TAIL)
    add(ledger, more)
    refuses(signed_log, LogForked, signed_log.check, signed_log.check_all)
    add(ledger, 1)
    refuses(signed_log, LogForked, signed_log.publish, lambda: signed_log.lines(1, 44))


def test_an_event_that_was_changed_in_the_middle_is_refused(
    signed_log: Publisher, ledger: Ledger, database_url: str
) -> None:
    [first] = ledger.notifications(9, 1)
    state = bytes(first.state).replace(b"a book", b"a hook").hex()
    value = f"X'{state}'" if database_url.startswith("sqlite") else f"'\\x{state}'"
    execute(database_url, f"UPDATE stored_events SET state = {value} WHERE notification_id = 10")
    with pytest.raises(Broken):
        ledger.check()
    refuses(signed_log, LogForked, signed_log.check_all, lambda: signed_log.lines(0, 256))
    # With its leaf made to fit, the log agrees with itself, and only what was signed tells.
    leaf = leaf_hash(next(ledger.lines(9, 10))).hex()
    value = f"X'{leaf}'" if database_url.startswith("sqlite") else f"'\\x{leaf}'"
    execute(database_url, f"UPDATE leaves SET hash = {value} WHERE idx = 9")
    ledger.check()
    with pytest.raises(LogForked, match="position 10"):
        signed_log.check_all()
    refuses(signed_log, LogForked, signed_log.check_all, lambda: signed_log.lines(0, 10))


def test_an_event_that_was_changed_before_it_was_signed_is_not_signed(
    signed_log: Publisher, ledger: Ledger, database_url: str
) -> None:
    add(ledger, 3)
    [event] = ledger.notifications(301, 1)
    state = bytes(event.state).replace(b"a book", b"a hook").hex()
    value = f"X'{state}'" if database_url.startswith("sqlite") else f"'\\x{state}'"
    execute(database_url, f"UPDATE stored_events SET state = {value} WHERE notification_id = 302")
    refuses(signed_log, Broken, signed_log.publish)


@ONLY_SQLITE
def test_the_store_of_another_log_is_refused(signed_log: Publisher, tmp_path: Path) -> None:
    other = Ledger(new_ledger(f"sqlite:///{tmp_path / 'other.db'}").recorder, "other.example")
    stranger = publisher_of(other, tmp_path)
    for check in (stranger.check, stranger.publish, stranger.last):
        with pytest.raises(AnotherLog, match=r"log\.example, and this is other\.example"):
            check()
    other.close()


@ONLY_SQLITE
def test_a_store_with_nonsense_in_it_is_refused(signed_log: Publisher, tmp_path: Path) -> None:
    (tmp_path / "log" / "checkpoint").write_bytes(b"nonsense")
    for check in (signed_log.check, signed_log.publish):
        with pytest.raises(StoreInvalid):
            check()


@ONLY_SQLITE
def test_an_older_store_goes_on_from_the_same_database(signed_log: Publisher, ledger: Ledger, tmp_path: Path) -> None:
    """The log only grows, so from an older head the same heads are reached again."""
    shutil.copytree(tmp_path / "log", tmp_path / "backup")
    heads = [opened(signed_log, signed_log.publish())]
    for _ in range(3):
        add(ledger, 100)
        heads.append(opened(signed_log, signed_log.publish()))
    shutil.rmtree(tmp_path / "log")
    (tmp_path / "backup").rename(tmp_path / "log")
    again = publisher_of(ledger, tmp_path)
    assert again.last().head == heads[0]  # type: ignore[union-attr]
    assert opened(again, again.publish()) == heads[-1]
    add(ledger, 1)
    assert_each_begins_the_next(again, [*heads, opened(again, again.publish())])
    assert_whole(again, ledger)


@ONLY_SQLITE
@pytest.mark.parametrize("damage", ["gone", "bent", "cut"])
def test_damaged_tiles_are_made_anew_before_anything_is_signed(
    signed_log: Publisher, ledger: Ledger, tmp_path: Path, damage: str
) -> None:
    tile = tmp_path / "log" / "tile" / "0" / "001"
    if damage == "gone":
        shutil.rmtree(tmp_path / "log" / "tile")
    elif damage == "bent":
        tile.write_bytes(bytes(len(tile.read_bytes())))
    else:
        tile.write_bytes(tile.read_bytes()[:100])
    add(ledger, 5)
    publisher = publisher_of(ledger, tmp_path)
    publisher.check()
    publisher.check_all()
    assert publisher.publish().head.size == 305
    assert_whole(publisher, ledger)


@ONLY_SQLITE
def test_no_receipt_comes_from_a_damaged_tile(signed_log: Publisher, ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "log" / "tile" / "0" / "000").write_bytes(bytes(8192))
    with pytest.raises(LogForked, match="position 8, or a tile is damaged"):
        signed_log.proof(7)
    signed_log.proof(299)


@ONLY_SQLITE
def test_what_lies_beyond_the_checkpoint_is_not_told_and_is_written_again(
    signed_log: Publisher, ledger: Ledger, tmp_path: Path
) -> None:
    store: HeadStore = signed_log.store
    store.extend(300, [leaf_hash(b"never signed")] * 300)  # by a publisher that died before it signed
    assert signed_log.tile(0, 1, 44) is not None
    assert signed_log.tile(0, 1, 45) is None
    assert signed_log.tile(1, 0, 2) is None
    add(ledger, 300)
    signed_log.publish()
    assert_whole(signed_log, ledger)


def test_lines_come_as_they_were_signed(signed_log: Publisher, ledger: Ledger) -> None:
    assert signed_log.lines(1, 44) == list(ledger.lines(256, 300))
    assert signed_log.lines(1, 45) is None
    assert signed_log.lines(0, 0) is None
    ledger.append([sent()])
    assert signed_log.lines(1, 45) is None
