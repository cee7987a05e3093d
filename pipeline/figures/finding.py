"""A finding of the report, and what it is found from. Each kind is a file in findings/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from pipeline.config.settings import Config
from pipeline.store.database import Database
from pipeline.store.metrics import Metrics, Period

NAMED = 10  # of each kind of thing: the rest is counted


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportFinding:
    """Something to do. `about`: the tickets, topics or people; `evidence`: the numbers."""

    kind: str  # the name of its file in findings/
    what: str
    do: str
    about: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A period beside what is usual."""

    database: Database
    config: Config
    now: datetime
    period: Period
    earlier: Period  # the four before it

    @cached_property
    def metrics(self) -> Metrics:
        """What the store counts."""
        return Metrics(self.database)

    @property
    def zone(self) -> ZoneInfo:
        """Of the operator."""
        return ZoneInfo(self.config.calendar.timezone)


def name_first(refs: Sequence[str]) -> tuple[str, ...]:
    """The first NAMED of them, and how many more there are."""
    more = len(refs) - NAMED
    return (*refs[:NAMED], *([f"and {more} more"] if more > 0 else []))


def show_span(seconds: float) -> str:
    """A time on the clock, short: 90 min, 4.5 h, 3.0 d."""
    hours = seconds / 3600
    if hours < 2:
        return f"{seconds / 60:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"
