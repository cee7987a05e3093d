"""Fits a candidate: shared features, three linear heads, their temperatures and thresholds.

Everything is chosen inside the fitted rows: C on one fold, temperature and thresholds on scores that were given out of
fold, near-duplicate groups in one fold as far as the test part keeps them apart (split.py). The labels of the test
part are not looked at.

A head has up to three views of a mail: `words` (the lean profile), `words and meaning` (the encoder's vectors beside
them), both by LinearSVC; and `meaning` alone by LogisticRegression, which needs few labels. The encoder profile blends
the last two, each made honest by its temperature first, in the proportion that did best out of fold: a sum of linear
heads is a linear head.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from pipeline.errors import UsageError
from pipeline.learn import calibrate, features, served, terms
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.evaluate import macro_f1
from pipeline.learn.split import folds

SEED = 20260131
WORDS, BOTH, MEANING = "words", "words and meaning", "meaning"  # what a head sees of a mail
CHOICES_OF_C = {WORDS: (0.1, 0.3, 1.0), BOTH: (0.1, 0.3, 1.0), MEANING: (1.0, 3.0, 10.0)}
PROPORTIONS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of meaning alone in the blend
LEAST_ROWS = 5  # of a class, near-duplicates counted once
PRUNED_BELOW = 0.01  # weights that change no decision and fill the file
MAX_ERROR = {"topic": 0.02, "sentiment": 0.05, "complaint": 0.02}  # where nothing else is asked
LEVELS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)  # of error: what would certify is told for each
_SMALL = 5_000  # rows up to which more folds cost little and give thresholds nearer to the whole model's
_MEANING_ROWS = 30_000  # up to which LogisticRegression takes seconds; with more rows it adds nothing
_LEAST_COUNTED = 100  # rows; fewer say too little about the temperature
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
    meaning: float = 0.0  # encoder profile: proportion of the head that sees only the meaning


@dataclass(frozen=True, kw_only=True, slots=True)
class Trained:
    """A candidate: what is saved, and what is known of it before the test."""

    pipeline: Pipeline
    heads: Mapping[str, HeadFit]  # of the best profile that was fitted
    lean: Mapping[str, HeadFit] = field(default_factory=dict)  # of the lean profile, where `heads` need the encoder

    def probabilities(self, items: Sequence[terms.Item], vectors: terms.Floats | None) -> list[terms.Floats]:
        """Per head, mails × classes, by the best profile."""
        matrix, heads = self.pipeline["features"].transform(items), self.pipeline["heads"]
        if vectors is None or heads.encoded is None:
            return list(heads.predict_proba(matrix))
        return list(heads.encoded.predict_proba(features.beside(matrix, vectors)))


@dataclass(slots=True)
class _Task:
    """One view of one head: its labels, and its out-of-fold scores as they come in."""

    name: str
    view: str
    classes: list[str]
    truth: NDArray[np.intp]  # index of the class, -1 without a label
    c: float
    scores: NDArray[np.float64]
    counted: NDArray[np.bool_]  # labelled rows on whose scores C, temperature and threshold rest

    @property
    def labelled(self) -> NDArray[np.bool_]:
        return np.asarray(self.truth >= 0)

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Rows on which a threshold is certified: the counted ones, but few of them speak for nobody else."""
        return self.counted if 2 * self.counted.sum() >= self.labelled.sum() else self.labelled


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of the rows as the views see them."""

    words: sparse.csr_matrix
    vectors: terms.Floats | None

    def seen_by(self, view: str) -> Any:
        if view == WORDS or self.vectors is None:
            return self.words
        return features.beside(self.words, self.vectors) if view == BOTH else terms.VECTOR_WEIGHT * self.vectors


def fit(
    rows: Sequence[Row],
    settings: Settings,
    progress: Progress = lambda _step: None,
    *,
    vectors: terms.Floats | None = None,
    torn: bool = False,
) -> Trained:
    """Fits on all rows. They come with groups. Raises UsageError when no head can be fitted.

    `vectors`: the encoder's, for the encoder profile; `torn`: see `split.folds`.
    """
    tasks = [task for view in _views(rows, vectors) for name in HEADS if (task := _task(name, view, rows))]
    if not tasks:
        raise UsageError(
            "there is nothing to learn: no label has two classes",
            remedy=f"each head needs at least two classes with {LEAST_ROWS} different mails each",
        )
    items = [row.item for row in rows]
    fold_of = np.array(folds(rows, settings.folds(len(rows)), torn=torn))
    for task in tasks:
        task.counted = _with_their_class(task.truth, fold_of)
    _out_of_fold(tasks, items, vectors, fold_of, progress)
    progress("fitting on all rows")
    union = features.make_features(items)
    part = _Part(sparse.csr_matrix(union.fit_transform(items)), vectors)
    everything = np.ones(len(rows), dtype=bool)
    lean = [_Linear.of(task, _fit_head(task, part, everything)) for task in tasks if task.view == WORDS]
    results = {one.task.name: _result(one.task, settings) for one in lean}
    heads = _heads(lean, results)
    if vectors is None:
        return Trained(pipeline=features.assemble(union, heads), heads=results)
    blends = [_blend([task for task in tasks if task.name == one.task.name], part) for one in lean]
    encoded = {one.task.name: _result(one.task, settings, one.meaning) for one in blends}
    return Trained(pipeline=features.assemble(union, heads, _heads(blends, encoded)), heads=encoded, lean=results)


def _with_their_class(truth: NDArray[np.intp], fold_of: NDArray[Any]) -> NDArray[np.bool_]:
    """Labelled rows whose fold leaves at least half of their class to learn from.

    Template variants can chain a whole topic into one group, which then is in one fold: the scores of these rows come
    from a model that has never seen their topic, which the final model has, so they say nothing about it.
    """
    labelled = truth >= 0
    table = np.zeros((truth.max() + 1, fold_of.max() + 1))
    np.add.at(table, (truth[labelled], fold_of[labelled]), 1)
    enough = table[truth, fold_of] <= 0.5 * table.sum(axis=1)[truth]
    counted = np.asarray(labelled & enough)
    return counted if counted.sum() >= _LEAST_COUNTED else np.asarray(labelled)


def _views(rows: Sequence[Row], vectors: terms.Floats | None) -> tuple[str, ...]:
    if vectors is None:
        return (WORDS,)
    return (WORDS, BOTH, MEANING) if len(rows) <= _MEANING_ROWS else (WORDS, BOTH)


def _task(name: str, view: str, rows: Sequence[Row]) -> _Task | None:
    labels = [row.label(name) for row in rows]
    classes = sorted({label for label in labels if label is not None})
    if len(classes) < 2:
        return None
    index = {label: place for place, label in enumerate(classes)}
    truth = np.array([-1 if label is None else index[label] for label in labels])
    scores = np.full((len(rows), served.outputs(classes)), _ABSENT)
    c = CHOICES_OF_C[view][1]
    return _Task(name=name, view=view, classes=classes, truth=truth, c=c, scores=scores, counted=truth >= 0)


def _out_of_fold(
    tasks: list[_Task],
    items: list[terms.Item],
    vectors: terms.Floats | None,
    fold_of: NDArray[Any],
    progress: Progress,
) -> None:
    """Fills each task's scores, every row by a model that has not seen it; the first fold also chooses C."""
    count = int(fold_of.max()) + 1
    for fold in range(count):
        progress(f"fold {fold + 1} of {count}")
        inside, outside = fold_of != fold, fold_of == fold
        items_inside = [items[row] for row in np.flatnonzero(inside)]
        union = features.make_features(items_inside)
        words = sparse.csr_matrix(union.fit_transform(items_inside))
        seen = _Part(words, None if vectors is None else vectors[inside])
        words = sparse.csr_matrix(union.transform([items[row] for row in np.flatnonzero(outside)]))
        unseen = _Part(words, None if vectors is None else vectors[outside])
        for task in tasks:
            model = _choose_c(task, seen, unseen, inside, outside) if fold == 0 else _fit_head(task, seen, inside)
            task.scores[outside] = _scores(task, model, unseen)


def _choose_c(task: _Task, seen: _Part, unseen: _Part, inside: NDArray[Any], outside: NDArray[Any]) -> Any:
    """Sets the C that does best on the fold left out, the smaller one when they are equal; returns its model."""
    counted = task.counted[outside] if task.counted[outside].any() else task.labelled[outside]
    truth = task.truth[outside][counted]
    best: tuple[float, float, Any] = (-1.0, 0.0, None)
    for c in CHOICES_OF_C[task.view]:
        task.c = c
        model = _fit_head(task, seen, inside)
        value = _quality(task, truth, _winners(_scores(task, model, unseen))[counted])
        if value > best[0]:
            best = (value, c, model)
    task.c = best[1]
    return best[2]


def _quality(task: _Task, truth: NDArray[Any], predicted: NDArray[Any]) -> float:
    """Accuracy for topics; macro-F1 for the others, where one class may be nearly everything."""
    return float((predicted == truth).mean()) if task.name == "topic" else macro_f1(truth, predicted)


def _fit_head(task: _Task, part: _Part, inside: NDArray[Any]) -> Any:
    """A linear head on the labelled rows; `part` holds the rows that are `inside`."""
    labelled = task.labelled[inside]
    truth = task.truth[inside][labelled]
    if len(set(truth.tolist())) < 2:
        raise UsageError(
            f"the mails of the {task.name} head are too few or too alike to be split",
            remedy=f"each class needs at least {LEAST_ROWS} mails that are really different",
        )
    weight = "balanced" if task.name == "sentiment" else None
    if task.view == MEANING:
        model = LogisticRegression(C=task.c, class_weight=weight, max_iter=300, tol=1e-3)
    else:
        model = LinearSVC(C=task.c, class_weight=weight, random_state=SEED)
    return model.fit(part.seen_by(task.view)[labelled], truth)


def _scores(task: _Task, model: Any, part: _Part) -> NDArray[Any]:
    """Scores in the task's columns, also for classes that this fold lacks."""
    given = model.decision_function(part.seen_by(task.view))
    scores = np.full((part.words.shape[0], len(task.classes)), _ABSENT)
    if given.ndim == 1:
        if len(task.classes) == 2:
            return np.asarray(given[:, None])
        given = np.column_stack([-given, given])
    scores[:, model.classes_] = given
    return scores


def _winners(scores: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int))


@dataclass(frozen=True, slots=True)
class _Linear:
    """A fitted head as numbers, with the task whose out-of-fold scores it stands for."""

    task: _Task
    weights: NDArray[Any]  # outputs × features
    intercepts: NDArray[Any]
    meaning: float = 0.0

    @classmethod
    def of(cls, task: _Task, model: Any) -> _Linear:
        weights = np.asarray(model.coef_, dtype=np.float32)
        weights[np.abs(weights) < PRUNED_BELOW] = 0
        return cls(task, weights, np.ravel(model.intercept_))


def _blend(views: Sequence[_Task], part: _Part) -> _Linear:
    """The encoder profile's head: the proportion of its two views is chosen by their out-of-fold scores."""
    everything = np.ones(part.words.shape[0], dtype=bool)
    both = next(task for task in views if task.view == BOTH)
    alone = next((task for task in views if task.view == MEANING), None)
    first = _Linear.of(both, _fit_head(both, part, everything))
    if alone is None:
        return first
    degrees = [calibrate.temperature(task.scores[task.counted], task.truth[task.counted]) for task in (both, alone)]
    mixed = {share: (1 - share) * both.scores / degrees[0] + share * alone.scores / degrees[1] for share in PROPORTIONS}
    known = both.counted
    share = max(PROPORTIONS, key=lambda one: (_quality(both, both.truth[known], _winners(mixed[one])[known]), -one))
    second = _Linear.of(alone, _fit_head(alone, part, everything))
    weights = (1 - share) / degrees[0] * first.weights
    weights[:, part.words.shape[1] :] += share / degrees[1] * second.weights
    intercepts = (1 - share) / degrees[0] * first.intercepts + share / degrees[1] * second.intercepts
    return _Linear(replace(both, scores=mixed[share]), weights, intercepts, share)


def _result(task: _Task, settings: Settings, meaning: float = 0.0) -> HeadFit:
    degree = calibrate.temperature(task.scores[task.counted], task.truth[task.counted])
    truth, scores = task.truth[task.judged], task.scores[task.judged]
    given = served.probabilities(scores, degree)
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
        meaning=meaning,
    )


def _level(confidence: NDArray[Any], right: NDArray[np.bool_], level: float) -> dict[str, float | None]:
    certified = calibrate.certify(confidence, right, level)
    return {"threshold": certified.threshold, "coverage": certified.coverage}


def _heads(fitted: list[_Linear], results: Mapping[str, HeadFit]) -> features.Heads:
    weights = np.vstack([one.weights for one in fitted]).T.astype(np.float32)
    return features.Heads(
        names=[one.task.name for one in fitted],
        classes=[one.task.classes for one in fitted],
        weights=sparse.csr_matrix(weights),
        intercepts=np.concatenate([one.intercepts for one in fitted]).astype(np.float32),
        temperatures=[results[one.task.name].temperature for one in fitted],
    )
