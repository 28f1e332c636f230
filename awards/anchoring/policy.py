"""The policy (C2SP `tlog-policy`): who the witnesses are, where they are asked, and how many must have cosigned.

The same file serves an auditor. Its `log` lines are for whoever verifies, and are only read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from awards.anchoring.cosignatures import Cosigner
from awards.ledger.notes import BadNote, Verifier

MOST = 90
"""Witnesses and groups; the specification asks for 32 of each, and a note has room for 100 signatures."""

LONGEST = 100_000

NONE = "none"


class BadPolicy(ValueError):
    """The policy is not what the specification says; names the line."""


@dataclass(frozen=True)
class Witness:
    """A witness: its name in the policy, its key, and the address it is asked at, None if it is not asked."""

    name: str
    key: Cosigner
    url: str | None


@dataclass
class Policy:
    """Who has to cosign a checkpoint."""

    witnesses: dict[str, Witness] = field(default_factory=dict)
    logs: list[Verifier] = field(default_factory=list)
    _groups: dict[str, tuple[int, Sequence[str]]] = field(default_factory=dict)
    _members: set[str] = field(default_factory=set)
    _quorum: str | None = None

    @classmethod
    def load(cls, path: Path) -> Self:
        """From a file; raises `BadPolicy`."""
        try:
            with path.open("rb") as file:
                data = file.read(LONGEST + 1)
        except OSError as problem:
            raise BadPolicy(f"{path} cannot be read: {problem.strerror}") from None
        return cls.read(data)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """From the bytes of a file; raises `BadPolicy`. Names are compared byte by byte."""
        if len(data) > LONGEST or any((byte < 32 and byte not in b"\t\n") or byte == 127 for byte in data):
            raise BadPolicy("a policy is a short text without control characters")
        policy = cls()
        for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
            words = line.replace("\t", " ").split(" ")
            items = [word for word in words if word]
            if items and not items[0].startswith("#"):
                try:
                    policy._take(*items)
                except (BadNote, BadPolicy, TypeError) as problem:
                    told = "it has too few items or too many" if isinstance(problem, TypeError) else problem
                    raise BadPolicy(f"line {number}: {told}") from None
        if policy._quorum is None:
            raise BadPolicy("there is no quorum line")
        return policy

    def met(self, cosigned_by: Iterable[str]) -> bool:
        """Whether witnesses of these names are enough."""
        return self._quorum == NONE or self._witnessed(str(self._quorum), set(cosigned_by))

    def _witnessed(self, name: str, by: set[str]) -> bool:
        if name in self.witnesses:
            return name in by
        least, members = self._groups[name]
        return sum(self._witnessed(member, by) for member in members) >= least

    def _take(self, kind: str, *items: str) -> None:
        kinds: dict[str, Callable[..., None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._take_quorum,
        }
        if kind not in kinds:
            raise BadPolicy("a line begins with log, witness, group or quorum")
        kinds[kind](*items)

    def _log(self, vkey: str, _url: str = "") -> None:
        log = Verifier.read(vkey)
        if log.public in {other.public for other in self.logs}:
            raise BadPolicy("this log is named twice")
        self.logs.append(log)

    def _witness(self, name: str, vkey: str, url: str | None = None) -> None:
        key = Cosigner.read(vkey)
        if url is not None and (not usable(url) or "?" in url):
            raise BadPolicy("the address of a witness looks like https://witness.example.org")
        if key.public in {other.key.public for other in self.witnesses.values()}:
            raise BadPolicy("this witness is named twice")
        self._name(name)
        self.witnesses[name] = Witness(name, key, url.rstrip("/") if url else None)

    def _group(self, name: str, least: str, first: str, *others: str) -> None:
        members = (first, *others)
        for member in members:
            self._require_known(member)
            if member in self._members:
                raise BadPolicy(f"{_plain(member)} is a member twice")
            self._members.add(member)
        told = {"any": "1", "all": str(len(members))}.get(least, least)
        if not (told.isascii() and told.isdigit() and not told.startswith("0") and len(told) < 10):
            raise BadPolicy("a group has all, any, or a number of its members")
        if int(told) > len(members):
            raise BadPolicy("a group asks for more members than it has")
        self._name(name)
        self._groups[name] = int(told), members

    def _take_quorum(self, name: str) -> None:
        if self._quorum is not None:
            raise BadPolicy("there is a second quorum line")
        if name != NONE:
            self._require_known(name)
        self._quorum = name

    def _name(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self._groups:
            raise BadPolicy(f"the name {_plain(name)} is taken")
        if len(self.witnesses) + len(self._groups) >= MOST:
            raise BadPolicy(f"there are more than {MOST} witnesses and groups")

    def _require_known(self, name: str) -> None:
        if name not in self.witnesses and name not in self._groups:
            raise BadPolicy(f"no line before defines {_plain(name)}")


def usable(url: str) -> bool:
    """Whether it is the address of a web service that can be asked."""
    try:
        parts = urlsplit(url)
        plain = url.isascii() and url.isprintable() and " " not in url and not parts.fragment and parts.username is None
        return plain and bool(parts.hostname) and parts.port != 0 and parts.scheme in {"http", "https"}
    except ValueError:
        return False


def _plain(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
