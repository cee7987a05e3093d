"""How much is done in one transaction, and how long the rest after it is: work that can wait must not delay mail.

On SQLite nobody else writes meanwhile. Whoever wants to comes at any moment: with probability SHARE during such a
transaction, and then waits for half of one on average. A letter takes three transactions, some 30 ms in all: 10 ms in a
tenth of the time make it later by 1.5 ms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LONGEST = 0.01  # seconds of a transaction
LEAST, MOST = 10, 200  # rows: fewer would not be quicker, as each transaction waits for the disk
SHARE = 0.1  # of the time, at most, in which such work writes
SHORTEST_REST = 0.01  # seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Grows while transactions are short, and shrinks at once when one was long, or had to wait for others."""

    rows: int = LEAST
    rest: float = SHORTEST_REST  # seconds

    def after(self, seconds: float) -> Pace:
        """The pace after a transaction that took so long."""
        rest = max(SHORTEST_REST, seconds * (1 / SHARE - 1))
        if seconds > LONGEST:
            return replace(self, rows=max(LEAST, self.rows // 2), rest=rest)
        grown = self.rows * 2 if seconds < LONGEST / 3 else self.rows
        return replace(self, rows=min(MOST, grown), rest=rest)
