"""A text as it lies on disk, which is the truth: read, and made ready to be written in the shape that it had."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.config.settings import Config
from pipeline.errors import UsageError
from pipeline.records.texts import TextPlace
from pipeline.replies.files import LARGEST
from pipeline.store.texts import mark_of_parts
from pipeline.text.regular_files import read_below


@dataclass(frozen=True, kw_only=True)
class OpenedText:
    """What stands in its files now."""

    place: TextPlace
    folder: Path
    parts: Mapping[str, str]  # file → text, of those that are there
    changed: datetime | None  # on disk; None: there is none of them

    @property
    def mark(self) -> str:
        """Changes whenever a file does; '' where there is none."""
        return mark_of_parts(self.parts)


def folder_of(config: Config, place: TextPlace) -> Path:
    """Where its files lie."""
    return config.letter_folders(place.mailbox)[-1]


def open_text(config: Config, place: TextPlace) -> OpenedText:
    """As it is now. Raises UsageError for what can't be read here: a link, a file that is far too large."""
    folder, parts, changed = folder_of(config, place), {}, None
    for file in place.files:
        with suppress(FileNotFoundError):
            parts[file] = _read(folder, file)
            moment = datetime.fromtimestamp((folder / file).lstat().st_mtime, UTC)
            changed = max(changed or moment, moment)
    return OpenedText(place=place, folder=folder, parts=parts, changed=changed)


def _read(folder: Path, file: str) -> str:
    try:
        data = read_below(folder, file, LARGEST + 1)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise UsageError(
            f"it can't be read: {problem.strerror}", where=file, remedy="put a plain file there"
        ) from problem
    if len(data) > LARGEST:
        raise UsageError(f"the file is over {LARGEST // 1024} KB", where=file, remedy="shorten it on disk")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # most likely what was meant, and nothing of it is lost


def shaped(before: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as the files will have it: with the line ends that they have now and a line end at the end. What
    is empty is no file."""
    return {file: _shaped(before.get(file, ""), text) for file, text in typed.items() if text.strip()}


def _shaped(before: str, text: str) -> str:
    lines = even(text).rstrip("\n") + "\n"
    return lines.replace("\n", "\r\n") if before.count("\r\n") * 2 > before.count("\n") else lines


def even(text: str) -> str:
    """With line ends of one kind, as it is typed and compared."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def same(parts: Mapping[str, str], typed: Mapping[str, str]) -> bool:
    """Do both say the same, whatever their line ends?"""
    return _bare(parts) == _bare(typed)


def _bare(parts: Mapping[str, str]) -> dict[str, str]:
    return {file: even(text).rstrip("\n") for file, text in parts.items() if text.strip()}
