"""A BagIt bag (RFC 8493) in a zip whose bytes follow from what is put in: stored, names sorted, times fixed.

The files are written one after another to a file that can be sought in; of each no more is kept than its name and hash.
The zip's directory lists them by name, whatever the order in which they were written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

PAYLOAD = "data/"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell."""

UNIX, MODE = 3, 0o100644
LARGE = 2**31
"""What may grow beyond this is written with zip64's sizes from the start."""

Write = Callable[[bytes], object]


class Bag:
    """A bag that is being filled."""

    def __init__(self, out: BinaryIO, folder: str) -> None:
        self._zip = ZipFile(out, "w", ZIP_STORED)
        self._folder = folder
        self._hashes: dict[str, str] = {}
        self._octets = 0

    @contextmanager
    def writing(self, path: str, *, large: bool = True) -> Iterator[Write]:
        """Write a file piece by piece."""
        info = ZipInfo(f"{self._folder}/{path}", EPOCH)
        info.create_system, info.external_attr = UNIX, MODE << 16
        digest, octets = sha256(), 0

        with self._zip.open(info, "w", force_zip64=large) as file:

            def write(data: bytes) -> None:
                nonlocal octets
                file.write(data)
                digest.update(data)
                octets += len(data)

            yield write
        self._hashes[path] = digest.hexdigest()
        if path.startswith(PAYLOAD):
            self._octets += octets

    def add(self, path: str, content: bytes) -> None:
        """Write a whole file."""
        with self.writing(path, large=len(content) >= LARGE) as write:
            write(content)

    def close(self, facts: Iterable[tuple[str, str]]) -> str:
        """Write the tag files, with these facts about the bag, and end the zip; gives the hash of all there is in it,
        hexadecimal.
        """
        payload = self._manifest()
        told = [*facts, ("Payload-Oxum", f"{self._octets}.{len(self._hashes)}")]
        self._hashes.clear()
        self.add("bag-info.txt", "".join(f"{label}: {value}\n" for label, value in told).encode())
        self.add("bagit.txt", DECLARATION)
        self.add("manifest-sha256.txt", payload)
        tags = self._manifest()
        self.add("tagmanifest-sha256.txt", tags)
        self._zip.filelist.sort(key=lambda info: info.filename)
        self._zip.close()
        return sha256(f"{self._folder}\n".encode() + tags).hexdigest()

    def abandon(self) -> None:
        """End it unfinished; nothing more is written, also not when it is collected."""
        self._zip.fp = None

    def _manifest(self) -> bytes:
        return "".join(f"{digest}  {path}\n" for path, digest in sorted(self._hashes.items())).encode()
