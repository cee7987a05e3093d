"""Labels that are probably wrong: confident learning (Northcutt, Jiang and Chuang 2021).

A label is doubted where a model that has not seen the mail is surer of another class than it usually is of mails of
that class: their number is how many are wrong. Which ones, the margin says: so many of those that are furthest behind
another class. What is suspected in a first round is left out of what the second round learns from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from pipeline.learn import calibrate, features, served
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.split import folds
from pipeline.learn.terms import Floats, Item

Encode = Callable[[Sequence[Item]], Floats | None]  # the encoder's vectors, None where there is no encoder

_FOLDS = 5
_ROUNDS = 2
_C = 0.3
_SEED = 20260131
_LEAST_OF_CLASS = 5  # rows, below which nothing can be said about a class


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """A label that is probably wrong."""

    row: Row
    head: str
    label: str
    rather: str  # what it probably is
    doubt: float  # how far that is ahead, 0 … 1


@dataclass
class _Check:
    """One head under audit, and the scores that its rows get from models that have not seen them."""

    head: str
    classes: list[str]
    truth: NDArray[np.intp]  # of every row; -1: nothing to check
    scores: NDArray[np.float64]
    trusted: NDArray[np.bool_]  # rows whose label may be learned from


def suspects(rows: Sequence[Row], notes: list[str], encode: Encode = lambda _items: None) -> list[Suspect]:
    """Labels that the rest of the data speaks against, the worst first. `rows` come with groups, each text once."""
    checks = [check for head in HEADS if (check := _check(rows, head))]
    checked = {check.head for check in checks}
    notes += [f"{head} labels were not checked: too few" for head in HEADS if head not in checked]
    if not checks:
        return []
    vectors = encode([row.item for row in rows])
    found: list[Suspect] = []
    for _round in range(_ROUNDS):
        _score(rows, vectors, checks)
        found = [one for check in checks for one in _of_head(rows, check)]
    return sorted(found, key=lambda one: (-one.doubt, one.row.hash, one.head))


def _of_head(rows: Sequence[Row], check: _Check) -> list[Suspect]:
    """The suspects of one head; the check trusts all others from now on."""
    places = np.flatnonzero(check.truth >= 0)
    truth, scores = check.truth[places], check.scores[places]
    given = served.probabilities(scores, calibrate.temperature(scores, truth))
    found = [(int(places[place]), other, doubt) for place, other, doubt in _doubted(given, truth)]
    check.trusted = check.truth >= 0
    check.trusted[[place for place, _other, _doubt in found]] = False
    return [
        Suspect(
            row=rows[place],
            head=check.head,
            label=check.classes[check.truth[place]],
            rather=check.classes[other],
            doubt=doubt,
        )
        for place, other, doubt in found
    ]


def _check(rows: Sequence[Row], head: str) -> _Check | None:
    """None where fewer than two classes are large enough to be learnt."""
    counts = Counter(row.label(head) for row in rows if row.label(head) is not None)
    classes = sorted(str(name) for name, count in counts.items() if count >= _LEAST_OF_CLASS)
    if len(classes) < 2:
        return None
    place_of: dict[str | None, int] = {name: place for place, name in enumerate(classes)}
    truth = np.array([place_of.get(row.label(head), -1) for row in rows])
    return _Check(head, classes, truth, np.full((len(rows), served.outputs(classes)), -5.0), truth >= 0)


def _score(rows: Sequence[Row], vectors: Floats | None, checks: Sequence[_Check]) -> None:
    """Fills the scores fold by fold: no row, and no near-duplicate of it, is seen by the model that scores it."""
    fold_of = np.array(folds(rows, _FOLDS))
    for fold in sorted(set(fold_of.tolist())):
        inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        if not len(inside):
            continue
        seen, unseen = _features(rows, vectors, inside, outside)
        for check in checks:
            learned = check.trusted[inside]
            truth = check.truth[inside][learned]
            if len(set(truth.tolist())) > 1:
                model = LinearSVC(C=_C, class_weight="balanced", random_state=_SEED).fit(seen[learned], truth)
                _put(check.scores, outside, model, unseen)


def _features(
    rows: Sequence[Row], vectors: Floats | None, inside: NDArray[np.intp], outside: NDArray[np.intp]
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """What a model sees of the rows that it learns from, and of the others."""
    items = [rows[int(row)].item for row in inside]
    union = features.make_features(items)
    seen = sparse.csr_matrix(union.fit_transform(items))
    unseen = sparse.csr_matrix(union.transform([rows[int(row)].item for row in outside]))
    if vectors is None:
        return seen, unseen
    return features.beside(seen, vectors[inside]), features.beside(unseen, vectors[outside])


def _put(scores: NDArray[np.floating], places: NDArray[np.intp], model: LinearSVC, unseen: sparse.csr_matrix) -> None:
    """The model's scores into their columns, also where its fold lacked a class."""
    given = model.decision_function(unseen)
    if scores.shape[1] == 1:
        scores[places, 0] = given
        return
    if given.ndim == 1:
        given = np.column_stack([-given, given])
    scores[np.ix_(places, model.classes_)] = given


def _doubted(given: NDArray[np.floating], truth: NDArray[np.intp]) -> list[tuple[int, int, float]]:
    """(row, the class it rather is, how far that is ahead), the worst first: as many as confident learning counts."""
    rows = np.arange(len(truth))
    usual = np.array([given[truth == own, own].mean() for own in range(given.shape[1])])
    own = given[rows, truth]
    others = given.copy()
    others[rows, truth] = -1.0
    best = others.argmax(axis=1)
    ahead = others[rows, best] - own
    count = int(((others[rows, best] >= usual[best]) & (ahead > 0)).sum())
    worst = np.argsort(-ahead, kind="stable")[:count]
    return [(int(row), int(best[row]), float(ahead[row])) for row in worst]
