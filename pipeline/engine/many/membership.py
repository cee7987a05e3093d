"""A worker among others: its signs of life, its leases, and whether it may still count on what it has claimed."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Protocol

from pipeline import logs
from pipeline.clock import Clock
from pipeline.errors import FirstlineError
from pipeline.store.database import Database
from pipeline.store.workers import LOST, Workers

BEAT = 5.0  # seconds between signs of life
FRESH = 12.0  # seconds after the last sign of life that the database has seen: then we may count as lost soon
ASK = 3.0  # seconds between questions for a lease that somebody else has


class Share(Protocol):
    """What of the work is ours."""

    def may_work(self) -> str:
        """Under which name; '' while what we have claimed may belong to others. Under a new one, what was claimed
        before does."""

    def holds(self, name: str) -> bool:
        """Do we do this, which only one does at a time?"""


class Everything:
    """Of whoever is alone."""

    def may_work(self) -> str:
        """See Share."""
        return "alone"

    def holds(self, name: str) -> bool:
        """See Share."""
        del name
        return True


@dataclass
class Membership:
    """Ours. Any thread."""

    workers: Workers
    database: Database
    clock: Clock
    _seen: float = 0.0  # when the last sign of life began that the database has taken
    _held: set[str] = field(default_factory=set)
    _asked: dict[str, float] = field(default_factory=dict)  # lease → when we last asked for it
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def join(self) -> None:
        """Under a new id. Raises UnreachableError."""
        with self._lock:
            at = self.clock.monotonic()
            self._held.clear()
            self._asked.clear()
            self.database.worker = self.workers.join(f"{socket.gethostname()}:{os.getpid()}", version("firstline"))
            self._seen = at

    def leave(self) -> None:
        """What we hold is free at once. A database that is away finds out by our silence."""
        try:
            self.workers.leave(self.database.worker)
        except FirstlineError as error:
            logs.get("run").warning("left without a word", problem=str(error))

    def may_work(self) -> str:
        """See Share."""
        return self.database.worker if self.clock.monotonic() - self._seen < FRESH else ""

    def holds(self, name: str) -> bool:
        """See Share. Raises UnreachableError."""
        with self._lock:
            at = self.clock.monotonic()
            if not self.may_work():
                return False
            if name not in self._held and at - self._asked.get(name, at - ASK) >= ASK:
                self._asked[name] = at
                if self.workers.hold(name, self.database.worker):
                    self._held.add(name)
            return name in self._held

    def release(self, name: str) -> None:
        """Somebody else may do it."""
        with self._lock:
            self._held.discard(name)
            self._asked.pop(name, None)
            self.workers.release(name, self.database.worker)

    def beat(self) -> None:
        """A sign of life; and whoever gives none any more is lost from now on. Raises UnreachableError."""
        at = self.clock.monotonic()
        if self.workers.beat(self.database.worker):
            self._seen = at
        else:
            logs.get("run").warning("we counted as lost, and begin anew")
            self.join()
        for name in self.workers.lose_silent(LOST):
            logs.get("run").warning("a worker is lost; what it had in hand is looked after", worker=name)

    def serve(self, stopped: Callable[[], bool], stopping: threading.Event) -> None:
        """Until stopped. When the database is away, others may take us for lost, and we stop what we have claimed."""
        while not stopped():
            try:
                self.beat()
            except FirstlineError as error:
                logs.get("run").warning("no sign of life given", problem=str(error))
            stopping.wait(BEAT)
