"""What `run` does at intervals and at set times (APScheduler)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pipeline import logs
from pipeline.engine import memory, shared
from pipeline.engine.doors import EngineDoors
from pipeline.engine.jobs import backup, drift, follow, leadership, reconcile, report, retrain, staff, surveys, tidy
from pipeline.engine.passes import note
from pipeline.engine.shared import RUN, Engine
from pipeline.engine.workers import file
from pipeline.errors import UnreachableError

Scheduler = Any  # BackgroundScheduler of APScheduler, which comes without types
RESOLVE = timedelta(seconds=50)  # between looks at what is uncertain
GIVE_BACK = 60  # seconds between times that unused memory is handed back: takes a millisecond
DRIFT = "20 4 * * *"  # when drift is measured, as cron says it


def scheduler(engine: Engine) -> Scheduler:
    """Not started yet."""
    from apscheduler.schedulers.background import BackgroundScheduler

    settings = {"coalesce": True, "max_instances": 1, "misfire_grace_time": 60}
    made = BackgroundScheduler(timezone="UTC", job_defaults=settings)
    made.add_job(engine.look_around, "interval", seconds=shared.LOOK_AROUND, id="look around")
    made.add_job(resolve_again, "interval", args=[engine], seconds=shared.LOOK_AROUND, id="resolve")
    made.add_job(staff.tell_of_complaints, "interval", args=[engine.doors], seconds=staff.EVERY, id=staff.COMPLAINTS)
    made.add_job(memory.give_back, "interval", seconds=GIVE_BACK, id="memory")
    made.add_job(tidy.tidy, "interval", args=[engine.doors], seconds=tidy.EVERY, id="tidy")
    made.add_job(_note_outbox, "interval", args=[engine], seconds=shared.LOOK_AROUND, id="note outbox")
    _add_set_times(engine, made)
    return made


def _add_set_times(engine: Engine, made: Scheduler) -> None:
    """What has a time of day, in the time zone of [calendar]; an empty line is never."""
    from apscheduler.triggers.cron import CronTrigger

    doors, config = engine.doors, engine.doors.config
    times = config.schedule
    for name, line, work, more in (
        ("drift", DRIFT, drift.watch, ()),
        ("unprepared complaints", file.WEEKLY, file.tell_of_unprepared, ()),
        (report.NAME, times.report if config.report.to else "", report.send, ()),
        (staff.DIGEST, times.digest, staff.send_digest, ()),
        (leadership.NAME, times.leadership, leadership.send_page, ()),
        (reconcile.NAME, times.reconcile, reconcile.watch, ()),
        (backup.NAME, times.backup, backup.make, ()),
        (follow.NAME, times.follow_up, _follow, (engine,)),
        ("survey", times.survey, surveys.ask_quietly, ()),
        (retrain.NAME, times.retrain, retrain.retrain, (engine.stopping,)),
    ):
        if line:
            when = CronTrigger.from_crontab(line, timezone=config.calendar.timezone)
            made.add_job(work, when, args=[doors, *more], id=name)


def _follow(doors: EngineDoors, engine: Engine) -> None:
    """Promises that a person has kept from a mail program are known first."""
    engine.sent.read_again()
    follow.watch(doors)
    staff.tell_of_promises(doors)
    leadership.tell_at_once(doors)


def resolve_again(engine: Engine) -> None:
    """What is uncertain, now and then; at once when a server is back that closed the connection at each letter."""
    last = engine.resolved
    if last and engine.doors.clock.now() - last < RESOLVE and not engine.backoff.returned:
        return
    try:
        engine.resolve()
    except UnreachableError as error:
        logs.get("run").warning("uncertain acknowledgements stay so", problem=str(error))


def _note_outbox(engine: Engine) -> None:
    """What `status` says of the outgoing server and of the trackers."""
    note(engine.doors.reading, RUN, engine.doors.clock.now(), "")
    trouble = next((sender.unreachable for sender in engine.senders if sender.unreachable), "")
    note(engine.doors.reading, "smtp", engine.doors.clock.now(), trouble)
    for filer in engine.filers:
        note(engine.doors.reading, f"tracker.{filer.name}", engine.doors.clock.now(), filer.unreachable)
