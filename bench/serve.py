"""Starting the service or a baseline in a process of its own, on one of several servers.

    with serving({"app": "bare", …}) as port: …

The specification travels in the environment as JSON, because gunicorn builds the app in its workers.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cheroot.wsgi import Server as CherootServer
from flask import Flask

from awards.app import Service, create_app
from awards.settings import Settings
from bench import baseline

THREADS = 32
SPEC = "AWARDS_BENCH_SPEC"
DEFAULT = "cheroot 32"
GUNICORN = {"gunicorn 1x32": (1, 32), "gunicorn 2x16": (2, 16)}
Spec = dict[str, Any]


def servers() -> list[str]:
    """The servers that are installed here; the first is what `awards serve` uses."""
    waitress = ["waitress 32"] if find_spec("waitress") else []
    gunicorn = list(GUNICORN) if find_spec("gunicorn") else []
    return [DEFAULT, *waitress, *gunicorn]


@contextmanager
def serving(spec: Spec, server: str = DEFAULT) -> Iterator[int]:
    """An app on a server, in a process of its own; gives the port once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        _command(server, port), env={**os.environ, SPEC: json.dumps(spec)}, cwd=Path(__file__).parent.parent
    )
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _command(server: str, port: int) -> list[str]:
    if server not in GUNICORN:
        return [sys.executable, "-m", "bench.serve", server, str(port)]
    workers, threads = GUNICORN[server]
    return [
        *(sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", str(workers), "--threads", str(threads)),
        *("-b", f"127.0.0.1:{port}", "--keep-alive", "60", "--no-control-socket", "--log-level", "warning"),
        "bench.serve:create()",
    ]


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("the server does not answer")


def create() -> Flask:
    """The app that the environment specifies."""
    spec: Spec = json.loads(os.environ[SPEC])
    build: Callable[[Spec], Flask] = {"awards": _awards, "plain": _plain, "bare": _bare}[spec["app"]]
    return build(spec)


def _awards(spec: Spec) -> Flask:
    return create_app(Service.open(Settings.from_environment(spec["settings"])))


def _plain(spec: Spec) -> Flask:
    return baseline.create_app(spec["database_url"], baseline.Orm if spec.get("orm") else baseline.Core)


def _bare(spec: Spec) -> Flask:
    return baseline.create_bare(spec["path"], spec["body"].encode(), spec["headers"])


def main(server: str, port: int) -> None:
    """Serve until terminated."""
    if server == DEFAULT:  # set up as in awards.server
        cheroot = CherootServer(("127.0.0.1", port), create(), numthreads=THREADS, server_name="awards")
        cheroot.max_request_body_size = 0
        cheroot.start()
    else:
        import_module("waitress").serve(create(), host="127.0.0.1", port=port, threads=THREADS)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
