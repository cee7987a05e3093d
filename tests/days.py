"""A clock for days of trouble with real servers: what lies in the middle is passed over in a few leaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.clock import FakeClock

EDGE = timedelta(seconds=65)  # at the end of the trouble time passes as it is waited for, …
START = timedelta(seconds=20)  # … and so it does at its beginning
LEAPS = 3
SERVED = timedelta(seconds=60)  # after the return

Plan = Sequence[tuple[datetime, Callable[[], object]]]


@dataclass
class Days:
    """In place of the Event that a worker waits for. A try takes a real server real time, so the middle has few."""

    clock: FakeClock
    begin: datetime
    end: datetime
    plan: Plan  # what happens when
    error: Callable[[], str] = lambda: ""  # what `status` would be told
    seen: list[tuple[datetime, str]] = field(default_factory=list)  # … and was

    def wait(self, seconds: float) -> bool:
        self.clock.pass_by(max(self._leap(), timedelta(seconds=seconds)))
        for at, happens in sorted(self.plan, key=lambda item: item[0]):
            if at <= self.clock.now() and (at, happens) not in self._done:
                self._done.append((at, happens))
                happens()
        self.seen.append((self.clock.now(), self.error()))
        return False

    def set(self) -> None: ...

    def clear(self) -> None: ...

    def is_over(self) -> bool:
        return self.clock.now() >= self.end + SERVED

    def told(self) -> set[str]:
        """All that was told of the trouble, from the first moments on."""
        return {error for at, error in self.seen if self.begin + START <= at < self.end}

    _done: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)

    def _leap(self) -> timedelta:
        left = self.end - EDGE - self.clock.now()
        if self.clock.now() < self.begin + START or left <= timedelta(0):
            return timedelta(0)
        return min((self.end - self.begin) / LEAPS, left)
