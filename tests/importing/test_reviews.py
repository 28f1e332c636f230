"""Reviews from a file: assigned and submitted on behalf of the reviewer, under all the rules a reviewer is under."""

from __future__ import annotations

from pathlib import Path

import pytest

from awards.access import Caller
from awards.domain import refusals as no
from awards.importing import Imported
from awards.importing.run import Stopped
from tests.application.house import ONE_STAGE, House
from tests.importing.files import Desk, as_csv, as_json, nomination, review

POLICY = {"en": "Say so."}
COMING = "reviewer", "nobody of this name or id sits on the panel of the stage"


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    """Three eligible nominations; Rosa, Ravi and the chair sit; reviewing is open."""
    return begun(house, tmp_path)


def begun(house: House, folder: Path, rules: dict[str, object] | None = None) -> Desk:
    desk = Desk(house, folder, rules)
    desk.load(as_json([nomination(number) for number in range(3)]))
    for name in ("Rosa", "Ravi"):
        house.member(desk.edition, "reviewer", name)
    desk.reviewing()
    return desk


def seated(desk: Desk, name: str) -> str:
    edition = desk.house.app.reading.edition(desk.house.by(desk.house.secretary), desk.edition)
    return str(next(seat["participant"] for seat in edition["panel"] if seat["name"] == name))


@pytest.mark.parametrize("form", [as_csv, as_json])
def test_they_are_assigned_and_submitted_on_behalf_of_the_reviewer(desk: Desk, form: object) -> None:
    lines = [review(0, "Rosa", comment="Well, done;\n“so”"), review(0, "Ravi", 5, 5), review(1, "Rosa", 1, 1)]
    lines = [{"comment": "Good.", **line} for line in lines]
    assert desk.load(form(lines)) == Imported("review", 3, 0)  # type: ignore[operator]
    first, second, third = desk.reviews()
    assert (first["scores"], first["comment"]) == ({"impact": 4, "reach": 2}, "Well, done;\n“so”")
    assert [one["status"] for one in (first, second, third)] == ["submitted"] * 3
    (assigned, *_), (submitted, *_) = desk.house.events("review.assigned"), desk.house.events("review.submitted")
    assert assigned.actor == {"kind": "operator", "role": "operator"}
    assert submitted.actor == {**assigned.actor, "on_behalf_of": seated(desk, "Rosa")}
    reviewing = [topic for topic in desk.house.topics() if topic.startswith("review.")]
    assert reviewing == ["review.assigned", "review.submitted"] * 3
    standing = desk.house.app.reading.standing(desk.house.by(desk.house.secretary), desk.edition, "panel", "main")
    assert [entry["rank"] for entry in standing["ranking"]["entries"]] == [1, 2]


def test_run_again_nothing_is_recorded_twice(desk: Desk) -> None:
    lines = [review(number, name) for number in range(3) for name in ("Rosa", "Ravi")]
    assert desk.load(as_json(lines[:4])).recorded == 4
    topics = desk.house.topics()
    by_id = [{**line, "reviewer": seated(desk, str(line["reviewer"]))} for line in lines[:4]]
    assert desk.load(as_json(by_id)) == Imported("review", 0, 4)
    assert desk.house.topics() == topics
    assert desk.load(as_json(lines)) == Imported("review", 2, 4)
    (changed,) = desk.refused(as_json([review(0, "Rosa", 1, 1)]))
    assert changed[1:] == ("reviewer", "this was imported before, and said something else then")


def test_an_assignment_there_is_is_used(desk: Desk) -> None:
    case = desk.nominations()[0]["id"]
    rosa = seated(desk, "Rosa")
    desk.house.app.reviews.assign(desk.house.by(desk.house.secretary), desk.edition, "panel", case, rosa)
    desk.load(as_json([{**review(0, rosa), "nomination": case}]))
    assert len(desk.house.events("review.assigned")) == 1


def test_who_is_not_on_the_panel_is_seated_where_that_is_asked_for(desk: Desk) -> None:
    lines = [review(0, "Nadia"), review(1, "Nadia"), review(1, "Rosa")]
    assert [trouble[1:] for trouble in desk.refused(as_json(lines))] == [COMING, COMING]
    assert desk.load(as_json(lines), appoint=True).recorded == 3
    assert len(desk.house.events("edition.panel_member_appointed")) == 4
    nadia = seated(desk, "Nadia")
    assert [one["reviewer"] == nadia for one in desk.reviews()] == [True, True, False]
    assert desk.load(as_json(lines), appoint=True) == Imported("review", 0, 3)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        (review(9, "Rosa"), "nomination", "no nomination of this edition"),
        (review(1, "Nobody"), *COMING),
        (review(1, "Rosa", 6, 1), "scores", "score_out_of_scale"),
        ({**review(1, "Rosa"), "scores": {"impact": 1}}, "scores", "scores_incomplete"),
        ({**review(1, "Rosa"), "scores": {"impact": 1.5, "reach": 1}}, "scores.impact", "whole number"),
        ({**review(1, "Rosa"), "scores": {"impact": True, "reach": 1}}, "scores.impact", "whole number"),
        ({**review(1, "Rosa"), "scores": {}}, "scores", "at least one"),
        ({**review(1, "Rosa"), "comment": "\ud800"}, "comment", "not text"),
        ({**review(1, "Rosa"), "no_conflict": True}, "no_conflict", "no_conflict_policy"),
    ],
)
def test_a_wrong_line_stops_everything(desk: Desk, wrong: dict[str, object], field: str, words: str) -> None:
    lines = [review(0, "Rosa"), review(0, "Ravi"), wrong, review(2, "Ravi")]
    ((line, told, what),) = desk.refused(as_json(lines))
    assert (line, told) == (3, field)
    assert words in what


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_one_reviewer_reviews_a_nomination_once(desk: Desk) -> None:
    lines = [review(0, "Rosa"), review(0, "Ravi"), {**review(0, "Ravi"), "reviewer": seated(desk, "Ravi")}]
    again = [trouble for trouble in desk.refused(as_json(lines)) if "the same came before" in trouble[2]]
    assert [trouble[:2] for trouble in again] == [(3, "reviewer")]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_rules_of_reviewing_hold(house: House, tmp_path: Path) -> None:
    desk = Desk(house, tmp_path)
    house.member(desk.edition, "reviewer", "Rosa")
    rosa = seated(desk, "Rosa")
    desk.load(as_json([nomination(0), nomination(1, outcome="ineligible"), nomination(2)]))
    assert "(reviewing_not_open)" in desk.refused(as_json([review(0, "Rosa")]))[0][2]
    desk.reviewing()
    assert desk.refused(as_json([review(1, "Rosa")]))[0][1] == "nomination"
    third = desk.nominations()[2]["id"]
    house.app.conflicts.recuse(house.by(house.secretary), desk.edition, "panel", third, rosa, "family-tie")
    assert "(already_recused)" in desk.refused(as_json([review(2, "Rosa")]))[0][2]
    case = desk.nominations()[0]["id"]
    rosa_herself = Caller("subject", "reviewer", None, None, desk.edition, None, rosa)
    assigned = house.app.reviews.assign(house.by(house.secretary), desk.edition, "panel", case, rosa)
    house.app.reviews.score(house.by(rosa_herself), assigned, 1, {"impact": 1, "reach": 1})
    assert "(already_submitted)" in desk.refused(as_json([review(0, "Rosa")]))[0][2]


def test_under_a_policy_the_declaration_comes_with_the_review(house: House, tmp_path: Path) -> None:
    desk = begun(house, tmp_path, ONE_STAGE | {"conflict_policy": POLICY})
    assert desk.refused(as_json([review(0, "Rosa")]))[0][:2] == (1, "no_conflict")
    desk.load(as_csv([review(0, "Rosa", no_conflict="yes")]))
    reviewing = ["review.assigned", "review.no_conflict_declared", "nomination.file_opened", "review.submitted"]
    assert house.topics()[-4:] == reviewing
    assert {event.actor["on_behalf_of"] for topic in reviewing[1:] for event in house.events(topic)} == {
        seated(desk, "Rosa")
    }


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_two_of_one_name_are_told_apart_by_their_ids(desk: Desk) -> None:
    desk.house.member(desk.edition, "reviewer", "Rosa")
    (two,) = desk.refused(as_json([review(0, "Rosa")]))
    assert two[1:] == ("reviewer", "two on the panel have this name: give the participant's id")
    assert desk.load(as_json([review(0, seated(desk, "Rosa"))])).recorded == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_of_several_stages_one_is_named(house: House, tmp_path: Path) -> None:
    stages = [{**ONE_STAGE["stages"][0], "quorum": 1}, {**ONE_STAGE["stages"][0], "id": "final", "quorum": 1}]
    desk = Desk(house, tmp_path, ONE_STAGE | {"stages": stages})
    desk.load(as_json([nomination(0)]))
    desk.reviewing()
    for stage in (None, "third"):
        with pytest.raises(no.UnknownStage, match="panel, final"):
            desk.load(as_json([review(0, "Chidi")]), stage=stage)
    assert desk.load(as_json([review(0, "Chidi")]), stage="panel").recorded == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_changes_after_the_check_stops_it_there(desk: Desk) -> None:
    from awards.access import OPERATOR
    from awards.importing import Import

    run = Import(desk.house.app, desk.house.by(OPERATOR), desk.edition, [desk.file(as_json([review(0, "Rosa")]))])
    run.check()
    desk.house.app.editions.close_reviewing(desk.house.by(desk.house.secretary), desk.edition, "panel")
    with pytest.raises(Stopped, match=r"reviewing_not_open.*\n0 lines were recorded"):
        run.record()
    assert desk.reviews() == []
