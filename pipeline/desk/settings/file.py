"""config.toml on the disk: read with a mark, and replaced only while it is the same file still."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.config.load import check
from pipeline.config.settings import Config
from pipeline.errors import ConfigError, UsageError
from pipeline.text.locking import lock as flock


class OtherFileError(UsageError):
    """The file is another one than that which was looked at: somebody has changed it meanwhile."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedFile:
    """As it was at one moment."""

    path: Path
    text: str
    mark: str  # changes with each byte of it


def read(path: Path) -> OpenedFile:
    """Raises ConfigError where it can't be read."""
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"can't be read: {error}", where=str(path), remedy="correct the file there") from error
    return OpenedFile(path=path, text=text, mark=hashlib.sha256(content).hexdigest())


def parsed(opened: OpenedFile, text: str = "") -> Config:
    """What it says, or `text` in its place would say; checked exactly as at the start. Raises ConfigError."""
    try:
        table = tomllib.loads(text or opened.text)
    except tomllib.TOMLDecodeError as error:
        remedy = "correct the file there"
        raise ConfigError(f"can't be read: {error}", where=str(opened.path), remedy=remedy) from error
    return check(table, opened.path)


def why_not(path: Path) -> tuple[str, str]:
    """Why it can't be changed from here, and what to do; '' twice when it can."""
    try:
        found = path.lstat()
    except OSError as error:
        return f"can't be read: {error.strerror}", "correct the file there"
    if stat.S_ISLNK(found.st_mode):
        return f"it is a link to {path.readlink()}", "change the file it leads to, where it is kept"
    if found.st_nlink > 1:
        return (
            "it has a second name (a hard link)",
            f"give it one of its own: cp {path} {path}.new && mv {path}.new {path}",
        )
    if found.st_uid != os.geteuid():
        return "it belongs to another user of this machine", f"change it as that user, or give it to ours: chown {path}"
    if not found.st_mode & stat.S_IWUSR:
        return "it may only be read", f"change it where it comes from, or allow it: chmod u+w {path}"
    if not os.access(path.parent, os.W_OK):
        return "its folder may not be written", f"allow it: chmod u+w {path.parent}"
    return "", ""


def assert_changeable(path: Path) -> None:
    """Raises ConfigError for a link, and for a file that is not ours or may only be read."""
    what, remedy = why_not(path)
    if what:
        raise ConfigError(f"it can't be changed from here: {what}", where=str(path), remedy=remedy)


def replace(opened: OpenedFile, text: str) -> None:
    """Puts the text in its place, whole or not at all. Raises OtherFileError when it is another file by now."""
    assert_changeable(opened.path)
    with _alone(opened.path):
        if read(opened.path).mark != opened.mark:
            raise OtherFileError(
                "somebody has changed it since you looked at it",
                where=str(opened.path),
                remedy="look again: what you wrote was not saved, and nothing of theirs is overwritten",
            )
        _put(opened.path, text)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Whoever waited here finds the other's file by its mark. An editor does not ask for this lock: between its save
    and our look lies only the moment that it takes to write."""
    with path.open("rb") as file:
        flock(file)
        yield


def _put(path: Path, text: str) -> None:
    old = path.stat()
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fchown(file.fileno(), -1, old.st_gid)  # who may read it goes on reading it
            os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise ConfigError(f"can't be written: {error.strerror}", where=str(path), remedy="make room there") from error
