"""Once a day: how the mail of the last weeks compares with what the model learnt from."""

from __future__ import annotations

from datetime import timedelta

from pipeline import logs
from pipeline.engine.doors import DriftDoors
from pipeline.errors import FirstlineError
from pipeline.records.health import DriftFacts

WINDOW = timedelta(days=14)
EVERY = timedelta(days=1)
LEAST_MAILS = 100  # in a window: fewer prove nothing
_READ = 5_000  # mails of a window that are looked at, the newest


def watch(doors: DriftDoors) -> None:
    """Measures and stores; trouble with it is logged and stops nothing."""
    try:
        facts = measure(doors)
    except FirstlineError as error:
        logs.get("drift").warning("drift can't be measured", problem=str(error))
        return
    if facts:
        logs.get("drift").info(
            "measured", mails=facts["mails"], unsure=facts["unsure"], topics_since=facts["topics_since"]
        )


def watch_if_due(doors: DriftDoors) -> None:
    """For `once`, which no scheduler helps: measures where the last row is a day old."""
    newest = doors.drift.newest()
    if newest is None or doors.clock.now() - newest.at >= EVERY:
        watch(doors)


def measure(doors: DriftDoors) -> DriftFacts | None:
    """The facts of today's window, stored too; None while there is too little mail or no model."""
    from pipeline.learn.registry import Registry

    now = doors.clock.now()
    registry = Registry(doors.config.at(doors.config.classify.models), doors.config.key())
    name = registry.current()
    mails = doors.drift.window(name, now - WINDOW, _READ) if name else []
    if len(mails) < LEAST_MAILS:
        return None
    from pipeline.learn import drift  # numpy is slow to import

    version = registry.version(name)
    known = drift.vocabulary(version.serve().features)
    window = drift.measure_window(mails, version.manifest.get("mix", {}), known)
    facts: DriftFacts = {**window, **drift.compare_windows(doors.drift.first(name) or window, window)}
    doors.drift.keep(name, facts, now)
    return facts
