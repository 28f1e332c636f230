"""Which methods there are, in which versions, with which parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from awards.domain.judging import reviewers, scores
from awards.domain.judging.corrected import additive_bias, standardised_scores
from awards.domain.judging.grades import majority_judgment
from awards.domain.judging.rubric import Field
from awards.domain.judging.shapes import Counted, Stage, UnknownMethod
from awards.domain.refusals import InvalidRules

Rank = Callable[[Field, Mapping[str, Any]], Counted]
RUN = ("name", "version")
"""What every method states of itself; the rest are parameters."""


@dataclass(frozen=True)
class Method:
    """One method in one version: what it does, what it takes, and what it takes where the rules leave that out."""

    rank: Rank
    defaults: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    @property
    def takes(self) -> frozenset[str]:
        """The names of all its parameters."""
        return self.required | self.optional | self.defaults.keys()


METHODS: Mapping[tuple[str, int], Method] = MappingProxyType(
    {
        ("weighted-rubric-mean", 1): Method(scores.weighted_rubric_mean),
        ("median-of-totals", 1): Method(scores.median_of_totals),
        ("trimmed-mean", 1): Method(scores.trimmed_mean, defaults={"trim": [1, 5]}),
        ("approval", 1): Method(scores.approval, required=frozenset({"worthy"})),
        ("majority-judgment", 1): Method(majority_judgment),
        ("standardised-scores", 1): Method(standardised_scores),
        ("additive-bias", 1): Method(additive_bias),
        ("borda", 1): Method(reviewers.BORDA),
        ("schulze", 1): Method(reviewers.SCHULZE, optional=frozenset({"worthy"})),
        ("ranked-pairs", 1): Method(reviewers.RANKED_PAIRS, optional=frozenset({"worthy"})),
        ("instant-runoff", 1): Method(reviewers.INSTANT_RUNOFF, optional=frozenset({"worthy"})),
    }
)


def method(name: str, version: int) -> Method:
    """The method of this name and version; an unknown one is refused, never replaced by another."""
    if (name, version) not in METHODS:
        raise UnknownMethod()
    return METHODS[name, version]


def completed_method(told: Mapping[str, Any]) -> dict[str, Any]:
    """A method with the parameters that were left to it filled in."""
    return {**method(told["name"], told["version"]).defaults, **told}


def check_method(told: Mapping[str, Any], stage: Stage) -> None:
    """Refuse parameters that the method does not take, lacks, or cannot work with."""
    known, given = method(told["name"], told["version"]), told.keys() - set(RUN)
    if unknown := sorted(given - known.takes):
        raise InvalidRules(f"The method {told['name']} has no parameter {unknown[0]}.")
    if missing := sorted(known.required - given):
        raise InvalidRules(f"The method {told['name']} needs the parameter {missing[0]}.")
    for parameter in sorted(given):
        CHECKS[parameter](told[parameter], stage)


def _check_trim(value: Any, stage: Stage) -> None:
    if not _is_fraction(value) or not 0 <= Fraction(*value) < Fraction(1, 2):
        raise InvalidRules("The share to trim at each end is a fraction in lowest terms from 0 to below 1/2.")


def _check_worthy(value: Any, stage: Stage) -> None:
    scale = stage["scale"]
    if not _is_fraction(value) or not scale["lowest"] <= Fraction(*value) <= scale["highest"]:
        raise InvalidRules("The total from which a nomination is worthy is a fraction in lowest terms, on the scale.")


def _is_fraction(value: Any) -> bool:
    if not isinstance(value, list | tuple) or [type(part) for part in value] != [int, int] or value[1] < 1:
        return False
    return [*Fraction(*value).as_integer_ratio()] == [*value]


CHECKS: Mapping[str, Callable[[Any, Stage], None]] = MappingProxyType({"trim": _check_trim, "worthy": _check_worthy})
