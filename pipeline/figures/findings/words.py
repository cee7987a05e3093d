"""Words in several mails of the period, and in none before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.figures.finding import NAMED, Comparison, ReportFinding
from pipeline.figures.words import words_of
from pipeline.text.numbers import many

NEW_WORD_MAILS = 5  # that use a word which no mail used before


def find(on: Comparison) -> Iterator[ReportFinding]:
    """At most one, with the commonest words."""
    known = {word for text in on.metrics.texts(on.earlier) for word in words_of(text)}
    counts = Counter(word for text in on.metrics.texts(on.period) for word in words_of(text) - known)
    new = [(word, count) for word, count in counts.most_common(NAMED) if count >= NEW_WORD_MAILS]
    if new and known:
        yield ReportFinding(
            kind="words",
            what=f"new words: {', '.join(word for word, _ in new)}",
            do="something new is going on; perhaps a new topic: `firstline data discover`",
            about=tuple(word for word, _ in new),
            evidence=", ".join(f"{word} in {many(count, 'mail')}" for word, count in new),
        )
