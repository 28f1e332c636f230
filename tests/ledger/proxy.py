"""A TCP proxy before a PostgreSQL server that loses requests and answers on demand."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit


class Proxy:
    """Forwards connections to the server of a URL; its own address is in `url`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}").geturl()
        self.lost = 0
        self._answers_to_lose = 0.0
        self._before_losing: Callable[[], Any] | None = None
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def lose_the_next_answer(self) -> None:
        """Let the next request through, wait for its answer, and cut the connection instead of passing it on."""
        self._answers_to_lose = 1

    def lose_every_answer(self) -> None:
        """Cut every connection that the server answers on, until `recover`."""
        self._answers_to_lose = float("inf")

    def recover(self) -> None:
        """Forward everything again."""
        self._answers_to_lose = 0

    def lose_the_next_request(self, meanwhile: Callable[[], Any]) -> None:
        """Call `meanwhile` in place of passing the next request on, and cut the connection."""
        self._before_losing = meanwhile

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._sockets:
            _cut(connection)
        for thread in self._threads:
            thread.join()
        for connection in self._sockets:
            connection.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                self._sockets += [client, server]
                for source, target, losing in ((client, server, False), (server, client, True)):
                    thread = threading.Thread(target=self._forward, args=(source, target, losing))
                    self._threads.append(thread)
                    thread.start()

    def _loses(self, answer: bytes) -> bool:
        return self._answers_to_lose > 1 or (self._answers_to_lose == 1 and b"COMMIT\0" in answer)

    def _forward(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if answers and self._loses(data):
                    self._answers_to_lose -= 1
                    self.lost += 1
                    break
                if not answers and self._before_losing:
                    meanwhile, self._before_losing = self._before_losing, None
                    meanwhile()
                    break
                target.sendall(data)
        _cut(source)
        _cut(target)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
