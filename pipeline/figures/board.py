"""The figures of a period beside those of the period before it, and step by step: what the page of figures shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import NormalDist
from typing import cast
from zoneinfo import ZoneInfo

from pipeline.figures import formulas, measure
from pipeline.figures.lines import LINES, FigureLine, Measured, Unit, interval_of, value_of
from pipeline.figures.metrics_document import FiguresDocument, GroupDocument, ShareDocument, StepDocument
from pipeline.store.database import Database
from pipeline.store.metrics import Metrics, Period, Times
from pipeline.store.splitting import EVERYTHING, SPLITS, Only

DAYS, WEEKS = 35, 400  # up to so many days a period is shown by days, and by weeks

LONGEST = timedelta(days=36_500)


class FigureChange(StrEnum):
    """What is known of a figure beside the one before."""

    MORE = "more"
    LESS = "less"
    CHANCE = "chance"  # it may be
    UNKNOWN = "unknown"  # too few, or nothing to compare with


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardPoint:
    """A figure of one step."""

    name: str  # 2026-11-30, 2026-W48, 2026-11
    since: datetime
    until: datetime
    figure: Measured


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardLine:
    """One figure: now, before and over time."""

    line: FigureLine
    now: Measured
    before: Measured
    change: FigureChange
    points: Sequence[BoardPoint]

    @property
    def is_empty(self) -> bool:
        """Was nothing of it measured, neither now nor before?"""
        return not any(_of(figure) for figure in (self.now, self.before))

    @property
    def is_good(self) -> bool | None:
        """Did it surely change for the better? None: it did not surely change, or neither is better."""
        if self.change not in (FigureChange.MORE, FigureChange.LESS) or not self.line.good:
            return None
        return (self.change is FigureChange.MORE) == (self.line.good > 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureBoard:
    """The whole page."""

    since: datetime
    until: datetime
    before: Period  # as many whole days earlier: it ends at the same time of the day
    is_comparable: bool  # there was mail in the whole period before
    counted: datetime  # when all of it was counted
    step: str  # day, week, month
    by: str
    only: Only
    lines: Sequence[BoardLine]
    groups: Sequence[GroupDocument]

    @property
    def last(self) -> datetime:
        """The last moment of the period, to name its last day by."""
        return self.until - timedelta(microseconds=1)


def make_board(
    database: Database, zone: ZoneInfo, now: datetime, period: Period, by: str = "", only: Only = EVERYTHING
) -> FigureBoard:
    """`by`: one of SPLITS for the groups, '' for none. A period without a beginning begins with the first mail.

    Raises UsageError for an unknown `by` or a period of too many months.
    """
    since, until = bounds(database, now, period)
    whole, back = Period(since=since, until=until), _whole_days(until - since)
    earlier = Period(since=since - back, until=until - back)
    step = step_of(until - since)
    series = measure.measure(database, zone, now, whole, step, only)
    before = measure.measure(database, zone, now, earlier, "", only)
    groups = measure.measure(database, zone, now, whole, by, only)["groups"] if by in SPLITS else []
    steps: list[StepDocument] = series["groups"]  # type: ignore[assignment]  # steps, as it was asked for
    began = measure.began(database)
    is_comparable = began is not None and began <= since - back
    changes = _changes(database, only, (whole, earlier), (series["total"], before["total"])) if is_comparable else {}
    return FigureBoard(
        since=since,
        until=until,
        before=earlier,
        is_comparable=is_comparable,
        counted=now,
        step=step,
        by=by,
        only=only,
        lines=_lines(series["total"], before["total"], steps, changes),
        groups=groups,
    )


def bounds(database: Database, now: datetime, period: Period) -> tuple[datetime, datetime]:
    """Both ends of a period: from the first mail at the earliest, until now at the latest."""
    until = min(period.until or now, now)
    since = period.since or measure.began(database) or until - timedelta(days=1)
    until = max(until, since + timedelta(seconds=1))
    return max(since, until - LONGEST), until


def _whole_days(length: timedelta) -> timedelta:
    return timedelta(days=math.ceil(length / timedelta(days=1)))


def step_of(length: timedelta) -> str:
    """By what a period is cut, so that there are neither three points nor three hundred."""
    return "day" if length.days <= DAYS else "week" if length.days <= WEEKS else "month"


def _lines(
    now: FiguresDocument,
    before: FiguresDocument,
    steps: Sequence[StepDocument],
    changes: Mapping[str, FigureChange],
) -> list[BoardLine]:
    """`changes`: what is known of each beside the one before, by its name."""
    return [
        BoardLine(
            line=line,
            now=line.of(now),
            before=line.of(before),
            change=changes.get(line.name, FigureChange.UNKNOWN),
            points=[
                BoardPoint(name=str(one["value"]), since=one["since"], until=one["until"], figure=line.of(one))
                for one in steps
                if one["since"] and one["until"]
            ],
        )
        for line in LINES
    ]


def _changes(
    database: Database, only: Only, periods: tuple[Period, Period], figures: tuple[FiguresDocument, FiguresDocument]
) -> dict[str, FigureChange]:
    """Of each figure; `periods` and `figures`: now and before."""
    times, times_before = (Metrics(database).tickets(one, "", only).get(None, Times()) for one in periods)
    found = {}
    for line in LINES:
        if line.unit is Unit.SECONDS:
            spans, before = getattr(times, line.behind), getattr(times_before, line.behind)
            found[line.name] = compare_times(line.part, spans, before)
        else:
            found[line.name] = compare(line.unit, *(line.of(one) for one in figures))
    return found


def compare(unit: Unit, now: Measured, before: Measured) -> FigureChange:
    """Is it surely (99 %) more or less than before?

    Counts as two of Poisson's (their difference by its normal approximation), shares by Newcombe's method 10, scores
    when their intervals have nothing in common. Of a quantile of times alone nothing is known: see `compare_times`.
    """
    ours, theirs = value_of(now), value_of(before)
    if ours is None or theirs is None or unit is Unit.SECONDS:
        return FigureChange.UNKNOWN
    if unit is Unit.COUNT:
        return _turned(_differ(ours, theirs), ours > theirs)
    if unit is Unit.SHARE:
        one, other = _share(now), _share(before)
        return _turned(formulas.risen(one, other) or formulas.risen(other, one), ours > theirs)
    mine, their = interval_of(now), interval_of(before)
    return _turned(bool(mine and their and (mine[0] > their[1] or mine[1] < their[0])), ours > theirs)


def compare_times(part: float, now: Sequence[float], before: Sequence[float]) -> FigureChange:
    """The same of the time within which this part of the cases was done: formulas.later."""
    if min(len(now), len(before)) < formulas.FEW:
        return FigureChange.UNKNOWN
    longer = formulas.later(now, before, part)
    return _turned(longer or formulas.later(before, now, part), longer)


def _turned(surely: bool, more: bool) -> FigureChange:
    return FigureChange.CHANCE if not surely else FigureChange.MORE if more else FigureChange.LESS


def _differ(now: float, before: float) -> bool:
    z = NormalDist().inv_cdf(1 - (1 - formulas.SURE) / 2)
    return now + before >= formulas.FEW and abs(now - before) > z * math.sqrt(now + before)


def _share(figure: Measured) -> tuple[int, int]:
    """How many of how many."""
    share = cast(ShareDocument, figure)
    return share["count"], share["of"]


def _of(figure: Measured) -> float | None:
    """Of how many it is made; of a figure without that, itself."""
    return figure["of"] if isinstance(figure, dict) else figure
