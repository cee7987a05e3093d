"""What a version says of mail that it has not fitted: its word on fitted mail is worth nothing.

Where there are few labels everything is fitted, and nothing is kept out to compare two versions on. So a version keeps,
for each fitted row, what was said of it out of fold, by a model that had not seen it. A row is named by its keyed hash
as in the other files (version.py), a label by its place among the classes of the head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.learn import evaluate
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.evaluate import Judgement
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.version import ROWS_FITTED, Version

NOTHING = -1  # in place of a class
_SILENT = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What one head says of some mails: the place of the class, or NOTHING, and how sure it is."""

    places: NDArray[np.intp]
    confidence: NDArray[np.floating]

    @property
    def given(self) -> NDArray[np.bool_]:
        """Of which mails it says anything; one a mail."""
        return np.asarray(self.places != NOTHING)

    def judge(
        self, head: str, classes: Sequence[str], rows: Sequence[Row], which: NDArray[np.bool_], threshold: float | None
    ) -> Judgement:
        """Beside the labels of the rows that are meant (`which`, one a row): they have one, and it says something."""
        meant = [row for row, is_meant in zip(rows, which.tolist(), strict=True) if is_meant]
        confidence = self.confidence[which]
        sure = evaluate.is_sure(confidence, threshold)
        return evaluate.beside_labels(head, classes, meant, self.places[which], confidence, sure)


def lines_of(judged: Mapping[str, tuple[Sequence[str], Judgement]]) -> dict[str, str]:
    """For the file of a version: by hash of the row, what was said of it for each head.

    `judged`: by head, the hashes of rows and what was said of them.
    """
    said: dict[str, dict[str, str]] = {}
    for head, (hashes, judgement) in judged.items():
        place = {name: str(number) for number, name in enumerate(judgement.classes)}
        for one, predicted, confidence in zip(hashes, judgement.predicted, judgement.confidence, strict=True):
            said.setdefault(one, {})[head] = f"{place[predicted]}:{confidence:.4f}"
    return {one: " ".join(words.get(head, _SILENT) for head in HEADS) for one, words in said.items()}


def words_of(version: Version, predictor: ModelPredictor, rows: Sequence[Row]) -> dict[str, Words]:
    """By head. Of rows that the version has fitted what it kept, of others what it says now."""
    fitted = version.rows(ROWS_FITTED)
    has_fitted = np.array([row.hash in fitted for row in rows], dtype=bool)
    kept = version.said([row.hash for row in rows])
    given, known = predictor.probabilities([row.item for row in rows])
    words: dict[str, Words] = {}
    for head, probabilities in given.items():
        places, confidence = probabilities.argmax(axis=1), np.where(known, probabilities.max(axis=1), 0.0)
        places[has_fitted] = NOTHING
        for row, line in enumerate(kept):
            word = line.split(" ")[HEADS.index(head)] if line else _SILENT
            if word != _SILENT:
                place, _, sureness = word.partition(":")
                places[row], confidence[row] = int(place), float(sureness)
        words[head] = Words(places=places, confidence=confidence)
    return words
