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
    ASPECTS,
    SIGHT_ROLES,
    SINCE,
    check_rules,
    check_scores,
    completed,
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
    "The ladder for ties ends with joint winners or the lot.": with_stage(ties=["lead-criterion"]),
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


# --- who sees what

JUDGED, DELIBERATION = ("scores", "comments", "standing"), ("scores", "comments", "reviewers", "standing")
SITS, OUTSIDE = ("reviewer", "chair", "deputy"), ("secretariat", "approver", "nominator")
REFUSED = {
    *((aspect, role, "always") for aspect in JUDGED for role in SITS),
    *((aspect, "auditor", since) for aspect in ASPECTS for since in SINCE if since != "always"),
    *((aspect, "nominator", since) for aspect in DELIBERATION for since in SINCE if since != "never"),
    *(("nominee", "nominator", since) for since in SINCE if since != "always"),
    *((aspect, role, "own_in") for aspect in ASPECTS for role in OUTSIDE),
    *((aspect, "secretariat", since) for aspect in ("nominator", "nominee", "reviewers") for since in SINCE[1:]),
    *(("reviewers", role, since) for role in ("chair", "deputy") for since in SINCE[1:]),
}
"""What rules cannot say: aspect, role, since."""


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("role", SIGHT_ROLES)
def test_sight_can_be_narrowed_and_widened_down_to_its_floors(aspect: str, role: str) -> None:
    refused = set()
    for since in SINCE:
        try:
            check_rules(RULES | {"sight": {aspect: {role: since}}})
        except no.InvalidRules:
            refused.add((aspect, role, since))
    assert refused == {one for one in REFUSED if one[:2] == (aspect, role)}


@pytest.mark.parametrize("sight", [{"names": {"chair": "never"}}, {"scores": {"public": "never"}}])
def test_sight_knows_its_aspects_and_roles(sight: dict[str, Any]) -> None:
    with pytest.raises(no.InvalidRules):
        check_rules(RULES | {"sight": sight})


def test_what_the_rules_leave_out_is_filled_in_and_is_what_they_may_say() -> None:
    rules = completed({name: RULES[name] for name in RULES if name != "sight"})
    check_rules(rules)
    assert {aspect: set(roles) for aspect, roles in rules["sight"].items()} == {
        aspect: set(SIGHT_ROLES) for aspect in ASPECTS
    }
    changed = completed({**rules, "sight": {"nominee": {"reviewer": "announced"}}})["sight"]
    assert changed == rules["sight"] | {"nominee": rules["sight"]["nominee"] | {"reviewer": "announced"}}


def test_by_default_who_judges_sees_nothing_of_others_before_the_own() -> None:
    assert {(aspect, role): RULES["sight"][aspect][role] for aspect in JUDGED for role in SITS} == {
        (aspect, role): "own_in" for aspect in JUDGED for role in SITS
    }
