"""Sides that take turns, and what is told of them.

A round measures each side once, for a short time, one right after the other; the next round goes the other way round.
So what disturbs the machine for a while disturbs all, and the ratio is taken round by round: the median of these is
told, with the least and the greatest.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.client import Run

Figures = dict[str, float]
"""What one turn of one side came to; the keys are those of `UNITS`."""

UNITS = {"seconds": " s", "rate": "/s", "median_ms": " ms", "p95_ms": " ms"}


@dataclass(frozen=True)
class Row:
    """A line of the table: one figure of both sides, and the ratio of the first to the second."""

    part: str
    what: str
    unit: str
    ours: Sequence[float]
    other: Sequence[float]
    aim: float | None = None
    at_least: bool = True

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        return [ours / other for ours, other in zip(self.ours, self.other, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def met(self) -> bool:
        """Whether the aim, if there is one, is met."""
        if self.aim is None:
            return True
        return self.ratio >= self.aim if self.at_least else self.ratio <= self.aim

    def told(self) -> tuple[str, ...]:
        """The cells of the table."""
        least, greatest = min(self.ratios), max(self.ratios)
        sides = [f"{_number(statistics.median(side))}{self.unit}" for side in (self.ours, self.other)]
        aim = f"{'≥' if self.at_least else '≤'} {self.aim}" if self.aim else ""
        ratio = f"{self.ratio:.2f}  ({least:.2f}–{greatest:.2f})"
        return self.part, self.what, *sides, ratio, aim, "" if self.met else "missed"

    def as_data(self) -> dict[str, Any]:
        """The row for the file."""
        return {
            "part": self.part,
            "what": self.what,
            "unit": self.unit.strip(),
            "ours": _spread(self.ours),
            "other": _spread(self.other),
            "ratio": _spread(self.ratios),
            "rounds": len(self.ratios),
            "aim": self.aim and f"at {'least' if self.at_least else 'most'} {self.aim}",
            "met": self.met,
        }


def take_turns(sides: Sequence[Callable[[], Figures]], rounds: int) -> list[list[Figures]]:
    """Measure the sides in turn; gives, for each side, the figures of each round."""
    found: list[list[Figures]] = [[] for _ in sides]
    places = list(range(len(sides)))
    for _ in range(rounds):
        for place in places:
            found[place].append(sides[place]())
        places.reverse()
    return found


def row(
    part: str,
    what: str,
    figure: str,
    sides: tuple[Sequence[Figures], Sequence[Figures]],
    aim: float | None = None,
    *,
    at_least: bool = True,
) -> Row:
    """The row of one figure of two sides."""
    ours, other = ([turn[figure] for turn in side] for side in sides)
    return Row(part, what, UNITS[figure], ours, other, aim, at_least)


def quoted(part: str, what: str, seconds: Sequence[float], theirs: float) -> Row:
    """The row of what takes so long here beside a figure from another run; four times faster is the aim."""
    return Row(part, f"{what} (quoted)", UNITS["seconds"], seconds, [theirs] * len(seconds), 0.25, at_least=False)


def figures(run: Run) -> Figures:
    """What a run of requests came to."""
    return {"rate": run.rate, "median_ms": run.median * 1e3, "p95_ms": run.p95 * 1e3}


def table(rows: Sequence[Row]) -> str:
    """All rows as text, in columns."""
    cells = [("", "", "service", "baseline", "ratio  (least–greatest)", "aim", ""), *(row.told() for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(cells[0]))]
    lines = []
    for line in cells:
        padded = [
            cell.rjust(width) if place in (2, 3) else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "median": _rounded(statistics.median(values)),
        "least": _rounded(min(values)),
        "greatest": _rounded(max(values)),
    }


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
