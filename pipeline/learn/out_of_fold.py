"""Scores of every fitted row by a model that has not seen it: what C, temperatures and thresholds are chosen by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.learn import features, terms
from pipeline.learn.crew import Crew
from pipeline.learn.heads import CHOICES_OF_C, Model, RowsSeen, Task, fit_head, quality_of, score, winners_of
from pipeline.learn.vocabulary import Writers

_LEAST_COUNTED = 100  # rows; fewer say too little about the temperature


def rows_with_their_class(truth: NDArray[np.intp], fold_of: NDArray[np.intp]) -> NDArray[np.bool_]:
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


@dataclass(frozen=True, eq=False, repr=False)
class Lesson:
    """What all folds share. Never shown in words: a log of Dask's would quote the mails."""

    tasks: Sequence[Task]
    items: Sequence[terms.Item]
    vectors: terms.Floats | None
    fold_of: NDArray[np.intp]
    writers: Writers


@dataclass(frozen=True, slots=True)
class Fold:
    """One fold to score. `chosen`: the C of each task; empty: choose them on this fold."""

    number: int
    chosen: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class FoldScore:
    """Of one task on the rows of a fold."""

    c: float
    scores: NDArray[np.float64]


def score_out_of_fold(tasks: list[Task], lesson: Lesson, progress: Callable[[str], None], crew: Crew) -> None:
    """Fills each task's scores, every row by a model that has not seen it; the first fold also chooses C, the others
    need nothing of each other."""
    count = int(lesson.fold_of.max()) + 1
    progress(f"fold 1 of {count}")
    _take(tasks, lesson.fold_of == 0, next(crew.each(score_fold, lesson, [Fold(0)])))
    chosen = tuple(task.c for task in tasks)
    others = crew.each(score_fold, lesson, [Fold(fold, chosen) for fold in range(1, count)])
    for fold in range(1, count):
        progress(f"fold {fold + 1} of {count}")
        _take(tasks, lesson.fold_of == fold, next(others))


def _take(tasks: Sequence[Task], outside: NDArray[np.bool_], found: Sequence[FoldScore]) -> None:
    for task, of_task in zip(tasks, found, strict=True):
        task.c = of_task.c
        task.scores[outside] = of_task.scores


def score_fold(lesson: Lesson, fold: Fold) -> list[FoldScore]:
    """The rows of one fold, each task by a model that was fitted on the other folds."""
    inside, outside = lesson.fold_of != fold.number, lesson.fold_of == fold.number
    items_inside = [lesson.items[row] for row in np.flatnonzero(inside).tolist()]
    union = features.make_features(items_inside, lesson.writers.some(inside))
    words = sparse.csr_matrix(union.fit_transform(items_inside))
    seen = RowsSeen(words, None if lesson.vectors is None else lesson.vectors[inside])
    words = sparse.csr_matrix(union.transform([lesson.items[row] for row in np.flatnonzero(outside).tolist()]))
    unseen = RowsSeen(words, None if lesson.vectors is None else lesson.vectors[outside])
    found = []
    for place, task in enumerate(lesson.tasks):
        if fold.chosen:
            task = replace(task, c=fold.chosen[place])
            model = fit_head(task, seen, inside)
        else:
            task, model = _choose_c(task, seen, unseen, inside, outside)
        found.append(FoldScore(task.c, score(task, model, unseen)))
    return found


def _choose_c(
    task: Task, seen: RowsSeen, unseen: RowsSeen, inside: NDArray[np.bool_], outside: NDArray[np.bool_]
) -> tuple[Task, Model]:
    """The task with the C that does best on the fold left out, the smaller one when they are equal; and its model."""
    counted = task.counted[outside] if task.counted[outside].any() else task.labelled[outside]
    truth = task.truth[outside][counted]
    best: tuple[float, Task, Model] = (-1.0, task, None)
    for c in CHOICES_OF_C[task.view]:
        tried = replace(task, c=c)
        model = fit_head(tried, seen, inside)
        value = quality_of(tried, truth, winners_of(score(tried, model, unseen))[counted])
        if value > best[0]:
            best = (value, tried, model)
    return best[1:]
