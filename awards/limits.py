"""Rate limits: how often somebody may sign in, redeem or issue tokens, write, and take a bundle away.

A token bucket is kept as one number, the moment it will be full again (the generic cell rate algorithm): taking moves
that moment on by one interval and is refused where it would lie further ahead than a whole burst. So an idle bucket
needs no room, and what is left over expires by itself.

Writes are counted in memory, in microseconds, by each process for itself: with n processes a caller may write n times
as much. What guards a secret is counted in the table `limits` beside the log, which all processes share and which
outlives them; names lie there as keyed hashes. Sign-ins are limited by address before the login is looked at, so that
made-up logins fill the table no faster than one address may ask.
"""

from __future__ import annotations

import hmac
import ipaddress
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from awards.ledger.accounts import same_login

Kind = Literal["write", "token", "sign_in", "login", "export"]
SECOND = 1_000_000
"""Times are whole microseconds since 1970."""

MOST = 20_000
"""Buckets that a process keeps."""

SWEEP = 60 * SECOND
"""How often a process drops the rows of full buckets."""


SKEW = 60 * SECOND
"""How far clocks may be apart, and how long a request may wait for its turn here: longer than for any lock."""


@dataclass(frozen=True)
class Rate:
    """So many at once, and then one in so many microseconds."""

    burst: int
    interval: int


# No committee notices these. Guessing is another matter: a login takes 1,440 passwords a day, wherever they come from.
RATES: Mapping[Kind, Rate] = {
    "write": Rate(200, SECOND // 20),
    "token": Rate(60, 2 * SECOND),
    "sign_in": Rate(40, 3 * SECOND),  # by address: a whole jury may sit behind one
    "login": Rate(12, 60 * SECOND),
    "export": Rate(6, 60 * SECOND),  # each is a walk over the whole log
}

_TAKE = """
    INSERT INTO limits (name, full_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET full_at =
        CASE WHEN limits.full_at BETWEEN ? AND ? THEN limits.full_at ELSE ? END + ?
    WHERE limits.full_at <= ? OR limits.full_at > ?"""
_FULL_AT = "SELECT full_at FROM limits WHERE name = ?"
_SWEEP = "DELETE FROM limits WHERE full_at <= ?"


class Store(Protocol):
    """The database beside the log."""

    def write(self, *statements: tuple[str, Sequence[Any]]) -> int: ...

    def rows(self, sql: str, params: Sequence[Any] = ()) -> Sequence[Mapping[str, Any]]: ...


class Limits:
    """The limits of one process, and its share in those that all have in common."""

    def __init__(self, store: Store, secret: bytes, scale: int = 1) -> None:
        """`scale` multiplies every rate; 0 lifts them all."""
        self._rates = {kind: Rate(rate.burst * scale, rate.interval // (scale or 1)) for kind, rate in RATES.items()}
        self._lifted = scale == 0
        self._writes = Buckets(self._rates["write"])
        self._store = store
        self._secret = secret
        self._swept = 0

    def take(self, kind: Kind, who: str, now: datetime) -> float | None:
        """Take one from the bucket of `who` (a caller, a client address, a login): None, or the seconds to wait."""
        if self._lifted:
            return None
        moment = int(now.timestamp() * SECOND)
        wait = self._writes.take(who, moment) if kind == "write" else self._shared(kind, _one(kind, who), moment)
        return wait / SECOND if wait else None

    def sign_in(self, address: str, login: str, now: datetime) -> float | None:
        """Take one for an attempt to sign in, by address and then by login."""
        return self.take("sign_in", address, now) or self.take("login", login, now)

    def _shared(self, kind: Kind, who: str, now: int) -> int:
        rate = self._rates[kind]
        self._sweep(now)
        name = hmac.digest(self._secret, f"{kind}\n{who}".encode(errors="replace"), "sha256").hex()
        ahead = rate.burst * rate.interval
        # A moment far further ahead than a burst was written by a clock that has been set back since: it counts as now.
        believed = now + ahead + SKEW
        taken = (name, now + rate.interval, now, believed, now, rate.interval, now + ahead - rate.interval)
        if self._store.write((_TAKE, (*taken, believed))):
            return 0
        rows = self._store.rows(_FULL_AT, (name,))
        return max(1, rows[0]["full_at"] + rate.interval - ahead - now) if rows else 0

    def _sweep(self, now: int) -> None:
        if abs(now - self._swept) >= SWEEP:
            self._swept = now
            self._store.write((_SWEEP, (now,)))


class Buckets:
    """Buckets in memory, of one rate and of bounded number."""

    def __init__(self, rate: Rate, most: int = MOST) -> None:
        self._interval = rate.interval
        self._ahead = rate.burst * rate.interval
        self._most = most
        self._full_at: dict[str, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, who: str, now: int) -> int:
        """Take one; 0, or the microseconds to wait."""
        with self._lock:
            full_at = self._full_at.get(who, now)
            if not now <= full_at <= now + self._ahead + SKEW:
                full_at = now
            wait = full_at + self._interval - self._ahead - now
            if wait > 0:
                return wait
            if len(self._full_at) >= self._most and who not in self._full_at:
                self._make_room(now)
            self._full_at[who] = full_at + self._interval
            return 0

    def _make_room(self, now: int) -> None:
        """Drop the full buckets; where most are in use, those that are fullest."""
        fullest = sorted((full_at, who) for who, full_at in self._full_at.items())
        kept = [(who, full_at) for full_at, who in fullest if full_at > now]
        self._full_at = dict(kept[-(self._most // 2) :])


def _one(kind: Kind, who: str) -> str:
    """What all spellings of a login, or all addresses of a subscriber, have in common."""
    return same_login(who) if kind == "login" else client_network(who)


def client_network(address: str) -> str:
    """What an address counts as: itself, or the /64 of IPv6, which is what one subscriber is given."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
