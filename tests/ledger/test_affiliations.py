"""Affiliations: replaced whole, names that only the key store opens, and gone with the person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from awards.domain.values import moment
from awards.ledger import affiliations
from awards.ledger.database import migrate
from awards.ledger.keys import KeyStore
from awards.ledger.ledger import Ledger

ADA, GRACE = "ada-lovelace", "grace-hopper"


class Shelf:
    """A database, its key store, and two people who take part in an edition."""

    def __init__(self, database_url: str, keys_url: str, key_file: Path) -> None:
        migrate(database_url, "log.example/awards")
        self.ledger, self.keys = Ledger.open(database_url), KeyStore(keys_url, key_file)
        for who in (ADA, GRACE):
            joined = [f"p-{who}", "edition", who]
            self.ledger.write(("INSERT INTO participants (participant, edition, subject) VALUES (?, ?, ?)", joined))

    def state(self, who: str, *names: str) -> None:
        self.ledger.write(*affiliations.state(who, names, self.ledger.rows, self.keys))

    def of(self, who: str) -> list[str]:
        return affiliations.organisations_of(self.ledger.rows, who, self.keys)

    def everything(self) -> str:
        tables = ("organisations", "affiliations")
        return repr([self.ledger.rows(f"SELECT * FROM {table}") for table in tables])

    def close(self) -> None:
        self.ledger.close()
        self.keys.close()


@pytest.fixture
def shelf(database_url: str, keys_url: str, tmp_path: Path) -> Iterator[Shelf]:
    opened = Shelf(database_url, keys_url, tmp_path / "awards.key")
    yield opened
    opened.close()


def test_what_is_stated_replaces_what_was(shelf: Shelf) -> None:
    shelf.state(ADA, "Institute of Mines", "Harbour Board")
    assert shelf.of(ADA) == ["Harbour Board", "Institute of Mines"]
    shelf.state(ADA, "Harbour Board")
    assert shelf.of(ADA) == ["Harbour Board"]
    shelf.state(ADA)
    assert shelf.of(ADA) == []


@pytest.mark.parametrize("spelled", ["harbour  BOARD", " Harbour Board ", "Ｈarbour Board"])
def test_an_organisation_is_one_however_it_is_spelled(shelf: Shelf, spelled: str) -> None:
    shelf.state(ADA, "Harbour Board")
    shelf.state(GRACE, spelled)
    members, name = affiliations.in_edition(shelf.ledger.rows, "edition", shelf.keys)
    assert members.keys() == {"p-ada-lovelace", "p-grace-hopper"}
    assert members["p-ada-lovelace"] == members["p-grace-hopper"]
    assert [name(organisation) for organisation in members["p-ada-lovelace"]] == ["Harbour Board"]


def test_an_organisation_named_twice_is_one(shelf: Shelf) -> None:
    shelf.state(ADA, "Harbour Board", "HARBOUR BOARD")
    assert len(shelf.of(ADA)) == 1


def test_the_rows_tell_no_name(shelf: Shelf) -> None:
    shelf.state(ADA, "Harbour Board")
    assert "arbour" not in shelf.everything()


def test_nothing_of_somebody_is_left_when_she_is_forgotten(shelf: Shelf) -> None:
    shelf.state(ADA, "Harbour Board")
    shelf.state(GRACE, "Harbour Board")
    shelf.ledger.write(*affiliations.forget(ADA))
    assert (shelf.of(ADA), shelf.of(GRACE), ADA in shelf.everything()) == ([], ["Harbour Board"], False)


def test_an_organisation_is_forgotten_with_all_who_belong_to_it(shelf: Shelf) -> None:
    shelf.state(ADA, "Harbour Board", "Institute of Mines")
    members, name = affiliations.in_edition(shelf.ledger.rows, "edition", shelf.keys)
    harbour = next(each for each in members["p-ada-lovelace"] if name(each) == "Harbour Board")
    shelf.ledger.write(*affiliations.forget(harbour))
    assert (shelf.of(ADA), harbour in shelf.everything()) == (["Institute of Mines"], False)


def test_an_organisation_whose_key_is_gone_is_erased(shelf: Shelf) -> None:
    shelf.state(ADA, "Harbour Board")
    members, _ = affiliations.in_edition(shelf.ledger.rows, "edition", shelf.keys)
    (organisation,) = members["p-ada-lovelace"]
    shelf.keys.erase(organisation, ["account"], moment("2026-03-01T00:00:00Z"))
    assert shelf.of(ADA) == ["erased"]
