"""Open cases whose customers are getting unhappier."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures import formulas
from pipeline.figures.finding import Comparison, ReportFinding, name_first
from pipeline.store.touchpoints import Touchpoints


def find(on: Comparison) -> Iterator[ReportFinding]:
    """The steepest fall first."""
    falls: dict[str, float] = {}
    for thread, case in Touchpoints(on.database).open_cases(on.period).items():
        risen = formulas.rise_of(case)
        if risen is not None and formulas.direction(risen) == "worsening":
            falls[thread] = risen
    if falls:
        refs = sorted(falls, key=falls.__getitem__)
        yield ReportFinding(
            kind="worsening",
            what=f"{len(refs)} open {'case whose customer is' if len(refs) == 1 else 'cases whose customers are'} "
            "getting unhappier",
            do="call or write in person, the worst first",
            about=name_first(refs),
            evidence=f"the steepest fall is {-falls[refs[0]]:.1f} on a scale of 2",
        )
