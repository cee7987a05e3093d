"""Which version is in use (`models/current`), and how it came to that (`models/history.jsonl`).

Both are signed: who can write into the folder, but has not the key, must not put an earlier, worse version in use, nor
write a history that a rollback would follow. Each line of the history signs those before it too, so that none can be
taken out. Version 0.1 signed neither; `firstline db upgrade` does that once.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import UnusableModelError
from pipeline.learn import durable, signature
from pipeline.learn.version import NAME
from pipeline.text.regular_files import read_below

CURRENT, HISTORY = "current", "history.jsonl"
RETIRE = "retire"  # what it learned from must go: it serves at most until another one is there, and never again
_IN_USE = ("promote", "force", "rollback")  # actions that change what is in use
_LARGEST = 20_000_000  # bytes of either file
_BY_HAND = "firstline model promote VERSION --force"
_UNSIGNED = "it is not signed, or with another key: it was changed, or comes from version 0.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the history."""

    at: str
    action: str  # promote, refuse, hold, force, rollback or retire
    version: str
    reason: str
    against: str = ""  # the version in use when this was decided


class VersionHistory:
    """Both files of a folder of versions. Written only under the registry's lock."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key

    def entries(self) -> list[Entry]:
        """All decisions, oldest first. A last line that a crash cut off is left out. Raises UnusableModelError."""
        entries: list[Entry] = []
        before = ""
        for number, (entry, mark) in enumerate(self._lines(), start=1):
            if not hmac.compare_digest(mark.encode(), self._mark(before, entry).encode()):
                raise self._damaged(HISTORY, f"line {number}: {_UNSIGNED}")
            entries.append(entry)
            before = mark
        return entries

    def current(self) -> str:
        """The version in use, '' when there is none. Raises UnusableModelError."""
        found = self._read(CURRENT)
        if found is None:
            return next(reversed(self.used()), "")
        name, _, mark = found.strip().partition("\n")
        if not NAME.fullmatch(name):
            raise self._damaged(CURRENT, "it names no version")
        if not signature.is_signed(self._key, name.encode(), mark.encode(), signature.CURRENT):
            raise self._damaged(CURRENT, _UNSIGNED)
        return name

    def used(self) -> list[str]:
        """Versions that were promoted and not rolled back, the present one last. Raises UnusableModelError."""
        stack: list[str] = []
        for entry in self.entries():
            if entry.action == "rollback":
                while stack and stack[-1] != entry.version:
                    stack.pop()
                stack = stack or [entry.version]
            elif entry.action in _IN_USE and (not stack or stack[-1] != entry.version):
                stack.append(entry.version)
        return stack

    def candidates(self) -> Iterator[str]:
        """Versions to serve with: the one in use, then those used before it that are not retired, the latest first."""
        current = self.current()
        if not current:
            return
        yield current
        yield from (name for name in reversed(self.used()) if name != current and name not in self.retired())

    def retired(self) -> dict[str, datetime]:
        """Versions that are never used again, and since when. Raises UnusableModelError."""
        entries = reversed(self.entries())
        return {entry.version: datetime.fromisoformat(entry.at) for entry in entries if entry.action == RETIRE}

    def note(self, at: datetime, action: str, version: str, reason: str) -> None:
        """Adds a line; `action` as in Entry. Under the registry's lock."""
        moment = at.isoformat(timespec="seconds")
        entry = Entry(at=moment, action=action, version=version, reason=reason, against=self._against())
        known = list(self._marks())
        durable.append_line(self.folder, HISTORY, self._line(known[-1] if known else "", entry))

    def set_current(self, name: str) -> None:
        """From now on this one is in use."""
        mark = signature.sign(self._key, name.encode(), signature.CURRENT)
        durable.replace(self.folder / CURRENT, name.encode() + b"\n" + mark + b"\n")

    def set_aside(self) -> None:
        """A history that is not ours stays to be looked at, under another name; a new one begins."""
        try:
            self.entries()
        except UnusableModelError:
            (self.folder / HISTORY).rename(self.folder / f"{HISTORY}.refused")

    # What version 0.1 left

    def unsigned(self) -> str:
        """The version that an unsigned `current` of 0.1 names, '' when there is nothing to take over.

        Where the history is signed, that is only what it says itself. Raises UnusableModelError.
        """
        name = (self._read(CURRENT) or "").strip()
        lines = self._lines()
        if any(mark for _, mark in lines):  # a crash came between the two files
            return name if name in self.used()[-1:] else ""
        if not name and lines:
            name = next((entry.version for entry, _ in reversed(lines) if entry.action in _IN_USE), "")
        return name if NAME.fullmatch(name) else ""

    def sign(self, name: str) -> None:
        """Signs the history as it stands, and that this version is in use."""
        before, lines = "", []
        for entry, _ in self._lines():
            lines.append(self._line(before, entry) + b"\n")
            before = self._mark(before, entry)
        if lines:
            durable.replace(self.folder / HISTORY, b"".join(lines))
        self.set_current(name)

    def _against(self) -> str:
        try:
            return self.current()
        except UnusableModelError:  # whoever writes a line now mends just that
            return ""

    def _line(self, before: str, entry: Entry) -> bytes:
        return json.dumps({**asdict(entry), "mark": self._mark(before, entry)}, ensure_ascii=False).encode("utf-8")

    def _mark(self, before: str, entry: Entry) -> str:
        """What proves a line and its place: `before` is the mark of the line above."""
        data = json.dumps([before, asdict(entry)], ensure_ascii=False, sort_keys=True).encode("utf-8")
        return signature.sign(self._key, data, signature.HISTORY).decode()

    def _marks(self) -> Iterator[str]:
        """Those of all lines that can be read, proved or not."""
        for line in self._texts():
            try:
                yield str(json.loads(line)["mark"])
            except (ValueError, TypeError, KeyError):
                continue

    def _lines(self) -> list[tuple[Entry, str]]:
        """Each line with its mark, '' for none, not yet proved."""
        lines = self._texts()
        found: list[tuple[Entry, str]] = []
        for number, line in enumerate(lines):
            try:
                fields = json.loads(line)
                mark = str(fields.pop("mark", ""))
                found.append((Entry(**fields), mark))
            except (ValueError, TypeError, AttributeError) as error:
                if number < len(lines) - 1:
                    raise self._damaged(HISTORY, f"line {number + 1} can't be read") from error
        return found

    def _texts(self) -> list[str]:
        return [line for line in (self._read(HISTORY) or "").split("\n") if line.strip()]

    def _read(self, file: str) -> str | None:
        """None when it is not there."""
        try:
            data = read_below(self.folder, file, _LARGEST + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._damaged(file, f"can't be read: {error.strerror}") from error
        if len(data) > _LARGEST:
            raise self._damaged(file, "it is far too large")
        return data.decode("utf-8", "replace")

    def _damaged(self, file: str, why: str) -> UnusableModelError:
        remedy = f"after version 0.1: firstline db upgrade; else, if you trust a version: {_BY_HAND}"
        return UnusableModelError(why, where=str(self.folder / file), remedy=remedy)
