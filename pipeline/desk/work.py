"""Long work that somebody starts at the desk: a command of ours in a process of its own, one at a time.

It goes on when the page is closed, and when the pages are restarted; what it says is in files below var/work. Its
memory and its processor time are its own: letters do not wait for it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.clock import Clock
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.config.settings import Config

STEPS = "FIRSTLINE_STEPS"  # in the environment of a command: say each step on standard error, a line each
OUTPUT, ERRORS, STATE = "out", "err", "state.json"
_READ = 200_000  # characters of an output that a page shows at most
WHOLE = 50_000_000  # characters for whoever reads all of it: nothing that a command of ours prints is longer
_TAIL = 4_000  # bytes of what went wrong that are looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkState:
    """How a piece of work stands."""

    name: str  # train, discover, doubts
    who: str  # the address of whoever began it
    began: datetime
    pid: int
    ended: datetime | None = None
    code: int | None = None  # with which it ended; None: it runs, or nobody saw its end
    step: str = ""  # what it is at, or the last thing it said

    @property
    def is_running(self) -> bool:
        """Is it at it now?"""
        return self.ended is None


class Works:
    """All of it. Used by many threads; by one process of pages for each folder."""

    def __init__(self, folder: Path, config: Path, clock: Clock) -> None:
        """`folder`: var/work; `config`: the configuration that the command is to use."""
        self._folder, self._config, self._clock = folder, config, clock
        self._lock = threading.Lock()

    def start(self, name: str, words: Sequence[str], who: str) -> None:
        """Runs `firstline WORDS…`. Raises UsageError while something else runs, or where it can't be started."""
        with self._lock:
            if (busy := self.running()) is not None:
                raise UsageError(
                    f"'{busy.name}' is at it since {busy.began:%H:%M} UTC",
                    remedy="wait for its end: the page says when",
                )
            place = self._folder / name
            try:
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir(mode=0o700, parents=True)
                process = self._run(place, words)
            except OSError as error:
                raise UsageError(f"it can't be started: {error.strerror}", where=str(place)) from error
            began = WorkState(name=name, who=who, began=self._clock.now(), pid=process.pid)
            self._write(began)
        threading.Thread(target=self._wait, args=[process, began], daemon=True).start()

    def state(self, name: str) -> WorkState | None:
        """None: it was never begun, or its files are gone."""
        try:
            told = json.loads((self._folder / name / STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        moments = {key: datetime.fromisoformat(told[key]) if told[key] else None for key in ("began", "ended")}
        state = WorkState(**{**told, **moments})
        if state.is_running and not _is_alive(state.pid):  # the pages were restarted meanwhile: nobody saw its end
            state = replace(state, ended=self._clock.now())
        return replace(state, step=_last_line(self._folder / name / ERRORS))

    def running(self) -> WorkState | None:
        """What is at it now."""
        names = sorted(one.name for one in self._folder.iterdir()) if self._folder.is_dir() else ()
        return next((state for name in names if (state := self.state(name)) and state.is_running), None)

    def output(self, name: str, most: int = _READ) -> str:
        """What it printed, the beginning of very much; '' where there is nothing."""
        try:
            with (self._folder / name / OUTPUT).open(encoding="utf-8", errors="replace") as file:
                return file.read(most)
        except OSError:
            return ""

    def forget(self) -> list[str]:
        """Removes what ended work has left: texts of mails may be in it. Returns the names of what still runs."""
        names = sorted(one.name for one in self._folder.iterdir()) if self._folder.is_dir() else []
        running = [name for name in names if (state := self.state(name)) and state.is_running]
        for name in set(names) - set(running):
            shutil.rmtree(self._folder / name)
        return running

    def place(self, name: str) -> Path:
        """The folder in which it may write what it makes."""
        return self._folder / name

    def _run(self, place: Path, words: Sequence[str]) -> subprocess.Popen[bytes]:
        gentle = [nice, "-n", "10"] if (nice := shutil.which("nice")) else []
        command = [*gentle, sys.executable, "-m", "pipeline", "--config", str(self._config), *words]
        with (place / OUTPUT).open("wb") as out, (place / ERRORS).open("wb") as err:
            return subprocess.Popen(  # noqa: S603  (our own command; the words are ours as well)
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self._config.parent,
                env={**os.environ, STEPS: "1"},
                start_new_session=True,
            )

    def _wait(self, process: subprocess.Popen[bytes], began: WorkState) -> None:
        code = process.wait()
        self._write(replace(began, ended=self._clock.now(), code=code))

    def _write(self, state: WorkState) -> None:
        told = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(state).items()
        }
        fresh = self._folder / state.name / f"{STATE}.new"
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.replace(self._folder / state.name / STATE)


def works_of(config: Config, clock: Clock) -> Works:
    """Those of an installation."""
    return Works(config.at("var/work"), config.path.resolve(), clock)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's by now
        return False
    return True


def _last_line(file: Path) -> str:
    """The last thing that was said, '' for nothing."""
    try:
        with file.open("rb") as errors:
            errors.seek(max(0, file.stat().st_size - _TAIL))
            lines = errors.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
