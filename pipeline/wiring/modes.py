"""Who on this machine may read our files: nobody else. `doctor` looks, `db upgrade` sets it right.

Files of an earlier version, and those that a person put there, have whatever modes they had. Nothing is followed out of
the folders: a link that somebody put there must not make us change a file elsewhere.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pipeline.config.settings import Config
from pipeline.errors import FirstlineError

OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What commands write where they are told to: backups, exports, reports, stored mails.
_MADE = (".bak", ".csv", ".db", ".dump", ".eml", ".html", ".jsonl", ".mbox", ".ndjson", ".sql", ".sqlite")
_SHOWN = 5


def check_modes(config: Config) -> str:
    """What `doctor` prints. Raises FirstlineError when others may read something."""
    opened = [f"{_shown(config, path)} ({mode & 0o777:04o})" for path, mode in _opened(config)]
    if opened:
        more = f" and {len(opened) - _SHOWN} more" if len(opened) > _SHOWN else ""
        raise FirstlineError(
            f"other users of this machine may read or change {', '.join(opened[:_SHOWN])}{more}",
            remedy="`firstline db upgrade` narrows them; where they are not yours: chmod go= FILE",
        )
    return "database, key, models and what lies beside them are for this user only"


def narrow_modes(config: Config) -> list[str]:
    """Takes all rights from everybody else; returns what was changed. What is not ours to change, `doctor` tells."""
    changed = []
    for path, mode in _opened(config):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        try:
            os.fchmod(handle, stat.S_IMODE(mode) & ~OTHERS)
            changed.append(_shown(config, path))
        except PermissionError:
            continue
        finally:
            os.close(handle)
    return changed


def _opened(config: Config) -> Iterator[tuple[Path, int]]:
    for path in dict.fromkeys(_private(config)):
        try:
            mode = path.lstat().st_mode
        except OSError:  # it went while we looked, or nobody may look: then nobody else may either
            continue
        if (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and mode & OTHERS:
            yield path, mode


def _private(config: Config) -> Iterator[Path]:
    """What must be for this user only, whether it is there or not."""
    home, folders = config.folder, [config.at("var")]
    if config.security.key.file:
        key = config.at(config.security.key.file)
        yield key.resolve()
        folders.append(key.parent)
    url = config.store_url()
    if url.startswith("sqlite:///"):
        database = Path(url.removeprefix("sqlite:///"))
        yield database.resolve()
        yield from database.parent.glob(f"{database.name}*")  # its journal, its lock, and what a restore put aside
        folders.append(database.parent)
    for folder in folders:
        if home in folder.resolve().parents:  # one that is ours alone
            yield from _with_content(folder)
    models = config.at(config.classify.models)
    yield models.resolve()
    yield from _with_content(models)
    yield from (path for path in home.iterdir() if path.suffix in _MADE)


def _with_content(folder: Path) -> Iterator[Path]:
    yield folder
    for above, folders, files in os.walk(folder):
        yield from (Path(above) / name for name in (*folders, *files))


def _shown(config: Config, path: Path) -> str:
    return str(path.relative_to(config.folder) if config.folder in path.parents else path)
