"""How good a version is on rows it has not fitted: per head, per class, per language, and where it is sure."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.learn.dataset import Row
from pipeline.learn.manifest import HeadFigures, PartFigures
from pipeline.learn.model_document import ClassDocument

Labelled = NDArray[np.object_]  # the names of classes, one a mail
Classes = Labelled | NDArray[np.intp]  # or their places
Figures = TypeVar("Figures", bound=Mapping[str, object])
NONE_OF_THESE = "(none of these)"  # in place of a label that the version does not know
_BINS = 15
_LEAST_OF_A_PART = 20  # rows below which the figures of a language or kind would say nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What one head says of some rows that have a label for it."""

    classes: Sequence[str]
    truth: Labelled
    predicted: Labelled
    confidence: NDArray[np.floating]
    sure: NDArray[np.bool_]
    languages: NDArray[np.object_]
    kinds: NDArray[np.object_]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which mails got the label they have; one a mail."""
        return np.asarray(self.predicted == self.truth)


def judge(
    head: str,
    classes: Sequence[str],
    rows: Sequence[Row],
    probabilities: NDArray[np.floating],
    threshold: float | None,
    known: NDArray[np.bool_] | None = None,
) -> Judgement | None:
    """Sets predictions beside labels; None when no row has one. `known`: rows with any feature of the model."""
    has_label = np.array([row.label(head) is not None for row in rows], dtype=bool)
    if not has_label.any():
        return None
    labelled = [row for row in rows if row.label(head) is not None]
    may_be_sure = None if known is None else known[has_label]
    return of_labelled(head, classes, labelled, probabilities[has_label], threshold, may_be_sure)


def of_labelled(
    head: str,
    classes: Sequence[str],
    rows: Sequence[Row],
    probabilities: NDArray[np.floating],
    threshold: float | None,
    known: NDArray[np.bool_] | None = None,
) -> Judgement:
    """The same for rows that all have a label."""
    confidence = probabilities.max(axis=1)
    sure = is_sure(confidence if known is None else np.where(known, confidence, 0.0), threshold)
    return beside_labels(head, classes, rows, probabilities.argmax(axis=1), confidence, sure)


def is_sure(confidence: NDArray[np.floating], threshold: float | None) -> NDArray[np.bool_]:
    """Which reach the threshold; one a mail."""
    return confidence >= threshold if threshold is not None else np.zeros(len(confidence), dtype=bool)


def beside_labels(
    head: str,
    classes: Sequence[str],
    rows: Sequence[Row],
    places: NDArray[np.intp],
    confidence: NDArray[np.floating],
    sure: NDArray[np.bool_],
) -> Judgement:
    """Classes that were given (by their places) beside the labels of the rows."""
    return Judgement(
        classes=classes,
        truth=np.array([_truth(row.label(head), classes) for row in rows], dtype=object),
        predicted=np.array(classes, dtype=object)[places],
        confidence=confidence,
        sure=sure,
        languages=np.array([row.language for row in rows], dtype=object),
        kinds=np.array([row.kind for row in rows], dtype=object),
    )


def _truth(label: str | None, classes: Sequence[str]) -> str | None:
    """A label that this version has not learned is one like another: whatever it says is wrong."""
    return label if label in classes else NONE_OF_THESE


def metrics(judgement: Judgement, threshold: float | None) -> HeadFigures:
    """The figures of one head, ready for JSON."""
    right, sure = judgement.right, judgement.sure
    return {
        "classes": len(judgement.classes),
        "rows": len(right),
        "accuracy": _share(right),
        "macro_f1": macro_f1(judgement.truth, judgement.predicted),
        "ece": calibration_error(judgement.confidence, right),
        "threshold": threshold,
        "coverage": _share(sure),
        "error_when_sure": _wrong(right[sure]),
        "per_class": _per_class(judgement),
        "languages": _per_part(judgement, judgement.languages),
        "kinds": _per_part(judgement, judgement.kinds),
    }


def macro_f1(truth: Classes, predicted: Classes) -> float:
    """The mean F1 of all classes that occur, 0 to 1. Both: one label a mail."""
    from sklearn.metrics import f1_score

    return float(f1_score(truth.astype(str), predicted.astype(str), average="macro", zero_division=0))


def calibration_error(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Expected calibration error over fifteen bins of equal width, 0 to 1 (Guo et al. 2017). Both: one a mail."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float(confidence[bins == b].sum()) - float(right[bins == b].sum())) for b in range(_BINS)]
    return sum(gaps) / len(right)


def _per_class(judgement: Judgement) -> dict[str, ClassDocument]:
    from sklearn.metrics import precision_recall_fscore_support

    names = sorted({*judgement.classes, *judgement.truth.tolist()})
    with warnings.catch_warnings():  # a class without rows here is a zero, not news
        warnings.simplefilter("ignore")
        table = precision_recall_fscore_support(
            judgement.truth.astype(str), judgement.predicted.astype(str), labels=names, zero_division=0
        )
    return {
        name: {"precision": float(p), "recall": float(r), "f1": float(f), "support": int(support)}
        for name, p, r, f, support in zip(names, *table, strict=True)
    }


def _per_part(judgement: Judgement, part_of: NDArray[np.object_]) -> dict[str, PartFigures]:
    """The figures of each part that is large enough; `part_of`: one a mail, '' where nobody says."""
    figures: dict[str, PartFigures] = {}
    for part in sorted(set(part_of.tolist()) - {""}):
        of_it = part_of == part
        if of_it.sum() >= _LEAST_OF_A_PART:
            figures[part] = {
                "rows": int(of_it.sum()),
                "accuracy": _share(judgement.right[of_it]),
                "macro_f1": macro_f1(judgement.truth[of_it], judgement.predicted[of_it]),
                "coverage": _share(judgement.sure[of_it]),
                "error_when_sure": _wrong(judgement.right[of_it & judgement.sure]),
            }
    return figures


def _wrong(right: NDArray[np.bool_]) -> float | None:
    return 1 - _share(right) if len(right) else None


def _share(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else 0.0


def plain(figures: Figures) -> Figures:
    """The same figures, of the same shape, rounded to what they are worth."""

    def rounded(value: object) -> object:
        if isinstance(value, float):
            return round(value, 6)
        return {key: rounded(inner) for key, inner in value.items()} if isinstance(value, Mapping) else value

    return cast("Figures", rounded(figures))  # its keys are kept, and a number stays one
