"""Copies of the database that a restore or an upgrade has left beside it (`*.before-*`)."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pipeline.desk.doors import ErasingDoors
from pipeline.desk.privacy.under_way import UnderWay
from pipeline.errors import FirstlineError
from pipeline.store.backups import copies_beside
from pipeline.store.database import NEWEST, Database
from pipeline.store.personal_data import PersonalData


def erase_in_copies(doors: ErasingDoors, asked: UnderWay) -> list[str]:
    """The same in each of them. One of another version is named: it can only be deleted."""
    return [why for path in copies_beside(doors.database) if (why := _erase_in(path, doors, asked))]


def _erase_in(path: Path, doors: ErasingDoors, asked: UnderWay) -> str:
    try:
        with closing(Database(f"sqlite:///{path}")) as copy:
            if copy.version() != NEWEST:
                return f"{path.name} is of another version: delete it when it is not needed any more"
            data = PersonalData(copy)
            found = data.find(asked.found.person)
            data.empty(
                data.begin(found, asked.erasure.by, doors.clock.now()),
                found,
                doors.clock.now(),
                keep_tickets=asked.keep_tickets,
                others=asked.others,
            )
            data.give_back()
    except FirstlineError as error:
        return f"{path.name}: {error.what}"
    asked.counts["copies of the database"] += 1
    return ""
