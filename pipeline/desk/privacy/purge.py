"""Purging on request: the job of the night, what there is to it, and the file written anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from pipeline.engine.doors import PurgeDoors
from pipeline.engine.jobs import purge as job
from pipeline.store.space import Space


class CompactingDoors(PurgeDoors, Protocol):
    """For writing the file of the database anew."""

    def alone(self) -> AbstractContextManager[Callable[[], None]]:
        """Nobody else works on the store meanwhile. Raises UsageError when somebody does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PurgeReport:
    """What was let go, or is over."""

    dry_run: bool
    rows: Mapping[str, int]  # by table
    files: Mapping[str, int]  # by what they are
    left: tuple[str, ...]  # what could not be reached
    bytes: int  # of the database; 0 where it is elsewhere
    free: int  # of these, for what comes next


def look(doors: PurgeDoors) -> PurgeReport:
    """What is over now; nothing is changed."""
    return _report(doors, job.look(doors), dry_run=True)


def carry_out(
    doors: CompactingDoors, rests: job.Rests, *, compact: bool = False, tell: Callable[[str], None] = lambda _step: None
) -> PurgeReport:
    """Lets it go. `compact`: and writes the file anew, alone, so that nobody has to be rested for; raises UsageError
    where somebody works on it."""
    with doors.alone() if compact else nullcontext():
        tell("letting go")
        done = job.purge(doors, _never if compact else rests)
        doors.reading.note_pass(job.NAME, doors.clock.now(), "; ".join(done.left))
        if compact:
            tell("writing the file anew")
            Space(doors.database).compact()
    return _report(doors, done, dry_run=False)


def _never(_seconds: float) -> bool:
    return False


def _report(doors: PurgeDoors, done: job.Purged, *, dry_run: bool) -> PurgeReport:
    free, pages = Space(doors.database).free_pages()
    size = doors.database.size()
    return PurgeReport(
        dry_run=dry_run,
        rows=dict(done.rows),
        files=dict(done.files),
        left=tuple(done.left),
        bytes=size,
        free=round(size * free / pages) if pages else 0,
    )
