"""How many letters may go out now: `[smtp] limit`, shared by all connections."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta

from pipeline.config.values import Rate

NO_LIMIT = 1_000_000


class Allowance:
    """So many letters in a sliding window. It begins with the process."""

    def __init__(self, limit: Rate | None = None) -> None:
        """None: as many as there are."""
        self.limit = limit or Rate(count=0, window=timedelta(0))
        self._taken: deque[datetime] = deque()
        self._lock = threading.Lock()

    def left(self, now: datetime) -> int:
        """How many more may go out."""
        if not self.limit.count:
            return NO_LIMIT
        with self._lock:
            # What lies in the future was taken before the clock was put back: nobody waits for that.
            self._taken = deque(one for one in self._taken if now - self.limit.window < one <= now)
            return max(self.limit.count - len(self._taken), 0)

    def take(self, letters: int, now: datetime) -> None:
        """These are about to go out."""
        with self._lock:
            self._taken.extend([now] * letters if self.limit.count else [])

    def give_back(self, letters: int) -> None:
        """So many of them were not tried: the server was away."""
        with self._lock:
            for _ in range(min(letters, len(self._taken))):
                self._taken.pop()
