"""Labels that are probably wrong, as the audit found them in a piece of work: people decide about them one by one."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.desk.collect import shelf_of
from pipeline.desk.doors import CollectingDoors
from pipeline.desk.work import WHOLE, Works
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.desk.fixing import Fixing  # scikit-learn takes a while to load
    from pipeline.learn.dataset import Row
    from pipeline.learn.shelf import Shelf

WORK, WORDS = "doubts", ("data", "fix", "--json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A label that somebody should look at."""

    hash: str
    head: str
    label: str
    rather: str
    text: str


class DoubtedRows:
    """The rows that doubted labels stand in, the newest label of each. A file is read again only when it has changed:
    all of them take seconds, for the hash of a row is that of its redacted text."""

    def __init__(self) -> None:
        self.now: Mapping[str, Row] = {}  # by hash, as last looked up
        self._lock = threading.Lock()
        self._wanted: Collection[str] = ()
        self._files: dict[Path, tuple[object, list[Row]]] = {}  # with the stamp of the file

    def of(self, shelf: Shelf, wanted: Collection[str]) -> Mapping[str, Row]:
        """Those of these hashes that are still there. Raises UsageError."""
        from pipeline.learn.dataset import without_duplicates

        with self._lock:
            if wanted != self._wanted:
                self._wanted, self._files = wanted, {}
            self._files = {path: self._look(path) for path in shelf.files()}
            rows = [row for _stamp, found in self._files.values() for row in found]
            self.now = {row.hash: row for row in without_duplicates(rows, [])}
            return self.now

    def _look(self, path: Path) -> tuple[object, list[Row]]:
        from pipeline.learn.label_files import redact_row, stamp_of
        from pipeline.learn.shelf import rows_of

        stamp = stamp_of([path])
        known = self._files.get(path)
        if known and known[0] == stamp:
            return known
        return stamp, [row for one in rows_of(path) if (row := redact_row(one)).hash in self._wanted]


class DoubtsRoom:
    """Used by many threads."""

    def __init__(self, doors: CollectingDoors, works: Works) -> None:
        self._doors, self._works = doors, works
        self._lock = threading.Lock()
        self._sittings: dict[str, Fixing] = {}
        self._later: dict[str, set[tuple[str, str]]] = {}
        self._rows = DoubtedRows()

    def left(self, who: str) -> list[Doubt]:
        """Those that nobody has decided on since they were found, and that this person has not put off."""
        return [one for one in self._open() if (one.hash, one.head) not in self._later.get(who, ())]

    def waiting(self, who: str) -> int | None:
        """How many that are; None: the labels were not checked yet."""
        return len(self.left(who)) if self._works.output(WORK, 1) else None

    def settle(self, who: str, hash_: str, head: str, label: str) -> None:
        """The label is this one, be it the doubted one, the proposal or another. Raises UsageError."""
        from pipeline.desk.topics import label_named
        from pipeline.learn.suspects import Suspect

        with self._lock:
            doubt = next((one for one in self._open() if (one.hash, one.head) == (hash_, head)), None)
            row = self._rows.now.get(hash_)
            if doubt is None or row is None:
                raise UsageError("this label is settled by now", remedy="nothing was changed: go on")
            said = label if label in (doubt.label, doubt.rather) else label_named(self._doors, head, label)
            suspect = Suspect(row=row, head=head, label=doubt.label, rather=doubt.rather, doubt=0.0)
            self._sitting(who).settle(suspect, said)

    def later(self, who: str, hash_: str, head: str) -> None:
        """This person can't tell now."""
        self._later.setdefault(who, set()).add((hash_, head))

    def undo(self, who: str) -> bool:
        """Takes this person's last decision back; False when there is none."""
        with self._lock:
            return self._sitting(who).undo() is not None

    def _open(self) -> list[Doubt]:
        from pipeline.learn.audit import FIXED

        lines = [told for line in self._works.output(WORK, WHOLE).splitlines() if "hash" in (told := _read(line))]
        rows, found = self._rows.of(shelf_of(self._doors), {str(told["hash"]) for told in lines}), list[Doubt]()
        for told in lines:
            row = rows.get(str(told["hash"]))
            if row is not None and row.source != FIXED and row.label(str(told.get("head"))) == told.get("label"):
                found.append(Doubt(**{name: str(told[name]) for name in ("hash", "head", "label", "rather", "text")}))
        return found

    def _sitting(self, who: str) -> Fixing:
        from pipeline.desk.fixing import Fixing

        return self._sittings.setdefault(who, Fixing(self._doors, who, []))


def _read(line: str) -> Mapping[str, object]:
    """A line of the command's output; the last one of very many may be cut off."""
    try:
        told: Mapping[str, object] = json.loads(line)
    except ValueError:
        return {}
    return told
