"""A refusal, or an error at any statement of a save, leaves no trace: in no table, and not under its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from awards.access import OPERATOR
from awards.domain import refusals as no
from tests.application.guards import ONCE, assert_sound, submit
from tests.application.house import AFTERWARDS, House, nominee, outcome

BREAK = {
    "sqlite": ["CREATE TRIGGER broken BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'broken'); END"],
    "postgres": [
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF {when} THEN RAISE EXCEPTION 'broken'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER broken BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION broken()",
    ],
}
MEND = {"sqlite": ["DROP TRIGGER broken"], "postgres": ["DROP TRIGGER broken ON {table}", "DROP FUNCTION broken()"]}
WRITTEN = {"stored_events": 2, "leaves": 2, "sealed": 3, "participants": 2, "idempotency": 1}
"""Rows of each table that the command writes in which the error is injected."""


@pytest.mark.parametrize(
    ("table", "row"), [(table, row) for table, last in WRITTEN.items() for row in sorted({1, last})]
)
def test_an_error_at_any_row_of_a_save_leaves_nothing(house: House, database_kind: str, table: str, row: int) -> None:
    edition = house.edition()
    newcomer = house.staff("secretariat", "Selma")

    def command() -> str:
        return house.app.nominations.submit(
            house.by(newcomer, ONCE), edition, "main", nominee("Irina"), "Much.", on_behalf_of="Nadia"
        )

    before = house.counts()
    when = f"(SELECT count(*) FROM {table}) = {before[table] + row - 1}"
    for statement in BREAK[database_kind]:
        house.service.ledger.write((statement.format(table=table, when=when), ()))
    with pytest.raises(Exception, match="broken"):
        command()
    assert house.counts() == before
    assert_sound(house)
    for statement in MEND[database_kind]:
        house.service.ledger.write((statement.format(table=table), ()))
    made = command()
    assert str(house.events("nomination.submitted")[0].originator_id) == made
    written = {name: count - before[name] for name, count in house.counts().items()}
    assert written == WRITTEN | {"sealed": 3, "participants": 3, "tokens": 0}
    assert_sound(house)


def test_an_event_that_is_too_long_leaves_nothing(house: House) -> None:
    before = house.counts()
    with pytest.raises(no.TooLong):
        house.app.awards.establish(
            house.by(OPERATOR, ONCE), "long", {"en": "Long"}, {"en": "Body"}, {"en": "x" * 66_000}
        )
    assert house.counts() == before
    assert house.app.awards.establish(house.by(OPERATOR, ONCE), "long", {"en": "Short"}, {"en": "Body"})
    assert_sound(house)


REFUSED: dict[str, Callable[[House, str, Any], str]] = {
    "call_closed": lambda house, edition, who: submit(house, edition, who, ONCE),
    "forbidden": lambda house, edition, who: house.app.editions.close_call(house.by(who, ONCE), edition),
    "not_found": lambda house, edition, who: house.app.nominations.accept(house.by(who, ONCE), edition),
    "award_exists": lambda house, edition, who: house.app.awards.establish(
        house.by(OPERATOR, ONCE), "advocate", {"en": "A"}, {"en": "B"}
    ),
    "unknown_stage": lambda house, edition, who: house.app.editions.appoint(
        house.by(house.secretary, ONCE), edition, "jury", "member", name="Rosa"
    ),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_leaves_nothing_not_even_its_key(house: House, code: str) -> None:
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    house.at = AFTERWARDS
    before = house.counts()
    assert outcome(lambda: REFUSED[code](house, edition, nominator)) == code
    assert house.counts() == before
