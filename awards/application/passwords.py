"""Passwords: what one must be, and its argon2id hash by the library's recommended parameters (RFC 9106, section 4).

Length is all that is asked for (NIST SP 800-63B, section 3.1.1.2): 12 to 128 characters after NFKC, and not the login.
A hash takes 64 MiB, so a process makes only a few at a time.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from awards.domain import refusals as no
from awards.ledger.accounts import same_login

SHORTEST, LONGEST = 12, 128
AT_ONCE = 4
"""Hashes a process makes at a time."""

_HASHER = PasswordHasher()
_TURN = threading.BoundedSemaphore(AT_ONCE)


def check(password: str, login: str) -> None:
    """Refuse what cannot be a password for this login."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        raise no.PasswordTooShort
    if len(normal) > LONGEST:
        raise no.PasswordTooLong
    if same_login(normal) == same_login(login):
        raise no.PasswordIsLogin


def make(password: str) -> str:
    """The hash to keep."""
    with _TURN:
        return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether it is the password; where none is stored, no, after the same effort."""
    no_one = _dummy()  # made on the first call, for whomever that is
    usable = len(password) <= 4 * LONGEST  # NFKC never makes text four times shorter
    try:
        with _TURN:
            verified = _HASHER.verify(stored or no_one, _normal(password) if usable else "")
    except (VerificationError, InvalidHashError):
        return False
    return verified and usable and stored is not None


def outdated(stored: str) -> bool:
    """Whether a hash was made by other parameters than those recommended now."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _dummy() -> str:
    """A hash that no password has."""
    return _HASHER.hash(secrets.token_bytes(32))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
