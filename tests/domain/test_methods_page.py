"""docs/methods.md: every number of its examples is computed anew, and it names every method with its parameters."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from awards.domain import judging
from awards.domain.judging import METHODS, CountedReview, preferences
from awards.domain.judging.corrected import MOST_REVIEWERS

PAGE = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")


def blocks(name: str) -> list[Any]:
    return [json.loads(text) for text in re.findall(rf"^```json {name}\n(.*?)^```$", PAGE, re.M | re.S)]


(PANEL,) = blocks("panel")
EXAMPLES, VOTES = blocks("example"), blocks("vote")


def title(example: Any) -> str:
    return "-".join(map(str, example["method"].values()))


@pytest.mark.parametrize("example", EXAMPLES, ids=title)
def test_the_pages_example_recomputes(example: Any) -> None:
    stage = {"rubric": [{"id": "worth", "weight": 1}], "scale": PANEL["scale"], "ties": ["joint-winners"]}
    reviews = [
        CountedReview(reviewer, nomination, {"worth": int(score)})
        for nomination, row in PANEL["scores"].items()
        for reviewer, score in zip(PANEL["reviewers"], row, strict=True)
        if score != "-"
    ]
    told = judging.rank(stage | {"method": example["method"]}, PANEL["scores"], reviews, 1).as_data()
    assert told.pop("unranked") == []
    assert {"name": told.pop("method"), "version": told.pop("version")}.items() <= example["method"].items()
    told["entries"] = [
        {name: value for name, value in entry.items() if name not in ("criteria", "reviews")}
        for entry in told["entries"]
    ]
    assert rfc8785.dumps(told) == rfc8785.dumps(example["ranking"])


@pytest.mark.parametrize("vote", VOTES, ids=title)
def test_the_pages_vote_recounts(vote: Any) -> None:
    ballots = [ballot for many, ballot in vote["ballots"] for _ in range(many)]
    told = preferences.count(vote["method"], vote["options"], ballots).as_data()
    assert rfc8785.dumps(told) == rfc8785.dumps(vote["outcome"])


def test_the_page_lists_every_method_with_its_parameters_and_has_an_example_of_each() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|(.*?)\| (.*) \|$", PAGE, re.M)
    listed = {(name, int(version)): (parameters, held) for name, version, parameters, held in rows}
    assert listed.keys() == METHODS.keys()
    for method, (parameters, held) in listed.items():
        assert set(re.findall(r"`(\w+)`", parameters)) == METHODS[method].takes
        (example, *_) = [one for one in EXAMPLES if (one["method"]["name"], one["method"]["version"]) == method]
        (entry, *_) = example["ranking"]["entries"]
        assert set(re.findall(r"`(\w+)`", held)) == entry.keys() - {"nomination", "rank"}


def test_the_page_names_every_method_of_voting_and_the_limits() -> None:
    votes = PAGE[PAGE.index("## 4. Votes") :]
    assert [name for name, _ in preferences.COUNTS if f"`{name}`" not in votes] == []
    assert f"at most {preferences.MOST} nominations, `additive-bias` at most {MOST_REVIEWERS} reviewers" in PAGE
