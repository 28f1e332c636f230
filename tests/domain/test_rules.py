"""Rules that an edition can be run by, and what they answer."""

import hashlib
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from awards.domain import refusals as no
from awards.domain.judging import UnknownMethod
from awards.domain.rules import (
    check_rules,
    check_scores,
    last_stage,
    policy_version,
    previous_stage,
    require_category,
    stage_of,
)
from tests.domain.cases import PANEL, RULES


def with_stage(**changes: Any) -> dict[str, Any]:
    return RULES | {"stages": [PANEL | changes]}


def test_rules_that_agree_with_themselves_pass() -> None:
    check_rules(RULES)
    check_rules(with_stage(ties=["joint-winners"]))


CRITERION = PANEL["rubric"][0]
CONTRADICTIONS = {
    "The rules need at least one category.": RULES | {"categories": []},
    "The rules need at least one stage.": RULES | {"stages": []},
    "Each category needs an id of its own.": RULES | {"categories": [RULES["categories"][0]] * 2},
    "Each stage needs an id of its own.": RULES | {"stages": [PANEL, PANEL]},
    "The rules need at least one criterion.": with_stage(rubric=[]),
    "Each criterion needs an id of its own.": with_stage(rubric=[CRITERION, CRITERION]),
    "A criterion's weight is a whole number of at least 1.": with_stage(rubric=[CRITERION | {"weight": 0}]),
    "Only one criterion of a rubric can lead.": with_stage(rubric=[CRITERION, CRITERION | {"id": "second"}]),
    "A scale runs from a lowest to a higher whole number.": with_stage(scale={"lowest": 5, "highest": 1}),
    "The ladder for ties is the lead criterion, if wanted, then joint winners.": with_stage(ties=["lead-criterion"]),
}


@pytest.mark.parametrize("problem", CONTRADICTIONS)
def test_rules_that_contradict_themselves_are_refused_with_what_is_wrong(problem: str) -> None:
    with pytest.raises(no.InvalidRules) as refusal:
        check_rules(CONTRADICTIONS[problem])
    assert str(refusal.value) == problem


@pytest.mark.parametrize(
    "method", [{"name": "coin", "version": 1}, {"name": "weighted-rubric-mean", "version": 2}], ids=["name", "version"]
)
def test_a_method_nobody_knows_is_refused(method: dict[str, Any]) -> None:
    with pytest.raises(UnknownMethod):
        check_rules(with_stage(method=method))


def test_stages_in_their_order() -> None:
    assert stage_of(RULES, "final") == last_stage(RULES) == RULES["stages"][1]
    assert (previous_stage(RULES, "panel"), previous_stage(RULES, "final")) == (None, "panel")
    for question in (stage_of, previous_stage):
        with pytest.raises(no.UnknownStage):
            question(RULES, "jury")


def test_categories_are_those_named() -> None:
    require_category(RULES, "main")
    with pytest.raises(no.UnknownCategory):
        require_category(RULES, "youth")


def test_scores_answer_the_rubric_within_the_scale() -> None:
    check_scores(PANEL, {"impact": 1, "reach": 5})
    with pytest.raises(no.ScoresIncomplete):
        check_scores(PANEL, {"impact": 1})
    with pytest.raises(no.ScoreOutOfScale):
        check_scores(PANEL, {"impact": 1, "reach": 6})


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
policies = st.dictionaries(st.from_regex("[a-z]{2}(-[A-Z]{2})?", fullmatch=True), texts, max_size=4)


@given(policies)
def test_the_version_of_a_policy_is_the_digest_of_its_canonical_form(policy: dict[str, str]) -> None:
    assert policy_version({"conflict_policy": policy}) == hashlib.sha256(rfc8785.dumps(policy)).hexdigest()


def test_without_a_policy_there_is_no_version() -> None:
    assert policy_version(RULES) is None
