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

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.pipeline import Pipeline

from pipeline.errors import TooLittleToLearnError
from pipeline.learn import calibrate, evaluate, features, served, terms
from pipeline.learn.blend import blend
from pipeline.learn.crew import HERE, Crew
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.evaluate import Judgement, macro_f1
from pipeline.learn.evidence import CertifyingMail, CheckMail, evidence_of
from pipeline.learn.heads import BOTH, LEAST_ROWS, MEANING, WORDS, LinearHead, RowsSeen, fit_head, make_task
from pipeline.learn.manifest import CertifiedOn, Level
from pipeline.learn.out_of_fold import Lesson, rows_with_their_class, score_out_of_fold
from pipeline.learn.split import folds
from pipeline.learn.vocabulary import MIN_SENDERS, Writers

MAX_ERROR = {"topic": 0.05, "sentiment": 0.05, "complaint": 0.05}  # where nothing else is asked
LEVELS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)  # of error: what would certify is told for each
_SMALL = 5_000  # rows up to which more folds cost little and give thresholds nearer to the whole model's
_MEANING_ROWS = 30_000  # up to which LogisticRegression takes seconds; with more rows it adds nothing

Progress = Callable[[str], None]  # called when a step begins


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a training can be told."""

    max_error: Mapping[str, float] = field(default_factory=lambda: dict(MAX_ERROR))
    thorough: bool = False
    min_senders: int = MIN_SENDERS  # that must use a word, for it to be learned

    def folds(self, rows: int) -> int:
        """Into how many folds this many rows are cut."""
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
    certified_on: CertifiedOn
    suspect: float | None  # complaint only: above it a ticket "to check"
    accuracy: float
    macro_f1: float
    levels: Mapping[str, Level]
    unseen: Judgement  # of the fitted rows, each by a model that had not seen it
    judged: tuple[str, ...]  # the hashes of these rows
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


def fit(
    rows: Sequence[Row],
    settings: Settings,
    progress: Progress = lambda _step: None,
    *,
    vectors: terms.Floats | None = None,
    torn: Collection[str] = frozenset(),
    check: CheckMail | None = None,
    crew: Crew = HERE,
) -> Trained:
    """Fits on all rows. They come with groups. Raises UsageError when no head can be fitted.

    `vectors`: the encoder's, for the encoder profile; `torn`: see `split.folds`; `check`: mails that are not fitted,
    for the thresholds; `crew`: who scores the folds.
    """
    tasks = [task for view in _views(rows, vectors) for name in HEADS if (task := make_task(name, view, rows))]
    if not tasks:
        raise TooLittleToLearnError(
            "there is nothing to learn: no label has two classes",
            remedy=f"each head needs at least two classes with {LEAST_ROWS} different mails each",
        )
    items = [row.item for row in rows]
    fold_of = np.array(folds(rows, settings.folds(len(rows)), torn=torn))
    for task in tasks:
        task.counted = rows_with_their_class(task.truth, fold_of)
    writers = Writers.of(rows, settings.min_senders)
    lesson = Lesson([task.unscored for task in tasks], items, vectors, fold_of, writers)
    score_out_of_fold(tasks, lesson, progress, crew)
    progress("fitting on all rows")
    union = features.make_features(items, writers)
    part = RowsSeen(sparse.csr_matrix(union.fit_transform(items)), vectors)
    everything = np.ones(len(rows), dtype=bool)
    lean = [LinearHead.of(task, fit_head(task, part, everything)) for task in tasks if task.view == WORDS]
    check = check or CheckMail()
    seen = check.seen_by(union)

    def result(head: LinearHead) -> HeadFit:
        return _result(head, rows, settings, evidence_of(head, rows, check, seen))

    results = {one.task.name: result(one) for one in lean}
    heads = _heads(lean, results)
    if vectors is None:
        return Trained(pipeline=features.assemble(union, heads), heads=results)
    blends = [blend([task for task in tasks if task.name == one.task.name], part) for one in lean]
    encoded = {one.task.name: result(one) for one in blends}
    return Trained(pipeline=features.assemble(union, heads, _heads(blends, encoded)), heads=encoded, lean=results)


def _views(rows: Sequence[Row], vectors: terms.Floats | None) -> tuple[str, ...]:
    if vectors is None:
        return (WORDS,)
    return (WORDS, BOTH, MEANING) if len(rows) <= _MEANING_ROWS else (WORDS, BOTH)


def _result(head: LinearHead, rows: Sequence[Row], settings: Settings, evidence: CertifyingMail) -> HeadFit:
    task = head.task
    degree = calibrate.temperature(task.scores[task.counted], task.truth[task.counted])
    truth, scores = task.truth[task.judged], task.scores[task.judged]
    judged = [row for row, is_judged in zip(rows, task.judged.tolist(), strict=True) if is_judged]
    given = served.probabilities(scores, degree)
    shown = served.probabilities(evidence.scores, degree)
    right = np.asarray(shown.argmax(axis=1) == evidence.truth)
    confidence = shown.max(axis=1)
    is_complaint = evidence.truth == 1
    max_error = settings.max_error[task.name]
    certified = calibrate.certify(confidence, right, max_error)
    return HeadFit(
        classes=tuple(task.classes),
        c=task.c,
        temperature=degree,
        max_error=max_error,
        certified=certified,
        certified_on=evidence.mails,
        suspect=calibrate.suspicion(shown[:, 1], is_complaint) if task.name == "complaint" else None,
        accuracy=float((given.argmax(axis=1) == truth).mean()),
        macro_f1=macro_f1(truth, given.argmax(axis=1)),
        levels={f"{level:g}": _level(confidence, right, level) for level in LEVELS},
        unseen=evaluate.of_labelled(task.name, task.classes, judged, given, certified.threshold),
        judged=tuple(row.hash for row in judged),
        meaning=head.meaning,
    )


def _level(confidence: NDArray[np.floating], right: NDArray[np.bool_], level: float) -> Level:
    certified = calibrate.certify(confidence, right, level)
    return {"threshold": certified.threshold, "coverage": certified.coverage}


def _heads(fitted: list[LinearHead], results: Mapping[str, HeadFit]) -> features.Heads:
    weights = np.vstack([one.weights for one in fitted]).T.astype(np.float32)
    return features.Heads(
        names=[one.task.name for one in fitted],
        classes=[one.task.classes for one in fitted],
        weights=sparse.csr_matrix(weights),
        intercepts=np.concatenate([one.intercepts for one in fitted]).astype(np.float32),
        temperatures=[results[one.task.name].temperature for one in fitted],
    )
