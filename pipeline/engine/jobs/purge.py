"""What is over by the clocks of [privacy] goes: each night, or by `firstline privacy purge`.

In short transactions with rests between them, so that mail is never delayed; a kill leaves what is left for the next
time. Files follow the database, and the space that was given up is given back last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from pipeline import logs
from pipeline.config.settings import Config
from pipeline.engine.doors import PurgeDoors
from pipeline.engine.jobs import names
from pipeline.engine.jobs.old_files import FILE_STEPS
from pipeline.engine.jobs.pace import Pace
from pipeline.errors import FirstlineError
from pipeline.records.health import Pass
from pipeline.records.personal import KeptFor
from pipeline.store.over import KINDS, OverKind
from pipeline.store.purging import Purging, place_of
from pipeline.store.space import Space

NAME: Final = names.PURGE
EVERY, INDEX_EVERY = timedelta(days=1), timedelta(days=7)
Rests = Callable[[float], bool]  # for so many seconds; true: it is to end now


@dataclass(kw_only=True)
class Purged:
    """What became of it."""

    rows: Counter[str] = field(default_factory=Counter)  # removed or emptied, by table; or, tried only, by kind
    files: Counter[str] = field(default_factory=Counter)  # removed or shortened, by what they are
    left: list[str] = field(default_factory=list)  # what could not be reached, and why
    cut_off: bool = False  # it was to end before it was through


def look(doors: PurgeDoors) -> Purged:
    """What is over now; nothing is changed."""
    now, purging, found = doors.clock.now(), Purging(doors.database), Purged()
    for kind, before in _clocks(doors.config, now):
        found.rows[kind.name] += purging.count(kind, before)
    for name, step in FILE_STEPS:
        found.files[name] += step(doors, now, True)
    found.rows, found.files = +found.rows, +found.files
    return found


def purge(doors: PurgeDoors, rests: Rests) -> Purged:
    """Lets all go that is over now. Raises UnreachableError."""
    now, done = doors.clock.now(), Purged()
    for kind, before in _clocks(doors.config, now):
        done.cut_off = done.cut_off or _purge_kind(doors, kind, before, now, rests, done)
    if not done.cut_off:
        _purge_files(doors, now, done)
    if done.rows and not done.cut_off:
        _give_back(doors, now, rests)
    done.rows, done.files = +done.rows, +done.files
    return done


def watch(doors: PurgeDoors, rests: Rests) -> None:
    """The same at its time: what came of it is in the log, and trouble in `status` until the next time."""
    now = doors.clock.now()
    try:
        done = purge(doors, rests)
    except FirstlineError as error:
        logs.get(NAME).warning("not purged", problem=str(error))
        doors.reading.note_pass(NAME, now, str(error))
        return
    logs.get(NAME).info("purged", **done.rows, files=sum(done.files.values()), cut_off=done.cut_off)
    if not done.cut_off:
        doors.reading.note_pass(NAME, now, "; ".join(done.left))


def watch_if_due(doors: PurgeDoors, rests: Rests) -> None:
    """For `once`, which no scheduler helps."""
    last = doors.reading.passes().get(NAME)
    if doors.config.schedule.purge and (
        last is None or last.error or last.last_pass is None or doors.clock.now() - last.last_pass >= EVERY
    ):
        watch(doors, rests)


def _clocks(config: Config, now: datetime) -> list[tuple[OverKind, datetime]]:
    """Each kind whose clock runs, and before when it must have begun to be over."""
    found = []
    for kind in KINDS:
        needed = kind.clock is KeptFor.NEEDED
        before = now - config.guard.bounce_memory if needed else config.privacy.over_before(kind.clock, now)
        if before is not None:
            found.append((kind, before))
    return found


def _purge_kind(doors: PurgeDoors, kind: OverKind, before: datetime, now: datetime, rests: Rests, done: Purged) -> bool:
    """Portion after portion. True: it was to end before it was through."""
    purging, pace, place = Purging(doors.database), Pace(), None
    while rows := purging.find(kind, before, place, pace.rows):
        began = doors.clock.monotonic()
        done.rows += purging.let_go(kind, rows, before, now)
        pace, place = pace.after(doors.clock.monotonic() - began), place_of(kind, rows[-1])
        if rests(pace.rest):
            return True
    return False


def _give_back(doors: PurgeDoors, now: datetime, rests: Rests) -> None:
    """The index of search is written anew once a week: it is large, and without its mails its words say little."""
    last = doors.reading.passes().get(names.INDEX_ANEW, Pass()).last_pass
    words = last is None or now - last >= INDEX_EVERY
    Space(doors.database).give_back(_paced(doors, rests), words=words)
    if words:
        doors.reading.note_pass(names.INDEX_ANEW, now)


def _paced(doors: PurgeDoors, rests: Rests) -> Callable[[], bool]:
    """Rests as long as the step before says."""
    began = doors.clock.monotonic()

    def rest() -> bool:
        nonlocal began
        enough = rests(Pace().after(doors.clock.monotonic() - began).rest)
        began = doors.clock.monotonic()
        return enough

    return rest


def _purge_files(doors: PurgeDoors, now: datetime, done: Purged) -> None:
    for name, step in FILE_STEPS:
        try:
            done.files[name] += step(doors, now, False)
        except (OSError, FirstlineError) as error:
            done.left.append(f"{name}: {error}")
