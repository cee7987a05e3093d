"""Somebody, or a time server, puts the clock back: what waits for a time of day must not wait that much longer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline import logs
from pipeline.engine import schedule
from pipeline.engine.doors import EngineDoors

NOTICED = timedelta(seconds=5)  # less is how time servers correct a clock


@dataclass
class ClockJumps:
    """Asked now and then. Compares the time with the monotonic clock, which nobody can put back."""

    doors: EngineDoors
    scheduler: schedule.Scheduler
    _seen: tuple[datetime, float] = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self._both()

    def look(self) -> None:
        """After a jump back everything that waits is due as much earlier as the clock was put back.

        A jump forward only ends waits. Raises UnreachableError: the next look does it.
        """
        now, at = self._both()
        then, before = self._seen
        back = then + timedelta(seconds=at - before) - now
        if back > NOTICED:
            logs.get("run").warning("the clock was put back", by=str(back))
            self.doors.effects.bring_forward(back, now)
            self.doors.undelivered.bring_forward(back, now)
            schedule.set_anew(self.scheduler, now)
        self._seen = now, at

    def _both(self) -> tuple[datetime, float]:
        return self.doors.clock.now(), self.doors.clock.monotonic()
