"""Writes bundles (docs/bundle.md) from lines, so that a test can tamper with any of it and make the rest fit again.

A bundle is a folder here, and is sealed by its manifests at the end: change a file, seal, and the bag is whole. Nothing
is held in memory but the hashes of the leaves, so that the bench writes a large one by the same code.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from awards.ledger.canonical import canonical
from awards.ledger.notes import Head, Signer, sign
from awards.ledger.receipts import Receipt
from awards.ledger.tiles import WIDTH, path_of
from awards.ledger.tree import inclusion, leaf_hash, root

ORIGIN = "log.example/awards"
EDITION, AWARD = "7ba6e8c6-9fe8-5640-aed5-5efe01ff1577", "130dcab0-d841-596e-8bc2-f023cb017d7f"


def line(topic: str, version: int = 1, *, stream: str = AWARD, at: str | None = None, **data: Any) -> bytes:
    """A line of the log; of the award unless its data names an edition."""
    time = at or f"2026-03-02T17:{version // 60 % 60:02}:{version % 60:02}.123456Z"
    owner = data.get("edition") or data.setdefault("award", AWARD)
    state = {"actor": {"id": AWARD, "kind": "operator"}, "nonce": "40" * 16, "time": time, **data}
    state.setdefault("correlation", f"{stream[:8]}-{version}")  # each an act of its own
    told = {"data": state, "id": f"{stream}/{version}", "source": ORIGIN, "specversion": "1.0"}
    return canonical({**told, "subject": owner, "time": time, "type": f"{topic}.v1"})


def revised(versions: Iterable[int], **data: Any) -> list[bytes]:
    """Lines of the award: they need no history."""
    return [line("award.revised", version, name={"en": f"Number {version}"}, **data) for version in versions]


def hidden(given: bytes) -> bytes:
    """A line as it stands outside the bundle's scope."""
    return canonical({"leaf": leaf_hash(given).hex()})


def sealed(value: Any, *, of: Sequence[str] = (AWARD,), cls: str = "case") -> tuple[dict[str, Any], str]:
    """The reference to a sealed value, and the disclosure that opens it."""
    salt = base64.urlsafe_b64encode(hashlib.sha256(canonical([value])).digest()).decode().rstrip("=")
    disclosure = base64.urlsafe_b64encode(canonical([salt, "name", value])).decode().rstrip("=")
    digest = base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode()).digest()).decode().rstrip("=")
    return {"sd": digest, "of": list(of), "class": cls}, disclosure


def opened(leaf: int, disclosure: str, sd: str | None = None) -> bytes:
    """A line of the disclosures."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode()).digest()).decode().rstrip("=")
    return canonical({"disclosure": disclosure, "leaf": leaf, "sd": sd or digest})


@dataclass
class Bundle:
    """A bundle in a folder, and the key that signs its checkpoints."""

    folder: Path
    profile: str = "auditor"
    signer: Signer = field(default_factory=lambda: Signer.make(ORIGIN))
    leaves: list[bytes] = field(default_factory=list)
    edition: str = EDITION
    origin: str = ORIGIN

    def write(self, lines: Iterable[bytes], disclosures: Iterable[bytes] = ()) -> Bundle:
        """All of it, the lines as they are to stand there, and sealed."""
        self.leaves = []
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        with self.file("data/events.jsonl").open("wb") as file:
            for one in lines:
                only = one.startswith(b'{"leaf":"')
                self.leaves.append(bytes.fromhex(json.loads(one)["leaf"]) if only else leaf_hash(one))
                file.write(one + b"\n")
        with self.file("data/disclosures.jsonl").open("wb") as file:
            file.writelines(one + b"\n" for one in disclosures)
        self.file("data/vkey").write_text(f"{self.signer.verifier}\n")
        self.write_tiles()
        self.sign()
        return self.seal()

    def file(self, name: str) -> Path:
        """A file of the bundle."""
        return self.folder / name

    def put(self, name: str, content: bytes | str) -> Bundle:
        """Replace or add a file, and seal."""
        self.file(name).parent.mkdir(parents=True, exist_ok=True)
        self.file(name).write_bytes(content.encode() if isinstance(content, str) else content)
        return self.seal()

    def lines(self) -> list[bytes]:
        """The lines that stand there."""
        return self.file("data/events.jsonl").read_bytes().splitlines()

    def write_tiles(self) -> None:
        """The tiles of the leaves."""
        level, hashes = 0, self.leaves
        while hashes:
            for number in range(-(-len(hashes) // WIDTH)):
                tile = hashes[number * WIDTH : (number + 1) * WIDTH]
                partial = f".p/{len(tile)}" if len(tile) < WIDTH else ""
                path = self.file(f"data/tile/{level}/{path_of(number)}{partial}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"".join(tile))
            full = len(hashes) // WIDTH
            hashes = [root(hashes[number * WIDTH : (number + 1) * WIDTH]) for number in range(full)]
            level += 1

    def head(self, size: int | None = None) -> Head:
        """The head over the first leaves."""
        leaves = self.leaves if size is None else self.leaves[:size]
        return Head(self.origin, len(leaves), root(leaves))

    def note(self, size: int | None = None, *, signer: Signer | None = None) -> str:
        """The signed checkpoint over the first leaves."""
        return sign(self.head(size).text(), [signer or self.signer])

    def sign(self) -> None:
        """Sign what is there."""
        self.file("data/checkpoint").write_text(self.note())

    def receipt(self, index: int, extra: bytes = b"", size: int | None = None) -> str:
        """A receipt of a leaf, under the checkpoint over the first leaves."""
        leaves = self.leaves if size is None else self.leaves[:size]

        def node(level: int, number: int) -> bytes:
            return root(leaves[number << level : (number + 1) << level])

        return Receipt(index, inclusion(index, len(leaves), node), self.note(size).encode(), extra).text()

    def seal(self, **info: str) -> Bundle:
        """Write the tag files and manifests anew."""
        payload = sorted(path for path in self.file("data").rglob("*") if path.is_file())
        octets = sum(path.stat().st_size for path in payload)
        told = {
            "Awards-Edition": self.edition,
            "Awards-Origin": self.origin,
            "Awards-Size": str(len(self.leaves)),
            "Awards-Profile": self.profile,
            "Bagging-Date": "2026-03-02",
            "Payload-Oxum": f"{octets}.{len(payload)}",
        } | {name.replace("_", "-"): value for name, value in info.items()}
        self.file("bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        self.file("bag-info.txt").write_text("".join(f"{name}: {value}\n" for name, value in told.items()))
        self._manifest("manifest-sha256.txt", payload)
        tags = [self.file(name) for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")]
        self._manifest("tagmanifest-sha256.txt", tags)
        return self

    def _manifest(self, name: str, files: Sequence[Path]) -> None:
        with self.file(name).open("w") as file:
            for path in files:
                with path.open("rb") as content:
                    digest = hashlib.file_digest(content, "sha256").hexdigest()
                file.write(f"{digest}  {path.relative_to(self.folder).as_posix()}\n")

    def zip(self, path: Path) -> Path:
        """The bundle as it is given out."""
        top = f"{self.edition}-{len(self.leaves)}-{self.profile}"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for file in sorted(self.folder.rglob("*")):
                if file.is_file():
                    archive.write(file, f"{top}/{file.relative_to(self.folder).as_posix()}")
        return path
