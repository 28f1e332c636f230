"""The log as an operator publishes it and an outsider checks it: commands, and openssl and sha256sum by hand."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from awards.access import OPERATOR
from awards.app import Service
from awards.application.desk import Arrival
from awards.cli import main
from awards.ledger.notes import Head, Verifier, open_note
from awards.ledger.receipts import Receipt
from awards.ledger.tree import leaf_hash
from awards.production import faults
from awards.settings import Settings
from tests.api.play import now


class Shell:
    """Commands in a folder with an SQLite log in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def awards(self, *arguments: str, code: int = 0) -> str:
        """What a command prints that ends with this code: on standard error, if it fails."""
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == code, (arguments, done.output, done.exception)
        return done.stderr if code else done.stdout

    def by_hand(self, script: str) -> str:
        """What a script prints that ends well."""
        command = ["bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done
        return done.stdout


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """With one person registered."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("AWARDS_")]:
        monkeypatch.delenv(name)
    shell = Shell(tmp_path)
    shell.awards("subject", "register", "Ada")
    return shell


def opened(shell: Shell, note: str) -> Head:
    keys = list(map(Verifier.read, shell.awards("log-key", "show").splitlines()))
    text, signed_by = open_note(note, keys)
    assert signed_by == keys
    return Head.read(text)


def test_a_checkpoint_is_printed_and_the_key_made_for_its_owner(shell: Shell) -> None:
    first = opened(shell, shell.awards("checkpoint"))
    assert (shell.folder / "awards-log.key").stat().st_mode & 0o777 == 0o600
    assert f"root {first.root.hex()}, as signed up to position {first.size}" in shell.awards("replay")
    shell.awards("subject", "register", "Bo")
    assert opened(shell, shell.awards("checkpoint")).size > first.size


def test_a_key_is_rotated_and_retired_at_the_command_line(shell: Shell) -> None:
    head = opened(shell, shell.awards("checkpoint"))
    [old] = shell.awards("log-key", "show").splitlines()
    assert "one key only" in shell.awards("log-key", "retire", code=1)
    assert opened(shell, shell.awards("log-key", "rotate")) == head
    new, still = shell.awards("log-key", "show").splitlines()
    assert still == old
    assert "retire the old one first" in shell.awards("log-key", "rotate", code=1)
    assert opened(shell, shell.awards("log-key", "retire")) == head
    assert shell.awards("log-key", "show").splitlines() == [new]


def test_a_restored_database_is_not_started_on(shell: Shell) -> None:
    shutil.copy(shell.folder / "awards.db", shell.folder / "backup")
    shell.awards("subject", "register", "Bo")
    signed = shell.awards("checkpoint")
    for ending in ("-wal", "-shm"):
        (shell.folder / f"awards.db{ending}").unlink(missing_ok=True)
    shutil.move(shell.folder / "backup", shell.folder / "awards.db")
    for command in (["serve"], ["checkpoint"], ["replay"], ["rebuild"], ["subject", "register", "Eve"]):
        told = shell.awards(*command, code=3)
        assert "the database holds" in told, told
        assert "docs/verify.md" in told
    assert (shell.folder / "awards-log" / "checkpoint").read_text() == signed


def test_a_key_of_the_log_that_others_may_read_is_not_for_production(shell: Shell) -> None:
    shell.awards("checkpoint")
    settings = Settings.from_environment({"AWARDS_DATABASE_URL": f"sqlite:///{shell.folder / 'awards.db'}"})
    key = shell.folder / "awards-log.key"
    key.chmod(0o644)
    assert f"AWARDS_LOG_KEY is open to others than its owner: chmod 600 {key}" in list(faults(settings))
    assert f"chmod 600 {key.name}" in shell.awards("log-key", "show", code=1)
    (shell.folder / "awards-log").chmod(0o777)
    assert [one for one in faults(settings) if one.startswith("AWARDS_LOG_STORE is a folder that others")]


# --- by hand, as docs/verify.md says: what is run is what stands there


DER = r"(printf '\060\052\060\005\006\003\053\145\160\003\041\000'; "
KEYED = "openssl pkeyutl -verify -pubin -keyform DER -inkey "


def documented(*beginnings: str) -> str:
    """The commands of the page that begin so, in their order."""
    page = (Path(__file__).parent.parent / "docs" / "verify.md").read_text(encoding="utf-8")
    lines = [line.strip() for line in page.splitlines() if line.startswith("    ")]
    found = [line for beginning in beginnings for line in lines if line.startswith(beginning)]
    assert len(found) == len(beginnings)
    return "\n".join(found)


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@needs_openssl
def test_openssl_checks_the_signature_and_refuses_a_changed_text(shell: Shell) -> None:
    (shell.folder / "checkpoint").write_text(shell.awards("checkpoint"))
    (shell.folder / "vkey").write_text(shell.awards("log-key", "show"))
    script = documented("head -n 3", "sed -n 5p", DER + "cut", KEYED + "key.der")
    assert "Verified Successfully" in shell.by_hand(script)
    changed = (shell.folder / "checkpoint").read_text().replace("\n", "\n1", 1)
    (shell.folder / "checkpoint").write_text(changed)
    done = subprocess.run(["bash", "-c", script], cwd=shell.folder, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Verified Successfully" not in done.stdout


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_gives_the_leaf_of_a_receipt(shell: Shell) -> None:
    settings = Settings.from_environment({"AWARDS_DATABASE_URL": f"sqlite:///{shell.folder / 'awards.db'}"})
    service = Service.open(settings)
    try:
        people, arrival = service.application.people, Arrival(OPERATOR, now())
        token = people.issue_token(arrival, people.register(arrival, "Ann", "auditor"), "auditor")
        caller = people.caller(token, now())
        assert caller is not None
        text = service.application.log.receipt(Arrival(caller, now()), 1)
    finally:
        service.close()
    (shell.folder / "receipt.tlog-proof").write_text(text)
    leaf = shell.by_hand(documented("sed -n 's/^extra", "(printf '\\0'; cat line)")).split()[0]
    receipt = Receipt.read(text)
    assert leaf == leaf_hash(receipt.extra).hex()
    assert base64.b64encode(receipt.extra).decode() in text
    receipt.verify(bytes.fromhex(leaf), list(map(Verifier.read, shell.awards("log-key", "show").splitlines())))
