"""config.toml, looked at while we run: what is live in it is taken up, a file that is not fit leaves all as it was."""

from __future__ import annotations

import threading
from pathlib import Path

from pipeline import logs
from pipeline.config import live
from pipeline.config.load import load
from pipeline.config.settings import Config
from pipeline.errors import ConfigError

MOST_NAMED = 5  # keys
RESTART = "needs a restart, or SIGHUP"


class SettingsWatch:
    """Of one process. `problem`: what of the file is not in use, and why; '' when all is."""

    def __init__(self, path: Path) -> None:
        self.path, self.problem = path, ""
        self.lock = threading.Lock()  # for whoever looks and then puts what was found in its place
        self._stamp = _stamp(path)

    def look(self, current: Config) -> Config:
        """What counts from now on: `current` itself unless something live has changed. Takes a look at the disk."""
        stamp = _stamp(self.path)
        if stamp == self._stamp:
            return current
        self._stamp = stamp
        try:
            found, waiting = live.taken_up(current, load(self.path))
        except ConfigError as error:
            self.problem = f"what stands in the file is not in use: {error.where}: {error.what}"
            logs.get("run").error("the changed configuration is not used", problem=str(error))
            return current
        self.problem = f"{RESTART}: {_named(waiting)}" if waiting else ""
        if waiting:
            logs.get("run").warning("a changed key needs a restart", keys=list(waiting))
        if found is not current:
            logs.get("run").info("changed configuration taken up", tables=_changed(current, found))
        return found


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """None: there is no file; a configuration may have been made without one."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _named(keys: tuple[str, ...]) -> str:
    return ", ".join(keys[:MOST_NAMED]) + (f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else "")


def _changed(old: Config, fresh: Config) -> list[str]:
    return [name for name in (*live.LIVE, "mailbox") if getattr(old, name) != getattr(fresh, name)]
