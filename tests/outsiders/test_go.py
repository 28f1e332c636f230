"""Go's `sumdb/tlog` and `sumdb/note`, over HTTP: checkpoint, tiles, every leaf, every line, every older checkpoint."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.outsiders.conftest import House

ROOT = Path(__file__).parents[2]
SIZES = (1, 2, 255, 256, 257)
WITH_LINES = 255

Verify = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def verify(tmp_path_factory: pytest.TempPathFactory) -> Verify:
    """Runs the Go program; where Go cannot be had the tests are skipped, and say so."""
    found = subprocess.run([ROOT / ".ci" / "go"], capture_output=True, text=True, check=False, timeout=240)
    if found.returncode:
        pytest.skip(f"not checked by Go: {found.stderr.strip().splitlines()[-1]}")
    folder = tmp_path_factory.mktemp("go")
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache")}
    built = [
        found.stdout.strip(),
        "build",
        "-o",
        str(folder / "verify"),
        str(ROOT / "tests" / "outsiders" / "verify.go"),
    ]
    subprocess.run(built, env=environ, check=True, capture_output=True, timeout=240)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(folder / "verify"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    return run


def test_go_checks_a_running_service_as_it_grows(house: House, verify: Verify) -> None:
    older: list[str] = []
    [vkey] = house.service.application.log.vkeys()
    token, told = "", []
    for size in SIZES:
        if size == WITH_LINES:  # some of these events are that somebody may read the lines
            token = house.auditor()
        house.grow(size)
        told.append(verify(house.url, vkey, token, *older))
        older.append(str(house.folder / str(size)))
    assert [(done.returncode, done.stdout, done.stderr) for done in told] == [
        (0, f"size {size}, {size if size >= WITH_LINES else 0} lines, {number} older\n", "")
        for number, size in enumerate(SIZES)
    ]
    # What is not so is refused: another key, a changed old checkpoint, one of another tree.
    other = vkey[:-2] + ("A" if vkey[-2] != "A" else "B") + vkey[-1]
    assert verify(house.url, other, token).returncode == 1
    first = Path(older[0]).read_text()
    changed = house.folder / "changed"
    changed.write_text(first.replace("\n1\n", "\n2\n"))
    assert "invalid signature" in verify(house.url, vkey, token, str(changed)).stderr
