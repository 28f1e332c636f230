"""Ciphers from keys, and the cache that keeps them: what stands between the key store's rows and sealed values."""

from __future__ import annotations

import enum
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

About = tuple[tuple[str, ...], str]
"""The ids that one value is about, sorted, and its class."""


class Absent(enum.Enum):
    """Not in the cache, where None means erased."""

    ABSENT = enum.auto()


ABSENT: Final = Absent.ABSENT


class Ciphers:
    """The least recently used go first. What was looked up before a drop is not kept after it."""

    def __init__(self, limit: int) -> None:
        self.epoch = 0
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[About, AESGCM | None] = OrderedDict()

    def get(self, about: About) -> AESGCM | Literal[Absent.ABSENT] | None:
        with self._lock:
            try:
                self._kept.move_to_end(about)
            except KeyError:
                return ABSENT
            return self._kept[about]

    def put(self, about: About, cipher: AESGCM | None, epoch: int) -> None:
        with self._lock:
            if epoch == self.epoch:
                self._kept[about] = cipher
                if len(self._kept) > self._limit:
                    self._kept.popitem(last=False)

    def drop(self) -> None:
        with self._lock:
            self.epoch += 1
            self._kept.clear()


def derive(key: bytes, info: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt: the input is uniformly random."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(key)


def cipher_for(of: tuple[str, ...], cls: str, keys: Sequence[bytes | None]) -> AESGCM | None:
    """One id: its key. Several: derived from all of theirs, so that the erasure of any one closes the value."""
    if not keys:
        raise ValueError("a sealed value is about at least one id")
    known = [key for key in keys if key is not None]
    if len(known) < len(keys):
        return None
    if len(known) == 1:
        return AESGCM(known[0])
    return AESGCM(derive(b"".join(known), f"awards/sealed/{cls}/{'/'.join(of)}".encode()))
