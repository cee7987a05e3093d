"""The features of mails without scikit-learn's plumbing, which is most of the time a single predict takes.

The same tokens, the same TF-IDF, the same product: equal to the pipeline's to 1e-5. What is spared is making sparse
matrices, checking them, and copying them together. Tokens are counted mail by mail, the arithmetic is done for a
portion of mails at once.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.learn import terms
from pipeline.learn.terms import Floats, Item

if TYPE_CHECKING:
    from sklearn.pipeline import FeatureUnion

_TOKENS = terms.TOKENS | {terms.MARKS: terms.marks_met_once}
_PAIRED = {terms.SUBJECT: terms.words_of_subject, terms.TEXT: terms.words_of_text}
_WORDS_KEPT = 10_000  # whose runs of letters need not be looked up again
_AT_ONCE = 256  # mails whose numbers are worked out together


class FoundFeatures(NamedTuple):
    """The features of some mails: for each one present its mail, its place and its value, mail by mail."""

    rows: NDArray[np.intp]
    places: NDArray[np.intp]
    values: Floats


class PlainFeatures:
    """What a fitted FeatureUnion of ours computes. The features of all blocks are numbered on from block to block."""

    def __init__(self, blocks: Mapping[str, Sequence[str]], idf: Floats, weights: Floats) -> None:
        """`blocks`: name → its tokens in order; `idf`: of all of them; `weights`: of each block beside the others."""
        self.idf, self.weights = idf, weights
        self.vocabularies: dict[str, dict[str, int]] = {}  # by block: token → place
        self.width = 0
        for name, tokens in blocks.items():
            self.vocabularies[name] = dict(zip(tokens, range(self.width, self.width + len(tokens)), strict=True))
            self.width += len(tokens)
        self._block_of = np.repeat(np.arange(len(blocks)), [len(tokens) for tokens in blocks.values()])
        self._shape_from = self.width - len(blocks.get(terms.MARKS, ()))
        self._pairs = {name: _pairs(vocabulary) for name, vocabulary in self.vocabularies.items() if name in _PAIRED}
        self._of_word = lru_cache(maxsize=_WORDS_KEPT)(self._letters_of)

    @classmethod
    def of_union(cls, union: FeatureUnion) -> PlainFeatures:
        """The same features as numbers, from the fitted FeatureUnion."""
        given = union.transformer_weights or {}
        fitted = dict(union.transformer_list)
        return cls(
            {name: sorted(one.vocabulary_, key=one.vocabulary_.__getitem__) for name, one in fitted.items()},
            np.concatenate([one.idf_ for one in fitted.values()]).astype(np.float32),
            np.array([given.get(name, 1.0) for name in fitted], dtype=np.float32),
        )

    def of(self, items: Sequence[Item]) -> FoundFeatures:
        """Every feature present, weighted."""
        counts = [self._counts(item) for item in items]
        sizes = [len(count) for count in counts]
        rows = np.repeat(np.arange(len(items)), sizes)
        places = np.fromiter(chain.from_iterable(counts), np.intp, len(rows))
        numbers = np.fromiter(chain.from_iterable(count.values() for count in counts), np.float32, len(rows))
        raw = self.idf[places] * (1 + np.log(numbers))
        blocks = len(self.vocabularies)
        block_of = rows * blocks + self._block_of[places]
        lengths = np.sqrt(np.bincount(block_of, raw * raw, len(items) * blocks))
        scale = np.tile(self.weights, len(items)) / np.maximum(lengths, 1e-30)
        return FoundFeatures(rows, places, np.asarray(raw * scale[block_of], dtype=np.float32))

    def scores(self, items: Sequence[Item], weights: Floats, intercepts: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Mails × outputs, and which mails hold anything known. `weights`: features × outputs."""
        scores = np.empty((len(items), weights.shape[1]), dtype=np.float32)
        known = np.zeros(len(items), dtype=bool)
        for start in range(0, len(items), _AT_ONCE):
            portion = items[start : start + _AT_ONCE]
            found = self.of(portion)
            ends = np.searchsorted(found.rows, np.arange(len(portion) + 1))
            for row, (one, other) in enumerate(pairwise(ends), start):
                scores[row] = found.values[one:other] @ weights[found.places[one:other]] + intercepts
            known[start + found.rows[found.places < self._shape_from]] = True  # tone and shape alone are nothing
        return scores, known

    def _counts(self, item: Item) -> Counter[int]:
        """How often each feature occurs."""
        places: list[Iterable[int | None]] = []
        for name, vocabulary in self.vocabularies.items():
            if name == terms.LETTERS:  # by far the most tokens, and the same words come again and again
                places += map(self._of_word, terms.letter_words(item))
            elif name in _PAIRED:
                words = _PAIRED[name](item)
                places += (map(vocabulary.get, words), map(self._pairs[name].get, pairwise(words)))
            else:
                places.append(map(vocabulary.get, _TOKENS[name](item)))
        found: Counter[Any] = Counter(chain.from_iterable(places))  # of places; None: in no vocabulary
        del found[None]  # all that is in no vocabulary; a Counter does not mind when there is nothing
        return found

    def _letters_of(self, word: str) -> tuple[int, ...]:
        places = map(self.vocabularies[terms.LETTERS].get, terms.grams_of(word))
        return tuple(place for place in places if place is not None)


def _pairs(vocabulary: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """The pairs of words among the tokens, so that nobody has to write the pairs of a text to look them up."""
    return {tuple(map(sys.intern, token.split(" "))): place for token, place in vocabulary.items() if " " in token}
