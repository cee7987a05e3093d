"""What is wrong with the labelled mail: labels that are probably mistakes (suspects.py), contradictions,
near-duplicates, leaks. The list is for people: nothing is ever deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.learn.data_document import (
    AuditDocument,
    ContradictionDocument,
    LeakDocument,
    NearDuplicatesDocument,
    StatsDocument,
    SuspectDocument,
    beginning,
)
from pipeline.learn.dataset import HEADS, Row, without_duplicates
from pipeline.learn.grouping import with_groups

if TYPE_CHECKING:
    from pipeline.learn.suspects import Encode, Suspect

FIXED = "fixed"  # what `source` says of a label that a person gave or kept because it was doubted
SHARE = 0.01  # of the rows that are listed: more nobody looks through
_LEAST_LISTED = 10
_LISTED = 50  # contradictions and leaks in full
_MOST_ROWS = 100_000  # looked at by the model
_NEVER = datetime.min.replace(tzinfo=UTC)


def count_rows(rows: Sequence[Row]) -> StatsDocument:
    """How many rows there are, by everything one may want to count them by."""
    return {
        "rows": len(rows),
        "texts": len({row.hash for row in rows}),
        "groups": len({row.group for row in with_groups(rows)}),
        "topic": _counts(row.topic for row in rows),
        "sentiment": _counts(row.sentiment for row in rows),
        "complaint": _counts(row.label("complaint") for row in rows),
        "language": _counts(row.language for row in rows),
        "kind": _counts(row.kind for row in rows),
        "source": _counts(row.source for row in rows),
        "labelled_by": _counts(row.labelled_by for row in rows),
    }


def _counts(values: Iterable[str | None]) -> dict[str, int]:
    """How many rows there are of each, the most frequent first."""
    counts = Counter(value or "" for value in values)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def audit(
    rows: Sequence[Row],
    fitted: Container[str] = (),
    frozen: Container[str] = (),
    *,
    limit: int = 0,
    left_out: Mapping[str, int] | None = None,
    encode: Encode = lambda _items: None,
) -> AuditDocument:
    """The whole report. `fitted` and `frozen`: hashes of the two parts of the version in use. `limit`: of suspects.

    `left_out`: mails that imports did not take, by why.
    """
    unique = with_groups(without_duplicates(list(rows), []))
    notes: list[str] = []
    found = doubted(rows, unique, notes, encode)
    listed = limit or max(_LEAST_LISTED, round(SHARE * len(unique)))
    return {
        "rows": len(rows),
        "suspected": _counts(one.head for one in found),
        "suspects": [told(one) for one in found[:listed]],
        "contradictions": contradictions(rows)[:_LISTED],
        "near_duplicates": _near_duplicates(unique),
        "leaks": leaks(unique, fitted, frozen)[:_LISTED],
        "left_out": dict(left_out or {}),
        "notes": notes,
    }


def doubted(
    rows: Sequence[Row],
    unique: Sequence[Row] | None = None,
    notes: list[str] | None = None,
    encode: Encode = lambda _items: None,
) -> list[Suspect]:
    """All labels that are probably wrong, the worst first, without those that a person looked at for that reason.

    `unique`: the same rows without duplicates and with groups, where that is known.
    """
    unique = with_groups(without_duplicates(list(rows), [])) if unique is None else unique
    notes = [] if notes is None else notes
    if len(unique) > _MOST_ROWS:
        notes.append(f"labels of {_MOST_ROWS} of {len(unique)} mails were checked")
    settled = {(row.hash, head) for row in rows if row.source == FIXED for head in HEADS if row.label(head)}
    from pipeline.learn.suspects import suspects  # scikit-learn is slow to import, and most only count

    found = suspects(unique[:_MOST_ROWS], notes, encode)
    return [one for one in found if (one.row.hash, one.head) not in settled]


def told(one: Suspect) -> SuspectDocument:
    """A suspected label, for programs."""
    return {
        "head": one.head,
        "label": one.label,
        "rather": one.rather,
        "doubt": round(one.doubt, 4),
        "source": one.row.source,
        "labelled_by": one.row.labelled_by,
        "hash": one.row.hash,
        "text": beginning(one.row),
    }


# --- contradictions, duplicates, leaks --------------------------------------------------------------------------------


def contradictions(rows: Sequence[Row]) -> list[ContradictionDocument]:
    """The same text with different labels, of which none is newer: a later label is a correction."""
    by_text: dict[str, list[Row]] = {}
    for row in rows:
        by_text.setdefault(row.hash, []).append(row)
    found: list[ContradictionDocument] = []
    for key, same in sorted(by_text.items()):
        for head in HEADS:
            labels = _undecided(same, head)
            if labels:
                what = f"the same text is {' and '.join(labels)} ({head})"
                found.append({"what": what, "head": head, "labels": labels, "hash": key, "text": beginning(same[0])})
    return found


def _undecided(same: Sequence[Row], head: str) -> list[str]:
    """The labels of the newest date, when they differ."""
    labelled = [row for row in same if row.label(head) is not None]
    newest = max((row.labelled_at or _NEVER for row in labelled), default=_NEVER)
    labels = sorted({str(row.label(head)) for row in labelled if (row.labelled_at or _NEVER) == newest})
    return labels if len(labels) > 1 else []


def _near_duplicates(rows: Sequence[Row]) -> NearDuplicatesDocument:
    """Groups of mails that say the same; each counts once when topics are compared."""
    sizes = Counter(row.group for row in rows)
    text_of = {row.group: beginning(row) for row in reversed(rows)}
    largest = sorted(((size, group) for group, size in sizes.items() if size > 1), key=lambda pair: (-pair[0], pair[1]))
    return {
        "groups": len(largest),
        "rows": sum(size - 1 for size, _group in largest),
        "largest": [{"mails": size, "text": text_of[group]} for size, group in largest[:10]],
    }


def leaks(rows: Sequence[Row], fitted: Container[str], frozen: Container[str]) -> list[LeakDocument]:
    """Near-duplicates of which the version in use fitted one and kept the other out. Its figures leave that out."""
    found: list[LeakDocument] = []
    ordered = sorted(rows, key=lambda row: (row.group, row.hash in frozen))
    for one, other in pairwise(ordered):
        if one.group == other.group and one.hash in fitted and other.hash in frozen:
            what = "is on both sides of the split: the one that was kept out is left out of the figures"
            found.append({"what": what, "hashes": [one.hash, other.hash], "text": beginning(other)})
    return found
