"""People whom weak rules may have taken for robots: nobody answered them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.figures.finding import NAMED, Comparison, ReportFinding


def find(on: Comparison) -> Iterator[ReportFinding]:
    """At most one, and already for a single mail: whoever it is from waits for nothing."""
    silenced = on.metrics.quieted(on.period)
    if count := len(silenced):
        rules = Counter(rule for reasons in silenced for rule in reasons)
        yield ReportFinding(
            kind="silenced",
            what=f"{count} {'mail reads' if count == 1 else 'mails read'} like a person's and got no answer",
            do="look at them: `firstline mail list --silent --reads-like-a-person`",
            evidence=", ".join(f"{many} {rule}" for rule, many in rules.most_common(NAMED)),
        )
