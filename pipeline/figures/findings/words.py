"""Words in several mails of the period, and in none before."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures.finding import NAMED, Comparison, ReportFinding
from pipeline.figures.words import count_new
from pipeline.text.numbers import many


def find(on: Comparison) -> Iterator[ReportFinding]:
    """At most one, with the commonest words."""
    new = count_new(on.metrics.texts(on.period), on.metrics.texts(on.earlier), NAMED)
    if new:
        yield ReportFinding(
            kind="words",
            what=f"new words: {', '.join(word for word, _ in new)}",
            do="something new is going on; perhaps a new topic: `firstline data discover`",
            about=tuple(word for word, _ in new),
            evidence=", ".join(f"{word} in {many(count, 'mail')}" for word, count in new),
        )
