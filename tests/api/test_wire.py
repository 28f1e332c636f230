"""What only a socket can send: framing, over-long heads, and what is left of a body on a connection that stays open."""

from __future__ import annotations

import json
import re
import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest

from awards.api.op import PREFIX
from tests.api.play import STATEMENT, Play

NOMINATION = json.dumps({"nominee": {"name": "Suman Gawani"}, "statement": STATEMENT}).encode()


@dataclass(frozen=True)
class Heard:
    """All that came back until the server closed the connection."""

    data: bytes

    @property
    def statuses(self) -> list[int]:
        """The status of each answer."""
        return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", self.data)]

    @property
    def code(self) -> str:
        """The code of the last problem."""
        return str(json.loads(self.data.rpartition(b"\r\n\r\n")[2])["code"])


@pytest.fixture
def path(play: Play) -> str:
    """Where a good nomination would be taken."""
    return f"{PREFIX}/editions/{play.open()['id']}/nominations"


def head(play: Play, request: str, *headers: str, token: str | None = None) -> bytes:
    """The head of a request, by the secretariat unless told."""
    said = ["Host: x", "Content-Type: application/json", f"Authorization: Bearer {token or play.secretariat}", *headers]
    return "\r\n".join([f"{request} HTTP/1.1", *said, "", ""]).encode()


def exchange(play: Play, *parts: bytes) -> Heard:
    """Send the parts and hear the server out; it may close before it has read everything."""
    heard = b""
    with socket.create_connection((play.api.host, play.api.port), timeout=30) as connection:
        with suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
        with suppress(ConnectionError):
            while more := connection.recv(65536):
                heard += more
    return Heard(heard)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


@pytest.mark.parametrize(
    "body",
    [
        chunk(NOMINATION) + b"0\r\n\r\n",
        b"7fffffffffffffff\r\n",
        b"+2\r\n{}\r\n0\r\n\r\n",
        b"0x2\r\n{}\r\n0\r\n\r\n",
        b"1_0\r\n{}\r\n0\r\n\r\n",
        b"-1\r\n\r\n",
        b"zz\r\n{}\r\n",
    ],
)
def test_a_body_in_chunks_is_refused_unread(play: Play, path: str, body: bytes) -> None:
    size = play.events()
    heard = exchange(play, head(play, f"POST {path}", "Transfer-Encoding: chunked", "Connection: close"), body)
    assert (heard.statuses, heard.code) == ([411], "length_required")
    assert play.events() == size


def test_an_act_without_a_body_takes_no_chunks_either(play: Play, path: str) -> None:
    act = path.replace("/nominations", "/close-call")
    heard = exchange(play, head(play, f"POST {act}", "Transfer-Encoding: chunked", "Connection: close"), b"0\r\n\r\n")
    assert (heard.statuses, heard.code) == ([411], "length_required")


def test_a_body_that_breaks_off_is_the_clients_mistake(play: Play, path: str) -> None:
    with socket.create_connection((play.api.host, play.api.port), timeout=30) as connection:
        connection.sendall(head(play, f"POST {path}", "Content-Length: 100", "Connection: close") + b"{")
        connection.shutdown(socket.SHUT_WR)
        heard = Heard(b"".join(iter(lambda: connection.recv(65536), b"")))
    assert (heard.statuses, heard.code) == ([400], "malformed_json")


# --- what the server reads before it knows who asks


@contextmanager
def frugal() -> Iterator[None]:
    """Within it this process, the server's too, never takes 20 MB more than it had."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("start", "statuses"), [(b"GET /", [414]), (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", [413])])
def test_an_over_long_head_is_refused_and_not_kept(play: Play, start: bytes, statuses: list[int]) -> None:
    with frugal():
        heard = exchange(play, start, *[b"x" * 1_000_000] * 100)
    assert heard.statuses == statuses


def test_a_long_body_nobody_may_send_is_not_kept(play: Play, path: str) -> None:
    sent = head(play, f"POST {path}", "Content-Length: 100000000", token="nobody")
    with frugal():
        heard = exchange(play, sent, *[b"x" * 1_000_000] * 100)
    assert (heard.statuses, heard.code) == ([401], "unauthenticated")


# --- connections that stay open


HIDDEN = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
UNREAD = [
    ("POST {path}", "nobody", 401),
    ("POST /api/v1/nowhere", None, 404),
    ("DELETE /api/openapi.json", None, 405),
    ("GET /api/openapi.json", None, 200),
]


@pytest.mark.parametrize(("request_line", "token", "status"), [*UNREAD, ("POST {path}", None, 411)])
def test_a_request_within_unread_chunks_is_none(
    play: Play, path: str, request_line: str, token: str | None, status: int
) -> None:
    sent = head(play, request_line.format(path=path), "Transfer-Encoding: chunked", token=token)
    heard = exchange(play, sent, HIDDEN)
    assert heard.statuses == [status]
    assert b"\r\nConnection: close\r\n" in heard.data


@pytest.mark.parametrize(("request_line", "token", "status"), UNREAD)
def test_an_unread_body_is_skipped_and_the_next_request_answered(
    play: Play, path: str, request_line: str, token: str | None, status: int
) -> None:
    sent = head(play, request_line.format(path=path), f"Content-Length: {len(HIDDEN)}", token=token)
    assert exchange(play, sent, HIDDEN, HIDDEN).statuses == [status, 200]


@pytest.mark.parametrize("length", ["-1", "+2", "1_0", "0x2", "2, 2"])
def test_a_length_that_is_no_number_is_refused(play: Play, path: str, length: str) -> None:
    assert exchange(play, head(play, f"POST {path}", f"Content-Length: {length}"), HIDDEN).statuses == [400]


# --- queries


@pytest.mark.parametrize(
    "query", ["q=%ff", "q=%C3", "q=%C3&year=%A9", "q=%zz", "q=100%", "q=%e", "%ff=a", "q=%ED%A0%80"]
)
def test_a_query_that_is_no_text_is_refused(play: Play, query: str) -> None:
    answer = play.api.get(f"winners?{query}")
    assert answer.problem == (422, "invalid_query")


@pytest.mark.parametrize("query", ["q=%C3%A9", "q=%c3%a9+%25", "q=%EF%BF%BD", "%71=a"])
def test_a_query_in_utf_8_is_read(play: Play, query: str) -> None:
    assert play.api.get(f"winners?{query}").status == 200


def test_a_query_must_be_percent_encoded(play: Play) -> None:
    sent = b"GET /api/v1/winners?q=\xc3\xa9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert exchange(play, sent).statuses == [400]
