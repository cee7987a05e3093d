"""Work that can wait writes in short transactions, and rests between them."""

from __future__ import annotations

import pytest

from pipeline.engine.jobs.pace import LEAST, LONGEST, MOST, SHARE, Pace


@pytest.mark.parametrize(
    ("rows", "seconds", "then"),
    [
        (25, 0.001, 50),
        (25, LONGEST / 2, 25),  # right as it is
        (25, LONGEST * 1.01, 12),
        (150, 0.001, MOST),
        (MOST, 0.001, MOST),
        (LEAST + 1, 5.0, LEAST),
    ],
)
def test_portions_grow_while_they_are_short_and_shrink_when_one_was_long(rows: int, seconds: float, then: int) -> None:
    assert Pace(rows=rows).after(seconds).rows == then


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.03, 2.0])
def test_it_writes_in_a_tenth_of_the_time_at_most(seconds: float) -> None:
    rest = Pace().after(seconds).rest
    assert rest > 0
    assert seconds / (seconds + rest) <= SHARE * 1.001
