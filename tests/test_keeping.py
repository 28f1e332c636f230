"""Backups and one's own file at the command line, in a folder with an SQLite log."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from awards.cli import main


def awards(*arguments: str, code: int = 0) -> str:
    """What a command prints that ends with this code: on standard error, if it fails."""
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, (arguments, done.output, done.exception)
    return done.stderr if code else done.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With one person registered."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("AWARDS_")]:
        monkeypatch.delenv(name)
    awards("subject", "register", "Ada")
    return tmp_path


def lose(folder: Path, *names: str) -> None:
    for name in names:
        for ending in ("", "-wal", "-shm"):
            (folder / f"{name}{ending}").unlink(missing_ok=True)


def test_what_is_lost_is_restored_from_its_backups(folder: Path) -> None:
    signed = awards("checkpoint")
    assert "2 events" in awards("backup", "log.backup")
    assert "keep it elsewhere" in awards("backup", "--keys", "keys.backup")
    assert "left alone" in awards("backup", "log.backup", code=1)
    assert "holds a log already" in awards("restore", "log.backup", code=1)
    lose(folder, "awards.db", "awards-keys.db")
    assert "awards restore --keys" in awards("restore", "log.backup", code=1)
    assert "what is erased stays erased" in awards("restore", "--keys", "keys.backup")
    assert "2 events" in awards("restore", "log.backup")
    assert awards("checkpoint") == signed
    assert "no backup" not in awards("replay")
    assert "is not a backup of a log" in awards("restore", "keys.backup", code=1)
    assert "is not a backup of a key store" in awards("restore", "--keys", "log.backup", code=1)


def test_a_key_of_the_log_that_was_not_brought_along_is_missed_before_another_signs(folder: Path) -> None:
    awards("backup", "log.backup")
    lose(folder, "awards.db")
    assert (folder / "awards-log.key").exists() is False, "nothing was published"
    assert "the key of the log is not there: put it at awards-log.key" in awards("restore", "log.backup")
    awards("checkpoint")
    lose(folder, "awards.db")
    assert "the key of the log" not in awards("restore", "log.backup")


def test_the_commands_of_the_page_do_as_it_says_in_its_order(folder: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "erasure.md").read_text(encoding="utf-8")
    typed = [line.partition("#")[0].split()[1:] for line in page.splitlines() if line.startswith("    awards ")]
    assert [words[0] for words in typed] == ["backup", "backup", "restore", "restore", "erase"]
    signed = awards("checkpoint")
    for words in typed[:2]:
        awards(*words)
    lose(folder, "awards.db", "awards-keys.db")
    for words in typed[2:]:
        awards(*words)
    assert awards("checkpoint") == signed


def test_a_backup_older_than_the_last_checkpoint_is_restored_and_refused(folder: Path) -> None:
    awards("backup", "log.backup")
    awards("subject", "register", "Bo")
    awards("checkpoint")
    lose(folder, "awards.db")
    for command in (["restore", "log.backup"], ["checkpoint"], ["serve"]):
        assert "the database holds 2 events" in awards(*command, code=3)


def test_what_cannot_be_copied_is_told_in_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    awards("backup", "log.backup")
    assert awards("backup", "log.backup/of", code=1) == "Error: cannot write log.backup/of: File exists\n"
    monkeypatch.setenv("AWARDS_KEYS", "postgresql://127.0.0.1:1/keys")
    monkeypatch.setenv("AWARDS_KEY_FILE", "awards-keys.key")
    for command in (["backup", "--keys", "k.backup"], ["restore", "log.backup"]):
        told = awards(*command, code=1)
        assert told.startswith("Error: cannot "), told
        assert f"{command[-1]}: connection failed" in told
        assert len(told.splitlines()) == 1
    monkeypatch.delenv("AWARDS_KEYS")
    monkeypatch.delenv("AWARDS_KEY_FILE")
    monkeypatch.setenv("AWARDS_DATABASE_URL", "sqlite:///nowhere/awards.db")
    assert "there is no folder for nowhere/awards.db" in awards("migrate", code=1)


def test_a_file_on_somebody_is_printed(folder: Path) -> None:
    who = awards("subject", "register", "Bo").split()[1]
    file = json.loads(awards("subject", "file", who))
    assert [event["type"] for event in file["events"]] == ["subject.known", "subject.role_granted"]
    assert file["events"][0]["told"] == {"kind": "person", "name": "Bo"}
    assert "Ada" not in json.dumps(file)
    assert [token["role"] for token in file["beside"]["tokens"]] == ["secretariat"]
    assert "Nothing is held" in awards("subject", "file", "nobody", code=1)
    assert awards("erase", "--due") == ""
    assert "nobody here goes by Bo: give the id" in awards("erase", "Bo", code=1)
