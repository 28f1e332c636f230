"""A backup is one moment of a log, however many write to it; what was changed in it is not restored."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from awards.ledger.backup import TABLES, Backup, BackupInvalid, write_backup
from awards.ledger.ledger import Broken, Ledger
from awards.ledger.recorders import Alongside
from awards.ledger.restoring import NotEmpty, restore
from tests.conftest import NewDatabase
from tests.ledger.parcel import AT, new_ledger, sent

WRITERS = 4


def row(stream: uuid.UUID) -> Alongside:
    """A row beside the log that belongs to one event."""
    return Alongside(rows=[("participants", [{"participant": str(stream), "edition": "e", "subject": str(stream)}])])


def send(ledger: Ledger, count: int = 1) -> None:
    for _ in range(count):
        stream = uuid.uuid4()
        ledger.append([sent(stream)], row(stream))


@pytest.fixture
def other_url(new_database: NewDatabase) -> str:
    """Where to restore."""
    return new_database("restored")


def everything(ledger: Ledger) -> dict[str, list[list[str]]]:
    """All rows of the log and beside it, as both kinds of database would tell them."""
    told = {table: ledger.rows(f"SELECT * FROM {table}") for table in ("stored_events", "leaves", *TABLES)}
    return {
        table: sorted([f"{name}: {value}".replace("-", "") for name, value in sorted(row.items())] for row in rows)
        for table, rows in told.items()
    }


def test_a_backup_under_racing_writers_is_one_moment_of_the_log(
    ledger: Ledger, database_url: str, other_url: str, tmp_path: Path
) -> None:
    send(ledger, 40)
    over = threading.Event()

    def write() -> int:
        sent_by_me = 0
        while not over.is_set():
            send(ledger)
            sent_by_me += 1
        return sent_by_me

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write) for _ in range(WRITERS)]
        sizes = []
        for number in range(3):
            manifest = write_backup(database_url, tmp_path / f"{number}.backup", AT)
            sizes.append(manifest.size)
        over.set()
        assert all(writer.result(60) for writer in writers)
    assert 40 <= sizes[0] < sizes[-1] <= ledger.position()
    with closing(Backup(tmp_path / "2.backup")) as backup:
        backup.check()
        assert restore(other_url, backup, (), AT) == manifest
    with closing(Ledger.open(other_url)) as restored:
        assert restored.origin == ledger.origin
        assert restored.check() == (manifest.size, manifest.root)
        assert list(restored.lines()) == list(ledger.lines(0, manifest.size))
        assert len(restored.rows("SELECT * FROM participants")) == manifest.size
        send(restored)
        assert restored.position() == manifest.size + 1


def test_all_of_a_log_comes_back_on_either_kind_of_database(
    ledger: Ledger, database_url: str, other_url: str, tmp_path: Path
) -> None:
    send(ledger, 3)
    path = tmp_path / "log.backup"
    write_backup(database_url, path, AT)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir() if ".backup" in each.name] == ["log.backup"]
    before = everything(ledger)
    for url in (other_url, f"sqlite:///{tmp_path / 'moved.db'}"):
        with closing(Backup(path)) as backup:
            restore(url, backup, (), AT)
            with pytest.raises(NotEmpty):
                restore(url, backup, (), AT)
        with closing(Ledger.open(url)) as restored:
            assert everything(restored) == before
            with pytest.raises(Exception, match="append-only"):
                restored.write(("DELETE FROM stored_events", []))


def test_no_file_is_overwritten_and_a_log_that_contradicts_itself_is_not_backed_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    with closing(new_ledger(url)) as ledger:
        send(ledger)
    with pytest.raises(FileExistsError):
        write_backup(url, tmp_path / "log.db", AT)
    with closing(sqlite3.connect(tmp_path / "log.db")) as administrator:
        administrator.execute("DROP TRIGGER stored_events_refuse_update")
        administrator.execute("UPDATE stored_events SET state = CAST(replace(state, 'a book', 'a look') AS BLOB)")
        administrator.commit()
    with pytest.raises(Broken):
        write_backup(url, tmp_path / "log.backup", AT)
    assert not (tmp_path / "log.backup").exists()


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM participants",
        "UPDATE participants SET subject = participant || '!'",
        "DELETE FROM stored_events WHERE notification_id = 3",
        "UPDATE stored_events SET originator_version = 2 WHERE notification_id = 2",
        "UPDATE manifest SET value = 'another.log' WHERE name = 'origin'",
        "UPDATE manifest SET value = '2' WHERE name = 'size'",
        "UPDATE manifest SET value = '9' WHERE name = 'format'",
        "DROP TABLE contacts",
        "DELETE FROM contents WHERE name = 'contacts'",
        "DROP TABLE manifest",
    ],
)
def test_a_backup_that_was_changed_is_not_restored(backup_file: Path, tmp_path: Path, change: str) -> None:
    changed = tmp_path / "changed.backup"
    changed.write_bytes(backup_file.read_bytes())
    with closing(sqlite3.connect(changed)) as hand:
        hand.execute(change)
        hand.commit()
    with pytest.raises(BackupInvalid), closing(Backup(changed)) as backup:
        backup.check()


def test_what_is_no_backup_is_not_restored(backup_file: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.backup"
    whole = backup_file.read_bytes()
    for content in (b"", b"no database", whole[: len(whole) // 2]):
        cut.write_bytes(content)
        with pytest.raises(BackupInvalid), closing(Backup(cut)) as backup:
            backup.check()


@pytest.fixture(scope="module")
def backup_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of three parcels."""
    folder = tmp_path_factory.mktemp("backup")
    with closing(new_ledger(f"sqlite:///{folder / 'log.db'}")) as ledger:
        send(ledger, 3)
    write_backup(f"sqlite:///{folder / 'log.db'}", folder / "log.backup", AT)
    return folder / "log.backup"
