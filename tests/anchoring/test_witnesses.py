"""Witnesses, k of n: what they cosign is kept, told and put under receipts; what is wrong with one harms nothing."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from awards.anchoring import asking
from awards.anchoring.cosignatures import Cosigner
from awards.anchoring.policy import Policy
from awards.anchoring.witnesses import Round, Witnessing
from awards.ledger.ledger import Ledger
from awards.ledger.notes import Head, Verifier, open_note
from awards.ledger.publisher import Publisher, Signed
from awards.ledger.receipts import Receipt
from tests.anchoring.witness import TEXT, Reply, Witness, consistent
from tests.ledger.parcel import sent
from tests.ledger.signing import add
from tests.ledger.test_proofs import MANY_NODES, root_of

SECONDS = 1.0


def policy_of(witnesses: list[Witness], least: str = "2") -> Policy:
    lines = [f"witness w{n} {witness.vkey} {witness.url}" for n, witness in enumerate(witnesses)]
    lines.append(f"group all-of-them {least} {' '.join(f'w{n}' for n in range(len(witnesses)))}")
    return Policy.read("\n".join([*lines, "quorum all-of-them", ""]).encode())


def cosigners(witnesses: list[Witness]) -> list[Cosigner]:
    return [Cosigner.read(witness.vkey) for witness in witnesses]


def told(publisher: Publisher, witnesses: list[Witness]) -> list[str]:
    """By whom the checkpoint that is given out is cosigned, having checked it."""
    note = publisher.told(publisher.publish())
    logs = [Verifier.read(vkey) for vkey in publisher.vkeys()]
    _, by = open_note(note, [*logs, *cosigners(witnesses)])
    assert by[: len(logs)] == logs
    return [verifier.name for verifier in by[len(logs) :]]


def test_the_consistency_of_the_test_witness_is_that_of_the_rfc() -> None:
    from awards.ledger.tree import consistency

    for new in range(1, 40):
        for old in range(new + 1):
            path = consistency(old, new, MANY_NODES)
            assert consistent(old, root_of(old), new, root_of(new), path)
            assert not consistent(old, root_of(old), new, root_of(new), [*path, b"x" * 32])
            assert old in (0, new) or not consistent(old, root_of(old), new, root_of(new + 1), path)


def test_what_enough_witnesses_cosign_is_told_and_kept_and_put_under_receipts(
    publisher: Publisher, ledger: Ledger, witnesses: list[Witness]
) -> None:
    witnessing = Witnessing(publisher, policy_of(witnesses))
    done = witnessing.round()
    assert (done.size, sorted(done.cosigned), done.failed, done.enough) == (3, ["w0", "w1", "w2"], {}, True)
    assert sorted(told(publisher, witnesses)) == sorted(one.name for one in witnesses)
    cosigned = publisher.store.kept.read(3)
    # Nothing is new: nobody is asked again.
    assert witnessing.round() == Round(3, ["w0", "w1", "w2"], {}, True)
    assert [one.asked for one in witnesses] == [[(0, 200)]] * 3

    add(ledger, 300)
    assert told(publisher, witnesses) == []
    # The receipt of what was cosigned has the cosignatures; that of what is newer, the last checkpoint.
    for index, size in ((2, 3), (3, 303)):
        signed, path = publisher.proof(index)
        assert signed.head.size == size
        receipt = Receipt(index, path, signed.note)
        [leaf] = ledger.leaf_hashes(index, index + 1)
        assert receipt.verify(leaf, [Verifier.read(publisher.vkeys()[0])]) == signed.head
        assert (signed.note == cosigned) == (index == 2)
    assert witnessing.round().enough
    assert [one.asked[1:] for one in witnesses] == [[(3, 200)]] * 3
    assert publisher.store.kept.read(3) == cosigned
    assert publisher.store.kept.sizes() == [3, 303]
    assert publisher.proof(0)[0].head.size == 303


def test_who_asks_anew_learns_from_each_witness_what_it_saw_last(
    publisher: Publisher, ledger: Ledger, witnesses: list[Witness]
) -> None:
    policy = policy_of(witnesses)
    Witnessing(publisher, policy_of(witnesses[:1], "1")).round()
    add(ledger, 4)
    Witnessing(publisher, policy_of(witnesses[1:2], "1")).round()
    add(ledger, 600)
    assert Witnessing(publisher, policy).round().enough
    assert [one.asked for one in witnesses] == [
        [(0, 200), (7, 409), (3, 200)],
        [(3, 409), (0, 200), (7, 200)],
        [(7, 409), (0, 200)],
    ]
    assert all(one.latest(ledger.origin)[0] == 607 for one in witnesses)


def test_a_witness_refuses_what_does_not_extend_what_it_saw_and_the_reason_is_told(
    publisher: Publisher, ledger: Ledger, witnesses: list[Witness], tmp_path: Path
) -> None:
    assert Witnessing(publisher, policy_of(witnesses)).round().enough
    head = publisher.publish().head
    paths = [tmp_path / f"w{n}.json" for n in range(3)]
    # The first saw more than there is, the second another root of this size, the third a smaller tree of another log.
    for path, seen in zip(paths, [(9, head.root), (3, b"f" * 32), (2, b"f" * 32)], strict=True):
        path.write_text(json.dumps({head.origin: (seen[0], seen[1].hex())}))
    (tmp_path / "log" / "checkpoints" / "3").unlink()
    done = Witnessing(publisher, policy_of(witnesses)).round()
    assert (done.cosigned, done.enough) == ([], False)
    assert done.failed == {
        "w0": "it has seen 9 events where 3 are signed here: was the store restored?",
        "w1": "it has cosigned another root over 3 events: the log has forked",
        "w2": "it finds the proof wrong",
    }
    assert told(publisher, witnesses) == []


def test_a_witness_that_does_not_know_the_log_or_its_key_says_so(
    publisher: Publisher, witnesses: list[Witness], tmp_path: Path
) -> None:
    [origin] = witnesses[0].logs
    witnesses[0].logs = {"another.example": witnesses[0].logs[origin]}
    witnesses[1].logs = {origin: [(b"1234", b"k" * 32)]}
    done = Witnessing(publisher, policy_of(witnesses, "1")).round()
    assert done.failed == {"w0": "it does not know this log", "w1": "it does not trust the key of this log"}
    assert (done.cosigned, done.enough) == (["w2"], True)


Mischief = Callable[[Witness, str], Reply]


def ok(data: str | bytes) -> Reply:
    return 200, TEXT, data.encode() if isinstance(data, str) else data


def bent(witness: Witness, text: str) -> Reply:
    line = witness.cosignature(text)
    dash, name, encoded = line.split(" ")
    return ok(f"{dash} {name} {encoded[:20]}{'A' if encoded[20] != 'A' else 'B'}{encoded[21:]}")


OTHER = "log.example\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
LIES: dict[str, tuple[Mischief, str]] = {
    "nothing": (lambda w, text: ok(""), "a note is a text, an empty line and lines of signatures"),
    "garbage": (lambda w, text: ok(b"\xff\x00 what"), "a note is text in UTF-8"),
    "prose": (lambda w, text: ok("thank you\n"), "a signature line is malformed"),
    "a bent signature": (bent, "the signature of w1.example/a is wrong"),
    "over another text": (lambda w, text: ok(w.cosignature(OTHER)), "the signature of w1.example/a is wrong"),
    "under another name": (
        lambda w, text: ok(w.cosignature(text, name="w2.example")),
        "none of the keys that are known signed this",
    ),
    "an hour ago": (
        lambda w, text: ok(w.cosignature(text, int(time.time()) - 3600)),
        "the cosignature is of another time than now",
    ),
    "in an hour": (
        lambda w, text: ok(w.cosignature(text, int(time.time()) + 3600)),
        "the cosignature is of another time than now",
    ),
    "out of time": (lambda w, text: ok(w.cosignature(text, 1 << 63)), "the time of a cosignature is out of range"),
    "a good line after a bad one": (
        lambda w, text: ok(w.cosignature(OTHER) + w.cosignature(text)),
        "the signature of w1.example/a is wrong",
    ),
    "a text before": (lambda w, text: ok(text + "\n" + w.cosignature(text)), "the signature of w1.example/a is wrong"),
    "over what it adds": (
        lambda w, text: ok("more\n\n" + w.cosignature(text + "\nmore\n")),
        "the answer is more than signature lines",
    ),
    "too much": (lambda w, text: ok(w.cosignature(text) * 2000), "the answer is too long"),
    "a redirect": (lambda w, text: (307, TEXT, w.url.encode() + b"add-checkpoint"), "it answers with status 307"),
    "an error": (lambda w, text: (503, TEXT, b"later"), "it answers with status 503"),
    "a conflict without a size": (
        lambda w, text: (409, TEXT, b"0\n"),
        "it is in conflict and does not tell its size",
    ),
    "a conflict with nonsense": (
        lambda w, text: (409, "text/x.tlog.size", b"-1\n"),
        "it is in conflict and does not tell its size",
    ),
    "a conflict each time": (
        lambda w, text: (409, "text/x.tlog.size", b"%d\n" % (len(w.asked) + 1)),
        "it tells another size each time, or has cosigned another root",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_witness_is_not_believed_and_the_others_are_enough(
    publisher: Publisher, witnesses: list[Witness], lie: str
) -> None:
    witnesses[0].mischief, why = LIES[lie]
    done = Witnessing(publisher, policy_of(witnesses)).round()
    assert (sorted(done.cosigned), done.enough) == (["w1", "w2"], True)
    assert done.failed.keys() == {"w0"}
    assert done.failed["w0"].startswith(why)
    assert sorted(told(publisher, witnesses)) == ["w2.example", "w3.example"]
    assert len(witnesses[0].asked) <= 2
    # It comes to its senses, and is heard in the next round.
    witnesses[0].mischief = None
    assert len(Witnessing(publisher, policy_of(witnesses)).round().cosigned) == 3


def test_strangers_may_sign_beside_a_witness_and_are_passed_over(
    publisher: Publisher, witnesses: list[Witness]
) -> None:
    stranger = Witness("who.example", Path("nowhere"), [])
    witnesses[0].mischief = lambda w, text: ok(stranger.cosignature(text) + w.cosignature(text))
    assert len(Witnessing(publisher, policy_of(witnesses)).round().cosigned) == 3
    note = publisher.told(publisher.publish())
    assert b"who.example" not in note
    assert note.count(b"\n\xe2\x80\x94 ") == 4


@contextmanager
def dripping(*bits: bytes) -> Iterator[str]:
    """Somebody who sends a bit now and then, for ever, whatever is asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                for bit in bits:
                    connection.sendall(bit)
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        stop.set()
        thread.join()


@pytest.mark.parametrize("bits", [[], [b"HTTP/1.1 200 OK\r\n"], [b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"]])
def test_who_is_slow_or_away_delays_nobody_and_ends(
    publisher: Publisher, ledger: Ledger, witnesses: list[Witness], bits: list[bytes]
) -> None:
    closed = socket.create_server(("127.0.0.1", 0))
    address = closed.getsockname()[1]
    closed.close()
    with dripping(*bits) as slow:
        witnesses[0].url, witnesses[1].url = slow, f"http://127.0.0.1:{address}"
        witnessing = Witnessing(publisher, policy_of(witnesses), seconds=SECONDS)
        begun = time.monotonic()
        found: list[Round] = []
        thread = threading.Thread(target=lambda: found.append(witnessing.round()))
        thread.start()
        # While it waits, others write, publish and read, and see what is cosigned by then.
        waited = 0
        while thread.is_alive() and not told(publisher, witnesses):
            time.sleep(0.01)
        assert thread.is_alive()
        while thread.is_alive():
            start = time.monotonic()
            ledger.append([sent()])
            publisher.publish()
            waited = max(waited, round(1000 * (time.monotonic() - start)))
        thread.join()
    assert SECONDS <= time.monotonic() - begun < 5 * SECONDS
    assert waited < 500
    assert (found[0].cosigned, found[0].enough) == (["w2"], False)
    assert found[0].failed == {"w0": "no answer in time", "w1": "no answer: ConnectionRefusedError"}
    assert publisher.store.kept.cosigned() is None


def test_an_answer_may_be_neither_long_nor_something_else_than_http(witnesses: list[Witness]) -> None:
    witnesses[0].mischief = lambda w, text: ok("x" * (asking.LONGEST + 1))
    with dripping(b"220 mail.example.org\r\n") as url, pytest.raises(asking.Unanswered, match="no answer: BadStatus"):
        asking.post(url, b"", TEXT, seconds=SECONDS)
    with dripping(b"nonsense\r\n") as url, pytest.raises(asking.Unanswered, match="no answer"):
        asking.post(url.replace("http:", "https:"), b"", TEXT, seconds=SECONDS)


def test_a_cosignature_outlives_a_change_of_keys_and_receipts_are_signed_by_the_newest(
    publisher: Publisher, ledger: Ledger, witnesses: list[Witness]
) -> None:
    assert Witnessing(publisher, policy_of(witnesses)).round().enough
    old = publisher.vkeys()
    publisher.rotate()
    # The text is the same, so what was cosigned is cosigned; but who knows the new key only could not check that note.
    assert len(told(publisher, witnesses)) == 3
    assert publisher.proof(0)[0] == publisher.last()
    publisher.retire()
    assert len(told(publisher, witnesses)) == 3
    kept = publisher.store.kept.read(3)
    assert kept
    # What both keys signed is kept: whoever knows the old one learns the new one from it.
    assert len(open_note(kept, [Verifier.read(vkey) for vkey in {*old, *publisher.vkeys()}])[1]) == 2
    assert isinstance(publisher.proof(0)[0], Signed)
    assert Head.read(kept.decode().partition("\n\n")[0] + "\n").size == 3
