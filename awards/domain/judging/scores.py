"""Methods that give each nomination a number, whatever the others have: means, a median, a share of approval."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from awards.domain.judging.rubric import Field, median
from awards.domain.judging.shapes import Counted, grouped

Parameters = Mapping[str, Any]


def weighted_rubric_mean(field: Field, parameters: Parameters) -> Counted:
    """The mean of the reviews' totals."""
    return _by_total({nomination: tally.total for nomination, tally in field.tallies.items()})


def median_of_totals(field: Field, parameters: Parameters) -> Counted:
    """The median of the reviews' totals: one reviewer alone cannot move it far."""
    return _by_total({nomination: median(totals) for nomination, totals in field.totals.items()})


def trimmed_mean(field: Field, parameters: Parameters) -> Counted:
    """The mean of the totals without the highest and the lowest floor(share * reviews) of them."""
    share = Fraction(*parameters["trim"])
    return _by_total({nomination: _trimmed(totals, share) for nomination, totals in field.totals.items()})


def _trimmed(totals: list[Fraction], share: Fraction) -> Fraction:
    dropped = int(len(totals) * share)
    kept = totals[dropped : len(totals) - dropped]
    return sum(kept, Fraction()) / len(kept)


def approval(field: Field, parameters: Parameters) -> Counted:
    """The share of a nomination's reviewers whose total reaches the threshold."""
    worthy = Fraction(*parameters["worthy"])
    approvals = {nomination: sum(total >= worthy for total in totals) for nomination, totals in field.totals.items()}
    shares = {nomination: Fraction(many, len(field.totals[nomination])) for nomination, many in approvals.items()}
    found = {name: {"approvals": approvals[name], "share": shares[name]} for name in shares}
    return Counted(grouped(shares), found, {})


def _by_total(totals: Mapping[str, Fraction]) -> Counted:
    return Counted(grouped(totals), {nomination: {"total": total} for nomination, total in totals.items()}, {})
