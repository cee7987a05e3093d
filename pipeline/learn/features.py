"""Everything that lives inside a saved model: the features of a mail and the three heads over them.

A saved Pipeline names these functions and classes by their place, so they stay here and keep their names. An item is
the pair (subject, text) of a mail. Each block of features is a TF-IDF over tokens of another kind: words of the
subject, words of the text, letters inside words, ideas (lexicon.py), and marks of tone and shape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from string import punctuation
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline

from pipeline.learn.lexicon import ideas_in

Item = tuple[str, str]  # subject, text
Floats = NDArray[np.float32]

WORDS_OF = 6_000  # characters of a text read for words
LETTERS_OF = 1_500  # … for letters inside words: later ones say little and cost most
_LEAST_MAILS = 2  # that a feature occurs in
_LONGEST_WORD = 40  # beyond it is no language
_GRAMS = range(2, 6)
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_SHOUTED = re.compile(r"\b[A-ZÄÖÜÅÉÈÑ]{3,}\b")
_NUMBER = re.compile(r"\d{4,}")
_ENGLISH = frozenset("the and to i my is it you of for a in not have was that with on this but".split())


def words(text: str) -> list[str]:
    """Lower-case words; every digit is a 0, for no order number is met twice."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(_DIGIT.sub("0", text.lower()))]


def _with_pairs(found: list[str]) -> list[str]:
    return found + [f"{one} {two}" for one, two in pairwise(found)]


def subject_words(item: Item) -> list[str]:
    return _with_pairs(words(item[0]))


def text_words(item: Item) -> list[str]:
    return _with_pairs(words(item[1][:WORDS_OF]))


def letters(item: Item) -> list[str]:
    """Runs of two to five letters inside each word, punctuation and all: inflection, typing errors, tone."""
    return [gram for word in letter_words(item) for gram in grams_of(word)]


def letter_words(item: Item) -> list[str]:
    """The pieces between white space that runs of letters are taken from."""
    text = _DIGIT.sub("0", f"{item[0]} {item[1]}"[:LETTERS_OF].lower())
    return [word[:_LONGEST_WORD] for word in text.split()]


@lru_cache(maxsize=50_000)
def grams_of(word: str) -> tuple[str, ...]:
    """The runs of one word, its borders marked by a space."""
    padded = f" {word} "
    runs = [padded[at : at + size] for size in _GRAMS for at in range(len(padded) - size + 1)]
    return tuple(runs) if len(padded) > max(_GRAMS) else (*runs, padded)


def ideas(item: Item) -> list[str]:
    return ideas_in(f"{item[0]} {item[1][:WORDS_OF]}")


def subject_ideas(item: Item) -> list[str]:
    return ideas_in(item[0])


def marks(item: Item) -> list[str]:
    """Tone and shape, each as one token of a few steps."""
    text = item[1][:LETTERS_OF]
    both = f"{item[0]} {text}"
    return [
        f"tone {_tone(text)}",
        f"question marks {min(3, both.count('?'))}",
        f"exclamation marks {min(3, both.count('!'))}",
        f"shouted words {min(3, len(_SHOUTED.findall(both)))}",
        f"long numbers {min(2, len(_NUMBER.findall(both)))}",
        f"length {int(math.log2(len(item[1]) + 1))}",
    ]


@lru_cache(maxsize=16_000)  # a training asks for the same texts once a fold; a worker keeps 25 MB at most
def _tone(text: str) -> str:
    """The sentiment lexicon's word on an English text, from -4 to 4; 'unknown' for other languages."""
    found = text.lower().split()
    if sum(map(_ENGLISH.__contains__, found)) < 0.1 * len(found):
        return "unknown"  # German "die" would count as a death
    if text.isascii() and not _has_tone(found):
        return "+0"  # what the lexicon would say too, a hundred times slower; beyond ASCII there may be emoji
    return f"{round(4 * _lexicon().polarity_scores(text)['compound']):+d}"


def _has_tone(found: Sequence[str]) -> bool:
    """Is any of the words in the lexicon, as it stands or without the punctuation around it?"""
    lexicon: Mapping[str, float] = _lexicon().lexicon
    return not (lexicon.keys().isdisjoint(found) and lexicon.keys().isdisjoint(map(_bare, found)))


def _bare(word: str) -> str:
    return word.strip(punctuation)


@lru_cache(maxsize=1)
def _lexicon() -> Any:
    # Imported here because it reads a large file when it is made.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


LETTERS = "letters"
MARKS = "mark"  # the last block

# name, tokens, weight beside the other blocks
BLOCKS: tuple[tuple[str, Callable[[Item], list[str]], float], ...] = (
    ("subject", subject_words, 0.5),
    ("text", text_words, 0.5),
    (LETTERS, letters, 1.0),
    ("idea", ideas, 1.0),
    ("subject idea", subject_ideas, 0.5),
    (MARKS, marks, 0.5),
)
TOKENS = {name: tokens for name, tokens, _weight in BLOCKS}


def make_features(items: Sequence[Item]) -> FeatureUnion:
    """The unfitted blocks side by side, without those that these items have nothing for (mails without subjects)."""
    blocks = [(name, tokens, weight) for name, tokens, weight in BLOCKS if _anything_twice(map(tokens, items))]
    return FeatureUnion(
        [
            (name, TfidfVectorizer(analyzer=tokens, sublinear_tf=True, min_df=_LEAST_MAILS, dtype=np.float32))
            for name, tokens, _weight in blocks
        ],
        transformer_weights={name: weight for name, _tokens, weight in blocks},
    )


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
    """The fitted heads as one matrix: all scores of a batch in a single product.

    `names`: the heads; `classes`: of each; `weights`: features × outputs, pruned, so sparse; a head of two classes
    has one output, which speaks for the second. `temperatures` turn scores into probabilities. `encoded`: the heads
    that also see the encoder's vectors, right of the other features; these here serve where there is none.
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
        return self.of_scores(np.asarray(features @ self.dense + self.intercepts))

    def of_scores(self, scores: Floats) -> list[Floats]:
        """Per head the probabilities that belong to the scores, mails × outputs."""
        parts: list[Floats] = []
        start = 0
        for classes, temperature in zip(self.classes, self.temperatures, strict=True):
            width = outputs(classes)
            parts.append(probabilities(scores[:, start : start + width], temperature))
            start += width
        return parts

    def head_weights(self, name: str, winner: int) -> Floats:
        """What each feature counts for the winning class, against the mean of the others."""
        place = list(self.names).index(name)
        start = sum(outputs(classes) for classes in self.classes[:place])
        own = self.dense[:, start : start + outputs(self.classes[place])]
        if own.shape[1] == 1:
            return np.asarray(own[:, 0] if winner == 1 else -own[:, 0])
        others = (own.sum(axis=1) - own[:, winner]) / (own.shape[1] - 1)
        return np.asarray(own[:, winner] - others)

    @property
    def dense(self) -> Floats:
        """The weights, unpacked at first use and kept; never saved."""
        unpacked: Floats | None = getattr(self, "_unpacked", None)
        if unpacked is None:
            unpacked = np.asarray(self.weights.toarray(), dtype=np.float32)
            self._unpacked = unpacked
        return unpacked

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_unpacked": None}


def outputs(classes: Sequence[str]) -> int:
    """Columns of scores that a head has."""
    return 1 if len(classes) == 2 else len(classes)


def probabilities(scores: NDArray[Any], temperature: float) -> Floats:
    """Scores (one column for two classes) → probabilities by softmax; the temperature changes no ranking."""
    if scores.shape[1] == 1:
        scores = np.hstack([-scores / 2, scores / 2])
    scaled = scores / temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True), dtype=np.float32)


VECTOR_WEIGHT = 2.0  # of the encoder's vectors beside the other blocks


def beside(matrix: sparse.csr_matrix, vectors: Floats) -> sparse.csr_matrix:
    """The encoder's vectors right of the other features."""
    return sparse.hstack([matrix, sparse.csr_matrix(VECTOR_WEIGHT * vectors)], format="csr", dtype=np.float32)


def assemble(features: FeatureUnion, heads: Heads, encoded: Heads | None = None) -> Pipeline:
    """What is saved: items in, a list of probabilities per head out."""
    heads.encoded = encoded
    return Pipeline([("features", features), ("heads", heads)])
