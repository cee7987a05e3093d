"""Everything that lives inside a saved model: the vectorizers over the tokens of a mail and the three heads over them.

A saved Pipeline names these functions and classes by their place, so they stay here and keep their names; the tokens
themselves come from terms.py, and those of older versions are named here. What predicts is served.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline

from pipeline.learn.served import HeadWeights
from pipeline.learn.terms import (
    BLOCKS,
    MARKS,
    VECTOR_WEIGHT,
    WRITTEN,
    Floats,
    Item,
    ideas,
    letters,
    marks,
    subject_ideas,
    subject_words,
    text_words,
)
from pipeline.learn.vocabulary import LEAST_MAILS, Writers, learnable

# The tokens are among them for models saved before terms.py was a file of its own: they name these as of this one.
__all__ = [
    "Heads",
    "assemble",
    "beside",
    "ideas",
    "known",
    "letters",
    "make_features",
    "marks",
    "subject_ideas",
    "subject_words",
    "text_words",
]


def make_features(items: Sequence[Item], writers: Writers | None = None) -> FeatureUnion:
    """The unfitted blocks side by side, without those that these items have nothing for (mails without subjects).

    `writers`: of the items. What too few of them use enters no vocabulary; None: a vocabulary that nobody keeps.
    """
    blocks = [
        (name, block, weight) for name, tokens, weight in BLOCKS if (block := _block(name, tokens, items, writers))
    ]
    return FeatureUnion(
        [(name, block) for name, block, _weight in blocks],
        transformer_weights={name: weight for name, _block, weight in blocks},
    )


def _block(
    name: str, tokens: Callable[[Item], list[str]], items: Sequence[Item], writers: Writers | None
) -> TfidfVectorizer | None:
    if writers is None or not writers.are_known or name not in WRITTEN:
        if not _anything_twice(map(tokens, items)):
            return None
        return TfidfVectorizer(analyzer=tokens, sublinear_tf=True, min_df=LEAST_MAILS, dtype=np.float32)
    if not (words := learnable(tokens, items, writers)):
        return None
    return TfidfVectorizer(analyzer=tokens, sublinear_tf=True, vocabulary=words, dtype=np.float32)


def _anything_twice(tokens_of_mails: Iterable[list[str]]) -> bool:
    """Does any token occur in two mails?"""
    seen: set[str] = set()
    for tokens in tokens_of_mails:
        if not seen.isdisjoint(tokens):
            return True
        seen.update(tokens)
    return False


def known(union: FeatureUnion, matrix: sparse.csr_matrix) -> NDArray[np.bool_]:
    """Which mails hold anything that was ever seen; tone and shape alone, which every mail has, are nothing."""
    marks_alone = sum(len(block.vocabulary_) for name, block in union.transformer_list if name == MARKS)
    return np.asarray(matrix[:, : matrix.shape[1] - marks_alone].getnnz(axis=1) > 0)


class Heads(BaseEstimator):  # type: ignore[misc]  # scikit-learn comes without types
    """The fitted heads as they are saved; see HeadWeights. `weights`: features × outputs, pruned, so sparse.

    `encoded`: the heads that also see the encoder's vectors, right of the other features; these here serve where there
    is none.
    """

    encoded: Heads | None = None

    def __init__(
        self,
        names: Sequence[str],
        classes: Sequence[Sequence[str]],
        weights: sparse.csr_matrix,
        intercepts: Floats,
        temperatures: Sequence[float],
    ) -> None:
        self.names = names
        self.classes = classes
        self.weights = weights
        self.intercepts = intercepts
        self.temperatures = temperatures

    def fit(self, *_ignored: object) -> Heads:
        """Each head is fitted on its own rows, see train.py."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, features: sparse.csr_matrix) -> list[Floats]:
        """Per head the probabilities, mails × classes."""
        return self.arrays.of_scores(np.asarray(features @ self.arrays.weights + self.intercepts))

    @property
    def arrays(self) -> HeadWeights:
        """The weights, unpacked at first use and kept; never saved."""
        unpacked: HeadWeights | None = getattr(self, "_unpacked", None)
        if unpacked is None:
            unpacked = HeadWeights(
                names=self.names,
                classes=self.classes,
                weights=np.asarray(self.weights.toarray(), dtype=np.float32),
                intercepts=self.intercepts,
                temperatures=self.temperatures,
            )
            self._unpacked = unpacked
        return unpacked

    def __getstate__(self) -> dict[str, object]:
        return {**super().__getstate__(), "_unpacked": None}


def beside(matrix: sparse.csr_matrix, vectors: Floats) -> sparse.csr_matrix:
    """The encoder's vectors right of the other features."""
    return sparse.hstack([matrix, sparse.csr_matrix(VECTOR_WEIGHT * vectors)], format="csr", dtype=np.float32)


def assemble(features: FeatureUnion, heads: Heads, encoded: Heads | None = None) -> Pipeline:
    """What is saved: items in, a list of probabilities per head out."""
    heads.encoded = encoded
    return Pipeline([("features", features), ("heads", heads)])
