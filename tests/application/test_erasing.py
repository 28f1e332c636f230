"""Erasing a person: two people, everything beside the log, nothing of the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.application.house import House
from tests.application.marked import Marked, files_of, found_in


@pytest.fixture
def marked(house: House) -> Marked:
    return Marked(house)


def test_of_an_erased_winner_no_byte_is_left_and_the_log_is_as_it_was(
    marked: Marked, tmp_path: Path, database_url: str, keys_url: str
) -> None:
    ledger, marks = marked.service.ledger, marked.marks["irina"]
    winner = marked.winners()[0]
    lines, basis = list(ledger.lines()), ledger.basis()
    before = {name.split(" in ")[0] for name in found_in(files_of([database_url, keys_url], tmp_path), marks)}
    assert before >= {"name", "country", "mission", "citation", "right rank"}
    marked.erase(marked.irina)
    assert found_in(files_of([database_url, keys_url], tmp_path), marks) == []
    again = list(ledger.lines())
    assert (again[: len(lines)], ledger.check()[0] > basis[0]) == (lines, True)
    (gone,) = [one for one in marked.winners() if one["id"] == winner["id"]]
    assert (gone["name"], gone["citation"]) == ("erased", "erased")
