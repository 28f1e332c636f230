"""What is erased stays erased, whatever is restored: the log, the keys, both, each older than the erasure."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from awards.app import Service
from awards.ledger.backup import write_backup
from awards.ledger.contacts import put_contact
from awards.ledger.copying import filling
from awards.ledger.key_backup import write_key_backup
from awards.ledger.key_file import KeyFileMissing
from awards.ledger.keys import WrongKeyFile
from awards.ledger.publisher import LogTruncated
from awards.restoring import erase_again, restore_key_store, restore_log
from awards.settings import Settings
from tests import set_up
from tests.application.house import House, open_service
from tests.conftest import NewDatabase

ADDRESS = "irina@mail.example"


@dataclass
class Site:
    """A house with one edition, and backups of it from before anybody was erased."""

    house: House
    nomination: str
    participant: str
    subject: str
    log: Path
    keys: Path
    size: int

    @property
    def settings(self) -> Settings:
        return self.house.service.settings

    def erase(self) -> None:
        """Two people erase her."""
        house = self.house
        officer, other = house.staff("privacy_officer", "Priya"), house.approver
        house.app.erasures.request(house.by(officer), self.participant, "gdpr-17-1-b")
        house.app.erasures.approve(house.by(other), self.participant)


@pytest.fixture
def site(house: House, tmp_path: Path) -> Site:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    nomination = house.eligible(edition, nominator, "Irina", unit="UNIT-7")
    service = house.service
    (submitted,) = house.events("nomination.submitted")
    participant = submitted.nominee["participant"]
    rows = service.ledger.rows("SELECT subject FROM participants WHERE participant = ?", [participant])
    subject = str(rows[0]["subject"])
    put_contact(service.ledger, service.keys, subject, ADDRESS)
    house.link(nomination, "nominee")
    log, keys = tmp_path / "log.backup", tmp_path / "keys.backup"
    size = write_backup(service.settings.database_url, log, house.at).size
    write_key_backup(service.settings.keys_url, keys)
    return Site(house, nomination, participant, subject, log, keys, size)


def elsewhere(site: Site, new_database: NewDatabase, tmp_path: Path, **other: Any) -> Settings:
    """The settings with another, empty database for the log; nothing is signed of that."""
    url = new_database("restored")
    return replace(site.settings, database_url=url, log_store=None, log_key=None, **other)


def opened(settings: Settings) -> Service:
    return open_service(settings.database_url, settings.keys_url, settings.key_file)


def rows_about(service: Service, site: Site) -> list[str]:
    """The tables beside the log in which something about her lies."""
    ids = {"p": site.participant, "s": site.subject}
    asked = {
        "participants": "SELECT 1 AS n FROM participants WHERE participant = ? OR subject = ?",
        "tokens": "SELECT 1 AS n FROM tokens WHERE participant = ? OR subject = ?",
        "contacts": "SELECT 1 AS n FROM contacts WHERE subject IN (?, ?)",
        "sealed": "SELECT 1 AS n FROM sealed WHERE subjects LIKE ? OR subjects LIKE ?",
        "erasing": "SELECT 1 AS n FROM erasing WHERE id IN (?, ?)",
    }
    about = [f"%{id}%" for id in ids.values()]
    return [
        table
        for table, sql in asked.items()
        if service.ledger.rows(sql, about if table == "sealed" else list(ids.values()))
    ]


def shown(service: Service, site: Site) -> Any:
    house = site.house
    return service.application.reading.nomination(house.by(house.secretary), site.nomination)["nominee"]["name"]


ALL = ["participants", "tokens", "contacts", "sealed"]


def test_who_was_erased_since_the_backup_is_erased_in_what_is_restored(
    site: Site, new_database: NewDatabase, tmp_path: Path
) -> None:
    assert rows_about(site.house.service, site) == ALL
    site.erase()
    assert rows_about(site.house.service, site) == []
    settings = elsewhere(site, new_database, tmp_path)
    assert restore_log(settings, site.log, site.house.at).size == site.size
    with closing(opened(settings)) as restored:
        assert rows_about(restored, site) == []
        assert "edition.participant_erased" not in [one.topic for one in restored.ledger.notifications(0, 10_000)]
        assert shown(restored, site) == "erased"
        restored.projector.rebuild()
        assert shown(restored, site) == "erased"


def test_a_log_restored_with_nobody_erased_is_whole(site: Site, new_database: NewDatabase, tmp_path: Path) -> None:
    settings = elsewhere(site, new_database, tmp_path)
    restore_log(settings, site.log, site.house.at)
    with closing(opened(settings)) as restored:
        assert rows_about(restored, site) == ALL
        assert shown(restored, site) == "Irina"


def test_keys_from_an_older_backup_revive_nobody(site: Site, new_database: NewDatabase, tmp_path: Path) -> None:
    site.erase()
    later = tmp_path / "later.backup"
    write_backup(site.settings.database_url, later, site.house.at)
    # The store is there: its tombstones win over the keys of the backup.
    restore_key_store(site.settings, site.keys, site.house.at)
    assert site.house.service.keys.get(site.participant, "case") is None
    # The store is lost: the log says who is erased, whether it is there before the keys or after.
    lost = replace(site.settings, keys_url=new_database("lost"))
    restore_key_store(lost, site.keys, site.house.at)
    with closing(opened(lost)) as service:
        assert [service.keys.get(site.participant, cls) for cls in ("case", "public")] == [None, None]
        assert service.keys.get(site.subject, "account") is None
        assert shown(service, site) == "erased"
    both = elsewhere(site, new_database, tmp_path, keys_url=new_database("both"))
    restore_key_store(both, site.keys, site.house.at)
    restore_log(both, later, site.house.at)
    with closing(opened(both)) as service:
        assert service.keys.get(site.participant, "case") is None
        assert (rows_about(service, site), shown(service, site)) == ([], "erased")


def test_a_restore_that_was_cut_short_is_finished_by_whoever_opens_the_database(
    site: Site, new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.erase()
    settings = elsewhere(site, new_database, tmp_path)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("awards.restoring._erase_again", die)
    with pytest.raises(KeyboardInterrupt):
        restore_log(settings, site.log, site.house.at)
    with closing(opened(settings)) as service:
        assert (rows_about(service, site), shown(service, site)) == ([], "erased")


def test_a_backup_older_than_what_is_signed_is_re_erased_and_then_refused(
    site: Site, new_database: NewDatabase, tmp_path: Path
) -> None:
    site.erase()
    signed: dict[str, Any] = {"log_store": tmp_path / "signed", "log_key": tmp_path / "signed.key"}
    with closing(Service.open(replace(site.settings, **signed))) as service:
        assert service.publisher is not None
        service.publisher.publish()
    settings = replace(elsewhere(site, new_database, tmp_path), **signed)
    with pytest.raises(LogTruncated):
        restore_log(settings, site.log, site.house.at)
    unsigned = replace(settings, log_store=None, log_key=None)
    with closing(opened(unsigned)) as service:
        assert (rows_about(service, site), service.ledger.position()) == ([], site.size)


def test_keys_that_were_put_back_by_hand_are_destroyed_before_anything_is_served(site: Site, tmp_path: Path) -> None:
    service = site.house.service
    site.erase()
    with closing(sqlite3.connect(site.keys)) as copy:
        rows = copy.execute("SELECT wrapped, id, class FROM keys WHERE id = ?", [site.participant]).fetchall()
    with filling(service.settings.keys_url) as tables:
        for row in rows:
            tables.run("UPDATE keys SET wrapped = ?, erased_at = NULL WHERE id = ? AND class = ?", row)
    assert service.keys.get(site.participant, "case") is not None
    assert erase_again(service.application.desk, site.house.at) == 2
    assert service.keys.get(site.participant, "case") is None
    assert erase_again(service.application.desk, site.house.at) == 0


def test_keys_of_another_key_file_are_not_restored(site: Site, new_database: NewDatabase, tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing):
        restore_key_store(replace(site.settings, key_file=tmp_path / "none"), site.keys, site.house.at)
    url = new_database("other-keys", set_up.keys)
    other = replace(site.settings, keys_url=url, key_file=tmp_path / "other.key")
    opened(replace(other, database_url=new_database("other", set_up.log_and_views))).close()
    with pytest.raises(WrongKeyFile):
        restore_key_store(other, site.keys, site.house.at)


def test_no_key_and_no_name_is_in_a_backup_of_the_log(site: Site) -> None:
    content = site.log.read_bytes()
    for word in ("Irina", "UNIT-7", "Nadia", ADDRESS):
        assert word.encode() not in content
    service = site.house.service
    key = service.keys.get(site.participant, "case")
    assert key is not None
    assert key not in content
    assert key not in site.keys.read_bytes()
    assert [path.stat().st_mode & 0o777 for path in (site.log, site.keys)] == [0o600, 0o600]
