"""Who was erased, as keyed hashes in a file outside the database: a backup that is put back must not bring them back.

A line of JSON each, only ever appended to. Every backup has the list of its day beside it; what a restore reads is all
of them together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import DamagedError, FirstlineError

NAME = "erased"  # in var/
ENDING = ".erased"  # of the list beside a backup


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """One erasure: whose, as a keyed hash, and what stands in place of the address."""

    person: str
    pseudonym: str
    at: str  # ISO 8601
    keep_tickets: bool = False
    others: bool = False  # what others wrote was searched, too


class Tombstones:
    """The list of this installation."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def add(self, one: Tombstone) -> None:
        """On the disk when it returns; what is there already is not added again. Raises FirstlineError."""
        if one in self.all():
            return
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(one)) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _unusable(self.file, f"can't be written: {error.strerror}") from error

    def all(self) -> list[Tombstone]:
        """In the order in which they were added; none where there is no file. Raises FirstlineError."""
        return [*read([self.file])]

    def copy_beside(self, backup: Path) -> None:
        """The list as it is now goes with a backup; an empty one says that nobody was erased."""
        lines = "".join(json.dumps(asdict(one)) + "\n" for one in self.all())
        list_beside(backup).write_text(lines, encoding="utf-8")


def list_beside(backup: Path) -> Path:
    """The list that goes with a backup."""
    return backup.with_name(backup.name + ENDING)


def lists_near(backup: Path) -> list[Path]:
    """Those of all backups of its folder: a later one knows of later erasures."""
    return sorted(backup.parent.glob(f"*{ENDING}"))


def read(files: Iterable[Path]) -> Iterator[Tombstone]:
    """What the lists say, each erasure once. Raises DamagedError for a line that is none: nothing may be overlooked."""
    seen = set()
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            try:
                one = Tombstone(**json.loads(line))
                datetime.fromisoformat(one.at)
            except (ValueError, TypeError) as error:
                raise DamagedError(
                    f"line {number} of the list of erased people can't be read",
                    where=str(file),
                    remedy="put back the list from a backup (`*.erased` beside it)",
                ) from error
            if one not in seen:
                seen.add(one)
                yield one


def _lines(file: Path) -> list[str]:
    try:
        return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(file, f"can't be read: {error}") from error


def _unusable(file: Path, why: str) -> FirstlineError:
    return FirstlineError(
        f"the list of erased people {why}", where=str(file), remedy="check the disk and its rights; it must not be lost"
    )
