"""What `run` does at intervals and at set times (APScheduler)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pipeline import logs
from pipeline.engine import memory, set_tasks, shared
from pipeline.engine.doors import EngineDoors
from pipeline.engine.jobs import (
    backup,
    drift,
    follow,
    index,
    leadership,
    names,
    purge,
    reconcile,
    report,
    retrain,
    staff,
    surveys,
    tidy,
)
from pipeline.engine.passes import CONNECTIONS, SETTINGS, note
from pipeline.engine.shared import RUN, Engine
from pipeline.engine.workers import file
from pipeline.engine.workers.send import interrupted
from pipeline.errors import UnreachableError
from pipeline.store.workers import CHORES

Scheduler = Any  # BackgroundScheduler of APScheduler, which comes without types
RESOLVE = timedelta(seconds=50)  # between looks at what is uncertain
GIVE_BACK = 60  # seconds between times that unused memory is handed back: takes a millisecond


def scheduler(engine: Engine) -> Scheduler:
    """Not started yet."""
    from apscheduler.schedulers.background import BackgroundScheduler

    settings = {"coalesce": True, "max_instances": 1, "misfire_grace_time": 60}
    made = BackgroundScheduler(timezone="UTC", job_defaults=settings)
    made.add_job(engine.look_around, "interval", seconds=shared.LOOK_AROUND, id="look around")
    made.add_job(memory.give_back, "interval", seconds=GIVE_BACK, id="memory")
    made.add_job(_note_outbox, "interval", args=[engine], seconds=shared.LOOK_AROUND, id="note outbox")
    # Not one of the chores: each machine has versions of its own.
    renew = partial(retrain.renew, engine.doors, engine.stopping)
    made.add_job(renew, "interval", seconds=retrain.EVERY, id=names.RENEWAL)
    for name, seconds, work in _chores(engine):
        made.add_job(_if_ours, "interval", args=[engine, work], seconds=seconds, id=name)
    if not engine.doors.config.engine.is_shared:
        _add_set_times(engine, made)
        made.add_job(_mind_the_zone, "interval", args=[engine, made], seconds=shared.LOOK_AROUND, id="time zone")
    return made


def _chores(engine: Engine) -> list[tuple[str, int, Callable[[], object]]]:
    """What is done now and then: name, seconds between, work. Of several workers, one does it."""
    doors = engine.doors
    chores: list[tuple[str, int, Callable[[], object]]] = [
        ("resolve", shared.LOOK_AROUND, partial(resolve_again, engine)),
        (staff.COMPLAINTS, staff.EVERY, partial(staff.tell_of_complaints, doors)),
        ("tidy", tidy.EVERY, partial(tidy.tidy, doors)),
        (index.NAME, index.EVERY, partial(index.index, doors, engine.stopping)),
    ]
    if doors.config.engine.is_shared:
        chores.append(("what is lost", shared.LOOK_AROUND, partial(look_after_the_lost, doors)))
    return chores


def _if_ours(engine: Engine, work: Callable[[], object]) -> None:
    try:
        ours = engine.share.holds(CHORES)
    except UnreachableError as error:
        logs.get("run").warning("unknown who does the chores", problem=str(error))
        return
    if ours:
        work()


def look_after_the_lost(doors: EngineDoors) -> None:
    """What workers had in hand that are lost now."""
    try:
        interrupted(doors.effects, doors.clock)
        file.interrupted(doors)
    except UnreachableError as error:
        logs.get("run").warning("what a lost worker had in hand stays so", problem=str(error))


def works(engine: Engine) -> dict[str, Callable[[], object]]:
    """What has a time of day."""
    doors = engine.doors
    return {
        set_tasks.DRIFT: partial(drift.watch, doors),
        set_tasks.UNPREPARED: partial(file.tell_of_unprepared, doors),
        report.NAME: partial(report.send, doors),
        staff.DIGEST: partial(staff.send_digest, doors),
        leadership.NAME: partial(leadership.send_page, doors),
        reconcile.NAME: partial(reconcile.watch, doors),
        backup.NAME: partial(backup.make, doors),
        purge.NAME: partial(purge.watch, doors, engine.rests),
        follow.NAME: partial(_follow, doors, engine),
        set_tasks.SURVEY: partial(surveys.ask_quietly, doors),
        retrain.NAME: partial(retrain.retrain, doors, engine.stopping),
    }


def _add_set_times(engine: Engine, made: Scheduler) -> None:
    """In the time zone of [calendar]. What was missed runs now: however late, and once."""
    from apscheduler.triggers.cron import CronTrigger

    doors, zone, all_works = engine.doors, engine.doors.config.calendar.timezone, works(engine)
    missed, now = set_tasks.begin(doors), doors.clock.now()
    for name, line in set_tasks.set_times(doors.config).items():
        work = partial(set_tasks.carry_out, doors, name, all_works[name])
        soon = {"next_run_time": now + set_tasks.STAGGER * (1 + missed.index(name))} if name in missed else {}
        when = CronTrigger.from_crontab(line, timezone=zone)
        made.add_job(work, when, id=name, misfire_grace_time=None, **soon)


def _mind_the_zone(engine: Engine, made: Scheduler) -> None:
    """[calendar] is taken up while we run."""
    from apscheduler.triggers.cron import CronTrigger

    zone = engine.doors.config.calendar.timezone
    for name, line in set_tasks.set_times(engine.doors.config).items():
        job = made.get_job(name)
        if job and str(job.trigger.timezone) != zone:
            made.reschedule_job(name, trigger=CronTrigger.from_crontab(line, timezone=zone))


def set_anew(made: Scheduler, now: datetime) -> None:
    """After the clock was put back: else all would wait for the times that were to come before."""
    from apscheduler.triggers.cron import CronTrigger

    for job in made.get_jobs():
        cron = isinstance(job.trigger, CronTrigger)
        made.modify_job(job.id, next_run_time=job.trigger.get_next_fire_time(None, now) if cron else now)


def _follow(doors: EngineDoors, engine: Engine) -> None:
    """Promises that a person has kept from a mail program are known first."""
    engine.sent.read_again()
    follow.watch(doors)
    staff.tell_of_promises(doors)
    leadership.tell_at_once(doors)


def resolve_again(engine: Engine) -> None:
    """What is uncertain, now and then; at once when a server is back that closed the connection at each letter."""
    last, at = engine.resolved, engine.doors.clock.monotonic()
    if last is not None and at - last < RESOLVE.total_seconds() and not engine.backoff.returned:
        return
    try:
        engine.resolve()
    except UnreachableError as error:
        logs.get("run").warning("uncertain acknowledgements stay so", problem=str(error))


def _note_outbox(engine: Engine) -> None:
    """What `status` says of the outgoing server and of the trackers."""
    note(engine.doors.reading, RUN, engine.doors.clock.now(), "")
    note(engine.doors.reading, SETTINGS, engine.doors.clock.now(), engine.doors.take_up_settings())
    trouble = next((sender.unreachable for sender in engine.senders if sender.unreachable), "")
    note(engine.doors.reading, "smtp", engine.doors.clock.now(), trouble)
    note(engine.doors.reading, CONNECTIONS, engine.doors.clock.now(), engine.lanes.told())
    for filer in engine.filers:
        note(engine.doors.reading, f"tracker.{filer.name}", engine.doors.clock.now(), filer.unreachable)
