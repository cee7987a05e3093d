"""Backups that rotate: one folder, the newest few. A new one is read back before an old one goes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import DamagedError, FirstlineError
from pipeline.store import restoring
from pipeline.store.database import Database
from pipeline.store.tombstones import Tombstones, list_beside
from pipeline.text.locking import lock as flock

UNFINISHED = ".unfinished-"
_OURS = re.compile(r"firstline-\d{8}T\d{6}Z\.db")  # nothing else in the folder is ever removed


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotated:
    """A new backup, and what went for it."""

    file: Path
    removed: tuple[Path, ...]


def rotate(database: Database, folder: Path, keep: int, now: datetime, tombstones: Tombstones) -> Rotated:
    """Makes one more, with the list of erased people beside it, and removes the oldest beyond `keep`. Raises
    FirstlineError; then nothing was removed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            made = _made(database, folder, now, tombstones)
            removed = tuple(all_in(folder)[:-keep])
            for old in removed:
                old.unlink()
                list_beside(old).unlink(missing_ok=True)
    except OSError as error:
        raise FirstlineError(
            f"no backup can be made: {error.strerror}", where=str(folder), remedy="check the disk and its rights"
        ) from error
    return Rotated(file=made, removed=removed)


def all_in(folder: Path) -> list[Path]:
    """Those of the folder, the oldest first."""
    return sorted(path for path in folder.glob("firstline-*.db") if _OURS.fullmatch(path.name))


def copies_beside(database: Database) -> list[Path]:
    """Copies that a restore or an upgrade has left beside it (`*.before-*`); nobody else makes files of that name."""
    if not database.is_sqlite:
        return []
    path = database.path
    return sorted(one for one in path.parent.glob(f"{path.name}.before-*") if not one.name.endswith(("-wal", "-shm")))


def read_back(file: Path) -> list[str]:
    """What is wrong with a backup; empty when it could be restored."""
    try:
        with closing(Database(f"sqlite:///{file}")) as copy:
            if copy.version() is None:
                return ["it holds no tables of Firstline"]
            return copy.check()
    except FirstlineError as error:
        return [error.what]


def _made(database: Database, folder: Path, now: datetime, tombstones: Tombstones) -> Path:
    name = f"firstline-{now:%Y%m%dT%H%M%SZ}.db"
    unfinished = folder / f"{UNFINISHED}{name}"
    restoring.backup(database, unfinished, now)
    if problems := read_back(unfinished):
        raise DamagedError(
            f"the copy is damaged: {'; '.join(problems)}",
            where=database.shown,
            remedy="`firstline db check` tells whether the database is, too; else check the disk of the backups",
        )
    tombstones.copy_beside(folder / name)  # before: no backup is ever without
    for path in (unfinished, folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if path is unfinished:
            unfinished.rename(folder / name)
    return folder / name


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time; what a killed one left is cleared away."""
    with (folder / ".lock").open("w") as lock:
        try:
            flock(lock, wait=False)
        except BlockingIOError:
            raise FirstlineError("a backup is being made already", where=str(folder), remedy="wait for it") from None
        for left in folder.glob(f"{UNFINISHED}*"):
            left.unlink()
        yield
