"""The verifier and the service count the same: two programs written from docs/judging.md and docs/methods.md.

Reviews and votes are drawn with few values and few names, so that ties, gaps and single reviews are the rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from awards import verifier
from awards.domain import judging
from awards.domain.judging import METHODS, CountedReview, preferences
from awards.domain.refusals import Refusal
from tests.soak import rounds

pytestmark = pytest.mark.soak
EXAMPLES = settings(max_examples=rounds(50, 2_000))

MEAN = {"name": "weighted-rubric-mean", "version": 1}
SEED = "6c1f0c7d5a52a0a86f3cf2c4a2f5c5f0b2a9f1a1f8a6f1b4e6c8d0e2f4a6b8ca"
NAMES = ["aster", "birch", "cedar", "oak", "pine", "zinnia"]
REVIEWERS = ["kerem", "lia", "mosi", "noor", "omar"]
COMPUTED = ["lead-criterion", "head-to-head", "median", "least-disagreement"]
ACTS = ["run-off-vote", "casting-vote"]
CRITERIA = ["impact", "reach"]
LOWEST, HIGHEST = -1, 2
SCORES = [*product(range(LOWEST, HIGHEST + 1), repeat=2)]

Reviews = list[tuple[str, str, dict[str, int]]]
Settle = dict[str, Any]


def told(count: Callable[[], Any]) -> Any:
    """What a program counts, or the code by which it refuses to."""
    try:
        return count()
    except Refusal as refused:
        return refused.code
    except verifier.Refused as refused:
        return str(refused)
    except verifier.TooManyOptions:
        return "too_many_options"


@st.composite
def stages(draw: st.DrawFn, name: str, version: int) -> dict[str, Any]:
    """Rules of a stage with any parameter, ladder, lead and minimum."""
    lead = draw(st.sampled_from([*CRITERIA, None]))
    weights = st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9, 7**19])
    rubric = [{"id": one, "weight": draw(weights)} | ({"lead": True} if one == lead else {}) for one in CRITERIA]
    last = draw(st.sampled_from(["joint-winners", "lot"]))
    known, method = METHODS[name, version], {"name": name, "version": version}
    if "trim" in known.takes and draw(st.booleans()):
        method["trim"] = draw(st.sampled_from([[0, 1], [1, 4], [2, 5], [49, 100]]))
    if "worthy" in known.required or ("worthy" in known.takes and draw(st.booleans())):
        method["worthy"] = draw(st.sampled_from([[-1, 1], [0, 1], [1, 2], [2, 3], [1, 1], [2, 1]]))
    return {
        "rubric": rubric,
        "scale": {"lowest": LOWEST, "highest": HIGHEST},
        "method": method,
        "ties": [*draw(st.lists(st.sampled_from([*COMPUTED, *ACTS]), unique=True)), last],
        "minimum_reviews": draw(st.integers(0, 3)),
    } | ({"lot": hashlib.sha256(SEED.encode()).hexdigest()} if last == "lot" else {})


@st.composite
def panels(draw: st.DrawFn) -> tuple[list[str], Reviews]:
    """Nominations, and reviews of them and of others: some missing, now and then two by one person."""
    named = draw(st.lists(st.sampled_from(NAMES), unique=True))
    who = draw(st.sampled_from([REVIEWERS[:many] for many in range(1, 6)]))
    pairs = [*product(who, named), *draw(st.lists(st.tuples(st.sampled_from(who), st.sampled_from(NAMES)), max_size=3))]
    most = draw(st.sampled_from([2, 6, len(SCORES)]))
    gaps = [None] * draw(st.sampled_from([1, 2 * most]))
    given = st.lists(st.sampled_from([*SCORES[-most:], *gaps]), min_size=len(pairs), max_size=len(pairs))
    cells = zip(pairs, draw(given), strict=True)
    return named, [(*pair, dict(zip(CRITERIA, scores, strict=True))) for pair, scores in cells if scores]


def groups(draw: Callable[..., Any], names: Sequence[str], least: int = 0) -> list[list[str]]:
    """The names in groups, best first; those below `least` are not named."""
    places = {name: draw(st.integers(0, 3)) for name in names}
    ranked = [[name for name in names if places[name] == place] for place in range(3, least - 1, -1)]
    return [group for group in ranked if group]


def counted(stage: Mapping[str, Any], nominations: Sequence[str], reviews: Reviews, settle: Settle) -> judging.Ranking:
    given = [CountedReview(*review) for review in reviews]
    return judging.rank(stage, nominations, given, stage["minimum_reviews"], settle)


def settling(
    draw: Callable[..., Any], stage: Mapping[str, Any], nominations: Sequence[str], reviews: Reviews
) -> Settle:
    """What people make of the ties that the count comes to, as far as they have."""
    settle: Settle = {}
    while tie := counted(stage, nominations, reviews, settle).open_tie:
        rung, tied = tie["rung"], tie["nominations"]
        act = draw(st.sampled_from(["settled", "settled", "settled", "passed", "other", "open"]))
        if act == "open" or rung in settle:
            break
        if rung == "lot":
            settle[rung] = SEED if act != "other" else SEED[::-1]
            break
        held = [*tied, "elm"] if act == "other" else tied
        result = {"nominations": held, "order": groups(draw, held)}
        settle[rung] = judging.PASSED_OVER if act == "passed" else result
    return settle


def callback(settle: Settle) -> verifier.Settled:
    """The same, as the verifier asks for it."""

    def settled(rung: str, tie: Sequence[str]) -> Any:
        result = settle.get(rung)
        if result == judging.PASSED_OVER:
            return "passed"
        if isinstance(result, Mapping):
            return result["order"] if sorted(result["nominations"]) == sorted(tie) else None
        return result

    return settled


@pytest.mark.parametrize(("name", "version"), METHODS)
def test_both_programs_rank_reviews_to_the_same_bytes(name: str, version: int) -> None:
    @EXAMPLES
    @given(st.data(), stages(name, version), panels(), st.booleans())
    def agree(data: st.DataObject, stage: dict[str, Any], panel: tuple[list[str], Reviews], crossed: bool) -> None:
        binding = stage | {"method": MEAN} if crossed else stage
        settle = settling(data.draw, binding, *panel)
        ranking = told(lambda: counted(stage, *panel, settle))
        theirs = told(ranking.as_data) if isinstance(ranking, judging.Ranking) else ranking
        mine = told(lambda: verifier.ranking(binding, *panel, callback(settle), stage["method"]))
        assert rfc8785.dumps(mine) == rfc8785.dumps(theirs)
        if isinstance(mine, str):
            return
        assert verifier.winners(mine) == [entry.nomination for entry in ranking.winners]
        for ranks in (0, 1, 2):
            assert verifier.runners_up(mine, ranks) == [entry.nomination for entry in ranking.runners_up(ranks)]

    agree()


@st.composite
def ballots(draw: st.DrawFn, name: str, version: int) -> tuple[dict[str, Any], list[str], list[list[list[str]]]]:
    """A method, its options and votes; each vote is cast once or by several."""
    method: dict[str, Any] = {"name": name, "version": version}
    if name == "stv":
        method["seats"] = draw(st.integers(1, 5))
    options = draw(st.lists(st.sampled_from([*NAMES, "no-award"]), unique=True, min_size=2))
    votes = []
    for _ in range(draw(st.integers(0, 7))):
        if vote := groups(draw, options, least=draw(st.integers(0, 2))):
            votes += [vote] * draw(st.integers(1, 4))
    return method, options, votes


@pytest.mark.parametrize(("name", "version"), preferences.COUNTS)
def test_both_programs_count_votes_to_the_same_bytes(name: str, version: int) -> None:
    @EXAMPLES
    @given(ballots(name, version))
    def agree(ballot: tuple[dict[str, Any], list[str], list[list[list[str]]]]) -> None:
        mine = told(lambda: verifier.count_votes(*ballot))
        assert rfc8785.dumps(mine) == rfc8785.dumps(told(lambda: preferences.count(*ballot).as_data()))

    agree()


STANDINGS = st.sampled_from([*judging.LEFT_OUT, judging.COUNTED, judging.NOT_COUNTED])


@given(st.dictionaries(st.uuids().map(str), st.tuples(st.integers(1, 2**53 - 1), STANDINGS)), st.randoms())
def test_both_programs_take_the_same_digest_of_the_inputs(streams: dict[str, tuple[int, str]], random: Any) -> None:
    inputs = [(stream, *how) for stream, how in streams.items()]
    count, digest = judging.inputs_digest(inputs)
    random.shuffle(inputs)
    assert verifier.inputs_digest(inputs) == {"count": count, "sha256": digest}
