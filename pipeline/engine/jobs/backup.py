"""The scheduled backup; a failure is in `status` until the next success."""

from __future__ import annotations

from typing import Final

from pipeline import logs
from pipeline.engine.doors import BackupDoors
from pipeline.engine.jobs import names
from pipeline.errors import FirstlineError
from pipeline.store import backups

NAME: Final = names.BACKUP


def make(doors: BackupDoors) -> None:
    """One more, and the oldest goes."""
    settings, now = doors.config.backup, doors.clock.now()
    try:
        made = backups.rotate(doors.database, doors.config.at(settings.folder), settings.keep, now, doors.tombstones)
    except FirstlineError as error:
        logs.get(NAME).error("no backup", problem=str(error))
        doors.reading.note_pass(NAME, now, str(error))
        return
    logs.get(NAME).info("backup", file=str(made.file), removed=len(made.removed))
    doors.reading.note_pass(NAME, now)
