"""What has a time of day: when each ran last, so that what was missed (suspended, switched off) is made up for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from pipeline import logs
from pipeline.config.settings import Config
from pipeline.engine.doors import NotingDoors
from pipeline.engine.jobs import names
from pipeline.records.health import Pass

DRIFT, DRIFT_LINE = "drift", "20 4 * * *"  # when drift is measured, as cron says it
UNPREPARED, UNPREPARED_LINE = "unprepared complaints", "30 6 * * mon"
SURVEY = "survey"
STAGGER = timedelta(seconds=5)  # between those that are made up for, after the start
OVERDUE = timedelta(days=1)  # training may take hours, and so may a reconcile


def set_times(config: Config) -> dict[str, str]:
    """Name → its line, in the time zone of [calendar]; what has none never runs."""
    times = config.schedule
    lines = {
        DRIFT: DRIFT_LINE,
        UNPREPARED: UNPREPARED_LINE,
        names.REPORT: times.report if config.report.to else "",
        names.DIGEST: times.digest,
        names.LEADERSHIP: times.leadership,
        names.RECONCILE: times.reconcile,
        names.BACKUP: times.backup,
        names.PURGE: times.purge,
        names.FOLLOW: times.follow_up,
        SURVEY: times.survey,
        names.RETRAIN: times.retrain,
    }
    return {name: line for name, line in lines.items() if line}


def noted(name: str) -> str:
    """How the table `health` calls it."""
    return f"task.{name}"


def carry_out(doors: NotingDoors, name: str, work: Callable[[], object]) -> None:
    """Does it, and notes that it ran. One that was cut off, or raised, is done again after the next start."""
    work()
    doors.reading.note_pass(noted(name), doors.clock.now())


class TakesLeases(Protocol):
    """Who does what only one does at a time."""

    def holds(self, name: str) -> bool:
        """Do we?"""

    def release(self, name: str) -> None:
        """Somebody else may do it."""


def carry_out_due(doors: NotingDoors, works: Mapping[str, Callable[[], object]], leases: TakesLeases) -> None:
    """Where several share the work: what is due and nobody else is at; each once, whoever is told to look."""
    for name, line in set_times(doors.config).items():
        if not _is_due(doors, name, line) or not leases.holds(noted(name)):
            continue
        try:
            if _is_due(doors, name, line):  # else somebody has done it before we had the lease
                carry_out(doors, name, works[name])
        finally:
            leases.release(noted(name))


def _is_due(doors: NotingDoors, name: str, line: str) -> bool:
    now, known = doors.clock.now(), doors.reading.passes().get(noted(name))
    if known is None:
        doors.reading.note_begin(noted(name), now)
        return False
    return due_since(known, line, doors.config.calendar.timezone, now) is not None


def begin(doors: NotingDoors) -> list[str]:
    """Those that were missed since they ran last (or since there are any), in their order: they are due now."""
    now, passes = doors.clock.now(), doors.reading.passes()
    missed = []
    for name, line in set_times(doors.config).items():
        known = passes.get(noted(name))
        if known is None:
            doors.reading.note_begin(noted(name), now)
        elif due_since(known, line, doors.config.calendar.timezone, now):
            missed.append(name)
    if missed:
        logs.get("run").info("set tasks were missed: they run now", tasks=missed)
    return missed


def due_since(known: Pass, line: str, zone: str, now: datetime) -> datetime | None:
    """Since when it is due; None when it is not."""
    from apscheduler.triggers.cron import CronTrigger

    before = known.last_pass or known.since
    if before is None:
        return None
    trigger = CronTrigger.from_crontab(line, timezone=zone)
    due: datetime | None = trigger.get_next_fire_time(None, before + timedelta(seconds=1))
    return due if due and due <= now else None
