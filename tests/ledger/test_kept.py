"""Which checkpoints stay after later ones, and what may be added to them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from awards.ledger.kept import KeptNotes
from awards.ledger.ledger import Ledger
from awards.ledger.notes import BadNote, Head, Signer, Verifier, open_note, sign
from awards.ledger.publisher import Publisher, StoreInvalid
from tests.ledger.signing import add, assert_each_begins_the_next, publisher_of

DAY = 24 * 3600


@pytest.fixture
def publisher(ledger: Ledger, tmp_path: Path) -> Publisher:
    """A publisher of the empty log."""
    return publisher_of(ledger, tmp_path)


def publish(publisher: Publisher, ledger: Ledger, events: int, day: int) -> Head:
    """Publish so many more events on a day of this time of day, so many days ago."""
    checkpoint = publisher.store.folder / "checkpoint"
    add(ledger, events)
    head = publisher.publish().head
    at = time.time() - day * DAY
    os.utime(checkpoint, (at, at))
    return head


def test_the_last_checkpoint_of_each_day_is_kept_as_it_was_signed(publisher: Publisher, ledger: Ledger) -> None:
    heads = {}
    for day in (3, 3, 2, 0, 0):
        size = publish(publisher, ledger, 2, day).size
        heads[size] = publisher.store.read()
    assert publisher.store.kept.sizes() == [2, 4, 6]
    for size in (2, 4, 6):
        assert publisher.store.kept.read(size) == heads[size]
    kept = [Head.read((publisher.store.kept.read(size) or b"").decode().partition("\n\n")[0] + "\n") for size in (2, 6)]
    last = publisher.last()
    assert last is not None
    assert_each_begins_the_next(publisher, [*kept, last.head])


def test_what_was_signed_by_both_keys_is_kept(publisher: Publisher, ledger: Ledger) -> None:
    add(ledger, 1)
    publisher.publish()
    [old] = map(Verifier.read, publisher.vkeys())
    publisher.rotate()
    add(ledger, 1)
    publisher.publish()
    new, _ = map(Verifier.read, publisher.vkeys())
    publisher.retire()
    assert publisher.store.kept.sizes() == [1, 2]
    assert open_note(publisher.store.kept.read(1) or b"", [old, new])[1] == [old]
    assert open_note(publisher.store.kept.read(2) or b"", [old, new])[1] == [new, old]
    last = publisher.last()
    assert last is not None
    assert open_note(last.note, [old, new])[1] == [new]
    assert publisher.told(last) == last.note, "the signature of a retired key is no cosignature"


def test_signatures_come_together_and_another_root_does_not(tmp_path: Path) -> None:
    kept, head = KeptNotes(tmp_path), Head("log.example", 7, b"r" * 32)
    signers = [Signer.make(name) for name in ("log.example", "a.example", "b.example")]
    notes = [sign(head.text(), [signer]).encode() for signer in signers]
    for note in (*notes, *notes):
        kept.keep(note)
    whole = sign(head.text(), signers).encode()
    assert kept.read(7) == kept.keep(notes[1]) == whole
    assert notes[0] + kept.cosignatures(notes[0]) == whole
    other = sign(Head("log.example", 7, b"s" * 32).text(), signers[:1]).encode()
    assert kept.cosignatures(other) == b""
    with pytest.raises(BadNote, match="another checkpoint over 7 events is kept"):
        kept.keep(other)
    # Once it is stamped its bytes stay.
    assert not kept.put_stamp(7, notes[0], b"stamp over other bytes")
    assert kept.put_stamp(7, whole, b"stamp")
    assert not kept.put_stamp(7, whole, b"another")
    late = sign(head.text(), [Signer.make("late.example")]).encode()
    assert kept.keep(late) == kept.read(7) == whole
    assert kept.stamp(7) == b"stamp"
    # What lies about half written is nothing.
    (tmp_path / "checkpoints" / ".8.0123").write_bytes(b"half")
    assert kept.sizes() == [7]


def test_the_newest_that_is_cosigned_only_grows_and_what_is_no_number_is_none(tmp_path: Path) -> None:
    kept = KeptNotes(tmp_path)
    assert kept.cosigned() is None
    for size in (7, 3, 9):
        kept.note_cosigned(size)
    assert kept.cosigned() == 9
    for damaged in (b"", b"9 9\n", b"-1", b"\xff", b"09"):
        (tmp_path / "cosigned").write_bytes(damaged)
        assert kept.cosigned() is None


def test_a_kept_checkpoint_over_another_tree_stops_the_publisher(publisher: Publisher, ledger: Ledger) -> None:
    """It was signed: two roots for one size are there, and nobody goes on as if nothing was."""
    publish(publisher, ledger, 2, 1)
    [old] = [Signer.make(ledger.origin)]
    publisher.store.kept.keep(sign(Head(ledger.origin, 2, b"r" * 32).text(), [old]).encode())
    add(ledger, 1)
    with pytest.raises(StoreInvalid, match="another checkpoint over 2 events is kept"):
        publisher.publish()


def test_a_damaged_cosigned_checkpoint_is_passed_over_by_receipts(publisher: Publisher, ledger: Ledger) -> None:
    add(ledger, 2)
    last = publisher.publish()
    publisher.store.kept.note_cosigned(2)
    stranger = sign(Head(ledger.origin, 2, b"r" * 32).text(), [Signer.make(ledger.origin)]).encode()
    for damaged in (None, b"", b"\xff", stranger, last.note.replace(b"\n2\n", b"\n1\n")):
        path = publisher.store.folder / "checkpoints" / "2"
        path.parent.mkdir(exist_ok=True)
        if damaged is not None:
            path.write_bytes(damaged)
        assert publisher.proof(0)[0] == last
        assert publisher.told(last) == last.note
    publisher.store.kept.note_cosigned(9)
    assert publisher.proof(1)[0] == last
