"""Fits a candidate: shared features, three linear heads, their temperatures and thresholds.

Everything is chosen inside the fitted rows: C on one fold, temperature and thresholds on scores that were given out of
fold, whole near-duplicate groups in one fold. The test part is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from pipeline.errors import UsageError
from pipeline.learn import calibrate, features
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.evaluate import macro_f1
from pipeline.learn.split import folds

SEED = 20260131
CHOICES_OF_C = (0.1, 0.3, 1.0)
LEAST_ROWS = 5  # of a class, near-duplicates counted once
PRUNED_BELOW = 0.01  # weights that change no decision and fill the file
MAX_ERROR = {"topic": 0.02, "sentiment": 0.05, "complaint": 0.02}  # where nothing else is asked
LEVELS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)  # of error: what would certify is told for each
_SMALL = 5_000  # rows up to which more folds cost little and give thresholds nearer to the whole model's
_ABSENT = -5.0  # score of a class that a fold has not seen

Progress = Callable[[str], None]  # called when a step begins


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a training can be told."""

    max_error: Mapping[str, float] = field(default_factory=lambda: dict(MAX_ERROR))
    thorough: bool = False

    def folds(self, rows: int) -> int:
        if self.thorough:
            return 10
        return 5 if rows < _SMALL else 3


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadFit:
    """One fitted head, and how it did out of fold."""

    classes: tuple[str, ...]
    c: float
    temperature: float
    max_error: float
    certified: calibrate.Certified
    suspect: float | None  # complaint only: above it a ticket "to check"
    accuracy: float
    macro_f1: float
    levels: Mapping[str, dict[str, float | None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """A candidate: what is saved, and what is known of it before the test."""

    pipeline: Pipeline
    heads: Mapping[str, HeadFit]


@dataclass(slots=True)
class _Task:
    """One head's labels, and its out-of-fold scores as they come in."""

    name: str
    classes: list[str]
    truth: NDArray[np.intp]  # index of the class, -1 without a label
    c: float
    scores: NDArray[np.float64]

    @property
    def labelled(self) -> NDArray[np.bool_]:
        return np.asarray(self.truth >= 0)


def fit(rows: Sequence[Row], settings: Settings, progress: Progress = lambda _step: None) -> Trained:
    """Fits on all rows. They come with groups. Raises UsageError when no head can be fitted."""
    tasks = [task for task in (_task(name, rows) for name in HEADS) if task]
    if not tasks:
        raise UsageError(
            "there is nothing to learn: no label has two classes",
            remedy=f"each head needs at least two classes with {LEAST_ROWS} different mails each",
        )
    items = [row.item for row in rows]
    _out_of_fold(tasks, items, np.array(folds(rows, settings.folds(len(rows)))), settings, progress)
    progress("fitting on all rows")
    union = features.make_features(items)
    matrix = sparse.csr_matrix(union.fit_transform(items))
    fitted = [_fit_head(task, matrix, np.ones(len(rows), dtype=bool)) for task in tasks]
    results = {task.name: _result(task, settings) for task in tasks}
    heads = _heads(tasks, fitted, [results[task.name].temperature for task in tasks])
    return Trained(pipeline=features.assemble(union, heads), heads=results)


def _task(name: str, rows: Sequence[Row]) -> _Task | None:
    labels = [row.label(name) for row in rows]
    classes = sorted({label for label in labels if label is not None})
    if len(classes) < 2:
        return None
    index = {label: place for place, label in enumerate(classes)}
    truth = np.array([-1 if label is None else index[label] for label in labels])
    scores = np.full((len(rows), features.outputs(classes)), _ABSENT)
    return _Task(name=name, classes=classes, truth=truth, c=CHOICES_OF_C[1], scores=scores)


def _out_of_fold(
    tasks: list[_Task], items: list[features.Item], fold_of: NDArray[Any], settings: Settings, progress: Progress
) -> None:
    """Fills each task's scores, every row by a model that has not seen it; the first fold also chooses C."""
    count = int(fold_of.max()) + 1
    for fold in range(count):
        progress(f"fold {fold + 1} of {count}")
        inside, outside = fold_of != fold, fold_of == fold
        items_inside = [items[row] for row in np.flatnonzero(inside)]
        union = features.make_features(items_inside)
        seen = sparse.csr_matrix(union.fit_transform(items_inside))
        unseen = sparse.csr_matrix(union.transform([items[row] for row in np.flatnonzero(outside)]))
        for task in tasks:
            if fold == 0:
                task.c = _choose_c(task, seen, unseen, inside, outside)
            model = _fit_head(task, seen, inside)
            task.scores[outside] = _scores(task, model, unseen)


def _choose_c(
    task: _Task, seen: sparse.csr_matrix, unseen: sparse.csr_matrix, inside: NDArray[Any], outside: NDArray[Any]
) -> float:
    """The C with the best macro-F1 (accuracy for topics) on the fold left out; the smaller one when they are equal."""
    labelled = task.labelled[outside]
    truth = task.truth[outside][labelled]
    best, best_value = CHOICES_OF_C[1], -1.0
    for c in CHOICES_OF_C:
        task.c = c
        predicted = _winners(_scores(task, _fit_head(task, seen, inside), unseen))[labelled]
        value = float((predicted == truth).mean()) if task.name == "topic" else macro_f1(truth, predicted)
        if value > best_value:
            best, best_value = c, value
    return best


def _fit_head(task: _Task, matrix: sparse.csr_matrix, inside: NDArray[Any]) -> LinearSVC:
    """A linear head on the labelled rows; `matrix` holds the rows that are `inside`."""
    labelled = task.labelled[inside]
    truth = task.truth[inside][labelled]
    if len(set(truth.tolist())) < 2:
        raise UsageError(
            f"the mails of the {task.name} head are too few or too alike to be split",
            remedy=f"each class needs at least {LEAST_ROWS} mails that are really different",
        )
    weight = "balanced" if task.name == "sentiment" else None
    model = LinearSVC(C=task.c, class_weight=weight, random_state=SEED)
    return model.fit(matrix[labelled], truth)


def _scores(task: _Task, model: LinearSVC, matrix: sparse.csr_matrix) -> NDArray[Any]:
    """Scores in the task's columns, also for classes that this fold lacks."""
    given = model.decision_function(matrix)
    scores = np.full((matrix.shape[0], len(task.classes)), _ABSENT)
    if given.ndim == 1:
        if len(task.classes) == 2:
            return np.asarray(given[:, None])
        given = np.column_stack([-given, given])
    scores[:, model.classes_] = given
    return scores


def _winners(scores: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int))


def _result(task: _Task, settings: Settings) -> HeadFit:
    labelled = task.labelled
    truth, scores = task.truth[labelled], task.scores[labelled]
    degree = calibrate.temperature(scores, truth)
    given = features.probabilities(scores, degree)
    right = np.asarray(given.argmax(axis=1) == truth)
    confidence = given.max(axis=1)
    max_error = settings.max_error[task.name]
    return HeadFit(
        classes=tuple(task.classes),
        c=task.c,
        temperature=degree,
        max_error=max_error,
        certified=calibrate.certify(confidence, right, max_error),
        suspect=calibrate.suspicion(given[:, 1], truth == 1) if task.name == "complaint" else None,
        accuracy=float(right.mean()),
        macro_f1=macro_f1(truth, given.argmax(axis=1)),
        levels={f"{level:g}": _level(confidence, right, level) for level in LEVELS},
    )


def _level(confidence: NDArray[Any], right: NDArray[np.bool_], level: float) -> dict[str, float | None]:
    certified = calibrate.certify(confidence, right, level)
    return {"threshold": certified.threshold, "coverage": certified.coverage}


def _heads(tasks: list[_Task], fitted: list[LinearSVC], temperatures: list[float]) -> features.Heads:
    weights = np.vstack([model.coef_ for model in fitted]).T.astype(np.float32)
    weights[np.abs(weights) < PRUNED_BELOW] = 0
    return features.Heads(
        names=[task.name for task in tasks],
        classes=[task.classes for task in tasks],
        weights=sparse.csr_matrix(weights),
        intercepts=np.concatenate([np.ravel(model.intercept_) for model in fitted]).astype(np.float32),
        temperatures=temperatures,
    )
