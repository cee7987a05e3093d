"""Whether the secrets with which a server refused us have changed since: then it is tried again at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from pipeline.config.values import Secret

Mark = tuple[tuple[int, int, int] | None, ...]


@dataclass
class LogInWatch:
    """Looks at the files of the secrets in a table of config.toml; those of the environment can't change."""

    settings: BaseModel | None
    base: Path  # the folder of config.toml
    _refused: Mark | None = None

    def refused(self) -> None:
        """As they are now, the server does not accept them."""
        self._refused = self._now()

    def has_changed(self) -> bool:
        """Is there another one since? True once."""
        if self._refused is None or self._refused == self._now():
            return False
        self._refused = None
        return True

    def _now(self) -> Mark:
        return tuple(_mark(self.base / file) for file in _files(self.settings))


def _files(settings: BaseModel | None) -> Iterator[str]:
    for name in type(settings).model_fields if settings else ():
        value = getattr(settings, name)
        if isinstance(value, Secret):
            yield from [value.file] if value.file else []
        elif isinstance(value, BaseModel):
            yield from _files(value)


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:  # it is not there (yet)
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
