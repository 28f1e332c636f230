"""The server answers everybody who comes, also when they come at once."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, closing
from pathlib import Path

from awards import server
from awards.app import Service
from awards.settings import Settings

CROWD = 200
HEAD = b"POST /api/v1/awards HTTP/1.1\r\nHost: awards\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"


def test_a_crowd_that_comes_while_it_is_busy_is_answered(tmp_path: Path) -> None:
    environ = {"AWARDS_DATABASE_URL": f"sqlite:///{tmp_path / 'awards.db'}", "AWARDS_PORT": "0"}
    with closing(Service.open(Settings.from_environment(environ))) as service, ExitStack() as crowd:
        busy = server.make_server(service)
        busy.prepare()  # it listens; as long as it does not serve it accepts nobody
        connections = [crowd.enter_context(socket.create_connection(busy.bind_addr, timeout=20)) for _ in range(CROWD)]
        for connection in connections:
            connection.sendall(HEAD)
        for connection in connections:
            connection.sendall(b"{}")
        serving = threading.Thread(target=busy.serve)
        serving.start()
        try:
            answers = [connection.recv(12) for connection in connections]
        finally:
            busy.stop()
            serving.join()
    assert set(answers) == {b"HTTP/1.1 401"}
