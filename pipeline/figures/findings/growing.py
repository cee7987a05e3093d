"""Topics with a larger share of the mail than before."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures import formulas
from pipeline.figures.finding import Comparison, ReportFinding
from pipeline.text.numbers import many


def find(on: Comparison) -> Iterator[ReportFinding]:
    """One a topic."""
    now, before = on.metrics.mails(on.period, "topic"), on.metrics.mails(on.earlier, "topic")
    people, people_before = (sum(one.get("by_people", 0) for one in counts.values()) for counts in (now, before))
    topics = [topic for topic in now if topic]
    for topic in topics:
        count, count_before = (counts.get(topic, {}).get("by_people", 0) for counts in (now, before))
        if formulas.risen((count, people), (count_before, people_before), len(topics)):
            yield ReportFinding(
                kind="growing",
                what=f"more mail about {topic}",
                do="find out what is behind it; a help page may answer much of it",
                about=(str(topic),),
                evidence=f"{many(count, 'mail')}, {count_before} before",
            )
