"""The key of the log, which signs its checkpoints: in a file only its owner may read, made on the first run.

The file has a line a key, as `notes.Signer` writes it, the newest first. There are two only while one follows the
other: both sign then, so that whoever knows the old one can learn the new one from any checkpoint of that time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from awards.ledger.files import OTHERS, replace_private, write_private
from awards.ledger.notes import BadNote, Signer


class LogKeyError(Exception):
    """The key of the log cannot be used as it is."""


class LogKeyMissing(LogKeyError):
    """Checkpoints were signed, and the key that signed them is not there."""


class LogKeyExposed(LogKeyError):
    """Others than the owner may touch the key of the log."""


class LogKeyInvalid(LogKeyError):
    """The file does not hold keys of this log."""


class NoOverlap(LogKeyError):
    """A key is followed by another only after both have signed; a third key waits until the first is retired."""


class LogKeys:
    """The file of the keys of one log."""

    def __init__(self, path: Path, origin: str) -> None:
        self._path = path
        self._origin = origin

    def read(self) -> list[Signer]:
        """The keys that sign, the newest first."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            raise LogKeyMissing(
                f"the key of the log, {self._path}, is missing, and checkpoints were signed with it: restore it"
            ) from None
        with open(descriptor, encoding="utf-8") as file:
            if os.name == "posix" and os.fstat(descriptor).st_mode & OTHERS:
                told = f"the key of the log is open to others than its owner: chmod 600 {self._path}"
                raise LogKeyExposed(told)
            return self._signers(file.read())

    def _signers(self, text: str) -> list[Signer]:
        try:
            signers = [Signer.read(line) for line in text.splitlines()]
        except BadNote as problem:
            raise LogKeyInvalid(f"{self._path}: {problem}") from None
        if not 1 <= len(signers) <= 2 or {signer.name for signer in signers} != {self._origin}:
            raise LogKeyInvalid(f"{self._path} must hold one key or two, under the name of this log, {self._origin}")
        return signers

    def make(self) -> None:
        """Make the first key unless there is one."""
        write_private(self._path, _text([Signer.make(self._origin)]))

    def rotate(self) -> list[Signer]:
        """Put a new key before the one there is; both sign from now on."""
        old = self.read()
        if len(old) > 1:
            raise NoOverlap("one key already follows another: retire the old one first")
        signers = [Signer.make(self._origin), *old]
        replace_private(self._path, _text(signers))
        return signers

    def retire(self) -> list[Signer]:
        """Forget the older of two keys."""
        signers = self.read()
        if len(signers) < 2:
            raise NoOverlap("there is one key only, and it stays")
        replace_private(self._path, _text(signers[:1]))
        return signers[:1]


def _text(signers: Sequence[Signer]) -> bytes:
    return "".join(signer.written() + "\n" for signer in signers).encode()
