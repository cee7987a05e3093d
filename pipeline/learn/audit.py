"""What is wrong with the labelled mail: labels that are probably mistakes, contradictions, near-duplicates, leaks.

A label is suspected when a model that has not seen the mail is surer of another class than it usually is of mails of
that class (confident learning: Northcutt et al. 2021). The list is for people: nothing is ever deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from pipeline.learn import calibrate, features, served
from pipeline.learn.data_document import (
    AuditDocument,
    ContradictionDocument,
    LeakDocument,
    NearDuplicatesDocument,
    StatsDocument,
    SuspectDocument,
)
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.grouping import with_groups
from pipeline.learn.split import folds

SHARE = 0.01  # of the rows that are listed: more nobody looks through
_LEAST_LISTED = 10
_LISTED = 50  # contradictions and leaks in full
_FOLDS = 5
_C = 0.3
_SEED = 20260131
_LEAST_OF_CLASS = 5  # rows, below which nothing can be said about a class
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
    rows: Sequence[Row], fitted: Container[str] = (), frozen: Container[str] = (), *, limit: int = 0
) -> AuditDocument:
    """The whole report. `fitted` and `frozen`: hashes of the two parts of the version in use. `limit`: of suspects."""
    unique = with_groups(_newest(rows))
    notes: list[str] = []
    if len(unique) > _MOST_ROWS:
        notes.append(f"labels of {_MOST_ROWS} of {len(unique)} mails were checked")
    looked_at = unique[:_MOST_ROWS]
    listed = limit or max(_LEAST_LISTED, round(SHARE * len(looked_at)))
    return {
        "rows": len(rows),
        "suspects": suspects(looked_at, notes)[:listed],
        "contradictions": contradictions(rows)[:_LISTED],
        "near_duplicates": _near_duplicates(unique),
        "leaks": leaks(unique, fitted, frozen)[:_LISTED],
        "notes": notes,
    }


def _newest(rows: Sequence[Row]) -> list[Row]:
    """One row a text: the one whose label counts."""
    kept: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.labelled_at or _NEVER):
        kept[row.hash] = row
    return [kept[key] for key in sorted(kept)]


# --- labels that are probably wrong -----------------------------------------------------------------------------------


@dataclass
class _Check:
    """One head under audit, and the scores that its rows get from models that have not seen them."""

    head: str
    classes: list[str]
    truth: NDArray[np.intp]  # of every row; -1: nothing to check
    scores: NDArray[np.float64]


def suspects(rows: Sequence[Row], notes: list[str]) -> list[SuspectDocument]:
    """Labels that the rest of the data speaks against, the worst first. `rows` come with groups."""
    checks = [check for head in HEADS if (check := _check(rows, head))]
    checked = {check.head for check in checks}
    notes += [f"{head} labels were not checked: too few" for head in HEADS if head not in checked]
    if checks:
        _score(rows, checks)
    found: list[SuspectDocument] = []
    for check in checks:
        places = np.flatnonzero(check.truth >= 0)
        truth, scores = check.truth[places], check.scores[places]
        given = served.probabilities(scores, calibrate.temperature(scores, truth))
        for place, other, doubt in _doubted(given, truth):
            found.append(_suspect(rows[int(places[place])], check.head, check.classes[other], doubt))
    return sorted(found, key=lambda one: (-one["doubt"], one["hash"], one["head"]))


def _check(rows: Sequence[Row], head: str) -> _Check | None:
    """None where fewer than two classes are large enough to be learnt."""
    counts = Counter(row.label(head) for row in rows if row.label(head) is not None)
    classes = sorted(str(name) for name, count in counts.items() if count >= _LEAST_OF_CLASS)
    if len(classes) < 2:
        return None
    place_of: dict[str | None, int] = {name: place for place, name in enumerate(classes)}
    truth = np.array([place_of.get(row.label(head), -1) for row in rows])
    return _Check(head, classes, truth, np.full((len(rows), served.outputs(classes)), -5.0))


def _score(rows: Sequence[Row], checks: Sequence[_Check]) -> None:
    """Fills the scores fold by fold: no row, and no near-duplicate of it, is seen by the model that scores it."""
    fold_of = np.array(folds(rows, _FOLDS))
    for fold in sorted(set(fold_of.tolist())):
        inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        items = [rows[int(row)].item for row in inside]
        if not items:
            continue
        union = features.make_features(items)
        seen = sparse.csr_matrix(union.fit_transform(items))
        unseen = sparse.csr_matrix(union.transform([rows[int(row)].item for row in outside]))
        for check in checks:
            labelled = check.truth[inside] >= 0
            truth = check.truth[inside][labelled]
            if len(set(truth.tolist())) > 1:
                model = LinearSVC(C=_C, class_weight="balanced", random_state=_SEED).fit(seen[labelled], truth)
                _put(check.scores, outside, model, unseen)


def _put(scores: NDArray[np.floating], places: NDArray[np.intp], model: LinearSVC, unseen: sparse.csr_matrix) -> None:
    """The model's scores into their columns, also where its fold lacked a class."""
    given = model.decision_function(unseen)
    if scores.shape[1] == 1:
        scores[places, 0] = given
        return
    if given.ndim == 1:
        given = np.column_stack([-given, given])
    scores[np.ix_(places, model.classes_)] = given


def _doubted(given: NDArray[np.floating], truth: NDArray[np.intp]) -> Iterator[tuple[int, int, float]]:
    """(row, the class it rather is, how far it is ahead): where that class reaches what is usual for its own mails."""
    rows = np.arange(len(truth))
    usual = np.array([given[truth == own, own].mean() for own in range(given.shape[1])])
    own = given[rows, truth]
    others = given.copy()
    others[rows, truth] = -1.0
    best = others.argmax(axis=1)
    ahead = others[rows, best] - own
    for row in np.flatnonzero((others[rows, best] >= usual[best]) & (ahead > 0)):
        yield int(row), int(best[row]), float(ahead[row])


def _suspect(row: Row, head: str, rather: str, doubt: float) -> SuspectDocument:
    return {
        "head": head,
        "label": row.label(head),
        "rather": rather,
        "doubt": round(doubt, 4),
        "source": row.source,
        "labelled_by": row.labelled_by,
        "hash": row.hash,
        "text": _shown(row),
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
                found.append({"what": what, "head": head, "labels": labels, "hash": key, "text": _shown(same[0])})
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
    text_of = {row.group: _shown(row) for row in reversed(rows)}
    largest = sorted(((size, group) for group, size in sizes.items() if size > 1), key=lambda pair: (-pair[0], pair[1]))
    return {
        "groups": len(largest),
        "rows": sum(size - 1 for size, _group in largest),
        "largest": [{"mails": size, "text": text_of[group]} for size, group in largest[:10]],
    }


def leaks(rows: Sequence[Row], fitted: Container[str], frozen: Container[str]) -> list[LeakDocument]:
    """Near-duplicates of which the version in use fitted one and was judged on the other."""
    found: list[LeakDocument] = []
    ordered = sorted(rows, key=lambda row: (row.group, row.hash in frozen))
    for one, other in pairwise(ordered):
        if one.group == other.group and one.hash in fitted and other.hash in frozen:
            what = "is on both sides of the split: figures on it flatter the model"
            found.append({"what": what, "hashes": [one.hash, other.hash], "text": _shown(other)})
    return found


def _shown(row: Row) -> str:
    """Enough to recognise it."""
    return " ".join(f"{row.subject} · {row.text}".split())[:300] if row.subject else " ".join(row.text.split())[:300]
