"""What people propose, and what the rule gave: the rule decides, people may override, never without a reason.

Functions on the fields of `decision.proposed`: `computed` is what the ranking gave, `winners` and `runners_up` what is
proposed. Which of several winners stands first means nothing; the order of the runners-up does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from awards.domain import refusals as no

Named = Mapping[str, Sequence[str]]
"""{winners: [nomination], runners_up: [nomination]}."""


class NotACandidate(no.Invalid):
    code = "not_a_candidate"
    message = "Only a nomination that counts at the stage can win or be named next."


class NamedTwice(no.Invalid):
    code = "named_twice"
    message = "A nomination is named once: as a winner or as a runner-up."


class TooManyRunnersUp(no.Invalid):
    code = "too_many_runners_up"
    message = "The edition's rules name fewer runners-up."


class NothingDeparts(no.Invalid):
    code = "nothing_departs"
    message = "What is proposed is what the ranking gives; there is nothing to override."


class CrossCheckDisagrees(no.Invalid):
    code = "cross_check_disagrees"
    message = "A cross-check names other winners: say why the proposal stands."


class CrossChecksAgree(no.Invalid):
    code = "cross_checks_agree"
    message = "Every cross-check names the same winners; there is nothing to explain."


def chosen(
    computed: Named,
    candidates: Collection[str],
    most: int,
    winners: list[str] | None = None,
    runners_up: list[str] | None = None,
) -> dict[str, list[str]]:
    """Whom people propose: what they name, and as computed where they name nobody.

    `candidates`: the nominations that count at the stage, ranked or not; `most`: runners-up by the edition's rules.
    """
    first = list(computed["winners"]) if winners is None else winners
    following = [one for one in computed["runners_up"] if one not in first] if runners_up is None else runners_up
    if len({*first, *following}) < len(first) + len(following):
        raise NamedTwice
    if not {*first, *following} <= set(candidates):
        raise NotACandidate
    if len(following) > max(most, len(computed["runners_up"])):
        raise TooManyRunnersUp
    same = sorted(first) == sorted(computed["winners"])
    return {"winners": list(computed["winners"]) if same else first, "runners_up": following}


def departure(computed: Named | None, outcome: str, winners: Sequence[str], runners_up: Sequence[str]) -> str | None:
    """How what is proposed departs from what was computed: in one word, or None."""
    if computed is None or (outcome == "withheld" and not computed["winners"]):
        return None
    if outcome == "withheld":
        return "withheld"
    if set(winners) == set(computed["winners"]):
        return None if list(runners_up) == list(computed["runners_up"]) else "runners_up"
    return "tie_broken" if set(winners) < set(computed["winners"]) else "override"


DEPARTURES = ("override", "tie_broken", "withheld", "runners_up")
"""Other winners; some of several joint winners; nobody although somebody had won; the same winners, others next."""


def require_reasoned(count: Mapping[str, Any]) -> None:
    """Refuse an award to nobody, a departure without a reason, and a reason where nothing departs."""
    if count["outcome"] == "withheld":
        if count.get("code") is None:
            raise no.ReasonMissing
        return
    if not count["winners"]:
        raise no.NothingToDecide
    _require_explained(count)
    departs = departure(count.get("computed"), "awarded", count["winners"], count["runners_up"])
    override = count.get("override")
    if departs and override is None:
        raise no.ReasonMissing
    if override is not None and not departs:
        raise NothingDeparts


def disagreeing(count: Mapping[str, Any]) -> list[str]:
    """The cross-checks that name other winners than the binding method, by name; one that names nobody for a `code` of
    its own disagrees with nobody.
    """
    winners = set(count["computed"]["winners"]) if count.get("computed") else set()
    checks = [check for check in count.get("cross_checks") or () if "winners" in check]
    return [check["name"] for check in checks if set(check["winners"]) != winners]


def _require_explained(count: Mapping[str, Any]) -> None:
    others, told = disagreeing(count), count.get("cross_check")
    if others and told is None:
        raise CrossCheckDisagrees(f"{CrossCheckDisagrees.message} It is: {', '.join(others)}.")
    if told is not None and not others:
        raise CrossChecksAgree
