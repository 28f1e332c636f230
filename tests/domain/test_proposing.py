"""What people propose beside what the rule gave: never without a reason, and never a reason for nothing."""

from typing import Any

import pytest

from awards.domain import refusals as no
from awards.domain.appealing import OUTCOMES
from awards.domain.decision import Decision
from awards.domain.proposing import (
    DEPARTURES,
    CrossCheckDisagrees,
    CrossChecksAgree,
    NamedTwice,
    NotACandidate,
    NothingDeparts,
    TooManyRunnersUp,
    chosen,
    departure,
)
from awards.schemas import words
from tests.domain.story import EDITION, NOMINATION, RIVAL, given, happened, sealed
from tests.domain.test_decision import APPROVED, APPROVING, CHAIRING, COUNT, PROPOSED, WITHHOLDING

COMPUTED = {"winners": [NOMINATION], "runners_up": [RIVAL]}
REASON = {"code": "record-false", "text": sealed("why")}
AS_COMPUTED = COUNT | {"computed": COMPUTED}
OTHER_WINS = AS_COMPUTED | {"winners": [RIVAL], "runners_up": [], "override": REASON}


def propose(count: dict[str, Any]) -> Any:
    return given().when(lambda: Decision.propose(CHAIRING, EDITION, "main", count))


def proposal(count: dict[str, Any]) -> Any:
    return happened(Decision.Proposed, CHAIRING, category="main", **count)


def test_what_is_proposed_and_what_was_computed_are_both_recorded() -> None:
    assert propose(AS_COMPUTED).then(proposal(AS_COMPUTED)).departs is None
    decision = propose(OTHER_WINS).then(proposal(OTHER_WINS))
    assert (decision.chosen, decision.computed, decision.departs) == ((RIVAL,), COMPUTED, "override")


def test_other_winners_need_a_reason() -> None:
    without = {name: value for name, value in OTHER_WINS.items() if name != "override"}
    propose(without).refused(no.ReasonMissing)
    given(PROPOSED, happened(Decision.Returned, APPROVING, code="no")).when(
        lambda it: it.propose_anew(CHAIRING, without)
    ).refused(no.ReasonMissing)


def test_another_order_of_the_runners_up_needs_one_too() -> None:
    ranked = {"winners": [NOMINATION], "runners_up": [RIVAL, "third"]}
    turned = COUNT | {"computed": ranked, "runners_up": ["third", RIVAL]}
    propose(turned).refused(no.ReasonMissing)
    reasoned = turned | {"override": REASON}
    assert propose(reasoned).then(proposal(reasoned)).departs == "runners_up"


def test_a_reason_for_what_does_not_depart_is_refused() -> None:
    propose(AS_COMPUTED | {"override": REASON}).refused(NothingDeparts)


def test_an_award_to_nobody_or_withheld_without_a_reason_is_refused() -> None:
    propose(AS_COMPUTED | {"winners": [], "runners_up": []}).refused(no.NothingToDecide)
    propose(WITHHOLDING | {"code": None}).refused(no.ReasonMissing)


CHECKED = AS_COMPUTED | {
    "cross_checks": [
        {"name": "median-of-totals", "version": 1, "winners": [RIVAL]},
        {"name": "borda", "version": 1, "winners": [NOMINATION]},
    ]
}


def test_where_a_cross_check_names_other_winners_the_proposal_says_why_it_stands() -> None:
    message = f"{CrossCheckDisagrees.message} It is: median-of-totals."
    propose(CHECKED).refused(CrossCheckDisagrees, message)
    explained = CHECKED | {"cross_check": REASON}
    propose(explained).then(proposal(explained))
    withheld = CHECKED | {"outcome": "withheld", "winners": [], "runners_up": [], "code": "none"}
    propose(withheld).then(proposal(withheld))


def test_where_all_agree_there_is_nothing_to_explain() -> None:
    agreeing = CHECKED | {"cross_checks": CHECKED["cross_checks"][1:]}
    propose(agreeing).then(proposal(agreeing))
    propose(agreeing | {"cross_check": REASON}).refused(CrossChecksAgree)
    propose(AS_COMPUTED | {"cross_check": REASON}).refused(CrossChecksAgree)


def test_a_cross_check_that_names_nobody_for_a_reason_of_its_own_disagrees_with_nobody() -> None:
    unrun = AS_COMPUTED | {"cross_checks": [{"name": "schulze", "version": 1, "code": "too_many_options"}]}
    propose(unrun).then(proposal(unrun))
    propose(unrun | {"cross_check": REASON}).refused(CrossChecksAgree)


def test_one_person_alone_overrides_nothing() -> None:
    given(proposal(OTHER_WINS)).when(lambda it: it.approve(CHAIRING)).refused(no.SecondPersonNeeded)
    assert given(proposal(OTHER_WINS)).when(lambda it: it.approve(APPROVING)).then(APPROVED).departs == "override"


@pytest.mark.parametrize(
    ("computed", "outcome", "winners", "following", "how"),
    [
        (["a"], "awarded", ["a"], [], None),
        (["a", "b"], "awarded", ["b", "a"], [], None),
        (["a"], "awarded", ["b"], [], "override"),
        (["a"], "awarded", ["a", "b"], [], "override"),
        (["a", "b"], "awarded", ["a"], [], "tie_broken"),
        (["a"], "awarded", ["a"], ["b"], "runners_up"),
        (["a"], "withheld", [], [], "withheld"),
        ([], "withheld", [], [], None),
        ([], "awarded", ["a"], [], "override"),
    ],
)
def test_how_a_proposal_departs(
    computed: list[str], outcome: str, winners: list[str], following: list[str], how: str | None
) -> None:
    assert departure({"winners": computed, "runners_up": []}, outcome, winners, following) == how


def test_every_departure_has_its_word_in_the_api_too() -> None:
    assert words.DEPARTURES == DEPARTURES
    assert words.APPEAL_OUTCOMES == OUTCOMES


def test_nothing_departs_from_what_was_not_recorded() -> None:
    assert departure(None, "awarded", ["a"], []) is None


# --- whom people may name

RANKED = {"winners": ["a"], "runners_up": ["b"]}
COUNTING = ["a", "b", "c", "few-reviews"]


def test_who_names_nobody_names_what_was_computed() -> None:
    assert chosen(RANKED, COUNTING, 1) == RANKED
    assert chosen({"winners": ["a", "b"], "runners_up": []}, COUNTING, 0, ["b", "a"])["winners"] == ["a", "b"]


def test_a_runner_up_who_is_named_to_win_is_no_runner_up() -> None:
    assert chosen(RANKED, COUNTING, 1, ["b"]) == {"winners": ["b"], "runners_up": []}
    assert chosen(RANKED, COUNTING, 1, ["b"], ["a"]) == {"winners": ["b"], "runners_up": ["a"]}


def test_only_what_counts_at_the_stage_is_named() -> None:
    assert chosen(RANKED, COUNTING, 1, ["few-reviews"])["winners"] == ["few-reviews"]
    with pytest.raises(NotACandidate):
        chosen(RANKED, COUNTING, 1, ["withdrawn"])
    with pytest.raises(NotACandidate):
        chosen(RANKED, COUNTING, 1, None, ["withdrawn"])


def test_nothing_is_named_twice_and_no_more_runners_up_than_the_rules_or_the_ranking_name() -> None:
    with pytest.raises(NamedTwice):
        chosen(RANKED, COUNTING, 1, ["a"], ["a"])
    with pytest.raises(TooManyRunnersUp):
        chosen(RANKED, COUNTING, 1, None, ["b", "c"])
    tied = {"winners": ["a"], "runners_up": ["b", "c"]}
    assert chosen(tied, COUNTING, 1, None, ["c", "b"])["runners_up"] == ["c", "b"]
