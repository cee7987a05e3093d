"""The scores of one mail without scikit-learn's plumbing, which is most of the time a single predict takes.

The same tokens, the same TF-IDF, the same product: equal to the pipeline's to 1e-5. What is spared is making sparse
matrices, checking them, and copying them together; that pays for large batches too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import FeatureUnion

from pipeline.learn import features
from pipeline.learn.features import Floats, Item

_WORDS_KEPT = 20_000  # whose runs of letters need not be looked up again


class PlainFeatures:
    """What a fitted FeatureUnion of ours computes, one mail at a time."""

    def __init__(self, union: FeatureUnion) -> None:
        blocks = union.transformer_list
        self._blocks = [_Block(name, vectorizer.vocabulary_) for name, vectorizer in blocks]
        self._idf = np.concatenate([vectorizer.idf_ for _name, vectorizer in blocks]).astype(np.float32)
        given = union.transformer_weights or {}
        self._weights = np.array([given.get(name, 1.0) for name, _vectorizer in blocks], dtype=np.float32)
        widths = [len(vectorizer.vocabulary_) for _name, vectorizer in blocks]
        self._starts = np.cumsum([0, *widths[:-1]])
        self.width = sum(widths)

    def of(self, item: Item) -> tuple[NDArray[np.intp], Floats, bool]:
        """Places of the features present, their values, and whether anything but tone and shape is among them."""
        found = [block.counts(item) for block in self._blocks]
        of_block = np.repeat(np.arange(len(found)), [len(counts) for counts in found])
        places = np.fromiter(chain.from_iterable(found), np.intp, len(of_block)) + self._starts[of_block]
        numbers = chain.from_iterable(counts.values() for counts in found)
        raw = self._idf[places] * (1 + np.log(np.fromiter(numbers, np.float32, len(of_block))))
        lengths = np.sqrt(np.bincount(of_block, raw * raw, len(found)))
        scale = self._weights / np.maximum(lengths, 1e-30)
        known = any(counts and not block.is_shape for block, counts in zip(self._blocks, found, strict=True))
        return places, np.asarray(raw * scale[of_block], dtype=np.float32), known

    def scores(self, items: Sequence[Item], weights: Floats, intercepts: Floats) -> tuple[Floats, list[bool]]:
        """Mails × outputs, and which mails hold anything known. `weights`: features × outputs."""
        scores = np.empty((len(items), weights.shape[1]), dtype=np.float32)
        known = []
        for row, item in enumerate(items):
            places, values, is_known = self.of(item)
            scores[row] = values @ weights[places] + intercepts
            known.append(is_known)
        return scores, known


class _Block:
    """The tokens of one TF-IDF, counted by their place."""

    def __init__(self, name: str, vocabulary: Mapping[str, int]) -> None:
        self.is_shape = name == features.MARKS
        self._name = name
        self._vocabulary = vocabulary
        self._of_word = lru_cache(maxsize=_WORDS_KEPT)(self._letters_of)

    def counts(self, item: Item) -> Counter[int]:
        if self._name == features.LETTERS:  # by far the most tokens, and the same words come again and again
            return Counter(chain.from_iterable(map(self._of_word, features.letter_words(item))))
        found: Counter[Any] = Counter(map(self._vocabulary.get, features.TOKENS[self._name](item)))
        del found[None]  # all that is in no vocabulary; a Counter does not mind
        return found

    def _letters_of(self, word: str) -> tuple[int, ...]:
        places = map(self._vocabulary.get, features.grams_of(word))
        return tuple(place for place in places if place is not None)
