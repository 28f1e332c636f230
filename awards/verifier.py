"""Checks a bundle of an awards log: `awards-verify BUNDLE`. One file, to be copied and read; it needs Python 3.11 and
`cryptography`, and nothing of the service that wrote the log.

docs/bundle.md says what a bundle holds, docs/judging.md and docs/methods.md how a decision is counted; this is the
second program written from those pages. It goes through the log once, keeps what it knows of each stream, and
tells the first line that is wrong.
"""

from __future__ import annotations

import argparse
import base64
import gc
import json
import os
import re
import stat
import struct
import sys
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import IO, Any, TypeVar
from unicodedata import is_normalized

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# Verdicts: the exit codes. Below 30 nothing is wrong, and the number says what was not there to check with.

VERIFIED, UNWITNESSED, NOT_RECOUNTABLE, NO_KNOWN_HEAD = 0, 10, 11, 20
CONTRADICTED, INVALID, UNKNOWN_METHOD, DOES_NOT_FOLLOW, UNEXPLAINED = 30, 40, 41, 50, 51
BAD_USAGE = 2


@dataclass(frozen=True)
class Finding:
    """Something wrong, or something that could not be checked: the verdict, the leaf it is about, and words for it."""

    verdict: int
    index: int | None
    text: str


@dataclass(frozen=True)
class Event:
    """One line of the log: its leaf index, stream and version, `topic` without the version, the state, and what is
    opened of its sealed values, by digest.
    """

    index: int
    stream: str
    version: int
    topic: str
    time: str
    data: Mapping[str, Any]
    opened: Mapping[str, Any] = field(default_factory=dict)


# === 1. Bytes: hashes, the tree, signed notes ========================================================================

WIDTH, HASH = 256, 32
"""Hashes in a full tile, and bytes of one (C2SP tlog-tiles)."""
LONGEST_LINE = 65_535
LONGEST_NOTE, MOST_SIGNATURES = 1_000_000, 100
LOG_KEY, WITNESS_KEY = 1, 4
"""Types of Ed25519 keys: of a log (C2SP signed-note), of a witness (tlog-cosignature)."""


class Wrong(Exception):
    """What ends the verification at once."""

    def __init__(self, text: str, index: int | None = None, verdict: int = INVALID) -> None:
        super().__init__(text)
        self.finding = Finding(verdict, index, text)


class BadUsage(Exception):
    """The program was called with what it cannot use: this says nothing of the bundle."""


# JSON. A line is read strictly: written again in the form of RFC 8785 it has to be the same text, which also finds a
# member that stands twice, another order, other escapes and white space.


def _no_number(text: str) -> Any:
    raise ValueError(f"{text[:20]} is no integer")


def _integer(text: str) -> int:
    if len(text) > 17 or not -(2**53) < int(text) < 2**53:
        raise ValueError("an integer is not below 2^53")
    return int(text)


_scan = json.JSONDecoder(parse_float=_no_number, parse_int=_integer, parse_constant=_no_number).raw_decode
_write = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode


def parse(texts: Sequence[str]) -> list[Any]:
    """The values of texts in the form of RFC 8785, of what the log may hold: strings in NFC, integers below 2^53, true
    and false, lists, and objects with ASCII keys. Raises ValueError. (Many at once are written in less time.)
    """
    try:
        found = [_scan(text) for text in texts]
        values = [value for value, _ in found]
        if [end for _, end in found] != list(map(len, texts)) or _write(values) != f"[{','.join(texts)}]":
            raise ValueError("it is not in the form of RFC 8785")
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    for value, text in zip(values, texts, strict=True):
        if not text.isascii() or "null" in text:
            _check_values(value, text)
    return values


def _check_values(value: Any, text: str) -> None:
    if not is_normalized(
        "NFC", text
    ):  # a quotation mark composes with nothing: so it holds of the text or of no string
        raise ValueError("a string is not in Unicode normalization form C")
    found = [value]
    for item in found:  # grows while it is walked
        if item is None:
            raise ValueError("null has no place in the log")
        if type(item) is dict:
            if not "".join(item).isascii():
                raise ValueError("a key is not ASCII")
            found += item.values()
        elif type(item) is list:
            found += item


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member stands twice")
    return found


def disclosed(disclosure: str) -> tuple[str, Any]:
    """The digest of an RFC 9901 disclosure (section 4.2.3: over its text) and the value in it; raises ValueError."""
    digest = sha256(disclosure.encode()).digest()
    if not re.fullmatch(r"[A-Za-z0-9_-]+", disclosure):
        raise ValueError("it is not base64url")
    plain = base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)).decode()
    try:
        salted = json.loads(plain, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if type(salted) is not list or len(salted) != 3 or not all(type(one) is str for one in salted[:2]):
        raise ValueError("it is not a salt, a name and a value")
    return base64.urlsafe_b64encode(digest).decode().rstrip("="), salted[2]


# The tree (RFC 9162, section 2.1).

EMPTY_ROOT = sha256().digest()


def leaf_hash(line: bytes) -> bytes:
    """The leaf hash of a line, which is given without its newline."""
    return sha256(b"\0" + line).digest()


def folded(hashes: bytes) -> bytes:
    """The root over hashes in a row. Pairs from below, what is left over at the end goes up as it is: that is the tree
    of section 2.1.1, which has its largest perfect subtrees on the left.
    """
    while len(hashes) > HASH:
        paired = len(hashes) - len(hashes) % (2 * HASH)
        above = [sha256(b"\1" + hashes[at : at + 2 * HASH]).digest() for at in range(0, paired, 2 * HASH)]
        hashes = b"".join(above) + hashes[paired:]
    return hashes


class Tree:
    """The tree over the leaves so far, as tiles. Of each level it keeps the tile that is not full."""

    def __init__(self, made: Callable[[int, int, bytes], None]) -> None:
        self._made = made  # is told each tile once: level, number, hashes
        self._rows: list[bytes] = [b""]
        self._full: list[int] = [0]

    def add(self, tile: bytes) -> None:
        """The hashes of the next leaves: those of a tile of level 0, or fewer at the very end."""
        level = 0
        while True:
            if len(self._rows) == level:
                self._rows.append(b"")
                self._full.append(0)
            self._rows[level] += tile
            if len(self._rows[level]) < WIDTH * HASH:
                return
            full, self._rows[level] = self._rows[level], b""
            self._made(level, self._full[level], full)
            self._full[level] += 1
            level, tile = level + 1, folded(full)

    def root(self, last: bytes = b"") -> bytes:
        """The root, also of some leaves more than were added."""
        found = last
        for row in self._rows:
            found = folded(row + found)
        return found or EMPTY_ROOT

    def finish(self) -> None:
        """Tell the tiles that are not full."""
        for level, row in enumerate(self._rows):
            if row:
                self._made(level, self._full[level], row)


def tile_name(level: int, number: int, width: int) -> str:
    """The address of a tile (C2SP tlog-tiles)."""
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{path}" + (f".p/{width}" if width < WIDTH else "")


def included(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Whether an inclusion proof holds (RFC 9162, section 2.1.3.2)."""
    fn, sn, r = index, size - 1, leaf
    if not 0 <= fn <= sn:
        return False
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = sha256(b"\1" + p + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha256(b"\1" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


# Signed notes (C2SP signed-note): checkpoints (tlog-checkpoint), cosignatures (tlog-cosignature), and receipts.


def _base64(text: str) -> bytes:
    """Standard base64, in the one spelling it has; raises ValueError."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("this is not base64 as it is written")
    return data


@dataclass(frozen=True)
class Key:
    """A public key under its name; `kind` is the type of its signatures."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def read(cls, vkey: str) -> Key:
        """From `<name>+<id>+<base64 of type and key>`; raises ValueError."""
        name, _, rest = vkey.partition("+")
        told, _, key = rest.partition("+")
        data = _base64(key)
        found = cls(name, data[0] if data else 0, data[1:])
        if not re.fullmatch(r"[^\s+]+", name) or (found.kind in (LOG_KEY, WITNESS_KEY) and len(data) != 33):
            raise ValueError("this is no key of Ed25519 under a name")
        if found.id.hex() != told:
            raise ValueError("the id of the key is not that of its name and bytes")
        return found

    @property
    def id(self) -> bytes:
        """The first bytes of a hash of it all."""
        return sha256(self.name.encode(errors="surrogateescape") + b"\n" + bytes([self.kind]) + self.public).digest()[
            :4
        ]

    def signed(self, text: bytes, signature: bytes) -> int | None:
        """When it signed a text, in seconds; None of a log's key, which tells no time. Raises ValueError."""
        when = None
        if self.kind == WITNESS_KEY:
            when, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            text = b"cosignature/v1\ntime %d\n" % when + text
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            raise ValueError(f"the signature of {self.name} is wrong") from None
        return when


@dataclass(frozen=True)
class Checkpoint:
    """A signed tree head, as it was read: nothing is checked yet."""

    text: bytes
    signatures: Sequence[tuple[str, bytes, bytes]]
    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, note: bytes) -> Checkpoint:
        """From the bytes of a note; raises ValueError."""
        whole = note.decode()
        body, gap, below = whole.rpartition("\n\n")
        lines = below.split("\n")
        if not gap or lines.pop() or not 0 < len(lines) <= MOST_SIGNATURES or len(note) > LONGEST_NOTE:
            raise ValueError("a note is a text, an empty line, and lines of signatures")
        if any(one < " " and one != "\n" for one in whole):
            raise ValueError("a note has no control characters")
        origin, size, root, *more = body.split("\n") if body.count("\n") >= 2 else ("", "", "")
        if not origin or not re.fullmatch(r"0|[1-9][0-9]{0,18}", size) or len(_base64(root)) != HASH or "" in more:
            raise ValueError("a checkpoint is an origin, a size and a root, a line each")
        return cls(f"{body}\n".encode(), list(map(_signature, lines)), origin, int(size), _base64(root))

    def signed_by(self, keys: Iterable[Key]) -> dict[Key, int | None]:
        """Which of these keys signed it, and when; raises ValueError if one of them did so wrongly."""
        known = {(key.name, key.id): key for key in keys}
        found = {}
        for name, key_id, signature in self.signatures:
            if key := known.get((name, key_id)):
                found[key] = key.signed(self.text, signature)
        return found


def _signature(line: str) -> tuple[str, bytes, bytes]:
    found = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
    data = _base64(found[2]) if found else b""
    if found is None or len(data) < 5:
        raise ValueError("a line of a signature is malformed")
    return found[1], data[:4], data[4:]


@dataclass(frozen=True)
class Receipt:
    """A proof that a leaf is in the tree of a checkpoint; `extra` proves nothing."""

    index: int
    path: Sequence[bytes]
    extra: bytes
    checkpoint: Checkpoint

    @classmethod
    def read(cls, data: bytes) -> Receipt:
        """From the bytes of a `.tlog-proof`; raises ValueError."""
        head, _, note = data.partition(b"\n\n")
        form = r"c2sp\.org/tlog-proof@v1(?:\nextra ([A-Za-z0-9+/]+=*))?\nindex (0|[1-9][0-9]{0,18})((?:\n[^\n]{44})*)"
        found = re.fullmatch(form, head.decode())
        if found is None:
            raise ValueError("this is no receipt")
        path = [_base64(line) for line in found[3].split("\n")[1:]]
        return cls(int(found[2]), path, _base64(found[1] or ""), Checkpoint.read(note))

    def shows(self, leaf: bytes) -> bool:
        """Whether it proves this leaf, by its checkpoint's root."""
        return included(self.index, self.checkpoint.size, leaf, self.path, self.checkpoint.root)


@dataclass
class Policy:
    """Whose cosignatures are enough (C2SP tlog-policy)."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str | None = None

    @classmethod
    def read(cls, data: bytes) -> Policy:
        """From the bytes of the file; raises ValueError."""
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data):
            raise ValueError("it has control characters")
        policy = cls()
        for line in data.decode(errors="surrogateescape").split("\n"):
            words = re.split(r"[ \t]+", line.strip(" \t"))
            if words[0] and not words[0].startswith("#"):
                policy._take(words)
        if policy.quorum is None:
            raise ValueError("it has no quorum")
        return policy

    def _take(self, words: Sequence[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self.logs.append(self._new_key(vkey, LOG_KEY, self.logs))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._new_name(name)
                self.witnesses[name] = self._new_key(vkey, WITNESS_KEY, self.witnesses.values())
            case ["group", name, least, *members] if members:
                self._new_name(name)
                self.groups[name] = (self._threshold(least, members), members)
            case ["quorum", name] if self.quorum is None and (name == "none" or self._is_defined(name)):
                self.quorum = name
            case _:
                raise ValueError(f"this line is none of a policy: {' '.join(words)[:80]}")

    def _is_defined(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _new_name(self, name: str) -> None:
        if name == "none" or self._is_defined(name):
            raise ValueError(f"{name} is defined already")

    @staticmethod
    def _new_key(vkey: str, kind: int, others: Iterable[Key]) -> Key:
        key = Key.read(vkey)
        if key.public in {other.public for other in others}:
            raise ValueError(f"the key of {key.name} is there twice")
        if key.kind in {LOG_KEY, WITNESS_KEY} - {kind}:
            raise ValueError(f"the key of {key.name} is for another purpose")
        return key

    def _threshold(self, least: str, members: Sequence[str]) -> int:
        grouped = {member for _, others in self.groups.values() for member in others}
        if len(set(members)) < len(members) or not all(map(self._is_defined, members)) or grouped & set(members):
            raise ValueError("a group has members that are defined before it, each in one group and once")
        count = {"any": 1, "all": len(members)}.get(least) or int(
            least if re.fullmatch("[1-9][0-9]{0,5}", least) else 0
        )
        if not 1 <= count <= len(members):
            raise ValueError(f"{least[:20]} of {len(members)} is no quorum")
        return count

    def is_met(self, cosigned: Iterable[Key]) -> bool:
        """Whether these are enough."""
        keys = set(cosigned)
        met = {name for name, key in self.witnesses.items() if key in keys}
        for name, (least, members) in self.groups.items():
            if len(met.intersection(members)) >= least:
                met.add(name)
        return self.quorum in met


# === 2. Judging: how an order is made of reviews and votes (docs/judging.md, docs/methods.md) ========================


class UnknownRule(Exception):
    """A method, version or rung that this program does not know: it cannot verify what rests on it."""


class TooManyOptions(Exception):
    """The method does not compare so many."""


Settled = Callable[[str, Sequence[str]], Sequence[Sequence[str]] | str | None]
"""Asked for a rung that people settle and the ids tied there: their order in groups, `passed` where the rung is passed
over, None where the tie is open. For the lot: the seed, or None."""


def ranking(
    stage: Mapping[str, Any],
    nominations: Sequence[str],
    reviews: Sequence[tuple[str, str, Mapping[str, int]]],
    settled: Settled,
    method: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The ranking as data (docs/judging.md, section 5), by the stage's method, or by another (a cross-check).

    `reviews`: reviewer, nomination and scores of every review that counts.
    """
    raise NotImplementedError


def count_votes(
    method: Mapping[str, Any], options: Sequence[str], votes: Sequence[Sequence[Sequence[str]]]
) -> dict[str, Any]:
    """The `result` of a ballot: the count of its votes, each a ranking in groups; an abstention is not among them."""
    raise NotImplementedError


# === 3. History: the order of steps, roles and duties, and every decision counted again ==============================


class History:
    """What is known of an edition after the lines so far; grows with its streams, not with its events."""

    def __init__(self, edition: str) -> None:
        self.edition = edition

    def take(self, event: Event) -> Iterator[Finding]:
        """Take the edition's next line that is shown, and tell what is wrong with it."""
        raise NotImplementedError

    def erased(self, participant: str, cls: str) -> bool:
        """Whether the key of a participant and class is lawfully gone, by the lines so far."""
        raise NotImplementedError


# === 4. The bundle, and what comes of it =============================================================================

BLOCK = 1 << 18
LONGEST_DISCLOSURE = 1 << 24
MOST_FILES = 2_000_000
EVENTS, DISCLOSURES, MANIFEST, TAG_MANIFEST = (
    "data/events.jsonl",
    "data/disclosures.jsonl",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
)
TAG_FILES = {"bagit.txt", "bag-info.txt", MANIFEST}
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
RESULTS = {
    *("edition.planned", "edition.recorded", "edition.rules_changed", "edition.cancelled"),
    *("decision.honour_recorded", "decision.withheld"),
    *("decision.announced", "decision.conferred", "decision.corrected", "decision.revoked"),
}
"""What the public profile shows of an edition whose scores are not public (docs/bundle.md)."""

MEANING = {
    VERIFIED: "everything holds, and witnesses of your policy saw this log",
    UNWITNESSED: "everything holds, and agrees with a head you know; no witnesses of a policy of yours vouch for it",
    NOT_RECOUNTABLE: "nothing is wrong, but something cannot be counted again from what this bundle shows",
    NO_KNOWN_HEAD: "it agrees with itself, as a history written anew would: bring the log's key, and a head you kept",
    CONTRADICTED: "it contradicts a head you know: the log was changed or is not the same",
    INVALID: "it is not a whole and unchanged bundle of a log",
    UNKNOWN_METHOD: "it rests on something this program does not know",
    DOES_NOT_FOLLOW: "a step or a decision does not follow from what is recorded",
    UNEXPLAINED: "a sealed value is missing, and nobody it is about was erased",
    BAD_USAGE: "the program was called with what it cannot use",
}


class Bag:
    """The files of a bundle, a zip or a folder, and the bag they make (RFC 8493). A file that is read to its end is
    compared with its manifest.
    """

    def __init__(self, path: Path) -> None:
        self.sizes: dict[str, int] = {}
        self._open: Callable[[str], IO[bytes]]
        if path.is_dir():
            self._open = lambda name: (path / name).open("rb")
            self._list_folder(path, "")
        else:
            self._list_zip(path)
        self.unread = set(self.sizes)
        self._known: dict[str, bytes] = {}
        for name in (TAG_MANIFEST, MANIFEST):
            self._read_manifest(name)
        for name in sorted(self.sizes):
            if name not in self._known and name != TAG_MANIFEST:
                raise Wrong(f"{name} is in no manifest")
        self.info = self._read_info()

    # What there is. Names are checked before anything is opened.

    def _list_folder(self, folder: Path, below: str) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = f"{below}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    self._list_folder(folder / entry.name, f"{name}/")
                elif entry.is_file(follow_symlinks=False):
                    self._add(name, entry.stat().st_size)
                else:
                    raise Wrong(f"{name} is neither a file nor a folder")

    def _list_zip(self, path: Path) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OverflowError, struct.error) as error:
            raise Wrong(f"this is no zip that can be read: {error}") from None
        tops = {_checked_entry(entry) for entry in entries}
        if len(tops) != 1:
            raise Wrong(f"the zip has {len(tops)} folders at its top, not one")
        places: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = entry.filename.partition("/")[2]
            if not entry.is_dir():
                self._add(name, entry.file_size)
                places[name] = entry
        if sum(self.sizes.values()) > path.stat().st_size:
            raise Wrong("the zip claims more bytes than it has")
        self._open = lambda name: _opened_entry(path, places[name])

    def _add(self, name: str, size: int) -> None:
        parts = name.split("/")
        if not re.fullmatch(r"[A-Za-z0-9._/-]{1,255}", name) or not all(part.strip(".") for part in parts):
            raise Wrong(f"{name!r} is no name of a file in a bundle")
        if name in self.sizes:
            raise Wrong(f"{name} is there twice")
        if len(self.sizes) >= MOST_FILES:
            raise Wrong("there are too many files")
        self.sizes[name] = size

    def _read_manifest(self, name: str) -> None:
        """What the files shall be. The tag manifest says what the manifest is; so it is read first."""
        payload = name == MANIFEST
        number = 0
        for batch in self.lines(name, 1_000):
            for line in batch:
                number += 1
                found = re.fullmatch(rb"([0-9a-fA-F]{64})[ \t]+([A-Za-z0-9._/-]+)", line)
                file = found[2].decode() if found else ""
                if found is None or file.startswith("data/") != payload or file == TAG_MANIFEST:
                    raise Wrong(f"line {number} of {name} is none of a manifest")
                if file in self._known:
                    raise Wrong(f"{file} is in {name} twice")
                if file not in self.sizes:
                    raise Wrong(f"{file} is in {name} and is missing")
                self._known[file] = bytes.fromhex(found[1].decode())
        if not payload and (missing := TAG_FILES - self._known.keys()):
            raise Wrong(f"{min(missing)} is not in {name}")

    def _read_info(self) -> dict[str, str]:
        if self.read("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            raise Wrong("bagit.txt is not that of a bag")
        lines = re.sub(rb"\r?\n[ \t]+", b" ", self.read("bag-info.txt")).decode(errors="replace").splitlines()
        info: dict[str, str] = {}
        for line in lines:
            label, colon, value = line.partition(":")
            if not colon or label in info:
                raise Wrong("bag-info.txt is malformed, or says something twice")
            info[label] = value.strip()
        payload = [size for name, size in self.sizes.items() if name.startswith("data/")]
        if info.get("Payload-Oxum") != f"{sum(payload)}.{len(payload)}":
            raise Wrong(f"bag-info.txt does not say that the bag holds {sum(payload)} bytes in {len(payload)} files")
        return info

    # Reading.

    def __contains__(self, name: str) -> bool:
        return name in self.sizes

    def numbered(self, before: str, after: str) -> list[int]:
        """The numbers by which files are named, `<before><number><after>`, in order."""
        names = (name[len(before) : len(name) - len(after)] for name in self.sizes if name.startswith(before))
        numbers = sorted(int(name) for name in names if re.fullmatch("0|[1-9][0-9]{0,18}", name))
        return [number for number in numbers if f"{before}{number}{after}" in self.sizes]

    def read(self, name: str, most: int = LONGEST_NOTE) -> bytes:
        """A small file."""
        if self.sizes.get(name, 0) > most:
            raise Wrong(f"{name} is longer than it can be")
        digest = sha256()
        data = b"".join(self._blocks(name, digest.update))
        self._confirm(name, digest.digest())
        return data

    def pass_over(self, name: str) -> None:
        """A file that says nothing here: it only has to be that of its manifest."""
        digest = sha256()
        deque(self._blocks(name, digest.update), maxlen=0)
        self._confirm(name, digest.digest())

    def lines(self, name: str, longest: int) -> Iterator[list[bytes]]:
        """The lines of a file without their newlines, 256 at a time and fewer at the end. What is longer than it may be
        is cut off behind, and is the last line.
        """
        digest, found, rest = sha256(), list[bytes](), b""
        for block in self._blocks(name, digest.update):
            *whole, rest = (rest + block).split(b"\n")
            found += whole
            while len(found) >= WIDTH:
                yield found[:WIDTH]
                del found[:WIDTH]
            if len(rest) > longest:
                yield [*found, rest[: longest + 1]]
                return
        if found:
            yield found
        if rest:
            raise Wrong(f"{name} does not end where a line ends")
        self._confirm(name, digest.digest())

    def _blocks(self, name: str, seen: Callable[[bytes], None]) -> Iterator[bytes]:
        if name not in self.sizes:
            raise Wrong(f"{name} is missing")
        left = self.sizes[name]
        with self._open(name) as file:
            while left:
                block = file.read(min(BLOCK, left))
                if not block:
                    raise Wrong(f"{name} is cut off")
                left -= len(block)
                seen(block)
                yield block

    def _confirm(self, name: str, digest: bytes) -> None:
        self.unread.discard(name)
        if self._known.get(name, digest) != digest:
            raise Wrong(f"{name} is not the file that its manifest is about")


def _checked_entry(entry: zipfile.ZipInfo) -> str:
    """The folder at the top; raises `Wrong` for an entry that is no stored file."""
    name = entry.filename
    top, slash, below = name.partition("/")
    if (
        name != entry.orig_filename
        or not slash
        or not re.fullmatch(r"[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*", top)
    ):
        raise Wrong(f"the zip holds {entry.orig_filename!r}, which is no file in its folder")
    if entry.is_dir() and (entry.file_size or ".." in below):
        raise Wrong(f"the zip holds {name!r}, which is no folder")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Wrong(f"{below!r} is no file but a link or a device")
    if entry.flag_bits & 1:
        raise Wrong(f"{below!r} is encrypted")
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
        raise Wrong(f"{below!r} is compressed, which nothing is in a bundle (unpack it, and name the folder)")
    return top


def _opened_entry(path: Path, entry: zipfile.ZipInfo) -> IO[bytes]:
    """The zip where the bytes of a file begin. What they are is told by the manifest, line by line where it can be; the
    zip's own checksum would only tell that something is wrong.
    """
    file = path.open("rb")
    file.seek(max(entry.header_offset, 0))
    header = file.read(30)
    name, extra = struct.unpack("<HH", header[26:].ljust(4, b"\0"))
    if header[:4] != b"PK\3\4" or file.read(name) != entry.filename.encode():
        file.close()
        raise Wrong(f"{entry.filename!r} is not where the zip says")
    file.seek(extra, os.SEEK_CUR)
    return file


# Lines.


SEALED = {"sd", "of", "class"}
_LEAF = re.compile(rb'\{"leaf":"([0-9a-f]{64})"\}').fullmatch


def envelope_of(origin: str) -> re.Pattern[str]:
    """What follows the state in a line of this log: CloudEvents 1.0, with its members in the order of RFC 8785."""
    return re.compile(
        rf',"id":"(?P<stream>{UUID})/(?P<version>[1-9][0-9]{{0,14}})","source":{re.escape(_write(origin))}'
        rf',"specversion":"1\.0","subject":"(?P<subject>{UUID})"'
        r',"time":"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)"'
        r',"type":"(?P<topic>[a-z_]{1,60}\.[a-z_]{1,60})\.v(?P<form>[1-9][0-9]{0,5})"\}'
    )


Line = tuple[Event, str, Sequence[Mapping[str, Any]]]
"""The event of a line, the version of its form, and the sealed values it refers to."""


def events_of(lines: Sequence[tuple[int, bytes]], envelope: re.Pattern[str]) -> list[Line]:
    """What stands in lines, each given with its index. Raises ValueError if any of them is wrong."""
    states, envelopes = list[str](), list[Sequence[str]]()
    for _, line in lines:
        text = line.decode()
        end = text.rfind(',"id":"')
        told = envelope.fullmatch(text, max(end, 0))
        if told is None or not text.startswith('{"data":{'):
            raise ValueError("its members are not those of an event of this log")
        states.append(text[8:end])
        envelopes.append(told.groups())
    found: list[Line] = []
    for (index, _), state, data, place in zip(lines, states, parse(states), envelopes, strict=True):
        stream, version, subject, time, topic, form = place
        datetime.fromisoformat(time)  # there is such a day
        if time != data.get("time") or subject != data.get("edition", data.get("award")):
            raise ValueError("its time or its subject is not that of its data")
        sealed = references(data) if '"sd":' in state else ()
        found.append((Event(index, stream, int(version), topic, time, data), form, sealed))
    return found


def references(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sealed values that a state refers to; raises ValueError if one is malformed."""
    sealed = []
    found: list[Any] = [data]
    for item in found:  # grows while it is walked
        if type(item) is list:
            found += item
        elif type(item) is dict:
            if item.keys() == SEALED:
                sealed.append(item)
            else:
                found += item.values()
    for item in sealed:
        ids = item["of"] if type(item["of"]) is list else []
        if not ids or any(type(one) is not str for one in (*ids, item["sd"], item["class"])):
            raise ValueError("a sealed value is malformed")
    return sealed


class Disclosures:
    """The opened values, in the order of the lines that refer to them: one is held at a time."""

    def __init__(self, bag: Bag) -> None:
        self._lines = chain.from_iterable(bag.lines(DISCLOSURES, LONGEST_DISCLOSURE))
        self._number = 0
        self._sd = ""
        self._value: Any = None
        self.leaf: int | None = -1
        """The line that the next value is of; None after the last."""
        self._next()

    def _next(self) -> None:
        line = next(self._lines, None)
        if line is None:
            self.leaf = None
            return
        self._number += 1
        try:
            told = parse([line.decode()])[0] if len(line) <= LONGEST_DISCLOSURE else None
            if type(told) is not dict or told.keys() != {"disclosure", "leaf", "sd"}:
                raise ValueError("it has not the members of one")
            if type(told["leaf"]) is not int or type(told["disclosure"]) is not str:
                raise ValueError("a member is not of its type")
            if told["leaf"] < (self.leaf or 0):
                raise ValueError("it is not in the order of the lines")
            self._sd, self._value = disclosed(told["disclosure"])
        except ValueError as error:
            raise self.wrong(str(error)) from None
        if self._sd != told["sd"]:
            raise self.wrong(f"its digest is not {told['sd']}")
        self.leaf = told["leaf"]

    def wrong(self, text: str) -> Wrong:
        """That the value which was read last is wrong."""
        index = None if self.leaf == -1 else self.leaf
        return Wrong(f"line {self._number} of {DISCLOSURES}: {text}", index)

    def of(self, index: int, sealed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What is opened of the sealed values of a line, by digest."""
        wanted = Counter(reference["sd"] for reference in sealed)
        found = {}
        while self.leaf is not None and self.leaf <= index:
            if self.leaf < index or not wanted[self._sd]:
                raise self.wrong(f"line {self.leaf + 1} of {EVENTS} does not refer to this value")
            wanted[self._sd] -= 1
            found[self._sd] = self._value
            self._next()
        return found


# The pass through the log.


@dataclass
class Brought:
    """What the auditor brought from outside."""

    keys: Sequence[Key] = ()
    heads: Sequence[tuple[str, Checkpoint]] = ()
    policy: Policy | None = None
    profile: str | None = None


@dataclass
class Report:
    """What was found, in the order of the checks."""

    told: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    first: Finding | None = None
    wrong: int = 0
    not_recountable: list[Finding] = field(default_factory=list)
    grade: int = NO_KNOWN_HEAD

    def tell(self, check: str, text: str) -> None:
        """Say what a check came to."""
        self.told.append((check, text))

    def take(self, finding: Finding) -> None:
        """Keep the first thing that is wrong, by its line, and a few of those that could not be counted."""
        if finding.verdict < CONTRADICTED:
            self.grade = max(self.grade, finding.verdict)
            del self.not_recountable[10:]
            self.not_recountable.append(finding)
            return
        self.wrong += 1
        if self.first is None or _place(finding) < _place(self.first):
            self.first = finding

    @property
    def verdict(self) -> int:
        """The exit code."""
        return self.first.verdict if self.first else self.grade


def _place(finding: Finding) -> float:
    return float("inf") if finding.index is None else finding.index


class Verification:
    """One bundle, checked from its first byte to the verdict."""

    def __init__(self, bag: Bag, brought: Brought, report: Report) -> None:
        self.bag, self.brought, self.report = bag, brought, report
        self.head = self._checkpoint("data/checkpoint")
        self.edition, self.profile = self._about()
        self.keys = self._keys()
        self._check_signature()
        self.whole = self.profile == "auditor" or _shows_everything(bag)
        self.history = History(self.edition)
        self.disclosures = Disclosures(bag)
        self.tree = Tree(self._check_tile)
        self._envelope = envelope_of(self.head.origin)
        self._tiles = 0
        self._streams: dict[str, tuple[int, str, str]] = {}
        self._award: str | None = None
        self._shown = 0
        self._opened = 0
        self._missing: dict[tuple[str, str, tuple[str, ...]], list[int]] = {}
        self._closed: set[str] = set()
        self._told_lots: set[str] = set()
        self._contradicted: Finding | None = None
        self._agreed = 0

    # Before the lines.

    def _checkpoint(self, name: str) -> Checkpoint:
        try:
            return Checkpoint.read(self.bag.read(name))
        except ValueError as error:
            raise Wrong(f"{name}: {error}") from None

    def _about(self) -> tuple[str, str]:
        """The edition and the profile, and that the bag says of itself what its checkpoint says."""
        info = self.bag.info
        edition, profile = info.get("Awards-Edition", ""), info.get("Awards-Profile", "")
        if not re.fullmatch(UUID, edition) or profile not in ("auditor", "public"):
            raise Wrong("bag-info.txt does not say of which edition and profile the bundle is")
        if (info.get("Awards-Origin"), info.get("Awards-Size")) != (self.head.origin, str(self.head.size)):
            raise Wrong("bag-info.txt is about another log or size than data/checkpoint")
        if self.brought.profile not in (None, profile):
            raise Wrong(f"the bundle is of the profile {profile}, not {self.brought.profile}")
        self.report.facts |= {"edition": edition, "profile": profile, "origin": self.head.origin}
        self.report.facts |= {"size": self.head.size, "root": self.head.root.hex()}
        self.report.tell(
            "bundle", f"edition {edition}, {profile} profile, {self.head.size} events of {self.head.origin}"
        )
        return edition, profile

    def _keys(self) -> Sequence[Key]:
        """The keys of the log: the auditor's, else those that the bundle has itself."""
        brought = [*self.brought.keys, *(self.brought.policy.logs if self.brought.policy else ())]
        if brought:
            return brought
        try:
            return _keys_in(self.bag.read("data/vkey"))
        except ValueError as error:
            raise Wrong(f"data/vkey: {error}") from None

    def _check_signature(self) -> None:
        mine = self._has_key()
        if not self._is_signed(self.head, "data/checkpoint"):
            whose = "a key of yours" if mine else "a key in data/vkey"
            raise Wrong(f"data/checkpoint is not signed by {whose} under the name {self.head.origin}")
        said = (
            "by a key that you gave"
            if mine
            else "by the key in the bundle: give yours, or anybody could have signed it"
        )
        self.report.tell("signature", f"data/checkpoint is signed {said}")
        self.report.facts["key"] = "given" if mine else "from the bundle"

    def _has_key(self) -> bool:
        return bool(self.brought.keys or (self.brought.policy and self.brought.policy.logs))

    def _is_signed(self, checkpoint: Checkpoint, name: str) -> bool:
        if checkpoint.origin != self.head.origin:
            raise Wrong(f"{name} is of another log, {checkpoint.origin}")
        try:
            keys = (key for key in self.keys if key.name == checkpoint.origin and key.kind == LOG_KEY)
            return bool(checkpoint.signed_by(keys))
        except ValueError as error:
            raise Wrong(f"{name}: {error}") from None

    # The lines.

    def run(self) -> None:
        """Go through the log once, and through what lies beside it."""
        proofs, earlier = self.bag.numbered("data/proofs/", ".tlog-proof"), self.bag.numbered("data/checkpoints/", "")
        found = {"proofs": len(proofs), "earlier_checkpoints": len(earlier)}
        heads = sorted((head.size, name, head) for name, head in self._comparable())
        index = 0
        for lines in self.bag.lines(EVENTS, LONGEST_LINE):
            leaves = self._take(index, lines)
            stop = index + len(lines)
            while proofs and proofs[0] < stop:
                number = proofs.pop(0)
                self._check_proof(number, leaves[(number - index) * HASH :][:HASH])
            while earlier and earlier[0] <= stop:
                size = earlier.pop(0)
                self._check_earlier(size, leaves[: (size - index) * HASH])
            while heads and heads[0][0] <= stop:
                size, name, head = heads.pop(0)
                self._compare(name, head, leaves[: (size - index) * HASH])
            self.tree.add(leaves)
            index = stop
        if index < self.head.size:
            raise Wrong(f"{EVENTS} ends after line {index}, and the checkpoint is over {self.head.size}")
        if proofs or earlier:
            raise Wrong("there is a proof or an earlier checkpoint of what comes after the end")
        self.tree.finish()
        self._finish(found)

    def _take(self, start: int, lines: list[bytes]) -> bytes:
        """The leaf hashes of the lines of one tile, each compared with the tile and each line looked at."""
        width = max(0, min(WIDTH, self.head.size - start))
        name = f"data/{tile_name(0, start // WIDTH, width)}"
        tile = self.bag.read(name) if width else b""
        if len(tile) != width * HASH:
            raise Wrong(f"{name} has not {width} hashes")
        hidden = [_LEAF(line) for line in lines]
        pairs = zip(lines, hidden, strict=True)
        leaves = b"".join([bytes.fromhex(told[1].decode()) if told else leaf_hash(line) for line, told in pairs])
        good = len(lines)
        if leaves != tile:
            differ = (at for at in range(0, len(leaves), HASH) if leaves[at : at + HASH] != tile[at : at + HASH])
            good = next(differ, len(leaves)) // HASH
        self._look([(start + place, line) for place, line in enumerate(lines[:good]) if not hidden[place]])
        if good == width < len(lines):
            raise Wrong(f"there is one line more than the {self.head.size} of the checkpoint", start + good)
        if good < len(lines):
            if len(lines[good]) > LONGEST_LINE:
                raise Wrong(f"the line is longer than {LONGEST_LINE} bytes", start + good)
            raise Wrong(f"the line is not the one whose leaf hash is in {name}", start + good)
        return leaves

    def _look(self, shown: Sequence[tuple[int, bytes]]) -> None:
        """Look at lines, in their order, up to the first that ends it all."""
        try:
            if any(len(line) > LONGEST_LINE for _, line in shown):
                raise ValueError(f"it is longer than {LONGEST_LINE} bytes")
            found = events_of(shown, self._envelope)
        except ValueError as error:
            if len(shown) == 1:
                raise Wrong(f"the line is not as it has to be: {error}", shown[0][0]) from None
            for one in shown:  # to tell which
                self._look([one])
        else:
            for told in found:
                self._line(*told)

    def _line(self, event: Event, form: str, sealed: Sequence[Mapping[str, Any]]) -> None:
        index = event.index
        try:
            self._check_order(event)
        except ValueError as error:
            raise Wrong(f"the line is not as it has to be: {error}", index) from None
        self._shown += 1
        opened: Mapping[str, Any] = {}
        if sealed or (self.disclosures.leaf is not None and self.disclosures.leaf <= index):
            opened = self.disclosures.of(index, sealed)
            self._count(event, sealed, opened)
        if form != "1":
            text = f"{event.topic} has the form {form}, which this program does not know"
            self.report.take(Finding(UNKNOWN_METHOD, index, text))
        elif self.whole and event.data.get("edition") == self.edition:
            self._recount(replace(event, opened=opened) if opened else event)

    def _check_order(self, event: Event) -> None:
        """That the line is of the edition or of its award, and comes next in its stream; raises ValueError."""
        data, kind = event.data, event.topic.partition(".")[0]
        if "edition" in data:
            if data["edition"] != self.edition or "award" in data:
                raise ValueError("it is not of this edition")
        else:
            self._check_award(data.get("award"))
        if event.topic in ("edition.planned", "edition.recorded"):
            self._check_award(data.get("of_award"))
        version, time, before = self._streams.get(event.stream, (0, event.time, kind))
        if kind != before:
            raise ValueError(f"it is of a {kind}, and its stream is of a {before}")
        if event.version <= version or (self.whole and event.version > version + 1):
            missing = "from the beginning" if version == 0 else f"after version {version}"
            raise ValueError(f"version {event.version} of its stream does not follow {missing}")
        if event.time < time:
            raise ValueError(f"it is of an earlier time than version {version} of its stream")
        self._streams[event.stream] = (event.version, event.time, kind)

    def _check_award(self, award: Any) -> None:
        if type(award) is not str or (self._award or award) != award:
            raise ValueError("it is of another award than the edition, or of none")
        self._award = award

    def _recount(self, event: Event) -> None:
        try:
            for finding in self.history.take(event):
                self.report.take(finding)
        except UnknownRule as error:
            self.report.take(Finding(UNKNOWN_METHOD, event.index, f"this program does not know {error}"))
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            text = f"the state is not that of {event.topic} ({type(error).__name__}: {error})"
            raise Wrong(text, event.index) from None

    # Sealed values.

    def _count(self, event: Event, sealed: Sequence[Mapping[str, Any]], opened: Mapping[str, Any]) -> None:
        """Count what is opened, and keep what is not until it is known why: by whom it is about, not one by one."""
        if opened and self.profile == "public":
            raise Wrong(f"a value is opened, which the public profile does not do ({DISCLOSURES})", event.index)
        for one in sealed:
            if one["sd"] in opened:
                self._opened += 1
                continue
            missing = self._missing.setdefault(
                (_waits_for(event, one), one["class"], tuple(one["of"])), [0, event.index]
            )
            missing[0] += 1
        # What has to be opened from here on: the choices in a ballot that is closed, the seed of a lot that is drawn.
        if event.topic == "decision.ballot_closed":
            self._closed.add(str(event.data.get("ballot")))
        elif event.topic == "decision.proposed" and "seed" in event.data:
            self._told_lots.add(str(event.data.get("stage")))

    def _explain(self) -> dict[str, int]:
        counts = {"shown": self._opened, "erased": 0, "not_yet_open": 0, "not_opened": 0, "unexplained": 0}
        for (waits_for, cls, ids), (count, index) in self._missing.items():
            why = self._why(waits_for, cls, ids)
            counts[why] += count
            if why == "unexplained":
                text = f"a sealed value of class {cls} is missing, and nobody it is about was erased"
                self.report.take(Finding(UNEXPLAINED, index, text))
        return counts

    def _why(self, waits_for: str, cls: str, ids: Sequence[str]) -> str:
        if self.profile == "public":
            return "not_opened"
        kind, _, what = waits_for.partition(":")
        if (kind == "ballot" and what not in self._closed) or (kind == "lot" and what not in self._told_lots):
            return "not_yet_open"
        return "erased" if any(self.history.erased(one, cls) for one in ids) else "unexplained"

    # What lies beside the lines.

    def _check_tile(self, level: int, number: int, made: bytes) -> None:
        self._tiles += 1
        if level:  # those of level 0 are read before their lines
            name = f"data/{tile_name(level, number, len(made) // HASH)}"
            if self.bag.read(name) != made:
                raise Wrong(f"{name} has not the roots of the tiles below it")

    def _check_proof(self, index: int, leaf: bytes) -> None:
        name = f"data/proofs/{index}.tlog-proof"
        try:
            receipt = Receipt.read(self.bag.read(name))
        except ValueError as error:
            raise Wrong(f"{name}: {error}", index) from None
        if receipt.checkpoint.text != self.head.text or not self._is_signed(receipt.checkpoint, name):
            raise Wrong(f"{name} is not under the checkpoint of the bundle", index)
        if receipt.index != index or not receipt.shows(leaf):
            raise Wrong(f"{name} does not show that the line is in the log", index)

    def _check_earlier(self, size: int, last: bytes) -> None:
        name = f"data/checkpoints/{size}"
        earlier = self._checkpoint(name)
        if earlier.size != size:
            raise Wrong(f"{name} is over {earlier.size} events")
        if not self._is_signed(earlier, name):
            self.report.facts["earlier_of_other_keys"] = self.report.facts.get("earlier_of_other_keys", 0) + 1
        if earlier.root != self.tree.root(last):
            raise Wrong(
                f"{name} does not begin this log: something among its first {size} lines is not what was signed"
            )

    def _comparable(self) -> Iterator[tuple[str, Checkpoint]]:
        for name, head in self.brought.heads:
            if head.origin != self.head.origin:
                self._contradict(f"{name} is of the log {head.origin}, and the bundle of {self.head.origin}")
            elif head.size > self.head.size:
                self.report.tell(
                    "known head", f"{name} is over {head.size} events, more than the bundle has: not compared"
                )
            elif head.size == 0:
                self.report.tell("known head", f"{name} is over no events, and tells nothing")
            else:
                yield name, head

    def _compare(self, name: str, head: Checkpoint, last: bytes) -> None:
        if head.root == self.tree.root(last):
            self._agreed += 1
            self.report.tell("known head", f"{name}, over {head.size} events, begins this log")
        else:
            self._contradict(f"{name} is over other events than the first {head.size} of this bundle")

    def _contradict(self, text: str) -> None:
        self._contradicted = self._contradicted or Finding(CONTRADICTED, None, text)

    # After the lines.

    def _finish(self, found: dict[str, int]) -> None:
        self._check_rest()
        if self.tree.root() != self.head.root:
            raise Wrong(
                "the lines and tiles agree, but their root is not the one in data/checkpoint: lines were changed"
            )
        told = [f"{self.head.size} lines make the root that is signed", f"{self._tiles} tiles"]
        told += [f"{count} {name.replace('_', ' ')}" for name, count in found.items()]
        self.report.tell("log", ", ".join(told))
        self.report.facts |= {**found, "tiles": self._tiles, "lines_shown": self._shown}
        if self._contradicted:
            raise Wrong(self._contradicted.text, None, CONTRADICTED)
        self.report.facts["known_heads"] = self._agreed
        if not self._agreed:
            self.report.tell("known head", "none that could be compared")
        met = self._check_policy()
        self._check_anchors()
        values = self._explain()
        self.report.facts["values"] = values
        self.report.tell("values", ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in values.items()))
        if not self.whole or self.edition not in self._streams:
            text = "the bundle shows no history of the edition" + ("" if self.whole else ", but results at most")
            self.report.take(Finding(NOT_RECOUNTABLE, None, text))
        self.report.tell("history", f"{self._shown} lines shown in {len(self._streams)} streams")
        self._grade(met)

    def _check_rest(self) -> None:
        """Every value belongs to a line, every tile to the tree, and every other file to the bag."""
        if self.disclosures.leaf is not None:
            raise self.disclosures.wrong("no line that is shown refers to this value")
        for name in sorted(self.bag.unread):
            if name.startswith(("data/tile/", "data/proofs/", "data/checkpoints/")):
                raise Wrong(f"{name} is none of a tree of {self.head.size} leaves")
            self.bag.pass_over(name)

    def _check_policy(self) -> bool:
        policy = self.brought.policy
        if policy is None or policy.quorum == "none":
            self.report.tell("witnesses", "you brought no policy that asks for any")
            return False
        try:
            signed = self.head.signed_by(key for key in policy.witnesses.values() if key.kind == WITNESS_KEY)
        except ValueError as error:
            raise Wrong(f"data/checkpoint: {error}") from None
        met = policy.is_met(signed)
        names = ", ".join(f"{key.name} at {_moment(when)}" for key, when in signed.items()) or "nobody"
        self.report.tell("witnesses", f"cosigned by {names}: your policy is {'met' if met else 'not met'}")
        self.report.facts |= {"cosigned": {key.name: when for key, when in signed.items()}, "policy_met": met}
        return met

    def _check_anchors(self) -> None:
        """The stamp holds the hash of the checkpoint (RFC 3161, messageImprint); its signature is for openssl."""
        for size in self.bag.numbered("data/anchors/", ".tsr"):
            stamp, over = f"data/anchors/{size}.tsr", f"data/checkpoints/{size}"
            if over not in self.bag or b"\x04\x20" + sha256(self.bag.read(over)).digest() not in self.bag.read(stamp):
                raise Wrong(f"{stamp} is not of {over}")
            self.report.tell(
                "time stamp", f"{stamp} is of {over}; `openssl ts -verify` checks who stamped it, and when"
            )

    def _grade(self, met: bool) -> None:
        """The greatest of what applies, where nothing is wrong."""
        brought = VERIFIED if met else UNWITNESSED if self._agreed else NO_KNOWN_HEAD
        if not self._has_key():
            brought = NO_KNOWN_HEAD
        self.report.grade = max(brought, NOT_RECOUNTABLE if self.report.not_recountable else VERIFIED)


def _waits_for(event: Event, sealed: Mapping[str, Any]) -> str:
    """What has to happen before a value can be opened: the ballot closed, or the lot of a stage drawn; else nothing."""
    if sealed["class"] == "ballot":
        if event.topic == "decision.vote_cast" and event.data.get("choice") is sealed:
            return f"ballot:{event.data.get('ballot')}"
        seeds = event.data.get("seeds")
        if event.topic == "edition.planned" and type(seeds) is dict:
            return next((f"lot:{stage}" for stage, one in seeds.items() if one is sealed), "")
    return ""


def _shows_everything(bag: Bag) -> bool:
    """Whether a public bundle shows the whole edition: some line is of what is not published with the result alone."""
    try:
        for line in chain.from_iterable(bag.lines(EVENTS, LONGEST_LINE)):
            topic = line.rpartition(b'"type":"')[2].rpartition(b".v")[0]
            if not _LEAF(line) and topic.decode(errors="replace") not in RESULTS:
                return True
    except Wrong:  # is found again where it can be said in which line
        return False
    return False


def _moment(seconds: int | None) -> str:
    if seconds is None or seconds >= 253_402_300_800:  # the year 10000
        return f"second {seconds}"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


# The program.


def _keys_in(data: bytes) -> list[Key]:
    """The keys of a file, a line each; raises ValueError."""
    keys = [Key.read(line.strip()) for line in data.decode().splitlines() if line.strip()]
    if not keys or any(key.kind != LOG_KEY for key in keys):
        raise ValueError("this is no key of a log")
    return keys


T = TypeVar("T")


def _given(option: str, path: str, read: Callable[[bytes], T]) -> T:
    """What the file of an option says; raises `BadUsage`."""
    try:
        with open(path, "rb") as file:
            data = file.read(LONGEST_NOTE + 1)
        if len(data) > LONGEST_NOTE:
            raise ValueError("it is too long")
        return read(data)
    except (OSError, ValueError) as error:
        raise BadUsage(f"{option} {path}: {error}") from None


def _keys_of(option: str) -> list[Key]:
    try:
        return _keys_in(option.encode())
    except ValueError:  # then it is the name of a file
        return _given("--key", option, _keys_in)


def _brought(options: argparse.Namespace) -> Brought:
    """What the options name; raises `BadUsage`."""
    keys = [key for one in options.key for key in _keys_of(one)]
    policy = _given("--policy", options.policy, Policy.read) if options.policy else None
    known = [*keys, *(policy.logs if policy else ())]
    heads = [(path, _given("--known-head", path, lambda data: _known_head(data, known))) for path in options.known_head]
    return Brought(keys, heads, policy, options.profile)


def _known_head(data: bytes, keys: Sequence[Key]) -> Checkpoint:
    """A checkpoint, or that of a receipt, signed by a key of the auditor if there is any; raises ValueError."""
    if data.startswith(b"c2sp.org/tlog-proof@"):
        receipt = Receipt.read(data)
        head = receipt.checkpoint
        leaf = receipt.extra if len(receipt.extra) == HASH else leaf_hash(receipt.extra)
        if receipt.extra and not receipt.shows(leaf):
            raise ValueError("the receipt does not hold")
    else:
        head = Checkpoint.read(data)
    if keys and not head.signed_by(key for key in keys if key.name == head.origin):
        raise ValueError("it is signed by no key that you gave")
    return head


def _plain(text: str) -> str:
    """Text for any terminal: what comes out of a bundle is anybody's."""
    return "".join(one if " " <= one <= "~" else ascii(one)[1:-1] for one in text)


def _where(finding: Finding) -> str:
    return "" if finding.index is None else f"line {finding.index + 1} of events.jsonl (leaf {finding.index}): "


def _as_text(report: Report) -> str:
    lines = [f"{check:<11} {text}" for check, text in report.told]
    lines += [f"{'not counted':<11} {_where(one)}{one.text}" for one in report.not_recountable]
    if report.first:
        lines.append(f"{'wrong':<11} {_where(report.first)}{report.first.text}")
        if report.wrong > 1:
            lines.append(f"{'':<11} and {report.wrong - 1} more after that")
    lines.append(f"{'verdict':<11} {report.verdict}: {MEANING[report.verdict]}")
    return "".join(f"{_plain(line)}\n" for line in lines)


def _as_json(report: Report) -> str:
    def told(finding: Finding) -> dict[str, Any]:
        place = {} if finding.index is None else {"leaf": finding.index, "line": finding.index + 1}
        return {"verdict": finding.verdict, **place, "text": finding.text}

    data = {
        "verdict": report.verdict,
        "meaning": MEANING[report.verdict],
        **report.facts,
        "checks": [{"check": check, "text": text} for check, text in report.told],
        "not_recountable": list(map(told, report.not_recountable)),
        "finding": told(report.first) if report.first else None,
        "findings": report.wrong,
    }
    return json.dumps(data, indent=1) + "\n"


def _parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code:>2}  {text}" for code, text in sorted(MEANING.items()))
    parser = argparse.ArgumentParser(
        prog="awards-verify",
        description="Check a bundle of an awards log: its bytes, its history, its decisions. Nothing is sent anywhere.",
        epilog=f"exit codes:\n{codes}\nWhat is wrong comes first, by its line; else the greatest number that applies.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    several: Any = {"action": "append", "default": []}
    parser.add_argument("bundle", metavar="BUNDLE", help="the zip, or the folder it was unpacked to")
    parser.add_argument(
        "--key", metavar="FILE-or-VKEY", help="a key of the log, from elsewhere than the bundle", **several
    )
    parser.add_argument("--known-head", metavar="FILE", help="a checkpoint or a receipt that you kept", **several)
    parser.add_argument("--policy", metavar="FILE", help="whose cosignatures are enough (C2SP tlog-policy)")
    parser.add_argument("--profile", choices=("auditor", "public"), help="what the bundle has to be")
    parser.add_argument("--json", action="store_true", help="tell it as a JSON object")
    return parser


def verify(path: Path, brought: Brought) -> Report:
    """Check a bundle; raises OSError if it cannot be read."""
    report = Report()
    gc.disable()  # a line makes many small objects and no cycle: to look for some takes a sixth of the time
    try:
        bag = Bag(path)
        report.tell("bag", f"{len(bag.sizes)} files, each in a manifest")
        Verification(bag, brought, report).run()
    except Wrong as wrong:
        report.first, report.wrong = wrong.finding, 1
    finally:
        gc.enable()
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if "\0" in options.bundle:
            raise BadUsage("a path has no null in it")
        report = verify(Path(options.bundle), _brought(options))
    except (BadUsage, OSError) as error:
        sys.stderr.write(f"awards-verify: {_plain(str(error))}\n")
        return BAD_USAGE
    sys.stdout.write(_as_json(report) if options.json else _as_text(report))
    return report.verdict


if __name__ == "__main__":
    sys.exit(main())
