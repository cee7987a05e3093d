"""What runs at set times: what was missed is made up for, and a clock that is put back holds up nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk.health import health
from pipeline.engine import schedule, set_tasks
from pipeline.engine.clock_jumps import ClockJumps
from pipeline.engine.shared import RUN, Engine
from pipeline.errors import UnreachableError
from pipeline.records.effect import EffectKind, EffectState, Outcome
from pipeline.records.mail import Location, Undelivered
from pipeline.wiring.live_doors import LiveDoors, build
from tests.doors.test_outages import World, world
from tests.samples import NOON, table

__all__ = ["world"]  # the fixture
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    store = {"url": f"sqlite:///{tmp_path}/test.db"}
    made = build(check(table(store=store), tmp_path / "config.toml"), FakeClock(NOON))
    yield made
    made.close()


def clock_of(doors: LiveDoors) -> FakeClock:
    assert isinstance(doors.clock, FakeClock)
    return doors.clock


def missed_after(doors: LiveDoors, span: timedelta) -> list[str]:
    clock_of(doors).pass_by(span)
    return set_tasks.begin(doors)


def test_at_the_first_start_nothing_was_missed(doors: LiveDoors) -> None:
    assert set_tasks.begin(doors) == []


def test_what_was_due_while_nobody_ran_is_done_at_the_next_start(doors: LiveDoors) -> None:
    set_tasks.begin(doors)
    assert "reconcile" in missed_after(doors, DAY)
    set_tasks.carry_out(doors, "reconcile", lambda: None)
    assert "reconcile" not in missed_after(doors, HOUR)
    assert "reconcile" in missed_after(doors, DAY)  # a machine that is off each night reconciles by day


def test_what_was_cut_off_is_done_again(doors: LiveDoors) -> None:
    def cut_off() -> None:
        raise UnreachableError("away")

    set_tasks.begin(doors)
    clock_of(doors).pass_by(DAY)
    with pytest.raises(UnreachableError):
        set_tasks.carry_out(doors, "reconcile", cut_off)
    assert "reconcile" in missed_after(doors, HOUR)


def test_the_scheduler_runs_what_was_missed_soon_and_the_rest_at_its_time(doors: LiveDoors) -> None:
    set_tasks.begin(doors)
    clock_of(doors).pass_by(DAY)
    for name in ("drift", "follow up", "survey"):
        set_tasks.carry_out(doors, name, lambda: None)
    jobs = jobs_of(schedule.scheduler(Engine(doors)))
    now = doors.clock.now()
    assert timedelta(0) < jobs["reconcile"].next_run_time - now < timedelta(minutes=1)
    assert not hasattr(jobs["drift"], "next_run_time")  # as its line says
    assert all(jobs[name].misfire_grace_time is None for name in set_tasks.set_times(doors.config))


def jobs_of(made: Any) -> dict[str, Any]:
    return {job.id: job for job in made.get_jobs()}


def test_status_tells_how_long_ago_each_ran_and_complains_of_one_that_does_not_while_run_is_up(
    doors: LiveDoors,
) -> None:
    set_tasks.begin(doors)
    set_tasks.carry_out(doors, "reconcile", lambda: None)
    clock_of(doors).pass_by(HOUR)
    found = health(doors)["tasks"]
    assert found["reconcile"] == {"last": NOON, "age_seconds": 3600}
    assert found["drift"] == {"last": None, "age_seconds": None}

    def complaints() -> list[str]:
        doors.reading.note_pass(RUN, doors.clock.now())
        return [one["what"] for one in health(doors)["problems"] if one["what"].startswith("the set task")]

    assert complaints() == []
    clock_of(doors).pass_by(2 * DAY)
    assert "the set task reconcile has not run" in complaints()


# --- a clock that is put back -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(days=200)])
def test_after_the_clock_was_put_back_nothing_waits_longer_than_it_would_have(world: World, back: timedelta) -> None:
    doors = world.doors
    world.arrive("eve")
    (letter,) = doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.INTENDED)
    doors.effects.claim([letter.key], NOON)
    due = NOON + timedelta(minutes=4)
    doors.effects.settle([Outcome(key=letter.key, state=EffectState.WAITING, next_try=due)], NOON)
    place = Location(mailbox="support", uidvalidity=1, uid=7)
    waits = Undelivered(
        location=place, since=NOON, tries=1, waited=timedelta(0), last_try=NOON, next_try=due, why="later"
    )
    doors.undelivered.keep([waits])
    made = schedule.scheduler(Engine(doors))
    made.start(paused=True)
    jumps = ClockJumps(doors, made)
    clock_of(doors).pass_by(timedelta(minutes=1))
    clock_of(doors).put_back(back)
    jumps.look()

    now = doors.clock.now()
    (again,) = doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.WAITING)
    assert again.next_try is not None
    assert again.next_try - now == timedelta(minutes=3)
    (asked,) = doors.undelivered.of("support", 1)
    assert asked.next_try - now == timedelta(minutes=3)
    jobs = jobs_of(made)
    assert jobs["note outbox"].next_run_time <= now
    assert timedelta(0) <= jobs["reconcile"].next_run_time - now <= DAY
    jumps.look()
    (once,) = doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.WAITING)
    assert once.next_try == again.next_try
    made.shutdown(wait=False)


@pytest.mark.parametrize("move", [timedelta(seconds=-3), timedelta(days=1)])
def test_a_small_correction_and_a_jump_forward_are_none(
    doors: LiveDoors, move: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps = ClockJumps(doors, None)
    monkeypatch.setattr(schedule, "set_anew", lambda *_: pytest.fail("it was taken for a jump"))
    clock_of(doors).put_back(-move)
    jumps.look()
