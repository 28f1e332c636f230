"""Time stamps of a real authority (openssl): kept over bytes that stay as they are, and nothing else is kept."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from awards.anchoring.background import Anchoring
from awards.anchoring.der import INTEGER, inside, values
from awards.anchoring.stamps import NotStamped, Stamping, read_reply, request
from awards.anchoring.witnesses import Witnessing
from awards.ledger.ledger import Ledger
from awards.ledger.notes import Verifier, open_note
from awards.ledger.publisher import Publisher
from tests.anchoring.authority import REPLY, Authority, stamping
from tests.anchoring.test_witnesses import cosigners, dripping, policy_of
from tests.anchoring.witness import Reply, Witness
from tests.ledger.signing import add

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def only_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with stamping(tmp_path_factory.mktemp("tsa")) as authority:
        yield authority


@pytest.fixture
def authority(only_authority: Authority) -> Authority:
    """One that is honest, and was not asked yet."""
    only_authority.mischief, only_authority.asked = None, 0
    return only_authority


def verified(publisher: Publisher, authority: Authority, size: int) -> bool:
    """Whether openssl finds the stamp over a checkpoint good."""
    folder = publisher.store.folder
    command = ["openssl", "ts", "-verify", "-data", f"checkpoints/{size}", "-in", f"anchors/{size}.tsr"]
    done = subprocess.run(
        [*command, "-CAfile", str(authority.folder / "ca.pem")], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) == ("Verification: OK" in done.stdout + done.stderr)
    return done.returncode == 0


def test_openssl_verifies_what_was_stamped_and_refuses_a_changed_checkpoint(
    publisher: Publisher, ledger: Ledger, authority: Authority
) -> None:
    stamp = Stamping(publisher, authority.url)
    assert stamp.due()
    assert [stamp.stamp(), stamp.stamp()] == [3, 3]
    assert authority.asked == 1, "what is stamped is not stamped again"
    assert not stamp.due()
    assert verified(publisher, authority, 3)
    note = publisher.store.kept.read(3)
    assert note == publisher.publish().note
    kept = publisher.store.folder / "checkpoints" / "3"
    kept.write_bytes(note.replace(b"\n3\n", b"\n4\n"))
    assert not verified(publisher, authority, 3)
    kept.write_bytes(note)
    add(ledger, 2)
    assert stamp.stamp() == 5
    assert verified(publisher, authority, 5)
    assert verified(publisher, authority, 3)


def test_what_is_stamped_stays_as_it_is_and_is_stamped_with_its_cosignatures(
    publisher: Publisher, ledger: Ledger, authority: Authority, witnesses: list[Witness]
) -> None:
    both = Anchoring(Witnessing(publisher, policy_of(witnesses[:2])), Stamping(publisher, authority.url))
    both.round()
    note = publisher.store.kept.read(3)
    assert note is not None
    assert len(open_note(note, cosigners(witnesses))[1]) == 2
    assert verified(publisher, authority, 3)
    # A third witness comes too late for this one, and its bytes stay; so does a second key.
    assert Witnessing(publisher, policy_of(witnesses)).round().cosigned == ["w0", "w1"]
    publisher.rotate()
    publisher.retire()
    assert publisher.store.kept.read(3) == note
    assert verified(publisher, authority, 3)
    # A stamp is a day's: the next round brings none, a day later it does.
    add(ledger, 1)
    both.round()
    assert (authority.asked, publisher.store.kept.stamp(4)) == (1, None)
    yesterday = time.time() - 24 * 3600
    os.utime(publisher.store.folder / "anchors" / "3.tsr", (yesterday, yesterday))
    both.round()
    assert verified(publisher, authority, 4)


def refusal(_: bytes) -> Reply:
    """PKIStatusInfo with status 2 (rejection), and no token (RFC 3161, section 2.4.2)."""
    return 200, REPLY, bytes.fromhex("30053003020102")


def test_a_reply_that_is_no_good_is_not_kept(
    publisher: Publisher, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier: list[bytes] = []

    def hold_back(request: bytes) -> Reply:
        earlier.append(authority.reply(request))
        return 200, REPLY, b""

    authority.mischief = hold_back
    stamp = Stamping(publisher, authority.url, seconds=1)
    with pytest.raises(NotStamped):
        stamp.stamp()
    lies: dict[str, Callable[[bytes], Reply]] = {
        "it refuses with PKI status 2": refusal,
        "the reply is no time stamp in DER": lambda request: (200, REPLY, b"<html>"),
        "the time stamp is over something else, or of another request": lambda request: (200, REPLY, earlier[0]),
        "it answers with status 302": lambda request: (302, REPLY, authority.url.encode()),
        "it answers with status 500": lambda request: (500, REPLY, b""),
        "the answer is too long": lambda request: (200, REPLY, b"0" * 100_000),
    }
    for why, mischief in lies.items():
        authority.mischief = mischief
        with pytest.raises(NotStamped, match=why):
            stamp.stamp()
    authority.mischief = lambda request: (200, REPLY, authority.reply(request)[:-40])
    with pytest.raises(NotStamped, match="no time stamp in DER"):
        stamp.stamp()
    authority.mischief = None
    with pytest.raises(NotStamped, match="of another time than now: 20"):
        Stamping(publisher, authority.url, lambda: time.time() - 3600).stamp()
    with dripping() as url, pytest.raises(NotStamped, match="no answer in time"):
        Stamping(publisher, url, seconds=0.3).stamp()
    assert publisher.store.kept.stamp(3) is None
    assert not (publisher.store.folder / "anchors").exists()
    assert stamp.stamp() == 3


def test_the_library_verifies_the_same_stamp(publisher: Publisher, authority: Authority) -> None:
    """A second reader of it, with the authority's root; the stamp is over the whole note, signatures and all.

    It takes no reply whose certificates are not sorted, which openssl's are not; so here is the signer's alone.
    """
    from cryptography.x509 import load_pem_x509_certificate
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    authority.mischief = lambda request: (200, REPLY, authority.reply(request, "alone"))
    Stamping(publisher, authority.url).stamp()
    reply, note = publisher.store.kept.stamp(3), publisher.store.kept.read(3)
    assert reply is not None
    assert note is not None
    root = load_pem_x509_certificate((authority.folder / "ca.pem").read_bytes())
    verifier = VerifierBuilder().add_root_certificate(root).build()
    assert verifier.verify_message(decode_timestamp_response(reply), note)
    with pytest.raises(VerificationError):
        verifier.verify_message(decode_timestamp_response(reply), note + b"\n")
    open_note(note, [Verifier.read(vkey) for vkey in publisher.vkeys()])


def test_the_request_is_read_by_others_as_it_is_meant(authority: Authority) -> None:
    (authority.folder / "ours.tsq").write_bytes(request(b"note", b"\x35" + bytes(range(7))))
    command = ["openssl", "ts", "-query", "-in", "ours.tsq", "-text"]
    told = subprocess.run(command, cwd=authority.folder, capture_output=True, text=True, check=True).stdout
    assert "Hash Algorithm: sha256" in told
    assert "Nonce: 0x3500010203040506" in told
    assert "Certificate required: yes" in told
    (authority.folder / "note").write_bytes(b"note")
    theirs = ["openssl", "ts", "-query", "-data", "note", "-sha256", "-cert", "-out", "theirs.tsq"]
    subprocess.run(theirs, cwd=authority.folder, capture_output=True, check=True)
    nonce = read_integer((authority.folder / "theirs.tsq").read_bytes())
    if len(nonce) == 8:  # it leaves out what leads with 0
        assert (authority.folder / "theirs.tsq").read_bytes() == request(b"note", nonce)


def read_integer(query: bytes) -> bytes:
    """The nonce of a request."""
    return next(value for tag, value in inside(next(values(query))[1], INTEGER)[1:] if tag == INTEGER)


def test_a_bent_reply_is_refused_and_nothing_else_happens(authority: Authority) -> None:
    good = authority.reply(request(b"note", b"\x35" + b"n" * 7))
    told = read_reply(good)
    assert (told.status, told.nonce, abs(told.at.timestamp() - time.time()) < 60) == (0, b"\x35" + b"n" * 7, True)
    chance, refused = random.Random(3161), 0
    for number in range(2000):
        place = chance.randrange(len(good))
        bent = good[:place] if number % 4 == 0 else good[:place] + chance.randbytes(1) + good[place + 1 :]
        try:
            read_reply(bent)
        except NotStamped:
            refused += 1
    assert refused > 500


def test_an_empty_log_is_not_stamped(publisher: Publisher, tmp_path: Path) -> None:
    from tests.ledger.parcel import new_ledger
    from tests.ledger.signing import publisher_of

    empty = new_ledger(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(NotStamped, match="nothing is recorded yet"):
        Stamping(publisher_of(empty, tmp_path / "empty"), "http://127.0.0.1:9/").stamp()
    empty.close()
