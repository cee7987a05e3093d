"""Which unsure mails teach most when a person labels them: doubtful ones that many others are like, no two alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.learn import terms
from pipeline.learn.dataset import Row
from pipeline.learn.grouping import Stems, stems

_COMPARED = 5_000  # mails beyond which likeness is not computed, only doubt counts
_LIKENESS = 0.5  # share of likeness in the score; the rest is doubt


def most_useful(items: Sequence[terms.Item], doubts: Sequence[float]) -> list[int]:
    """The order in which to look at them. `doubts`: 0 … 1, what the model was unsure by."""
    score = np.asarray(doubts, dtype=float) * (1 - _LIKENESS + _LIKENESS * _typical(items))
    ranked = sorted(range(len(items)), key=lambda mail: (-score[mail], mail))
    seen: set[Stems] = set()
    first: list[int] = []
    again: list[int] = []  # another one just like it is labelled already: it teaches little
    for mail in ranked:
        bag = stems(Row(subject=items[mail][0], text=items[mail][1]))
        (again if bag and bag in seen else first).append(mail)
        seen.add(bag)
    return first + again


def _typical(items: Sequence[terms.Item]) -> NDArray[np.float64]:
    """How like the others a mail is, the most typical one 1; by the words of all."""
    if not 2 < len(items) <= _COMPARED:
        return np.ones(len(items))
    vectorizer = TfidfVectorizer(analyzer=_words, sublinear_tf=True, min_df=1)
    try:
        matrix = vectorizer.fit_transform(items)
    except ValueError:  # not one word in any of them
        return np.ones(len(items))
    likeness = np.asarray(matrix @ matrix.sum(axis=0).T).ravel()
    highest = likeness.max()
    return np.asarray(likeness / highest if highest > 0 else np.ones(len(items)))


def _words(item: terms.Item) -> list[str]:
    return terms.words(f"{item[0]} {item[1][: terms.WORDS_OF]}")
