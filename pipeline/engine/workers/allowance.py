"""How many letters may go out now: `[smtp] limit`, shared by all connections."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.config.values import Rate


class Allowance(Protocol):
    """So many letters in a sliding window."""

    def take(self, most: int, now: datetime) -> int:
        """How many of these may go out; they count."""

    def give_back(self, letters: int, now: datetime) -> None:
        """So many of them were not tried: there were fewer, or the server was away."""


class Unlimited:
    """As many as there are."""

    def take(self, most: int, now: datetime) -> int:
        """See Allowance.take."""
        del now
        return most

    def give_back(self, letters: int, now: datetime) -> None:
        """See Allowance.give_back."""


class OwnAllowance:
    """Of one process. It begins with it."""

    def __init__(self, limit: Rate) -> None:
        self.limit = limit
        self._taken: deque[datetime] = deque()
        self._lock = threading.Lock()

    def take(self, most: int, now: datetime) -> int:
        """See Allowance.take."""
        with self._lock:
            # What lies in the future was taken before the clock was put back: nobody waits for that.
            self._taken = deque(one for one in self._taken if now - self.limit.window < one <= now)
            letters = min(max(self.limit.count - len(self._taken), 0), most)
            self._taken.extend([now] * letters)
        return letters

    def give_back(self, letters: int, now: datetime) -> None:
        """See Allowance.give_back."""
        del now
        with self._lock:
            for _ in range(min(letters, len(self._taken))):
                self._taken.pop()


class TakesLetters(Protocol):
    """What all workers have taken, in the database."""

    def take(self, most: int, count: int, window: timedelta) -> int:
        """Of these as many as `count` in `window` allow."""

    def give_back(self, letters: int) -> None:
        """So many of ours did not go out."""


class SharedAllowance:
    """Of all workers together; by the clock of their database."""

    def __init__(self, limit: Rate, taken: TakesLetters) -> None:
        self.limit, self.taken = limit, taken

    def take(self, most: int, now: datetime) -> int:
        """See Allowance.take. Raises UnreachableError."""
        del now
        return self.taken.take(most, self.limit.count, self.limit.window)

    def give_back(self, letters: int, now: datetime) -> None:
        """See Allowance.give_back. Raises UnreachableError."""
        del now
        if letters:
            self.taken.give_back(letters)
