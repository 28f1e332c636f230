"""`awards export` at a shell: the file is there whole or not at all, and is checked by hand as the page says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from awards.cli import main
from tests import set_up
from tests.bundle.scene import Scene, open_service

KNOWN = {"awards.db", "keys.db", "awards.key", "log", "log.key"}


class Shell:
    """In a folder with the log of the scene, and the settings that name it."""

    def __init__(self, folder: Path, edition: str) -> None:
        self.folder, self.edition = folder, edition

    def export(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["export", *arguments])

    def written(self, *arguments: str) -> bytes:
        """What goes to standard output."""
        done = self.export(self.edition, "--output", "-", *arguments)
        assert done.exit_code == 0, done.output
        return done.stdout_bytes

    def files(self) -> set[str]:
        """What is in the folder beside the databases and what belongs to them."""
        return {file.name for file in self.folder.iterdir() if not file.name.startswith(tuple(KNOWN))}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a log with the edition in it."""
    folder = tmp_path_factory.mktemp("export")
    url = f"sqlite:///{folder / 'awards.db'}"
    set_up.log_and_views(url)
    service = open_service(folder, url, f"sqlite:///{folder / 'keys.db'}")
    edition = Scene(service).edition
    service.close()
    return folder, edition


@pytest.fixture
def shell(made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    folder, edition = made
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("AWARDS_")]:
        monkeypatch.delenv(name)
    named = {
        "DATABASE_URL": "sqlite:///awards.db",
        "KEYS": "sqlite:///keys.db",
        "LOG_STORE": "log",
        "LOG_KEY": "log.key",
    }
    for name, value in {**named, "KEY_FILE": "awards.key"}.items():
        monkeypatch.setenv(f"AWARDS_{name}", value)
    shell = Shell(folder, edition)
    yield shell
    for name in shell.files():
        (folder / name).unlink()


def test_the_bundle_is_written_under_its_own_name_for_its_owner_alone(shell: Shell) -> None:
    done = shell.export("advocate/2026")
    assert (done.exit_code, done.stdout) == (0, "")
    (name,) = shell.files()
    path = shell.folder / name
    assert name.startswith(shell.edition)
    assert name.endswith("-auditor.zip")
    assert done.stderr.split() == [name, sha256(path.read_bytes()).hexdigest()]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == shell.written()
    assert shell.export(shell.edition, "--profile", "public", "--output", "public.zip").exit_code == 0
    assert (shell.folder / "public.zip").read_bytes() == shell.written("--profile", "public")


def test_nothing_is_replaced_unless_it_is_asked_for(shell: Shell) -> None:
    kept = shell.folder / "kept.zip"
    kept.write_bytes(b"mine")
    done = shell.export(shell.edition, "--output", "kept.zip")
    assert (done.exit_code, done.stderr) == (4, "Error: kept.zip is there already; with --force it is replaced\n")
    assert kept.read_bytes() == b"mine"
    assert shell.export(shell.edition, "--output", "kept.zip", "--force").exit_code == 0
    assert kept.read_bytes() == shell.written()
    assert shell.export(shell.edition).exit_code == 0
    assert shell.export(shell.edition).exit_code == 4, "the name it gives itself is no exception"
    assert len(shell.files()) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["6f1d9a52-2b0e-4c39-9c55-6a1f0c7a1e77"], 1, "no such"),
        (["advocate/1999"], 1, "no such"),
        (["nonsense"], 1, "no such"),
        (["advocate/2026", "--profile", "everything"], 2, "everything"),
        (["advocate/2026", "--output", "nowhere/bundle.zip"], 1, "cannot write to nowhere"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line_and_leaves_nothing(
    shell: Shell, arguments: list[str], code: int, told: str
) -> None:
    done = shell.export(*arguments)
    assert done.exit_code == code, done.output
    assert told in done.stderr
    assert shell.files() == set()


def test_a_database_that_was_changed_is_told_by_its_exit_code(shell: Shell, made: tuple[Path, str]) -> None:
    shell.written()
    tile = made[0] / "log" / "tile" / "0" / "000"
    whole = tile.read_bytes()
    tile.write_bytes(b"\0" * 32 + whole[32:])
    try:
        done = shell.export(shell.edition, "--output", "bundle.zip")
    finally:
        tile.write_bytes(whole)
    assert done.exit_code == 3, done.output
    assert "at position 1" in done.stderr
    assert shell.files() == set()


def test_killed_at_any_moment_it_leaves_the_old_file_or_the_new_one(shell: Shell) -> None:
    target = shell.folder / "bundle.zip"
    whole = shell.written()
    command = [sys.executable, "-c", "from awards.cli import main; main()", "export", shell.edition]
    command += ["--output", str(target), "--force"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for step in range(6):
        target.write_bytes(b"old")
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while process.poll() is None and len(shell.files()) < 2 and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(0.004 * step)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert target.read_bytes() in (b"old", whole)


def test_on_a_terminal_a_bar_shows_how_far_it_is_and_a_zip_is_not_printed(shell: Shell) -> None:
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", "from awards.cli import main; main()", "export", shell.edition]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"}
    done = subprocess.run([*command, "--output", "bar.zip"], env=environment, stderr=follower, check=True, timeout=60)
    told = os.read(leader, 65_536).decode()
    assert "exporting" in told
    assert "100%" in told
    done = subprocess.run(
        [*command, "--output", "-"], env=environment, stdout=follower, capture_output=False, check=False
    )
    assert done.returncode == 1
    os.close(follower)
    os.close(leader)
    assert "exporting" not in shell.export(shell.edition, "--output", "quiet.zip").stderr


# --- by hand, as docs/bundle.md says: what is run is what stands there


def documented() -> list[str]:
    page = (Path(__file__).parents[2] / "docs" / "bundle.md").read_text(encoding="utf-8")
    return [line.strip() for line in page.splitlines() if line.startswith("    ")]


@pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("sha256sum", "xxd")), reason="sha256sum or xxd is missing"
)
def test_a_newcomer_checks_it_with_the_tools_of_a_shell(shell: Shell, tmp_path: Path) -> None:
    assert shell.export(shell.edition, "--output", str(tmp_path / "bundle.zip")).exit_code == 0
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        archive.extractall(tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    shown = next(
        index
        for index, line in enumerate((folder / "data/events.jsonl").read_bytes().splitlines())
        if b'"leaf"' not in line
    )
    script = "\n".join([f"N={shown}", *documented()])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done
    *checked, leaf, from_tile, digest = done.stdout.splitlines()
    assert checked
    assert all(line.endswith(": OK") for line in checked)
    assert leaf.split()[0] == from_tile
    disclosed = (folder / "data/disclosures.jsonl").read_text().splitlines()[0]
    assert f'"sd":"{digest}"' in disclosed
