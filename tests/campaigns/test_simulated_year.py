"""The short form of the simulated year: a provider that does all that providers do wrong (bench/year.py)."""

from __future__ import annotations

from datetime import timedelta

from bench.year import simulate


def test_nothing_is_lost_or_sent_twice_and_nobody_is_taken_for_dead_who_is_not() -> None:
    found = simulate(days=4, mails=300, seed=21, apart=4)
    assert found.mails == 300
    assert (found.lost, found.twice, found.blocked) == (0, 0, 0)
    assert found.late == 0  # of those who wrote while there was a short trouble
    assert found.trouble > timedelta(minutes=10)  # there was some
    assert found.red - found.trouble < timedelta(minutes=1)  # and the outgoing server stood in `status` only then
