"""One POST to somebody whom the operator named and nobody here trusts: no redirect, an end to its time and its length.

What comes back is checked by its signature, so an address may be plain http.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

SECONDS = 10.0
"""How long an answer may take from the first byte that is sent to the last that comes."""

LONGEST = 64 * 1024
"""Bytes of an answer; a longer one is none."""


class Unanswered(Exception):
    """No answer that can be used; says why in a few words, and nothing that came from the other side."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes


def post(url: str, body: bytes, content_type: str, *, accept: str = "", seconds: float = SECONDS) -> Answer:
    """Send a body to an address of `http` or `https`; raises `Unanswered`."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": content_type, "Connection": "close"} | ({"Accept": accept} if accept else {})
    try:
        with _connected(parts, seconds) as connection:
            connection.request("POST", path, body, headers)
            with connection.getresponse() as response:
                data = response.read(LONGEST + 1)
                told = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
    except TimeoutError:
        raise Unanswered("no answer in time") from None
    except (OSError, HTTPException, ValueError) as problem:
        raise Unanswered(f"no answer: {type(problem).__name__}") from None
    if len(data) > LONGEST:
        raise Unanswered("the answer is too long")
    return Answer(response.status, told, data)


@contextmanager
def _connected(parts: SplitResult, seconds: float) -> Iterator[HTTPConnection]:
    """An open connection, which is cut when the time is over, whatever it is doing; then it is a `TimeoutError`."""
    host, tls = str(parts.hostname), parts.scheme == "https"
    connection = HTTPConnection(host, parts.port or (443 if tls else 80), timeout=seconds)
    stream = socket.create_connection((host, connection.port), timeout=seconds)
    late = threading.Event()
    try:
        if tls:
            context = ssl.create_default_context()
            stream = context.wrap_socket(stream, server_hostname=host, do_handshake_on_connect=False)
        timer = threading.Timer(seconds, _cut, (stream, late))
        timer.daemon = True
        timer.start()
        try:
            if isinstance(stream, ssl.SSLSocket):
                stream.do_handshake()
            connection.sock = stream
            yield connection
        except (OSError, HTTPException, ValueError):
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()
        if late.is_set():  # what was cut may look like a whole answer
            raise TimeoutError
    finally:
        connection.close()
        stream.close()


def _cut(stream: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        socket.socket.shutdown(stream, socket.SHUT_RDWR)  # that of TLS would take the stream from who reads it
