"""What the card draws: is the confidence honest, what does being sure cost, what is confused, would more mail help?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from pipeline.learn import features, served
from pipeline.learn.crew import HERE, Crew
from pipeline.learn.dataset import Row
from pipeline.learn.evaluate import Judgement, Labelled, macro_f1
from pipeline.learn.manifest import Bin, Confusion, CurvePoint, Curves, OutOfScope, RiskPoint
from pipeline.learn.vocabulary import Writers

BINS = 10
POINTS = 40  # of the risk-coverage curve
PAIRS = 12  # of classes most often confused
FRACTIONS = (0.125, 0.25, 0.5)  # of the fitted rows, for the learning curve
SMALL = 6_000  # rows up to which the extra fits cost seconds
_LEAST = 2  # classes that may be left out to see what happens with mail about nothing known
_SEED = 7


def draw_curves(judgement: Judgement) -> Curves:
    """The curves of one head that need nothing but its judgement."""
    return {
        "reliability": reliability(judgement.confidence, judgement.right),
        "risk_coverage": risk_coverage(judgement.confidence, judgement.right),
        "confusions": confusions(judgement),
    }


def reliability(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> list[Bin]:
    """Mean confidence and share of right ones, in bins of equal width; empty bins are left out."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "confidence": round(float(confidence[bins == b].mean()), 4),
            "accuracy": round(float(right[bins == b].mean()), 4),
            "rows": int((bins == b).sum()),
        }
        for b in range(BINS)
        if (bins == b).any()
    ]


def risk_coverage(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> list[RiskPoint]:
    """Share of wrong ones among the most confident, for growing shares of mail (El-Yaniv and Wiener 2010)."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    counts = sorted({max(1, round(len(right) * step / POINTS)) for step in range(1, POINTS + 1)})
    return [
        {
            "coverage": round(count / len(right), 4),
            "error": round(float(wrong[count - 1]) / count, 4),
            "threshold": round(float(confidence[order[count - 1]]), 4),
        }
        for count in counts
    ]


def confusions(judgement: Judgement) -> list[Confusion]:
    """Which label was taken for which, the commonest first."""
    pairs = Counter(
        (str(truth), str(predicted))
        for truth, predicted in zip(judgement.truth, judgement.predicted, strict=True)
        if truth != predicted
    )
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:PAIRS]
    return [{"truth": truth, "predicted": predicted, "rows": count} for (truth, predicted), count in ranked]


@dataclass(frozen=True, eq=False, repr=False)
class CurveLesson:
    """What the points of a learning curve share. Never shown in words: a log of Dask's would quote the mails."""

    head: str
    c: float
    order: Sequence[Row]  # to fit on, more and more of them
    judged: Sequence[Row]


def learning_curve(
    head: str, c: float, fitted: Sequence[Row], test: Sequence[Row], crew: Crew = HERE
) -> list[CurvePoint]:
    """Accuracy and macro-F1 on the test part after fitting growing parts of the rows, whole groups at a time."""
    train = [row for row in fitted if row.learned(head) is not None]
    judged = [row for row in test if row.label(head) is not None]
    if not judged:
        return []
    lesson = CurveLesson(head, c, _shuffled_groups(train), judged)
    sizes = [max(2, round(len(train) * fraction)) for fraction in (*FRACTIONS, 1.0)]
    return [point for point in crew.each(curve_point, lesson, sizes) if point is not None]


def curve_point(lesson: CurveLesson, rows: int) -> CurvePoint | None:
    """The figures after fitting so many rows; None where these have but one class."""
    part = lesson.order[:rows]
    predicted = _fit_and_predict(lesson.head, lesson.c, part, lesson.judged)
    if predicted is None:
        return None
    truth = np.array([row.label(lesson.head) for row in lesson.judged], dtype=object)
    return {
        "rows": len(part),
        "accuracy": round(float((predicted == truth).mean()), 4),
        "macro_f1": round(macro_f1(truth, predicted), 4),
    }


def _shuffled_groups(rows: list[Row]) -> list[Row]:
    """Rows in a seeded order that keeps groups together."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    keys = list(groups)
    np.random.default_rng(_SEED).shuffle(keys)
    return [row for key in keys for row in groups[key]]


def _fit_and_predict(head: str, c: float, rows: Sequence[Row], judged: Sequence[Row]) -> Labelled | None:
    labels = [row.label(head) for row in rows]
    if len(set(labels)) < 2:
        return None
    items = [row.item for row in rows]
    union = features.make_features(items, Writers.of(rows))
    model = LinearSVC(C=c, random_state=_SEED).fit(sparse.csr_matrix(union.fit_transform(items)), labels)
    return np.asarray(model.predict(union.transform([row.item for row in judged])), dtype=object)


def out_of_scope(c: float, temperature: float, fitted: Sequence[Row], test: Sequence[Row]) -> OutOfScope | None:
    """What the topic head makes of mail about topics it has never seen: some topics are left out of a fit of its own.

    `auroc`: how well confidence tells known from unknown mail (0.5 is chance). None when there are too few topics.
    """
    topics = sorted({topic for row in fitted if (topic := row.learned("topic")) is not None})
    if len(topics) < 2 * _LEAST + 1:
        return None
    rng = np.random.default_rng(_SEED)
    left_out = sorted(rng.choice(topics, size=max(_LEAST, len(topics) // 6), replace=False).tolist())
    inside = [row for row in fitted if row.learned("topic") is not None and row.topic not in left_out]
    items = [row.item for row in inside]
    union = features.make_features(items, Writers.of(inside))
    matrix = sparse.csr_matrix(union.fit_transform(items))
    model = LinearSVC(C=c, random_state=_SEED).fit(matrix, [row.topic for row in inside])
    known = _confidences(union, model, temperature, [row for row in test if row.topic and row.topic not in left_out])
    unknown = _confidences(union, model, temperature, [row for row in test if row.topic in left_out])
    if not len(known) or not len(unknown):
        return None
    return {
        "left_out": left_out,
        "rows": len(unknown),
        "auroc": round(_auroc(known, unknown), 4),
        "median_confidence_known": round(float(np.median(known)), 4),
        "median_confidence_unknown": round(float(np.median(unknown)), 4),
    }


def _confidences(
    union: FeatureUnion, model: LinearSVC, temperature: float, rows: Sequence[Row]
) -> NDArray[np.floating]:
    if not rows:
        return np.array([])
    scores = model.decision_function(union.transform([row.item for row in rows]))
    return np.asarray(served.probabilities(np.asarray(scores), temperature).max(axis=1))


def _auroc(known: NDArray[np.floating], unknown: NDArray[np.floating]) -> float:
    from sklearn.metrics import roc_auc_score

    truth = np.concatenate([np.ones(len(known)), np.zeros(len(unknown))])
    return float(roc_auc_score(truth, np.concatenate([known, unknown])))
