"""One linear head: what it sees of a mail, how it is fitted, and how it scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from pipeline.errors import TooLittleToLearnError
from pipeline.learn import features, served, terms
from pipeline.learn.dataset import Row
from pipeline.learn.evaluate import macro_f1

Model = Any  # LinearSVC or LogisticRegression: scikit-learn comes without types
FeatureMatrix = Any  # rows × features: csr_matrix of scipy, which comes without types, or Floats
SEED = 20260131
WORDS, BOTH, MEANING = "words", "words and meaning", "meaning"  # what a head sees of a mail
CHOICES_OF_C = {WORDS: (0.1, 0.3, 1.0), BOTH: (0.1, 0.3, 1.0), MEANING: (1.0, 3.0, 10.0)}
LEAST_ROWS = 5  # of a class, near-duplicates counted once
# A topic is learned from two mails on: one of them is always judged by a model that knows the other, so that the
# threshold takes account of how badly it is known; left out, each of its mails would be wrong.
LEAST_OF = {"topic": 2, "sentiment": LEAST_ROWS, "complaint": LEAST_ROWS}
PRUNED_BELOW = 0.01  # weights that change no decision and fill the file
RARE = -2  # in place of a class: the row's topic is none of those that are learned
ABSENT = -5.0  # score of a class that a fold has not seen


@dataclass(slots=True)
class Task:
    """One view of one head: its labels, and its out-of-fold scores as they come in."""

    name: str
    view: str
    classes: list[str]
    truth: NDArray[np.intp]  # index of the class, -1 without a label, RARE with one that is not learned
    c: float
    scores: NDArray[np.float64]
    counted: NDArray[np.bool_]  # labelled rows on whose scores C, temperature and threshold rest

    @property
    def unscored(self) -> Task:
        """The same without its scores, which nobody needs who fits it."""
        return replace(self, scores=np.empty((0, 0)))

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Which rows have a label; one a row."""
        return np.asarray(self.truth >= 0)

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Rows on which a threshold is certified: the counted ones, but few of them speak for nobody else; and those of
        rare topics, about which the model can only be wrong."""
        learned = self.counted if 2 * self.counted.sum() >= self.labelled.sum() else self.labelled
        return np.asarray(learned | (self.truth == RARE))


@dataclass(frozen=True, slots=True)
class RowsSeen:
    """Some of the rows as the views see them."""

    words: sparse.csr_matrix
    vectors: terms.Floats | None

    def seen_by(self, view: str) -> FeatureMatrix:
        """Rows × features of a view."""
        if view == WORDS or self.vectors is None:
            return self.words
        return features.beside(self.words, self.vectors) if view == BOTH else terms.VECTOR_WEIGHT * self.vectors


def make_task(name: str, view: str, rows: Sequence[Row]) -> Task | None:
    """The task of a head and view, without scores yet; None without two classes."""
    labels = [row.learned(name) for row in rows]
    classes = sorted({label for label in labels if label is not None})
    if len(classes) < 2:
        return None
    index = {label: place for place, label in enumerate(classes)}
    truth = np.array([-1 if label is None else index[label] for label in labels])
    truth[[row.rare and name == "topic" for row in rows]] = RARE
    scores = np.full((len(rows), served.outputs(classes)), ABSENT)
    c = CHOICES_OF_C[view][1]
    return Task(name=name, view=view, classes=classes, truth=truth, c=c, scores=scores, counted=truth >= 0)


def quality_of(task: Task, truth: NDArray[np.intp], predicted: NDArray[np.intp]) -> float:
    """Accuracy for topics; macro-F1 for the others, where one class may be nearly everything."""
    return float((predicted == truth).mean()) if task.name == "topic" else macro_f1(truth, predicted)


def fit_head(task: Task, part: RowsSeen, inside: NDArray[np.bool_]) -> Model:
    """A linear head on the labelled rows; `part` holds the rows that are `inside`."""
    labelled = task.labelled[inside]
    truth = task.truth[inside][labelled]
    if len(set(truth.tolist())) < 2:
        raise TooLittleToLearnError(
            f"the mails of the {task.name} head are too few or too alike to be split",
            remedy=f"each class needs at least {LEAST_ROWS} mails that are really different",
        )
    weight = "balanced" if task.name == "sentiment" else None
    if task.view == MEANING:
        model = LogisticRegression(C=task.c, class_weight=weight, max_iter=300, tol=1e-3)
    else:
        model = LinearSVC(C=task.c, class_weight=weight, random_state=SEED)
    return model.fit(part.seen_by(task.view)[labelled], truth)


def score(task: Task, model: Model, part: RowsSeen) -> NDArray[np.float64]:
    """Scores, rows × columns of the task; ABSENT for classes that this fold lacks."""
    given = model.decision_function(part.seen_by(task.view))
    scores = np.full((part.words.shape[0], len(task.classes)), ABSENT)
    if given.ndim == 1:
        if len(task.classes) == 2:
            return np.asarray(given[:, None])
        given = np.column_stack([-given, given])
    scores[:, model.classes_] = given
    return scores


def winners_of(scores: NDArray[np.floating]) -> NDArray[np.intp]:
    """Per row the index of the best class; scores of one column speak for the second."""
    return np.asarray(scores.argmax(axis=1) if scores.shape[1] > 1 else (scores[:, 0] > 0).astype(int))


@dataclass(frozen=True, slots=True)
class LinearHead:
    """A fitted head as numbers, with the task whose out-of-fold scores it stands for."""

    task: Task
    weights: NDArray[np.floating]  # outputs × features
    intercepts: NDArray[np.floating]
    meaning: float = 0.0

    @classmethod
    def of(cls, task: Task, model: Model) -> LinearHead:
        """From the fitted scikit-learn model; weights that change nothing are dropped."""
        weights = np.asarray(model.coef_, dtype=np.float32)
        weights[np.abs(weights) < PRUNED_BELOW] = 0
        return cls(task, weights, np.ravel(model.intercept_))

    def scores(self, part: RowsSeen) -> NDArray[np.float64]:
        """Rows × columns, of rows that it was not fitted on."""
        return np.asarray(part.seen_by(self.task.view) @ self.weights.T + self.intercepts, dtype=np.float64)
