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
import hashlib
import json
import os
import re
import stat
import struct
import sys
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cached_property, reduce
from hashlib import sha256
from itertools import chain, combinations, permutations, product
from json.scanner import make_scanner
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


@dataclass(slots=True)
class Event:
    """One line of the log: its leaf index, stream and version, `topic` without the version, the state, what is opened
    of its sealed values, by digest, and how many bytes all that has.
    """

    index: int
    stream: str
    version: int
    topic: str
    time: str
    data: Mapping[str, Any]
    opened: Mapping[str, Any] = field(default_factory=dict)
    length: int = 0


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


_decoder = json.JSONDecoder(parse_float=_no_number, parse_int=_integer, parse_constant=_no_number)
_scan = make_scanner(_decoder)  # type: ignore[arg-type]
_write = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode


def parse(texts: Sequence[str]) -> list[Any]:
    """The values of texts in the form of RFC 8785, of what the log may hold: strings in NFC, integers below 2^53, true
    and false, lists, and objects with ASCII keys. Raises ValueError. (Many at once are written in less time.)
    """
    try:
        found = [_scan(text, 0) for text in texts]
        values = [value for value, _ in found]
        if [end for _, end in found] != list(map(len, texts)) or _write(values) != f"[{','.join(texts)}]":
            raise ValueError("it is not in the form of RFC 8785")
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except StopIteration:
        raise ValueError("it is no JSON") from None
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


class Refused(ValueError):
    """Rules, scores, votes or a seed by which nothing is counted; says the code of judging.md, section 4."""


Settled = Callable[[str, Sequence[str]], Sequence[Sequence[str]] | str | None]
"""Asked for a rung that people settle and the ids tied there: their order in groups, `passed` where the rung is passed
over, None where the tie is open. For the lot: the seed, or None."""

NO_AWARD = "no-award"
HEX = re.compile("[0-9a-f]{64}")
"""A seed, and the commitment to one."""

Groups = list[list[str]]
"""Ids in groups, best first; those of one group are tied."""


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
    method = stage["method"] if method is None else method
    count = _counting(method, RANKINGS)
    _check_stage(stage)
    by_nomination: dict[str, list[Review]] = {nomination: [] for nomination in sorted(nominations)}
    for reviewer, nomination, scores in reviews:
        if nomination in by_nomination:
            by_nomination[nomination].append(_review(stage, reviewer, scores))
    least = max(1, stage.get("minimum_reviews", 1))
    panel = Panel(stage, {name: given for name, given in by_nomination.items() if len(given) >= least})
    order = count(panel, method)
    ladder = Ladder(order.groups, panel, settled)
    data = {
        "method": method["name"],
        "version": method["version"],
        **ladder.told(),
        "entries": [
            {"nomination": name, "rank": rank, **order.found[name], **panel.told(name)} for name, rank in ladder.ranks()
        ],
        "unranked": [
            {"nomination": name, "reviews": len(given), "code": "too_few_reviews"}
            for name, given in by_nomination.items()
            if len(given) < least
        ],
    }
    return _written(data | ({} if order.steps is None else {"steps": order.steps}))


def count_votes(
    method: Mapping[str, Any], options: Sequence[str], votes: Sequence[Sequence[Sequence[str]]]
) -> dict[str, Any]:
    """The `result` of a ballot: the count of its votes, each a ranking in groups; an abstention is not among them."""
    count = _counting(method, COUNTS)
    if count in BOUNDED:
        _few(options)
    order = count(sorted(set(options)), [_whole_ballot(vote, options) for vote in votes], method)
    data = {
        "method": method["name"],
        "version": method["version"],
        "ballots": len(votes),
        "order": order.groups,
        "found": order.found,
        "steps": order.steps or {},
    }
    return _written(data)


def winners(told: Mapping[str, Any]) -> list[str]:
    """Whom a ranking names: all of rank 1, also those of an open tie (judging.md, sections 3 and 6)."""
    return [entry["nomination"] for entry in told["entries"] if entry["rank"] == 1]


def runners_up(told: Mapping[str, Any], ranks: int) -> list[str]:
    """All of the next `ranks` ranks that anybody holds, but nobody behind `no-award`."""
    named = [
        (entry["rank"], entry["nomination"])
        for entry in told["entries"]
        if 1 < entry["rank"] <= told.get("no_award", entry["rank"])
    ]
    held = sorted({rank for rank, _ in named})[:ranks]
    return [nomination for rank, nomination in named if rank in held]


def inputs_digest(standings: Iterable[tuple[str, int, str]]) -> dict[str, Any]:
    """`count` and `sha256` of a decision's inputs, each `(stream, version, standing)` (judging.md, section 6)."""
    items = sorted(standings)
    text = json.dumps(items, separators=(",", ":"))
    return {"count": len(items), "sha256": hashlib.sha256(text.encode()).hexdigest()}


# What goes in, and how numbers are written.


@dataclass(frozen=True)
class Review:
    """One counted review: by whom, its weighted total, and its scores by criterion."""

    reviewer: str
    total: Fraction
    scores: Mapping[str, int]


@dataclass(frozen=True)
class Panel:
    """The nominations that are ranked, sorted, each with its counted reviews."""

    stage: Mapping[str, Any]
    reviews: Mapping[str, Sequence[Review]]

    def totals(self, nomination: str) -> list[Fraction]:
        """The totals of the nomination's reviews, ascending."""
        return sorted(review.total for review in self.reviews[nomination])

    def mean_of(self, criterion: str, nomination: str) -> Fraction:
        return _mean([Fraction(review.scores[criterion]) for review in self.reviews[nomination]])

    def told(self, nomination: str) -> dict[str, Any]:
        """What every entry holds of a nomination, whatever the method."""
        criteria = {item["id"]: _pair(self.mean_of(item["id"], nomination)) for item in self.stage["rubric"]}
        return {"criteria": criteria, "reviews": len(self.reviews[nomination])}

    @cached_property
    def by_reviewer(self) -> dict[str, dict[str, Fraction]]:
        """What each reviewer gave each nomination she reviewed: the mean of her totals, where she has several."""
        given: dict[str, dict[str, list[Fraction]]] = {}
        for nomination, reviews in self.reviews.items():
            for review in reviews:
                given.setdefault(review.reviewer, {}).setdefault(nomination, []).append(review.total)
        return {who: {name: _mean(totals) for name, totals in her.items()} for who, her in given.items()}


@dataclass(frozen=True)
class Order:
    """What a method finds: the order in groups, what it says of each option, and its working, where it has any."""

    groups: Groups
    found: Mapping[str, dict[str, Any]]
    steps: dict[str, Any] | None = None


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _median(ascending: Sequence[Fraction]) -> Fraction:
    middle = len(ascending) // 2
    return _mean(ascending[middle : middle + 1] if len(ascending) % 2 else ascending[middle - 1 : middle + 1])


def _pair(number: Fraction, decimals: int | None = None) -> list[int]:
    """A fraction as it is written; with `decimals`, rounded to so many, half to even."""
    number = number if decimals is None else round(number, decimals)
    return [number.numerator, number.denominator]


def _written(data: dict[str, Any]) -> dict[str, Any]:
    """The data, if RFC 8785 can carry its integers."""
    rest: list[Any] = [data]
    while rest:
        value = rest.pop()
        if isinstance(value, int) and abs(value) >= 2**53:
            raise Refused("number_too_large")
        if isinstance(value, Mapping):
            rest.extend(value.values())
        elif isinstance(value, list):
            rest.extend(value)
    return data


def _grouped(names: Iterable[str], worth: Callable[[str], Any]) -> Groups:
    """The names in groups of equal worth, the higher first, sorted inside."""
    groups: dict[Any, list[str]] = {}
    for name in sorted(names):
        groups.setdefault(worth(name), []).append(name)
    return [groups[value] for value in sorted(groups, reverse=True)]


def _many(groups: Groups) -> int:
    return sum(len(group) for group in groups)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _review(stage: Mapping[str, Any], reviewer: str, scores: Mapping[str, int]) -> Review:
    rubric, scale = stage["rubric"], stage["scale"]
    if set(scores) != {criterion["id"] for criterion in rubric}:
        raise Refused("scores_incomplete")
    if not all(_is_integer(score) and scale["lowest"] <= score <= scale["highest"] for score in scores.values()):
        raise Refused("score_out_of_scale")
    weighed = sum(criterion["weight"] * scores[criterion["id"]] for criterion in rubric)
    return Review(reviewer, Fraction(weighed, sum(criterion["weight"] for criterion in rubric)), scores)


def _check_stage(stage: Mapping[str, Any]) -> None:
    """Refuse a rubric, scale or ladder of another form than judging.md, section 1, gives them."""
    rubric, scale, rungs = stage["rubric"], stage["scale"], stage["ties"]
    for rung in rungs:
        if rung not in {*COMPUTED_RUNGS, *SETTLED_RUNGS, *LAST_RUNGS}:
            raise UnknownRule(f"the rung {rung!r}")
    checks = [check["name"] for check in stage.get("cross_checks", ())]
    if not (
        rubric
        and len({criterion["id"] for criterion in rubric}) == len(rubric)
        and all(_is_integer(criterion["weight"]) and criterion["weight"] >= 1 for criterion in rubric)
        and sum(bool(criterion.get("lead")) for criterion in rubric) <= 1
        and _is_integer(scale["lowest"])
        and _is_integer(scale["highest"])
        and scale["lowest"] < scale["highest"]
        and len(set(rungs)) == len(rungs)
        and [rung for rung in rungs if rung in LAST_RUNGS] == list(rungs[-1:])
        and len(rungs) > 0
        and ("lot" in rungs) == ("lot" in stage)
        and HEX.fullmatch(stage.get("lot", "0" * 64))
        and len({stage["method"]["name"], *checks}) == 1 + len(checks)
    ):
        raise Refused("invalid_rules")


def _counting(method: Mapping[str, Any], known: Mapping[tuple[Any, Any], Any]) -> Any:
    """The function that counts by a method, whose parameters are those it takes."""
    if (method["name"], method["version"]) not in known:
        raise UnknownRule(f"the method {method['name']!r}, version {method['version']!r}")
    count, parameters = known[method["name"], method["version"]]
    if not {"name", "version"} <= set(method) <= {"name", "version", *parameters}:
        raise Refused("invalid_rules")
    return count


def _few(options: Collection[str]) -> None:
    """Refuse more options, or nominations, than methods of pairs and rounds take."""
    if len(options) > 100:
        raise TooManyOptions(f"{len(options)} options")


def _parameter(method: Mapping[str, Any], name: str, lowest: Fraction, highest: Fraction) -> Fraction:
    """A parameter that is a fraction in lowest terms, from `lowest` to `highest`."""
    value = method.get(name)
    if not (isinstance(value, list) and len(value) == 2 and all(map(_is_integer, value)) and value[1] > 0):
        raise Refused("invalid_rules")
    number = Fraction(*value)
    if _pair(number) != value or not lowest <= number <= highest:
        raise Refused("invalid_rules")
    return number


def _worthy(panel: Panel, method: Mapping[str, Any]) -> Fraction:
    scale = panel.stage["scale"]
    return _parameter(method, "worthy", Fraction(scale["lowest"]), Fraction(scale["highest"]))


# The ladder for ties (judging.md, section 3).


class Ladder:
    """The groups of a method, as far as the rungs of the stage split them."""

    def __init__(self, groups: Groups, panel: Panel, settled: Settled) -> None:
        self.groups, self.before = _without_no_award(groups)
        self.rungs: Sequence[str] = panel.stage["ties"]
        self.panel, self.settled = panel, settled
        self.broken: list[dict[str, Any]] = []
        self.open_tie: dict[str, Any] | None = None
        self.decided_by = NO_AWARD if self.before == 0 and self.groups else None
        self._note("none")
        for rung in self.rungs:
            if rung in COMPUTED_RUNGS:
                self._compute(rung)
            elif self.open_tie is None and self.decided_by is None:
                self._settle(rung)
            self._note(rung)

    def _note(self, rung: str) -> None:
        """Remember what left one alone in the first place."""
        if self.decided_by is None and _many(self.groups[:1]) <= 1:
            self.decided_by = rung

    def _compute(self, rung: str) -> None:
        """Split every tie by what the rung finds, but not a first one that is open."""
        waiting = self.groups[:1] if self.open_tie else []
        split: Groups = list(waiting)
        for tie in self.groups[len(waiting) :]:
            split += self._noted(rung, tie, COMPUTED_RUNGS[rung](self.panel, tie) if len(tie) > 1 else [tie])
        self.groups = split

    def _settle(self, rung: str) -> None:
        """Split the first tie by what people, or the seed, say of it."""
        tie = self.groups[0]
        if rung == "joint-winners":
            return
        said = self.settled(rung, tie)
        if said is None:
            self.open_tie = {"rung": rung, "nominations": tie}
        elif rung == "lot":
            self.groups[:1] = self._noted(rung, tie, _drawn(self.panel.stage["lot"], str(said), tie))
        elif said != "passed":
            self.groups[:1] = self._noted(rung, tie, [sorted(group) for group in said])

    def _noted(self, rung: str, tie: list[str], split: Groups) -> Groups:
        if len(split) > 1:
            self.broken.append({"rung": rung, "nominations": tie})
        return split

    def told(self) -> dict[str, Any]:
        """`decided_by`, and `open_tie`, `ties` and `no_award` where they say something."""
        data: dict[str, Any] = {"decided_by": self.decided_by or ("open" if self.open_tie else "joint-winners")}
        if self.open_tie:
            data["open_tie"] = self.open_tie
        if set(self.rungs) - {"lead-criterion", "joint-winners"}:
            data["ties"] = self.broken
        if self.before is not None:
            data["no_award"] = self.before + 1
        return data

    def ranks(self) -> Iterator[tuple[str, int]]:
        """Every nomination with its rank: one more than there are better ones, `no-award` among them."""
        better = 0
        for group in self.groups:
            rank = better + 1 + (self.before is not None and better >= self.before)
            yield from ((nomination, rank) for nomination in group)
            better += len(group)


def _without_no_award(groups: Groups) -> tuple[Groups, int | None]:
    """The groups of nominations, and how many stand before `no-award`: those tied with it do."""
    before = None
    better = 0
    kept = []
    for group in groups:
        nominations = [name for name in group if name != NO_AWARD]
        better += len(nominations)
        before = better if NO_AWARD in group else before
        kept += [nominations] if nominations else []
    return kept, before


def _lead_criterion(panel: Panel, tie: list[str]) -> Groups:
    lead = [criterion["id"] for criterion in panel.stage["rubric"] if criterion.get("lead")]
    return _grouped(tie, lambda name: panel.mean_of(lead[0], name)) if lead else [tie]


def _head_to_head(panel: Panel, tie: list[str]) -> Groups:
    """The higher number of duels won less duels lost, among those tied."""
    given = list(panel.by_reviewer.values())
    net = dict.fromkeys(tie, 0)
    for one, other in combinations(tie, 2):
        both = [her for her in given if one in her and other in her]
        lead = sum((her[one] > her[other]) - (her[one] < her[other]) for her in both)
        net[one] += (lead > 0) - (lead < 0)
        net[other] -= (lead > 0) - (lead < 0)
    return _grouped(tie, net.__getitem__)


def _higher_median(panel: Panel, tie: list[str]) -> Groups:
    return _grouped(tie, lambda name: _median(panel.totals(name)))


def _least_disagreement(panel: Panel, tie: list[str]) -> Groups:
    """The smaller variance first; no order where one has a single review, and so no variance."""
    totals = {name: panel.totals(name) for name in tie}
    if any(len(values) < 2 for values in totals.values()):
        return [tie]
    squares = {name: sum((total - _mean(values)) ** 2 for total in values) for name, values in totals.items()}
    return _grouped(tie, lambda name: -squares[name] / (len(totals[name]) - 1))


def _drawn(commitment: str, seed: str, tie: list[str]) -> Groups:
    """The tied in the order of their lots, the smallest first."""
    if not HEX.fullmatch(seed) or hashlib.sha256(seed.encode()).hexdigest() != commitment:
        raise Refused("wrong_seed")
    return [[name] for name in sorted(tie, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).hexdigest())]


COMPUTED_RUNGS: Mapping[str, Callable[[Panel, list[str]], Groups]] = {
    "lead-criterion": _lead_criterion,
    "head-to-head": _head_to_head,
    "median": _higher_median,
    "least-disagreement": _least_disagreement,
}
SETTLED_RUNGS, LAST_RUNGS = ("run-off-vote", "casting-vote"), ("lot", "joint-winners")

# Methods of one number (methods.md, section 2).


def _by_total(panel: Panel, total: Callable[[list[Fraction]], Fraction]) -> Order:
    """The order by one total made of the ascending totals of the reviews."""
    totals = {name: total(panel.totals(name)) for name in panel.reviews}
    return Order(
        _grouped(totals, totals.__getitem__), {name: {"total": _pair(value)} for name, value in totals.items()}
    )


def _weighted_rubric_mean(panel: Panel, method: Mapping[str, Any]) -> Order:
    return _by_total(panel, _mean)


def _median_of_totals(panel: Panel, method: Mapping[str, Any]) -> Order:
    return _by_total(panel, _median)


def _trimmed_mean(panel: Panel, method: Mapping[str, Any]) -> Order:
    trim = _parameter({"trim": [1, 5], **method}, "trim", Fraction(0), Fraction(1, 2))
    if trim == Fraction(1, 2):
        raise Refused("invalid_rules")

    def trimmed(totals: list[Fraction]) -> Fraction:
        out = int(len(totals) * trim)
        return _mean(totals[out : len(totals) - out])

    return _by_total(panel, trimmed)


def _approval_of_reviews(panel: Panel, method: Mapping[str, Any]) -> Order:
    worthy = _worthy(panel, method)
    approvals = {name: sum(total >= worthy for total in panel.totals(name)) for name in panel.reviews}
    shares = {name: Fraction(many, len(panel.reviews[name])) for name, many in approvals.items()}
    found = {name: {"approvals": many, "share": _pair(shares[name])} for name, many in approvals.items()}
    return Order(_grouped(shares, shares.__getitem__), found)


def _majority_judgment(panel: Panel, method: Mapping[str, Any]) -> Order:
    worth, found = {}, {}
    for name in panel.reviews:
        totals = panel.totals(name)
        grade = totals[(len(totals) - 1) // 2]
        above = Fraction(sum(total > grade for total in totals), len(totals))
        below = Fraction(sum(total < grade for total in totals), len(totals))
        worth[name] = (grade, above > below, above if above > below else -below)
        found[name] = {"grade": _pair(grade), "above": _pair(above), "below": _pair(below)}
    return Order(_grouped(worth, worth.__getitem__), found)


DECIMALS = 12
"""To how many decimals methods that correct for reviewers write their numbers."""


def _standardised_scores(panel: Panel, method: Mapping[str, Any]) -> Order:
    """Each total by its distance from its reviewer's mean, in her standard deviations; in 60 digits of decimals."""
    context = Context(prec=60, rounding=ROUND_HALF_EVEN)

    def quotient(number: Fraction) -> Decimal:
        return context.divide(Decimal(number.numerator), Decimal(number.denominator))

    standardised: dict[str, list[Decimal]] = {name: [] for name in panel.reviews}
    for her in panel.by_reviewer.values():
        mean = _mean([*her.values()])
        variance = _mean([(total - mean) ** 2 for total in her.values()])
        for name, total in her.items():
            distance = quotient(total - mean)
            standardised[name].append(
                context.divide(distance, context.sqrt(quotient(variance))) if variance else Decimal(0)
            )
    worth = {}
    for name, values in standardised.items():
        whole = reduce(context.add, sorted(values), Decimal(0))
        mean_value = context.divide(whole, Decimal(len(values)))
        worth[name] = Fraction(mean_value.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_EVEN, context))
    return Order(_grouped(worth, worth.__getitem__), _beside_raw(panel, "standardised", worth))


def _beside_raw(panel: Panel, name: str, worth: Mapping[str, Fraction]) -> dict[str, dict[str, Any]]:
    return {
        nomination: {name: _pair(value, DECIMALS), "raw": _pair(_mean(panel.totals(nomination)))}
        for nomination, value in worth.items()
    }


def _additive_bias(panel: Panel, method: Mapping[str, Any]) -> Order:
    """Worth and bias by least squares, solved exactly; the equation of each circle's first reviewer, which follows from
    the others, gives way to the circle's sum of 0.
    """
    given = panel.by_reviewer
    if len(given) > 40:
        raise TooManyOptions(f"{len(given)} reviewers")
    reviewers = sorted(given)
    readers = {name: [who for who in reviewers if name in given[who]] for name in panel.reviews}
    rows = {who: [Fraction(0)] * (len(reviewers) + 1) for who in reviewers}
    for name, together in readers.items():
        mean = _mean([given[who][name] for who in together])
        for who in together:
            rows[who][reviewers.index(who)] += 1
            rows[who][-1] += given[who][name] - mean
            for other in together:
                rows[who][reviewers.index(other)] -= Fraction(1, len(together))
    for circle in _circles(readers.values()):
        rows[min(circle)] = [Fraction(who in circle) for who in reviewers] + [Fraction(0)]
    bias = dict(zip(reviewers, _solved([*rows.values()]), strict=True))
    worth = {name: _mean([given[who][name] - bias[who] for who in together]) for name, together in readers.items()}
    steps = {"reviewers": {who: _pair(value, DECIMALS) for who, value in bias.items()}}
    return Order(_grouped(worth, worth.__getitem__), _beside_raw(panel, "corrected", worth), steps)


def _circles(panels: Iterable[Sequence[str]]) -> list[set[str]]:
    """The reviewers in circles: whoever shares a nomination with another is in hers."""
    circles: list[set[str]] = []
    for together in panels:
        joined = [circle for circle in circles if circle.intersection(together)]
        circles = [circle for circle in circles if circle not in joined]
        circles.append(set(together).union(*joined))
    return circles


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """The solution of linear equations with one, by elimination; each row ends with its right side."""
    for column in range(len(rows)):
        pivot = next(number for number in range(column, len(rows)) if rows[number][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for number, row in enumerate(rows):
            if number != column and row[column]:
                factor = row[column]
                rows[number] = [value - factor * mine for value, mine in zip(row, rows[column], strict=True)]
    return [row[-1] for row in rows]


# Methods that compare (methods.md, section 3): options, and ballots that are groups of some of them.


Count = Callable[[Sequence[str], Sequence[Groups], Mapping[str, Any]], Order]


def _compared(count: Count) -> Callable[[Panel, Mapping[str, Any]], Order]:
    """A count of ballots as a method of reviews: of each reviewer's order, with `no-award` behind the worthy."""

    def method_of_reviews(panel: Panel, method: Mapping[str, Any]) -> Order:
        if count in BOUNDED:
            _few(panel.reviews)
        worthy = _worthy(panel, method) if "worthy" in method else None
        ballots = []
        for her in panel.by_reviewer.values():
            ballot = _grouped(her, her.__getitem__)
            if worthy is not None:
                place = sum(her[group[0]] >= worthy for group in ballot)
                ballot[place:place] = [[NO_AWARD]]
            ballots.append(ballot)
        options = sorted([*panel.reviews, *([NO_AWARD] if ballots and worthy is not None else [])])
        return count(options, ballots, method)

    return method_of_reviews


def _places(ballot: Groups) -> dict[str, int]:
    return {name: place for place, group in enumerate(ballot) for name in group}


def _borda(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    points = dict.fromkeys(options, Fraction(0))
    comparisons = dict.fromkeys(options, 0)
    for ballot in ballots:
        behind = many = _many(ballot)
        for group in ballot:
            behind -= len(group)
            for name in group:
                points[name] += behind + Fraction(len(group) - 1, 2)
                comparisons[name] += many - 1
    average = {name: points[name] / comparisons[name] if comparisons[name] else Fraction(1, 2) for name in options}
    found = {
        name: {"points": _pair(points[name]), "comparisons": comparisons[name], "average": _pair(average[name])}
        for name in options
    }
    return Order(_grouped(options, average.__getitem__), found)


def _preferred(options: Sequence[str], ballots: Sequence[Groups]) -> list[list[int]]:
    """On how many ballots the option of the row stands before that of the column."""
    number = {name: place for place, name in enumerate(options)}
    preferred = [[0] * len(options) for _ in options]
    for ballot in ballots:
        places = _places(ballot)
        for one, other in permutations(places, 2):
            preferred[number[one]][number[other]] += places[one] < places[other]
    return preferred


def _schulze(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    preferred, numbers = _preferred(options, ballots), range(len(options))
    paths = [[preferred[a][b] if preferred[a][b] > preferred[b][a] else 0 for b in numbers] for a in numbers]
    for via, a, b in product(numbers, repeat=3):
        if a != b:
            paths[a][b] = max(paths[a][b], min(paths[a][via], paths[via][b]))
    beaten = {name: sum(paths[b][a] > paths[a][b] for b in numbers) for a, name in enumerate(options)}
    return _fewest_beaten(beaten, {"options": list(options), "preferred": preferred, "paths": paths})


def _fewest_beaten(beaten: Mapping[str, int], steps: dict[str, Any]) -> Order:
    found = {name: {"beaten_by": many} for name, many in beaten.items()}
    return Order(_grouped(beaten, lambda name: -beaten[name]), found, steps)


def _ranked_pairs(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    preferred, numbers = _preferred(options, ballots), range(len(options))
    strengths: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for a, b in permutations(numbers, 2):
        if preferred[a][b] > preferred[b][a]:
            strengths.setdefault((-preferred[a][b], preferred[b][a]), []).append((a, b))
    locked: list[tuple[int, int]] = []
    for strength in sorted(strengths):
        reached = _reached(numbers, locked + strengths[strength])
        locked += [(a, b) for a, b in strengths[strength] if a not in reached[b]]
    reached = _reached(numbers, locked)
    beaten = {name: sum(a in reached[b] for b in numbers) for a, name in enumerate(options)}
    told = [[options[a], options[b]] for a, b in locked]
    return _fewest_beaten(beaten, {"options": list(options), "preferred": preferred, "locked": told})


def _reached(numbers: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[set[int]]:
    """Where the pairs lead, from each number."""
    following: dict[int, list[int]] = {number: [] for number in numbers}
    for a, b in pairs:
        following[a].append(b)
    reached = []
    for number in numbers:
        seen: set[int] = set()
        rest = list(following[number])
        while rest:
            if (here := rest.pop()) not in seen:
                seen.add(here)
                rest += following[here]
        reached.append(seen)
    return reached


def _instant_runoff(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    left, out, rounds = list(options), Groups(), list[dict[str, Any]]()
    supports: list[dict[str, Fraction]] = []
    while len(left) > 1:
        votes, compared, exhausted = _round(left, ballots)
        supports.append(
            {name: votes[name] / compared[name] if compared[name] else Fraction(1, len(left)) for name in left}
        )
        out.append(_least(left, supports))
        told = {"votes": {name: _pair(votes[name]) for name in left}, "compared": compared, "exhausted": exhausted}
        majority = [name for name in left if 2 * votes[name] > len(ballots) - exhausted]
        rounds.append(told | {"out": out[-1]} | ({"majority": majority[0]} if majority else {}))
        left = [name for name in left if name not in out[-1]]
    stayed = {name: number + 1 for number, group in enumerate([*out, left]) for name in group}
    order, against = _last_word(([left] if left else []) + out[::-1], ballots)
    steps = {"rounds": rounds} | ({} if against is None else {"against_no_award": against})
    return Order(order, {name: {"stayed": stayed[name]} for name in options}, steps)


def _round(left: Sequence[str], ballots: Sequence[Groups]) -> tuple[dict[str, Fraction], dict[str, int], int]:
    """Votes of the options left, on how many ballots each is compared, and how many ballots are exhausted."""
    votes, compared, exhausted = dict.fromkeys(left, Fraction(0)), dict.fromkeys(left, 0), 0
    for ballot in ballots:
        groups = _still(ballot, votes)
        if len(groups) < 2:
            exhausted += 1
            continue
        for name in groups[0]:
            votes[name] += Fraction(1, len(groups[0]))
        for name in chain.from_iterable(groups):
            compared[name] += 1
    return votes, compared, exhausted


def _still(ballot: Groups, left: Container[str]) -> Groups:
    """What a ballot says of the options left."""
    groups = ([name for name in group if name in left] for group in ballot)
    return [group for group in groups if group]


def _back(name: str, rounds: Sequence[Mapping[str, Fraction]]) -> tuple[Fraction, ...]:
    """What an option had in the last round, in the one before, and so on back to the first."""
    return tuple(had[name] for had in reversed(rounds))


def _least(names: Iterable[str], rounds: Sequence[Mapping[str, Fraction]]) -> list[str]:
    """Who has the least, and of several who had the least in the round before, and so on."""
    return _grouped(names, lambda name: _back(name, rounds))[-1]


def _last_word(order: Groups, ballots: Sequence[Groups]) -> tuple[Groups, dict[str, list[int]] | None]:
    """The order after `no-award` had the last word, and for each of the first on how many ballots it stands before and
    behind; None where it is no option, or among the first.
    """
    if NO_AWARD not in chain.from_iterable(order[1:]):
        return order, None
    against = {name: [0, 0] for name in order[0]}
    for places in map(_places, ballots):
        for name in order[0]:
            if name in places and NO_AWARD in places:
                against[name][0] += places[name] < places[NO_AWARD]
                against[name][1] += places[name] > places[NO_AWARD]
    fail = [name for name in order[0] if against[name][1] > against[name][0]]
    if not fail:
        return order, against
    if len(fail) < len(order[0]):
        return [[name for name in order[0] if name not in fail], fail, *order[1:]], against
    rest = [[name for name in group if name != NO_AWARD] for group in order]
    return [[NO_AWARD], *(group for group in rest if group)], against


# Votes (methods.md, section 4): ballots that hold every option.


def _whole_ballot(vote: Sequence[Sequence[str]], options: Sequence[str]) -> Groups:
    """The vote with the options it does not name tied last."""
    named = [name for group in vote for name in group]
    if not named or not all(vote) or len(set(named)) < len(named) or not set(named) <= set(options):
        raise Refused("invalid_ballot")
    rest = sorted(set(options) - set(named))
    return [sorted(group) for group in vote] + ([rest] if rest else [])


def _approval_of_votes(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    approvals = Counter(name for ballot in ballots for name in ballot[0])
    return Order(_grouped(options, approvals.__getitem__), {name: {"approvals": approvals[name]} for name in options})


def _majority(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    votes = Counter(ballot[0][0] for ballot in ballots if len(ballot[0]) == 1)
    steps: dict[str, Any] = {"votes": votes.total(), "blank": len(ballots) - votes.total()}
    reached = [name for name in options if 2 * votes[name] > votes.total()]
    steps |= {"reached": reached[0]} if reached else {}
    return Order(_grouped(options, votes.__getitem__), {name: {"votes": votes[name]} for name in options}, steps)


def _stv(options: Sequence[str], ballots: Sequence[Groups], method: Mapping[str, Any]) -> Order:
    """Seats by the single transferable vote, one round after the other."""
    seats = method.get("seats", 0)
    if not (_is_integer(seats) and 1 <= seats <= 20):
        raise Refused("invalid_rules")
    parts = Parts(options, ballots)
    votes = len(ballots) - int(parts.exhausted)
    quota = votes // (seats + 1) + 1
    waiting, elected, tied, out = list(options), Groups(), Groups(), Groups()
    held: list[dict[str, Fraction]] = []
    rounds: list[dict[str, Any]] = []
    found: dict[str, dict[str, Any]] = {}
    while waiting:
        held.append(parts.votes())
        told = {
            "votes": {name: _pair(had, 9) for name, had in held[-1].items()},
            "exhausted": _pair(parts.exhausted, 9),
        }
        chosen = _chosen(waiting, seats - _many(elected), quota, held)
        rounds.append(told | chosen)
        for word, names in chosen.items():
            found |= {name: {word: len(rounds)} for name in names}
        elected += _grouped(chosen.get("elected", ()), lambda name: _back(name, held))
        tied += [chosen["tied"]] if "tied" in chosen else []
        out += [chosen["out"]] if "out" in chosen else []
        waiting = [name for name in waiting if name not in found]
        if waiting and _many(elected) < seats:
            parts.pass_on(chosen.get("elected", ()), lambda had: (had - quota) / had)
        parts.pass_on(chosen.get("out", ()), lambda had: Fraction(1))
    steps = {"seats": seats, "votes": votes, "quota": quota, "elected": elected, "rounds": rounds}
    return Order([*elected, *tied, *reversed(out)], found, steps)


def _chosen(
    waiting: Sequence[str], seats_left: int, quota: int, held: Sequence[Mapping[str, Fraction]]
) -> dict[str, list[str]]:
    """Who is elected in a round, ties over the last seats, or goes out."""
    reached = [name for name in waiting if held[-1][name] >= quota] if seats_left else []
    if reached or len(waiting) <= seats_left:
        return {"elected": reached or list(waiting)}
    last = _least(waiting, held)
    if len(waiting) - len(last) < seats_left:
        return {"elected": [name for name in waiting if name not in last], "tied": last}
    return {"out": last}


class Parts:
    """Where the votes of a count by `stv` lie: of each option left, the part that it holds of each ballot."""

    def __init__(self, options: Sequence[str], ballots: Sequence[Groups]) -> None:
        self.ballots = ballots
        self.held: dict[str, dict[int, Fraction]] = {name: {} for name in options}
        self.exhausted = Fraction(0)
        for number in range(len(ballots)):
            self._give(number, Fraction(1))

    def votes(self) -> dict[str, Fraction]:
        return {name: sum(parts.values(), Fraction(0)) for name, parts in self.held.items()}

    def pass_on(self, names: Sequence[str], share: Callable[[Fraction], Fraction]) -> None:
        """Take these out, all at once, and give what each holds, at that share of its value, to those left."""
        gone = [self.held.pop(name) for name in names]
        for parts in gone:
            had = sum(parts.values(), Fraction(0))
            for number, value in parts.items():
                self._give(number, value * share(had))

    def _give(self, number: int, value: Fraction) -> None:
        """Give a part of a ballot to those who stand first on it, if the options left form two groups there."""
        groups = _still(self.ballots[number], self.held)
        if len(groups) < 2:
            self.exhausted += value
            return
        for name in groups[0]:
            self.held[name][number] = self.held[name].get(number, Fraction(0)) + value / len(groups[0])


# Every method by name and version, and the parameters it takes: those that rank reviews, and those that count votes.

RANKINGS = {
    ("weighted-rubric-mean", 1): (_weighted_rubric_mean, ()),
    ("median-of-totals", 1): (_median_of_totals, ()),
    ("trimmed-mean", 1): (_trimmed_mean, ("trim",)),
    ("majority-judgment", 1): (_majority_judgment, ()),
    ("approval", 1): (_approval_of_reviews, ("worthy",)),
    ("standardised-scores", 1): (_standardised_scores, ()),
    ("additive-bias", 1): (_additive_bias, ()),
    ("borda", 1): (_compared(_borda), ()),
    ("schulze", 1): (_compared(_schulze), ("worthy",)),
    ("ranked-pairs", 1): (_compared(_ranked_pairs), ("worthy",)),
    ("instant-runoff", 1): (_compared(_instant_runoff), ("worthy",)),
}
COUNTS = {
    ("borda", 1): (_borda, ()),
    ("schulze", 1): (_schulze, ()),
    ("ranked-pairs", 1): (_ranked_pairs, ()),
    ("instant-runoff", 1): (_instant_runoff, ()),
    ("approval", 1): (_approval_of_votes, ()),
    ("majority", 1): (_majority, ()),
    ("stv", 1): (_stv, ("seats",)),
}
BOUNDED = (_schulze, _ranked_pairs, _instant_runoff, _stv)

# === 3. History: the order of steps, roles and duties, and every decision counted again ==============================

PANEL_ROLES, LEADS = ("reviewer", "chair", "deputy"), ("chair", "deputy")
KINDS = {"operator": "operator", "erasure": "system", "nominee": "link", "endorser": "link"}
"""Who acts in a role without having been given it in the edition: the command line, the service, a link's holder."""

SEAT_ROLES = {"member": "reviewer", "chair": "chair", "deputy": "deputy"}
AWARD_WIDE = ("secretariat", "approver", "privacy_officer", "auditor")
"""Roles held for a whole award, by events outside an edition: who acts by one enters by an event of her own."""

WHO: Mapping[str, tuple[str, ...]] = {
    "edition.planned": ("secretariat",),
    "edition.recorded": ("secretariat", "operator"),
    "edition.rules_changed": ("secretariat",),
    "edition.call_opened": ("secretariat",),
    "edition.call_extended": ("secretariat",),
    "edition.call_closed": ("secretariat",),
    "edition.role_entered": ("secretariat", "operator"),  # and whoever acts by an award-wide role: herself
    "edition.role_left": ("secretariat", "operator"),
    "edition.panel_member_appointed": ("secretariat", "operator"),
    "edition.panel_member_discharged": ("secretariat",),
    "edition.participants_linked": ("secretariat",),
    "edition.participant_erased": ("erasure",),
    "edition.reviewing_opened": ("secretariat", *LEADS),
    "edition.reviewing_closed": ("secretariat", *LEADS),
    "edition.reviewing_reopened": ("secretariat", *LEADS),
    "edition.shortlisted": LEADS,
    "edition.cancelled": ("secretariat",),
    "nomination.submitted": ("nominator", "secretariat", "operator"),
    "nomination.amended": ("nominator", "secretariat"),
    "nomination.endorsed": ("endorser", "secretariat"),
    "nomination.endorsement_withdrawn": ("endorser", "secretariat"),
    "nomination.accepted": ("nominee", "secretariat", "operator"),
    "nomination.declined": ("nominee", "secretariat", "operator"),
    "nomination.file_opened": (*PANEL_ROLES, "operator"),
    "nomination.ruled_eligible": ("secretariat", "operator"),
    "nomination.ruled_ineligible": ("secretariat", "operator"),
    "nomination.ruling_appealed": ("nominator", "nominee", "secretariat"),
    "nomination.appeal_decided": ("approver",),
    "nomination.withdrawn": ("nominator", "secretariat"),
    "review.assigned": ("secretariat", *LEADS, "operator"),
    "review.reviewer_declined": PANEL_ROLES,
    "review.no_conflict_declared": (*PANEL_ROLES, "operator"),
    "review.conflict_declared": PANEL_ROLES,
    "review.recused": ("secretariat", *PANEL_ROLES),
    "review.reinstated": ("secretariat", *LEADS),
    "review.submitted": (*PANEL_ROLES, "operator"),
    "review.revised": PANEL_ROLES,
    "review.voided": ("secretariat", *LEADS),
    "decision.ballot_opened": LEADS,
    "decision.vote_cast": PANEL_ROLES,
    "decision.ballot_closed": LEADS,
    "decision.proposed": LEADS,
    "decision.returned": ("approver", "secretariat"),
    "decision.approved": ("approver",),
    "decision.withheld": ("approver",),
    "decision.dissent_recorded": PANEL_ROLES,
    "decision.appealed": ("secretariat", *PANEL_ROLES),
    "decision.appeal_decided": ("approver",),
    "decision.reopened": ("approver",),
    "decision.announced": ("secretariat",),
    "decision.conferred": ("secretariat", "operator"),
    "decision.corrected": ("secretariat", "operator"),
    "decision.revocation_proposed": ("secretariat", *LEADS),
    "decision.revoked": ("approver",),
    "decision.honour_recorded": ("secretariat", "operator"),
}
"""Which roles record what (docs/permissions.md). The operator imports, and records what is from sources."""

AT_THE_STAGE = frozenset(
    {"edition.reviewing_opened", "edition.reviewing_closed", "edition.reviewing_reopened", "edition.shortlisted"}
    | {"review.assigned", "review.reinstated", "decision.vote_cast", "decision.proposed", "decision.dissent_recorded"}
    | {"decision.appealed", "decision.revocation_proposed", "decision.ballot_opened", "decision.ballot_closed"}
)
"""What takes a seat on the panel of the stage in question, where it takes a seat."""

OF_AWARD = frozenset({"award.established", "award.revised", "award.discontinued"})
BEGINS = frozenset({"edition.planned", "edition.recorded", "nomination.submitted", "award.established"})
ENTERS = frozenset({"edition.planned", "edition.recorded", "edition.role_entered"})
MAY_BEGIN = BEGINS | {
    *("review.assigned", "review.no_conflict_declared", "review.conflict_declared", "review.recused"),
    *("decision.proposed", "decision.ballot_opened", "decision.honour_recorded"),
}
"""What begins a stream and nothing else, by what somebody enters on her own, and what begins or comes later in one."""

AFTER_THE_END = frozenset(
    {"edition.role_left", "edition.panel_member_discharged", "edition.participants_linked"}
    | {"edition.participant_erased", "nomination.endorsement_withdrawn", "nomination.withdrawn", "review.voided"}
    | {"review.reviewer_declined", "review.no_conflict_declared", "review.conflict_declared", "review.recused"}
)
"""What may still be recorded when the edition is cancelled."""

WITHOUT_RULES = frozenset(
    {"edition.recorded", "edition.role_entered", "edition.role_left", "edition.participants_linked"}
    | {"edition.participant_erased", "decision.honour_recorded", "decision.conferred", "decision.corrected"}
    | {"decision.revocation_proposed", "decision.revoked"}
)
"""What there is in an edition recorded from sources."""

CLASHES: Mapping[str, frozenset[str]] = {
    "auditor": frozenset(
        {"secretariat", "nominator", *PANEL_ROLES, "approver", "privacy_officer", "nominated", "endorsed", "stood"}
    ),
    "secretariat": frozenset(PANEL_ROLES),
    "chair": frozenset({"nominated"}),
    "deputy": frozenset({"nominated"}),
}
"""Roles and deeds that one person never has in one edition, at whatever time and under whatever id."""

KNOWN_RULES = frozenset(
    {"categories", "stages", "nominators", "self_nomination", "consent", "publish", "runners_up", "conflict_policy"}
    | {"sight", "retention"}
)
KNOWN_OF_STAGE = frozenset(
    {"id", "name", "rubric", "scale", "method", "cross_checks", "ties", "lot", "quorum", "minimum_reviews"}
)
UNPROPOSED, DECIDED = ("", "returned", "reopened"), ("approved", "withheld", "announced")
VOTES_ON_TIES = ("run-off-vote", "casting-vote")
WORDS = frozenset({"yes", "no", "no-award"})
"""Options of a ballot that are no nominations."""

MOST_TOGETHER, MOST_BYTES_TOGETHER = 1 << 15, 1 << 25
"""Of an act: its lines, and bytes of them. The largest there is assigns 20,000 reviews, in lines of less than a KB."""

LEFT_OUT = (
    *("withdrawn", "nominee_declined", "ineligible", "not_ruled", "not_shortlisted", "too_few_reviews", "recused"),
    *("reviewer_declined", "voided", "not_submitted", "nomination_left_out"),
)
"""Why something is not counted; of several reasons the first (docs/judging.md, section 6)."""


class Breach(Exception):
    """The line is not allowed by what is before it; says why."""


class NotShown(Exception):
    """What a count rests on is not shown."""


def need(holds: object, otherwise: str) -> None:
    """Refuse the line unless this holds."""
    if not holds:
        raise Breach(otherwise)


def moment(text: str) -> datetime:
    """A time as the log has it."""
    return datetime.fromisoformat(text)


def doer(event: Event) -> str:
    """The id of who acts."""
    actor: Mapping[str, str] = event.data["actor"]
    return actor.get("id", actor["kind"])


def principal(event: Event) -> str:
    """For whom is acted: on whose behalf, or who acts."""
    behalf: str = event.data["actor"].get("on_behalf_of", doer(event))
    return behalf


def clash(wanted: str, others: Collection[str]) -> bool:
    """Whether a role or deed goes ill with any of these."""
    return any(other in CLASHES.get(wanted, ()) or wanted in CLASHES.get(other, ()) for other in others)


@dataclass
class Case:
    """A nomination as it stands."""

    category: str
    nominator: str
    nominee: Mapping[str, Any]
    parts: set[str]
    """Everybody who ever had a part in it: nominator, nominees, endorsers."""

    endorsers: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    answer: str | None = None
    ruling: str | None = None
    ruled_by: str = ""
    appellants: frozenset[str] = frozenset()
    appealed: bool = False
    back_at: str = ""
    """When an appeal brought it back."""
    withdrawn: bool = False

    @property
    def nominees(self) -> set[str]:
        return {self.nominee["participant"], *(one["participant"] for one in self.nominee.get("members", ()))}

    @property
    def stands(self) -> bool:
        return not self.withdrawn and self.answer != "declined"

    @property
    def eligible(self) -> bool:
        return self.stands and self.ruling == "eligible"

    @property
    def in_play(self) -> bool:
        return self.stands and self.ruling != "ineligible"


@dataclass
class Given:
    """A reviewer's work on a nomination at a stage. `ended`: None while it stands, `lifted` if nothing is assigned."""

    stage: str
    nomination: str
    reviewer: str
    scores: Mapping[str, int] | None = None
    no_conflict: str | None = None
    ended: str | None = "lifted"
    stood: str | None = "lifted"


@dataclass
class Ballot:
    """A question to the panel. A vote is its ranking, None for an abstention, or NotShown."""

    stage: str
    purpose: str
    method: Mapping[str, Any]
    options: Sequence[str]
    voters: Sequence[str]
    quorum: int
    secret: bool
    votes: dict[str, Any] = field(default_factory=dict)
    closed: bool = False
    counted: Sequence[str] = ()
    result: Mapping[str, Any] | None = None

    @property
    def nominations(self) -> list[str]:
        return [option for option in self.options if option not in WORDS]


@dataclass
class Outcome:
    """The decision of a category."""

    category: str
    phase: str = ""
    proposal: Mapping[str, Any] = field(default_factory=dict)
    proposer: str = ""
    approver: str = ""
    seed: str | None = None
    ballots: dict[str, Ballot] = field(default_factory=dict)
    dissenters: set[str] = field(default_factory=set)
    appellants: frozenset[str] = frozenset()
    ever_appealed: set[str] = field(default_factory=set)
    upheld: bool = False
    embargo: str | None = None
    winners: set[str] = field(default_factory=set)
    conferred: set[str] = field(default_factory=set)
    revocations: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)


@dataclass
class Counted:
    """A ranking, what settled its ties by rung, and how every nomination and review of the question stands in it."""

    ranking: Mapping[str, Any]
    settled: Mapping[str, tuple[Sequence[str], Any]]
    standings: Mapping[str, str]
    nominations: Sequence[str]
    reviews: Sequence[tuple[str, str, Mapping[str, int]]]

    @property
    def candidates(self) -> set[str]:
        return {entry["nomination"] for entry in (*self.ranking["entries"], *self.ranking["unranked"])}


def named_by(ranking: Mapping[str, Any], ranks: int) -> dict[str, list[str]]:
    """Winners and the runners-up of so many ranks; nobody while the tie for the first place is open."""
    if "open_tie" in ranking:
        return {"winners": [], "runners_up": []}
    return {"winners": winners(ranking), "runners_up": runners_up(ranking, ranks)}


def departs(computed: Mapping[str, Any], proposal: Mapping[str, Any]) -> bool:
    """Whether people propose something else than was computed; of the winners the order means nothing."""
    same = set(proposal["winners"]) == set(computed["winners"])
    return not same or list(proposal["runners_up"]) != list(computed["runners_up"])


class History:
    """What is known of an edition after the lines so far; grows with its streams, not with its events.

    What was recorded together has one correlation: an act. It is looked at as a whole when the next one begins (or at
    the `end`), since who acts by a role for the whole award may enter by a line that stands behind what she did.

    For every topic there is one method that says what is allowed (`_may_…`) and one that takes it in (`_now_…`); what
    is not allowed is told and taken in all the same. `whole`: whether every line of the edition is shown. Where it is
    not, nothing but the names of topics can be checked, and no decision counted again.
    """

    def __init__(self, edition: str, whole: bool = True) -> None:
        self.edition = edition
        self.whole = whole
        self.rules: dict[str, Any] | None = None
        self.sources: frozenset[str] = frozenset()
        self.streams: dict[str, tuple[str, int]] = {}
        """Stream -> what it is of, and its version."""
        self.cases: dict[str, Case] = {}
        self.given: dict[str, Given] = {}
        self.of_case: dict[str, list[str]] = {}
        """Nomination -> its review streams."""
        self.outcomes: dict[str, Outcome] = {}
        self.by_category: dict[str, Outcome] = {}
        self.roles: dict[str, set[str]] = {}
        self.seats: dict[tuple[str, str], str] = {}
        self.sat: set[tuple[str, str]] = set()
        self.ever: dict[str, set[str]] = {}
        """Participant -> every role she ever held."""
        self.deeds: dict[str, set[str]] = {}
        """Participant -> whether she nominated, endorsed, stood."""
        self.persons: dict[str, frozenset[str]] = {}
        self.gone: set[tuple[str, str]] = set()
        self.opens = self.closes = ""
        self.call_over = self.cancelled = False
        self.reviewing: dict[str, str] = {}
        self.closed_at: dict[str, str] = {}
        self.shortlists: dict[tuple[str, str], Sequence[str]] = {}
        self._act: list[Event] = []
        self._bytes = 0
        self._before: dict[str, int] = {}
        """The versions that streams of the act had before it."""
        self._last = self._previous = -1
        """The leaves before the act and before the line."""

    # The lines, act by act.

    def take(self, event: Event) -> list[Finding]:
        """Take the edition's next line that is shown, and tell what is wrong with the act that it ends, if it does.
        Raises `Wrong` if the act is too large to be held.
        """
        ends = self._act and event.data.get("correlation") != self._act[0].data.get("correlation")
        found = self.end() if ends else []
        self._act.append(event)
        self._bytes += event.length
        if len(self._act) > MOST_TOGETHER or self._bytes > MOST_BYTES_TOGETHER:
            raise Wrong("more has the same correlation than can be recorded together", event.index)
        return found

    def end(self) -> list[Finding]:
        """Tell what is wrong with the last act; there may be more to take."""
        act, self._act, self._bytes = self._act, [], 0
        entered = {self._entering(event) for event in act}
        self._before = {event.stream: self.streams.get(event.stream, ("", 0))[1] for event in act}
        actors = [self._actor_of(event, entered) for event in act]
        looked = [self._look(event, wrong, act) for event, wrong in zip(act, actors, strict=True)]
        self._last = act[-1].index if act else self._last
        return [*filter(None, looked), *self._after_link(act)]

    def erased(self, participant: str, cls: str) -> bool:
        """Whether the key of a participant and class is lawfully gone, by the lines so far."""
        return (participant, cls) in self.gone

    def _look(self, event: Event, wrong: str | None, act: Sequence[Event]) -> Finding | None:
        """Check one line and take it in."""
        found = None
        if event.topic not in WHO and event.topic not in OF_AWARD:
            found = Finding(UNKNOWN_METHOD, event.index, f"this program does not know {event.topic}")
        elif not self.whole:
            if event.topic in ("decision.announced", "decision.withheld"):
                text = "what the decision rests on is not shown, so it cannot be counted again"
                found = Finding(NOT_RECOUNTABLE, event.index, f"{event.topic}: {text}")
        elif event.topic in WHO:
            found = self._checked(event, wrong, act)
            self._take_in(event)
        self.streams[event.stream] = (event.topic.partition(".")[0], event.version)
        self._previous = event.index
        return found

    def _checked(self, event: Event, wrong: str | None, act: Sequence[Event]) -> Finding | None:
        """The first thing that is wrong with a line."""
        verdict, text = DOES_NOT_FOLLOW, None
        try:
            self._in_its_stream(event, act)
            need(wrong is None, wrong or "")
            self._in_its_phase(event)
            getattr(self, "_may_" + event.topic.replace(".", "_"))(event, act)
        except Breach as found:
            text = str(found)
        except NotShown as found:
            verdict, text = NOT_RECOUNTABLE, str(found)
        except UnknownRule as found:
            verdict, text = UNKNOWN_METHOD, f"this program does not know {found}"
        except TooManyOptions:
            text = "the method does not compare so many"
        except Refused as found:
            text = f"it cannot be counted: {found}"
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as found:
            text = f"the line does not have the form of its topic, or names what is not there ({found!r})"
        return None if text is None else Finding(verdict, event.index, f"{event.topic}: {text}")

    def _take_in(self, event: Event) -> None:
        """Take a line in, also one that is wrong, as far as that goes: what is wrong was told."""
        with suppress(Breach, KeyError, TypeError, ValueError, AttributeError, IndexError):
            getattr(self, "_now_" + event.topic.replace(".", "_"), self._nothing_new)(event)

    def _nothing_new(self, event: Event) -> None:
        """Nothing follows."""

    def _in_its_stream(self, event: Event, act: Sequence[Event]) -> None:
        noun = event.topic.partition(".")[0]
        of, version = self.streams.get(event.stream, (noun, 0))
        need(
            event.version == version + 1, f"version {event.version} comes after {version}: a line is missing or doubled"
        )
        need(event.topic in MAY_BEGIN if version == 0 else event.topic not in BEGINS, "no stream goes on like this")
        need(of == noun and (noun == "edition") == (event.stream == self.edition), "it is in another stream")
        need(event.data["edition"] == self.edition, "it is of another edition")
        together = event is act[0] or event.index == self._previous + 1
        need(together, "it does not stand with what was recorded together with it")
        need(version or noun == "edition" or self.edition in self.streams, "the edition has not begun")

    def _in_its_phase(self, event: Event) -> None:
        need(not self.cancelled or event.topic in AFTER_THE_END, "the edition is cancelled")
        if event.topic != "edition.planned" and self.rules is None:
            need(event.topic in WITHOUT_RULES, "an edition from sources has no such step")

    # Who acts.

    def _entering(self, event: Event) -> tuple[str, str] | None:
        """Who enters by this line on her own, and in which role: by one that she has for the whole award."""
        actor = event.data.get("actor")
        if event.topic not in ENTERS or not isinstance(actor, Mapping):
            return None
        begins = event.topic != "edition.role_entered"
        enters = event.data.get("participant") == actor.get("id")
        known = actor.get("kind") == "participant" and actor.get("role") in AWARD_WIDE
        same = begins or event.data.get("role") == actor.get("role")
        return (actor["id"], actor["role"]) if known and same and (begins or enters) else None

    def _actor_of(self, event: Event, entered: Collection[Any]) -> str | None:
        """What is wrong with who acts, by the roles as they were before the act."""
        try:
            self._holds_role(event, entered)
        except Breach as found:
            return str(found)
        except (KeyError, TypeError, AttributeError):
            return "it does not say who acts"
        return None

    def _holds_role(self, event: Event, entered: Collection[Any]) -> None:
        actor = event.data["actor"]
        kind, role = actor["kind"], actor["role"]
        allowed = WHO.get(event.topic, (role,))
        need(role in allowed or self._entering(event), f"the role {role} does not do that")
        need(kind == KINDS.get(role, "participant"), f"nobody acts as {role} who is a {kind}")
        if kind == "participant" and (actor["id"], role) not in entered:
            stage = self._stage_in_question(event)
            need(role in self._roles_of(actor["id"], stage), f"who acts does not hold the role {role} there")

    def _stage_in_question(self, event: Event) -> str | None:
        """The stage whose panel counts, None where it is any."""
        if event.topic not in AT_THE_STAGE:
            return None
        if event.topic in ("decision.vote_cast", "decision.ballot_closed"):
            return self.outcomes[event.stream].ballots[event.data["ballot"]].stage
        if event.topic.startswith("review.") and event.stream in self.given:
            return self.given[event.stream].stage
        told: str | None = event.data.get("stage")
        return told or (self.rules["stages"][-1]["id"] if self.rules else None)

    def _roles_of(self, participant: str, stage: str | None = None) -> set[str]:
        """The roles somebody holds now; seats on the panels of all stages, or of one."""
        stages = [one["id"] for one in (self.rules or {"stages": ()})["stages"]]
        seats = [self.seats.get((at, participant)) for at in stages if stage in (None, at)]
        return self.roles.get(participant, set()) | {SEAT_ROLES[seat] for seat in seats if seat}

    def _person(self, participant: str) -> frozenset[str]:
        """All ids of the person who has this one."""
        return self.persons.get(participant, frozenset({participant}))

    def _past(self, participant: str) -> set[str]:
        """The roles a person ever held and what she did beside them, under all ids."""
        person = self._person(participant)
        return set().union(*(self.ever.get(one, set()) | self.deeds.get(one, set()) for one in person))

    def _did(self, deed: str, participants: Iterable[str]) -> None:
        for one in participants:
            self.deeds.setdefault(one, set()).add(deed)

    def _needs_compatible(self, participant: str, wanted: str) -> None:
        need(
            not clash(wanted, self._past(participant)), f"{wanted} does not go with what the person held or did before"
        )

    # Who may judge what.

    def _kept_off(self, nomination: str) -> set[str]:
        """Who has a part in a nomination, or had, and who is recused from it, at whatever stage."""
        recused = {one.reviewer for one in self._reviews_of(nomination) if one.ended == "recused"}
        return self.cases[nomination].parts | recused

    def _reviews_of(self, nomination: str) -> Iterator[Given]:
        return (self.given[stream] for stream in self.of_case.get(nomination, ()))

    def _recused(self, nomination: str, participant: str) -> bool:
        person = self._person(participant)
        return any(one.ended == "recused" and one.reviewer in person for one in self._reviews_of(nomination))

    def _interested(self, nomination: str, participant: str) -> bool:
        return not self._person(participant).isdisjoint(self.cases[nomination].parts)

    def _closed_to(self, participant: str, nominations: Iterable[str]) -> bool:
        """Whether somebody may not judge one of these."""
        person = self._person(participant)
        return any(not person.isdisjoint(self._kept_off(nomination)) for nomination in nominations)

    def _in_play(self, category: str | None = None) -> list[str]:
        return [key for key, case in self.cases.items() if case.in_play and category in (None, case.category)]

    def _needs_open(self, event: Event, category: str | None = None) -> None:
        """What is in play must be open to who decides: no part in it, no recusal."""
        closed = self._closed_to(doer(event), self._in_play(category))
        need(not closed, "who acts has a part in a nomination that is in play, or is recused from one")

    def _needs_open_to_panel(self, event: Event, category: str | None = None) -> None:
        """The same of whoever sits on a panel; the secretariat never judges."""
        if event.data["actor"]["role"] in PANEL_ROLES:
            self._needs_open(event, category)

    def _needs_case_open(self, event: Event, nomination: str) -> None:
        """Who acts has no part in this nomination; who leads a panel is not recused from it either."""
        need(not self._interested(nomination, doer(event)), "who acts has a part in the nomination")
        leads = event.data["actor"]["role"] in PANEL_ROLES
        need(not (leads and self._recused(nomination, doer(event))), "who acts is recused from the nomination")

    def _needs_clear(self, nomination: str, reviewer: str) -> None:
        """Who judges has no part in the nomination and is not recused; it is ruled eligible and stands."""
        need(self.cases[nomination].eligible, "the nomination is not ruled eligible, or does not stand")
        need(not self._interested(nomination, reviewer), "the reviewer has a part in the nomination")
        need(not self._recused(nomination, reviewer), "the reviewer is recused from the nomination")

    def _needs_unproposed(self, *categories: str) -> None:
        asked = categories or tuple(self.by_category)
        proposed = [one for one in asked if one in self.by_category and self.by_category[one].phase not in UNPROPOSED]
        need(not proposed, "a decision that rests on it is proposed or made")

    # The edition: its rules, its call, its people, its stages.

    def _may_edition_planned(self, event: Event, act: Sequence[Event]) -> None:
        rules = event.data["rules"]
        unknown = set(rules) - KNOWN_RULES | {name for stage in rules["stages"] for name in set(stage) - KNOWN_OF_STAGE}
        if unknown or rules["consent"] not in ("required", "informed", "not_told"):
            raise UnknownRule(f"these rules: {', '.join(sorted(unknown)) or rules['consent']}")
        need(rules["stages"] and rules["categories"], "there is no stage or no category")
        for stage in rules["stages"]:
            need(
                ("lot" in stage["ties"]) == ("lot" in stage),
                "a lot needs a commitment to its seed, and only a lot does",
            )

    def _may_edition_recorded(self, event: Event, act: Sequence[Event]) -> None:
        need(event.data["sources"], "there are no sources")

    def _now_edition_planned(self, event: Event) -> None:
        self.rules = json.loads(json.dumps(event.data["rules"]))
        self._begins_with(event)

    def _now_edition_recorded(self, event: Event) -> None:
        self.sources = frozenset(source["key"] for source in event.data["sources"])
        self._begins_with(event)

    def _begins_with(self, event: Event) -> None:
        if event.data["actor"]["kind"] == "participant":
            self._takes_role(doer(event), event.data["actor"]["role"])
            self.roles.setdefault(doer(event), set()).add(event.data["actor"]["role"])

    def _takes_role(self, participant: str, role: str) -> None:
        self.ever.setdefault(participant, set()).add(role)

    def _stage(self, name: str) -> dict[str, Any]:
        """The rules of a stage as they stand."""
        found = [stage for stage in (self.rules or {"stages": ()})["stages"] if stage["id"] == name]
        need(found, f"there is no stage {name}")
        return found[0]  # type: ignore[no-any-return]

    def _last_stage(self) -> dict[str, Any]:
        need(self.rules, "there are no rules")
        return self.rules["stages"][-1]  # type: ignore[index,no-any-return]

    def _stage_before(self, name: str) -> str | None:
        ids = [stage["id"] for stage in self.rules["stages"]]  # type: ignore[index]
        return ids[ids.index(name) - 1] if ids.index(name) else None

    def _needs_category(self, name: str) -> None:
        need(name in [one["id"] for one in self.rules["categories"]], "there is no such category")  # type: ignore[index]

    def _policy(self) -> str | None:
        """The version of the conflict policy: SHA-256 of its RFC 8785 form, which is this for tags and texts."""
        policy = (self.rules or {}).get("conflict_policy")
        if policy is None:
            return None
        form = json.dumps(policy, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(form.encode()).hexdigest()

    def _may_edition_rules_changed(self, event: Event, act: Sequence[Event]) -> None:
        self._needs_unproposed()
        self._stage(event.data["stage"])
        need(event.data["code"], "there is no reason")

    def _now_edition_rules_changed(self, event: Event) -> None:
        stage = self._stage(event.data["stage"])
        stage.update({name: event.data[name] for name in ("quorum", "minimum_reviews") if name in event.data})

    def _may_edition_call_opened(self, event: Event, act: Sequence[Event]) -> None:
        need(not self.opens, "the call was opened before")
        closes = moment(event.data["closes"])
        need(moment(event.data["opens"]) < closes and moment(event.time) < closes, "the call closes before it opens")

    def _now_edition_call_opened(self, event: Event) -> None:
        self.opens, self.closes = event.data["opens"], event.data["closes"]

    def _may_edition_call_extended(self, event: Event, act: Sequence[Event]) -> None:
        need(self.opens and not self.call_over, "the call is not open, or later steps were taken")
        closes = moment(event.data["closes"])
        need(closes > moment(self.closes) and closes > moment(event.time), "the new deadline is not later")

    def _now_edition_call_extended(self, event: Event) -> None:
        self.closes = event.data["closes"]

    def _may_edition_call_closed(self, event: Event, act: Sequence[Event]) -> None:
        self._needs_call_open(event)

    def _now_edition_call_closed(self, event: Event) -> None:
        self.call_over = True

    def _needs_call_open(self, event: Event) -> None:
        """What arrives while the call is open: opens <= arrival < closes, and no later step in the log."""
        need(self.opens, "the call is not opened")
        need(not self.call_over, "the call is over: it was closed, or reviewing began")
        need(self._within_call(event.time), "it arrived before the call opened or after it closed")

    def _within_call(self, time: str) -> bool:
        return moment(self.opens) <= moment(time) < moment(self.closes)

    def _may_edition_role_entered(self, event: Event, act: Sequence[Event]) -> None:
        participant, role = event.data["participant"], event.data["role"]
        need(role in (*AWARD_WIDE, "nominator"), f"there is no role {role} to enter in")
        need(role not in self._roles_of(participant), "the role is held already")
        alone = self._entering(event) is not None
        need(alone or doer(event) not in self._person(participant), "nobody gives a role to herself")
        self._needs_compatible(participant, role)

    def _now_edition_role_entered(self, event: Event) -> None:
        self._takes_role(event.data["participant"], event.data["role"])
        self.roles.setdefault(event.data["participant"], set()).add(event.data["role"])

    def _may_edition_role_left(self, event: Event, act: Sequence[Event]) -> None:
        need(event.data["role"] in self.roles.get(event.data["participant"], ()), "the role is not held")

    def _now_edition_role_left(self, event: Event) -> None:
        self.roles[event.data["participant"]].discard(event.data["role"])

    def _may_edition_panel_member_appointed(self, event: Event, act: Sequence[Event]) -> None:
        stage, participant, seat = event.data["stage"], event.data["participant"], event.data["seat"]
        self._stage(stage)
        need(doer(event) not in self._person(participant), "nobody appoints herself")
        panel = self._panel(stage)
        need(self._person(participant).isdisjoint(panel), "the person sits on this panel already")
        need(seat == "member" or seat not in panel.values(), f"there is a {seat} already")
        self._needs_compatible(participant, SEAT_ROLES[seat])
        reads = "approver" in self._past(participant) and self.reviewing.get(stage) == "open"
        need(not reads, "an approver, who reads every score, takes a seat while others score")

    def _now_edition_panel_member_appointed(self, event: Event) -> None:
        key = (event.data["stage"], event.data["participant"])
        self._takes_role(key[1], SEAT_ROLES[event.data["seat"]])
        self.seats[key] = event.data["seat"]
        self.sat.add(key)

    def _panel(self, stage: str) -> dict[str, str]:
        return {who: seat for (at, who), seat in self.seats.items() if at == stage}

    def _may_edition_panel_member_discharged(self, event: Event, act: Sequence[Event]) -> None:
        need((event.data["stage"], event.data["participant"]) in self.seats, "nobody by this id sits on the panel")

    def _now_edition_panel_member_discharged(self, event: Event) -> None:
        self.seats.pop((event.data["stage"], event.data["participant"]), None)

    def _may_edition_participants_linked(self, event: Event, act: Sequence[Event]) -> None:
        one, other = event.data["participants"]
        need(other not in self._person(one), "the two are linked already")

    def _now_edition_participants_linked(self, event: Event) -> None:
        whole = frozenset().union(*map(self._person, event.data["participants"]))
        self.persons.update(dict.fromkeys(whole, whole))

    def _after_link(self, act: Sequence[Event]) -> Iterator[Finding]:
        """Where two ids turned out to be one person, she gave up what she could not have been given."""
        for event in act if self.whole else ():
            if event.topic != "edition.participants_linked":
                continue
            person = self._person(event.data["participants"][0])
            past = self._past(event.data["participants"][0])
            seats = [(stage, seat) for (stage, who), seat in self.seats.items() if who in person]
            roles = {role for one in person for role in self.roles.get(one, ())}
            held = roles | {SEAT_ROLES[seat] for _, seat in seats}
            if len({stage for stage, _ in seats}) < len(seats) or any(clash(role, past) for role in held):
                text = f"{event.topic}: the person keeps a role or a seat that does not go with her others"
                yield Finding(DOES_NOT_FOLLOW, event.index, text)

    def _may_edition_participant_erased(self, event: Event, act: Sequence[Event]) -> None:
        need(event.data["classes"] and event.data["basis"], "there is no class, or no basis")

    def _now_edition_participant_erased(self, event: Event) -> None:
        self.gone |= {(event.data["participant"], cls) for cls in event.data["classes"]}

    def _may_edition_reviewing_opened(self, event: Event, act: Sequence[Event]) -> None:
        self._needs_open_to_panel(event)
        need(event.data["stage"] not in self.reviewing, "reviewing of this stage was opened before")
        need(self.opens, "the call was not opened")
        over = moment(event.time) >= moment(self.opens) and (self.call_over or not self._within_call(event.time))
        need(over, "the call is still open")
        self._needs_panel(event.data["stage"])

    def _needs_panel(self, stage: str) -> None:
        need(len(self._panel(stage)) >= self._stage(stage)["quorum"], "the panel is smaller than the quorum")

    def _now_edition_reviewing_opened(self, event: Event) -> None:
        self.call_over = True
        self.reviewing[event.data["stage"]] = "open"

    def _may_edition_reviewing_closed(self, event: Event, act: Sequence[Event]) -> None:
        self._needs_open_to_panel(event)
        need(self.reviewing.get(event.data["stage"]) == "open", "reviewing of this stage is not open")

    def _now_edition_reviewing_closed(self, event: Event) -> None:
        self.reviewing[event.data["stage"]] = "closed"
        self.closed_at[event.data["stage"]] = event.time

    def _may_edition_reviewing_reopened(self, event: Event, act: Sequence[Event]) -> None:
        self._needs_open_to_panel(event)
        self._needs_unproposed()
        need(self.reviewing.get(event.data["stage"]) == "closed", "reviewing of this stage is not closed")
        need(event.data["code"], "there is no reason")
        self._needs_panel(event.data["stage"])

    def _now_edition_reviewing_reopened(self, event: Event) -> None:
        self.reviewing[event.data["stage"]] = "open"

    def _may_edition_shortlisted(self, event: Event, act: Sequence[Event]) -> None:
        category = event.data["category"]
        self._needs_category(category)
        self._needs_unproposed(category)
        self._needs_open_to_panel(event, category)
        need(self.reviewing.get(event.data["stage"]) == "closed", "reviewing of this stage is not closed")
        for nomination in event.data["nominations"]:
            case = self.cases[nomination]
            need(case.category == category and case.eligible, "it lists a nomination that is not eligible here")

    def _now_edition_shortlisted(self, event: Event) -> None:
        self.shortlists[event.data["stage"], event.data["category"]] = event.data["nominations"]

    def _may_edition_cancelled(self, event: Event, act: Sequence[Event]) -> None:
        self._needs_unproposed()

    def _now_edition_cancelled(self, event: Event) -> None:
        self.call_over = self.cancelled = True

    # Nominations.

    def _may_nomination_submitted(self, event: Event, act: Sequence[Event]) -> None:
        told = event.data
        self._needs_call_open(event)
        self._needs_category(told["category"])
        own = told["actor"]["role"] == "nominator"
        need(
            told["nominator"] == principal(event) and own == (doer(event) == told["nominator"]),
            "it is not the nominator's",
        )
        case = Case(told["category"], told["nominator"], told["nominee"], set())
        self._needs_compatible(told["nominator"], "nominated")
        for one in case.nominees:
            self._needs_compatible(one, "stood")
        self._needs_fitting_kind(told["nominee"])
        herself = not self._person(told["nominator"]).isdisjoint(frozenset().union(*map(self._person, case.nominees)))
        need(not herself or self.rules["self_nomination"], "nobody nominates herself here")  # type: ignore[index]

    def _needs_fitting_kind(self, nominee: Mapping[str, Any]) -> None:
        need(nominee["kind"] == "team" or not nominee.get("members"), "only a team has members")

    def _now_nomination_submitted(self, event: Event) -> None:
        told = event.data
        case = Case(told["category"], told["nominator"], told["nominee"], {told["nominator"]})
        case.parts |= case.nominees
        self.cases[event.stream] = case
        self._did("nominated", [case.nominator])
        self._did("stood", case.nominees)

    def _needs_side(self, event: Event, case: Case) -> None:
        """Nominator and nominee act for their own nomination; others say for whom they write."""
        sides = {"nominator": case.nominator, "nominee": case.nominee["participant"]}
        role = event.data["actor"]["role"]
        need(role not in sides or doer(event) == sides[role], f"it is not her own nomination, as {role}")

    def _may_nomination_amended(self, event: Event, act: Sequence[Event]) -> None:
        case = self.cases[event.stream]
        self._needs_side(event, case)
        self._needs_call_open(event)
        need(case.stands and case.ruling is None, "the nomination is ruled upon already, or does not stand")
        self._needs_fitting_kind(event.data["nominee"])

    def _now_nomination_amended(self, event: Event) -> None:
        case = self.cases[event.stream]
        case.nominee, case.answer = event.data["nominee"], None
        case.parts |= case.nominees
        self._did("stood", case.nominees)

    def _may_nomination_endorsed(self, event: Event, act: Sequence[Event]) -> None:
        case, who = self.cases[event.stream], event.data["endorser"]
        need(who == principal(event), "who endorses is not who acts, or for whom is acted")
        need(case.stands and who not in case.endorsers, "it was endorsed already, or does not stand")
        need(self._person(who).isdisjoint(case.nominees), "nobody endorses herself")
        self._needs_compatible(who, "endorsed")

    def _now_nomination_endorsed(self, event: Event) -> None:
        case, who = self.cases[event.stream], event.data["endorser"]
        case.endorsers.add(who)
        case.parts.add(who)
        self._did("endorsed", [who])

    def _may_nomination_endorsement_withdrawn(self, event: Event, act: Sequence[Event]) -> None:
        case, who = self.cases[event.stream], event.data["endorser"]
        need(who == principal(event), "who endorsed is not who acts, or for whom is acted")
        need(case.stands and who in case.endorsers, "there is no such endorsement, or the nomination does not stand")

    def _now_nomination_endorsement_withdrawn(self, event: Event) -> None:
        self.cases[event.stream].endorsers.discard(event.data["endorser"])

    def _may_answer(self, event: Event) -> None:
        case = self.cases[event.stream]
        need(principal(event) == case.nominee["participant"], "the nominee does not answer, or nobody for her")
        need(self.rules["consent"] != "not_told", "nominees are not asked here")  # type: ignore[index]
        need(not case.withdrawn and case.answer is None, "it was answered already, or is withdrawn")

    def _may_nomination_accepted(self, event: Event, act: Sequence[Event]) -> None:
        self._may_answer(event)

    def _now_nomination_accepted(self, event: Event) -> None:
        self.cases[event.stream].answer = "accepted"

    def _may_nomination_declined(self, event: Event, act: Sequence[Event]) -> None:
        self._may_answer(event)
        self._needs_unproposed(self.cases[event.stream].category)

    def _now_nomination_declined(self, event: Event) -> None:
        self.cases[event.stream].answer = "declined"

    def _may_nomination_file_opened(self, event: Event, act: Sequence[Event]) -> None:
        case, who = self.cases[event.stream], event.data["reviewer"]
        need(who == principal(event), "it is not the reviewer who opens the file")
        self._needs_clear(event.stream, who)
        need(who not in case.opened, "the file was opened before")
        own = [one for one in self._reviews_of(event.stream) if one.reviewer == who and one.ended in (None, "lifted")]
        clear = [one for one in own if self._policy() in (None, one.no_conflict) and (one.stage, who) in self.seats]
        need(clear, "the reviewer has no seat, or did not declare first to have no conflict of interest")

    def _now_nomination_file_opened(self, event: Event) -> None:
        self.cases[event.stream].opened.add(event.data["reviewer"])

    def _may_rule(self, event: Event) -> None:
        case = self.cases[event.stream]
        self._needs_case_open(event, event.stream)
        self._needs_unproposed(case.category)
        need(case.stands and case.ruling is None, "it was ruled upon already, or does not stand")
        need(event.data["rule"] and event.data["code"], "there is no rule, or no reason")

    def _may_nomination_ruled_eligible(self, event: Event, act: Sequence[Event]) -> None:
        self._may_rule(event)
        self._needs_consent(event.stream)

    def _needs_consent(self, nomination: str) -> None:
        given = self.rules["consent"] != "required" or self.cases[nomination].answer == "accepted"  # type: ignore[index]
        need(given, "the nominee has not agreed to stand, as the rules require")

    def _may_nomination_ruled_ineligible(self, event: Event, act: Sequence[Event]) -> None:
        self._may_rule(event)

    def _now_nomination_ruled_eligible(self, event: Event) -> None:
        self.cases[event.stream].ruling = event.topic.rpartition("_")[2]
        self.cases[event.stream].ruled_by = doer(event)

    _now_nomination_ruled_ineligible = _now_nomination_ruled_eligible

    def _may_nomination_ruling_appealed(self, event: Event, act: Sequence[Event]) -> None:
        case = self.cases[event.stream]
        self._needs_side(event, case)
        need(
            principal(event) in (case.nominator, case.nominee["participant"]),
            "it is not the nominator's or the nominee's",
        )
        outcome = self.by_category.get(case.category)
        need(outcome is None or outcome.phase not in DECIDED, "the category is decided")
        need(case.stands and case.ruling == "ineligible" and not case.appealed, "there is nothing to appeal")

    def _now_nomination_ruling_appealed(self, event: Event) -> None:
        case = self.cases[event.stream]
        case.appellants, case.appealed = frozenset({doer(event), principal(event)}), True

    def _may_nomination_appeal_decided(self, event: Event, act: Sequence[Event]) -> None:
        case = self.cases[event.stream]
        self._needs_case_open(event, event.stream)
        self._needs_open(event, case.category)
        self._needs_judge(event, case.appellants, {case.ruled_by})
        need(case.stands, "the nomination does not stand")
        if event.data["outcome"] == "upheld":
            self._needs_unproposed(case.category)
            self._needs_consent(event.stream)

    def _needs_judge(self, event: Event, appellants: Collection[str], authors: Collection[str]) -> None:
        need(event.data["outcome"] in ("upheld", "dismissed"), "it is neither upheld nor dismissed")
        need(appellants, "there is no appeal to decide")
        own = not self._person(doer(event)).isdisjoint({*appellants, *authors})
        need(not own, "nobody decides an appeal of her own, or one against what she did herself")

    def _now_nomination_appeal_decided(self, event: Event) -> None:
        case = self.cases[event.stream]
        case.appellants = frozenset()
        if event.data["outcome"] == "upheld":
            case.ruling, case.back_at = "eligible", event.time

    def _may_nomination_withdrawn(self, event: Event, act: Sequence[Event]) -> None:
        case = self.cases[event.stream]
        self._needs_side(event, case)
        self._needs_unproposed(case.category)
        need(case.stands, "the nomination does not stand")

    def _now_nomination_withdrawn(self, event: Event) -> None:
        self.cases[event.stream].withdrawn = True

    # Reviews.

    def _review(self, event: Event) -> Given:
        """The review as it stands; of a stream that begins, one in which nothing is assigned."""
        if event.stream in self.given:
            return self.given[event.stream]
        stage, nomination, reviewer = (event.data[name] for name in ("stage", "nomination", "reviewer"))
        self._stage(stage)
        need(nomination in self.cases, "there is no such nomination")
        twice = any((one.stage, one.reviewer) == (stage, reviewer) for one in self._reviews_of(nomination))
        need(not twice, "there is another stream of the same reviewer, nomination and stage")
        return Given(stage, nomination, reviewer)

    def _begun(self, event: Event) -> Given:
        if event.stream not in self.given:
            told = event.data
            self.given[event.stream] = Given(told["stage"], told["nomination"], told["reviewer"])
            self.of_case.setdefault(told["nomination"], []).append(event.stream)
        return self.given[event.stream]

    def _others(self, review: Given) -> list[Given]:
        """The standing reviews of the same nomination and stage by the same person under another id."""
        person = self._person(review.reviewer) - {review.reviewer}
        same = (one for one in self._reviews_of(review.nomination) if one.stage == review.stage)
        return [one for one in same if one.reviewer in person and one.ended is None]

    def _needs_own(self, event: Event, review: Given) -> None:
        need(principal(event) == review.reviewer, "it is not the reviewer's own act")

    def _may_review_assigned(self, event: Event, act: Sequence[Event]) -> None:
        review = self._review(event)
        self._needs_case_open(event, review.nomination)
        need((review.stage, review.reviewer) in self.seats, "the reviewer does not sit on the panel of the stage")
        self._needs_clear(review.nomination, review.reviewer)
        need(review.ended in ("lifted", "voided") and not self._others(review), "it is assigned to the person already")
        before = self._stage_before(review.stage)
        listed = self.shortlists.get((before or "", self.cases[review.nomination].category), ())
        need(before is None or review.nomination in listed, "the stage before did not shortlist the nomination")

    def _now_review_assigned(self, event: Event) -> None:
        review = self._begun(event)
        review.scores = review.ended = None

    def _may_review_reviewer_declined(self, event: Event, act: Sequence[Event]) -> None:
        review = self.given[event.stream]
        self._needs_own(event, review)
        need(review.ended is None and review.scores is None, "there is no assignment to decline, or it is finished")

    def _now_review_reviewer_declined(self, event: Event) -> None:
        self.given[event.stream].ended = "declined"

    def _may_review_no_conflict_declared(self, event: Event, act: Sequence[Event]) -> None:
        review, policy = self._review(event), event.data["policy"]
        self._needs_own(event, review)
        need(policy == self._policy(), "it does not cite the conflict policy of the rules")
        need((review.stage, review.reviewer) in self.seats, "the reviewer does not sit on the panel of the stage")
        self._needs_clear(review.nomination, review.reviewer)
        need(review.ended in (None, "lifted") and review.no_conflict != policy, "it is declared already, or over")

    def _now_review_no_conflict_declared(self, event: Event) -> None:
        self._begun(event).no_conflict = event.data["policy"]

    def _may_review_conflict_declared(self, event: Event, act: Sequence[Event]) -> None:
        review = self._review(event)
        self._needs_own(event, review)
        need(review.ended != "recused", "the reviewer is recused already")
        need(event.data.get("policy") == self._policy(), "it does not cite the conflict policy of the rules")
        follows = [(one.stream, one.data.get("how")) for one in act if one.topic == "review.recused"]
        need((event.stream, "declared") in follows, "the recusal that follows from it is missing")

    def _now_review_conflict_declared(self, event: Event) -> None:
        self._begun(event).no_conflict = None

    def _may_review_recused(self, event: Event, act: Sequence[Event]) -> None:
        review = self._review(event)
        need(review.ended != "recused", "the reviewer is recused already")
        need(event.data["how"] in ("declared", "imposed"), "it is neither declared nor imposed")
        if event.data["how"] == "declared":
            told = [(one.stream, one.index) for one in act if one.topic == "review.conflict_declared"]
            need((event.stream, event.index - 1) in told, "no conflict was declared with it")
            return
        need(event.data["actor"]["role"] != "reviewer", "a reviewer recuses nobody else")
        linking = any(one.topic == "edition.participants_linked" for one in act)
        if not linking and doer(event) not in self._person(review.reviewer):
            self._needs_case_open(event, review.nomination)
        known = event.stream in self.given or (review.stage, review.reviewer) in self.sat
        need(known, "nobody by this id ever sat on the panel of the stage")

    def _now_review_recused(self, event: Event) -> None:
        review = self._begun(event)
        if review.ended != "recused":
            review.stood, review.ended = review.ended, "recused"

    def _may_review_reinstated(self, event: Event, act: Sequence[Event]) -> None:
        review = self.given[event.stream]
        person = self._person(review.reviewer)
        need(review.ended == "recused", "the reviewer is not recused")
        chairs = any("chair" in self._roles_of(one) for one in person) and event.data["actor"]["role"] == "chair"
        need(doer(event) not in person and not chairs, "nobody lifts a recusal of her own")
        self._needs_case_open(event, review.nomination)
        self._needs_unproposed(self.cases[review.nomination].category)
        need(not self._interested(review.nomination, review.reviewer), "the reviewer has a part in the nomination")

    def _now_review_reinstated(self, event: Event) -> None:
        self.given[event.stream].ended = self.given[event.stream].stood

    def _may_review_voided(self, event: Event, act: Sequence[Event]) -> None:
        """What ends: an unfinished review of who lost her seat or must not judge, and a person's second review."""
        review = self.given[event.stream]
        need(review.ended is None, "the review is over already")
        seated = (review.stage, review.reviewer) in self.seats
        lost = review.scores is None and (not seated or self._closed_to(review.reviewer, [review.nomination]))
        second = any(review.scores is None or other.scores is not None for other in self._others(review))
        need(lost or second, "nothing ends this review, and it is not a second one by the same person")

    def _now_review_voided(self, event: Event) -> None:
        self.given[event.stream].ended = "voided"

    def _may_score(self, event: Event) -> None:
        review, scores = self.given[event.stream], event.data["scores"]
        self._needs_own(event, review)
        need(self.reviewing.get(review.stage) == "open", "reviewing of the stage is not open")
        need(review.ended is None, "the review is not assigned, or is over")
        need((review.stage, review.reviewer) in self.seats, "the reviewer does not sit on the panel of the stage")
        self._needs_clear(review.nomination, review.reviewer)
        if policy := self._policy():
            need(review.no_conflict == policy, "the reviewer did not declare to have no conflict of interest")
            need(review.reviewer in self.cases[review.nomination].opened, "the reviewer did not open the file")
        stage = self._stage(review.stage)
        need(set(scores) == {one["id"] for one in stage["rubric"]}, "the scores are not one a criterion")
        fit = (type(score) is int and self._on_scale(stage["scale"], score) for score in scores.values())
        need(all(fit), "a score is not on the scale")

    def _on_scale(self, scale: Mapping[str, int], score: int) -> bool:
        return scale["lowest"] <= score <= scale["highest"]

    def _may_review_submitted(self, event: Event, act: Sequence[Event]) -> None:
        need(self.given[event.stream].scores is None, "scores were submitted already")
        self._may_score(event)

    def _may_review_revised(self, event: Event, act: Sequence[Event]) -> None:
        need(self.given[event.stream].scores is not None, "there are no scores to revise")
        self._may_score(event)

    def _now_review_submitted(self, event: Event) -> None:
        self.given[event.stream].scores = event.data["scores"]

    _now_review_revised = _now_review_submitted

    # Ballots.

    def _outcome(self, event: Event) -> Outcome:
        """The decision as it stands; of a stream that begins, nothing is proposed."""
        category = event.data["category"]
        if event.stream in self.outcomes:
            need(category == self.outcomes[event.stream].category, "it is of another category than its stream")
            return self.outcomes[event.stream]
        need(category not in self.by_category, "there is another stream of decisions for this category")
        if self.rules is not None:
            self._needs_category(category)
        return Outcome(category)

    def _opened_outcome(self, event: Event) -> Outcome:
        if event.stream not in self.outcomes:
            self.outcomes[event.stream] = Outcome(event.data["category"])
            self.by_category.setdefault(event.data["category"], self.outcomes[event.stream])
        return self.outcomes[event.stream]

    def _may_decision_ballot_opened(self, event: Event, act: Sequence[Event]) -> None:
        told, outcome = event.data, self._outcome(event)
        need(told["ballot"] not in outcome.ballots, "there is such a ballot already")
        self._needs_open_to_panel(event, outcome.category)
        stage, purpose, options = self._stage(told["stage"]), told["purpose"], told["options"]
        need(purpose in ("question", *VOTES_ON_TIES), "it is for nothing that a ballot is for")
        decided = {"yes", "no"} & {*options}
        need(len({*options}) == len(options) >= 2 and decided in (set(), {*options}), "these options make no question")
        count_votes(told["method"], options, [])
        if purpose == "question":
            cases = [self.cases[one] for one in options if one not in WORDS]
            need(
                all(one.eligible and one.category == outcome.category for one in cases),
                "an option is not eligible here",
            )
        else:
            self._needs_tie(outcome, stage, purpose, options)
            need(told["method"].get("seats", 1) == 1, "a vote on the first place fills one seat")
        voters = self._electors(purpose, stage["id"], outcome.category, [one for one in options if one not in WORDS])
        need(list(told["voters"]) == voters, "the voters are not those of the panel who may judge what it is about")
        need(voters and 1 <= told["quorum"] <= len(voters), "nobody has a vote, or the quorum is out of reach")

    def _needs_tie(self, outcome: Outcome, stage: Mapping[str, Any], purpose: str, options: Sequence[str]) -> None:
        """A vote on a tie is held on exactly the nominations whose tie waits for it, and once at a time."""
        need(outcome.phase in UNPROPOSED, "a decision is proposed or made")
        need(stage["id"] == self._last_stage()["id"], "it is not at the last stage")
        need(self.reviewing.get(stage["id"]) == "closed", "reviewing of the stage is not closed")
        tie = self._count(stage["id"], outcome.category, outcome.seed).ranking.get("open_tie", {})
        waits = tie.get("rung") == purpose and sorted(tie["nominations"]) == sorted(options)
        need(waits, "no tie for the first place waits for this vote")
        same = [one for one in outcome.ballots.values() if (one.purpose, {*one.options}) == (purpose, {*options})]
        need(all(one.closed for one in same), "a vote on this tie is open")

    def _electors(self, purpose: str, stage: str, category: str | None, about: Sequence[str]) -> list[str]:
        """Who votes: whoever sits and may judge what it is about; a casting vote is the chair's, else the deputy's."""
        asked = about or self._in_play(category)
        free = {who: seat for who, seat in self._panel(stage).items() if not self._closed_to(who, asked)}
        if purpose != "casting-vote":
            return sorted(free)
        return [who for lead in LEADS for who in sorted(free) if free[who] == lead][:1]

    def _now_decision_ballot_opened(self, event: Event) -> None:
        told = event.data
        parts = (told[name] for name in ("stage", "purpose", "method", "options", "voters", "quorum", "secret"))
        self._opened_outcome(event).ballots[told["ballot"]] = Ballot(*parts)

    def _ballot(self, event: Event) -> Ballot:
        found = self.outcomes[event.stream].ballots[event.data["ballot"]]
        need(not found.closed, "the ballot is closed")
        return found

    def _may_decision_vote_cast(self, event: Event, act: Sequence[Event]) -> None:
        ballot, voter = self._ballot(event), event.data["voter"]
        need(voter == doer(event) and voter in ballot.voters, "who votes is no voter of this ballot")
        need((ballot.stage, voter) in self.seats, "the voter does not sit on the panel any more")
        asked = ballot.nominations or self._in_play(self.outcomes[event.stream].category)
        need(not self._closed_to(voter, asked), "the voter has a part in what the ballot is about, or is recused")
        need(("choice" in event.data) == ballot.secret, "a choice is sealed in a secret ballot, and only there")
        choice = self._choice(event)
        if isinstance(choice, list):
            named = [option for group in choice for option in group]
            fit = named and all(choice) and len({*named}) == len(named) and {*named} <= {*ballot.options}
            need(fit, "the vote does not rank options of the ballot")

    def _choice(self, event: Event) -> Any:
        """What is voted: a ranking, None for an abstention, or NotShown."""
        told = event.data
        if "choice" in told:
            if told["choice"]["sd"] not in event.opened:
                return NotShown
            told = event.opened[told["choice"]["sd"]]
        need(("ranking" in told) != (told.get("abstained") is True), "a vote either ranks or abstains")
        return told.get("ranking")

    def _now_decision_vote_cast(self, event: Event) -> None:
        votes = self.outcomes[event.stream].ballots[event.data["ballot"]].votes
        votes.pop(event.data["voter"], None)
        votes[event.data["voter"]] = self._choice(event)

    def _may_decision_ballot_closed(self, event: Event, act: Sequence[Event]) -> None:
        told, ballot = event.data, self._ballot(event)
        category = self.outcomes[event.stream].category
        self._needs_open_to_panel(event, category)
        out = self._left_out(ballot, category)
        listed = [{"voter": voter, "code": code} for voter, code in sorted(out.items())]
        need(told.get("left_out", []) == listed, "these are not the votes that are to be left out")
        votes = [vote for voter, vote in ballot.votes.items() if voter not in out]
        need(told["counted"] == len(votes), "this is not the number of votes that count")
        if len(votes) < ballot.quorum:
            need(told.get("code") == "quorum_missed" and "result" not in told, "the quorum was missed")
            return
        if any(vote is NotShown for vote in votes):
            raise NotShown("the choices of a secret ballot are not opened, so they cannot be counted again")
        ranked = sorted(vote for vote in votes if vote is not None)
        need(told.get("abstained") == len(votes) - len(ranked), "this is not the number of abstentions")
        result = count_votes(ballot.method, ballot.options, ranked)
        need(told.get("result") == result and "code" not in told, "the votes come to another result")

    def _left_out(self, ballot: Ballot, category: str) -> dict[str, str]:
        """The votes that do not count: voter -> why. Of one person's votes the last one counts."""
        out: dict[str, str] = {}
        seen: set[str] = set()
        asked = ballot.nominations or self._in_play(category)
        for voter in reversed([*ballot.votes]):
            if self._closed_to(voter, asked):
                out[voter] = "recused"
            elif voter in seen:
                out[voter] = "same_person"
            seen |= self._person(voter)
        return out

    def _now_decision_ballot_closed(self, event: Event) -> None:
        ballot = self.outcomes[event.stream].ballots[event.data["ballot"]]
        out = {one["voter"] for one in event.data.get("left_out", ())}
        ballot.closed, ballot.result = True, event.data.get("result")
        ballot.counted = [voter for voter in ballot.votes if voter not in out]
        ballot.votes = {}

    # The count.

    def _count(self, stage: str, category: str, seed: str | None) -> Counted:
        """Counted the reviews of a stage and category as they stand (docs/judging.md, sections 1 to 6)."""
        rules = self._stage(stage)
        standings = {
            key: self._case_standing(key, stage) for key, case in self.cases.items() if case.category == category
        }
        asked = {key: one for key, one in self.given.items() if one.stage == stage and one.nomination in standings}
        standings |= {key: self._review_standing(one, standings[one.nomination]) for key, one in asked.items()}
        nominations = [key for key, code in standings.items() if code == "counted" and key in self.cases]
        reviews = [
            (min(self._person(one.reviewer)), one.nomination, one.scores or {})
            for key, one in asked.items()
            if standings[key] == "counted"
        ]
        settled: dict[str, tuple[Sequence[str], Any]] = {}

        def settle(rung: str, tied: Sequence[str]) -> Any:
            found = seed if rung == "lot" else self._vote_on(stage, category, rung, tied)
            if found is not None:
                settled[rung] = (sorted(tied), found)
            return found

        made = ranking(rules, nominations, reviews, settle)
        standings |= {entry["nomination"]: entry["code"] for entry in made["unranked"]}
        return Counted(made, settled, standings, nominations, reviews)

    def _case_standing(self, nomination: str, stage: str) -> str:
        case, before = self.cases[nomination], self._stage_before(stage)
        listed = before is None or nomination in self.shortlists.get((before, case.category), ())
        return self._first_reason(
            withdrawn=case.withdrawn,
            nominee_declined=case.answer == "declined",
            ineligible=case.ruling == "ineligible",
            not_ruled=case.ruling is None,
            not_shortlisted=not listed,
        )

    def _review_standing(self, review: Given, nomination: str) -> str:
        return self._first_reason(
            recused=self._recused(review.nomination, review.reviewer),
            reviewer_declined=review.ended == "declined",
            voided=review.ended == "voided",
            not_submitted=review.ended == "lifted" or (review.ended is None and review.scores is None),
            nomination_left_out=nomination != "counted",
        )

    def _first_reason(self, **reasons: bool) -> str:
        return next((code for code in LEFT_OUT if reasons.get(code)), "counted")

    def _vote_on(self, stage: str, category: str, rung: str, tied: Sequence[str]) -> Any:
        """What the last vote on exactly this tie came to, if all its votes stand; `passed` where nobody may vote."""
        outcome = self.by_category.get(category)
        for ballot in reversed([*outcome.ballots.values()] if outcome else []):
            same = (ballot.stage, ballot.purpose) == (stage, rung) and sorted(ballot.options) == sorted(tied)
            if same and ballot.result is not None and self._votes_stand(ballot, tied):
                return ballot.result["order"]
        return None if self._electors(rung, stage, category, tied) else "passed"

    def _votes_stand(self, ballot: Ballot, tied: Sequence[str]) -> bool:
        persons = {self._person(voter) for voter in ballot.counted}
        return len(persons) == len(ballot.counted) and not any(self._closed_to(one, tied) for one in ballot.counted)

    def _cross_checks(self, stage: Mapping[str, Any], count: Counted) -> list[dict[str, Any]]:
        """Whom each cross-check names, with the same votes and lot, as far as its own ties are the same."""

        def settle(rung: str, tied: Sequence[str]) -> Any:
            asked, found = count.settled.get(rung, ((), None))
            return found if rung == "lot" or found == "passed" or asked == sorted(tied) else None

        told = []
        for method in stage.get("cross_checks", ()):
            made: dict[str, Any] = {"name": method["name"], "version": method["version"]}
            try:
                made["winners"] = winners(ranking(stage, count.nominations, count.reviews, settle, method))
            except TooManyOptions:
                made["code"] = "too_many_options"
            told.append(made)
        return told

    # Decisions.

    def _may_decision_proposed(self, event: Event, act: Sequence[Event]) -> None:
        outcome, stage = self._outcome(event), self._last_stage()
        need(outcome.phase in UNPROPOSED, "a decision is proposed or made already")
        need(event.data["stage"] == stage["id"], "it does not rest on the last stage")
        need(self.reviewing.get(stage["id"]) == "closed", "reviewing of the last stage is not closed")
        self._needs_open_to_panel(event, outcome.category)
        self._needs_appeals_settled(outcome.category)
        self._needs_basis(event, act)
        self._needs_method(event.data["method"], stage)
        seed = event.data.get("seed")
        committed = seed is None or hashlib.sha256(seed.encode()).hexdigest() == stage.get("lot")
        need(committed, "the seed of the lot is not the one that the rules commit to")
        count = self._count(stage["id"], outcome.category, seed or outcome.seed)
        need(
            (seed is not None) == (count.ranking["decided_by"] == "lot"),
            "a seed is told where the lot decides, and only there",
        )
        self._needs_clean(count)
        self._needs_inputs(event, count)
        self._needs_result(event, count, stage)
        self._needs_reasons(event, count)

    def _needs_basis(self, event: Event, act: Sequence[Event]) -> None:
        """Everything of the edition up to the act is within the basis, and the act is nothing but the proposal."""
        size = event.data["basis"]["size"]
        need(self._last < size, "lines of the edition come between the basis and the proposal")
        need(size <= act[0].index, "the basis is later than the proposal")
        need(
            all(one is event or self._entering(one) for one in act),
            "the proposal was recorded together with other acts",
        )

    def _needs_method(self, told: Mapping[str, Any], stage: Mapping[str, Any]) -> None:
        """The decision names the method of the rules, with their parameters; first of all, this program knows both."""
        for method in (stage["method"], told):
            if (method["name"], method["version"]) not in RANKINGS:
                raise UnknownRule(f"the method {method['name']!r}, version {method['version']!r}")
        run = {key: value for key, value in stage["method"].items() if key not in ("name", "version")}
        ranking(stage, [], [], lambda rung, tied: None)  # raises where it does not know a rung
        rubric = [{key: one[key] for key in ("id", "weight", "lead") if key in one} for one in stage["rubric"]]
        fixed = ("scale", "ties", "minimum_reviews", "cross_checks", "lot")
        parameters = {"rubric": rubric, **{key: stage[key] for key in fixed if key in stage}, **run}
        named = {"name": stage["method"]["name"], "version": stage["method"]["version"], "parameters": parameters}
        need(told == named, "it names another method, or other parameters, than the rules")

    def _needs_clean(self, count: Counted) -> None:
        """Nobody's review counts who has a part in the nomination, and nobody's twice."""
        pairs = [(person, nomination) for person, nomination, _ in count.reviews]
        need(len({*pairs}) == len(pairs), "two reviews of a nomination by one person count")
        bad = any(self._interested(nomination, person) for person, nomination in pairs)
        need(not bad, "a review counts of somebody who has a part in the nomination")

    def _needs_inputs(self, event: Event, count: Counted) -> None:
        """The digest over every stream of the edition, as it was before the act."""
        there = {
            stream: self._before.get(stream, version) for stream, (of, version) in self.streams.items() if of != "award"
        }
        listed = [(stream, version, count.standings.get(stream, "not_counted")) for stream, version in there.items()]
        made = inputs_digest([one for one in listed if one[1]])
        need(
            event.data["inputs"] == made, "what was counted is not what the log has up to the basis: the digest differs"
        )

    def _needs_result(self, event: Event, count: Counted, stage: Mapping[str, Any]) -> None:
        told = event.data
        computed = named_by(count.ranking, self.rules["runners_up"])  # type: ignore[index]
        need(told["decided_by"] == count.ranking["decided_by"], "the first place is decided by something else")
        given = told.get("computed") or (
            {name: told[name] for name in computed} if told["outcome"] == "awarded" else computed
        )
        need(given == computed, "the count gives other winners or runners-up")
        need(told.get("cross_checks", []) == self._cross_checks(stage, count), "the cross-checks name others")

    def _needs_reasons(self, event: Event, count: Counted) -> None:
        """People may depart from what was computed, never without a reason."""
        told = event.data
        computed = told.get("computed", {name: told[name] for name in ("winners", "runners_up")})
        winners, following = told["winners"], told["runners_up"]
        need(told["outcome"] in ("awarded", "withheld"), "it neither gives nor withholds the award")
        if told["outcome"] == "withheld":
            need(not winners and not following and told.get("code"), "to withhold names nobody, and a reason")
            need("override" not in told and "cross_check" not in told, "to withhold is no override")
            return
        need("open_tie" not in count.ranking, "the tie for the first place is open")
        need(winners, "nobody is to win")
        need(len({*winners, *following}) == len(winners) + len(following), "somebody is named twice")
        need({*winners, *following} <= count.candidates, "somebody is named whose nomination does not count")
        most = max(self.rules["runners_up"], len(computed["runners_up"]))  # type: ignore[index]
        need(len(following) <= most, "more runners-up are named than the rules have")
        reason = told.get("override", {}).get("code")
        need(
            bool(reason) == departs(computed, told),
            "it departs from the count without a reason, or the other way round",
        )
        others = any(
            {*one["winners"]} != {*computed["winners"]} for one in told.get("cross_checks", ()) if "winners" in one
        )
        explained = bool(told.get("cross_check", {}).get("code"))
        need(explained == others, "a cross-check names others and it is not explained, or the other way round")

    def _needs_appeals_settled(self, category: str) -> None:
        """No ruling of the category is under appeal, and what an appeal brought back came before the panel."""
        for case in self.cases.values():
            if case.category == category and case.appealed:
                need(not (case.appellants and case.stands and case.ruling == "ineligible"), "an appeal is open")
                late = [self.closed_at.get(one["id"], case.back_at) for one in self.rules["stages"]]  # type: ignore[index]
                judged = not case.back_at or all(moment(at) > moment(case.back_at) for at in late)
                need(judged or not case.eligible, "what an appeal brought back did not come before the panel")

    def _now_decision_proposed(self, event: Event) -> None:
        outcome = self._opened_outcome(event)
        kept = ("outcome", "winners", "runners_up", "computed", "cross_checks", "code", "text")
        outcome.proposal = {name: event.data[name] for name in kept if name in event.data}
        outcome.phase, outcome.proposer, outcome.approver = "proposed", doer(event), ""
        outcome.seed = event.data.get("seed")
        outcome.dissenters, outcome.ever_appealed, outcome.appellants = set(), set(), frozenset()

    def _needs_second(self, event: Event) -> Outcome:
        """Something is proposed, and who acts is another person than proposed, with no part in the category."""
        outcome = self.outcomes[event.stream]
        need(outcome.phase == "proposed", "nothing is proposed")
        need(
            outcome.proposer not in self._person(doer(event)), "it takes a second person, and who proposed is the first"
        )
        self._needs_open(event, outcome.category)
        return outcome

    def _may_decide(self, event: Event, decided: str) -> None:
        """As the second person agrees, the count still says what it said when it was proposed."""
        outcome, stage = self._needs_second(event), self._last_stage()
        proposal = outcome.proposal
        need(proposal["outcome"] == decided, "something else was proposed")
        self._needs_appeals_settled(outcome.category)
        closed = self._closed_to(outcome.proposer, self._in_play(outcome.category))
        need(not closed, "who proposed turned out to have a part in the category, or to be recused")
        count = self._count(stage["id"], outcome.category, outcome.seed)
        self._needs_clean(count)
        computed = named_by(count.ranking, self.rules["runners_up"])  # type: ignore[index]
        need(proposal.get("computed", computed) == computed, "the count says otherwise by now")
        checks = self._cross_checks(stage, count)
        need(proposal.get("cross_checks", checks) == checks, "a cross-check says otherwise by now")
        need({*proposal["winners"]} <= count.candidates, "a winner's nomination does not count any more")

    def _may_decision_approved(self, event: Event, act: Sequence[Event]) -> None:
        self._may_decide(event, "awarded")

    def _now_decision_approved(self, event: Event) -> None:
        outcome = self.outcomes[event.stream]
        outcome.phase, outcome.approver = event.topic.partition(".")[2], doer(event)

    def _may_decision_withheld(self, event: Event, act: Sequence[Event]) -> None:
        proposal = self.outcomes[event.stream].proposal
        self._may_decide(event, "withheld")
        same = all(event.data.get(name) == proposal.get(name) for name in ("code", "text"))
        need(event.data.get("code") and same, "it is withheld without a reason, or for another than was proposed")

    _now_decision_withheld = _now_decision_approved

    def _may_decision_returned(self, event: Event, act: Sequence[Event]) -> None:
        if event.data["actor"]["role"] == "secretariat":
            linking = any(one.topic == "edition.participants_linked" for one in act)
            need(linking and self.outcomes[event.stream].phase == "proposed", "nothing sends the proposal back")
        else:
            self._needs_second(event)

    def _now_decision_returned(self, event: Event) -> None:
        self.outcomes[event.stream].phase = "returned"

    def _may_decision_dissent_recorded(self, event: Event, act: Sequence[Event]) -> None:
        outcome = self.outcomes[event.stream]
        need(outcome.phase in ("proposed", "approved", "withheld"), "nothing is proposed, or it is announced")
        self._needs_open(event, outcome.category)
        need(self._person(doer(event)).isdisjoint(outcome.dissenters), "the dissent of this person is recorded")

    def _now_decision_dissent_recorded(self, event: Event) -> None:
        self.outcomes[event.stream].dissenters.add(doer(event))

    def _may_decision_appealed(self, event: Event, act: Sequence[Event]) -> None:
        outcome, who = self.outcomes[event.stream], principal(event)
        need(outcome.phase in DECIDED, "nothing is decided")
        self._needs_open_to_panel(event, outcome.category)
        need(
            who == doer(event) or event.data["actor"]["role"] == "secretariat", "only the secretariat writes for others"
        )
        need(not outcome.appellants, "an appeal is open")
        need(outcome.ever_appealed.isdisjoint(self._person(who)), "the same person appealed this before")

    def _now_decision_appealed(self, event: Event) -> None:
        outcome = self.outcomes[event.stream]
        outcome.appellants = frozenset({doer(event), principal(event)})
        outcome.ever_appealed.add(principal(event))

    def _may_decision_appeal_decided(self, event: Event, act: Sequence[Event]) -> None:
        outcome, upheld = self.outcomes[event.stream], event.data["outcome"] == "upheld"
        self._needs_open(event, outcome.category)
        self._needs_judge(event, outcome.appellants, () if upheld else {outcome.proposer, outcome.approver})
        reopens = any((one.topic, one.stream) == ("decision.reopened", event.stream) for one in act)
        need(reopens == (upheld and outcome.phase != "announced"), "an upheld appeal reopens what is not announced")

    def _now_decision_appeal_decided(self, event: Event) -> None:
        self.outcomes[event.stream].appellants = frozenset()

    def _may_decision_reopened(self, event: Event, act: Sequence[Event]) -> None:
        upheld = [one for one in act if (one.topic, one.stream) == ("decision.appeal_decided", event.stream)]
        need(upheld and upheld[0].index < event.index, "no appeal was upheld")
        need(self.outcomes[event.stream].phase in ("approved", "withheld"), "nothing is decided, or it is announced")

    def _now_decision_reopened(self, event: Event) -> None:
        self.outcomes[event.stream].phase = "reopened"

    # What follows.

    def _may_decision_announced(self, event: Event, act: Sequence[Event]) -> None:
        outcome, told = self.outcomes[event.stream], event.data
        need(outcome.phase == "approved", "the decision is not approved, or is announced already")
        need(not outcome.appellants, "an appeal is open")
        winners, following = ([one["nomination"] for one in told[name]] for name in ("winners", "runners_up"))
        same = sorted(winners) == sorted(outcome.proposal["winners"]) and following == outcome.proposal["runners_up"]
        need(same, "others are announced than were approved")
        for one in (*told["winners"], *told["runners_up"]):
            nominee = self.cases[one["nomination"]].nominee
            same = (one["participant"], one["kind"]) == (nominee["participant"], nominee["kind"])
            need(same, "somebody else is announced than the nominee")
        cited = all("citation" in one or self.erased(one["participant"], "public") for one in told["winners"])
        need(cited, "a citation is missing")
        need("embargo" not in told or moment(told["embargo"]) > moment(event.time), "the embargo ends before it begins")

    def _now_decision_announced(self, event: Event) -> None:
        outcome = self.outcomes[event.stream]
        outcome.phase, outcome.embargo = "announced", event.data.get("embargo")
        outcome.winners = {one["participant"] for one in event.data["winners"]}

    def _announced(self, event: Event, winners: Iterable[str]) -> Outcome:
        """The decision, which is announced and has these winners still."""
        outcome = self.outcomes[event.stream]
        need(outcome.phase == "announced", "nothing is announced")
        need({*winners} <= outcome.winners - outcome.revoked, "somebody is named who is no winner")
        from_sources = event.data["actor"]["role"] != "operator" or self.rules is None
        need(from_sources, "the operator records only what is from sources")
        return outcome

    def _may_decision_conferred(self, event: Event, act: Sequence[Event]) -> None:
        outcome = self._announced(event, event.data["winners"])
        need(outcome.conferred.isdisjoint(event.data["winners"]), "it was conferred before")
        over = outcome.embargo is None or moment(event.time) >= moment(outcome.embargo)
        need(over, "it is conferred before the embargo ends")

    def _now_decision_conferred(self, event: Event) -> None:
        self.outcomes[event.stream].conferred.update(event.data["winners"])

    def _may_decision_corrected(self, event: Event, act: Sequence[Event]) -> None:
        self._announced(event, [event.data["winner"]] if "winner" in event.data else [])

    def _may_decision_revocation_proposed(self, event: Event, act: Sequence[Event]) -> None:
        outcome = self._announced(event, [event.data["winner"]])
        self._needs_open_to_panel(event, outcome.category)
        need(
            event.data["winner"] not in outcome.revocations and event.data["code"],
            "it is proposed already, or no reason",
        )

    def _now_decision_revocation_proposed(self, event: Event) -> None:
        self.outcomes[event.stream].revocations[event.data["winner"]] = doer(event)

    def _may_decision_revoked(self, event: Event, act: Sequence[Event]) -> None:
        outcome = self._announced(event, [event.data["winner"]])
        self._needs_open(event, outcome.category)
        proposer = outcome.revocations.get(event.data["winner"])
        need(proposer, "no revocation is proposed")
        need(proposer not in self._person(doer(event)), "it takes a second person, and who proposed is the first")

    def _now_decision_revoked(self, event: Event) -> None:
        self.outcomes[event.stream].revoked.add(event.data["winner"])

    def _may_decision_honour_recorded(self, event: Event, act: Sequence[Event]) -> None:
        need(self.rules is None, "an edition that is run here has no winners from sources")
        need(self._outcome(event).phase in ("", "announced"), "something is proposed")
        need({*event.data["sources"]} <= self.sources, "it cites what the edition was not recorded from")

    def _now_decision_honour_recorded(self, event: Event) -> None:
        outcome = self._opened_outcome(event)
        outcome.phase = "announced"
        outcome.winners.add(event.data["winner"]["participant"])


# === 4. The bundle, and what comes of it =============================================================================

BLOCK = 1 << 18
LONGEST_DISCLOSURE = 1 << 24
MOST_FILES = 2_000_000
LATE = timedelta(hours=1)
"""By how much a line may be recorded after what is dated later. Its time is that of arrival: it may be decided again
after others moved its stream, and the clocks of servers differ.
"""
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
    VERIFIED: "everything holds, and witnesses of your policy saw all that is shown",
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


RULES = "data/rules/rules.json"


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
    for (index, line), state, data, place in zip(lines, states, parse(states), envelopes, strict=True):
        stream, version, subject, time, topic, form = place
        datetime.fromisoformat(time)  # there is such a day
        if time != data.get("time") or subject != data.get("edition", data.get("award")):
            raise ValueError("its time or its subject is not that of its data")
        sealed = references(data) if '"sd":' in state else ()
        event = Event(index, stream, int(version), topic, time, data, length=len(line))
        found.append((event, form, sealed))
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
        self._length = 0
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
            self._length = len(line)
        except ValueError as error:
            raise self.wrong(str(error)) from None
        if self._sd != told["sd"]:
            raise self.wrong(f"its digest is not {told['sd']}")
        self.leaf = told["leaf"]

    def wrong(self, text: str) -> Wrong:
        """That the value which was read last is wrong."""
        index = None if self.leaf == -1 else self.leaf
        return Wrong(f"line {self._number} of {DISCLOSURES}: {text}", index)

    def of(self, index: int, sealed: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], int]:
        """What is opened of the sealed values of a line, by digest, and how long the disclosures are."""
        wanted = Counter(reference["sd"] for reference in sealed)
        found, length = {}, 0
        while self.leaf is not None and self.leaf <= index:
            if self.leaf < index or not wanted[self._sd]:
                raise self.wrong(f"line {self.leaf + 1} of {EVENTS} does not refer to this value")
            wanted[self._sd] -= 1
            found[self._sd] = self._value
            length += self._length
            self._next()
        return found, length


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
        self.history = History(self.edition, self.whole)
        self.disclosures = Disclosures(bag)
        self.tree = Tree(self._check_tile)
        self._envelope = envelope_of(self.head.origin)
        self._tiles = 0
        self._streams: dict[str, tuple[int, str]] = {}
        self._latest = ""
        """The greatest time so far."""
        self._award: str | None = None
        self._shown = 0
        self._last_shown = self._witnessed = -1
        """The last line that is shown; and over how many events is the largest checkpoint that enough witnesses saw."""
        self._cosigned: Mapping[Key, int | None] = {}
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
        self._last_shown = index
        opened, length = dict[str, Any](), 0
        if sealed or (self.disclosures.leaf is not None and self.disclosures.leaf <= index):
            opened, length = self.disclosures.of(index, sealed)
            self._count(event, sealed, opened)
        if form != "1":
            text = f"{event.topic} has the form {form}, which this program does not know"
            self.report.take(Finding(UNKNOWN_METHOD, index, text))
            return
        if event.topic == "decision.ballot_closed":  # from here on its choices have to be opened
            self._closed.add(str(event.data.get("ballot")))
        elif event.topic == "decision.proposed":
            self._check_basis(event)
            if "seed" in event.data:  # and from here on that of the lot
                self._told_lots.add(str(event.data.get("stage")))
        elif event.topic == "decision.vote_cast" and opened:  # of all values, choices are what is counted
            event = replace(event, opened=opened, length=event.length + length)
        self._recount(index, event)

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
        version, before = self._streams.get(event.stream, (0, kind))
        if kind != before:
            raise ValueError(f"it is of a {kind}, and its stream is of a {before}")
        if event.version <= version or (self.whole and event.version > version + 1):
            missing = "from the beginning" if version == 0 else f"after version {version}"
            raise ValueError(f"version {event.version} of its stream does not follow {missing}")
        if event.time > self._latest:
            self._latest = event.time
        elif event.time < self._latest and moment(self._latest) - moment(event.time) > LATE:
            raise ValueError(f"it is dated back: more than an hour before a line above it, of {self._latest}")
        self._streams[event.stream] = (event.version, kind)

    def _check_award(self, award: Any) -> None:
        if type(award) is not str or (self._award or award) != award:
            raise ValueError("it is of another award than the edition, or of none")
        self._award = award

    def _recount(self, index: int, event: Event | None = None) -> None:
        try:
            for finding in self.history.take(event) if event else self.history.end():
                self.report.take(finding)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise Wrong(f"a state is not one of its topic ({type(error).__name__}: {error})", index) from None

    def _check_basis(self, event: Event) -> None:
        """That the log had the root then on which a decision says it rests."""
        told = event.data.get("basis")
        basis = told if type(told) is dict else {}
        size = basis.get("size")
        if type(size) is not int or not 0 < size <= event.index:
            self.report.take(Finding(DOES_NOT_FOLLOW, event.index, f"{event.topic}: its basis is no log before it"))
        elif self._root_at(size).hex() != basis.get("root"):
            text = f"{event.topic}: the root of its basis is not the one that the log had at {size} events"
            self.report.take(Finding(DOES_NOT_FOLLOW, event.index, text))

    def _root_at(self, size: int) -> bytes:
        """The root of the log as it was, from the tiles: each is compared with the lines by the end."""
        found, level = b"", 0
        while size >> (8 * level):
            number, width = divmod(size >> (8 * level), WIDTH)
            if width:
                full = min(WIDTH, (self.head.size >> (8 * level)) - number * WIDTH)
                tile = self.bag.read(f"data/{tile_name(level, number, full)}")
                found = folded(tile[: width * HASH] + found)
            level += 1
        return found

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
        if earlier.root != self.tree.root(last):
            raise Wrong(
                f"{name} does not begin this log: something among its first {size} lines is not what was signed"
            )
        if self._is_signed(earlier, name):
            self._note_witnesses(earlier, name)
        else:
            self.report.facts["earlier_of_other_keys"] = self.report.facts.get("earlier_of_other_keys", 0) + 1

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
        self._recount(self.head.size - 1)
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
        unproved = []
        for name in sorted(self.bag.unread):
            if name.startswith(("data/tile/", "data/proofs/", "data/checkpoints/")):
                raise Wrong(f"{name} is none of a tree of {self.head.size} leaves")
            if name == RULES and self.whole:
                self._check_rules()
                continue
            if not name.startswith(("data/anchors/", "data/vkey")):
                unproved.append(name.removeprefix("data/"))
            self.bag.pass_over(name)
        self.report.tell("not proved", f"{', '.join(unproved) or 'nothing'}: for reading, whoever put it there")

    def _check_rules(self) -> None:
        """What the service tells of the rules is what the lines say."""
        try:
            told = json.loads(self.bag.read(RULES))
        except (ValueError, RecursionError):
            told = None
        if told != self.history.rules:
            raise Wrong(f"{RULES} has other rules than the lines")

    def _note_witnesses(self, checkpoint: Checkpoint, name: str) -> Mapping[Key, int | None]:
        """Which witnesses of the policy cosigned a checkpoint of this log, and when; enough of them are kept."""
        policy = self.brought.policy or Policy()
        try:
            signed = checkpoint.signed_by(key for key in policy.witnesses.values() if key.kind == WITNESS_KEY)
        except ValueError as error:
            raise Wrong(f"{name}: {error}") from None
        if policy.is_met(signed):
            self._witnessed, self._cosigned = checkpoint.size, signed
        return signed

    def _check_policy(self) -> bool:
        """Whether enough witnesses saw every line that is shown, by the newest checkpoint or one from before."""
        if self.brought.policy is None or self.brought.policy.quorum == "none":
            self.report.tell("witnesses", "you brought no policy that asks for any")
            return False
        newest = self._note_witnesses(self.head, "data/checkpoint")
        cosigned = self._cosigned or newest
        met = self._witnessed > self._last_shown
        names = ", ".join(f"{key.name} at {_moment(when)}" for key, when in cosigned.items()) or "nobody"
        seen = f" up to line {self._witnessed}" if self._cosigned else ""
        said = "met" if met else "not met for the lines after that" if self._cosigned else "not met"
        self.report.tell("witnesses", f"cosigned{seen} by {names}: your policy is {said}")
        self.report.facts |= {"cosigned": {key.name: when for key, when in cosigned.items()}}
        self.report.facts |= {"policy_met": met, "witnessed": max(self._witnessed, 0)}
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
        known = self._agreed or self._witnessed > 0  # what witnesses saw is a head from elsewhere than the bundle
        brought = VERIFIED if met else UNWITNESSED if known else NO_KNOWN_HEAD
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
