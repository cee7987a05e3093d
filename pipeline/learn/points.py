"""Mails that nobody has labelled → points: mails about the same thing lie near each other, whatever their language.

Words of a mail and its ideas (lexicon.py, the same in all languages) → TF-IDF → the main directions (SVD); where there
is an encoder, its vectors beside them. What all mails of one language have in common is taken out, else the topics
would be the languages. Seeded: the same mails give the same points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from pipeline.errors import UsageError
from pipeline.learn.dataset import Row
from pipeline.learn.lexicon import ideas_in
from pipeline.learn.terms import Floats, words

SEED = 20260131
IDEA = "idea:"  # how the name of an idea begins, so that it is no word
_DIRECTIONS = 60
_WORDS_BESIDE = 0.6  # weight of the words beside the encoder's vectors: best on four sets of mail
_CHARACTERS = 3_000  # of a mail that are read
_COMMON = 0.25  # a word in more of a language's mails says nothing about any
_LANGUAGE_MAILS = 10  # fewer are no language but a mistake in telling it
_PLACEHOLDER = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """Where mails lie, and the words that they hold."""

    places: Floats  # mails × directions, each of length 1
    words: sparse.csr_matrix  # mails × words and ideas, TF-IDF
    names: Sequence[str]  # what each column of `words` stands for


def points_of(mails: Sequence[Row], vectors: Floats | None = None) -> Points:
    """The points of mails. `vectors`: the encoder's, where there is one. Raises UsageError where they are all alike."""
    matrix, names = word_matrix(mails)
    places = _directions(matrix)
    languages = np.array([row.language for row in mails])
    if vectors is not None:
        meaning = normalize(_without_languages(vectors, languages))
        places = np.hstack([meaning, _WORDS_BESIDE * normalize(_without_languages(places, languages))])
    else:
        places = _without_languages(places, languages)
    return Points(places=np.asarray(normalize(places), dtype=np.float32), words=matrix, names=names)


def word_matrix(mails: Sequence[Row]) -> tuple[sparse.csr_matrix, list[str]]:
    """TF-IDF of words and ideas, and what each column stands for. Raises UsageError."""
    tokens = [_tokens(row) for row in mails]
    common = _common(mails, tokens)
    vectorizer = TfidfVectorizer(
        analyzer=lambda at: _telling(mails[at], tokens[at], common), min_df=2, sublinear_tf=True
    )
    try:
        matrix = sparse.csr_matrix(vectorizer.fit_transform(range(len(mails))))
    except ValueError:  # no word occurs in two of them
        raise UsageError("these mails have no words in common", remedy="are they mails?") from None
    return matrix, [str(name) for name in vectorizer.get_feature_names_out()]


def word_profiles(groups: Sequence[Sequence[Row]]) -> list[dict[str, float]]:
    """Of each group of mails the weight of its words; their squares sum up to 1 (nothing without common words)."""
    try:
        matrix, names = word_matrix([row for group in groups for row in group])
    except UsageError:
        return [{} for _group in groups]
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    of_mails = sparse.csr_matrix((np.ones(len(owner)), (owner, np.arange(len(owner)))))
    sums = sparse.csr_matrix(normalize(of_mails @ matrix))
    rows = (sums[at].tocoo() for at in range(len(groups)))
    return [{names[word]: float(weight) for word, weight in zip(row.col, row.data, strict=True)} for row in rows]


def _tokens(row: Row) -> list[str]:
    text = _PLACEHOLDER.sub(" ", f"{row.subject} {row.text}"[:_CHARACTERS])
    found = [word for word in words(text) if len(word) > 2 and not any(letter.isdigit() for letter in word)]
    return [*found, *(f"{IDEA}{idea}" for idea in ideas_in(text))]


def _common(mails: Sequence[Row], tokens: Sequence[list[str]]) -> dict[str, set[str]]:
    """Per language the words that are everywhere: articles, greetings."""
    sizes = Counter(row.language for row in mails)
    seen: dict[str, Counter[str]] = {language: Counter() for language in sizes}
    for row, found in zip(mails, tokens, strict=True):
        seen[row.language].update({token for token in found if not token.startswith(IDEA)})
    return {
        language: {token for token, count in counts.items() if count > max(2, _COMMON * sizes[language])}
        for language, counts in seen.items()
    }


def _telling(row: Row, tokens: list[str], common: dict[str, set[str]]) -> list[str]:
    return [token for token in tokens if token not in common[row.language]]


def _directions(matrix: sparse.csr_matrix) -> Floats:
    directions = min(_DIRECTIONS, min(matrix.shape) - 1)
    if directions < 2:
        raise UsageError("these mails are all alike", remedy="topics need mails about different things")
    return np.asarray(TruncatedSVD(directions, random_state=SEED).fit_transform(matrix))


def _without_languages(places: Floats, languages: NDArray[np.str_]) -> Floats:
    """The same points, each language's mean taken out."""
    moved = places.copy()
    for language, count in Counter(languages.tolist()).items():
        if count >= _LANGUAGE_MAILS:
            moved[languages == language] -= places[languages == language].mean(axis=0)
    return moved
