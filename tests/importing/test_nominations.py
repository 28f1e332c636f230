"""Nominations from a file: what comes in, from whom, and what is refused before anything is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from awards.access import Caller
from awards.domain import refusals as no
from awards.importing import Imported
from tests.application.house import ONE_STAGE, House
from tests.importing.files import Desk, as_csv, as_json, nomination

THREE = [
    nomination(1, rank="Major", members=[], answer="accepted"),
    nomination(2, outcome="ineligible", text="Served elsewhere."),
    {name: value for name, value in nomination(3).items() if name not in ("outcome", "rule", "code")},
]
for line in THREE:
    line.pop("members", None)


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return Desk(house, tmp_path)


@pytest.mark.parametrize("form", [as_csv, as_json])
def test_they_come_in_as_they_were_told(desk: Desk, form: object) -> None:
    assert desk.load(form(THREE)) == Imported("nomination", 3, 0)  # type: ignore[operator]
    first, second, third = desk.nominations()
    assert [case["status"] for case in (first, second, third)] == ["eligible", "ineligible", "submitted"]
    assert (first["nominee"]["name"], first["nominee"]["rank"]) == ("Nominee 1", "Major")
    assert (first["statement"], first["answer"]) == ("Statement 1", "accepted")
    assert (first["nominator_name"], first["submitted_by"]) == ("Nominator 1", "operator")
    assert second["ruling"]["text"] == "Served elsewhere."


def test_the_log_says_who_imported_on_whose_behalf_and_nothing_of_the_file(desk: Desk) -> None:
    desk.load(as_json(THREE))
    (submitted, *_), (accepted,) = desk.house.events("nomination.submitted"), desk.house.events("nomination.accepted")
    assert submitted.actor == {"kind": "operator", "role": "operator", "on_behalf_of": submitted.nominator}
    assert accepted.actor["on_behalf_of"] == submitted.nominee["participant"]
    assert accepted.correlation == submitted.correlation
    assert len({event.correlation for event in desk.house.events("nomination.submitted")}) == 3
    log = b"".join(stored.state for stored in desk.house.service.ledger.notifications(0, 1000))
    beside = str(desk.house.service.ledger.rows("SELECT * FROM imported"))
    for told in ("N-1", "Nominee 1", "Nominator 1", "Statement"):
        assert told.encode() not in log
        assert told not in beside


def test_the_order_of_the_file_is_the_order_of_the_log(desk: Desk) -> None:
    desk.load(as_json([nomination(number) for number in range(30)]))
    assert [case["statement"] for case in desk.nominations()] == [f"Statement {number}" for number in range(30)]
    topics = [topic for topic in desk.house.topics() if topic.startswith("nomination.")]
    assert topics == ["nomination.submitted", "nomination.ruled_eligible"] * 30


def test_a_team_comes_with_its_members(desk: Desk) -> None:
    desk.load(as_csv([nomination(1, kind="team", members="Ama Boateng\nBintou Keïta")]))
    (case,) = desk.nominations()
    assert [member["name"] for member in case["nominee"]["members"]] == ["Ama Boateng", "Bintou Keïta"]


def test_run_again_it_records_nothing_twice_and_what_is_new(desk: Desk) -> None:
    assert desk.load(as_json(THREE[:2])) == Imported("nomination", 2, 0)
    topics = desk.house.topics()
    assert desk.load(as_csv(THREE[:2])) == Imported("nomination", 0, 2)
    assert desk.house.topics() == topics
    assert desk.load(as_json(THREE)) == Imported("nomination", 1, 2)


def test_a_reference_that_said_something_else_is_refused(desk: Desk) -> None:
    desk.load(as_json(THREE[:1]))
    changed = [{**THREE[0], "statement": "Another."}, THREE[1]]
    assert desk.refused(as_json(changed)) == [(1, "ref", "this was imported before, and said something else then")]


def test_a_line_that_another_import_recorded_meanwhile_is_passed_over(desk: Desk) -> None:
    imports, arrival = desk.house.app.imports, desk.house.by(Caller("operator", "operator"))
    from awards.importing.kinds import Nominations
    from awards.importing.shaping import shaped

    kind = Nominations(imports, arrival, desk.edition)
    lines = [
        one.line for one in kind.ready(list(shaped([desk.file(as_json(THREE))], "nomination", [])), lambda _: None)
    ]
    kind.record(lines[:2])
    kind.record(lines)  # as one that looked before the first had recorded
    assert len(desk.nominations()) == 3


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"name": ""}, "name", "cannot be empty"),
        ({"ref": None}, "ref", "cannot be null"),
        ({"country": "XX"}, "country", "country"),
        ({"colour": "red"}, "colour", "no such member"),
        ({"name": "Ama\u202eBoateng"}, "name", "reorders text"),
        ({"statement": "a\u0000b"}, "statement", "control character"),
        ({"statement": "x" * 20_001}, "statement", "at most 20000"),
        ({"outcome": "maybe"}, "outcome", "eligible, ineligible"),
        ({"rule": None}, "rule", "cannot be null"),
        ({"answer_text": "No."}, "answer_text", "Only declining"),
        ({"members": ["Ama"]}, "members", "nominee_kind_mismatch"),
        ({"category": "other"}, "category", "unknown_category"),
        ({"ref": "N-1"}, "ref", "the same came before"),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_wrong_line_stops_everything_before_the_first_event(
    desk: Desk, wrong: dict[str, object], field: str, words: str
) -> None:
    ((line, told, what),) = desk.refused(as_json([nomination(1), nomination(2, **wrong), nomination(3)]))
    assert (line, told) == (2, field)
    assert words in what


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_everything_wrong_is_told_at_once_and_a_long_list_is_cut(desk: Desk) -> None:
    lines = [nomination(number, country="XX", category="other") for number in range(60)]
    found = desk.refused(as_json(lines))
    assert [line for line, _, _ in found] == list(range(1, 61))  # a line without its shape is not asked about further
    with pytest.raises(no.Invalid, match="and 10 more\nNothing was recorded"):
        desk.load(as_json(lines))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_rules_of_the_edition_hold(house: House, tmp_path: Path) -> None:
    desk = Desk(house, tmp_path, ONE_STAGE | {"consent": "required"})
    assert desk.refused(as_json([nomination(1)]))[0][:2] == (1, "answer")
    assert desk.load(as_json([nomination(1, answer="accepted")])).recorded == 1

    house.app.editions.close_call(house.by(house.secretary), desk.edition)
    ((_, _, what),) = desk.refused(as_json([nomination(2, answer="accepted")]))
    assert "(call_closed)" in what


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_nobody_but_the_operator_imports(desk: Desk) -> None:
    with pytest.raises(no.NotAllowed):
        desk.load(as_json(THREE), desk.house.secretary)
    assert desk.nominations() == []
