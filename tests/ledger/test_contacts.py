"""Contacts: an address is sealed, replaced, forgotten, and gone with the person's key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from awards.ledger.contacts import CHOICES, Contact, choose, contact_of, forget, new_contact, put_contact
from awards.ledger.database import migrate
from awards.ledger.keys import SUBJECT, KeyStore
from awards.ledger.ledger import Ledger
from awards.ledger.recorders import Alongside
from awards.ledger.sealed import seal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CANARY = "canary-7781@example.org"


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    migrate(database_url)
    ledger = Ledger.open(database_url)
    yield ledger
    ledger.close()


@pytest.fixture
def keys(keys_url: str, tmp_path: Path) -> Iterator[KeyStore]:
    keys = KeyStore(keys_url, tmp_path / "awards.key")
    yield keys
    keys.close()


def everything(ledger: Ledger) -> str:
    return repr([ledger.rows(f"SELECT * FROM {table}") for table in ("contacts", "sealed", "outbox")])


def test_an_address_is_sealed_beside_the_log(ledger: Ledger, keys: KeyStore) -> None:
    ada = keys.mint(SUBJECT)
    assert contact_of(ledger.rows, keys, ada) is None
    put_contact(ledger, keys, ada, CANARY, "fr")
    assert contact_of(ledger.rows, keys, ada) == Contact(ada, CANARY, "fr", CHOICES)
    assert "canary" not in everything(ledger)


def test_it_is_recorded_with_the_event_that_names_the_person(ledger: Ledger, keys: KeyStore) -> None:
    ada = keys.mint(SUBJECT)
    reference, row = seal("email", CANARY, [ada], "account", keys)
    rows = [("sealed", [row]), ("contacts", [new_contact(ada, reference)])]
    ledger.append([], Alongside(rows=rows))
    assert contact_of(ledger.rows, keys, ada) == Contact(ada, CANARY, "en", CHOICES)


def test_a_new_address_replaces_the_old_one_and_nothing_of_that_stays(ledger: Ledger, keys: KeyStore) -> None:
    ada = keys.mint(SUBJECT)
    put_contact(ledger, keys, ada, CANARY, "fr")
    ledger.write(choose(ada, ["results"], "fr"))
    put_contact(ledger, keys, ada, "ada@example.org")
    assert contact_of(ledger.rows, keys, ada) == Contact(ada, "ada@example.org", "fr", ("results",))
    assert len(ledger.rows("SELECT digest FROM sealed")) == 1


def test_choices_are_kept_without_an_address(ledger: Ledger, keys: KeyStore) -> None:
    ada = keys.mint(SUBJECT)
    ledger.write(choose(ada, [], "fr"))
    assert contact_of(ledger.rows, keys, ada) == Contact(ada, None, "fr", ())


def test_who_is_forgotten_leaves_nothing(ledger: Ledger, keys: KeyStore) -> None:
    ada, ben = keys.mint(SUBJECT), keys.mint(SUBJECT)
    for who in (ada, ben):
        put_contact(ledger, keys, who, CANARY)
        row = {"cause": "c/1", "recipient": who, "kind": "receipt", "due": "d", "facts": "{}", "state": "sent"}
        ledger.append([], Alongside(rows=[("outbox", [row | {"tries": 1, "next_try": "d"}])]))
    ledger.write(*forget(ada))
    assert contact_of(ledger.rows, keys, ada) is None
    assert ada not in everything(ledger)
    assert contact_of(ledger.rows, keys, ben) == Contact(ben, CANARY, "en", CHOICES)
    assert [row["recipient"] for row in ledger.rows("SELECT recipient FROM outbox")] == [ben]


def test_an_address_goes_with_the_account_key(ledger: Ledger, keys: KeyStore) -> None:
    ada = keys.mint(SUBJECT)
    put_contact(ledger, keys, ada, CANARY)
    keys.erase(ada, SUBJECT, NOW)
    assert contact_of(ledger.rows, keys, ada) == Contact(ada, None, "en", CHOICES)
