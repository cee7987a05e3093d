"""Far more labelled mail than is needed to learn from: each topic gives its newest mails, rare topics give all.

Beyond some ten thousand mails a topic a linear head learns next to nothing, while time and memory grow with each. The
limit is on rows and on letters, for long mails fill the memory with fewer rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pipeline.learn.dataset import Row
from pipeline.learn.terms import LETTERS_OF

ROWS = 200_000  # at most
# At most, counted as far as they are read. Making the features takes about 75 bytes of memory for each, beside the
# gigabyte that a million rows have taken while they were read.
LETTERS = 20_000_000
_NEVER = datetime.min.replace(tzinfo=UTC)


def thin(rows: Sequence[Row], most: int = ROWS, letters: int = LETTERS) -> tuple[list[Row], str]:
    """The rows to learn from, in their order, and a note where that is not all of them."""
    read = sum(min(len(row.subject) + len(row.text), LETTERS_OF) for row in rows)
    allowed = min(most, int(len(rows) * letters / read)) if read > letters else most
    if len(rows) <= allowed:
        return list(rows), ""
    topics: dict[tuple[str | None, ...], list[int]] = {}
    for place, row in enumerate(rows):
        topics.setdefault(_kind(row), []).append(place)
    cap = _cap({kind: len(places) for kind, places in topics.items()}, allowed)
    kept: set[int] = set()
    for places in topics.values():
        kept.update(sorted(places, key=lambda place: _age(rows[place]))[:cap])
    note = f"{len(kept)} of {len(rows)} rows are used: of each topic (and mood) the newest {cap}, more adds only time"
    return [row for place, row in enumerate(rows) if place in kept], note


def _kind(row: Row) -> tuple[str | None, ...]:
    """What must not become rare: every combination of labels counts as a topic of its own."""
    return (row.topic, row.sentiment, row.complaint)


def _age(row: Row) -> tuple[float, str]:
    """Sorts the newest first; where no dates are known, by the hash of the text."""
    at = row.received_at or row.labelled_at or _NEVER
    return (-at.timestamp() if at != _NEVER else 0.0, row.hash)


def _cap(counts: Mapping[tuple[str | None, ...], int], allowed: int) -> int:
    """The largest number that each may give so that all together give at most what is allowed."""
    low, high = 1, max(counts.values())
    while low < high:
        middle = (low + high + 1) // 2
        fits = sum(min(count, middle) for count in counts.values()) <= allowed
        low, high = (middle, high) if fits else (low, middle - 1)
    return low
