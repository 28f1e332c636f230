"""The key file: 32 random bytes that wrap every key and from which the service's own secrets are derived.

It lies outside both databases, so that a copy of them alone opens nothing. It is made on the first run, complete or not
at all, and never replaced: whoever loses it has erased everybody.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from awards.ledger.files import write_private

SIZE = 32
READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyStoreError(Exception):
    """The key store cannot be used as it is."""


class KeyFileMissing(KeyStoreError):
    """The key store holds keys, but the file that wraps them is not there."""


class KeyFileExposed(KeyStoreError):
    """Others than the owner may touch the key file."""


class KeyFileInvalid(KeyStoreError):
    """The file is not a key file."""


def read_key_file(path: Path) -> bytes:
    """The 32 bytes of the key file; refused when others may read it or its length is wrong."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise KeyFileMissing(
            f"the key file {path} is missing, and the key store needs the one it was made with: "
            "restore it from its backup, or copy it from the machine that has it"
        ) from None
    with open(descriptor, "rb") as file:
        if os.name == "posix" and os.fstat(descriptor).st_mode & READABLE_BY_OTHERS:
            raise KeyFileExposed(f"the key file {path} is open to others than its owner: chmod 600 {path}")
        key = file.read(SIZE + 1)
    if len(key) != SIZE:
        raise KeyFileInvalid(f"the key file {path} does not hold exactly {SIZE} bytes")
    return key


def make_key_file(path: Path) -> None:
    """Create the key file unless it is there; of several processes at once, one makes it and all read the same."""
    write_private(path, secrets.token_bytes(SIZE))
