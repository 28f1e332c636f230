"""What is said of winners after the announcement: about whom, and of nobody who is none."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from awards.api.formats import as_atom
from awards.domain import refusals as no
from tests.application.house import House


def approved(house: House, *names: str) -> tuple[str, list[str]]:
    """A decision for nominations that all have the same scores, and these."""
    edition = house.edition()
    nominator = house.member(edition, "nominator", "Nadia")
    chair, reviewer = house.member(edition, "chair", "Chad"), house.member(edition, "reviewer", "Rosa")
    cases = [house.eligible(edition, nominator, name) for name in names]
    house.reviewing(edition)
    for case in cases:
        house.score(reviewer, house.assign(edition, case, reviewer))
    house.app.editions.close_reviewing(house.by(chair), edition, "panel")
    decision = house.app.decisions.propose(house.by(chair), edition, "main")
    return house.app.decisions.approve(house.by(house.approver), decision), cases


def announced(house: House, *names: str) -> str:
    """A decision whose winners are announced."""
    return announce(house, *approved(house, *names))


def announce(house: House, decision: str, cases: list[str]) -> str:
    citations = {case: {"en": "For what she did."} for case in cases}
    return house.app.decisions.announce(house.by(house.secretary), decision, citations)


def correct(house: House, decision: str, field: str, standing: str, rival: str, winner: str | None = None) -> str:
    by = house.by(house.secretary)
    return house.app.decisions.correct(by, decision, field, standing, rival, ["un-2019"], winner=winner)


def roll(house: House) -> list[str]:
    house.service.projector.catch_up()
    return [entry["name"] for entry in house.app.reading.winners(house.at).items]


def test_a_corrected_name_is_that_of_one_winner(house: House) -> None:
    decision = announced(house, "Irina", "Olga")
    with pytest.raises(no.WinnerMissing):
        correct(house, decision, "name", "Irena", "Irina")
    assert roll(house) == ["Irina", "Olga"]
    view = house.app.reading.decision(house.by(house.secretary), decision)
    (irina,) = (winner["participant"] for winner in view["winners"] if winner["name"] == "Irina")
    correct(house, decision, "name", "Irena", "Irina", irina)
    assert roll(house) == ["Irena", "Olga"]
    correct(house, decision, "conferral.place", "Vancouver", "Ottawa")


def test_a_single_winner_need_not_be_named(house: House) -> None:
    decision = announced(house, "Irina")
    correct(house, decision, "name", "Irena", "Irina")
    (corrected,) = house.events("decision.corrected")
    assert [corrected.winner] == corrected.standing["of"]
    assert roll(house) == ["Irena"]


AFTERWARDS: dict[str, Callable[[House, str, str], str]] = {
    "correct": lambda house, decision, who: correct(house, decision, "name", "Irena", "Irina", who),
    "correct, in clear": lambda house, decision, who: correct(house, decision, "year", "2019", "2018", who),
    "propose to revoke": lambda house, decision, who: house.app.decisions.propose_revocation(
        house.by(house.secretary), decision, who, "fraud", "What she did."
    ),
}


@pytest.mark.parametrize("what", AFTERWARDS)
def test_nothing_is_said_of_somebody_who_is_no_winner(house: House, what: str) -> None:
    decision = announced(house, "Irina")
    before = house.counts()
    with pytest.raises(no.NoSuchWinner):
        AFTERWARDS[what](house, decision, str(uuid4()))
    assert house.counts() == before


def test_a_winner_who_was_erased_before_the_announcement_stands_on_the_roll_without_a_name(house: House) -> None:
    decision, cases = approved(house, "Irina", "Olga")
    (irina,) = (event for event in house.events("nomination.submitted") if str(event.originator_id) == cases[0])
    house.service.keys.erase(irina.nominee["participant"], ["case"], house.at)
    announce(house, decision, cases)
    assert sorted(roll(house)) == ["Olga", "erased"]
    here = "https://awards.example/"
    feed = as_atom(house.app.reading.winners(house.at).items, "en", here, None, here)
    assert b"erased: Advocate" in feed
