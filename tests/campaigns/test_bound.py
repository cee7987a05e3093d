"""The short form of `python -m bench.bound`: the mail it mixes, and what it counts."""

from __future__ import annotations

from random import Random

import pytest

from bench import bound
from pipeline.learn.dataset import Row
from tests.learned import toy_rows

FOREIGN = [Row(text=f"weather {number} sunny cloudy", topic="weather") for number in range(200)]
POOL = bound.Pool(name="toy", head="topic", rows=toy_rows(900), foreign=FOREIGN, fitted=400)


def test_both_sides_have_the_same_shares_of_one_off_and_foreign_mail() -> None:
    fitted, unseen = bound.sides(POOL, Random(1))
    assert len(fitted) == 400
    assert not {row.hash for row in fitted} & {row.hash for row in unseen}
    for side in (fitted, unseen):
        foreign = sum("weather" in row.text for row in side)
        once = sum((row.topic or "").startswith("once") for row in side)
        assert foreign / len(side) == pytest.approx(bound.FOREIGN, abs=0.025)
        assert (once - foreign) / len(side) == pytest.approx(bound.ONE_OFF, abs=0.01)
    assert bound.sides(POOL, Random(1)) == (fitted, unseen)


def test_what_is_said_of_mail_that_is_about_nothing_known_counts_as_wrong() -> None:
    for outcome in bound.resplit(POOL, seed=1):
        assert 0 <= outcome.wrong <= outcome.sure <= outcome.mails
    loose = bound.resplit(POOL, seed=1)[-1]
    assert loose.level == 0.1
    assert loose.sure > 0
    assert loose.wrong > 0


@pytest.mark.parametrize(("sure", "wrong", "exceeded"), [(100, 2, False), (100, 3, True), (0, 0, False), (49, 1, True)])
def test_the_bound_is_exceeded_by_more_than_is_allowed(sure: int, wrong: int, *, exceeded: bool) -> None:
    assert bound.Outcome(level=0.02, sure=sure, wrong=wrong, mails=200).is_exceeded is exceeded


def test_the_page_counts_exceeded_resplits_of_all() -> None:
    outcomes = [
        bound.Outcome(level=0.02, sure=sure, wrong=wrong, mails=100) for sure, wrong in ((50, 0), (50, 2), (0, 0))
    ]
    page = bound.written({("toy", "0.02"): outcomes}, 3)
    assert "| toy | 2% | 3 | 2 | 1 (33.3%) | 2.00% | 33.3% |" in page
