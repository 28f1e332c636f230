"""The key store: durable before use, erased for good, one key file."""

import multiprocessing
import os
import sqlite3
import stat
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from awards.ledger import keys as keys_module
from awards.ledger.key_file import KeyFileExposed, KeyFileInvalid, KeyFileMissing, KeyStoreError
from awards.ledger.key_tables import open_key_tables
from awards.ledger.keys import BATCH, CLASSES, DamagedKey, KeyStore, UnknownKey, UsedAfterFork, WrongKeyFile
from tests.conftest import NewDatabase

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "key"


@pytest.fixture
def store(keys_url: str, key_file: Path) -> Iterator[KeyStore]:
    store = KeyStore(keys_url, key_file)
    yield store
    store.close()


@pytest.fixture
def other(store: KeyStore, keys_url: str, key_file: Path) -> Iterator[KeyStore]:
    """The same key store as another process would open it."""
    other = KeyStore(keys_url, key_file)
    yield other
    other.close()


def change(url: str, sql: str, *params: object) -> None:
    tables = open_key_tables(url)
    tables.write((sql, [params]))
    tables.close()


# --- minting


def test_a_minted_id_is_random_and_its_keys_are_there_for_another_process(store: KeyStore, other: KeyStore) -> None:
    id = store.mint()
    assert uuid.UUID(id).version == 4
    found = [other.get(id, cls) for cls in CLASSES]
    assert len(set(found)) == len(CLASSES)
    assert {len(key or b"") for key in found} == {32}
    assert found == [store.get(id, cls) for cls in CLASSES]


def test_ids_are_minted_in_batches_and_never_twice(store: KeyStore, other: KeyStore, keys_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda at: (store, other)[at % 2].mint(), range(BATCH * 6)))
    assert len(set(ids)) == BATCH * 6
    tables = open_key_tables(keys_url)
    rows = tables.rows("SELECT count(*) FROM keys")[0][0]
    tables.close()
    assert rows <= (6 + 1) * BATCH * len(CLASSES)


def test_a_copy_made_by_a_fork_hands_out_no_ids(store: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.mint()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(UsedAfterFork):
        store.mint()


# --- looking up


def test_many_keys_are_found_at_once(store: KeyStore) -> None:
    pairs = [(store.mint(), cls) for _ in range(300) for cls in ("case", "public")]
    found = store.get_many(pairs)
    assert found.keys() == set(pairs)
    assert len(set(found.values())) == len(pairs)


def test_an_unknown_id_or_class_is_not_taken_for_an_erased_one(store: KeyStore) -> None:
    with pytest.raises(UnknownKey, match="no tombstone"):
        store.get(str(uuid.uuid4()), "case")
    with pytest.raises(UnknownKey):
        store.get_many([(store.mint(), "case"), (store.mint(), "private")])
    with pytest.raises(UnknownKey):
        store.cipher((str(uuid.uuid4()),), "case")


def test_ciphers_are_kept_and_the_least_recently_used_go_first(
    keys_url: str, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "CACHED", 2)
    store = KeyStore(keys_url, key_file)
    first, second, third = ((store.mint(),) for _ in range(3))
    kept = store.cipher(first, "case")
    store.cipher(second, "case")
    assert store.cipher(first, "case") is kept
    store.cipher(third, "case")
    assert store.cipher(first, "case") is kept
    assert store.cipher(third, "case") is store.cipher(third, "case")
    store.cipher(second, "case")
    assert store.cipher(first, "case") is not kept
    store.close()


def test_a_wrapped_key_that_was_moved_is_refused(store: KeyStore, keys_url: str) -> None:
    mine, theirs = store.mint(), store.mint()
    change(
        keys_url,
        "UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE id = ? AND class = 'case') "
        "WHERE id = ? AND class = 'case'",
        theirs,
        mine,
    )
    with pytest.raises(DamagedKey):
        store.get(mine, "case")
    assert store.get(theirs, "case")


# --- erasing


def test_an_erased_key_leaves_a_tombstone_and_the_other_classes(store: KeyStore, other: KeyStore) -> None:
    id, neighbour = store.mint(), store.mint()
    public = store.get(id, "public")
    store.erase(id, ["case", "account"], NOW)
    store.erase(id, ["case"], NOW)
    for each in (store, other):
        assert each.get(id, "case") is None
        assert each.get(id, "account") is None
        assert each.get(id, "public") == public
        assert each.get(neighbour, "case")
    assert store.cipher((id,), "case") is None
    assert store.cipher((id,), "public") is not None


def test_a_tombstone_is_never_provisioned_again(store: KeyStore, keys_url: str) -> None:
    id = store.mint()
    store.erase(id, ["case"], NOW)
    tables = open_key_tables(keys_url)
    with pytest.raises(Exception, match=r"(?i)unique"):
        tables.write(("INSERT INTO keys (id, class, wrapped) VALUES (?, ?, ?)", [(id, "case", b"new")]))
    with pytest.raises(Exception, match=r"(?i)check"):
        tables.write(("UPDATE keys SET wrapped = ? WHERE id = ? AND class = ?", [(b"new", id, "case")]))
    tables.close()
    assert store.get(id, "case") is None


def test_an_id_unknown_to_a_restored_store_can_still_be_erased(store: KeyStore) -> None:
    lost = str(uuid.uuid4())
    store.erase(lost, ["case"], NOW)
    assert store.get(lost, "case") is None


def test_a_process_heeds_what_another_has_erased(
    store: KeyStore, keys_url: str, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "HEED_EVERY", 0)
    other = KeyStore(keys_url, key_file)
    id, member = sorted([store.mint(), store.mint()])
    kept = other.cipher((member,), "case")
    assert other.cipher((id,), "case") is not None
    assert other.cipher((id, member), "case") is not None
    assert other.cipher((member,), "case") is kept
    store.erase(id, ["case"], NOW)
    assert other.cipher((id,), "case") is None
    assert other.cipher((id, member), "case") is None
    assert other.cipher((member,), "case") is not None
    other.close()


def test_a_key_looked_up_during_an_erasure_is_not_kept(store: KeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = sorted([store.mint(), store.mint()])
    looked_up = store.get_many

    def erased_meanwhile(pairs: object) -> object:
        found = looked_up(list(pairs))  # type: ignore[call-overload]
        monkeypatch.undo()
        store.erase(ids[0], ["case"], NOW)
        return found

    monkeypatch.setattr(store, "get_many", erased_meanwhile)
    store.cipher(tuple(ids), "case")
    assert store.cipher(tuple(ids), "case") is None


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_no_copy_of_an_erased_key_is_left_in_the_files(store: KeyStore, keys_url: str, tmp_path: Path) -> None:
    id = store.mint()
    path = keys_url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    (wrapped,) = connection.execute("SELECT wrapped FROM keys WHERE id = ? AND class = 'case'", (id,)).fetchone()
    connection.close()

    def files_with_it() -> list[str]:
        return [file.name for file in tmp_path.glob("keys.db*") if wrapped in file.read_bytes()]

    assert files_with_it() != []
    store.erase(id, ["case"], NOW)
    assert files_with_it() == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sqlite_writes_keys_through_to_the_disk(keys_url: str) -> None:
    tables = open_key_tables(keys_url)
    pragmas = [tables.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "secure_delete")]
    tables.close()
    assert pragmas == ["wal", 2, 1]


# --- the key file


def test_the_key_file_is_made_once_for_its_owner_alone(store: KeyStore, other: KeyStore, key_file: Path) -> None:
    assert len(key_file.read_bytes()) == 32
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [file.name for file in key_file.parent.iterdir()] == ["key"]
    assert store.secret("etag") == other.secret("etag")


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_may_read_is_refused(store: KeyStore, keys_url: str, key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyFileExposed, match="chmod 600"):
        KeyStore(keys_url, key_file)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_file_of_another_length_is_refused(store: KeyStore, keys_url: str, key_file: Path, size: int) -> None:
    key_file.write_bytes(b"x" * size)
    with pytest.raises(KeyFileInvalid, match="32 bytes"):
        KeyStore(keys_url, key_file)


def test_a_lost_key_file_is_not_replaced(store: KeyStore, keys_url: str, key_file: Path) -> None:
    key_file.unlink()
    with pytest.raises(KeyFileMissing, match="restore it from its backup"):
        KeyStore(keys_url, key_file)
    assert not key_file.exists()


def test_another_key_file_is_refused(store: KeyStore, keys_url: str, key_file: Path) -> None:
    key_file.write_bytes(b"x" * 32)
    with pytest.raises(WrongKeyFile, match="another key file"):
        KeyStore(keys_url, key_file)


@pytest.mark.parametrize("address", ["keys.db", "mysql://host/keys"])
def test_an_address_of_another_kind_is_refused(address: str, key_file: Path) -> None:
    with pytest.raises(KeyStoreError, match="sqlite:///"):
        KeyStore(address, key_file)


def test_an_unreachable_server_is_told_at_once(key_file: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="refused"):
        KeyStore("postgresql://awards@127.0.0.1:9/keys", key_file)
    assert not key_file.exists()


def open_and_mint(url: str, key_file: Path, ready: threading.Barrier) -> tuple[bytes, str]:
    ready.wait()
    store = KeyStore(url, key_file)
    minted = store.secret("same"), store.mint()
    store.close()
    return minted


def open_in_process(url: str, key_file: Path, ready: threading.Barrier, answers: "multiprocessing.SimpleQueue") -> None:
    answers.put(open_and_mint(url, key_file, ready))


def test_processes_that_start_together_share_one_key_file(keys_url: str, key_file: Path) -> None:
    several = multiprocessing.get_context("spawn")
    answers, ready = several.SimpleQueue(), several.Barrier(4)
    processes = [several.Process(target=open_in_process, args=(keys_url, key_file, ready, answers)) for _ in range(4)]
    for process in processes:
        process.start()
    minted = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    assert len({secret for secret, _ in minted}) == 1
    assert len({id for _, id in minted}) == 4
    store = KeyStore(keys_url, key_file)
    assert all(store.get(id, "case") for _, id in minted)
    store.close()


def test_threads_that_start_together_share_one_key_file(new_database: NewDatabase, tmp_path: Path) -> None:
    for attempt in range(5):
        url, key_file, ready = new_database(f"keys{attempt}"), tmp_path / f"{attempt}.key", threading.Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            minted = list(pool.map(lambda _, args=(url, key_file, ready): open_and_mint(*args), range(4)))
        assert len({secret for secret, _ in minted}) == 1
        assert len({id for _, id in minted}) == 4


def test_secrets_differ_by_label_and_key_file(store: KeyStore, tmp_path: Path) -> None:
    stranger = KeyStore(f"sqlite:///{tmp_path / 'stranger.db'}", tmp_path / "stranger.key")
    assert len({store.secret("etag"), store.secret("idempotency"), stranger.secret("etag")}) == 3
    stranger.close()
