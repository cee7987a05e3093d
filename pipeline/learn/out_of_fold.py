"""Scores of every fitted row by a model that has not seen it: what C, temperatures and thresholds are chosen by."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.learn import features, terms
from pipeline.learn.heads import CHOICES_OF_C, Model, RowsSeen, Task, fit_head, quality_of, score, winners_of

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


def score_out_of_fold(
    tasks: list[Task],
    items: list[terms.Item],
    vectors: terms.Floats | None,
    fold_of: NDArray[np.intp],
    progress: Callable[[str], None],
) -> None:
    """Fills each task's scores, every row by a model that has not seen it; the first fold also chooses C."""
    count = int(fold_of.max()) + 1
    for fold in range(count):
        progress(f"fold {fold + 1} of {count}")
        inside, outside = fold_of != fold, fold_of == fold
        items_inside = [items[row] for row in np.flatnonzero(inside)]
        union = features.make_features(items_inside)
        words = sparse.csr_matrix(union.fit_transform(items_inside))
        seen = RowsSeen(words, None if vectors is None else vectors[inside])
        words = sparse.csr_matrix(union.transform([items[row] for row in np.flatnonzero(outside)]))
        unseen = RowsSeen(words, None if vectors is None else vectors[outside])
        for task in tasks:
            model = _choose_c(task, seen, unseen, inside, outside) if fold == 0 else fit_head(task, seen, inside)
            task.scores[outside] = score(task, model, unseen)


def _choose_c(
    task: Task, seen: RowsSeen, unseen: RowsSeen, inside: NDArray[np.bool_], outside: NDArray[np.bool_]
) -> Model:
    """Sets the C that does best on the fold left out, the smaller one when they are equal; returns its model."""
    counted = task.counted[outside] if task.counted[outside].any() else task.labelled[outside]
    truth = task.truth[outside][counted]
    best: tuple[float, float, Model] = (-1.0, 0.0, None)
    for c in CHOICES_OF_C[task.view]:
        task.c = c
        model = fit_head(task, seen, inside)
        value = quality_of(task, truth, winners_of(score(task, model, unseen))[counted])
        if value > best[0]:
            best = (value, c, model)
    task.c = best[1]
    return best[2]
