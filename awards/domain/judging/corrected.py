"""Methods that allow for strict and lenient reviewers: totals in units of each reviewer's own, or less her bias.

What is irrational or long is written rounded to 12 decimals, half to even; `raw`, the plain mean, always stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from awards.domain.judging.preferences import TooManyOptions
from awards.domain.judging.rubric import Field
from awards.domain.judging.shapes import Counted, grouped

PLACES = 12
PRECISE = Context(prec=60, rounding=ROUND_HALF_EVEN)
MOST_REVIEWERS = 40
"""How many reviewers the exact solution of their biases takes."""


def standardised_scores(field: Field, parameters: Mapping[str, Any]) -> Counted:
    """The mean of (total - reviewer's mean) / reviewer's standard deviation; 0 of who gives everything the same."""
    scores: dict[str, list[Decimal]] = {nomination: [] for nomination in field.tallies}
    for mine in field.given.values():
        for nomination, score in _standardised(mine).items():
            scores[nomination].append(score)
    means = {nomination: _mean(sorted(given)) for nomination, given in scores.items()}
    return _beside_raw(field, "standardised", means, means)


def _standardised(mine: Mapping[str, Fraction]) -> dict[str, Decimal]:
    mean = sum(mine.values(), Fraction()) / len(mine)
    variance = sum(((total - mean) ** 2 for total in mine.values()), Fraction()) / len(mine)
    if not variance:
        return dict.fromkeys(mine, Decimal())
    deviation = PRECISE.sqrt(_decimal(variance))
    return {nomination: PRECISE.divide(_decimal(total - mean), deviation) for nomination, total in mine.items()}


def _mean(ordered: Sequence[Decimal]) -> Fraction:
    """The mean of numbers in ascending order, rounded, and with that exact."""
    total = Decimal()
    for number in ordered:
        total = PRECISE.add(total, number)
    return _rounded(Fraction(PRECISE.divide(total, Decimal(len(ordered)))))


def _decimal(number: Fraction) -> Decimal:
    return PRECISE.divide(Decimal(number.numerator), Decimal(number.denominator))


def _rounded(number: Fraction) -> Fraction:
    return round(number, PLACES)


def additive_bias(field: Field, parameters: Mapping[str, Any]) -> Counted:
    """Least squares of total = worth of the nomination + bias of the reviewer; ordered by the exact worths.

    Who can be compared over nominations that several reviewed forms a circle; the biases in a circle sum to 0.
    """
    given = field.given
    if len(given) > MOST_REVIEWERS:
        raise TooManyOptions(f"This method takes at most {MOST_REVIEWERS} reviewers.")
    biases = _biases(given)
    less: dict[str, list[Fraction]] = {nomination: [] for nomination in field.tallies}
    for reviewer, mine in given.items():
        for nomination, total in mine.items():
            less[nomination].append(total - biases[reviewer])
    worths = {nomination: sum(totals, Fraction()) / len(totals) for nomination, totals in less.items()}
    steps = {"reviewers": {reviewer: _rounded(bias) for reviewer, bias in biases.items()}}
    return _beside_raw(field, "corrected", worths, {one: _rounded(worth) for one, worth in worths.items()}, steps)


def _beside_raw(
    field: Field,
    name: str,
    merits: Mapping[str, Fraction],
    written: Mapping[str, Fraction],
    steps: Mapping[str, Any] | None = None,
) -> Counted:
    found = {one: {name: written[one], "raw": field.tallies[one].total} for one in merits}
    return Counted(grouped(merits), found, steps or {})


def _biases(given: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Fraction]:
    """The reviewers' biases: the normal equations without the worths, and that each circle's biases sum to 0."""
    readers: dict[str, list[str]] = {}
    for reviewer, mine in given.items():
        for nomination in mine:
            readers.setdefault(nomination, []).append(reviewer)
    places = {reviewer: place for place, reviewer in enumerate(given)}
    circle = _circles(readers, places)
    rows = [[Fraction(circle[one] == circle[other]) for other in given] + [Fraction()] for one in given]
    for nomination, panel in readers.items():
        mean = sum((given[reviewer][nomination] for reviewer in panel), Fraction()) / len(panel)
        for reviewer in panel:
            row = rows[places[reviewer]]
            row[places[reviewer]] += 1
            row[-1] += given[reviewer][nomination] - mean
            for other in panel:
                row[places[other]] -= Fraction(1, len(panel))
    return dict(zip(given, _solved(rows), strict=True))


def _circles(readers: Mapping[str, Sequence[str]], places: Mapping[str, int]) -> dict[str, int]:
    """A number for each reviewer, the same for all who are linked by nominations that both reviewed."""
    circle = dict(places)
    for panel in readers.values():
        joined = {circle[reviewer] for reviewer in panel}
        circle = {reviewer: min(joined) if number in joined else number for reviewer, number in circle.items()}
    return circle


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """Gauss and Jordan, exactly; each row is an equation, its last number the right side; there is one solution."""
    for place in range(len(rows)):
        pivot = next(at for at in range(place, len(rows)) if rows[at][place])
        rows[place], rows[pivot] = rows[pivot], rows[place]
        lead = rows[place] = [number / rows[place][place] for number in rows[place]]
        for at, row in enumerate(rows):
            if at != place and row[place]:
                factor = row[place]
                rows[at] = [number - factor * of_lead for number, of_lead in zip(row, lead, strict=True)]
    return [row[-1] for row in rows]
