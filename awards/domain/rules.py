"""The rules of an edition: plain data copied into `edition.planned`, checked once, read by everyone.

Shape (see `awards.schemas.rules` for the lengths):
  categories  [{id, name}]                    at least one
  stages      [{id, name, rubric: [{id, name, weight, lead?}], scale: {lowest, highest}, method: {name, version, …},
                cross_checks: [method]?, ties: [rung], lot?, quorum, minimum_reviews}]          at least one, in order
  nominators (invited | anyone) · self_nomination · consent (required | informed | not_told)
  publish (nothing | result | scores) · runners_up · conflict_policy {lang: text}?
  retention   {case?, public?, account?: months}?     how long values are kept after the edition; see `retention`
  sight       {aspect: {role: since when}}    who sees what; `completed` fills in what is not told
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from awards.domain.judging import RUNGS, check_stage, completed_stage
from awards.domain.refusals import (
    EditionFromSources,
    InvalidRules,
    ScoreOutOfScale,
    ScoresIncomplete,
    UnknownCategory,
    UnknownStage,
)

Rules = Mapping[str, Any]
Stage = Mapping[str, Any]

TIES = RUNGS
"""The rungs a ladder can have, in no order that binds; see `awards.domain.judging.ladder`."""

SINCE = ("always", "own_in", "closed", "decided", "announced", "never")
"""Since when a role sees an aspect; each comes no earlier than the one before it.

own_in: the reader's own reviews (of the nomination and stage in question; for the standing all of the stage) are in.
closed: reviewing of the stage in question is closed; where no stage is in question, of every stage.
decided: the category's decision is approved or withheld by the second person. announced: it is public; what is withheld
is never announced, and counts as public once it is withheld.
"""

ASPECTS = ("nominator", "nominee", "scores", "comments", "reviewers", "standing")
"""nominator: who nominated and endorsed, and how many. nominee: names, and attributes that identify. scores, comments:
those of other reviewers. reviewers: who sits on the panel and who reviewed. standing: ranking, totals, shortlists, and
what a decision says before it is public."""

PANEL, STAFF = ("reviewer", "chair", "deputy"), ("secretariat", "approver", "auditor")
SIGHT_ROLES = ("nominator", *PANEL, *STAFF)

_JUDGED, _DELIBERATION = ("scores", "comments", "standing"), ("scores", "comments", "reviewers", "standing")

_AT_WORK = {
    *(("secretariat", aspect) for aspect in ("nominator", "nominee", "reviewers")),
    *((role, "reviewers") for role in ("chair", "deputy")),
}
"""What a role is told of by acting in it."""

SIGHT: Mapping[str, Mapping[str, str]] = {
    aspect: {
        "nominator": "always" if aspect == "nominee" else "never",
        **dict.fromkeys(PANEL, "own_in" if aspect in _JUDGED else "always"),
        **dict.fromkeys(STAFF, "always"),
    }
    for aspect in ASPECTS
}
"""Who sees what where an edition's rules do not say otherwise. A nominator sees her own nominations, which she knows;
of those who endorsed them, and of all that follows, she learns nothing."""


def check_rules(rules: Rules) -> None:
    """Refuse rules that no edition could be run by."""
    _check_distinct("category", (category["id"] for category in rules["categories"]))
    _check_distinct("stage", (stage["id"] for stage in rules["stages"]))
    for stage in rules["stages"]:
        _check_stage(stage)
    for aspect, told in rules.get("sight", {}).items():
        for role, since in told.items():
            _check_sight(aspect, role, since)


def completed(rules: Rules) -> dict[str, Any]:
    """The rules with everything that is left to defaults filled in, so that what is recorded says all of it."""
    told = rules.get("sight", {})
    sight = {aspect: {**SIGHT[aspect], **told.get(aspect, {})} for aspect in ASPECTS}
    return {**rules, "stages": [completed_stage(stage) for stage in rules["stages"]], "sight": sight}


def stage_of(rules: Rules | None, stage: str) -> Stage:
    """The rules of one stage; an edition recorded from sources has none."""
    if rules is None:
        raise EditionFromSources
    for candidate in rules["stages"]:
        if candidate["id"] == stage:
            return candidate  # type: ignore[no-any-return]
    raise UnknownStage


def with_stage(rules: Rules, stage: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with other values for one stage; what is None stays. Runs on replay, so an unknown stage is passed."""
    told = {name: value for name, value in changed.items() if value is not None}
    stages = [one | told if one["id"] == stage else one for one in rules["stages"]]
    return {**rules, "stages": stages}


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
    check_stage(stage)


def _check_sight(aspect: str, role: str, since: str) -> None:
    """The floors: what no rules can loosen, and what would promise a door that the role does not have."""
    if aspect not in ASPECTS or role not in SIGHT_ROLES or since not in SINCE:
        raise InvalidRules(f"There is no sight of {aspect} for {role} since {since}.")
    if role == "auditor" and since != "always":
        raise InvalidRules("The auditor always reads everything.")
    if role in PANEL and aspect in _JUDGED and since == "always":
        raise InvalidRules("Nobody on a panel sees others' scores, comments or the standing before the own are in.")
    if role not in PANEL and since == "own_in":
        raise InvalidRules("Only who reviews has reviews that could be in.")
    if role == "nominator" and aspect in _DELIBERATION and since != "never":
        raise InvalidRules("A nominator does not read reviews, the standing or who decides.")
    if since != "always" and (role, aspect) in _AT_WORK:
        raise InvalidRules("Who enters nominations and assigns reviews knows whom.")
    if role == "nominator" and aspect == "nominee" and since != "always":
        raise InvalidRules("A nominator knows whom she nominated.")
