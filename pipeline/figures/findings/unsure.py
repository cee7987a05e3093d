"""How much of the mail the machine is unsure of, why, and the next step."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures import formulas
from pipeline.figures.finding import Comparison, ReportFinding
from pipeline.text.numbers import many

NEXT = 60  # mails: what a person labels in a few minutes
TO_BE_SURER = f"label {NEXT} more mails: `firstline data review`; then `firstline model train`"


def find(on: Comparison) -> Iterator[ReportFinding]:
    """At most one, and already for a single mail: its customer got neutral words."""
    found = []
    for one in (on.period, on.earlier):
        counts = on.metrics.mails(one).get(None, {})
        judged = counts.get("judged", 0)
        found.append((judged - counts.get("topic_sure", 0), judged))
    (unsure, judged), before = found
    if unsure:
        risen = formulas.risen((unsure, judged), before)
        how = "more often" if risen else "of the topic"
        yield ReportFinding(
            kind="unsure",
            what=f"the machine is unsure {how}: {unsure} of {many(judged, 'mail')}",
            do=TO_BE_SURER,
            evidence=f"{_why(judged - unsure)}{f'; before {before[0]} of {before[1]}' if before[1] else ''}",
        )


def _why(sure: int) -> str:
    if not sure:
        return "none was sure: this version is not certified to be, or there is none (`firstline model show`)"
    return "because their topics were below the certified threshold (`firstline mail explain ID` says by how much)"
