"""Commands of the command line, each in a process of its own that need not import everything again.

A server forks them (`multiprocessing`, start method `forkserver`): the program is loaded once and never runs there.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

LOADED = (
    *("awards.app", "awards.cli", "awards.cli.opening", "awards.demo", "awards.importing", "awards.loading"),
    *("awards.production", "awards.server", "psycopg", "psycopg_pool"),
)
LONGEST = 120
"""Seconds a command may take."""

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(list(LOADED))


def run(
    arguments: Sequence[str | bytes], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `awards …` to its end, in a folder, with an environment."""
    words = [os.fsdecode(word) for word in arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        files = tuple(multiprocessing.reduction.DupFd(file.fileno()) for file in (out, err))
        process = _FORKING.Process(target=_command, args=(words, str(folder), dict(environment), files))
        process.start()
        process.join(LONGEST)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(words, LONGEST)
        told = [_text(file) for file in (out, err)]
        return subprocess.CompletedProcess(words, process.exitcode, *told)


def _text(file: io.BufferedRandom) -> str:
    file.seek(0)
    return file.read().decode()


def _command(words: list[str], folder: str, environment: dict[str, str], files: tuple[int, int]) -> None:
    for descriptor, file in enumerate(files, start=1):
        os.dup2(file.detach(), descriptor)  # type: ignore[attr-defined]
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["awards", *words]
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  # open to the end
    sys.stderr = open(2, "w", closefd=False, errors="backslashreplace")  # noqa: SIM115
    from awards.cli import main

    main()
