"""Each hostile change to a sound bundle: the exit code, the line that is named, and why.

`database`: somebody changes the bundle, and all of it that needs no key. `operator`: the log's own key signs it anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from awards.ledger.notes import Head, Signer, sign
from tests.verifier.bags import ORIGIN, Bundle, hidden, line, opened, revised, sealed
from tests.verifier.conftest import (
    DISCLOSURE,
    HIDDEN,
    OTHER_DISCLOSURE,
    SHOWN,
    WITH_SECRET,
    WITH_TWO,
    Told,
)

Change = Callable[[Bundle], object]
OfLines = Callable[[list[bytes]], object]


EVENTS = "data/events.jsonl"


def replaced(change: OfLines) -> Change:
    """Other lines under the same tiles and checkpoint, in a bag that is whole again."""

    def apply(bundle: Bundle) -> None:
        lines = bundle.lines()
        change(lines)
        bundle.put(EVENTS, b"".join(one + b"\n" for one in lines))

    return apply


def resigned(change: OfLines) -> Change:
    """Other lines, and all the rest made and signed anew."""

    def apply(bundle: Bundle) -> None:
        for name in ("proofs", "checkpoints"):
            for path in bundle.file(f"data/{name}").iterdir():
                path.unlink()
        lines = bundle.lines()
        change(lines)
        bundle.write(lines, bundle.file("data/disclosures.jsonl").read_bytes().splitlines())

    return apply


def at(leaf: int, new: bytes) -> OfLines:
    return lambda lines: lines.__setitem__(leaf, new)


def changed(leaf: int, old: bytes, new: bytes) -> OfLines:
    def change(lines: list[bytes]) -> None:
        assert old in lines[leaf]
        lines[leaf] = lines[leaf].replace(old, new)

    return change


def swap(lines: list[bytes]) -> None:
    lines[SHOWN], lines[SHOWN + 1] = lines[SHOWN + 1], lines[SHOWN]


def with_tiles(bundle: Bundle) -> None:
    """Lines and tiles changed, but the key is not there to sign them."""
    note = bundle.file("data/checkpoint").read_bytes()
    resigned(changed(SHOWN, b"Number", b"Nomber"))(bundle)
    bundle.put("data/checkpoint", note)


def with_tiles_and_earlier(bundle: Bundle) -> None:
    kept = [bundle.file(f"data/{name}").read_bytes() for name in ("checkpoint", "checkpoints/100")]
    with_tiles(bundle)
    bundle.put("data/checkpoint", kept[0]).put("data/checkpoints/100", kept[1])


def bent(name: str, place: int = 40) -> Change:
    """One byte of a file changed."""

    def apply(bundle: Bundle) -> None:
        data = bytearray(bundle.file(name).read_bytes())
        data[place] ^= 1
        bundle.put(name, bytes(data))

    return apply


def removed(name: str) -> Change:
    def apply(bundle: Bundle) -> None:
        bundle.file(name).unlink()
        bundle.seal()

    return apply


def truncated(lines: list[bytes]) -> None:
    del lines[700:]


def foreign(lines: list[bytes]) -> None:
    lines[700:] = revised(range(468, 668), more=1)


# The change, the exit code, the leaf that is named, and words of the finding.
BY_THE_DATABASE: dict[str, tuple[Change, int, int | None, str]] = {
    "change a line": (replaced(changed(SHOWN, b"Number", b"Nomber")), 40, SHOWN, "not the one whose leaf hash"),
    "delete a line": (replaced(lambda lines: lines.pop(SHOWN)), 40, SHOWN, "not the one whose leaf hash"),
    "swap two lines": (replaced(swap), 40, SHOWN, "not the one whose leaf hash"),
    "insert a line": (replaced(lambda lines: lines.insert(300, lines[3])), 40, 300, "not the one whose leaf hash"),
    "change a hash": (replaced(at(HIDDEN, hidden(b"other"))), 40, HIDDEN, "not the one whose leaf hash"),
    "truncate the tail": (replaced(truncated), 40, None, "ends after line 700"),
    "truncate and append": (replaced(foreign), 40, 700, "not the one whose leaf hash"),
    "append a line": (replaced(lambda lines: lines.append(lines[-1])), 40, 900, "one line more than the 900"),
    "append a tile of lines": (replaced(lambda lines: lines.extend(lines[:300])), 40, 900, "one line more"),
    "leave out all lines": (replaced(list.clear), 40, None, "ends after line 0"),
    "an empty line": (replaced(at(SHOWN, b"")), 40, SHOWN, "not the one whose leaf hash"),
    "a very long line": (replaced(at(SHOWN, b"x" * 3_000_000)), 40, SHOWN, "longer than 65535"),
    "no newline at the end": (
        lambda bundle: bundle.put(EVENTS, bundle.file(EVENTS).read_bytes()[:-1]),
        40,
        None,
        "does not end where a line ends",
    ),
    "change a hash in a tile": (bent("data/tile/0/001", 32 * 3), 40, 259, "not the one whose leaf hash"),
    "shorten a tile": (lambda bundle: bundle.put("data/tile/0/001", b"1" * 32), 40, None, "has not 256 hashes"),
    "change a tile above": (bent("data/tile/1/000.p/3"), 40, None, "data/tile/1/000.p/3 has not the roots"),
    "leave out a tile": (removed("data/tile/0/002"), 40, None, "data/tile/0/002 is missing"),
    "add a tile": (lambda bundle: bundle.put("data/tile/2/000.p/1", b"1" * 32), 40, None, "2/000.p/1 is none of"),
    "lines and tiles": (with_tiles, 40, None, "their root is not the one in data/checkpoint"),
    "lines and tiles after a checkpoint": (with_tiles_and_earlier, 40, None, "among its first 100 lines"),
    "change the root": (bent("data/checkpoint"), 40, None, "data/checkpoint"),
    "another key": (
        lambda bundle: bundle.put("data/checkpoint", bundle.note(signer=Signer.make(ORIGIN))),
        40,
        None,
        "not signed by a key of yours",
    ),
    "no checkpoint": (removed("data/checkpoint"), 40, None, "data/checkpoint is missing"),
    "no events": (removed(EVENTS), 40, None, "data/events.jsonl is missing"),
    "no disclosures": (removed("data/disclosures.jsonl"), 40, None, "data/disclosures.jsonl is missing"),
    "an earlier checkpoint of another root": (
        lambda bundle: bundle.put("data/checkpoints/100", sign(Head(ORIGIN, 100, b"1" * 32).text(), [bundle.signer])),
        40,
        None,
        "among its first 100 lines",
    ),
    "an earlier checkpoint of another size": (
        lambda bundle: bundle.put("data/checkpoints/101", bundle.note(100)),
        40,
        None,
        "data/checkpoints/101 is over 100 events",
    ),
    "a checkpoint of what comes later": (
        lambda bundle: bundle.put("data/checkpoints/901", bundle.note()),
        40,
        None,
        "after the end",
    ),
    "a checkpoint under another name": (
        lambda bundle: bundle.put("data/checkpoints/0100", bundle.note(100)),
        40,
        None,
        "data/checkpoints/0100 is none",
    ),
    "a proof of another line": (
        lambda bundle: bundle.put(f"data/proofs/{SHOWN}.tlog-proof", bundle.receipt(SHOWN + 1)),
        40,
        SHOWN,
        "does not show that the line is in the log",
    ),
    "a proof under another checkpoint": (
        lambda bundle: bundle.put(f"data/proofs/{SHOWN}.tlog-proof", bundle.receipt(SHOWN, size=100)),
        40,
        SHOWN,
        "not under the checkpoint",
    ),
    "a proof that is none": (
        lambda bundle: bundle.put(f"data/proofs/{SHOWN}.tlog-proof", "c2sp.org/tlog-proof@v1\n"),
        40,
        SHOWN,
        "no receipt",
    ),
    "a time stamp of something else": (
        lambda bundle: bundle.put("data/anchors/100.tsr", b"\x30\x03\x04\x20" + b"1" * 32),
        40,
        None,
        "data/anchors/100.tsr is not of",
    ),
}


def state(topic: str = "award.revised", version: int = 32, **told: Any) -> bytes:
    """The line at SHOWN + 1, with other data: its version is 32."""
    return line(topic, version, **told)


def raw(old: bytes, new: bytes) -> OfLines:
    return changed(SHOWN, old, new)


LATER = "2026-03-02T17:31:00.000000Z"
BY_THE_OPERATOR: dict[str, tuple[OfLines, int, int | None, str]] = {
    "back-date a line": (at(SHOWN, state(version=31, at="2026-03-02T16:00:00.000000Z")), 40, SHOWN, "dated back"),
    "leave a version out": (at(SHOWN, state(version=32)), 40, SHOWN, "does not follow after version 30"),
    "a version again": (at(SHOWN, state(version=30)), 40, SHOWN, "does not follow after version 30"),
    "hide the beginning": (lambda lines: lines.__setitem__(0, hidden(lines[0])), 40, 1, "from the beginning"),
    "hide a line": (lambda lines: lines.__setitem__(SHOWN, hidden(lines[SHOWN])), 40, 46, "after version 30"),
    "another award": (at(SHOWN, state(version=31, award="1" * 8 + "-0000-4000-8000-" + "1" * 12)), 40, SHOWN, "award"),
    "another edition": (
        at(SHOWN, state(version=31, edition="1" * 8 + "-0000-4000-8000-" + "1" * 12)),
        40,
        SHOWN,
        "not of this edition",
    ),
    "another kind of stream": (at(SHOWN, state("review.submitted", 31)), 40, SHOWN, "its stream is of a award"),
    "another form": (raw(b"revised.v1", b"revised.v2"), 41, SHOWN, "the form 2"),
    "another source": (raw(b'"source":"log', b'"source":"lag'), 40, SHOWN, "members"),
    "another subject": (raw(b'"subject":"130', b'"subject":"131'), 40, SHOWN, "subject"),
    "another time": (raw(b'00:31.123456Z","type', b'00:32.123456Z","type'), 40, SHOWN, "time"),
    "no such day": (raw(b"2026-03-02", b"2026-02-30"), 40, SHOWN, "day is out of range"),
    "no subject": (raw(b'"subject":"130dcab0-d841-596e-8bc2-f023cb017d7f",', b""), 40, SHOWN, "members"),
    "a member more": (raw(b'"type":', b'"tupe":1,"type":'), 40, SHOWN, "members"),
    "a space": (raw(b'"name":', b'"name": '), 40, SHOWN, "RFC 8785"),
    "a member twice": (raw(b'"en":', b'"en":"x","en":'), 40, SHOWN, "RFC 8785"),
    "a fraction": (raw(b'"Number 31"', b"1.5"), 40, SHOWN, "no integer"),
    "a huge integer": (raw(b'"Number 31"', b"9" * 5_000), 40, SHOWN, "2^53"),
    "null": (raw(b'"Number 31"', b"null"), 40, SHOWN, "null"),
    "a string not in NFC": (raw(b"Number", "e\u0301".encode()), 40, SHOWN, "form C"),
    "bytes that are no text": (raw(b"Number", b"\xff\xfe"), 40, SHOWN, "utf-8"),
    "deep nesting": (raw(b'"Number 31"', b"[" * 30_000 + b"]" * 30_000), 40, SHOWN, "nested too deep"),
    "a long line": (raw(b"Number", b"N" * 65_535), 40, SHOWN, "longer than 65535"),
    "no JSON": (at(SHOWN, b"nothing"), 40, SHOWN, "members"),
    "a hash and more": (at(HIDDEN, b'{"leaf":"' + b"0" * 64 + b'","more":1}'), 40, HIDDEN, "not the one whose"),
    "a hash in capitals": (at(HIDDEN, b'{"leaf":"' + b"A" * 64 + b'"}'), 40, HIDDEN, "not the one whose"),
    "a malformed reference": (
        at(SHOWN, state(version=31, x={"sd": "x", "of": [], "class": "case"})),
        40,
        SHOWN,
        "sealed",
    ),
    "a reference of numbers": (
        at(SHOWN, state(version=31, x={"sd": 1, "of": ["x"], "class": "a"})),
        40,
        SHOWN,
        "sealed",
    ),
}

FIRST, SECOND, THIRD = opened(WITH_SECRET, DISCLOSURE), opened(WITH_TWO, OTHER_DISCLOSURE), opened(WITH_TWO, DISCLOSURE)
INVENTED = sealed("Invented.")[1]
DISCLOSURES: dict[str, tuple[Sequence[bytes], int | None, str]] = {
    "another value": ([opened(WITH_SECRET, INVENTED), SECOND, THIRD], WITH_SECRET, "does not refer to this value"),
    "another value under the digest": (
        [opened(WITH_SECRET, INVENTED, json.loads(FIRST)["sd"]), SECOND, THIRD],
        None,
        "line 1 of data/disclosures.jsonl: its digest is not",
    ),
    "a value of a line without any": ([opened(SHOWN, DISCLOSURE), FIRST, SECOND, THIRD], SHOWN, "line 1 of"),
    "a value of a line that is not shown": ([opened(HIDDEN, DISCLOSURE), FIRST, SECOND, THIRD], HIDDEN, "line 1 of"),
    "a value too many": ([FIRST, FIRST, SECOND, THIRD], WITH_SECRET, "line 2 of data/disclosures.jsonl"),
    "another order": ([SECOND, THIRD, FIRST], WITH_TWO, "line 3 of data/disclosures.jsonl: it is not in the order"),
    "a value after the end": ([FIRST, SECOND, THIRD, opened(900, DISCLOSURE)], 900, "line 4 of"),
    "a value before the beginning": ([opened(-1, DISCLOSURE), FIRST], None, "line 1 of"),
    "no object": ([b"[]"], None, "line 1 of data/disclosures.jsonl: it has not the members"),
    "a member more": ([FIRST.replace(b"{", b'{"a":1,')], None, "line 1 of data/disclosures.jsonl"),
    "no JSON": ([FIRST, b"\xff"], WITH_SECRET, "line 2 of data/disclosures.jsonl"),
    "a leaf that is true": ([FIRST.replace(b":60", b":true")], None, "not of its type"),
    "no base64": ([opened(WITH_SECRET, "*")], None, "base64url"),
    "deep nesting": ([b"[" * 90_000], None, "nested too deep"),
}


def expect(found: dict[str, Any], code: int, leaf: int | None, words: str) -> None:
    finding = found["finding"] or {}
    assert (found["verdict"], finding.get("leaf")) == (code, leaf), found["finding"]
    assert words in finding["text"]
    if leaf is not None:
        assert finding["line"] == leaf + 1


@pytest.mark.parametrize(("change", "code", "leaf", "words"), BY_THE_DATABASE.values(), ids=BY_THE_DATABASE)
def test_what_needs_no_key_is_found(
    bundle: Bundle, told: Told, change: Change, code: int, leaf: int | None, words: str
) -> None:
    change(bundle)
    expect(told(bundle.folder, "--key", str(bundle.signer.verifier)), code, leaf, words)


@pytest.mark.parametrize(("change", "code", "leaf", "words"), BY_THE_OPERATOR.values(), ids=BY_THE_OPERATOR)
def test_a_line_that_is_wrong_is_found_though_it_is_signed(
    bundle: Bundle, told: Told, change: OfLines, code: int, leaf: int | None, words: str
) -> None:
    resigned(change)(bundle)
    expect(told(bundle.folder, "--key", str(bundle.signer.verifier)), code, leaf, words)


@pytest.mark.parametrize(("lines", "leaf", "words"), DISCLOSURES.values(), ids=DISCLOSURES)
def test_a_value_that_is_not_what_was_sealed_is_found(
    bundle: Bundle, told: Told, lines: Sequence[bytes], leaf: int | None, words: str
) -> None:
    bundle.put("data/disclosures.jsonl", b"".join(one + b"\n" for one in lines))
    expect(told(bundle.folder), 40, leaf, words)


def test_a_history_signed_anew_is_found_by_who_kept_a_head(bundle: Bundle, told: Told) -> None:
    key, kept = str(bundle.signer.verifier), bundle.folder.parent / "kept"
    kept.write_text(bundle.note(512))
    receipt = bundle.folder.parent / "receipt.tlog-proof"
    receipt.write_text(bundle.receipt(300, bundle.lines()[300], 600))
    resigned(changed(SHOWN, b"Number", b"Nomber"))(bundle)
    assert told(bundle.folder, "--key", key)["verdict"] == 20
    for head in (kept, receipt):
        expect(
            told(bundle.folder, "--key", key, "--known-head", str(head)), 30, None, "over other events than the first"
        )
