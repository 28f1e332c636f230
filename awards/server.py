"""The default server: one process, a pool of threads, stopped gently."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from types import FrameType

from cheroot.server import HTTPConnection, HTTPRequest
from cheroot.wsgi import Server

from awards.app import Service, create_app

LONGEST_HEAD = 64 * 1024
# What is left unread of a body is read after all, to keep the connection, if it is no more than this.
DRAINED = 256 * 1024


class _Request(HTTPRequest):
    """A request after which the connection stays open only if the next one begins where this one ends."""

    def read_request_headers(self) -> bool:
        """Read the headers; a length must be plain digits (RFC 9110, section 8.6), not all that `int` takes."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        if self.inheaders.get(b"Content-Length", b"0").isdigit():
            return True
        self.simple_response("400 Bad Request", "Malformed Content-Length Header.")
        return False

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


def make_server(service: Service) -> Server:
    """A server for the open service, not yet listening."""
    settings = service.settings
    server = Server(
        (settings.host, settings.port), create_app(service), numthreads=settings.threads, server_name="awards"
    )
    server.ConnectionClass = _Connection
    server.max_request_header_size = LONGEST_HEAD
    server.max_request_body_size = 0  # the application answers an over-long body itself, as a problem
    return server


def run(service: Service) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered."""
    server = make_server(service)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    server.prepare()
    host, port = server.bind_addr[:2]
    print(f"listening on http://{host}:{port}/", file=sys.stderr, flush=True)  # noqa: T201
    try:
        server.serve()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
