"""What the page of figures asks for: a period and what it is narrowed to, counted; the report; and both as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.desk.doors import HealthDoors
from pipeline.figures import board
from pipeline.figures.board import FigureBoard
from pipeline.figures.lines import LINES, Measured, interval_of, value_of
from pipeline.figures.report import PeriodReport, make_report
from pipeline.store.metrics import Period
from pipeline.store.splitting import Key

_COLUMNS = ("figure", "part", "value", "low", "high", "of", "since", "until")


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardWish:
    """What somebody wants to see; hashable."""

    since: datetime | None = None  # none: from the first mail
    until: datetime | None = None  # none: until now
    by: str = ""
    only: tuple[tuple[str, Key], ...] = ()

    @property
    def period(self) -> Period:
        """From when until when."""
        return Period(since=self.since, until=self.until)


def make_board(doors: HealthDoors, wish: BoardWish) -> FigureBoard:
    """Counts it. Raises UsageError."""
    zone = ZoneInfo(doors.config.calendar.timezone)
    return board.make_board(doors.database, zone, doors.clock.now(), wish.period, wish.by, dict(wish.only))


def report_of(doors: HealthDoors, days: int) -> PeriodReport:
    """What changed in the last so many days."""
    return make_report(doors.database, doors.config, doors.clock.now(), timedelta(days=days))


def as_table(made: FigureBoard) -> str:
    """CSV (RFC 4180), a row for each figure of the period, of the one before, of each step and each group."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for row in _rows(made):
        writer.writerow(harmless(cell) for cell in row)
    return written.getvalue()


def harmless(cell: object) -> object:
    """No cell begins like a formula: spreadsheets would carry it out."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _rows(made: FigureBoard) -> Iterator[tuple[object, ...]]:
    for line in made.lines:
        yield (line.line.name, "all", *_cells(line.now), made.since.isoformat(), made.until.isoformat())
        before = (one.isoformat() if one else "" for one in (made.before.since, made.before.until))
        yield (line.line.name, "before", *_cells(line.before), *before)
        for point in line.points:
            yield (line.line.name, point.name, *_cells(point.figure), point.since.isoformat(), point.until.isoformat())
    for group in made.groups:
        name = f"{made.by}={'' if group['value'] is None else group['value']}"
        for one in LINES:
            yield (one.name, name, *_cells(one.of(group)), made.since.isoformat(), made.until.isoformat())


def _cells(figure: Measured) -> tuple[object, ...]:
    interval = interval_of(figure) or ("", "")
    return value_of(figure), *interval, figure["of"] if isinstance(figure, dict) else ""
