"""Complaints without a prepared answer."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures.finding import NAMED, Comparison, ReportFinding
from pipeline.store.unprepared import unprepared


def find(on: Comparison) -> Iterator[ReportFinding]:
    """At most one."""
    rows = unprepared(on.database, list(on.config.topics), on.period.since or on.now)
    complaints = sum(row.complaints for row in rows)
    if complaints:
        yield ReportFinding(
            kind="unprepared",
            what=f"{complaints} complaints without a prepared answer",
            do="write down who is responsible and how it is solved, as a [topics] table",
            about=tuple(row.topic or "unknown" for row in rows[:NAMED]),
            evidence=", ".join(f"{row.complaints} {row.topic or 'of an unknown topic'}" for row in rows[:NAMED]),
        )
