"""The command, on a machine whose clock is wrong: `python -m bench.skewed SECONDS WORDS…` (seconds that it is fast)."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from pipeline.clock import SystemClock


def main() -> None:
    """Moves the clock, then runs the command."""
    skew, right = timedelta(seconds=int(sys.argv[1])), SystemClock.now

    def now(clock: SystemClock) -> datetime:
        return right(clock) + skew

    SystemClock.now = now  # type: ignore[method-assign]
    sys.argv[1:2] = []
    from pipeline.cli import main as command

    command()


if __name__ == "__main__":
    main()
