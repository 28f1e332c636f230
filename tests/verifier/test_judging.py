"""The verifier's judging: every example of docs/judging.md and docs/methods.md, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from awards import verifier
from awards.verifier import Refused, TooManyOptions, UnknownRule

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str) -> list[tuple[str, str]]:
    """The blocks of a page, each with its name."""
    return re.findall(r"^```(?:json|text) (\w+)\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.M | re.S)


JUDGING = dict(blocks("judging.md"))
METHODS = [(name, json.loads(text)) for name, text in blocks("methods.md")]
((_, PANEL),) = [block for block in METHODS if block[0] == "panel"]
STAGE, REVIEWS = json.loads(JUDGING["stage"]), json.loads(JUDGING["reviews"])
NOMINATIONS = ["aster", "birch", "cedar", "dahlia", "elm", "fir"]


def nobody(rung: str, tie: Sequence[str]) -> str:
    """Passes over every rung that people settle."""
    return "passed"


def title(block: Any) -> str:
    return "-".join(map(str, block["method"].values()))


def test_the_pages_ranking_has_the_pages_bytes() -> None:
    told = verifier.ranking(STAGE, NOMINATIONS, REVIEWS, nobody)
    assert rfc8785.dumps(told) == rfc8785.dumps(json.loads(JUDGING["ranking"]))
    assert verifier.winners(told) == ["birch"]
    assert verifier.runners_up(told, 2) == ["aster", "cedar", "dahlia"]
    shared = verifier.ranking(STAGE | {"ties": ["joint-winners"]}, NOMINATIONS, REVIEWS, nobody)
    assert (shared["decided_by"], verifier.winners(shared)) == ("joint-winners", ["aster", "birch"])
    assert verifier.runners_up(shared, 1) == ["cedar", "dahlia"]


def test_the_pages_lot_is_drawn() -> None:
    lot = json.loads(JUDGING["lot"])
    stage = STAGE | {"ties": ["lot"], "lot": lot["commitment"], "minimum_reviews": 0}
    reviews = [("kerem", nomination, {"impact": 3, "leadership": 3, "reach": 3}) for nomination in lot["nominations"]]
    told = verifier.ranking(stage, lot["nominations"], reviews, lambda rung, tie: lot["seed"])
    assert [entry["nomination"] for entry in told["entries"]] == lot["order"]
    assert (told["decided_by"], verifier.winners(told)) == ("lot", lot["order"][:1])
    with pytest.raises(Refused, match=r"^wrong_seed$"):
        verifier.ranking(stage, lot["nominations"], reviews, lambda rung, tie: lot["seed"][::-1])


def test_the_pages_inputs_have_the_pages_digest() -> None:
    inputs = [(stream, version, standing) for stream, version, standing in json.loads(JUDGING["inputs"])]
    assert verifier.inputs_digest(inputs) == json.loads(JUDGING["digest"])


@pytest.mark.parametrize("example", [block for name, block in METHODS if name == "example"], ids=title)
def test_the_pages_example_of_a_method_has_the_pages_bytes(example: Any) -> None:
    stage = {"rubric": [{"id": "worth", "weight": 1}], "scale": PANEL["scale"], "ties": ["joint-winners"]}
    reviews = [
        (reviewer, nomination, {"worth": int(score)})
        for nomination, row in PANEL["scores"].items()
        for reviewer, score in zip(PANEL["reviewers"], row, strict=True)
        if score != "-"
    ]
    told = verifier.ranking(stage | {"method": example["method"]}, list(PANEL["scores"]), reviews, nobody)
    assert told.pop("unranked") == []
    assert {"name": told.pop("method"), "version": told.pop("version")}.items() <= example["method"].items()
    for entry in told["entries"]:
        del entry["criteria"], entry["reviews"]
    assert rfc8785.dumps(told) == rfc8785.dumps(example["ranking"])


def test_a_nomination_that_no_ballot_compares_has_the_support_it_would_have_by_chance() -> None:
    stage = {"rubric": [{"id": "worth", "weight": 1}], "scale": PANEL["scale"], "ties": ["joint-winners"]}
    scores = [("kerem", "aster", 9), ("kerem", "birch", 2), ("lia", "cedar", 1)]
    reviews = [(reviewer, nomination, {"worth": score}) for reviewer, nomination, score in scores]
    method = {"name": "instant-runoff", "version": 1}
    told = verifier.ranking(stage | {"method": method}, ["aster", "birch", "cedar"], reviews, nobody)
    assert {entry["nomination"]: entry["stayed"] for entry in told["entries"]} == {"aster": 3, "cedar": 2, "birch": 1}


@pytest.mark.parametrize("vote", [block for name, block in METHODS if name == "vote"], ids=title)
def test_the_pages_example_of_a_vote_has_the_pages_bytes(vote: Any) -> None:
    votes = [ranking for many, ranking in vote["ballots"] for _ in range(many)]
    told = verifier.count_votes(vote["method"], vote["options"], votes)
    assert rfc8785.dumps(told) == rfc8785.dumps(vote["outcome"])


@pytest.mark.parametrize(
    "change",
    [
        {"method": {"name": "weighted-rubric-mean", "version": 2}},
        {"method": {"name": "stv", "version": 1, "seats": 1}},
        {"ties": ["coin", "joint-winners"]},
    ],
)
def test_what_it_does_not_know_it_does_not_rank(change: Mapping[str, Any]) -> None:
    with pytest.raises(UnknownRule):
        verifier.ranking({**STAGE, **change}, NOMINATIONS, REVIEWS, nobody)


def test_what_it_does_not_know_it_does_not_count() -> None:
    for method in ({"name": "stv", "version": 2, "seats": 1}, {"name": "median-of-totals", "version": 1}):
        with pytest.raises(UnknownRule):
            verifier.count_votes(method, ["aster", "birch"], [])


@pytest.mark.parametrize(
    "change",
    [
        {"rubric": []},
        {"rubric": [*STAGE["rubric"], {"id": "reach", "weight": 1}]},
        {"rubric": [*STAGE["rubric"][:2], {"id": "reach", "weight": 0}]},
        {"rubric": [*STAGE["rubric"][:2], {"id": "reach", "weight": 1, "lead": True}]},
        {"scale": {"lowest": 5, "highest": 5}},
        {"ties": []},
        {"ties": ["lead-criterion"]},
        {"ties": ["joint-winners", "lead-criterion"]},
        {"ties": ["median", "median", "joint-winners"]},
        {"ties": ["joint-winners", "lot"], "lot": "0" * 64},
        {"ties": ["lot"]},
        {"lot": "0" * 64},
        {"cross_checks": [STAGE["method"]]},
        {"method": STAGE["method"] | {"trim": [1, 5]}},
        {"method": {"name": "trimmed-mean", "version": 1, "trim": [1, 2]}},
        {"method": {"name": "trimmed-mean", "version": 1, "trim": [2, 10]}},
        {"method": {"name": "approval", "version": 1}},
        {"method": {"name": "schulze", "version": 1, "worthy": [6, 1]}},
    ],
)
def test_rules_of_another_form_are_refused(change: Mapping[str, Any]) -> None:
    with pytest.raises(Refused, match=r"^invalid_rules$"):
        verifier.ranking({**STAGE, **change}, NOMINATIONS, REVIEWS, nobody)


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ({"impact": 4, "leadership": 4}, "scores_incomplete"),
        ({"impact": 4, "leadership": 4, "reach": 4, "style": 4}, "scores_incomplete"),
        ({"impact": 6, "leadership": 4, "reach": 4}, "score_out_of_scale"),
        ({"impact": True, "leadership": 4, "reach": 4}, "score_out_of_scale"),
        ({"impact": 4.0, "leadership": 4, "reach": 4}, "score_out_of_scale"),
    ],
)
def test_scores_that_do_not_fit_the_rules_are_refused(scores: Any, code: str) -> None:
    with pytest.raises(Refused, match=rf"^{code}$"):
        verifier.ranking(STAGE, NOMINATIONS, [*REVIEWS, ("noor", "elm", scores)], nobody)


def test_votes_and_seats_that_do_not_fit_are_refused() -> None:
    for vote in ([["aster"], ["aster"]], [["elm"]], [], [["aster"], []]):
        with pytest.raises(Refused, match=r"^invalid_ballot$"):
            verifier.count_votes({"name": "borda", "version": 1}, ["aster", "birch"], [vote])
    for seats in (0, 21, True):
        with pytest.raises(Refused, match=r"^invalid_rules$"):
            verifier.count_votes({"name": "stv", "version": 1, "seats": seats}, ["aster", "birch"], [])


def test_an_integer_that_the_record_cannot_hold_is_refused() -> None:
    stage = STAGE | {"scale": {"lowest": -(2**60), "highest": 2**60}, "minimum_reviews": 1}
    for score in (2**53, -(2**53)):
        review = ("kerem", "aster", {"impact": score, "leadership": score, "reach": score})
        with pytest.raises(Refused, match=r"^number_too_large$"):
            verifier.ranking(stage, ["aster"], [review], nobody)


def test_more_than_a_method_takes_is_refused() -> None:
    names = [f"n{number:03}" for number in range(101)]
    scores = {"impact": 3, "leadership": 3, "reach": 3}
    compared = STAGE | {"method": {"name": "schulze", "version": 1, "worthy": [2, 1]}, "minimum_reviews": 1}
    reviews = [("kerem", name, scores) for name in names]
    assert len(verifier.ranking(compared, names, reviews[:100], nobody)["entries"]) == 100
    with pytest.raises(TooManyOptions):
        verifier.ranking(compared, names, reviews, nobody)
    corrected = STAGE | {"method": {"name": "additive-bias", "version": 1}, "minimum_reviews": 1}
    with pytest.raises(TooManyOptions):
        verifier.ranking(corrected, ["aster"], [(name, "aster", scores) for name in names[:41]], nobody)
    count = {"name": "instant-runoff", "version": 1}
    assert verifier.count_votes(count, names[:100], [])["ballots"] == 0
    with pytest.raises(TooManyOptions):
        verifier.count_votes(count, [*names[:100], "no-award"], [])
