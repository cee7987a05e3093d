"""What search finds: mails and comments are taken into its index behind the work, in portions, with rests between."""

from __future__ import annotations

import threading
from typing import Final

from pipeline import logs
from pipeline.engine.doors import IndexingDoors
from pipeline.errors import UnreachableError

NAME: Final = "search"
EVERY = 5  # seconds
PORTIONS = 60  # each time: a backlog, as after the upgrade, is worked off at some thousand mails in EVERY
REST = 0.02  # seconds after each: whoever answers a customer goes first


def index(doors: IndexingDoors, stopping: threading.Event, rest: float = REST) -> None:
    """Until nothing waits, or the portions are used up; what is left is for the next time. `rest`: seconds after each
    portion."""
    try:
        for _ in range(PORTIONS):
            if not doors.search.fill() or stopping.wait(rest):
                return
    except UnreachableError as error:  # whoever works with the database says so
        logs.get(NAME).warning("not taken into the index", problem=str(error))
