"""An erasure that is going on, as its steps see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.desk.doors import ErasingDoors
from pipeline.records.personal import Erasure, Traces


@dataclass(kw_only=True)
class UnderWay:
    """What is to be erased, and what has become of it so far."""

    erasure: Erasure
    found: Traces
    keep_tickets: bool  # their tickets stay as they are, and what hangs on them
    others: bool  # they also go out of what others wrote
    by_hand: list[str] = field(default_factory=list)  # what only a person can do, at others'
    counts: Counter[str] = field(default_factory=Counter)  # what was removed or emptied, by what it is


Step = Callable[[ErasingDoors, UnderWay], list[str]]  # returns what it could not reach, without saying whose it is
