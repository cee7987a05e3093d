"""Which version is in use (`models/current`), and how it came to that (`models/history.jsonl`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import UnusableModelError
from pipeline.learn import durable
from pipeline.learn.version import NAME

CURRENT, HISTORY = "current", "history.jsonl"
_IN_USE = ("promote", "force", "rollback")  # actions that change what is in use


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the history."""

    at: str
    action: str  # promote, refuse, hold, force or rollback
    version: str
    reason: str
    against: str = ""  # the version in use when this was decided


class VersionHistory:
    """Both files of a folder of versions. Written only under the registry's lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> list[Entry]:
        """All decisions, oldest first. A last line that a crash cut off is left out. Raises UnusableModelError."""
        try:
            lines = (self.folder / HISTORY).read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        entries: list[Entry] = []
        for number, line in enumerate(lines):
            try:
                entries.append(Entry(**json.loads(line)))
            except (ValueError, TypeError) as error:
                if number < len(lines) - 1:
                    raise self._damaged(HISTORY, f"line {number + 1} can't be read") from error
        return entries

    def current(self) -> str:
        """The version in use, '' when there is none. Raises UnusableModelError."""
        try:
            name = (self.folder / CURRENT).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return next(reversed(self.used()), "")
        except (OSError, UnicodeDecodeError) as error:
            raise self._damaged(CURRENT, str(error)) from error
        if not NAME.fullmatch(name):
            raise self._damaged(CURRENT, "it names no version")
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
        """Versions to serve with: the one in use, then those used before it, the latest first."""
        current = self.current()
        if not current:
            return
        yield current
        yield from (name for name in reversed(self.used()) if name != current)

    def note(self, at: datetime, action: str, version: str, reason: str) -> None:
        """Adds a line; `action` as in Entry. Under the registry's lock."""
        moment = at.isoformat(timespec="seconds")
        entry = Entry(at=moment, action=action, version=version, reason=reason, against=self.current())
        durable.append_line(self.folder / HISTORY, json.dumps(asdict(entry), ensure_ascii=False).encode("utf-8"))

    def set_current(self, name: str) -> None:
        """From now on this one is in use."""
        durable.replace(self.folder / CURRENT, f"{name}\n".encode("ascii"))

    def _damaged(self, file: str, why: str) -> UnusableModelError:
        return UnusableModelError(why, where=str(self.folder / file), remedy="firstline model promote VERSION --force")
