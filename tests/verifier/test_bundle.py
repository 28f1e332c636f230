"""What the verifier makes of a bundle that nobody tampered with, and of containers that are none."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tracemalloc
import zipfile
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from awards import verifier
from awards.ledger.notes import Head, Signer, sign
from awards.schemas.assignments import MOST_PAIRS
from awards.verifier import MEANING, main
from tests.verifier.bags import EDITION, ORIGIN, Bundle, hidden, line, opened, revised, sealed
from tests.verifier.conftest import DISCLOSURE, SECRET, SHOWN, Told
from tests.verifier.test_bytes import cosignature, witness_key

SOURCE = Path(verifier.__file__)


def test_it_uses_the_standard_library_and_cryptography_and_nothing_else() -> None:
    found = set()
    for node in ast.walk(ast.parse(SOURCE.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(str(node.module).partition(".")[0])
    assert found - sys.stdlib_module_names == {"cryptography"}
    assert not found & {"importlib", "subprocess", "socket", "urllib", "http", "pickle"}


def test_the_file_runs_where_it_is_copied_to(written: Bundle, tmp_path: Path) -> None:
    copy = tmp_path / "verifier.py"
    copy.write_bytes(SOURCE.read_bytes())
    run = [sys.executable, "-I", str(copy), str(written.folder)]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (20, "")
    assert done.stdout.splitlines()[-1] == f"verdict     20: {MEANING[20]}"


def test_help_tells_the_options_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    out = capsys.readouterr().out
    assert stopped.value.code == 0
    assert all(f"{code:>2}  {text}" in out for code, text in MEANING.items())
    assert sorted(MEANING) == [0, 2, 10, 11, 20, 30, 40, 41, 50, 51]


# What is brought from outside.


def test_without_a_key_the_one_in_the_bundle_is_used_and_said(written: Bundle, told: Told, tmp_path: Path) -> None:
    head = tmp_path / "head"
    head.write_text(written.note(512))
    found = told(written.folder, "--known-head", str(head))
    assert (found["verdict"], found["key"], found["known_heads"]) == (20, "from the bundle", 1)
    assert {"check": "signature", "text": found["checks"][2]["text"]} == found["checks"][2]
    assert "give yours" in found["checks"][2]["text"]


def test_a_sound_bundle_is_told_in_numbers(written: Bundle, told: Told, tmp_path: Path) -> None:
    head, receipt = tmp_path / "head", tmp_path / "receipt"
    head.write_text(written.note(900))
    receipt.write_text(written.receipt(3, size=257))
    key = str(written.signer.verifier)
    (tmp_path / "key").write_text(f"{Signer.make(ORIGIN).verifier}\n{key}\n")
    plain = told(written.folder, "--key", str(tmp_path / "key"))
    found = told(written.folder, "--key", key, "--known-head", str(head), "--known-head", str(receipt))
    zipped = told(written.zip(tmp_path / "bundle.zip"), "--key", key, "--profile", "auditor")
    assert (plain["verdict"], plain["known_heads"]) == (20, 0)
    assert (found["verdict"], found["known_heads"]) == (11, 2)  # there is no history of the edition in it
    assert zipped == plain
    assert found["values"] == {"shown": 3, "erased": 0, "not_yet_open": 0, "not_opened": 0, "unexplained": 0}
    expected = {"edition": EDITION, "profile": "auditor", "origin": ORIGIN, "size": 900, "key": "given"}
    expected |= {"root": written.head().root.hex(), "tiles": 5, "proofs": 5, "earlier_checkpoints": 3}
    expected |= {"lines_shown": 600, "finding": None, "findings": 0}
    assert {name: found[name] for name in expected} == expected


def test_it_is_told_for_people_line_by_line(bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    data = bundle.file("data/events.jsonl").read_bytes()
    bundle.put("data/events.jsonl", data.replace(b"Number 31", b"Number 32"))
    assert main([str(bundle.folder)]) == 40
    *_, wrong, verdict = capsys.readouterr().out.splitlines()
    text = "the line is not the one whose leaf hash is in data/tile/0/000"
    assert wrong == f"wrong       line {SHOWN + 1} of events.jsonl (leaf {SHOWN}): {text}"
    assert verdict == f"verdict     40: {MEANING[40]}"


def test_a_head_that_cannot_be_compared_is_no_known_head(written: Bundle, told: Told, tmp_path: Path) -> None:
    head, key = tmp_path / "head", str(written.signer.verifier)
    for note in (Head(ORIGIN, 901, b"1" * 32), Head(ORIGIN, 0, sha256().digest())):
        head.write_text(sign(note.text(), [written.signer]))
        found = told(written.folder, "--key", key, "--known-head", str(head))
        assert (found["verdict"], found["known_heads"]) == (20, 0)
    stranger = Signer.make("log.example/other")
    head.write_text(sign(Head("log.example/other", 5, b"1" * 32).text(), [stranger]))
    found = told(written.folder, "--key", key, "--key", str(stranger.verifier), "--known-head", str(head))
    assert found["verdict"] == 30
    assert "is of the log log.example/other" in found["finding"]["text"]


def test_witnesses_of_a_policy_are_counted(bundle: Bundle, told: Told, tmp_path: Path) -> None:
    policy, key = tmp_path / "policy", str(bundle.signer.verifier)

    def run(text: str) -> tuple[int, bool | None]:
        policy.write_text(text)
        found = told(bundle.folder, "--policy", str(policy))
        return found["verdict"], found.get("policy_met")

    cosigned = bundle.note() + cosignature(bundle.head().text())
    bundle.put("data/checkpoint", cosigned)
    here, other = f"witness W {witness_key()}\n", f"witness O {Signer.make('o').verifier}\n".replace("+A", "+B")
    assert run(f"log {key}\n{here}quorum W\n") == (11, True)  # only the history is not there
    assert run(f"{here}quorum W\n") == (20, True)  # but who the log is was not said
    assert run(f"log {key}\nquorum none\n") == (20, None)
    bundle.put("data/checkpoint", bundle.note())
    assert run(f"log {key}\n{here}quorum W\n") == (20, False)
    bundle.put("data/checkpoints/512", bundle.note(512) + cosignature(bundle.head(512).text()))
    assert run(f"log {key}\n{here}quorum W\n") == (11, False)  # a known head
    assert run(f"{here}quorum W\n") == (20, False)
    bundle.put("data/checkpoints/512", bundle.note(512) + cosignature(bundle.note(512)))
    assert run(f"log {key}\n{here}quorum W\n") == (40, None)
    bundle.put("data/checkpoints/512", bundle.note(512))
    bundle.put("data/checkpoint", bundle.note() + cosignature(bundle.note()))
    assert run(f"log {key}\n{here}quorum W\n") == (40, None)
    policy.write_text(other)
    assert main([str(bundle.folder), "--policy", str(policy)]) == 2


BAD_USAGE: dict[str, list[str]] = {
    "no bundle": ["{folder}/none"],
    "no key": ["{bundle}", "--key", "{folder}/none"],
    "a malformed key": ["{bundle}", "--key", "log.example+00000000+AAAA"],
    "a key of a witness": ["{bundle}", "--key", witness_key()],
    "a folder as a key": ["{bundle}", "--key", "{folder}"],
    "an empty key": ["{bundle}", "--key", "{folder}/empty"],
    "no head": ["{bundle}", "--known-head", "{folder}/none"],
    "a malformed head": ["{bundle}", "--known-head", "{bundle}/data/vkey"],
    "a head of no key that is given": ["{bundle}", "--key", "{folder}/key", "--known-head", "{bundle}/data/checkpoint"],
    "a receipt that does not hold": ["{bundle}", "--known-head", "{folder}/receipt"],
    "a malformed policy": ["{bundle}", "--policy", "{bundle}/data/vkey"],
    "a name that is none": ["{bundle}\0"],
}


@pytest.mark.parametrize("arguments", BAD_USAGE.values(), ids=BAD_USAGE)
def test_what_cannot_be_used_says_nothing_of_the_bundle(
    written: Bundle, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "key").write_text(f"{Signer.make(ORIGIN).verifier}\n")
    (tmp_path / "receipt").write_text(written.receipt(3, b"something else"))
    assert main([one.format(bundle=written.folder, folder=tmp_path) for one in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("awards-verify: ")
    assert err.count("\n") == 1


def test_an_unknown_option_is_bad_usage(written: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--what", str(written.folder)], [], [str(written.folder), "--profile", "all"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
    assert "usage: awards-verify" in capsys.readouterr().err


# Profiles.


def test_the_profile_asked_for_is_the_profile_that_counts(written: Bundle, told: Told) -> None:
    found = told(written.folder, "--profile", "public")
    assert (found["verdict"], found["finding"]["text"]) == (40, "the bundle is of the profile auditor, not public")


def test_the_public_profile_opens_nothing_and_shows_single_lines(tmp_path: Path, told: Told) -> None:
    planned = line("edition.planned", stream=EDITION, edition=EDITION, of_award="130dcab0-d841-596e-8bc2-f023cb017d7f")
    changed = line("edition.rules_changed", 7, stream=EDITION, edition=EDITION, reason=SECRET)
    lines = [planned, hidden(b"x"), changed]
    bundle = Bundle(tmp_path / "public", profile="public").write(lines)
    found = told(bundle.folder, "--key", str(bundle.signer.verifier))
    assert (found["verdict"], found["values"]["not_opened"], found["lines_shown"]) == (20, 1, 2)
    assert found["not_recountable"][0]["text"] == "the bundle shows no history of the edition, but results at most"
    bundle.write(lines, [opened(2, DISCLOSURE)])
    assert told(bundle.folder)["finding"]["leaf"] == 2
    bundle.write([planned, changed, line("edition.cancelled", 7, stream=EDITION, edition=EDITION)])
    assert told(bundle.folder)["finding"]["leaf"] == 2  # versions go on


def test_nothing_is_a_bundle_too(tmp_path: Path, told: Told) -> None:
    bundle = Bundle(tmp_path / "empty", profile="public").write([])
    assert told(bundle.folder, "--key", str(bundle.signer.verifier))["verdict"] == 20


# Bags.


def rewritten(name: str, change: Callable[[str], str]) -> Callable[[Bundle], object]:
    """A file changed, and the tag manifest made to fit."""

    def apply(bundle: Bundle) -> None:
        path = bundle.file(name)
        path.write_text(change(path.read_text()))
        if name != "tagmanifest-sha256.txt":
            names = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
            told = "".join(f"{sha256(bundle.file(one).read_bytes()).hexdigest()}  {one}\n" for one in names)
            bundle.file("tagmanifest-sha256.txt").write_text(told)

    return apply


MANIFEST, TAGS, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
VKEY_LINE = "  data/vkey\n"
BAGS: dict[str, tuple[Callable[[Bundle], object], str]] = {
    "a file that is in no manifest": (lambda bundle: bundle.file("data/more").touch(), "data/more is in no manifest"),
    "a tag file that is in none": (lambda bundle: bundle.file("more.txt").touch(), "more.txt is in no manifest"),
    "a changed file": (rewritten("data/vkey", lambda text: text[:-2] + "\n\n"), "data/vkey is not the file"),
    "a changed specification": (
        rewritten("data/rules/judging.md", lambda text: text.replace("J", "N")),
        "data/rules/judging.md is not the file",
    ),
    "a missing file": (lambda bundle: bundle.file("data/vkey").unlink(), "data/vkey is in manifest-sha256.txt and is"),
    "a file twice": (rewritten(MANIFEST, lambda text: text + text.splitlines()[0] + "\n"), "twice"),
    "a malformed manifest": (rewritten(MANIFEST, lambda text: "x" + text), "line 1 of manifest-sha256.txt"),
    "a path out of the bag": (
        rewritten(MANIFEST, lambda text: text.replace(VKEY_LINE, "  data/../../vkey\n")),
        "data/../../vkey is in manifest-sha256.txt and is missing",
    ),
    "a changed manifest": (lambda bundle: bundle.file(MANIFEST).write_text(""), "manifest-sha256.txt is not the file"),
    "no manifest": (lambda bundle: bundle.file(MANIFEST).unlink(), "manifest-sha256.txt is in tagmanifest"),
    "no tag manifest": (lambda bundle: bundle.file(TAGS).unlink(), "tagmanifest-sha256.txt is missing"),
    "a tag file that is not listed": (
        rewritten(TAGS, lambda text: "".join(text.splitlines(keepends=True)[1:])),
        "bag-info.txt is not in tagmanifest-sha256.txt",
    ),
    "another version": (rewritten("bagit.txt", lambda text: text.replace("1.0", "0.97")), "bagit.txt"),
    "another count": (rewritten(INFO, lambda text: text.replace("Payload-Oxum: ", "Payload-Oxum: 1")), "does not say"),
    "another edition": (rewritten(INFO, lambda text: text.replace(EDITION, "mine")), "of which edition"),
    "another size": (rewritten(INFO, lambda text: text.replace("Size: 900", "Size: 901")), "another log or size"),
    "another origin": (rewritten(INFO, lambda text: text.replace(ORIGIN, "log.example")), "another log or size"),
    "another profile": (rewritten(INFO, lambda text: text.replace("auditor", "all")), "profile"),
    "something twice": (rewritten(INFO, lambda text: text + "Awards-Size: 900\n"), "twice"),
    "a link": (lambda bundle: os.symlink("/etc/passwd", bundle.file("data/rules/link")), "neither a file nor a folder"),
    "a link to a folder": (lambda bundle: os.symlink("/etc", bundle.file("data/rules/link")), "neither a file nor"),
    "a pipe": (lambda bundle: os.mkfifo(bundle.file("data/rules/pipe")), "neither a file nor a folder"),
    "an odd name": (lambda bundle: bundle.file("data/a\nb").touch(), "'data/a\\nb' is no name"),
    "a key that is none": (lambda bundle: bundle.put("data/vkey", "x"), "data/vkey"),
    "a large checkpoint": (lambda bundle: bundle.put("data/checkpoint", b"x" * 2_000_000), "longer than it can be"),
}


@pytest.mark.parametrize(("change", "words"), BAGS.values(), ids=BAGS)
def test_what_is_no_whole_bag_is_invalid(
    bundle: Bundle, told: Told, change: Callable[[Bundle], object], words: str
) -> None:
    change(bundle)
    found = told(bundle.folder)
    assert found["verdict"] == 40
    assert words in found["finding"]["text"]


# Zips.

TOP = f"{EDITION}-900-auditor"


def entry(name: str, content: bytes = b"", mode: int = 0, **told: int) -> Callable[[zipfile.ZipFile], None]:
    def add(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo()
        info.filename = name  # as it is: the other way it would be tidied
        info.external_attr = mode << 16
        info.compress_type = told.get("compress", zipfile.ZIP_STORED)
        archive.writestr(info, content)

    return add


ZIPS: dict[str, tuple[Callable[[zipfile.ZipFile], object], str]] = {
    "a path out of it": (entry(f"{TOP}/../../evil"), "no name of a file"),
    "a path that is absolute": (entry("/etc/evil"), "no file in its folder"),
    "a path with a drive": (entry("C:\\evil"), "no file in its folder"),
    "a backslash": (entry(f"{TOP}\\evil"), "no file in its folder"),
    "a name with nothing in it": (entry(f"{TOP}//evil"), "no name of a file"),
    "a dot": (entry(f"{TOP}/./data/vkey"), "no name of a file"),
    "a name that ends early": (entry(f"{TOP}/evil\0.txt"), "no file in its folder"),
    "a control character": (entry(f"{TOP}/\x1b[31m"), "no name of a file"),
    "a file beside the folder": (entry("evil"), "no file in its folder"),
    "two folders": (entry("other/evil"), "2 folders at its top"),
    "a parent as the folder": (entry("../evil"), "no file in its folder"),
    "a folder with content": (entry(f"{TOP}/data/x/", b"x"), "no folder"),
    "a link": (entry(f"{TOP}/data/link", b"/etc/passwd", 0o120777), "a link or a device"),
    "a device": (entry(f"{TOP}/data/device", b"", 0o020666), "a link or a device"),
    "a file that is in no manifest": (entry(f"{TOP}/data/more"), "data/more is in no manifest"),
    "a bomb": (entry(f"{TOP}/data/more", b"0" * 10_000_000, compress=zipfile.ZIP_DEFLATED), "is compressed"),
    "another compression": (entry(f"{TOP}/data/more", b"0", compress=zipfile.ZIP_LZMA), "is compressed"),
}


@pytest.mark.parametrize(("change", "words"), ZIPS.values(), ids=ZIPS)
def test_a_hostile_zip_is_invalid(
    written: Bundle, told: Told, tmp_path: Path, change: Callable[[zipfile.ZipFile], object], words: str
) -> None:
    path = written.zip(tmp_path / "bundle.zip")
    with zipfile.ZipFile(path, "a") as archive:
        change(archive)
    found = told(path)
    assert found["verdict"] == 40
    assert words in found["finding"]["text"]


def test_a_file_that_is_there_twice_is_invalid(written: Bundle, told: Told, tmp_path: Path) -> None:
    path = written.zip(tmp_path / "bundle.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(f"{TOP}/data/vkey", "mine")
    assert told(path)["finding"]["text"] == "data/vkey is there twice"


def patched(path: Path, old: bytes, new: bytes, place: int = 0) -> None:
    """Change bytes in the directory of a zip, at an offset from a mark."""
    data = bytearray(path.read_bytes())
    at = data.rindex(old) + place
    data[at : at + len(new)] = new
    path.write_bytes(data)


DIRECTORY = f"{TOP}/data/vkey".encode()
"""In the zip's directory, flags are 38 bytes before the name, sizes 26 and 22, the offset of the file 4."""


@pytest.mark.parametrize(
    ("place", "new", "words"),
    [
        (-38, b"\x01\x00", "is encrypted"),
        (-26, b"\xff\xff\xff\x7f\xff\xff\xff\x7f", "claims more bytes than it has"),
        (-22, b"\xff\xff\xff\x7f", "is compressed"),
        (-4, b"\x07\x00\x00\x00", "is not where the zip says"),
        (-46, b"XXXX", "no zip that can be read"),
    ],
)
def test_a_directory_that_lies_is_invalid(
    written: Bundle, told: Told, tmp_path: Path, place: int, new: bytes, words: str
) -> None:
    path = written.zip(tmp_path / "bundle.zip")
    patched(path, DIRECTORY, new, place)
    found = told(path)
    assert found["verdict"] == 40
    assert words in found["finding"]["text"]


def test_a_byte_changed_in_a_zip_is_found_in_its_line(written: Bundle, told: Told, tmp_path: Path) -> None:
    path = written.zip(tmp_path / "bundle.zip")
    patched(path, b'Number 31"', b"Number 32")
    found = told(path)
    assert (found["verdict"], found["finding"]["leaf"]) == (40, SHOWN)


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"\xff" * 4_000])
def test_what_is_no_zip_is_invalid(told: Told, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bundle.zip").write_bytes(content)
    assert told(tmp_path / "bundle.zip")["verdict"] == 40


def test_a_zip_cut_off_anywhere_or_with_any_byte_changed_is_told_without_a_traceback(
    tmp_path: Path, told: Told
) -> None:
    bundle = Bundle(tmp_path / "small").write([*revised(range(1, 4)), hidden(b"x")])
    data = bundle.zip(tmp_path / "bundle.zip").read_bytes()
    key = str(bundle.signer.verifier)
    assert told(tmp_path / "bundle.zip", "--key", key)["verdict"] == 20
    for place in range(0, len(data), 29):
        (tmp_path / "cut.zip").write_bytes(data[:place])
        assert told(tmp_path / "cut.zip", "--key", key)["verdict"] == 40
        (tmp_path / "bent.zip").write_bytes(data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :])
        assert told(tmp_path / "bent.zip", "--key", key)["verdict"] in (20, 40)  # a date in the zip says nothing


# Cost.


def peak(bundle: Bundle) -> int:
    tracemalloc.start()
    try:
        verifier.verify(bundle.folder, verifier.Brought())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_act_is_no_larger_than_any_there_is(tmp_path: Path, told: Told) -> None:
    """A log with one correlation throughout would have to be held as a whole."""
    large = [line("award.revised", version, correlation="one", name="x" * 65_000) for version in range(1, 531)]
    whole = [*large[:510], *revised(range(511, 514)), *large[513:]]
    assert told(Bundle(tmp_path / "two").write(whole).folder)["verdict"] == 20
    found = told(Bundle(tmp_path / "one").write(large).folder)
    assert (found["verdict"], found["finding"]["leaf"]) == (40, verifier.MOST_BYTES_TOGETHER // len(large[-1]))
    assert "recorded together" in found["finding"]["text"]
    history, data = verifier.History(EDITION), {"correlation": "one"}
    events = (verifier.Event(leaf, EDITION, leaf + 1, "award.revised", "", data) for leaf in range(40_000))
    with pytest.raises(verifier.Wrong) as wrong:
        deque(map(history.take, events))
    assert wrong.value.finding.index == verifier.MOST_TOGETHER >= MOST_PAIRS


def test_memory_does_not_grow_with_the_events(tmp_path: Path) -> None:
    def write(name: str, events: int) -> Bundle:
        reference, disclosure = sealed("x" * 200)
        lines = (line("award.revised", version, reason=reference, name="x" * 300) for version in range(1, events + 1))
        return Bundle(tmp_path / name).write(lines, (opened(leaf, disclosure) for leaf in range(events)))

    small, large = write("small", 800), write("large", 5_000)
    assert large.file("data/events.jsonl").stat().st_size > 3_000_000
    assert peak(large) < peak(small) + 1_000_000
