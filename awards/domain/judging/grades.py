"""Majority judgment (M. Balinski and R. Laraki, 2007): a nomination is worth its middle grade.

Grades are the reviewers' totals. Of an even number the lower of the two middle ones is taken, which a majority holds it
to deserve at least. Equal grades are told apart by the majority gauge, in shares, so that panels may differ in size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from awards.domain.judging.rubric import Field
from awards.domain.judging.shapes import Counted, grouped


def majority_judgment(field: Field, parameters: Mapping[str, Any]) -> Counted:
    """By middle grade, then by the larger of the two shares above and below it: more above is good, below is bad."""
    found = {nomination: _judged(totals) for nomination, totals in field.totals.items()}
    return Counted(grouped({nomination: _gauge(told) for nomination, told in found.items()}), found, {})


def _judged(totals: Sequence[Fraction]) -> dict[str, Fraction]:
    grade = totals[(len(totals) - 1) // 2]
    above, below = sum(total > grade for total in totals), sum(total < grade for total in totals)
    return {"grade": grade, "above": Fraction(above, len(totals)), "below": Fraction(below, len(totals))}


def _gauge(told: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """The grade, and the share above where that is larger than the one below, else the share below, negative."""
    more_above = told["above"] > told["below"]
    return told["grade"], told["above"] if more_above else -told["below"]
