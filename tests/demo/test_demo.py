"""The worked example as a person runs it: `awards demo`, in a process of its own."""

import os
import re
import socket
import subprocess
import sys
from email.message import Message
from pathlib import Path

import pytest

from awards.demo.checks import same
from awards.demo.client import Answer, Unexpected

AWARDS = Path(sys.executable).with_name("awards")
SECONDS = 300


def demo(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it with nothing of ours in the environment, its files below `folder`, and warnings as errors."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWARDS_")}
    environment = {**kept, "TMPDIR": str(folder), "PYTHONWARNINGS": "error", **variables}
    return subprocess.run(
        [AWARDS, "demo", *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_it_plays_and_verifies_itself_and_leaves_nothing(tmp_path: Path) -> None:
    done = demo(tmp_path, "--check", AWARDS_DATABASE_URL="sqlite:///not-touched.db", AWARDS_PORT="1")
    assert (done.returncode, done.stderr) == (0, "")
    last = done.stdout.splitlines()[-1]
    assert re.fullmatch(r"demo: ok, 11 editions, 10 winners from the roll, [1-9][0-9]* events", last)
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = demo(tmp_path, AWARDS_PORT=str(port), PYTHONWARNINGS="ignore")  # cheroot leaves its socket open
    assert done.returncode == 1
    assert done.stderr == (
        f"demo: failed: 127.0.0.1:{port} is taken or cannot be used; choose another by AWARDS_PORT=8001\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    done = demo(tmp_path, "--check", AWARDS_THREADS="many")
    assert done.returncode == 1
    assert done.stderr == "demo: failed: AWARDS_THREADS must be a whole number from 1 to 1024, not 'many'\n"


def test_a_check_says_what_differs() -> None:
    with pytest.raises(Unexpected, match=r"^winners: found \['A'\], it should be \['B'\]$"):
        same("winners", ["A"], ["B"])


def test_another_answer_than_expected_is_told() -> None:
    headers = Message()
    headers["Content-Type"] = "application/problem+json"
    answer = Answer("POST /x", 409, headers, b'{"code": "call_closed"}')
    assert answer.refused(409, "call_closed") == {"code": "call_closed"}
    with pytest.raises(
        Unexpected, match=r"^POST /x was answered \(409, 'call_closed'\), it should be \(403, 'forbidden'\)$"
    ):
        answer.refused(403, "forbidden")
    with pytest.raises(Unexpected, match=r"^POST /x was answered 409: "):
        answer.ok()
