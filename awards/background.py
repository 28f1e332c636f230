"""A thread beside the server, for work that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def in_background(
    name: str, work: Callable[[threading.Event], None], stop_seconds: float, hurry: Callable[[], None] | None = None
) -> Iterator[None]:
    """Let `work` go on in a thread while the block runs, until the event it is given is set.

    At the end it has `stop_seconds` to come to a stop; then, where there is a way to `hurry` it, as long again.
    """
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(stop_seconds)
        if hurry and thread.is_alive():
            hurry()
            thread.join(stop_seconds)
