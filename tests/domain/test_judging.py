"""The tally against its specification, a second implementation and what a fair method promises."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from awards.domain import judging
from awards.domain.judging import CountedReview, Ranking, rank
from awards.domain.judging.rubric import tallied
from awards.domain.judging.scores import weighted_rubric_mean
from awards.domain.refusals import InvalidRules, Refusal, ScoreOutOfScale, ScoresIncomplete

PAGE = (Path(__file__).parents[2] / "docs" / "judging.md").read_text(encoding="utf-8")
BLOCKS: dict[str, str] = dict(re.findall(r"^```(?:json|text) (\w+)\n(.*?)^```$", PAGE, re.M | re.S))

LADDER = ["lead-criterion", "joint-winners"]
MEAN = {"name": "weighted-rubric-mean", "version": 1}
STAGE: dict[str, Any] = {
    "rubric": [{"id": "impact", "weight": 2, "lead": True}, {"id": "reach", "weight": 1}],
    "scale": {"lowest": 0, "highest": 10},
    "ties": LADDER,
    "method": MEAN,
}


def review(nomination: str, impact: int, reach: int, reviewer: str = "") -> CountedReview:
    return CountedReview(reviewer, nomination, {"impact": impact, "reach": reach})


def by_somebody(reviews: list[Any]) -> list[CountedReview]:
    """Reviews of whoever, for what does not ask who wrote them."""
    return [CountedReview("", nomination, scores) for nomination, scores in reviews]


def places(ranking: Ranking) -> list[tuple[str, int]]:
    return [(entry.nomination, entry.rank) for entry in ranking.entries]


# --- the published page


def page(name: str) -> Any:
    return json.loads(BLOCKS[name])


def test_the_pages_example_recomputes_to_the_same_data_and_bytes() -> None:
    stage, reviews = page("stage"), [CountedReview(*one) for one in page("reviews")]
    ranking = rank(stage, {one.nomination for one in reviews}, reviews, stage["minimum_reviews"])
    assert ranking.as_data() == page("ranking")
    assert rfc8785.dumps(ranking.as_data()) == rfc8785.dumps(page("ranking"))


def test_the_pages_example_without_its_lead_rung_has_joint_winners() -> None:
    stage, reviews = page("stage") | {"ties": ["joint-winners"]}, [CountedReview(*one) for one in page("reviews")]
    ranking = rank(stage, {one.nomination for one in reviews}, reviews, stage["minimum_reviews"])
    assert places(ranking) == [("aster", 1), ("birch", 1), ("cedar", 3), ("dahlia", 3), ("fir", 5)]
    assert ranking.decided_by == "joint-winners"


def test_the_pages_lot_is_drawn() -> None:
    lot = page("lot")
    judging.check_seed(lot["commitment"], lot["seed"])
    stage = {**STAGE, "ties": ["lot"], "lot": lot["commitment"]}
    tied = [review(nomination, 5, 5) for nomination in lot["nominations"]]
    ranking = rank(stage, lot["nominations"], tied, 1, {"lot": lot["seed"]})
    assert places(ranking) == [(nomination, place) for place, nomination in enumerate(lot["order"], start=1)]


def test_the_page_names_every_rung() -> None:
    assert [rung for rung in judging.RUNGS if f"| `{rung}` |" not in PAGE] == []


def test_the_pages_inputs_have_the_bytes_and_digest_it_prints() -> None:
    entries = [(stream, version, standing) for stream, version, standing in page("inputs")]
    printed = BLOCKS["bytes"].removesuffix("\n").encode()
    assert judging.inputs_bytes(entries) == printed == rfc8785.dumps(sorted(page("inputs")))
    assert judging.inputs_digest(entries) == (page("digest")["count"], page("digest")["sha256"])
    assert page("digest")["sha256"] == hashlib.sha256(printed).hexdigest()


def test_the_pages_codes_are_the_codes_in_their_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:nomination|review) \| (.+) \|$", PAGE, re.M)
    assert rows == list(judging.LEFT_OUT.items())


# --- the ordinary cases, by hand


def test_a_nomination_is_worth_the_mean_of_its_reviews_weighted_totals() -> None:
    tally = tallied(STAGE["rubric"], [review("a", 4, 1), review("a", 5, 5)])["a"]
    assert tally == judging.Tally(Fraction(4), (("impact", Fraction(9, 2)), ("reach", Fraction(3))), 2)


def test_the_highest_total_wins_alone() -> None:
    ranking = rank(STAGE, ["a", "b"], [review("a", 4, 9), review("b", 6, 6)], 1)
    assert (places(ranking), ranking.decided_by) == ([("b", 1), ("a", 2)], "none")


def test_the_lead_criterion_breaks_a_tie_of_totals_at_every_rank() -> None:
    reviews = [review("a", 5, 6), review("b", 6, 4), review("c", 1, 2), review("d", 2, 0)]
    ranking = rank(STAGE, "abcd", reviews, 1)
    assert (places(ranking), ranking.decided_by) == ([("b", 1), ("a", 2), ("d", 3), ("c", 4)], "lead-criterion")


def test_nominations_that_nothing_separates_win_jointly_and_the_next_rank_counts_them() -> None:
    reviews = [review("b", 5, 5), review("a", 5, 5), review("c", 4, 7), review("d", 1, 1), review("e", 1, 1)]
    ranking = rank(STAGE, "edcba", reviews, 1)
    assert places(ranking) == [("a", 1), ("b", 1), ("c", 3), ("d", 4), ("e", 4)]
    assert [entry.nomination for entry in ranking.winners] == ["a", "b"]
    assert ranking.decided_by == "joint-winners"
    assert ["".join(entry.nomination for entry in ranking.runners_up(n)) for n in range(4)] == ["", "c", "cde", "cde"]


def test_without_a_lead_criterion_equal_totals_are_joint() -> None:
    rubric = [{"id": "impact", "weight": 2}, {"id": "reach", "weight": 1, "lead": False}]
    ranking = rank(STAGE | {"rubric": rubric}, "ab", [review("a", 5, 6), review("b", 6, 4)], 1)
    assert (places(ranking), ranking.decided_by) == ([("a", 1), ("b", 1)], "joint-winners")


def test_a_lost_reviewer_costs_a_nomination_nothing() -> None:
    ranking = rank(STAGE, "ab", [review("a", 8, 8), review("b", 7, 7), review("b", 7, 7)], 1)
    assert places(ranking) == [("a", 1), ("b", 2)]


def test_too_few_reviews_leave_a_nomination_unranked() -> None:
    ranking = rank(STAGE, "cba", [review("a", 10, 10), review("b", 1, 1), review("b", 1, 1)], 2)
    assert places(ranking) == [("b", 1)]
    assert ranking.as_data()["unranked"] == [
        {"nomination": "a", "reviews": 1, "code": "too_few_reviews"},
        {"nomination": "c", "reviews": 0, "code": "too_few_reviews"},
    ]


def test_reviews_of_nominations_that_are_not_eligible_are_not_counted() -> None:
    reviews = [review("out", 10, 10), CountedReview("", "out", {"impact": 99}), review("in", 1, 1)]
    assert places(rank(STAGE, ["in"], reviews, 1)) == [("in", 1)]


@pytest.mark.parametrize("minimum", [0, 1, 3])
@pytest.mark.parametrize("nominations", [[], ["a", "b"]])
def test_without_reviews_nobody_wins(nominations: list[str], minimum: int) -> None:
    ranking = rank(STAGE, nominations, [], minimum)
    assert (ranking.entries, ranking.winners, ranking.runners_up(3), ranking.decided_by) == ((), (), (), "none")
    assert [left.nomination for left in ranking.unranked] == nominations


# --- refusals


@pytest.mark.parametrize(
    "change",
    [
        {"rubric": []},
        {"rubric": [{"id": "impact", "weight": 1}, {"id": "impact", "weight": 2}]},
        {"rubric": [{"id": "impact", "weight": 0}]},
        {"rubric": [{"id": "impact", "weight": True}]},
        {"rubric": [{"id": "impact", "weight": 1.5}]},
        {"rubric": [{"id": "impact", "weight": 1, "lead": True}, {"id": "reach", "weight": 1, "lead": True}]},
        {"scale": {"lowest": 2, "highest": 1}},
        {"scale": {"lowest": 1, "highest": 1}},
        {"scale": {"lowest": 0.0, "highest": 1}},
        {"ties": []},
        {"ties": ["lead-criterion"]},
        {"ties": ["joint-winners", "lead-criterion"]},
        {"ties": ["coin", "joint-winners"]},
    ],
)
def test_rules_that_contradict_themselves_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidRules):
        rank(STAGE | change, [], [], 1)


@pytest.mark.parametrize(
    ("scores", "refusal"),
    [
        ({"impact": 1}, ScoresIncomplete),
        ({"impact": 1, "reach": 1, "style": 1}, ScoresIncomplete),
        ({"impact": 1, "style": 1}, ScoresIncomplete),
        ({"impact": 11, "reach": 1}, ScoreOutOfScale),
        ({"impact": -1, "reach": 1}, ScoreOutOfScale),
        ({"impact": 1.0, "reach": 1}, ScoreOutOfScale),
        ({"impact": True, "reach": 1}, ScoreOutOfScale),
    ],
)
def test_scores_that_do_not_fit_the_rules_are_refused(scores: dict[str, int], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        rank(STAGE, ["a"], by_somebody([("a", scores)]), 1)


def test_methods_are_found_by_name_and_version_and_unknown_ones_refused() -> None:
    assert judging.method("weighted-rubric-mean", 1).rank is weighted_rubric_mean
    for name, version in [("weighted-rubric-mean", 2), ("coin", 1)]:
        with pytest.raises(judging.UnknownMethod) as refusal:
            judging.method(name, version)
        assert refusal.value.code == "unknown_method"


@pytest.mark.parametrize("sign", [1, -1])
def test_an_integer_the_record_cannot_hold_is_refused_when_written_not_rounded(sign: int) -> None:
    largest = 2**53 - 1
    assert judging.as_pair(Fraction(sign * largest, 2)) == [sign * largest, 2]
    assert judging.as_pair(Fraction(sign, largest)) == [sign, largest]
    for number in (Fraction(sign * (largest + 1)), Fraction(sign, largest + 1)):
        with pytest.raises(judging.NumberTooLarge):
            judging.as_pair(number)


# --- against a second implementation, written from the page

IDS = ["a", "b", "c", "d", "e", "f"]


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], list[str], list[CountedReview], int]:
    """A stage, its nominations, reviews (some of nominations not eligible) and minimum; few values, so many ties."""
    criteria = [f"c{number}" for number in range(draw(st.integers(1, 3)))]
    lead = draw(st.sampled_from([*criteria, None]))
    rubric = [{"id": c, "weight": draw(st.integers(1, 3))} | ({"lead": True} if c == lead else {}) for c in criteria]
    scores: st.SearchStrategy[Mapping[str, int]] = st.fixed_dictionaries(dict.fromkeys(criteria, st.integers(-1, 2)))
    stage: dict[str, Any] = {
        "rubric": rubric,
        "scale": {"lowest": -1, "highest": 2},
        "ties": draw(st.sampled_from([LADDER, LADDER[1:]])),
        "method": MEAN,
    }
    nominations = draw(st.lists(st.sampled_from(IDS), unique=True))
    reviews = draw(
        st.lists(st.builds(CountedReview, st.sampled_from("xyz"), st.sampled_from(IDS), scores), max_size=12)
    )
    return stage, nominations, reviews, draw(st.integers(0, 3))


def recount(
    stage: Mapping[str, Any], nominations: list[str], reviews: list[CountedReview], minimum: int
) -> dict[str, Any]:
    """Section 1 to 5 of the page word by word: review by review, every nomination compared with every other."""
    rubric = stage["rubric"]
    mine = {n: [scores for _, nomination, scores in reviews if nomination == n] for n in nominations}
    whole = sum(c["weight"] for c in rubric)
    ranked = [n for n in nominations if len(mine[n]) >= max(1, minimum)]
    totals, means = {}, {}
    for n in ranked:
        of_reviews = [Fraction(sum(c["weight"] * scores[c["id"]] for c in rubric), whole) for scores in mine[n]]
        totals[n] = sum(of_reviews, Fraction()) / len(of_reviews)
        means[n] = {c["id"]: Fraction(sum(scores[c["id"]] for scores in mine[n]), len(mine[n])) for c in rubric}
    lead = [c["id"] for c in rubric if c.get("lead")] if "lead-criterion" in stage["ties"] else []

    def better(one: str, other: str) -> bool:
        if totals[one] != totals[other] or not lead:
            return totals[one] > totals[other]
        return means[one][lead[0]] > means[other][lead[0]]

    ranks = {n: 1 + sum(better(other, n) for other in ranked) for n in ranked}
    on_top = [n for n in ranked if totals[n] == max(totals.values())]
    first = [n for n in ranked if ranks[n] == 1]
    by = "joint-winners" if len(first) > 1 else "lead-criterion" if len(on_top) > 1 else "none"
    return {
        "method": "weighted-rubric-mean",
        "version": 1,
        "decided_by": by,
        "entries": [
            {
                "nomination": n,
                "rank": ranks[n],
                "total": list(totals[n].as_integer_ratio()),
                "criteria": {c: list(mean.as_integer_ratio()) for c, mean in means[n].items()},
                "reviews": len(mine[n]),
            }
            for n in sorted(ranked, key=lambda n: (ranks[n], n))
        ],
        "unranked": [
            {"nomination": n, "reviews": len(mine[n]), "code": "too_few_reviews"}
            for n in sorted(nominations)
            if n not in ranked
        ],
    }


@given(cases())
def test_a_second_implementation_gets_the_same_bytes(case: Any) -> None:
    assert rfc8785.dumps(rank(*case).as_data()) == rfc8785.dumps(recount(*case))


# --- what the method promises


@given(cases(), st.randoms(use_true_random=False))
def test_anonymity_the_order_of_reviews_does_not_matter(case: Any, random: Any) -> None:
    stage, nominations, reviews, minimum = case
    shuffled = random.sample(reviews, len(reviews))
    assert rank(stage, nominations, shuffled, minimum) == rank(*case)


@given(cases(), st.permutations(IDS))
def test_neutrality_renaming_the_nominations_renames_the_ranking(case: Any, renamed: list[str]) -> None:
    stage, nominations, reviews, minimum = case
    name = dict(zip(IDS, renamed, strict=True))
    after = rank(
        stage,
        [name[n] for n in nominations],
        [CountedReview(who, name[n], scores) for who, n, scores in reviews],
        minimum,
    )
    before = rank(*case)
    assert {(e.nomination, e.rank, e.tally) for e in after.entries} == {
        (name[e.nomination], e.rank, e.tally) for e in before.entries
    }
    assert after.decided_by == before.decided_by


@given(cases(), st.data())
def test_monotonicity_a_higher_score_never_costs_a_place(case: Any, data: st.DataObject) -> None:
    stage, nominations, reviews, minimum = case
    raisable = [
        (at, criterion)
        for at, (_, _, scores) in enumerate(reviews)
        for criterion, score in scores.items()
        if score < stage["scale"]["highest"]
    ]
    if not raisable:
        return
    at, criterion = data.draw(st.sampled_from(raisable))
    who, nomination, scores = reviews[at]
    better = CountedReview(who, nomination, {**scores, criterion: scores[criterion] + 1})
    raised = [*reviews[:at], better, *reviews[at + 1 :]]
    before, after = dict(places(rank(*case))), dict(places(rank(stage, nominations, raised, minimum)))
    assert before.keys() == after.keys()
    assert all(after[n] <= before[n] if n == nomination else after[n] >= before[n] for n in before)


@given(cases(), st.integers(1, 10**20))
def test_the_scale_of_the_weights_does_not_matter(case: Any, factor: int) -> None:
    stage, nominations, reviews, minimum = case
    heavier = stage | {"rubric": [c | {"weight": c["weight"] * factor} for c in stage["rubric"]]}
    assert rank(heavier, nominations, reviews, minimum) == rank(*case)


# --- extremes


def test_a_difference_of_one_in_the_last_place_of_huge_numbers_decides() -> None:
    highest = 10**30
    stage = STAGE | {"scale": {"lowest": 0, "highest": highest}}
    ranking = rank(stage, "ab", [review("a", highest, highest - 1), review("b", highest, highest)], 1)
    assert places(ranking) == [("b", 1), ("a", 2)]
    assert ranking.entries[1].tally.total == highest - Fraction(1, 3)
    with pytest.raises(judging.NumberTooLarge):
        ranking.as_data()


def test_three_thousand_nominations_are_ranked_exactly() -> None:
    highest = 2**52
    stage = STAGE | {"scale": {"lowest": 0, "highest": highest}}
    ids = [f"{(number * 1_237) % 3_000:04}" for number in range(3_000)]
    reviews = [review(n, highest - int(n) // 2, highest - extra) for n in ids for extra in (0, 1, 2, 3)]
    ranking = rank(stage, ids, reviews, 4)
    assert places(ranking) == [(f"{n:04}", n // 2 * 2 + 1) for n in range(3_000)]
    assert all(
        e.tally.total == highest - Fraction(int(e.nomination) // 2 * 2, 3) - Fraction(1, 2) for e in ranking.entries
    )


# --- the digest of the inputs


def test_the_first_reason_in_the_order_of_the_page_is_recorded() -> None:
    assert judging.standing([]) == "counted"
    assert judging.standing(["nomination_left_out", "recused"]) == "recused"
    with pytest.raises(ValueError, match="weather"):
        judging.standing({"recused", "weather"})


PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40)


@given(st.dictionaries(PRINTABLE, st.tuples(st.integers(1, 2**53 - 1), PRINTABLE)), st.randoms(use_true_random=False))
def test_the_inputs_are_rfc_8785_in_any_order(streams: dict[str, tuple[int, str]], random: Any) -> None:
    entries = [(stream, version, standing) for stream, (version, standing) in streams.items()]
    expected = rfc8785.dumps(sorted([list(entry) for entry in entries]))
    random.shuffle(entries)
    assert judging.inputs_bytes(entries) == expected
    assert judging.inputs_digest(iter(entries)) == (len(entries), hashlib.sha256(expected).hexdigest())


@pytest.mark.parametrize(
    "entries",
    [
        [("a", 1, "counted"), ("a", 2, "counted")],
        [("ä", 1, "counted")],
        [("a", 1, "count\u007fed")],
        [("a\n", 1, "counted")],
        [("a", 0, "counted")],
        [("a", True, "counted")],
        [("a", 2**53, "counted")],
    ],
)
def test_inputs_outside_the_plain_form_are_mistakes(entries: list[tuple[str, int, str]]) -> None:
    with pytest.raises(ValueError, match=r"a stream|a version"):
        judging.inputs_bytes(entries)
