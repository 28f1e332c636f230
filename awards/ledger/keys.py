"""The key store: a key per id and class, in a database of its own, wrapped by a key file (design of the log, item 7).

Sealed values are erased by destroying their keys, so keys have other backups than the log and a store apart. Two
promises: a key is durable before the transaction that uses it, therefore ids are minted together with their keys, in
batches ahead of need; and an erased key stays as a tombstone that is never provisioned again. Ciphers are cached; an
erasure by another process is heeded within `HEED_EVERY` seconds.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from awards.domain.values import instant
from awards.ledger.ciphers import ABSENT, About, Ciphers, cipher_for, derive
from awards.ledger.key_file import KeyStoreError, make_key_file, read_key_file
from awards.ledger.key_tables import open_key_tables

CLASSES = ("case", "public", "account", "ballot")
"""What a value is for: deliberation, publication, sign-in and contact, a secret choice. Each is erased on its own."""

PARTICIPANT, SUBJECT, BALLOT = ("case", "public"), ("account",), ("ballot",)
"""The classes that values about a participant of an edition have, about a subject elsewhere, and about a ballot."""

BATCH = 64
"""Ids minted in one commit: a thousandth of a second of disk, shared by so many."""

HEED_EVERY = 1.0
"""Seconds for which a process may go on using what another has erased."""

CACHED = 8192
"""Ciphers kept, at most 2.7 kB each."""

BURY = (
    "INSERT INTO keys (id, class, wrapped, erased_at) VALUES (?, ?, NULL, ?) ON CONFLICT (id, class) "
    "DO UPDATE SET wrapped = NULL, erased_at = excluded.erased_at WHERE keys.erased_at IS NULL"
)

Pair = tuple[str, str]
"""An id and a class."""


class WrongKeyFile(KeyStoreError):
    """The keys in this store were wrapped by another key file."""


class UnknownKey(KeyStoreError):
    """There has never been a key for this id and class."""


class DamagedKey(KeyStoreError):
    """A wrapped key was changed, or moved to another id or class."""


class UsedAfterFork(KeyStoreError):
    """A key store belongs to the process that opened it: a copy would hand out the same ids."""


class KeyStore:
    """Keys by id and class. Safe to share between threads."""

    def __init__(self, url: str, key_file: Path) -> None:
        self._process = os.getpid()
        self._minting = threading.Lock()
        self._ready: defaultdict[tuple[str, ...], deque[str]] = defaultdict(deque)
        self._cache = Ciphers(CACHED)
        self._secrets: dict[str, bytes] = {}
        self._tables = open_key_tables(url)
        try:
            self._key = self._claim(key_file)
            self._wrapping = AESGCM(derive(self._key, b"awards/wrap"))
            self._erasures = self._count_erasures()
        except BaseException:
            self._tables.close()
            raise
        self._heed_again = time.monotonic() + HEED_EVERY

    def mint(self, classes: tuple[str, ...] = CLASSES) -> str:
        """A new random id (UUIDv4) whose keys of these classes are durable already."""
        if os.getpid() != self._process:
            raise UsedAfterFork("open the key store in the process that uses it")
        while True:
            try:
                return self._ready[classes].popleft()
            except IndexError:
                self._refill(classes)

    def mint_ahead(self, count: int, classes: tuple[str, ...] = CLASSES) -> None:
        """Have so many ids ready, in one commit rather than many."""
        missing = count - len(self._ready[classes])
        if missing > 0:
            with self._minting:
                self._make(classes, missing)

    def get(self, id: str, cls: str) -> bytes | None:
        """The key as stored now; None when erased."""
        return self.get_many([(id, cls)])[id, cls]

    def get_many(self, pairs: Iterable[Pair]) -> dict[Pair, bytes | None]:
        """The keys as stored now, one query per 500 ids; None when erased, `UnknownKey` when one never was."""
        wanted = set(pairs)
        ids = sorted({id for id, _ in wanted})
        found: dict[Pair, bytes | None] = {}
        for start in range(0, len(ids), 500):
            chunk = ids[start : start + 500]
            marks = ",".join("?" * len(chunk))
            for id, cls, wrapped in self._tables.rows(
                f"SELECT id, class, wrapped FROM keys WHERE id IN ({marks})",  # noqa: S608
                chunk,
            ):
                if (id, cls) in wanted:
                    found[id, cls] = None if wrapped is None else self._unwrap(id, cls, wrapped)
        if len(found) < len(wanted):
            raise UnknownKey(f"no key for {sorted(wanted - found.keys())[0]}, and no tombstone")
        return found

    def cipher(self, of: tuple[str, ...], cls: str) -> AESGCM | None:
        """The cipher for values about these ids (sorted); None when any of them is erased."""
        self._heed_erasures()
        cached = self._cache.get((of, cls))
        return self.ciphers([(of, cls)])[of, cls] if cached is ABSENT else cached

    def ciphers(self, wanted: Iterable[About]) -> dict[About, AESGCM | None]:
        """The same for many at once."""
        self._heed_erasures()
        epoch = self._cache.epoch
        found: dict[About, AESGCM | None] = {}
        missing: list[About] = []
        for about in set(wanted):
            cached = self._cache.get(about)
            if cached is ABSENT:
                missing.append(about)
            else:
                found[about] = cached
        if missing:
            keys = self.get_many((id, cls) for of, cls in missing for id in of)
            for of, cls in missing:
                found[of, cls] = cipher = cipher_for(of, cls, [keys[id, cls] for id in of])
                self._cache.put((of, cls), cipher, epoch)
        return found

    def erase(self, id: str, classes: Sequence[str], at: datetime) -> None:
        """Destroy keys for good; a tombstone with the time stays. Safe to repeat."""
        self.erase_all([(id, cls) for cls in classes], at)

    def erase_all(self, pairs: Iterable[Pair], at: datetime) -> None:
        """The same for keys of several ids."""
        self._tables.write(
            (BURY, [(id, cls, instant(at)) for id, cls in sorted(pairs)]),
            ("UPDATE key_store SET erasures = erasures + ?", [(1,)]),
        )
        self._cache.drop()
        self._tables.scrub()

    def tombstones(self) -> frozenset[Pair]:
        """Every key that was destroyed."""
        return frozenset((id, cls) for id, cls in self._tables.rows("SELECT id, class FROM keys WHERE wrapped IS NULL"))

    def secret(self, label: str) -> bytes:
        """32 bytes for the service's own use (HMACs, ETags), the same in every process with this key file."""
        if label not in self._secrets:
            self._secrets[label] = derive(self._key, b"awards/secret/" + label.encode())
        return self._secrets[label]

    def close(self) -> None:
        """Let the database go; ids minted and not used are never used."""
        self._tables.close()

    def _claim(self, path: Path) -> bytes:
        """Read the key file, made now if this store has never had one; refuse one that wrapped other keys."""
        known = self._tables.rows("SELECT fingerprint FROM key_store")
        if not known:
            make_key_file(path)
        key = read_key_file(path)
        mine = _fingerprint(key)
        if not known:
            self._tables.write(
                (
                    "INSERT INTO key_store (one, fingerprint, erasures) VALUES (1, ?, 0) ON CONFLICT DO NOTHING",
                    [(mine,)],
                )
            )
            known = self._tables.rows("SELECT fingerprint FROM key_store")
        if known != [(mine,)]:
            raise WrongKeyFile(f"the keys in this store were wrapped by another key file than {path}")
        return key

    def _refill(self, classes: tuple[str, ...]) -> None:
        with self._minting:
            if not self._ready[classes]:
                self._make(classes, BATCH)

    def _make(self, classes: tuple[str, ...], count: int) -> None:
        ids = [str(uuid.uuid4()) for _ in range(count)]
        keys = {(id, cls): AESGCM.generate_key(256) for id in ids for cls in classes}
        epoch = self._cache.epoch
        wrapped = [(id, cls, self._wrap(id, cls, key)) for (id, cls), key in keys.items()]
        self._tables.write(("INSERT INTO keys (id, class, wrapped) VALUES (?, ?, ?)", wrapped))
        for (id, cls), key in keys.items():
            self._cache.put(((id,), cls), AESGCM(key), epoch)
        self._ready[classes].extend(ids)

    def _wrap(self, id: str, cls: str, key: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._wrapping.encrypt(nonce, key, f"{id}/{cls}".encode())

    def _unwrap(self, id: str, cls: str, wrapped: bytes) -> bytes:
        try:
            return self._wrapping.decrypt(wrapped[:12], wrapped[12:], f"{id}/{cls}".encode())
        except InvalidTag:
            raise DamagedKey(f"the key of {id}, {cls}, is not as it was wrapped") from None

    def _count_erasures(self) -> int:
        return int(self._tables.rows("SELECT erasures FROM key_store")[0][0])

    def _heed_erasures(self) -> None:
        now = time.monotonic()
        if now < self._heed_again:
            return
        erasures = self._count_erasures()
        if erasures != self._erasures:
            self._cache.drop()
        self._erasures, self._heed_again = erasures, now + HEED_EVERY


def fingerprint_of(key_file: Path) -> str:
    """What a key store knows its key file by."""
    return _fingerprint(read_key_file(key_file))


def _fingerprint(key: bytes) -> str:
    return derive(key, b"awards/fingerprint").hex()
