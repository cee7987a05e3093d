"""Is the machine well: what `status` says, and beside it what an operator would look at next."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from pipeline.desk.doors import HealthDoors
from pipeline.desk.health import health
from pipeline.desk.health_document import HealthDocument
from pipeline.errors import UsageError
from pipeline.records.effect import MAILS, Effect, EffectKind, EffectState

MOST_LISTED = 200  # effects of one state on a page
LISTED = (
    EffectState.UNCERTAIN,
    EffectState.FAILED,
    EffectState.WAITING,
    EffectState.DOING,
    EffectState.INTENDED,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Disk:
    """Where the database lies."""

    free: int  # bytes
    whole: int
    database: int  # 0 when it lies elsewhere


@dataclass(frozen=True, kw_only=True, slots=True)
class MachineState:
    """As it is at one moment."""

    at: datetime
    health: HealthDocument
    version: str
    database_version: str
    database: str  # its URL, without a password
    disk: Disk


def look(doors: HealthDoors) -> MachineState:
    """Takes as long as `status`."""
    return MachineState(
        at=doors.clock.now(),
        health=health(doors),
        version=version("firstline"),
        database_version=doors.database.version() or "",
        database=doors.database.shown,
        disk=_disk(doors),
    )


def effects_in(doors: HealthDoors, state: str) -> Sequence[Effect]:
    """Those that are in this state now, letters first, the oldest first. Raises UsageError for no such state."""
    if state not in list(LISTED):
        raise UsageError(f"there is no state '{state}'", remedy=f"one of {', '.join(LISTED)}")
    kinds = (*MAILS, *(kind for kind in EffectKind if kind not in MAILS))
    found = [one for kind in kinds for one in doors.effects.left_over(kind, EffectState(state))]
    return found[:MOST_LISTED]


def _disk(doors: HealthDoors) -> Disk:
    folder = doors.database.path.parent if doors.database.is_sqlite else doors.config.folder
    usage = shutil.disk_usage(folder)
    return Disk(free=usage.free, whole=usage.total, database=doors.database.size())
