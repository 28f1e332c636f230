"""Signed notes and checkpoints against the vector of Go's reference implementation, and whatever is not one."""

from __future__ import annotations

import base64

import pytest

from awards.ledger.notes import BadNote, Head, Signer, Verifier, open_note, sign

# The vector of golang.org/x/mod/sumdb/note, from which C2SP signed-note was written down.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
NOTE = f"{TEXT}\n{LINE}"
PETER, OTHER = Verifier.read(VKEY), Signer.make("log.example")

CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_published_key_signs_as_published() -> None:
    signer = Signer.read(SKEY)
    assert (str(signer.verifier), signer.written()) == (VKEY, SKEY)
    assert sign(TEXT, [signer]) == NOTE
    assert open_note(NOTE, [PETER]) == (TEXT, [PETER])
    assert open_note(NOTE.encode(), [OTHER.verifier, PETER]) == (TEXT, [PETER])


def test_a_new_key_is_read_as_it_was_written_and_shows_no_seed() -> None:
    assert Signer.read(OTHER.written()) == OTHER
    assert Verifier.read(str(OTHER.verifier)) == OTHER.verifier
    assert OTHER.written().split("+", 4)[4] not in repr(OTHER)
    assert Signer.make("log.example") != OTHER


def test_of_two_signatures_each_is_enough_and_a_wrong_one_spoils_the_note() -> None:
    note = sign(TEXT, [OTHER, Signer.read(SKEY)])
    assert open_note(note, [PETER])[1] == [PETER]
    assert open_note(note, [PETER, OTHER.verifier])[1] == [OTHER.verifier, PETER]
    bent = note.replace("x08go/ZJ", "x08go/ZK")
    assert open_note(bent, [OTHER.verifier])[1] == [OTHER.verifier]
    with pytest.raises(BadNote, match="PeterNeumann is wrong"):
        open_note(bent, [PETER, OTHER.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        LINE,
        f"{TEXT}{LINE}",
        f"{TEXT}\n{LINE}"[:-1],
        f"{TEXT}\n",
        f"{TEXT}\n{LINE}\n",
        f"{TEXT}\n{LINE.replace('—', '-')}",
        f"{TEXT}\n{LINE.replace('— ', '—  ')}",
        f"{TEXT}\n{LINE.replace('JnAM=', 'JnAN=')}",  # the same bytes, spelt otherwise
        f"{TEXT}\n{LINE.replace('JnAM=', 'JnAM')}",
        f"{TEXT}\n— PeterNeumann x08gow==\n",
        f"{TEXT}\r\n{LINE}",
        f"{TEXT}\t\n\n{LINE}",
        f"{TEXT}\n{LINE * 101}",
        f"{TEXT}.\n{LINE}",
        TEXT.encode() + b"\xff\n\n" + LINE.encode(),
    ],
)
def test_what_is_no_note_is_refused(note: str | bytes) -> None:
    with pytest.raises(BadNote):
        open_note(note, [PETER])


def test_who_is_unknown_signs_nothing() -> None:
    namesake = Signer.make("PeterNeumann").verifier
    for known in ([], [OTHER.verifier], [namesake]):
        with pytest.raises(BadNote, match="none of the keys"):
            open_note(NOTE, known)


@pytest.mark.parametrize(
    "vkey",
    ["", "PeterNeumann", VKEY[:-1], VKEY.replace("c74f20a3", "c74f20a4"), "+" + VKEY, VKEY.replace("+AR", "+BB")],
)
def test_what_is_no_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(BadNote):
        Verifier.read(vkey)


@pytest.mark.parametrize("skey", ["", VKEY, SKEY[:-2], SKEY.replace("c74f", "c74e"), SKEY.replace("PRIVATE", "SECRET")])
def test_what_is_no_signer_key_is_refused(skey: str) -> None:
    with pytest.raises(BadNote):
        Signer.read(skey)


def test_a_checkpoint_is_written_as_it_is_read() -> None:
    head = Head.read(CHECKPOINT)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert base64.b64encode(head.root).decode() in CHECKPOINT
    assert head.text() == CHECKPOINT
    assert Head.read(CHECKPOINT + "an extension\n") == head
    assert Head.read(Head("log.example", 0, bytes(32)).text()).size == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" + CHECKPOINT,
        CHECKPOINT.replace("20852163", "020852163"),
        CHECKPOINT.replace("20852163", "-1"),
        CHECKPOINT.replace("20852163", "²"),
        CHECKPOINT.replace("2I=", "2J="),
        CHECKPOINT.replace("CsUY", ""),
        CHECKPOINT.rpartition("Cs")[0],
        CHECKPOINT + "\nextension after a gap\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Head.read(text)
