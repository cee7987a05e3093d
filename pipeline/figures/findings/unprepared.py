"""Complaints without a prepared answer."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures.finding import NAMED, Comparison, ReportFinding
from pipeline.store.unprepared import unprepared


def find(on: Comparison) -> Iterator[ReportFinding]:
    """At most one, of topics that the machine was sure of: what it was unsure of is another finding."""
    rows = unprepared(on.database, list(on.config.topics), on.period.since or on.now)
    sure = [(row.topic, row.complaints - row.unsure) for row in rows if row.topic and not row.prepared]
    sure = [(topic, count) for topic, count in sure if count]
    if complaints := sum(count for _, count in sure):
        yield ReportFinding(
            kind="unprepared",
            what=f"{complaints} complaint{'' if complaints == 1 else 's'} without a prepared answer",
            do="write down who is responsible and how it is solved, as a [topics] table",
            about=tuple(topic for topic, _ in sure[:NAMED]),
            evidence=", ".join(f"{count} {topic}" for topic, count in sure[:NAMED]),
        )
