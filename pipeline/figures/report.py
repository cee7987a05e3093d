"""The report: what changed since the period before, what to do about it, and the figures behind it.

What is found is in findings/, beside the four periods before; the figures beside the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.config.settings import Config
from pipeline.figures import measure
from pipeline.figures.finding import Comparison, ReportFinding
from pipeline.figures.findings.table import FINDINGS
from pipeline.figures.metrics_document import FiguresDocument, GroupDocument
from pipeline.store.database import Database
from pipeline.store.metrics import Period

USUAL = 4  # periods before, all of which tell what is usual


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodReport:
    """One period beside the one before it, of the same length."""

    since: datetime
    until: datetime
    zone: str
    findings: tuple[ReportFinding, ...]
    now: FiguresDocument
    before: FiguresDocument
    days: Sequence[GroupDocument]  # of the period
    topics: Sequence[GroupDocument]
    topics_before: Sequence[GroupDocument]


def make_report(database: Database, config: Config, now: datetime, length: timedelta) -> PeriodReport:
    """The `length` until now, beside as long before."""
    zone = ZoneInfo(config.calendar.timezone)
    period, earlier = Period(since=now - length, until=now), Period(since=now - 2 * length, until=now - length)
    usual = Period(since=now - (1 + USUAL) * length, until=now - length)
    comparison = Comparison(database=database, config=config, now=now, period=period, earlier=usual)
    days = measure.measure(database, zone, now, period, "day")
    topics, before = (measure.measure(database, zone, now, one, "topic") for one in (period, earlier))
    return PeriodReport(
        since=now - length,
        until=now,
        zone=str(zone),
        findings=tuple(finding for find in FINDINGS for finding in find(comparison)),
        now=topics["total"],
        before=before["total"],
        days=days["groups"],
        topics=topics["groups"],
        topics_before=before["groups"],
    )
