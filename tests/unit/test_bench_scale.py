"""The simulation of many workers: it reproduces what was measured, and its answers make sense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench import scale
from bench.scale import Point, Setting
from bench.scale_costs import Costs, read

COSTS = Costs(
    understand=0.8,
    turn=0.5,
    fetch=0.15,
    send=0.4,
    mark=0.05,
    database=0.6,
    trips_reading=30,
    trips_sending=0.5,
    bytes=20_000,
)
FAR = Setting(costs=COSTS, trip_mail=0.02, trip_database=0.0005, connections=1)
MEASURED = [point for point in scale.points(read()) if point.measured is not None]


@pytest.mark.parametrize("point", MEASURED, ids=lambda point: point.what)
def test_it_reproduces_what_was_measured(point: Point) -> None:
    assert scale.simulate(point.setting) == pytest.approx(point.measured, rel=scale.WITHIN)


def test_something_was_measured() -> None:
    assert len(MEASURED) >= 3


def test_the_same_question_has_the_same_answer() -> None:
    assert scale.simulate(FAR) == scale.simulate(FAR)


def test_workers_help_until_all_wait_for_their_turn() -> None:
    most = scale.most_of_one_database(COSTS, FAR.trip_database)
    rates = [scale.simulate(replace(FAR, workers=workers)) for workers in (1, 2, 4, 16)]
    assert rates == sorted(rates)
    assert rates[1] > 1.8 * rates[0]
    assert 0.8 * most < rates[-1] <= most


@pytest.mark.parametrize("slower", [{"trip_mail": 0.1}, {"trip_database": 0.02}, {"database_cores": 1, "workers": 16}])
def test_what_is_slower_makes_it_slower(slower: dict) -> None:
    fast = replace(FAR, workers=slower.get("workers", 1))
    assert scale.simulate(replace(fast, **slower)) < scale.simulate(fast)


def test_a_plan_is_within_what_one_database_and_its_workers_can_do() -> None:
    most = scale.most_of_one_database(COSTS, FAR.trip_database)
    plans = [scale.plan(mails, FAR) for mails in scale.DAYS]
    assert [one.firstlines * one.workers for one in plans] == sorted(one.firstlines * one.workers for one in plans)
    for one in plans:
        each = one.rate / one.firstlines
        assert each <= scale.FULL * most
        assert scale.simulate(replace(FAR, workers=one.workers)) * scale.SPARE >= each
        assert each * COSTS.database / 1000 <= one.database_cores
