"""What the store needs no more: the write-ahead log of SQLite goes into the database, old attachments go altogether."""

from __future__ import annotations

from typing import Final

from pipeline import logs
from pipeline.engine.doors import ReportDoors
from pipeline.errors import UnreachableError
from pipeline.store.draft_files import StoredFiles

NAME: Final = "store"  # in `health`
EVERY = 60  # seconds
TOO_LONG = 256_000_000  # bytes: thousands of batches, through all of which somebody has been reading


def tidy(doors: ReportDoors) -> None:
    """Now, where nobody is in the way; a reader that has been for very long is told of in `status`."""
    try:
        StoredFiles(doors.database).purge(doors.clock.now())
        left = doors.database.shorten()
    except UnreachableError as error:  # whoever works with it says so
        logs.get(NAME).warning("not tidied up", problem=str(error))
        return
    problem = ""
    if left > TOO_LONG:
        problem = f"{left // 1_000_000} MB wait to be tidied up: another program has been reading the database for long"
        logs.get(NAME).warning("the write-ahead log is long", bytes=left)
    doors.reading.note_pass(NAME, doors.clock.now(), problem)
