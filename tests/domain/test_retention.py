"""Months of the calendar."""

from datetime import UTC, datetime

import pytest

from awards.domain.retention import months_later


@pytest.mark.parametrize(
    ("moment", "months", "later"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2026, 5, 1), 120, (2036, 5, 1)),
        ((2026, 12, 31), 12, (2027, 12, 31)),
    ],
)
def test_so_many_months_later_is_the_same_day_or_the_last(
    moment: tuple[int, int, int], months: int, later: tuple[int, int, int]
) -> None:
    assert months_later(datetime(*moment, 9, 30, tzinfo=UTC), months) == datetime(*later, 9, 30, tzinfo=UTC)
