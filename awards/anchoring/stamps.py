"""Time stamps (RFC 3161): an authority signs that the bytes of a checkpoint were there by a time.

The request has 69 bytes and is made here, as is the look at the reply: it is kept as it came once it is of these very
bytes, of this request and of now. Its signature, and whether the authority is to be trusted, is for whoever checks it,
with a root of her own and `openssl ts -verify`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from awards.anchoring.asking import SECONDS, Unanswered, post
from awards.anchoring.der import FIRST, INTEGER, OCTETS, OID, SEQUENCE, SET, TIME, BadDer, inside
from awards.ledger.publisher import Publisher

SHA256 = bytes.fromhex("608648016503040201")
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
"""Object identifiers as DER writes them: id-sha256, id-signedData, id-ct-TSTInfo."""

GRANTED = {0, 1}
"""PKIStatus: granted, and granted with modifications."""

NONCE_FIRST = b"\x35"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

NEAR = 300
"""Seconds by which the clock of the authority may differ from ours."""

DAY = 24 * 3600


class NotStamped(Exception):
    """There is no time stamp; says why."""


class Stamping:
    """Gets the checkpoints of one log stamped by one authority."""

    def __init__(
        self, publisher: Publisher, url: str, clock: Callable[[], float] = time.time, seconds: float = SECONDS
    ) -> None:
        self._publisher = publisher
        self._url = url
        self._clock = clock
        self._seconds = seconds

    def due(self) -> bool:
        """Whether the last time stamp is a day old; one a day is enough, and an authority may want payment."""
        last = self._publisher.store.kept.last_stamped()
        return last is None or self._clock() - last >= DAY

    def stamp(self) -> int:
        """Publish, keep that checkpoint and a time stamp over it; gives its size. Raises `NotStamped`."""
        signed = self._publisher.publish()
        store, size = self._publisher.store, signed.head.size
        if size == 0:
            raise NotStamped("nothing is recorded yet")
        with store.locked():
            note = store.kept.keep(signed.note)
        if store.kept.stamp(size) is None:
            reply = self._ask(note)
            with store.locked():
                if not store.kept.put_stamp(size, note, reply) and store.kept.stamp(size) is None:
                    raise NotStamped("a witness cosigned the checkpoint meanwhile: stamp it again")
        return size

    def _ask(self, note: bytes) -> bytes:
        nonce = NONCE_FIRST + secrets.token_bytes(7)
        kind, accept = "application/timestamp-query", "application/timestamp-reply"
        try:
            answer = post(self._url, request(note, nonce), kind, accept=accept, seconds=self._seconds)
        except Unanswered as problem:
            raise NotStamped(str(problem)) from None
        if answer.status != 200:
            raise NotStamped(f"it answers with status {answer.status}")
        _require_good(read_reply(answer.body), note, nonce, self._clock())
        return answer.body


@dataclass(frozen=True)
class Reply:
    """What a reply tells: the status, and of a token the hash it is over, whose request it answers, and the time."""

    status: int
    algorithm: bytes = b""
    imprint: bytes = b""
    nonce: bytes = b""
    at: datetime = EPOCH


def request(note: bytes, nonce: bytes) -> bytes:
    """A TimeStampReq (RFC 3161, section 2.4.1) for the SHA-256 of a note, with the certificates asked for.

    `nonce`: eight bytes, of which the first is neither 0 nor above 127.
    """
    imprint = b"\x30\x31\x30\x0d\x06\x09" + SHA256 + b"\x05\x00\x04\x20" + sha256(note).digest()
    return b"\x30\x43\x02\x01\x01" + imprint + b"\x02\x08" + nonce + b"\x01\x01\xff"


def read_reply(data: bytes) -> Reply:
    """Read a TimeStampResp (section 2.4.2) down to the TSTInfo in its token; raises `NotStamped`."""
    try:
        [(_, whole)] = inside(data, SEQUENCE)
        (_, about), *token = inside(whole, SEQUENCE)
        status = int.from_bytes(inside(about, INTEGER)[0][1], "big", signed=True)
        if status not in GRANTED:
            return Reply(status)
        (kind, content) = inside(_only(token, SEQUENCE), OID, FIRST)
        signed = inside(_only([content], FIRST), SEQUENCE)[0][1]
        held = inside(inside(signed, INTEGER, SET, SEQUENCE)[2][1], OID, FIRST)
        if (kind[1], held[0][1]) != (SIGNED_DATA, TST_INFO):
            raise BadDer("the token is of another kind")
        info = inside(inside(held[1][1], OCTETS)[0][1], SEQUENCE)[0][1]
        _, _, (_, imprint), _, (_, at), *rest = inside(info, INTEGER, OID, SEQUENCE, INTEGER, TIME)
        (_, algorithm), (_, digest) = inside(imprint, SEQUENCE, OCTETS)
        nonce = next((value for tag, value in rest if tag == INTEGER), b"")
        return Reply(status, inside(algorithm, OID)[0][1], digest, nonce, _time(at))
    except (BadDer, ValueError):
        raise NotStamped("the reply is no time stamp in DER") from None


def _only(found: Sequence[tuple[int, bytes]], tag: int) -> bytes:
    if [one for one, _ in found] != [tag]:
        raise BadDer("another value was expected")
    return found[0][1]


def _time(text: bytes) -> datetime:
    """A GeneralizedTime in UTC; what is less than a second is cut off."""
    seconds, dot, rest = text.decode("ascii").partition(".")
    if not (rest if dot else seconds).endswith("Z"):
        raise BadDer("a time is in UTC")
    return datetime.strptime(seconds.rstrip("Z"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _require_good(reply: Reply, note: bytes, nonce: bytes, now: float) -> None:
    """Refuse a reply that is not granted, or not over these bytes, to this request and of now."""
    if reply.status not in GRANTED:
        raise NotStamped(f"it refuses with PKI status {reply.status}")
    if (reply.algorithm, reply.imprint, reply.nonce) != (SHA256, sha256(note).digest(), nonce):
        raise NotStamped("the time stamp is over something else, or of another request")
    if abs(reply.at.timestamp() - now) > NEAR:
        raise NotStamped(f"the time stamp is of another time than now: {reply.at:%Y-%m-%dT%H:%M:%SZ}")
