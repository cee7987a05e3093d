"""The findings in the order of the report: what cannot wait, then what has changed.

A new one: a file beside this, a line here, and a test of when it is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.figures.finding import Comparison, ReportFinding
from pipeline.figures.findings import (
    growing,
    owner,
    promises,
    rising,
    silenced,
    slow,
    template,
    unprepared,
    unsure,
    words,
    worsening,
)

FINDINGS: tuple[Callable[[Comparison], Iterator[ReportFinding]], ...] = (
    promises.find,
    rising.find,
    silenced.find,
    worsening.find,
    slow.find,
    owner.find,
    template.find,
    growing.find,
    unsure.find,
    words.find,
    unprepared.find,
)
