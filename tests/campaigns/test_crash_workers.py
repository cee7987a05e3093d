"""The short form of bench/crash_workers.py: three workers on one PostgreSQL, two with a wrong clock, killed anytime."""

from __future__ import annotations

from bench.crash_workers import campaign


def test_nothing_is_lost_and_nobody_gets_two_letters_while_workers_are_killed() -> None:
    found = campaign(5, seed=3, pause=2.0)
    assert found.kills + found.outages + found.hangs == 5
    assert found.customers > 5
    assert (found.lost, found.under_two_ids, found.tickets_twice) == (0, 0, 0)
