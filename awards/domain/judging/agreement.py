"""Agreement between reviewers: Krippendorff's alpha for interval data, in exact arithmetic.

alpha = 1 - D_o / D_e with the difference (a - b)^2 (K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011).
A unit is what was judged, its values are what its reviewers gave; a unit with one value has nothing to agree with and
is passed over. 1 is perfect agreement, 0 what chance would give, below 0 is systematic disagreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction


def alpha(units: Iterable[Sequence[Fraction | int]]) -> Fraction | None:
    """The coefficient; None where no two values can be compared, or all values are the same."""
    paired = [values for values in units if len(values) > 1]
    every = [value for values in paired for value in values]
    expected = _spread(every)
    if not expected:
        return None
    observed = sum((Fraction(_spread(values), len(values) - 1) for values in paired), Fraction(0))
    return 1 - observed * (len(every) - 1) / expected


def _spread(values: Sequence[Fraction | int]) -> Fraction | int:
    """The sum of (a - b)^2 over all ordered pairs, without forming them."""
    return 2 * (len(values) * sum(value * value for value in values) - sum(values) ** 2)
