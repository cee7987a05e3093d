"""The machine is unsure of the topic more often."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures import formulas
from pipeline.figures.finding import Comparison, ReportFinding


def find(on: Comparison) -> Iterator[ReportFinding]:
    """At most one."""
    found = []
    for one in (on.period, on.earlier):
        counts = on.metrics.mails(one).get(None, {})
        judged = counts.get("judged", 0)
        found.append((judged - counts.get("topic_sure", 0), judged))
    if formulas.risen(found[0], found[1]):
        yield ReportFinding(
            kind="unsure",
            what="the machine is unsure more often",
            do="label some of the newest mail: `firstline data review`",
            evidence=f"{found[0][0]} of {found[0][1]} mails, before {found[1][0]} of {found[1][1]}",
        )
