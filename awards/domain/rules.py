"""The rules of an edition: plain data copied into `edition.planned`, checked once, read by everyone.

Shape (see `awards.schemas.rules` for the lengths):
  categories  [{id, name}]                    at least one
  stages      [{id, name, rubric: [{id, name, weight, lead?}], scale: {lowest, highest}, method: {name, version},
                ties: [rung], quorum, minimum_reviews, blind}]                at least one, in order
  nominators (invited | anyone) · self_nomination · consent (required | informed | not_told) · nominator_hidden
  publish (nothing | result | scores) · runners_up · conflict_policy {lang: text}?
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from awards.domain.judging import check_stage, method
from awards.domain.refusals import InvalidRules, ScoreOutOfScale, ScoresIncomplete, UnknownCategory, UnknownStage

Rules = Mapping[str, Any]
Stage = Mapping[str, Any]


def check_rules(rules: Rules) -> None:
    """Refuse rules that no edition could be run by."""
    _check_distinct("category", (category["id"] for category in rules["categories"]))
    _check_distinct("stage", (stage["id"] for stage in rules["stages"]))
    for stage in rules["stages"]:
        _check_stage(stage)


def stage_of(rules: Rules, stage: str) -> Stage:
    """The rules of one stage."""
    for candidate in rules["stages"]:
        if candidate["id"] == stage:
            return candidate  # type: ignore[no-any-return]
    raise UnknownStage


def previous_stage(rules: Rules, stage: str) -> str | None:
    """The id of the stage before, whose shortlist is this stage's field."""
    ids = [candidate["id"] for candidate in rules["stages"]]
    place = ids.index(stage_of(rules, stage)["id"])
    return ids[place - 1] if place else None


def last_stage(rules: Rules) -> Stage:
    """The stage a decision rests on."""
    return rules["stages"][-1]  # type: ignore[no-any-return]


def policy_version(rules: Rules) -> str | None:
    """The version of the conflict policy, which declarations cite: SHA-256 of its RFC 8785 form; None without one.

    The policy maps language tags, which are ASCII, to texts; for such an object, and only for such a one, `json.dumps`
    with sorted keys and without spaces is RFC 8785.
    """
    policy = rules.get("conflict_policy")
    if policy is None:
        return None
    form = json.dumps(policy, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(form.encode()).hexdigest()


def require_category(rules: Rules, category: str) -> None:
    """Refuse a category that the rules do not name."""
    if category not in (known["id"] for known in rules["categories"]):
        raise UnknownCategory


def check_scores(stage: Stage, scores: Mapping[str, int]) -> None:
    """Refuse scores that do not answer the rubric exactly, or leave its scale."""
    if set(scores) != {criterion["id"] for criterion in stage["rubric"]}:
        raise ScoresIncomplete
    scale = stage["scale"]
    if not all(scale["lowest"] <= score <= scale["highest"] for score in scores.values()):
        raise ScoreOutOfScale(f"Scores go from {scale['lowest']} to {scale['highest']}.")


def _check_distinct(what: str, ids: Iterable[str]) -> None:
    listed = list(ids)
    if not listed:
        raise InvalidRules(f"The rules need at least one {what}.")
    if len(set(listed)) != len(listed):
        raise InvalidRules(f"Each {what} needs an id of its own.")


def _check_stage(stage: Stage) -> None:
    _check_distinct("criterion", (criterion["id"] for criterion in stage["rubric"]))
    method(stage["method"]["name"], stage["method"]["version"])
    check_stage(stage)
