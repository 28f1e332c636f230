"""Steps of `features/imports`: an act at the command line, seen by whichever way the scenario goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, scenarios, then, when

from awards.access import OPERATOR
from awards.application.desk import Arrival
from awards.domain.review import Review
from awards.importing import Import, InvalidImport, Trouble
from tests.features.scene import SECRETARIAT
from tests.features.words import step
from tests.features.world import World

scenarios("../../features/imports")

Troubles = list[Trouble]


@pytest.fixture
def troubles() -> Troubles:
    """What was wrong with the last import."""
    return []


def load(world: World, folder: Path, lines: list[dict[str, Any]], troubles: Troubles) -> None:
    file = folder / "lines.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    arrival = Arrival(OPERATOR, world.clock.now())
    run = Import(world.house.service.application, arrival, world.edition, [file])
    try:
        run.check()
        run.record()
    except InvalidImport as error:
        troubles += error.troubles
    for case in world.see(SECRETARIAT, "nominations", edition=world.edition):
        world.nominations.setdefault(case["nominee"]["name"], case["id"])


def nominations(*names: str) -> list[dict[str, Any]]:
    ruling = {"outcome": "eligible", "rule": "served-in-mission", "code": "served"}
    told = {"nominator": "Nadia", "statement": "She led.", **ruling}
    return [{"ref": name, "name": name, **told} for name in names]


@given(step("the operator has imported the nominations of {names:Names}"))
@when(step("the operator imports the nominations of {names:Names}"))
def _(world: World, tmp_path: Path, troubles: Troubles, names: list[str]) -> None:
    load(world, tmp_path, nominations(*names), troubles)


@when(step("the operator imports the nominations of {names:Names}, {silent:Name} without a statement"))
def _(world: World, tmp_path: Path, troubles: Troubles, names: list[str], silent: str) -> None:
    lines = nominations(*names)
    del next(line for line in lines if line["name"] == silent)["statement"]
    load(world, tmp_path, lines, troubles)


@when(step("the operator imports reviews by {reviewer:Name} of {names:Names}"))
def _(world: World, tmp_path: Path, troubles: Troubles, reviewer: str, names: list[str]) -> None:
    who = world.participants.get(reviewer, reviewer)
    scores = {"impact": 4, "initiative": 3}
    cases = [world.nominations[name] for name in names]
    load(world, tmp_path, [{"nomination": case, "reviewer": who, "scores": scores} for case in cases], troubles)
    for name in names:
        review = Review.id_of(world.stage, world.nominations[name], who)
        world.reviews[name, reviewer, world.stage] = str(review)


@then(step("the import is stopped at line {line:d} for its {field:Words}"))
def _(troubles: Troubles, line: int, field: str) -> None:
    assert (troubles[0].at.number, troubles[0].field) == (line, field)


@then(step('the import is stopped at line {line:d} for "{code:Quoted}"'))
def _(troubles: Troubles, line: int, code: str) -> None:
    assert troubles[0].at.number == line
    assert f"({code})" in troubles[0].what
