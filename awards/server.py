"""The default server: one process, a pool of threads, stopped gently."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from cheroot.wsgi import Server

from awards.app import Service, create_app

LONGEST_HEAD = 64 * 1024


def make_server(service: Service) -> Server:
    """A server for the open service, not yet listening."""
    settings = service.settings
    server = Server(
        (settings.host, settings.port), create_app(service), numthreads=settings.threads, server_name="awards"
    )
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
