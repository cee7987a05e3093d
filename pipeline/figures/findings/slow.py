"""Topics whose first answers take longer than they did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.figures import formulas
from pipeline.figures.finding import Comparison, ReportFinding, show_span


def find(on: Comparison) -> Iterator[ReportFinding]:
    """One a topic."""
    now, before = on.metrics.tickets(on.period, "topic"), on.metrics.tickets(on.earlier, "topic")
    topics = [topic for topic in now if topic and topic in before]
    for topic in topics:
        took, usual = sorted(now[topic].responded), sorted(before[topic].responded)
        if formulas.longer(took, usual, len(topics)):
            yield ReportFinding(
                kind="slow",
                what=f"first answers about {topic} take longer",
                do="look who is responsible for it, and whether they need help",
                about=(str(topic),),
                evidence=f"half of them within {_half(took)}, before {_half(usual)}",
            )


def _half(ascending: Sequence[float]) -> str:
    return show_span(formulas.quantile(ascending, 0.5))
