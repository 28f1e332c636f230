"""The default server: one process, a pool of threads, stopped gently."""

from __future__ import annotations

import logging
import re
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from types import FrameType
from typing import Any

from cheroot.server import HeaderReader, HTTPConnection, HTTPRequest
from cheroot.wsgi import Server

from awards import hardening, watch
from awards.anchoring.opening import anchoring
from awards.app import Service, create_app, mailing

log = logging.getLogger(__name__)
HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00\r\n]*?)[ \t]*\r\n")
ONCE = {
    *(b"Authorization", b"Content-Length", b"Content-Type", b"Cookie", b"Host", b"Idempotency-Key", b"Origin"),
    *(b"Range", b"Sec-Fetch-Site"),
}
LISTED = {
    *(b"Accept", b"Accept-Charset", b"Accept-Encoding", b"Accept-Language", b"Cache-Control", b"Connection", b"Expect"),
    *(b"Content-Encoding", b"If-Match", b"If-None-Match", b"Pragma", b"Te", b"Trailer", b"Transfer-Encoding"),
    *(b"Upgrade", b"Via", b"X-Forwarded-For"),
}
LONGEST_HEAD = 64 * 1024
# What is left unread of a body is read after all, to keep the connection, if it is no more than this.
DRAINED = 256 * 1024


class _Headers(HeaderReader):
    """Reads headers so that nobody before or behind us can read them otherwise (RFC 9112, sections 5.1, 5.2 and 11.2).

    What says where a request ends, for whom it is and who sends it comes once. No line is folded. A name with an
    underscore, which would pass for one with a hyphen, is left out. Several X-Forwarded-For are one list.
    """

    def __call__(self, rfile: Any, hdict: dict[bytes, bytes] | None = None) -> dict[bytes, bytes]:
        """The headers by name; what is not as it should be is a `ValueError`, which is answered with 400."""
        found = {} if hdict is None else hdict
        while (line := rfile.readline()) != b"\r\n":
            match = HEADER.fullmatch(line)
            if not match:
                raise ValueError("Illegal header line.")
            name, value = match[1].title(), match[2]
            if name in found and name in ONCE:
                raise ValueError(f"Two headers {name.decode()}.")
            if name in found and name in LISTED:
                value = found[name] + b", " + value
            if b"_" not in name:
                found[name] = value
        return found


class _Request(HTTPRequest):
    """A request after which the connection stays open only if the next one begins where this one ends."""

    header_reader = _Headers()

    def read_request_headers(self) -> bool:
        """Read the headers; a length must be plain digits (RFC 9110, section 8.6), not all that `int` takes."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        if self.inheaders.get(b"Content-Length", b"0").isdigit():
            return True
        self.simple_response("400 Bad Request", "Malformed Content-Length Header.")
        return False

    def simple_response(self, status: str | int, msg: str = "") -> None:
        """Answer what never reaches the application, and close: with the headers that every answer has."""
        self.close_connection = True
        lines = [f"{self.server.protocol} {status}", f"Content-Length: {len(msg)}", "Content-Type: text/plain"]
        lines += [f"{name}: {value}" for name, value in (*self.server.headers, hardening.OWN)]
        with suppress(OSError):  # of a client that is gone
            self.conn.wfile.write("\r\n".join([*lines, "Connection: close", "", msg]).encode("latin-1", "replace"))

    def send_headers(self) -> None:
        """Send the headers of the answer, with `Connection: close` if something of the body stays unread."""
        if b"Transfer-Encoding" in self.inheaders or not self._drained():
            self.close_connection = True
        super().send_headers()

    def _drained(self) -> bool:
        left = self.rfile.remaining
        if 0 < left <= DRAINED and not self.close_connection:
            with suppress(OSError):  # of a client that stopped sending
                self.rfile.read(left)
        return not self.rfile.remaining


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request


class _Server(Server):
    """A server that logs where everything logs."""

    ConnectionClass = _Connection
    headers: hardening.Pairs = []

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Log what went wrong between us and a client, or in the server itself."""
        log.log(level, msg, exc_info=traceback)


def make_server(service: Service) -> Server:
    """A server for the open service, not yet listening."""
    settings = service.settings
    server = _Server(
        (settings.host, settings.port), create_app(service), numthreads=settings.threads, server_name="awards"
    )
    server.headers = hardening.headers(settings.base_url)
    # Where the queue is short a burst fills it, and a kernel with SYN cookies then resets connections it had accepted.
    server.request_queue_size = socket.SOMAXCONN
    server.max_request_header_size = LONGEST_HEAD
    server.max_request_body_size = 0  # the application answers an over-long body itself, as a problem
    return server


@contextmanager
def serving(service: Service) -> Iterator[tuple[str, int]]:
    """Serve while the block runs; gives host and port. Requests under way at its end are answered."""
    server = make_server(service)
    server.prepare()
    thread = threading.Thread(target=server.serve, name="server")
    thread.start()
    try:
        host, port = server.bind_addr[:2]
        yield str(host), int(port)
    finally:
        server.stop()
        thread.join()


class Stop:
    """SIGTERM and SIGINT from now on, to be waited for.

    The handler only puts into a queue whose `put` may interrupt its own `get`: an `Event` could be set while it is
    being waited for, and lock itself out; an exception could arrive where nobody cleans up.
    """

    def __init__(self) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._told.put(None)

    def wait(self) -> None:
        """Until the first signal, also one that has come already."""
        self._told.get()


def run(service: Service) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered."""
    watch.configure()
    stop = Stop()
    asking = anchoring(service.settings, service.publisher)
    with serving(service) as (host, port), mailing(service), asking:
        print(f"listening on http://{host}:{port}/", file=sys.stderr, flush=True)  # noqa: T201
        stop.wait()
