"""A client that costs next to nothing: raw sockets in one thread, prepared bytes out, as little read as HTTP/1.1 needs.

It runs in another process than the server and takes every server alike: connections are kept alive, each sends its next
request when its answer is complete. An answer of another status than expected ends the run.
"""

from __future__ import annotations

import re
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

Make = Callable[[int], bytes]
"""The bytes of request number n; numbers never repeat in a process, so that bodies and keys can be distinct."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_numbers = count(1)


class Unexpected(Exception):
    """The server answered something else."""


@dataclass(frozen=True)
class Answer:
    """A response as it came."""

    status: int
    head: bytes
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The headers by name as written, without the Date that differs from second to second."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(": ") for line in lines if line)
        return {name: value for name, _, value in pairs if name != "Date"}


@dataclass(frozen=True)
class Run:
    """What came of a number of requests: the wall-clock time of all, and the latency of each, in seconds."""

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    @property
    def median(self) -> float:
        """The median latency."""
        return statistics.median(self.latencies)

    @property
    def p95(self) -> float:
        """The latency that 95 of 100 requests stay below."""
        return sorted(self.latencies)[int(len(self.latencies) * 0.95)]


class Connection:
    """A connection that is kept alive."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0.0
        self._received = b""

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def send(self, request: bytes) -> None:
        """Send a request."""
        self._received = b""
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Answer | None:
        """Read what is there; the answer once it is complete."""
        data = self.socket.recv(262_144)
        if not data:
            raise Unexpected(f"the server hung up after {self._received!r}")
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return None
        length = _LENGTH.search(head + b"\r\n")
        if length is None:
            raise Unexpected(f"without a length: {head!r}")
        return Answer(int(head[9:12]), head, body) if len(body) >= int(length[1]) else None


def ask(port: int, request: bytes) -> Answer:
    """One request on a connection of its own."""
    connection = Connection(port)
    try:
        connection.send(request)
        while (answer := connection.receive()) is None:
            pass
        return answer
    finally:
        connection.close()


def drive(port: int, make: Make, *, status: int, seconds: float, connections: int) -> Run:
    """Ask for so long on so many connections at once."""
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        opened = [Connection(port) for _ in range(connections)]
        for connection in opened:
            stack.callback(connection.close)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        start = time.perf_counter()
        latencies = list(_exchange(selector, opened, make, status, start + seconds))
        return Run(time.perf_counter() - start, latencies)


def _exchange(
    selector: selectors.BaseSelector, opened: list[Connection], make: Make, status: int, until: float
) -> Iterator[float]:
    for connection in opened:
        connection.send(make(next(_numbers)))
    waiting = len(opened)
    while waiting:
        for key, _ in selector.select():
            connection = key.data
            answer = connection.receive()
            if answer is None:
                continue
            now = time.perf_counter()
            if answer.status != status:
                raise Unexpected(f"{answer.status} instead of {status}: {answer.body[:1000]!r}")
            yield now - connection.sent
            if now < until:
                connection.send(make(next(_numbers)))
            else:
                waiting -= 1


def get(path: str, **headers: str) -> bytes:
    """The bytes of a GET."""
    return _request("GET", path, headers)


def post(path: str, body: bytes, **headers: str) -> bytes:
    """The bytes of a POST of JSON."""
    given = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    return _request("POST", path, given) + body


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()
