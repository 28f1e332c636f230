"""Time stamps (RFC 3161): an authority signs that the bytes of a checkpoint were there by a time.

What is asked for and what comes back is made and read by `rfc3161-client`, an extra. The reply is kept as it came once
it is of these very bytes, of this request and of now. Whether the authority is to be trusted is for whoever checks it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256

from awards.anchoring.asking import SECONDS, Unanswered, post
from awards.ledger.publisher import Publisher

SHA256 = "2.16.840.1.101.3.4.2.1"
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
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415  # an extra

        request = (
            TimestampRequestBuilder()
            .data(note)
            .hash_algorithm(HashAlgorithm.SHA256)
            .cert_request(cert_request=True)
            .build()
        )
        try:
            answer = post(
                self._url,
                request.as_bytes(),
                "application/timestamp-query",
                accept="application/timestamp-reply",
                seconds=self._seconds,
            )
        except Unanswered as problem:
            raise NotStamped(str(problem)) from None
        if answer.status != 200:
            raise NotStamped(f"it answers with status {answer.status}")
        _require_good(answer.body, note, request.nonce, self._clock())
        return answer.body


def _require_good(reply: bytes, note: bytes, nonce: int | None, now: float) -> None:
    """Refuse a reply that is not granted, or not over these bytes, to this request and of now."""
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415  # an extra

    try:
        response = decode_timestamp_response(reply)
        if response.status not in {0, 1}:
            raise NotStamped(f"it refuses with PKI status {response.status}")
        info = response.tst_info
        imprint, told, at = info.message_imprint, info.nonce, info.gen_time.timestamp()
        of_note = imprint.hash_algorithm.dotted_string == SHA256 and imprint.message == sha256(note).digest()
    except ValueError:
        raise NotStamped("the reply is no time stamp in DER") from None
    if not of_note or told != nonce:
        raise NotStamped("the time stamp is over something else, or of another request")
    if abs(at - now) > NEAR:
        raise NotStamped(f"the time stamp is of another time than now: {info.gen_time:%Y-%m-%dT%H:%M:%SZ}")
