"""The threads of `run`: whether each is still at work. Python can't end a thread that hangs, only a process can."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from pipeline import logs
from pipeline.errors import FirstlineError, UnreachableError

PATIENCE = 1800.0  # seconds without a sign of life, beyond what a thread may wait: the slowest server gets by with less
REMEDY = "start it again (a supervisor does so by itself); nothing is lost, what was in hand is in the journal"


@dataclass
class Worker:
    """A thread that works until all stop. To ask whether they do is its sign of life."""

    name: str
    stopping: threading.Event
    patience: float = PATIENCE
    thread: threading.Thread | None = None
    _seen: float = field(default_factory=time.monotonic)
    _ended_by: str = ""

    def start(self, work: Callable[[], None]) -> None:
        """A daemon: if it hangs, the process can end all the same."""
        self.thread = threading.Thread(target=self._run, args=(work,), name=self.name, daemon=True)
        self.stopped()
        self.thread.start()

    def stopped(self) -> bool:
        """Asked by the thread itself, between two pieces of work."""
        self._seen = time.monotonic()
        return self.stopping.is_set()

    def trouble(self) -> str:
        """Why it can't be at work any more; '' when nothing is wrong."""
        if self.stopping.is_set() or self.thread is None:
            return ""
        if not self.thread.is_alive():
            return f"the thread {self.name} has ended ({self._ended_by or 'without a word'})"
        silent = time.monotonic() - self._seen
        return f"the thread {self.name} has hung for {silent:.0f} s" if silent > self.patience else ""

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # whatever it is, it is told by `run` itself
            self._ended_by = f"{type(error).__name__}: {error}"
            logs.get("run").error("a thread has ended", thread=self.name, problem=self._ended_by)


def watch(workers: Iterable[Worker], stopping: threading.Event, meanwhile: Sequence[Callable[[], None]]) -> None:
    """Until all is to stop; `meanwhile` is done each second. Raises FirstlineError when one of the threads is lost, or
    what one of those raises (the store is lost)."""
    found = [*workers]
    while not stopping.wait(1.0):
        for trouble in filter(None, (worker.trouble() for worker in found)):
            raise FirstlineError(trouble, where="firstline run", remedy=REMEDY)
        for look in meanwhile:
            with suppress(UnreachableError):  # the database is away: who works with it says so
                look()
