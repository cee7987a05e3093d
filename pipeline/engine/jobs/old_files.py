"""Files whose time is over: the log, its rotated copies, and copies of the database that a restore or upgrade left."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from pipeline.engine.doors import PurgeDoors
from pipeline.engine.jobs.old_lessons import old_lessons
from pipeline.records.personal import KeptFor
from pipeline.store.backups import copies_beside

FileStep = Callable[[PurgeDoors, datetime, bool], int]  # now, and whether to look only; how many it was


def old_copies(doors: PurgeDoors, now: datetime, dry: bool) -> int:
    """`*.before-*` of the database: they hold what it held then. Raises OSError."""
    before = doors.config.privacy.over_before(KeptFor.MAIL, now)
    return _remove(copies_beside(doors.database), before, dry)


def rotated_logs(doors: PurgeDoors, now: datetime, dry: bool) -> int:
    """Beside the file of [log], with its name and an ending, as logrotate makes them. Raises OSError."""
    log = _log_of(doors)
    before = doors.config.privacy.over_before(KeptFor.LOGS, now)
    return _remove(sorted(log.parent.glob(f"{escape(log.name)}[.-]*")) if log else [], before, dry)


def old_lines(doors: PurgeDoors, now: datetime, dry: bool) -> int:
    """In the file of [log] itself: they are overwritten with blanks where they stand, as others may be writing to its
    end just now. How many lines. Raises OSError."""
    log, before = _log_of(doors), doors.config.privacy.over_before(KeptFor.LOGS, now)
    if log is None or before is None or not log.is_file():
        return 0
    with log.open("r+b") as file:
        end, lines = _end_of_old(file, before)
        if end and lines and not dry:
            file.seek(0)
            file.write(b" " * (end - 1) + b"\n")
    return lines


FILE_STEPS: tuple[tuple[str, FileStep], ...] = (
    ("copies of the database", old_copies),
    ("rotated logs", rotated_logs),
    ("lines of the log", old_lines),
    ("training rows", old_lessons),
)


def _log_of(doors: PurgeDoors) -> Path | None:
    return doors.config.at(doors.config.log.file) if doors.config.log.file else None


def _remove(files: list[Path], before: datetime | None, dry: bool) -> int:
    over = [one for one in files if before is not None and one.is_file() and _changed(one) < before]
    for one in over if not dry else ():
        one.unlink(missing_ok=True)
    return len(over)


def _changed(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _end_of_old(lines: Iterator[bytes], before: datetime) -> tuple[int, int]:
    """How many bytes stand before the first line that is not over, and how many lines with something in them. What has
    no time of its own, as the lines of a traceback, belongs to the line before it."""
    place = end = count = counted = 0
    for line in lines:
        at = _time_of(line)
        if at is not None and at >= before:
            return place, count
        place += len(line)
        count += bool(line.strip())
        if at is not None:
            end, counted = place, count
    return end, counted


def _time_of(line: bytes) -> datetime | None:
    """When it was written; None where it does not say."""
    try:
        found = json.loads(line)["timestamp"]
        at = datetime.fromisoformat(found)
    except (ValueError, KeyError, TypeError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
